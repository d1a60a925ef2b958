-- Conjuncts may be rotated.
theorem rotate_and (p q r : Prop) (h : p ∧ q ∧ r) : r ∧ p ∧ q := by
  sorry
