-- The Fibonacci numbers add up to one less than a Fibonacci number.
def fib : Nat → Nat
  | 0 => 0
  | 1 => 1
  | n + 2 => fib n + fib (n + 1)

def sumFib : Nat → Nat
  | 0 => 0
  | n + 1 => sumFib n + fib (n + 1)

theorem fibonacci_sum (n : Nat) : sumFib n + 1 = fib (n + 2) := by
  sorry
