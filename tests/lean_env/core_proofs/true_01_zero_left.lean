-- Adding on the left of nothing.
theorem zero_left (n : Nat) : 0 + n * 1 = n := by
  simp
