-- False from n = 11 on: the Fibonacci numbers outgrow every line.
def fib : Nat → Nat
  | 0 => 0
  | 1 => 1
  | n + 2 => fib n + fib (n + 1)

theorem fibonacci_linear_negation : ¬(∀ n : Nat, fib n ≤ 5 * n + 5) := by
  intro h
  exact absurd (h 11) (by decide)
