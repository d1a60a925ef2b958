-- Numbers of our own: addition is commutative.
inductive Num where
  | zero : Num
  | succ (n : Num) : Num

def Num.add (a : Num) : Num → Num
  | .zero => a
  | .succ b => .succ (a.add b)

theorem zero_add (a : Num) : Num.zero.add a = a := by
  induction a with
  | zero => rfl
  | succ a ih => exact congrArg Num.succ ih

theorem succ_add (a b : Num) : a.succ.add b = (a.add b).succ := by
  induction b with
  | zero => rfl
  | succ b ih => exact congrArg Num.succ ih

theorem own_add_comm (a b : Num) : a.add b = b.add a := by
  induction b with
  | zero => exact (zero_add a).symm
  | succ b ih =>
    show (a.add b).succ = b.succ.add a
    rw [succ_add, ih]
