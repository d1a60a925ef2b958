/-- Twice a number. -/
def double (n : Nat) : Nat := n + n

/-- What is twice something. -/
def IsEven (n : Nat) : Prop := ∃ m, n = double m

-- The definitions stand where they stood; what is new follows them.
theorem regroup (m n : Nat) : m + m + (n + n) = m + n + (m + n) := by omega

theorem even_add (a b : Nat) (ha : IsEven a) (hb : IsEven b) : IsEven (a + b) := by
  obtain ⟨m, rfl⟩ := ha
  obtain ⟨n, rfl⟩ := hb
  exact ⟨m + n, regroup m n⟩
