-- A sum in closed form, and what follows from it.
def evens : Nat → Nat
  | 0 => 0
  | n + 1 => evens n + 2 * (n + 1)

theorem sum_and_bound (n : Nat) : evens n = n * (n + 1) ∧ n ≤ evens n := by
  have sum : evens n = n * (n + 1) := by
    induction n with
    | zero => rfl
    | succ n ih =>
      show evens n + 2 * (n + 1) = (n + 1) * (n + 1 + 1)
      rw [ih, ← Nat.add_mul, Nat.mul_comm]
  refine ⟨sum, ?_⟩
  rw [sum, Nat.mul_add]
  omega
