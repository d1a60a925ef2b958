-- False: an implication does not give its converse.
theorem converse_negation : ¬(∀ (p q : Prop), (p → q) → q → p) := by
  intro h
  exact h False True (fun _ => trivial) trivial
