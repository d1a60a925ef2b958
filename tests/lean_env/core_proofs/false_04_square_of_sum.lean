-- False: the square of a sum has a mixed term.
theorem square_of_sum_negation : ¬(∀ a b : Nat, (a + b) * (a + b) = a * a + b * b) := by
  intro h
  exact absurd (h 1 1) (by decide)
