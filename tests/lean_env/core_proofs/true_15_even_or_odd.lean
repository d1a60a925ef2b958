-- Every number is even or odd.
theorem even_or_odd (n : Nat) : (∃ k, n = 2 * k) ∨ (∃ k, n = 2 * k + 1) := by
  cases Nat.lt_or_ge (n % 2) 1 with
  | inl h => exact .inl ⟨n / 2, by omega⟩
  | inr h => exact .inr ⟨n / 2, by omega⟩
