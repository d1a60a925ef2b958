/-- A helper of one's own. -/
@[simp] theorem twice (n : Nat) : 2 * n = n + n := by omega

def half (n : Nat) : Nat := n / 2

private abbrev Pair := Nat × Nat

open Nat in
protected theorem Nat.lemma_free : True := trivial

theorem two_mul_sum (a b c : Nat) : 2 * (a + b + c) = 2 * a + 2 * b + 2 * c := by
  have outer : 2 * (a + b + c) = 2 * (a + b) + 2 * c := Nat.mul_add 2 (a + b) c
  rw [outer, Nat.mul_add 2 a b]
