-- The law of Peirce needs classical logic.
theorem peirce (p q : Prop) : ((p → q) → p) → p := by
  sorry
