theorem regroup (m n : Nat) : m + m + (n + n) = m + n + (m + n) := by omega

-- The definitions stand where they are needed, with a comment more and a line break less.
def double (n : Nat) : Nat := n + n

def IsEven (n : Nat) : Prop :=
  ∃ m, n = double m

theorem even_add (a b : Nat) (ha : IsEven a) (hb : IsEven b) : IsEven (a + b) := by
  obtain ⟨m, rfl⟩ := ha
  obtain ⟨n, rfl⟩ := hb
  exact ⟨m + n, regroup m n⟩
