theorem not_forall_iff {α : Type} (p : α → Prop) : (¬∀ x, p x) ↔ ∃ x, ¬p x := sorry
