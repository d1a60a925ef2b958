universe w v

structure Iso (α : Type w) (β : Type v) where
  to : α → β
  back : β → α
  left : ∀ a, back (to a) = a

theorem Iso.injective {α : Type w} {β : Type v} (e : Iso α β) (a b : α) (h : e.to a = e.to b) : a = b :=
  calc a = e.back (e.to a) := (e.left a).symm
    _ = e.back (e.to b) := congrArg e.back h
    _ = b := e.left b
