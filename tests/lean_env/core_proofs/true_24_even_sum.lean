-- Evenness by rules: sums of even numbers are even.
inductive Even : Nat → Prop where
  | zero : Even 0
  | step (n : Nat) : Even n → Even (n + 2)

theorem even_sum (m n : Nat) (h : Even m) (k : Even n) : Even (m + n) := by
  induction k with
  | zero => exact h
  | step n _ ih => exact Even.step _ ih
