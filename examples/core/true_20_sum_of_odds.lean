-- The first n odd numbers add up to n squared.
def odds : Nat → Nat
  | 0 => 0
  | n + 1 => odds n + (2 * n + 1)

theorem sum_of_odds (n : Nat) : odds n = n * n := by
  sorry
