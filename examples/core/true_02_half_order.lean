-- Doubling reflects the order.
theorem half_order (a b : Nat) (h : 2 * a < 2 * b + 1) : a ≤ b := by
  sorry
