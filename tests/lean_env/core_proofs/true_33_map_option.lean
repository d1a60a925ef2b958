-- What an option held, told from what a map made of it.
theorem map_option (o : Option Nat) (h : o.map (· + 1) = some 3) : o = some 2 := by
  cases o with
  | none => contradiction
  | some a =>
    simp at h
    rw [h]
