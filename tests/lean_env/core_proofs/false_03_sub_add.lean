-- False: subtraction of natural numbers cuts off at zero.
theorem sub_add_negation : ¬(∀ a b : Nat, a - b + b = a) := by
  intro h
  exact absurd (h 0 1) (by decide)
