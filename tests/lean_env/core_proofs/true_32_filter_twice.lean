-- Filtering a list twice by the same rule changes nothing more.
theorem filter_twice (l : List Nat) (p : Nat → Bool) : (l.filter p).filter p = l.filter p := by
  induction l with
  | nil => rfl
  | cons a l ih =>
    by_cases h : p a = true
    · rw [List.filter_cons_of_pos h, List.filter_cons_of_pos h, ih]
    · rw [List.filter_cons_of_neg h, ih]
