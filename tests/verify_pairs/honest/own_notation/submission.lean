inductive Colour where
  | red
  | blue

def Colour.mix : Colour → Colour → Colour
  | .red, .red => .red
  | _, _ => .blue

local infixl:65 " ⊞ " => Colour.mix

instance : Add Colour := ⟨Colour.mix⟩

attribute [local simp] Colour.mix

-- All of it is the challenge's.
theorem mix_comm (a b : Colour) : a ⊞ b = b + a := by
  cases a <;> cases b <;> rfl
