/-- Twice a number. -/
def double (n : Nat) : Nat := n + n

/-- What is twice something. -/
def IsEven (n : Nat) : Prop := ∃ m, n = double m

theorem even_add (a b : Nat) (ha : IsEven a) (hb : IsEven b) : IsEven (a + b) := sorry
