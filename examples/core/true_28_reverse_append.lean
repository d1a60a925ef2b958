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

theorem reverse_append (α : Type) (a b : Chain α) :
    (a.append b).reverse = b.reverse.append a.reverse := by
  sorry
