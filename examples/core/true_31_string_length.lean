-- The length of two strings one after the other.
theorem string_length (s t : String) : (s ++ t).length = t.length + s.length := by
  sorry
