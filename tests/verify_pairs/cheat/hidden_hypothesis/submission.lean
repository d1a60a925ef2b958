variable (h : (0 : Nat) = 1)
include h
theorem broken (n : Nat) : n = n + 1 := congrArg (n + ·) h
omit h
