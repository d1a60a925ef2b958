-- Reversing twice gives the chain back.
inductive Chain (α : Type) where
  | empty : Chain α
  | link (head : α) (tail : Chain α) : Chain α

def Chain.append {α : Type} : Chain α → Chain α → Chain α
  | .empty, b => b
  | .link x a, b => .link x (a.append b)

def Chain.reverse {α : Type} : Chain α → Chain α
  | .empty => .empty
  | .link x a => a.reverse.append (.link x .empty)

theorem reverse_snoc (α : Type) (a : Chain α) (x : α) : (a.append (.link x .empty)).reverse = .link x a.reverse := by
  induction a with
  | empty => rfl
  | link y a ih =>
    show (a.append (.link x .empty)).reverse.append (.link y .empty) = _
    rw [ih]
    rfl

theorem reverse_reverse (α : Type) (a : Chain α) : a.reverse.reverse = a := by
  induction a with
  | empty => rfl
  | link x a ih =>
    show (a.reverse.append (.link x .empty)).reverse = _
    rw [reverse_snoc, ih]
