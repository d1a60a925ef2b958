/- outer /- inner -/
theorem broken : (0 : Nat) = 1 := by
  decide
-/
def text := "
theorem broken : (0 : Nat) = 1 := trivial
"
theorem unbroken : (0 : Nat) = 0 := rfl
