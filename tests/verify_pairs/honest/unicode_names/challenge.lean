theorem «große Zahl».α₁ (ε δ' : Nat) (h₀ : ε < δ') : ε ≠ δ' := sorry
