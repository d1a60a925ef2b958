prelude
import Init.Arith
/- Mini core, part 12: integers, the lemmas that people cite and `simp` uses. What is linear is `omega`'s work. -/
set_option linter.all false

namespace Int
attribute [simp] Int.le_refl Int.lt_irrefl Int.not_le Int.not_lt Int.sub_add_cancel Int.add_sub_cancel Int.add_right_neg Int.add_left_neg
  Int.neg_mul Int.mul_neg Int.ofNat_le Int.ofNat_lt Int.pow_zero ofNat_inj
-- Addition, negation, subtraction.
protected theorem add_right_comm (a b c : Int) : a + b + c = a + c + b := by omega
protected theorem neg_eq_of_add_eq_zero {a b : Int} (h : a + b = 0) : -a = b := by omega
protected theorem neg_eq_comm {a b : Int} : -a = b ↔ -b = a := by omega
@[simp] protected theorem neg_inj {a b : Int} : -a = -b ↔ a = b := by omega
@[simp] protected theorem neg_eq_zero {a : Int} : -a = 0 ↔ a = 0 := by omega
attribute [simp] Int.neg_sub
@[simp] protected theorem neg_add_cancel_left (a b : Int) : -a + (a + b) = b := by omega
@[simp] protected theorem add_neg_cancel_left (a b : Int) : a + (-a + b) = b := by omega
@[simp] protected theorem add_neg_cancel_right (a b : Int) : a + b + -b = a := by omega
@[simp] protected theorem neg_add_cancel_right (a b : Int) : a + -b + b = a := by omega
protected theorem sub_neg (a b : Int) : a - -b = a + b := by omega
attribute [simp] Int.sub_neg
protected theorem sub_sub (a b c : Int) : a - b - c = a - (b + c) := by omega
protected theorem sub_sub_self (a b : Int) : a - (a - b) = b := by omega
protected theorem add_sub_assoc (a b c : Int) : a + b - c = a + (b - c) := by omega
protected theorem add_sub_add_right (n k m : Int) : n + k - (m + k) = n - m := by omega
@[simp] protected theorem add_sub_cancel_left (a b : Int) : a + b - a = b := by omega
protected theorem sub_eq_zero {a b : Int} : a - b = 0 ↔ a = b := by omega
protected theorem eq_of_sub_eq_zero {a b : Int} (h : a - b = 0) : a = b := by omega
protected theorem sub_eq_iff_eq_add {b a c : Int} : a - b = c ↔ a = c + b := by omega
protected theorem sub_eq_iff_eq_add' {b a c : Int} : a - b = c ↔ a = b + c := by omega
protected theorem eq_sub_of_add_eq {a b c : Int} (h : a + c = b) : a = b - c := by omega
protected theorem eq_add_of_sub_eq {a b c : Int} (h : a - c = b) : a = b + c := by omega
protected theorem sub_eq_of_eq_add {a b c : Int} (h : a = c + b) : a - b = c := by omega
protected theorem add_eq_zero_iff_eq_neg {a b : Int} : a + b = 0 ↔ a = -b := by omega
@[simp] protected theorem add_right_inj {i j : Int} (k : Int) : i + k = j + k ↔ i = j := by omega
@[simp] protected theorem add_left_inj {i j : Int} (k : Int) : k + i = k + j ↔ i = j := by omega
protected theorem two_mul (n : Int) : 2 * n = n + n := by omega
protected theorem mul_two (n : Int) : n * 2 = n + n := by omega

