theorem power : 2 ^ 20 = 1048576 := by native_decide
