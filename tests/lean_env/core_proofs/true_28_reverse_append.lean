-- Reversing a joined chain reverses the parts and swaps them.
inductive Chain (α : Type) where
  | empty : Chain α
  | link (head : α) (tail : Chain α) : Chain α

def Chain.append {α : Type} : Chain α → Chain α → Chain α
  | .empty, b => b
  | .link x a, b => .link x (a.append b)

def Chain.reverse {α : Type} : Chain α → Chain α
  | .empty => .empty
  | .link x a => a.reverse.append (.link x .empty)

theorem append_empty (α : Type) (a : Chain α) : a.append .empty = a := by
  induction a with
  | empty => rfl
  | link x a ih => exact congrArg (Chain.link x) ih

theorem append_assoc (α : Type) (a b c : Chain α) : (a.append b).append c = a.append (b.append c) := by
  induction a with
  | empty => rfl
  | link x a ih => exact congrArg (Chain.link x) ih

theorem reverse_append (α : Type) (a b : Chain α) :
    (a.append b).reverse = b.reverse.append a.reverse := by
  induction a with
  | empty => exact (append_empty α _).symm
  | link x a ih =>
    show (a.append b).reverse.append _ = b.reverse.append (a.reverse.append _)
    rw [ih, append_assoc]
