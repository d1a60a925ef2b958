universe u v

structure Iso (α : Type u) (β : Type v) where
  to : α → β
  back : β → α
  left : ∀ a, back (to a) = a

theorem Iso.injective {α : Type u} {β : Type v} (e : Iso α β) (a b : α) (h : e.to a = e.to b) : a = b := sorry
