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

theorem reverse_reverse (α : Type) (a : Chain α) : a.reverse.reverse = a := by
  sorry
