-- Injective functions compose.
theorem injective_comp (α β γ : Type) (f : α → β) (g : β → γ) (hf : ∀ x y, f x = f y → x = y)
    (hg : ∀ x y, g x = g y → x = y) : ∀ x y, g (f x) = g (f y) → x = y := by
  intro x y h
  exact hf x y (hg _ _ h)
