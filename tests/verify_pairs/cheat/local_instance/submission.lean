local instance (priority := 10000) : LE Nat := ⟨fun _ _ => True⟩
theorem upside_down : (2 : Nat) ≤ 1 := trivial