-- Order.
protected theorem le_rfl {a : Int} : a ≤ a := Int.le_refl a
protected theorem le_of_eq {a b : Int} (h : a = b) : a ≤ b := by omega
protected theorem ge_of_eq {a b : Int} (h : a = b) : b ≤ a := by omega
protected theorem ne_of_lt {a b : Int} (h : a < b) : a ≠ b := by omega
protected theorem le_antisymm_iff {a b : Int} : a = b ↔ a ≤ b ∧ b ≤ a := by omega
protected theorem eq_iff_le_and_ge {x y : Int} : x = y ↔ x ≤ y ∧ y ≤ x := by omega
protected theorem lt_iff_le_and_ne {a b : Int} : a < b ↔ a ≤ b ∧ a ≠ b := by omega
protected theorem lt_iff_le_not_le {a b : Int} : a < b ↔ a ≤ b ∧ ¬b ≤ a := by omega
protected theorem le_iff_eq_or_lt {a b : Int} : a ≤ b ↔ a = b ∨ a < b := by omega
protected theorem le_iff_lt_or_eq {a b : Int} : a ≤ b ↔ a < b ∨ a = b := by omega
protected theorem ne_iff_lt_or_gt {a b : Int} : a ≠ b ↔ a < b ∨ b < a := by omega
protected theorem lt_or_lt_of_ne {a b : Int} (h : a ≠ b) : a < b ∨ b < a := by omega
protected theorem lt_trichotomy (a b : Int) : a < b ∨ a = b ∨ b < a := by omega
protected theorem lt_or_le (a b : Int) : a < b ∨ b ≤ a := by omega
protected theorem lt_asymm {a b : Int} (h : a < b) : ¬b < a := by omega
protected theorem lt_of_not_ge {a b : Int} (h : ¬a ≤ b) : b < a := by omega
protected theorem not_le_of_gt {a b : Int} (h : b < a) : ¬a ≤ b := by omega
protected theorem not_lt_of_ge {a b : Int} (h : b ≤ a) : ¬a < b := by omega
protected theorem le_of_not_gt {a b : Int} (h : ¬a > b) : a ≤ b := by omega
protected theorem le_of_not_le {a b : Int} (h : ¬a ≤ b) : b ≤ a := by omega
protected theorem lt_succ (a : Int) : a < a + 1 := by omega
theorem lt_iff_add_one_le {a b : Int} : a < b ↔ a + 1 ≤ b := Iff.rfl
theorem add_one_le_iff {a b : Int} : a + 1 ≤ b ↔ a < b := Iff.rfl
theorem lt_add_one_iff {a b : Int} : a < b + 1 ↔ a ≤ b := by omega
protected theorem le_iff_lt_add_one {a b : Int} : a ≤ b ↔ a < b + 1 := by omega
theorem le_add_one {a b : Int} (h : a ≤ b) : a ≤ b + 1 := by omega
theorem le_sub_one_iff {a b : Int} : a ≤ b - 1 ↔ a < b := by omega
theorem le_sub_one_of_lt {a b : Int} (h : a < b) : a ≤ b - 1 := by omega
theorem lt_of_le_sub_one {a b : Int} (h : a ≤ b - 1) : a < b := by omega
protected theorem zero_lt_one : (0 : Int) < 1 := by decide
protected theorem one_pos : 0 < (1 : Int) := by decide
protected theorem one_ne_zero : (1 : Int) ≠ 0 := by decide
protected theorem one_nonneg : 0 ≤ (1 : Int) := by decide
protected theorem add_lt_add_left {a b : Int} (h : a < b) (c : Int) : c + a < c + b := by omega
protected theorem add_lt_add_right {a b : Int} (h : a < b) (c : Int) : a + c < b + c := by omega
protected theorem add_lt_add {a b c d : Int} (h : a < b) (g : c < d) : a + c < b + d := by omega
protected theorem add_lt_add_of_le_of_lt {a b c d : Int} (h : a ≤ b) (g : c < d) : a + c < b + d := by omega
protected theorem add_lt_add_of_lt_of_le {a b c d : Int} (h : a < b) (g : c ≤ d) : a + c < b + d := by omega
protected theorem le_of_add_le_add_left {a b c : Int} (h : a + b ≤ a + c) : b ≤ c := by omega
protected theorem lt_of_add_lt_add_left {a b c : Int} (h : a + b < a + c) : b < c := by omega
protected theorem lt_of_add_lt_add_right {a b c : Int} (h : a + b < c + b) : a < c := by omega
@[simp] protected theorem add_le_add_iff_left {b c : Int} (a : Int) : a + b ≤ a + c ↔ b ≤ c := by omega
@[simp] protected theorem add_le_add_iff_right {a b : Int} (c : Int) : a + c ≤ b + c ↔ a ≤ b := by omega
@[simp] protected theorem add_lt_add_iff_left {b c : Int} (a : Int) : a + b < a + c ↔ b < c := by omega
@[simp] protected theorem add_lt_add_iff_right {a b : Int} (c : Int) : a + c < b + c ↔ a < b := by omega
protected theorem le_add_of_nonneg_right {a b : Int} (h : 0 ≤ b) : a ≤ a + b := by omega
protected theorem le_add_of_nonneg_left {a b : Int} (h : 0 ≤ b) : a ≤ b + a := by omega
protected theorem lt_add_of_pos_right (a : Int) {b : Int} (h : 0 < b) : a < a + b := by omega
protected theorem lt_add_of_pos_left (a : Int) {b : Int} (h : 0 < b) : a < b + a := by omega
protected theorem add_nonneg {a b : Int} (ha : 0 ≤ a) (hb : 0 ≤ b) : 0 ≤ a + b := by omega
protected theorem add_pos {a b : Int} (ha : 0 < a) (hb : 0 < b) : 0 < a + b := by omega
protected theorem add_nonpos {a b : Int} (ha : a ≤ 0) (hb : b ≤ 0) : a + b ≤ 0 := by omega
protected theorem neg_lt_neg {a b : Int} (h : a < b) : -b < -a := by omega
protected theorem le_of_neg_le_neg {a b : Int} (h : -b ≤ -a) : a ≤ b := by omega
protected theorem lt_of_neg_lt_neg {a b : Int} (h : -b < -a) : a < b := by omega
@[simp] protected theorem neg_le_neg_iff {a b : Int} : -a ≤ -b ↔ b ≤ a := by omega
@[simp] protected theorem neg_lt_neg_iff {a b : Int} : -a < -b ↔ b < a := by omega
@[simp] protected theorem neg_le_zero_iff {a : Int} : -a ≤ 0 ↔ 0 ≤ a := by omega
@[simp] protected theorem zero_le_neg_iff {a : Int} : 0 ≤ -a ↔ a ≤ 0 := by omega
@[simp] protected theorem neg_lt_zero_iff {a : Int} : -a < 0 ↔ 0 < a := by omega
@[simp] protected theorem zero_lt_neg_iff {a : Int} : 0 < -a ↔ a < 0 := by omega
protected theorem neg_nonpos_of_nonneg {a : Int} (h : 0 ≤ a) : -a ≤ 0 := by omega
protected theorem neg_nonneg_of_nonpos {a : Int} (h : a ≤ 0) : 0 ≤ -a := by omega
protected theorem neg_neg_of_pos {a : Int} (h : 0 < a) : -a < 0 := by omega
protected theorem neg_pos_of_neg {a : Int} (h : a < 0) : 0 < -a := by omega
protected theorem sub_pos_of_lt {a b : Int} (h : b < a) : 0 < a - b := by omega
protected theorem lt_of_sub_pos {a b : Int} (h : 0 < a - b) : b < a := by omega
protected theorem sub_nonneg {a b : Int} : 0 ≤ a - b ↔ b ≤ a := by omega
protected theorem sub_pos {a b : Int} : 0 < a - b ↔ b < a := by omega
protected theorem sub_le_self (a : Int) {b : Int} (h : 0 ≤ b) : a - b ≤ a := by omega
protected theorem sub_lt_self (a : Int) {b : Int} (h : 0 < b) : a - b < a := by omega
protected theorem sub_le_sub {a b c d : Int} (h : a ≤ b) (g : c ≤ d) : a - d ≤ b - c := by omega
protected theorem sub_le_sub_left {a b : Int} (h : a ≤ b) (c : Int) : c - b ≤ c - a := by omega
protected theorem sub_le_sub_right {a b : Int} (h : a ≤ b) (c : Int) : a - c ≤ b - c := by omega
protected theorem sub_lt_sub_left {a b : Int} (h : a < b) (c : Int) : c - b < c - a := by omega
protected theorem sub_lt_sub_right {a b : Int} (h : a < b) (c : Int) : a - c < b - c := by omega
protected theorem le_sub_iff_add_le {a b c : Int} : a ≤ b - c ↔ a + c ≤ b := by omega
protected theorem sub_le_iff_le_add {a b c : Int} : a - c ≤ b ↔ a ≤ b + c := by omega
protected theorem lt_sub_iff_add_lt {a b c : Int} : a < b - c ↔ a + c < b := by omega
protected theorem sub_lt_iff_lt_add {a b c : Int} : a - c < b ↔ a < b + c := by omega
protected theorem sub_left_le_of_le_add {a b c : Int} (h : a ≤ b + c) : a - b ≤ c := by omega

