-- What does not hold everywhere fails somewhere.
theorem not_all (α : Type) (p : α → Prop) : ¬(∀ x, p x) ↔ ∃ x, ¬p x := by
  constructor
  · intro h
    refine Classical.byContradiction fun n => h fun x => ?_
    exact Classical.byContradiction fun np => n ⟨x, np⟩
  · intro ⟨x, np⟩ h
    exact np (h x)
