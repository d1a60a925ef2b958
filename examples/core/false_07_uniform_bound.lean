-- False: a witness for each is not one witness for all.
theorem uniform_bound (r : Nat → Nat → Prop) (h : ∀ x, ∃ y, r x y) : ∃ y, ∀ x, r x y := by
  sorry
