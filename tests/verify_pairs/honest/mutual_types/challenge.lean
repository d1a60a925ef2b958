mutual
inductive IsEven : Nat → Prop where
  | zero : IsEven 0
  | succ {n : Nat} : IsOdd n → IsEven (n + 1)
inductive IsOdd : Nat → Prop where
  | succ {n : Nat} : IsEven n → IsOdd (n + 1)
end

theorem even_or_odd (n : Nat) : IsEven n ∨ IsOdd n := sorry
