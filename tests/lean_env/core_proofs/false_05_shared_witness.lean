-- False: two properties that occur need not occur together.
theorem shared_witness_negation : ¬(∀ (α : Type) (p q : α → Prop), (∃ x, p x) ∧ (∃ x, q x) → ∃ x, p x ∧ q x) := by
  intro h
  obtain ⟨x, e, n⟩ := h Bool (· = true) (· = false) ⟨⟨true, rfl⟩, ⟨false, rfl⟩⟩
  exact absurd (e.symm.trans n) (by decide)
