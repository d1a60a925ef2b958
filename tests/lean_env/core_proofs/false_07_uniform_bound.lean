-- False: a witness for each is not one witness for all.
theorem uniform_bound_negation : ¬(∀ r : Nat → Nat → Prop, (∀ x, ∃ y, r x y) → ∃ y, ∀ x, r x y) := by
  intro h
  obtain ⟨y, hy⟩ := h (fun x y => x = y) (fun x => ⟨x, rfl⟩)
  exact absurd ((hy 0).trans (hy 1).symm) (by decide)
