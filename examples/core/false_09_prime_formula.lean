-- False, though the formula gives primes for all n below 10.
theorem prime_formula (n d : Nat) (h : 1 < d) (k : d < n * n + n + 11) : (n * n + n + 11) % d ≠ 0 := by
  sorry
