-- An implication and its contrapositive, classically.
theorem contrapositive (p q : Prop) : (p → q) ↔ (¬q → ¬p) := by
  constructor
  · intro h nq hp
    exact nq (h hp)
  · intro h hp
    exact Classical.byContradiction fun nq => h nq hp
