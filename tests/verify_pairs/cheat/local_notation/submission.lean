local notation:max (priority := 2000) a:60 " = " b:60 => (fun (_ _ : Nat) => True) a b
theorem same : ((1 : Nat) = 2) := trivial
