-- False: squaring keeps the order only of what is not negative.
theorem square_order_negation : ¬(∀ x y : Int, x < y → x * x < y * y) := by
  intro h
  exact absurd (h (-1) 0 (by decide)) (by decide)
