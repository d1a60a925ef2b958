-- A multiple stays a multiple when it is multiplied and added to another.
theorem even_product (a b c d : Nat) (h : d ∣ a) (k : d ∣ c) : d ∣ a * b + c := by
  obtain ⟨x, rfl⟩ := h
  obtain ⟨y, rfl⟩ := k
  exact ⟨x * b + y, by rw [Nat.mul_add, Nat.mul_assoc]⟩
