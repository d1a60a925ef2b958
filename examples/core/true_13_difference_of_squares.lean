-- The third binomial formula.
theorem difference_of_squares (a b : Int) : (a + b) * (a - b) = a * a - b * b := by
  sorry
