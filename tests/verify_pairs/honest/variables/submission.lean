section
variable {p q : Prop}
theorem both (h : p → q) (k : q → p) : p ↔ q := ⟨h, k⟩
end

variable {α : Type} (r : α → α → Prop)

def Symmetrical : Prop := ∀ a b, r a b → r b a

theorem symmetrical_iff (h : Symmetrical r) (a b : α) : r a b ↔ r b a :=
  both (h a b) (h b a)