-- Casts.
@[simp] theorem ofNat_zero_le (n : Nat) : 0 ≤ (n : Int) := by omega
theorem ofNat_nonneg (n : Nat) : 0 ≤ (n : Int) := by omega
@[simp] theorem natCast_pos {n : Nat} : (0 : Int) < n ↔ 0 < n := by omega
@[simp] theorem natCast_eq_zero {n : Nat} : (n : Int) = 0 ↔ n = 0 := by omega
theorem natCast_inj {m n : Nat} : (m : Int) = (n : Int) ↔ m = n := ofNat_inj
theorem natCast_le {m n : Nat} : (m : Int) ≤ (n : Int) ↔ m ≤ n := ofNat_le
theorem natCast_lt {m n : Nat} : (m : Int) < (n : Int) ↔ m < n := ofNat_lt
@[simp] theorem natCast_zero : ((0 : Nat) : Int) = 0 := rfl
@[simp] theorem natCast_one : ((1 : Nat) : Int) = 1 := rfl
theorem natCast_add_one (n : Nat) : ((n + 1 : Nat) : Int) = n + 1 := rfl
theorem eq_ofNat_of_zero_le {a : Int} (h : 0 ≤ a) : ∃ n : Nat, a = n := eq_natCast_of_nonneg h
theorem eq_succ_of_zero_lt {a : Int} (h : 0 < a) : ∃ n : Nat, a = n + 1 := (eq_natCast_of_nonneg (a := a - 1) (by omega)).elim fun n e => ⟨n, by omega⟩
theorem ofNat_succ (n : Nat) : ((Nat.succ n : Nat) : Int) = n + 1 := rfl
theorem natCast_pow (a b : Nat) : ((a ^ b : Nat) : Int) = (a : Int) ^ b := by
  induction b with
  | zero => rfl
  | succ b ih => rw [Nat.pow_succ, Int.pow_succ, natCast_mul, ih]
