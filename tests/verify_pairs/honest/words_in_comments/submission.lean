/- No axiom, no sorry, no macro_rules here. /- Nor set_option debug.skipKernelTC true. -/ instance : False -/

/-- A docstring may say `axiom cheat : False`, `#exit`, or sorry. -/
def note := "axiom note : sorry; initialize; notation \"=\" => True"

-- unsafe, elab, #eval
theorem le_square (n : Nat) : n ≤ n * n := by
  cases n with
  | zero => exact Nat.le_refl 0
  | succ n =>
    have : 1 ≤ n + 1 := Nat.succ_le_succ (Nat.zero_le n) -- sorry for the detour
    calc n + 1 = (n + 1) * 1 := (Nat.mul_one (n + 1)).symm
      _ ≤ (n + 1) * (n + 1) := Nat.mul_le_mul_left (n + 1) this
