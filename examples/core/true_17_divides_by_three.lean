-- A divisibility that goes by induction.
theorem divides_by_three (n : Nat) : 3 ∣ 4 ^ n + 2 := by
  sorry
