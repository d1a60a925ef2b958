def fill : Nat → Nat → Nat
  | 0, acc => acc
  | n + 1, acc => fill n (acc + 1)

def halve (n : Nat) : Nat :=
  if h : n < 2 then 0 else halve (n - 2) + 1
termination_by n
decreasing_by omega

theorem fill_eq (n acc : Nat) : fill n acc = n + acc :=
  go n acc
where
  go : (n acc : Nat) → fill n acc = n + acc
    | 0, acc => (Nat.zero_add acc).symm
    | n + 1, acc => by
      show fill n (acc + 1) = n + 1 + acc
      rw [go n (acc + 1)]
      omega
