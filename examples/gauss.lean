-- The sum of the first numbers in closed form, and what it says about its size.
def sumTo : Nat → Nat
  | 0 => 0
  | n + 1 => sumTo n + (n + 1)

theorem gauss (n : Nat) : 2 * sumTo n = n * (n + 1) ∧ n ≤ sumTo n := by
  sorry
