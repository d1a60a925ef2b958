-- One witness for all is a witness for each.
theorem swap_quantifiers (α β : Type) (r : α → β → Prop) : (∃ x, ∀ y, r x y) → ∀ y, ∃ x, r x y := by
  intro ⟨x, h⟩ y
  exact ⟨x, h y⟩
