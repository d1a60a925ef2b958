-- False: subtraction of natural numbers cuts off at zero.
theorem sub_add (a b : Nat) : a - b + b = a := by
  sorry
