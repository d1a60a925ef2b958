variable {α : Type} (r : α → α → Prop)

def Symmetrical : Prop := ∀ a b, r a b → r b a

theorem both {p q : Prop} (h : p → q) (k : q → p) : p ↔ q := ⟨h, k⟩

theorem symmetrical_iff (h : Symmetrical r) (a b : α) : r a b ↔ r b a :=
  both (h a b) (h b a)
