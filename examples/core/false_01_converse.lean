-- False: an implication does not give its converse.
theorem converse (p q : Prop) (h : p → q) : q → p := by
  sorry
