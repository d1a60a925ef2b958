-- A loop with an accumulator computes the same sum.
def total : Nat → Nat
  | 0 => 0
  | n + 1 => (n + 1) + total n

def loop : Nat → Nat → Nat
  | 0, acc => acc
  | n + 1, acc => loop n (acc + (n + 1))

theorem accumulator (n : Nat) : loop n 0 = total n := by
  sorry
