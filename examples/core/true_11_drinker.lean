-- In every pub with a guest there is one such that if he drinks, all drink.
theorem drinker (α : Type) (guest : α) (drinks : α → Prop) : ∃ x, drinks x → ∀ y, drinks y := by
  sorry
