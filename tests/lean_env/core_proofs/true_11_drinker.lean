-- In every pub with a guest there is one such that if he drinks, all drink.
theorem drinker (α : Type) (guest : α) (drinks : α → Prop) : ∃ x, drinks x → ∀ y, drinks y := by
  cases Classical.em (∀ y, drinks y) with
  | inl h => exact ⟨guest, fun _ => h⟩
  | inr h =>
    refine Classical.byContradiction fun n => h fun y => ?_
    exact Classical.byContradiction fun ny => n ⟨y, fun hy => absurd hy ny⟩
