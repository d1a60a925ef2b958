theorem not_forall_iff {α : Type} (p : α → Prop) : (¬∀ x, p x) ↔ ∃ x, ¬p x := by
  constructor
  · intro h
    refine Classical.byContradiction fun none => h fun x => ?_
    exact Classical.byContradiction fun hx => none ⟨x, hx⟩
  · rintro ⟨x, hx⟩ h
    exact hx (h x)
