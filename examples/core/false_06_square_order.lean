-- False: squaring keeps the order only of what is not negative.
theorem square_order (x y : Int) (h : x < y) : x * x < y * y := by
  sorry
