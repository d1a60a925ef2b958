-- Two linear equations over the integers.
theorem system (x y : Int) (h : x + y = 10) (k : x - y = 4) : x = 7 ∧ y = 3 := by
  omega
