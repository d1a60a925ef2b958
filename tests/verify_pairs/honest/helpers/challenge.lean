theorem two_mul_sum (a b c : Nat) : 2 * (a + b + c) = 2 * a + 2 * b + 2 * c := by
  sorry
