namespace Order

def Below (a b : Nat) : Prop := a < b

namespace Below

protected theorem step {a b c : Nat} (h : a < b) (k : b < c) : a < c := Nat.lt_trans h k

open Order in
theorem trans {a b c : Nat} (h : Below a b) (k : Below b c) : Below a c :=
  Below.step h k

end Below
end Order
