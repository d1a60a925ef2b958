theorem kleiner?' (ξ η : Nat) (h : ξ < η) : ¬ξ = η :=
  fun gleich => Nat.lt_irrefl η (gleich ▸ h)

theorem «große Zahl».α₁ (ε δ' : Nat) (h₀ : ε < δ') : ε ≠ δ' :=
  kleiner?' ε δ' h₀
