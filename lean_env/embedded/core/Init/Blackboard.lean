prelude
import Init.AC
/- Mini core: Mathlib's letters for the numbers there are here. Part of the core only where it is asked for. -/
notation "ℕ" => Nat
notation "ℤ" => Int