theorem le.intro {a b : Int} (n : Nat) (h : a + n = b) : a ≤ b := le_of_add n h

attribute [norm_cast] ofNat_le ofNat_lt ofNat_inj natCast_add natCast_mul natCast_pow natCast_zero natCast_one natCast_ediv natCast_emod

-- Multiplication.
protected theorem mul_right_comm (a b c : Int) : a * b * c = a * c * b := by rw [Int.mul_assoc, Int.mul_comm b c, Int.mul_assoc]
protected theorem neg_mul_neg (a b : Int) : -a * -b = a * b := by rw [Int.neg_mul, Int.mul_neg, Int.neg_neg]
protected theorem neg_mul_eq_neg_mul (a b : Int) : -(a * b) = -a * b := (Int.neg_mul a b).symm
protected theorem neg_mul_eq_mul_neg (a b : Int) : -(a * b) = a * -b := (Int.mul_neg a b).symm
protected theorem neg_mul_comm (a b : Int) : -a * b = a * -b := by rw [Int.neg_mul, Int.mul_neg]
protected theorem neg_eq_neg_one_mul (a : Int) : -a = -1 * a := by omega
protected theorem mul_nonneg {a b : Int} (ha : 0 ≤ a) (hb : 0 ≤ b) : 0 ≤ a * b := by
  have := Int.mul_le_mul_of_nonneg_left hb ha
  rw [Int.mul_zero] at this; exact this
protected theorem mul_pos {a b : Int} (ha : 0 < a) (hb : 0 < b) : 0 < a * b := by
  obtain ⟨n, rfl⟩ := eq_succ_of_zero_lt ha
  have := Int.mul_nonneg (ofNat_zero_le n) (Int.le_of_lt hb)
  rw [Int.add_mul, Int.one_mul]; omega
protected theorem mul_le_mul_of_nonneg_right {a b c : Int} (h : a ≤ b) (g : 0 ≤ c) : a * c ≤ b * c := by
  rw [Int.mul_comm a, Int.mul_comm b]; exact Int.mul_le_mul_of_nonneg_left h g
protected theorem mul_le_mul_of_nonpos_right {a b c : Int} (h : b ≤ a) (g : c ≤ 0) : a * c ≤ b * c := by
  rw [Int.mul_comm a, Int.mul_comm b]; exact Int.mul_le_mul_of_nonpos_left g h
protected theorem mul_le_mul {a b c d : Int} (hac : a ≤ c) (hbd : b ≤ d) (nn_b : 0 ≤ b) (nn_c : 0 ≤ c) : a * b ≤ c * d :=
  Int.le_trans (Int.mul_le_mul_of_nonneg_right hac nn_b) (Int.mul_le_mul_of_nonneg_left hbd nn_c)
protected theorem mul_lt_mul_of_pos_left {a b c : Int} (h : a < b) (g : 0 < c) : c * a < c * b := by
  have := Int.mul_pos g (Int.sub_pos_of_lt h)
  rw [Int.mul_sub] at this; exact Int.lt_of_sub_pos this
