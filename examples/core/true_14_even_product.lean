-- A multiple stays a multiple when it is multiplied and added to another.
theorem even_product (a b c d : Nat) (h : d ∣ a) (k : d ∣ c) : d ∣ a * b + c := by
  sorry
