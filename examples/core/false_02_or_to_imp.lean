-- False: what follows from one of two need not follow from either.
theorem or_to_imp (p q r : Prop) : (p → r) ∨ (q → r) ↔ (p ∨ q → r) := by
  sorry
