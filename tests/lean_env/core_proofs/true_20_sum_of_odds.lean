-- The first n odd numbers add up to n squared.
def odds : Nat → Nat
  | 0 => 0
  | n + 1 => odds n + (2 * n + 1)

theorem sum_of_odds (n : Nat) : odds n = n * n := by
  induction n with
  | zero => rfl
  | succ n ih =>
    show odds n + (2 * n + 1) = (n + 1) * (n + 1)
    rw [ih, Nat.mul_add, Nat.add_mul]
    omega
