prelude
import Init.Lists
/- Mini core, part 14: remainders of sums, products and powers. -/
set_option linter.all false

namespace Int
theorem emod_add_ediv (a b : Int) : a % b + b * (a / b) = a := emod_add_mul_ediv a b
theorem ediv_add_emod (a b : Int) : b * (a / b) + a % b = a := mul_ediv_add_emod a b
theorem emod_eq_sub (a b : Int) : a % b = a - b * (a / b) := emod_def a b

private theorem unique {b q q' r r' : Int} (hb : 0 < b) (h : b * q + r = b * q' + r') (hr : 0 ≤ r) (lr : r < b)
    (hr' : 0 ≤ r') (lr' : r' < b) : r = r' := by
  have key : ∀ {p s s' : Int}, b * p + s = s' → 0 ≤ s → s' < b → p < 1 := fun {p s s'} e hs ls => by
    apply Int.lt_of_not_ge
    intro hp
    have := Int.mul_le_mul_of_nonneg_left hp (Int.le_of_lt hb)
    omega
  have e : b * (q - q') = b * q - b * q' := Int.mul_sub b q q'
  have e' : b * (q' - q) = b * q' - b * q := Int.mul_sub b q' q
  have h₁ := key (p := q - q') (s := r) (s' := r') (by omega) hr lr'
  have h₂ := key (p := q' - q) (s := r') (s' := r) (by omega) hr' lr
  have : q = q' := by omega
  subst this
  omega

@[simp] theorem add_mul_emod_self_left (a b c : Int) : (a + b * c) % b = a % b := by
  have key : ∀ {d : Int} (e : Int), 0 < d → (a + d * e) % d = a % d := fun {d} e hd => by
    refine unique (q := (a + d * e) / d) (q' := a / d + e) hd ?_ (emod_nonneg _ (Int.ne_of_gt hd)) (emod_lt_of_pos _ hd)
      (emod_nonneg _ (Int.ne_of_gt hd)) (emod_lt_of_pos _ hd)
    have h₁ := mul_ediv_add_emod (a + d * e) d
    have h₂ := mul_ediv_add_emod a d
    rw [Int.mul_add]
    omega
  rcases Int.lt_trichotomy b 0 with h | h | h
  · have := key (d := -b) (-c) (by omega)
    rw [emod_neg, emod_neg, Int.neg_mul_neg] at this
    exact this
  · subst h; rw [Int.zero_mul, Int.add_zero]
  · exact key c h
@[simp] theorem add_mul_emod_self_right (a b c : Int) : (a + b * c) % c = a % c := by rw [Int.mul_comm, add_mul_emod_self_left]
@[simp] theorem add_emod_right (a b : Int) : (a + b) % b = a % b := by
  have := add_mul_emod_self_left a b 1; rw [Int.mul_one] at this; exact this
@[simp] theorem add_emod_left (a b : Int) : (a + b) % a = b % a := by rw [Int.add_comm, add_emod_right]
@[simp] theorem emod_emod (a b : Int) : a % b % b = a % b := by
  have := add_mul_emod_self_left (a % b) b (a / b)
  rw [emod_add_ediv] at this; exact this.symm
@[simp] theorem emod_add_emod (m n k : Int) : (m % n + k) % n = (m + k) % n := by
  have := add_mul_emod_self_left (m % n + k) n (m / n)
  rw [← this]
  have := emod_add_ediv m n
  exact congrArg (· % n) (by omega)
@[simp] theorem add_emod_emod (m n k : Int) : (m + n % k) % k = (m + n) % k := by rw [Int.add_comm, emod_add_emod, Int.add_comm]
theorem add_emod (a b n : Int) : (a + b) % n = (a % n + b % n) % n := by rw [add_emod_emod, emod_add_emod]
theorem emod_emod_of_dvd (a : Int) {m k : Int} (h : m ∣ k) : a % k % m = a % m := by
  cases h with
  | intro c h =>
    have := add_mul_emod_self_left (a % k) m (c * (a / k))
    rw [← Int.mul_assoc, ← h, emod_add_ediv] at this
    exact this.symm
theorem mul_emod (a b n : Int) : (a * b) % n = (a % n) * (b % n) % n := by
  have left : ∀ x y : Int, (x % n * y) % n = (x * y) % n := fun x y => by
    have h := add_mul_emod_self_left (x % n * y) n (x / n * y)
    rw [← Int.mul_assoc, ← Int.add_mul, emod_add_ediv] at h
    exact h.symm
  rw [left, Int.mul_comm, ← left b a, Int.mul_comm, ← left a]
theorem neg_emod_neg_congr {a b n : Int} (h : a % n = b % n) : (-a) % n = (-b) % n := by
  rw [Int.neg_eq_neg_one_mul a, Int.neg_eq_neg_one_mul b, mul_emod, h, ← mul_emod]
theorem sub_emod (a b n : Int) : (a - b) % n = (a % n - b % n) % n := by
  have h : ((-b) % n) = (-(b % n)) % n := neg_emod_neg_congr (emod_emod b n).symm
  rw [Int.sub_eq_add_neg, Int.sub_eq_add_neg, add_emod, h, ← add_emod, emod_add_emod]
theorem emod_emod_eq_iff_dvd_sub {a b n : Int} : a % n = b % n ↔ n ∣ a - b := by
  constructor
  · intro h
    apply dvd_of_emod_eq_zero
    rw [sub_emod, h, Int.sub_self, zero_emod]
  · rintro ⟨c, h⟩
    have : a = b + n * c := by omega
    rw [this, add_mul_emod_self_left]
theorem emod_eq_emod_iff_emod_sub_eq_zero {m n k : Int} : m % n = k % n ↔ (m - k) % n = 0 := by
  rw [emod_emod_eq_iff_dvd_sub, dvd_iff_emod_eq_zero]
theorem pow_emod (a : Int) (k : Nat) (n : Int) : a ^ k % n = (a % n) ^ k % n := by
  induction k with
  | zero => rfl
  | succ k ih => rw [Int.pow_succ, Int.pow_succ, mul_emod, ih, mul_emod ((a % n) ^ k), emod_emod]
end Int
attribute [simp] Int.not_lt Int.not_le Int.natCast_add Int.natCast_mul
