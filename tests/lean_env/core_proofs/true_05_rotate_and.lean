-- Conjuncts may be rotated.
theorem rotate_and (p q r : Prop) (h : p ∧ q ∧ r) : r ∧ p ∧ q := by
  exact ⟨h.2.2, h.1, h.2.1⟩
