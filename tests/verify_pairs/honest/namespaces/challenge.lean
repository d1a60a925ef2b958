namespace Order

def Below (a b : Nat) : Prop := a < b

namespace Below

theorem trans {a b c : Nat} (h : Below a b) (k : Below b c) : Below a c := sorry

end Below
end Order
