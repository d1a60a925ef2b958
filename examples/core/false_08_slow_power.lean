-- False, but only from n = 11 on.
theorem slow_power (n : Nat) : 2 ^ n ≤ 1024 + n := by
  sorry
