-- Numbers of our own: addition is commutative.
inductive Num where
  | zero : Num
  | succ (n : Num) : Num

def Num.add (a : Num) : Num → Num
  | .zero => a
  | .succ b => .succ (a.add b)

theorem own_add_comm (a b : Num) : a.add b = b.add a := by
  sorry
