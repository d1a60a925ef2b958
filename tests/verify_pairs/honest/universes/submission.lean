universe u v

structure Iso (α : Type u) (β : Type v) where
  to : α → β
  back : β → α
  left : ∀ a, back (to a) = a

theorem Iso.undo.{w, z} {α : Type w} {β : Type z} (e : Iso α β) (a : α) : a = e.back (e.to a) := (e.left a).symm

theorem Iso.injective {α : Type u} {β : Type v} (e : Iso α β) (a b : α) (h : e.to a = e.to b) : a = b :=
  calc a = e.back (e.to a) := e.undo a
    _ = e.back (e.to b) := congrArg e.back h
    _ = b := e.left b
