set_option debug.skipKernelTC true in
theorem broken : (0 : Nat) = 1 := by decide +kernel
