-- False: the square of a sum has a mixed term.
theorem square_of_sum (a b : Nat) : (a + b) * (a + b) = a * a + b * b := by
  sorry
