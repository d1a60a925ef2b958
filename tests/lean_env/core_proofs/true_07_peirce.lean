-- The law of Peirce needs classical logic.
theorem peirce (p q : Prop) : ((p → q) → p) → p := by
  intro h
  cases Classical.em p with
  | inl hp => exact hp
  | inr np => exact h fun hp => absurd hp np
