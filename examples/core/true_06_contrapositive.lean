-- An implication and its contrapositive, classically.
theorem contrapositive (p q : Prop) : (p → q) ↔ (¬q → ¬p) := by
  sorry
