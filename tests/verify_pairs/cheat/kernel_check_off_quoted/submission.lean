set_option maxRecDepth 1000
set_option «debug».«skipKernelTC» true in
theorem wrong : (0 : Nat) = 1 := by decide +kernel
theorem broken : False := Nat.noConfusion wrong
