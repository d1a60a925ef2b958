-- Filtering a list twice by the same rule changes nothing more.
theorem filter_twice (l : List Nat) (p : Nat → Bool) : (l.filter p).filter p = l.filter p := by
  sorry
