theorem small (n : Nat) : n < 100 := sorry
