def Order.Below (a b : Nat) : Prop := a < b

namespace Helper
protected theorem step {a b c : Nat} (h : a < b) (k : b < c) : a < c := Nat.lt_trans h k
end Helper

open Order in
theorem Order.Below.trans {a b c : Nat} (h : Below a b) (k : Below b c) : Below a c :=
  Helper.step h k
