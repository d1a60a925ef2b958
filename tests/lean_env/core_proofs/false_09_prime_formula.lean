-- False, though the formula gives primes for all n below 10.
theorem prime_formula_negation : ¬(∀ n d : Nat, 1 < d → d < n * n + n + 11 → (n * n + n + 11) % d ≠ 0) := by
  intro h
  exact h 10 11 (by decide) (by decide) (by decide)
