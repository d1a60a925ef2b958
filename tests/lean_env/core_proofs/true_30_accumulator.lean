-- A loop with an accumulator computes the same sum.
def total : Nat → Nat
  | 0 => 0
  | n + 1 => (n + 1) + total n

def loop : Nat → Nat → Nat
  | 0, acc => acc
  | n + 1, acc => loop n (acc + (n + 1))

theorem loop_total (n acc : Nat) : loop n acc = acc + total n := by
  induction n generalizing acc with
  | zero => rfl
  | succ n ih =>
    show loop n (acc + (n + 1)) = acc + ((n + 1) + total n)
    rw [ih, Nat.add_assoc]

theorem accumulator (n : Nat) : loop n 0 = total n := by
  rw [loop_total, Nat.zero_add]
