theorem upside_down : (2 : Nat) ≤ 1 := sorry
