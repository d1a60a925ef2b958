-- Every number is even or odd: an induction whose step falls into two cases.
theorem even_or_odd (n : Nat) : (∃ k, n = 2 * k) ∨ (∃ k, n = 2 * k + 1) := by
  sorry
