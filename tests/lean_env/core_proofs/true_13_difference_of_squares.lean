-- The third binomial formula.
theorem difference_of_squares (a b : Int) : (a + b) * (a - b) = a * a - b * b := by
  rw [Int.add_mul, Int.mul_sub, Int.mul_sub, Int.mul_comm b a]
  omega