protected theorem mul_lt_mul_of_pos_right {a b c : Int} (h : a < b) (g : 0 < c) : a * c < b * c := by
  rw [Int.mul_comm a, Int.mul_comm b]; exact Int.mul_lt_mul_of_pos_left h g
protected theorem mul_nonpos_of_nonneg_of_nonpos {a b : Int} (ha : 0 ≤ a) (hb : b ≤ 0) : a * b ≤ 0 := by
  have := Int.mul_le_mul_of_nonneg_left hb ha
  rw [Int.mul_zero] at this; exact this
protected theorem mul_nonneg_of_nonpos_of_nonpos {a b : Int} (ha : a ≤ 0) (hb : b ≤ 0) : 0 ≤ a * b := by
  rw [← Int.neg_mul_neg]; exact Int.mul_nonneg (Int.neg_nonneg_of_nonpos ha) (Int.neg_nonneg_of_nonpos hb)
protected theorem mul_pos_of_neg_of_neg {a b : Int} (ha : a < 0) (hb : b < 0) : 0 < a * b := by
  rw [← Int.neg_mul_neg]; exact Int.mul_pos (Int.neg_pos_of_neg ha) (Int.neg_pos_of_neg hb)
protected theorem mul_neg_of_pos_of_neg {a b : Int} (ha : 0 < a) (hb : b < 0) : a * b < 0 := by
  have := Int.mul_pos ha (Int.neg_pos_of_neg hb)
  rw [Int.mul_neg] at this; omega
protected theorem mul_neg_of_neg_of_pos {a b : Int} (ha : a < 0) (hb : 0 < b) : a * b < 0 := by rw [Int.mul_comm]; exact Int.mul_neg_of_pos_of_neg hb ha
@[simp] protected theorem mul_eq_zero {a b : Int} : a * b = 0 ↔ a = 0 ∨ b = 0 := by
  constructor
  · intro h
    refine Decidable.byContradiction fun n => ?_
    have na : a ≠ 0 := fun e => n (.inl e)
    have nb : b ≠ 0 := fun e => n (.inr e)
    cases Int.lt_or_lt_of_ne na with
    | inl p => cases Int.lt_or_lt_of_ne nb with
      | inl q => have := Int.mul_pos_of_neg_of_neg p q; omega
      | inr q => have := Int.mul_neg_of_neg_of_pos p q; omega
    | inr p => cases Int.lt_or_lt_of_ne nb with
      | inl q => have := Int.mul_neg_of_pos_of_neg p q; omega
      | inr q => have := Int.mul_pos p q; omega
  · intro h
    cases h with
    | inl e => rw [e, Int.zero_mul]
    | inr e => rw [e, Int.mul_zero]
protected theorem mul_ne_zero {a b : Int} (ha : a ≠ 0) (hb : b ≠ 0) : a * b ≠ 0 := fun h => (Int.mul_eq_zero.1 h).elim ha hb
protected theorem mul_ne_zero_iff {a b : Int} : a * b ≠ 0 ↔ a ≠ 0 ∧ b ≠ 0 := by rw [Ne, Int.mul_eq_zero, not_or]
protected theorem eq_of_mul_eq_mul_right {a b c : Int} (h : a ≠ 0) (e : b * a = c * a) : b = c := by
  have : (b - c) * a = 0 := by rw [Int.sub_mul, e, Int.sub_self]
  have := (Int.mul_eq_zero.1 this).resolve_right h; omega
protected theorem eq_of_mul_eq_mul_left {a b c : Int} (h : a ≠ 0) (e : a * b = a * c) : b = c := by
  rw [Int.mul_comm a b, Int.mul_comm a c] at e; exact Int.eq_of_mul_eq_mul_right h e
protected theorem mul_eq_mul_left_iff {a b c : Int} (h : c ≠ 0) : c * a = c * b ↔ a = b := ⟨Int.eq_of_mul_eq_mul_left h, fun e => e ▸ rfl⟩
protected theorem mul_eq_mul_right_iff {a b c : Int} (h : c ≠ 0) : a * c = b * c ↔ a = b := ⟨Int.eq_of_mul_eq_mul_right h, fun e => e ▸ rfl⟩
protected theorem le_of_mul_le_mul_left {a b c : Int} (h : c * a ≤ c * b) (g : 0 < c) : a ≤ b :=
  (Int.lt_or_le b a).elim (fun k => absurd h (Int.not_le_of_gt (Int.mul_lt_mul_of_pos_left k g))) id
