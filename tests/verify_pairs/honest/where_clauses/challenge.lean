def fill : Nat → Nat → Nat
  | 0, acc => acc
  | n + 1, acc => fill n (acc + 1)

theorem fill_eq (n acc : Nat) : fill n acc = n + acc := sorry
