-- What does not hold everywhere fails somewhere.
theorem not_all (α : Type) (p : α → Prop) : ¬(∀ x, p x) ↔ ∃ x, ¬p x := by
  sorry