protected theorem le_of_mul_le_mul_right {a b c : Int} (h : a * c ≤ b * c) (g : 0 < c) : a ≤ b := by
  rw [Int.mul_comm a, Int.mul_comm b] at h; exact Int.le_of_mul_le_mul_left h g
protected theorem mul_self_nonneg (a : Int) : 0 ≤ a * a :=
  (Int.le_total 0 a).elim (fun h => Int.mul_nonneg h h) (fun h => Int.mul_nonneg_of_nonpos_of_nonpos h h)
protected theorem mul_self_sub_mul_self (a b : Int) : a * a - b * b = (a + b) * (a - b) := by
  rw [Int.add_mul, Int.mul_sub, Int.mul_sub, Int.mul_comm b a]; omega

-- Powers.
protected theorem pow_succ' (b : Int) (e : Nat) : b ^ (e + 1) = b * b ^ e := by rw [Int.pow_succ, Int.mul_comm]
@[simp] protected theorem pow_one (a : Int) : a ^ 1 = a := Int.one_mul a
protected theorem pow_two (a : Int) : a ^ 2 = a * a := by rw [Int.pow_succ, Int.pow_one]
protected theorem pow_add (a : Int) (m n : Nat) : a ^ (m + n) = a ^ m * a ^ n := by
  induction n with
  | zero => rw [Nat.add_zero, Int.pow_zero, Int.mul_one]
  | succ n ih => rw [← Nat.add_assoc, Int.pow_succ, Int.pow_succ, ih, Int.mul_assoc]
@[simp] protected theorem one_pow {n : Nat} : (1 : Int) ^ n = 1 := by
  induction n with | zero => rfl | succ n ih => rw [Int.pow_succ, ih]; rfl
protected theorem mul_pow {a b : Int} {n : Nat} : (a * b) ^ n = a ^ n * b ^ n := by
  induction n with
  | zero => rfl
  | succ n ih => rw [Int.pow_succ, Int.pow_succ, Int.pow_succ, ih, Int.mul_assoc, Int.mul_left_comm _ a b, ← Int.mul_assoc]

-- Divisibility, division, remainder.
@[simp] protected theorem dvd_refl (n : Int) : n ∣ n := ⟨1, (Int.mul_one n).symm⟩
@[simp] protected theorem dvd_zero (n : Int) : n ∣ 0 := ⟨0, (Int.mul_zero n).symm⟩
@[simp] protected theorem one_dvd (n : Int) : 1 ∣ n := ⟨n, (Int.one_mul n).symm⟩
@[simp] protected theorem zero_dvd {n : Int} : 0 ∣ n ↔ n = 0 := ⟨fun ⟨k, e⟩ => by rw [e, Int.zero_mul], fun h => h ▸ Int.dvd_refl 0⟩
@[simp] protected theorem dvd_mul_right (a b : Int) : a ∣ a * b := ⟨b, rfl⟩
@[simp] protected theorem dvd_mul_left (a b : Int) : b ∣ a * b := ⟨a, Int.mul_comm a b⟩
protected theorem dvd_trans {a b c : Int} (h : a ∣ b) (g : b ∣ c) : a ∣ c := by
  obtain ⟨d, rfl⟩ := h; obtain ⟨e, rfl⟩ := g; exact ⟨d * e, Int.mul_assoc a d e⟩
protected theorem dvd_add {a b c : Int} (h : a ∣ b) (g : a ∣ c) : a ∣ b + c := by
  obtain ⟨d, rfl⟩ := h; obtain ⟨e, rfl⟩ := g; exact ⟨d + e, (Int.mul_add a d e).symm⟩
protected theorem dvd_sub {a b c : Int} (h : a ∣ b) (g : a ∣ c) : a ∣ b - c := by
  obtain ⟨d, rfl⟩ := h; obtain ⟨e, rfl⟩ := g; exact ⟨d - e, (Int.mul_sub a d e).symm⟩
protected theorem dvd_neg {a b : Int} : a ∣ -b ↔ a ∣ b :=
  ⟨fun ⟨k, e⟩ => ⟨-k, by rw [Int.mul_neg, ← e, Int.neg_neg]⟩, fun ⟨k, e⟩ => ⟨-k, by rw [Int.mul_neg, e]⟩⟩
protected theorem neg_dvd {a b : Int} : -a ∣ b ↔ a ∣ b :=
  ⟨fun ⟨k, e⟩ => ⟨-k, by rw [Int.mul_neg, e, Int.neg_mul]⟩, fun ⟨k, e⟩ => ⟨-k, by rw [Int.neg_mul_neg]; exact e⟩⟩
