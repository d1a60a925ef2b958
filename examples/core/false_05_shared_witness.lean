-- False: two properties that occur need not occur together.
theorem shared_witness (α : Type) (p q : α → Prop) : (∃ x, p x) ∧ (∃ x, q x) → ∃ x, p x ∧ q x := by
  sorry
