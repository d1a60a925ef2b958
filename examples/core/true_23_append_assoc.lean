-- Chains may be joined in either order.
inductive Chain (α : Type) where
  | empty : Chain α
  | link (head : α) (tail : Chain α) : Chain α

def Chain.append {α : Type} : Chain α → Chain α → Chain α
  | .empty, b => b
  | .link x a, b => .link x (a.append b)

theorem append_assoc (α : Type) (a b c : Chain α) : (a.append b).append c = a.append (b.append c) := by
  sorry
