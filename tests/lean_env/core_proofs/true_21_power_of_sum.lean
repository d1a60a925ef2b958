-- Exponents add, on powers of our own.
def power (a : Nat) : Nat → Nat
  | 0 => 1
  | n + 1 => power a n * a

theorem power_of_sum (a m n : Nat) : power a (m + n) = power a m * power a n := by
  induction n with
  | zero => exact (Nat.mul_one _).symm
  | succ n ih =>
    show power a (m + n) * a = power a m * (power a n * a)
    rw [ih, Nat.mul_assoc]