attribute [simp] Int.dvd_neg Int.neg_dvd
protected theorem dvd_add_right {a b c : Int} (h : a ∣ b) : a ∣ b + c ↔ a ∣ c :=
  ⟨fun g => by have := Int.dvd_sub g h; rw [Int.add_sub_cancel_left] at this; exact this, Int.dvd_add h⟩
protected theorem dvd_add_left {a b c : Int} (h : a ∣ c) : a ∣ b + c ↔ a ∣ b := by rw [Int.add_comm]; exact Int.dvd_add_right h
protected theorem mul_dvd_mul {a b c d : Int} (h : a ∣ b) (g : c ∣ d) : a * c ∣ b * d := by
  obtain ⟨e, rfl⟩ := h; obtain ⟨f, rfl⟩ := g; exact ⟨e * f, by rw [Int.mul_assoc, Int.mul_left_comm e, ← Int.mul_assoc]⟩
theorem dvd_iff_emod_eq_zero {a b : Int} : a ∣ b ↔ b % a = 0 := ⟨emod_eq_zero_of_dvd, dvd_of_emod_eq_zero⟩
@[implicit_reducible] instance decidableDvd (a b : Int) : Decidable (a ∣ b) := decidable_of_iff (b % a = 0) dvd_iff_emod_eq_zero.symm
theorem natCast_dvd_natCast {m n : Nat} : (m : Int) ∣ (n : Int) ↔ m ∣ n := by
  rw [dvd_iff_emod_eq_zero, Nat.dvd_iff_mod_eq_zero, ← natCast_emod, natCast_eq_zero]
attribute [norm_cast] natCast_dvd_natCast
theorem emod_add_mul_ediv (a b : Int) : a % b + b * (a / b) = a := by rw [Int.add_comm]; exact mul_ediv_add_emod a b
theorem ediv_mul_add_emod (a b : Int) : a / b * b + a % b = a := by rw [Int.mul_comm]; exact mul_ediv_add_emod a b
theorem emod_two_eq (x : Int) : x % 2 = 0 ∨ x % 2 = 1 := by omega
theorem emod_two_eq_zero_or_one (n : Int) : n % 2 = 0 ∨ n % 2 = 1 := by omega
@[simp] theorem ediv_one (a : Int) : a / 1 = a := by omega
@[simp] theorem emod_one (a : Int) : a % 1 = 0 := by omega
attribute [simp] ediv_zero
@[simp] theorem emod_zero (a : Int) : a % 0 = a := by rw [emod_def, Int.zero_mul, Int.sub_zero]
@[simp] theorem zero_ediv (b : Int) : 0 / b = 0 := by
  cases b with
  | ofNat n => show ofNat (0 / n) = 0; rw [Nat.zero_div]; rfl
  | negSucc n => show -ofNat (0 / (n + 1)) = 0; rw [Nat.zero_div]; rfl
@[simp] theorem zero_emod (b : Int) : 0 % b = 0 := by rw [emod_def, zero_ediv, Int.mul_zero]; rfl
@[simp] theorem emod_self {a : Int} : a % a = 0 := emod_eq_zero_of_dvd (Int.dvd_refl a)
@[simp] theorem mul_emod_right (a b : Int) : a * b % a = 0 := emod_eq_zero_of_dvd (Int.dvd_mul_right a b)
@[simp] theorem mul_emod_left (a b : Int) : a * b % b = 0 := emod_eq_zero_of_dvd (Int.dvd_mul_left a b)
protected theorem mul_ediv_cancel_left {a : Int} (b : Int) (h : a ≠ 0) : a * b / a = b := by
  have := mul_ediv_add_emod (a * b) a
  rw [mul_emod_right, Int.add_zero] at this; exact Int.eq_of_mul_eq_mul_left h this
protected theorem mul_ediv_cancel (a : Int) {b : Int} (h : b ≠ 0) : a * b / b = a := by rw [Int.mul_comm]; exact Int.mul_ediv_cancel_left a h
protected theorem ediv_self {a : Int} (h : a ≠ 0) : a / a = 1 := by
  have := Int.mul_ediv_cancel 1 h; rw [Int.one_mul] at this; exact this
protected theorem mul_ediv_cancel' {a b : Int} (h : a ∣ b) : a * (b / a) = b := by
  have := mul_ediv_add_emod b a; rw [emod_eq_zero_of_dvd h, Int.add_zero] at this; exact this
protected theorem ediv_mul_cancel {a b : Int} (h : b ∣ a) : a / b * b = a := by rw [Int.mul_comm]; exact Int.mul_ediv_cancel' h

