variable {α : Type} (r : α → α → Prop)

def Symmetrical : Prop := ∀ a b, r a b → r b a

theorem symmetrical_iff (h : Symmetrical r) (a b : α) : r a b ↔ r b a := sorry
