-- A number is less than two to its power.
theorem less_than_power (n : Nat) : n < 2 ^ n := by
  sorry