-- Minimum, maximum, absolute value.
protected theorem min_comm (a b : Int) : min a b = min b a := by omega
protected theorem max_comm (a b : Int) : max a b = max b a := by omega
protected theorem min_eq_left {a b : Int} (h : a ≤ b) : min a b = a := by omega
protected theorem min_eq_right {a b : Int} (h : b ≤ a) : min a b = b := by omega
protected theorem max_eq_left {a b : Int} (h : b ≤ a) : max a b = a := by omega
protected theorem max_eq_right {a b : Int} (h : a ≤ b) : max a b = b := by omega
protected theorem le_min {a b c : Int} : a ≤ min b c ↔ a ≤ b ∧ a ≤ c := by omega
protected theorem max_le {a b c : Int} : max a b ≤ c ↔ a ≤ c ∧ b ≤ c := by omega
protected theorem lt_min {a b c : Int} : a < min b c ↔ a < b ∧ a < c := by omega
protected theorem max_lt {a b c : Int} : max a b < c ↔ a < c ∧ b < c := by omega
@[simp] protected theorem min_self (a : Int) : min a a = a := by omega
@[simp] protected theorem max_self (a : Int) : max a a = a := by omega
@[simp] theorem natAbs_natCast (n : Nat) : natAbs (n : Int) = n := rfl
@[simp] theorem natAbs_zero : natAbs (0 : Int) = 0 := rfl
@[simp] theorem natAbs_one : natAbs (1 : Int) = 1 := rfl
@[simp] theorem natAbs_neg (a : Int) : natAbs (-a) = natAbs a := by omega
@[simp] theorem natAbs_eq_zero {a : Int} : natAbs a = 0 ↔ a = 0 := by omega
@[simp] theorem natAbs_pos {a : Int} : 0 < natAbs a ↔ a ≠ 0 := by omega
theorem natAbs_eq (a : Int) : a = natAbs a ∨ a = -(natAbs a : Int) := by omega
theorem natAbs_of_nonneg {a : Int} (h : 0 ≤ a) : (natAbs a : Int) = a := by omega
theorem eq_natAbs_of_nonneg {a : Int} (h : 0 ≤ a) : a = natAbs a := by omega
theorem ofNat_natAbs_of_nonpos {a : Int} (h : a ≤ 0) : (natAbs a : Int) = -a := by omega
theorem natAbs_eq_natAbs_iff {a b : Int} : a.natAbs = b.natAbs ↔ a = b ∨ a = -b := by omega
theorem natAbs_add_le (a b : Int) : natAbs (a + b) ≤ natAbs a + natAbs b := by omega
theorem natAbs_mul (a b : Int) : natAbs (a * b) = natAbs a * natAbs b := by
  cases natAbs_eq a with
  | inl h => cases natAbs_eq b with
    | inl g => rw [h, g, ← natCast_mul]; rfl
    | inr g => rw [h, g, Int.mul_neg, ← natCast_mul, natAbs_neg, natAbs_neg]; rfl
  | inr h => cases natAbs_eq b with
    | inl g => rw [h, g, Int.neg_mul, ← natCast_mul, natAbs_neg, natAbs_neg]; rfl
    | inr g => rw [h, g, Int.neg_mul_neg, ← natCast_mul, natAbs_neg, natAbs_neg]; rfl
@[simp] theorem toNat_natCast (n : Nat) : toNat (n : Int) = n := rfl
@[simp] theorem toNat_zero : (0 : Int).toNat = 0 := rfl
@[simp] theorem toNat_one : (1 : Int).toNat = 1 := rfl
theorem toNat_of_nonneg {a : Int} (h : 0 ≤ a) : (toNat a : Int) = a := by omega
theorem self_le_toNat (a : Int) : a ≤ toNat a := by omega
@[simp] theorem ofNat_toNat (a : Int) : (a.toNat : Int) = max a 0 := toNat_eq_max a
noncomputable instance (m n : Int) (P : Int → Prop) [d : DecidablePred P] : Decidable (∀ r, m ≤ r → r < n → P r) :=
  decidable_of_iff (∀ k, k < (n - m).toNat → P (m + k))
    ⟨fun f r h g => by
      have := f (r - m).toNat (by omega)
      rw [toNat_of_nonneg (by omega)] at this
      have e : m + (r - m) = r := by omega
      rw [e] at this; exact this, fun f k h => f _ (by omega) (by omega)⟩
end Int
