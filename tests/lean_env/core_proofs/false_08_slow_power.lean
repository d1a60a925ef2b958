-- False, but only from n = 11 on.
theorem slow_power_negation : ¬(∀ n : Nat, 2 ^ n ≤ 1024 + n) := by
  intro h
  exact absurd (h 11) (by decide)
