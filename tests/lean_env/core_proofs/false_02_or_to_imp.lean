-- False: what follows from one of two need not follow from either.
theorem or_to_imp_negation : ¬(∀ (p q r : Prop), (p → r) ∨ (q → r) ↔ (p ∨ q → r)) := by
  intro h
  exact (h True False False).1 (.inr id) (.inl trivial)
