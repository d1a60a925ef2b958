def sumTo : Nat → Nat
  | 0 => 0
  | n + 1 => sumTo n + (n + 1)

set_option maxRecDepth 2000 in
theorem two_sumTo (n : Nat) : 2 * sumTo n = n * (n + 1) := by
  induction n with
  | zero => rfl
  | succ n ih =>
    calc 2 * sumTo (n + 1) = 2 * (sumTo n + (n + 1)) := rfl
      _ = 2 * sumTo n + 2 * (n + 1) := Nat.mul_add 2 (sumTo n) (n + 1)
      _ = n * (n + 1) + 2 * (n + 1) := by rw [ih]
      _ = (n + 2) * (n + 1) := (Nat.add_mul n 2 (n + 1)).symm
      _ = (n + 1) * (n + 2) := Nat.mul_comm (n + 2) (n + 1)
