-- The sum of the first numbers.
def total : Nat → Nat
  | 0 => 0
  | n + 1 => total n + (n + 1)

theorem gauss (n : Nat) : 2 * total n = n * (n + 1) := by
  induction n with
  | zero => rfl
  | succ n ih =>
    show 2 * (total n + (n + 1)) = (n + 1) * (n + 1 + 1)
    rw [Nat.mul_add, ih, ← Nat.add_mul, Nat.mul_comm]
