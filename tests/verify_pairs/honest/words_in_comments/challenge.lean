theorem le_square (n : Nat) : n ≤ n * n := sorry
