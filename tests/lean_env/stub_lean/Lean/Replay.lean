import Lean
namespace Lean
structure Kernel.Environment where
  a : Nat
  b : Nat
instance : Inhabited Kernel.Environment := ⟨⟨0, 0⟩⟩
@[extern "x", export lean_elab_environment_to_kernel_env] opaque Environment.toKernelEnv (env : Environment) : Kernel.Environment
@[extern "x"] opaque Kernel.Environment.replay (new : Std.HashMap Name ConstantInfo) (env : Kernel.Environment) :
  IO Kernel.Environment
end Lean
