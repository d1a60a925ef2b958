-- A function that never falls from one number to the next is monotone.
theorem monotone_steps (f : Nat → Nat) (h : ∀ n, f n ≤ f (n + 1)) (m k : Nat) : f m ≤ f (m + k) := by
  induction k with
  | zero => exact Nat.le_refl _
  | succ k ih => exact Nat.le_trans ih (h (m + k))
