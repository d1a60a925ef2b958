-- No small square leaves the remainder two.
theorem squares_mod_three : ∀ n : Nat, n < 12 → n * n % 3 ≠ 2 := by
  sorry
