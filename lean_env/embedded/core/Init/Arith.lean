prelude
import Init.Logic
/- Mini core, part 11: natural numbers, the lemmas that people cite and `simp` uses. What is linear is `omega`'s work. -/
set_option linter.all false
universe u

namespace Nat
attribute [simp] Nat.zero_le Nat.le_refl Nat.lt_irrefl Nat.not_le Nat.not_lt succ_ne_zero zero_lt_succ lt_succ_self not_lt_zero
  le_add_right le_add_left Nat.sub_add_cancel Nat.pow_zero
@[simp] theorem zero_eq : Nat.zero = 0 := rfl
attribute [simp] succ_eq_add_one add_eq mul_eq le_eq lt_eq
@[simp] theorem sub_eq {x y : Nat} : Nat.sub x y = x - y := rfl
@[simp] protected theorem pred_zero : pred 0 = 0 := rfl
@[simp] protected theorem pred_succ (n : Nat) : pred n.succ = n := rfl
@[simp] theorem pred_eq_sub_one {n : Nat} : pred n = n - 1 := rfl
theorem sub_one (n : Nat) : n - 1 = pred n := rfl

-- Addition.
protected theorem add_right_comm (n m k : Nat) : n + m + k = n + k + m := by omega
protected theorem add_add_add_comm (a b c d : Nat) : a + b + (c + d) = a + c + (b + d) := by omega
theorem eq_zero_of_add_eq_zero {n m : Nat} (h : n + m = 0) : n = 0 ∧ m = 0 := by omega
protected theorem eq_zero_of_add_eq_zero_left {n m : Nat} (h : n + m = 0) : m = 0 := by omega
protected theorem eq_zero_of_add_eq_zero_right {n m : Nat} (h : n + m = 0) : n = 0 := by omega
@[simp] protected theorem add_eq_zero_iff {n m : Nat} : n + m = 0 ↔ n = 0 ∧ m = 0 := by omega
@[simp] protected theorem add_left_cancel_iff {m k n : Nat} : n + m = n + k ↔ m = k := by omega
@[simp] protected theorem add_right_cancel_iff {m k n : Nat} : m + n = k + n ↔ m = k := by omega
@[simp] protected theorem add_eq_left {a b : Nat} : a + b = a ↔ b = 0 := by omega
@[simp] protected theorem add_eq_right {a b : Nat} : a + b = b ↔ a = 0 := by omega
@[simp] protected theorem left_eq_add {a b : Nat} : a = a + b ↔ b = 0 := by omega
@[simp] protected theorem right_eq_add {a b : Nat} : b = a + b ↔ a = 0 := by omega
theorem succ_add_eq_add_succ (a b : Nat) : succ a + b = a + succ b := by omega
theorem one_add (n : Nat) : 1 + n = succ n := by omega
theorem add_one_ne (n : Nat) : n + 1 ≠ n := by omega
@[simp] theorem add_one_ne_zero (n : Nat) : n + 1 ≠ 0 := by omega
@[simp] protected theorem one_ne_zero : 1 ≠ (0 : Nat) := by decide
@[simp] protected theorem zero_ne_one : 0 ≠ (1 : Nat) := by decide
theorem ne_zero_of_lt {a b : Nat} (h : b < a) : a ≠ 0 := by omega
theorem succ_inj {a b : Nat} : succ a = succ b ↔ a = b := by omega
@[simp] theorem add_one_inj {a b : Nat} : a + 1 = b + 1 ↔ a = b := by omega
theorem succ.inj {m n : Nat} (h : succ m = succ n) : m = n := congrArg pred h
theorem succ_ne_self (n : Nat) : succ n ≠ n := by omega
theorem exists_eq_succ_of_ne_zero {n : Nat} (h : n ≠ 0) : ∃ k, n = succ k := ⟨n - 1, by omega⟩
theorem exists_eq_add_one_of_ne_zero {n : Nat} (h : n ≠ 0) : ∃ k, n = k + 1 := ⟨n - 1, by omega⟩
theorem succ_pred {a : Nat} (h : a ≠ 0) : a.pred.succ = a := by cases a with | zero => exact absurd rfl h | succ a => rfl
theorem succ_pred_eq_of_ne_zero {n : Nat} (h : n ≠ 0) : succ (pred n) = n := succ_pred h
theorem succ_pred_eq_of_pos {n : Nat} (h : 0 < n) : succ (pred n) = n := succ_pred (by omega)
theorem pred_le (n : Nat) : pred n ≤ n := by show n - 1 ≤ n; omega
theorem pred_lt {n : Nat} (h : n ≠ 0) : pred n < n := by show n - 1 < n; omega

-- Order.
theorem succ_lt_succ {n m : Nat} (h : n < m) : succ n < succ m := by omega
theorem le_of_succ_le {n m : Nat} (h : succ n ≤ m) : n ≤ m := by omega
theorem lt_of_succ_lt {n m : Nat} (h : succ n < m) : n < m := by omega
theorem lt_of_succ_lt_succ {n m : Nat} (h : succ n < succ m) : n < m := by omega
theorem lt_of_succ_le {n m : Nat} (h : succ n ≤ m) : n < m := h
theorem succ_le_of_lt {n m : Nat} (h : n < m) : succ n ≤ m := h
theorem le_succ_of_le {n m : Nat} (h : n ≤ m) : n ≤ succ m := by omega
theorem le_step {n m : Nat} (h : n ≤ m) : n ≤ succ m := by omega
theorem lt_succ_of_lt {a b : Nat} (h : a < b) : a < succ b := by omega
theorem lt_add_one_of_lt {a b : Nat} (h : a < b) : a < b + 1 := by omega
theorem lt_add_one_of_le {n m : Nat} (h : n ≤ m) : n < m + 1 := by omega
theorem le_of_lt_add_one {n m : Nat} (h : n < m + 1) : n ≤ m := by omega
theorem add_one_le_of_lt {n m : Nat} (h : n < m) : n + 1 ≤ m := h
theorem lt_of_add_one_le {n m : Nat} (h : n + 1 ≤ m) : n < m := h
theorem succ_le_iff {n m : Nat} : succ n ≤ m ↔ n < m := Iff.rfl
theorem succ_le {n m : Nat} : succ n ≤ m ↔ n < m := Iff.rfl
theorem add_one_le_iff {n m : Nat} : n + 1 ≤ m ↔ n < m := Iff.rfl
theorem lt_succ {m n : Nat} : m < succ n ↔ m ≤ n := by omega
protected theorem lt_succ_iff {m n : Nat} : m < succ n ↔ m ≤ n := by omega
protected theorem lt_add_one_iff {m n : Nat} : m < n + 1 ↔ m ≤ n := by omega
protected theorem lt_succ_iff_lt_or_eq {m n : Nat} : m < succ n ↔ m < n ∨ m = n := by omega
theorem succ_le_succ_iff {a b : Nat} : succ a ≤ succ b ↔ a ≤ b := by omega
theorem succ_lt_succ_iff {a b : Nat} : succ a < succ b ↔ a < b := by omega
theorem add_one_le_add_one_iff {a b : Nat} : a + 1 ≤ b + 1 ↔ a ≤ b := by omega
theorem add_one_lt_add_one_iff {a b : Nat} : a + 1 < b + 1 ↔ a < b := by omega
attribute [simp] Nat.lt_add_one_iff add_one_le_iff
theorem le_or_eq_of_le_succ {m n : Nat} (h : m ≤ succ n) : m ≤ n ∨ m = succ n := by omega
theorem le_or_eq_of_le_add_one {m n : Nat} (h : m ≤ n + 1) : m ≤ n ∨ m = n + 1 := by omega
@[simp] theorem not_succ_le_self (n : Nat) : ¬succ n ≤ n := by omega
@[simp] theorem not_add_one_le_self (n : Nat) : ¬n + 1 ≤ n := by omega
@[simp] theorem succ_le_self_iff (n : Nat) : succ n ≤ n ↔ False := iff_false_intro (by omega)
theorem zero_lt_of_lt {a b : Nat} (h : a < b) : 0 < b := by omega
theorem zero_lt_of_ne_zero {a : Nat} (h : a ≠ 0) : 0 < a := by omega
protected theorem pos_iff_ne_zero {n : Nat} : 0 < n ↔ n ≠ 0 := by omega
protected theorem ne_zero_iff_zero_lt {n : Nat} : n ≠ 0 ↔ 0 < n := by omega
protected theorem eq_zero_of_not_pos {n : Nat} (h : ¬0 < n) : n = 0 := by omega
protected theorem zero_lt_one : 0 < (1 : Nat) := by decide
protected theorem one_pos : 0 < (1 : Nat) := by decide
protected theorem two_pos : 0 < 2 := by decide
protected theorem zero_lt_two : 0 < 2 := by decide
protected theorem one_lt_two : 1 < 2 := by decide
theorem eq_zero_of_le_zero {n : Nat} (h : n ≤ 0) : n = 0 := by omega
theorem le_zero {i : Nat} : i ≤ 0 ↔ i = 0 := by omega
@[simp] theorem le_zero_eq (a : Nat) : (a ≤ 0) = (a = 0) := propext le_zero
@[simp] protected theorem lt_one_iff {n : Nat} : n < 1 ↔ n = 0 := by omega
theorem one_le_iff_ne_zero {n : Nat} : 1 ≤ n ↔ n ≠ 0 := by omega
theorem eq_zero_or_eq_succ_pred (n : Nat) : n = 0 ∨ n = succ (pred n) := by cases n with | zero => exact .inl rfl | succ n => exact .inr rfl
theorem ne_of_lt {a b : Nat} (h : a < b) : a ≠ b := by omega
theorem ne_of_gt {a b : Nat} (h : b < a) : a ≠ b := by omega
protected theorem ne_of_lt' {a b : Nat} (h : a < b) : b ≠ a := by omega
theorem ne_of_gt' {a b : Nat} (h : b < a) : b ≠ a := by omega
protected theorem le_of_eq {n m : Nat} (h : n = m) : n ≤ m := by omega
protected theorem ge_of_eq {n m : Nat} (h : n = m) : m ≤ n := by omega
protected theorem lt_of_lt_of_eq {n m k : Nat} (h : n < m) (g : m = k) : n < k := by omega
protected theorem lt_of_le_of_ne {n m : Nat} (h : n ≤ m) (g : n ≠ m) : n < m := by omega
protected theorem eq_or_lt_of_le {n m : Nat} (h : n ≤ m) : n = m ∨ n < m := by omega
protected theorem lt_or_eq_of_le {n m : Nat} (h : n ≤ m) : n < m ∨ n = m := by omega
protected theorem le_iff_lt_or_eq {n m : Nat} : n ≤ m ↔ n < m ∨ n = m := by omega
protected theorem lt_iff_le_and_ne {m n : Nat} : m < n ↔ m ≤ n ∧ m ≠ n := by omega
protected theorem lt_iff_le_not_le {m n : Nat} : m < n ↔ m ≤ n ∧ ¬n ≤ m := by omega
protected theorem ne_iff_lt_or_gt {a b : Nat} : a ≠ b ↔ a < b ∨ b < a := by omega
protected theorem lt_or_gt {a b : Nat} : a ≠ b ↔ a < b ∨ b < a := by omega
protected theorem lt_or_lt_of_ne {a b : Nat} (h : a ≠ b) : a < b ∨ b < a := by omega
protected theorem le_antisymm_iff {a b : Nat} : a = b ↔ a ≤ b ∧ b ≤ a := by omega
protected theorem eq_iff_le_and_ge {a b : Nat} : a = b ↔ a ≤ b ∧ b ≤ a := by omega
protected theorem lt_trichotomy (a b : Nat) : a < b ∨ a = b ∨ b < a := by omega
protected theorem le_or_ge (m n : Nat) : m ≤ n ∨ n ≤ m := by omega
protected theorem lt_or_le (a b : Nat) : a < b ∨ b ≤ a := by omega
protected theorem le_or_lt (a b : Nat) : a ≤ b ∨ b < a := by omega
protected theorem lt_asymm {a b : Nat} (h : a < b) : ¬b < a := by omega
protected theorem not_lt_of_gt {a b : Nat} (h : b < a) : ¬a < b := by omega
protected theorem not_lt_of_lt {a b : Nat} (h : a < b) : ¬b < a := by omega
protected theorem not_le_of_gt {n m : Nat} (h : n > m) : ¬n ≤ m := by omega
protected theorem not_le_of_lt {a b : Nat} (h : a < b) : ¬b ≤ a := by omega
protected theorem not_lt_of_ge {a b : Nat} (h : b ≥ a) : ¬b < a := by omega
protected theorem not_lt_of_le {a b : Nat} (h : a ≤ b) : ¬b < a := by omega
theorem gt_of_not_le {n m : Nat} (h : ¬n ≤ m) : n > m := by omega
theorem ge_of_not_lt {n m : Nat} (h : ¬n < m) : n ≥ m := by omega
protected theorem lt_of_not_ge {a b : Nat} (h : ¬b ≥ a) : b < a := by omega
protected theorem le_of_not_gt {a b : Nat} (h : ¬b > a) : b ≤ a := by omega
protected theorem le_of_not_le {a b : Nat} (h : ¬b ≤ a) : a ≤ b := by omega
protected theorem le_of_not_ge {a b : Nat} (h : ¬a ≥ b) : a ≤ b := by omega
theorem not_le_eq (a b : Nat) : (¬a ≤ b) = (b + 1 ≤ a) := propext Nat.not_le
theorem not_lt_eq (a b : Nat) : (¬a < b) = (b ≤ a) := propext Nat.not_lt
theorem not_ge_eq (a b : Nat) : (¬a ≥ b) = (a + 1 ≤ b) := not_le_eq b a
theorem not_gt_eq (a b : Nat) : (¬a > b) = (a ≤ b) := not_lt_eq b a
theorem le.intro {n m k : Nat} (h : n + k = m) : n ≤ m := by omega
theorem lt.base (n : Nat) : n < succ n := by omega
theorem lt.step {n m : Nat} (h : n < m) : n < succ m := by omega

-- Order and addition.
protected theorem add_lt_add_left {n m : Nat} (h : n < m) (k : Nat) : k + n < k + m := by omega
protected theorem add_lt_add_right {n m : Nat} (h : n < m) (k : Nat) : n + k < m + k := by omega
protected theorem add_lt_add {a b c d : Nat} (h : a < b) (g : c < d) : a + c < b + d := by omega
protected theorem add_lt_add_of_le_of_lt {a b c d : Nat} (h : a ≤ b) (g : c < d) : a + c < b + d := by omega
protected theorem add_lt_add_of_lt_of_le {a b c d : Nat} (h : a < b) (g : c ≤ d) : a + c < b + d := by omega
@[simp] protected theorem add_le_add_iff_left {m k n : Nat} : n + m ≤ n + k ↔ m ≤ k := by omega
@[simp] protected theorem add_le_add_iff_right {m k n : Nat} : m + n ≤ k + n ↔ m ≤ k := by omega
@[simp] protected theorem add_lt_add_iff_left {k n m : Nat} : k + n < k + m ↔ n < m := by omega
@[simp] protected theorem add_lt_add_iff_right {k n m : Nat} : n + k < m + k ↔ n < m := by omega
protected theorem lt_of_add_lt_add_left {n k m : Nat} (h : n + k < n + m) : k < m := by omega
protected theorem lt_of_add_lt_add_right {n k m : Nat} (h : k + n < m + n) : k < m := by omega
protected theorem lt_add_left {a b : Nat} (c : Nat) (h : a < b) : a < c + b := by omega
protected theorem lt_add_right {a b : Nat} (c : Nat) (h : a < b) : a < b + c := by omega
protected theorem lt_add_of_pos_right {k n : Nat} (h : 0 < k) : n < n + k := by omega
protected theorem lt_add_of_pos_left {k n : Nat} (h : 0 < k) : n < k + n := by omega
protected theorem pos_of_lt_add_right {n k : Nat} (h : n < n + k) : 0 < k := by omega
@[simp] protected theorem lt_add_right_iff_pos {n k : Nat} : n < n + k ↔ 0 < k := by omega
@[simp] protected theorem lt_add_left_iff_pos {n k : Nat} : n < k + n ↔ 0 < k := by omega
protected theorem add_pos_left {m : Nat} (h : 0 < m) (n : Nat) : 0 < m + n := by omega
protected theorem add_pos_right {n : Nat} (m : Nat) (h : 0 < n) : 0 < m + n := by omega
protected theorem add_pos_iff_pos_or_pos {n m : Nat} : 0 < n + m ↔ 0 < n ∨ 0 < m := by omega
theorem le_add_right_of_le {n m k : Nat} (h : n ≤ m) : n ≤ m + k := by omega
theorem le_add_left_of_le {n m k : Nat} (h : n ≤ m) : n ≤ k + m := by omega
protected theorem le_of_add_right_le {n m k : Nat} (h : n + k ≤ m) : n ≤ m := by omega
protected theorem le_of_add_left_le {n m k : Nat} (h : k + n ≤ m) : n ≤ m := by omega
theorem add_self_ne_one (n : Nat) : n + n ≠ 1 := by omega

-- Subtraction.
@[simp] theorem succ_sub_succ_eq_sub (n m : Nat) : succ n - succ m = n - m := succ_sub_succ n m
@[simp] theorem add_one_sub_one (n : Nat) : n + 1 - 1 = n := rfl
theorem succ_sub_one (n : Nat) : succ n - 1 = n := rfl
@[simp] theorem sub_le (n m : Nat) : n - m ≤ n := by omega
theorem sub_lt {n m : Nat} (h : 0 < n) (g : 0 < m) : n - m < n := by omega
theorem sub_add_eq (a b c : Nat) : a - (b + c) = a - b - c := by omega
protected theorem sub_sub (n m k : Nat) : n - m - k = n - (m + k) := by omega
protected theorem sub_right_comm (m n k : Nat) : m - n - k = m - k - n := by omega
theorem add_sub_of_le {a b : Nat} (h : a ≤ b) : a + (b - a) = b := by omega
protected theorem add_sub_assoc {m k : Nat} (h : k ≤ m) (n : Nat) : n + m - k = n + (m - k) := by omega
protected theorem sub_add_comm {n m k : Nat} (h : k ≤ n) : n + m - k = n - k + m := by omega
@[simp] protected theorem add_sub_add_left (k n m : Nat) : k + n - (k + m) = n - m := by omega
attribute [simp] Nat.add_sub_add_right
protected theorem sub_self_add (n m : Nat) : n - (n + m) = 0 := by omega
protected theorem eq_add_of_sub_eq {a b c : Nat} (h : b ≤ a) (g : a - b = c) : a = c + b := by omega
protected theorem sub_eq_of_eq_add {a b c : Nat} (h : a = c + b) : a - b = c := by omega
protected theorem sub_eq_of_eq_add' {a b c : Nat} (h : a = b + c) : a - b = c := by omega
protected theorem sub_eq_iff_eq_add {b a c : Nat} (h : b ≤ a) : a - b = c ↔ a = c + b := by omega
protected theorem sub_eq_iff_eq_add' {b a c : Nat} (h : b ≤ a) : a - b = c ↔ a = b + c := by omega
protected theorem sub_eq_zero_iff_le {n m : Nat} : n - m = 0 ↔ n ≤ m := by omega
protected theorem le_of_sub_eq_zero {n m : Nat} (h : n - m = 0) : n ≤ m := by omega
protected theorem sub_pos_of_lt {m n : Nat} (h : m < n) : 0 < n - m := by omega
protected theorem sub_pos_iff_lt {m n : Nat} : 0 < n - m ↔ m < n := by omega
theorem zero_lt_sub_of_lt {i a : Nat} (h : i < a) : 0 < a - i := by omega
theorem sub_ne_zero_of_lt {a b : Nat} (h : a < b) : b - a ≠ 0 := by omega
protected theorem lt_of_sub_pos {m n : Nat} (h : 0 < n - m) : m < n := by omega
protected theorem sub_le_sub_left {n m : Nat} (h : n ≤ m) (k : Nat) : k - m ≤ k - n := by omega
protected theorem sub_le_sub_right {n m : Nat} (h : n ≤ m) (k : Nat) : n - k ≤ m - k := by omega
protected theorem sub_lt_sub_left {k m n : Nat} (h : k < m) (g : k < n) : m - n < m - k := by omega
protected theorem sub_lt_sub_right {a b c : Nat} (h : c ≤ a) (g : a < b) : a - c < b - c := by omega
protected theorem sub_le_iff_le_add {a b c : Nat} : a - b ≤ c ↔ a ≤ c + b := by omega
protected theorem sub_le_iff_le_add' {a b c : Nat} : a - b ≤ c ↔ a ≤ b + c := by omega
protected theorem le_sub_iff_add_le {x y k : Nat} (h : k ≤ y) : x ≤ y - k ↔ x + k ≤ y := by omega
protected theorem lt_sub_iff_add_lt {a b c : Nat} : a < c - b ↔ a + b < c := by omega
protected theorem sub_lt_iff_lt_add {a b c : Nat} (h : b ≤ a) : a - b < c ↔ a < c + b := by omega
theorem le_add_of_sub_le {a b c : Nat} (h : a - b ≤ c) : a ≤ c + b := by omega
theorem sub_le_of_le_add {a b c : Nat} (h : a ≤ c + b) : a - b ≤ c := by omega
theorem add_le_of_le_sub {a b c : Nat} (h : b ≤ c) (g : a ≤ c - b) : a + b ≤ c := by omega
theorem le_sub_of_add_le {a b c : Nat} (h : a + b ≤ c) : a ≤ c - b := by omega
theorem add_lt_of_lt_sub {a b c : Nat} (h : a < c - b) : a + b < c := by omega
theorem lt_sub_of_add_lt {a b c : Nat} (h : a + b < c) : a < c - b := by omega
theorem le_sub_one_of_lt {a b : Nat} (h : a < b) : a ≤ b - 1 := by omega
theorem le_pred_of_lt {n m : Nat} (h : n < m) : n ≤ m - 1 := by omega
theorem succ_sub {m n : Nat} (h : n ≤ m) : succ m - n = succ (m - n) := by omega
protected theorem sub_sub_self {n m : Nat} (h : m ≤ n) : n - (n - m) = m := by omega
protected theorem sub_sub_right (a : Nat) {b c : Nat} (h : c ≤ b) : a - (b - c) = a + c - b := by omega
theorem add_sub_self_left (a b : Nat) : a + b - a = b := by omega
theorem add_sub_self_right (a b : Nat) : a + b - b = a := by omega

-- Multiplication.
protected theorem mul_right_comm (n m k : Nat) : n * m * k = n * k * m := by rw [Nat.mul_assoc, Nat.mul_comm m k, Nat.mul_assoc]
protected theorem mul_mul_mul_comm (a b c d : Nat) : a * b * (c * d) = a * c * (b * d) := by
  rw [Nat.mul_assoc, Nat.mul_assoc, Nat.mul_left_comm b]
theorem mul_add_one (a b : Nat) : a * (b + 1) = a * b + a := rfl
theorem add_one_mul (a b : Nat) : (a + 1) * b = a * b + b := succ_mul a b
protected theorem mul_two (n : Nat) : n * 2 = n + n := by omega
protected theorem two_mul (n : Nat) : 2 * n = n + n := by omega
protected theorem mul_self_le_mul_self {m n : Nat} (h : m ≤ n) : m * m ≤ n * n :=
  Nat.le_trans (Nat.mul_le_mul_left m h) (by rw [Nat.mul_comm m n]; exact Nat.mul_le_mul_left n h)
protected theorem mul_le_mul_right {m n : Nat} (k : Nat) (h : m ≤ n) : m * k ≤ n * k := by
  rw [Nat.mul_comm m, Nat.mul_comm n]; exact Nat.mul_le_mul_left k h
protected theorem mul_le_mul {p q m n : Nat} (h₁ : p ≤ m) (h₂ : q ≤ n) : p * q ≤ m * n :=
  Nat.le_trans (Nat.mul_le_mul_right q h₁) (Nat.mul_le_mul_left m h₂)
protected theorem mul_lt_mul_of_pos_left {n m k : Nat} (h : n < m) (hk : k > 0) : k * n < k * m :=
  Nat.lt_of_lt_of_le (Nat.lt_add_of_pos_right hk) (mul_succ k n ▸ Nat.mul_le_mul_left k (succ_le_of_lt h))
protected theorem mul_lt_mul_of_pos_right {n m k : Nat} (h : n < m) (hk : k > 0) : n * k < m * k := by
  rw [Nat.mul_comm n, Nat.mul_comm m]; exact Nat.mul_lt_mul_of_pos_left h hk
protected theorem mul_lt_mul_of_lt_of_le {a b c d : Nat} (hac : a < c) (hbd : b ≤ d) (hd : 0 < d) : a * b < c * d :=
  Nat.lt_of_le_of_lt (Nat.mul_le_mul_left a hbd) (Nat.mul_lt_mul_of_pos_right hac hd)
protected theorem mul_lt_mul_of_le_of_lt {a b c d : Nat} (hac : a ≤ c) (hbd : b < d) (hc : 0 < c) : a * b < c * d :=
  Nat.lt_of_le_of_lt (Nat.mul_le_mul_right b hac) (Nat.mul_lt_mul_of_pos_left hbd hc)
protected theorem mul_lt_mul'' {a b c d : Nat} (hac : a < c) (hbd : b < d) : a * b < c * d :=
  Nat.mul_lt_mul_of_lt_of_le hac (Nat.le_of_lt hbd) (by omega)
protected theorem mul_pos {m n : Nat} (h : 0 < m) (g : 0 < n) : 0 < m * n := by
  have := Nat.mul_lt_mul_of_pos_right h g
  rw [Nat.zero_mul] at this; exact this
protected theorem pos_of_mul_pos_left {a b : Nat} (h : 0 < a * b) : 0 < b := by
  cases b with | zero => exact absurd h (by rw [Nat.mul_zero]; exact Nat.lt_irrefl 0) | succ b => exact succ_pos b
protected theorem pos_of_mul_pos_right {a b : Nat} (h : 0 < a * b) : 0 < a := Nat.pos_of_mul_pos_left (a := b) (Nat.mul_comm a b ▸ h)
@[simp] protected theorem mul_pos_iff_of_pos_left {a b : Nat} (h : 0 < a) : 0 < a * b ↔ 0 < b := ⟨Nat.pos_of_mul_pos_left, Nat.mul_pos h⟩
@[simp] protected theorem mul_pos_iff_of_pos_right {a b : Nat} (h : 0 < b) : 0 < a * b ↔ 0 < a := ⟨Nat.pos_of_mul_pos_right, fun k => Nat.mul_pos k h⟩
protected theorem mul_ne_zero {n m : Nat} (h : n ≠ 0) (g : m ≠ 0) : n * m ≠ 0 := by
  have := Nat.mul_pos (Nat.pos_of_ne_zero h) (Nat.pos_of_ne_zero g); omega
@[simp] protected theorem mul_eq_zero {m n : Nat} : n * m = 0 ↔ n = 0 ∨ m = 0 :=
  ⟨fun h => Decidable.byContradiction fun k => Nat.mul_ne_zero (fun e => k (.inl e)) (fun e => k (.inr e)) h,
   fun h => h.elim (fun e => by rw [e, Nat.zero_mul]) (fun e => by rw [e, Nat.mul_zero])⟩
protected theorem mul_ne_zero_iff {n m : Nat} : n * m ≠ 0 ↔ n ≠ 0 ∧ m ≠ 0 := by rw [Ne, Nat.mul_eq_zero, not_or]
protected theorem eq_zero_of_mul_eq_zero {n m : Nat} (h : n * m = 0) : n = 0 ∨ m = 0 := Nat.mul_eq_zero.1 h
protected theorem le_of_mul_le_mul_left {a b c : Nat} (h : c * a ≤ c * b) (hc : 0 < c) : a ≤ b :=
  (Nat.lt_or_ge b a).elim (fun g => absurd h (Nat.not_le_of_gt (Nat.mul_lt_mul_of_pos_left g hc))) id
protected theorem le_of_mul_le_mul_right {a b c : Nat} (h : a * c ≤ b * c) (hc : 0 < c) : a ≤ b := by
  rw [Nat.mul_comm a, Nat.mul_comm b] at h; exact Nat.le_of_mul_le_mul_left h hc
protected theorem lt_of_mul_lt_mul_left {a b c : Nat} (h : a * b < a * c) : b < c :=
  (Nat.lt_or_ge b c).elim id fun g => absurd h (Nat.not_lt_of_ge (Nat.mul_le_mul_left a g))
protected theorem lt_of_mul_lt_mul_right {a b c : Nat} (h : b * a < c * a) : b < c := by
  rw [Nat.mul_comm b, Nat.mul_comm c] at h; exact Nat.lt_of_mul_lt_mul_left h
protected theorem mul_le_mul_left_iff {w x y : Nat} (h : 0 < w) : w * x ≤ w * y ↔ x ≤ y :=
  ⟨fun k => Nat.le_of_mul_le_mul_left k h, Nat.mul_le_mul_left w⟩
protected theorem mul_le_mul_right_iff {w x y : Nat} (h : 0 < w) : x * w ≤ y * w ↔ x ≤ y :=
  ⟨fun k => Nat.le_of_mul_le_mul_right k h, Nat.mul_le_mul_right w⟩
protected theorem mul_lt_mul_left {a b c : Nat} (h : 0 < a) : a * b < a * c ↔ b < c := ⟨Nat.lt_of_mul_lt_mul_left, fun g => Nat.mul_lt_mul_of_pos_left g h⟩
protected theorem mul_lt_mul_right {a b c : Nat} (h : 0 < a) : b * a < c * a ↔ b < c := ⟨Nat.lt_of_mul_lt_mul_right, fun g => Nat.mul_lt_mul_of_pos_right g h⟩
protected theorem eq_of_mul_eq_mul_left {m k n : Nat} (hn : 0 < n) (h : n * m = n * k) : m = k :=
  Nat.le_antisymm (Nat.le_of_mul_le_mul_left (Nat.le_of_eq h) hn) (Nat.le_of_mul_le_mul_left (Nat.le_of_eq h.symm) hn)
protected theorem eq_of_mul_eq_mul_right {n m k : Nat} (hm : 0 < m) (h : n * m = k * m) : n = k := by
  rw [Nat.mul_comm n, Nat.mul_comm k] at h; exact Nat.eq_of_mul_eq_mul_left hm h
protected theorem mul_left_cancel {n m k : Nat} (hn : 0 < n) (h : n * m = n * k) : m = k := Nat.eq_of_mul_eq_mul_left hn h
protected theorem mul_right_cancel {n m k : Nat} (hm : 0 < m) (h : n * m = k * m) : n = k := Nat.eq_of_mul_eq_mul_right hm h
protected theorem mul_left_cancel_iff {n : Nat} (hn : 0 < n) {m k : Nat} : n * m = n * k ↔ m = k := ⟨Nat.mul_left_cancel hn, fun h => h ▸ rfl⟩
protected theorem mul_right_cancel_iff {m : Nat} (hm : 0 < m) {n k : Nat} : n * m = k * m ↔ n = k := ⟨Nat.mul_right_cancel hm, fun h => h ▸ rfl⟩
theorem le_mul_of_pos_left {n : Nat} (m : Nat) (h : 0 < n) : m ≤ n * m := by
  have := Nat.mul_le_mul_right m h; omega
theorem le_mul_of_pos_right {n : Nat} (m : Nat) (h : 0 < n) : m ≤ m * n := by rw [Nat.mul_comm]; exact le_mul_of_pos_left m h
theorem le_mul_self (m : Nat) : m ≤ m * m := by
  cases m with | zero => exact Nat.le_refl 0 | succ m => exact le_mul_of_pos_left _ (succ_pos m)
protected theorem mul_sub_right_distrib (n m k : Nat) : (n - m) * k = n * k - m * k := by
  cases Nat.le_total n m with
  | inl h => rw [sub_eq_zero_of_le h, Nat.zero_mul, sub_eq_zero_of_le (Nat.mul_le_mul_right k h)]
  | inr h => obtain ⟨d, rfl⟩ := le.dest h; rw [Nat.add_sub_cancel_left, Nat.add_mul, Nat.add_sub_cancel_left]
protected theorem mul_sub_left_distrib (n m k : Nat) : n * (m - k) = n * m - n * k := by
  rw [Nat.mul_comm, Nat.mul_sub_right_distrib, Nat.mul_comm m, Nat.mul_comm k]
protected theorem sub_mul (n m k : Nat) : (n - m) * k = n * k - m * k := Nat.mul_sub_right_distrib n m k
protected theorem mul_sub (k m n : Nat) : k * (m - n) = k * m - k * n := Nat.mul_sub_left_distrib k m n
theorem mul_self_sub_mul_self_eq (a b : Nat) : a * a - b * b = (a + b) * (a - b) := by
  rw [Nat.mul_sub, Nat.add_mul, Nat.add_mul, Nat.mul_comm b a]; omega
theorem mul_eq_one_iff {a b : Nat} : a * b = 1 ↔ a = 1 ∧ b = 1 := by
  constructor
  · intro h
    cases a with
    | zero => rw [Nat.zero_mul] at h; exact absurd h (by decide)
    | succ a => cases b with
      | zero => rw [Nat.mul_zero] at h; exact absurd h (by decide)
      | succ b =>
        rw [add_one_mul, mul_add_one] at h
        have : a * b = 0 := by omega
        omega
  · intro ⟨h, g⟩; rw [h, g]

-- Powers.
attribute [simp] Nat.pow_zero
theorem pow_succ' {m n : Nat} : m ^ (n + 1) = m * m ^ n := by rw [Nat.pow_succ, Nat.mul_comm]
theorem pow_add_one {b n : Nat} : b ^ (n + 1) = b ^ n * b := rfl
@[simp] protected theorem pow_one (a : Nat) : a ^ 1 = a := Nat.one_mul a
@[simp] protected theorem one_pow (n : Nat) : 1 ^ n = 1 := by
  induction n with | zero => rfl | succ n ih => rw [Nat.pow_succ, ih]
protected theorem zero_pow {n : Nat} (h : 0 < n) : 0 ^ n = 0 := by
  cases n with | zero => exact absurd h (Nat.lt_irrefl 0) | succ n => rfl
protected theorem pow_two (a : Nat) : a ^ 2 = a * a := by rw [Nat.pow_succ, Nat.pow_one]
protected theorem pow_add (a m n : Nat) : a ^ (m + n) = a ^ m * a ^ n := by
  induction n with
  | zero => rw [Nat.add_zero, Nat.pow_zero, Nat.mul_one]
  | succ n ih => rw [← Nat.add_assoc, Nat.pow_succ, Nat.pow_succ, ih, Nat.mul_assoc]
protected theorem pow_add' (a m n : Nat) : a ^ (m + n) = a ^ n * a ^ m := by rw [Nat.pow_add, Nat.mul_comm]
protected theorem pow_mul (a m n : Nat) : a ^ (m * n) = (a ^ m) ^ n := by
  induction n with
  | zero => rfl
  | succ n ih => rw [mul_add_one, Nat.pow_add, ih, Nat.pow_succ]
protected theorem pow_mul' (a m n : Nat) : a ^ (m * n) = (a ^ n) ^ m := by rw [Nat.mul_comm, Nat.pow_mul]
protected theorem pow_right_comm (a m n : Nat) : (a ^ m) ^ n = (a ^ n) ^ m := by rw [← Nat.pow_mul, Nat.pow_mul']
protected theorem mul_pow (a b n : Nat) : (a * b) ^ n = a ^ n * b ^ n := by
  induction n with
  | zero => rfl
  | succ n ih => rw [Nat.pow_succ, Nat.pow_succ, Nat.pow_succ, ih, Nat.mul_mul_mul_comm]
protected theorem pow_le_pow_left {m n : Nat} (h : m ≤ n) (i : Nat) : m ^ i ≤ n ^ i := by
  induction i with
  | zero => exact Nat.le_refl 1
  | succ i ih => rw [Nat.pow_succ, Nat.pow_succ]; exact Nat.mul_le_mul ih h
protected theorem pow_le_pow_right {n m k : Nat} (h : n > 0) (g : m ≤ k) : n ^ m ≤ n ^ k := by
  obtain ⟨d, rfl⟩ := le.dest g
  rw [Nat.pow_add]; exact le_mul_of_pos_right _ (Nat.pow_pos h)
theorem pow_le_pow_of_le_left {m n : Nat} (h : m ≤ n) (i : Nat) : m ^ i ≤ n ^ i := Nat.pow_le_pow_left h i
theorem pow_le_pow_of_le_right {n : Nat} (h : n > 0) {i j : Nat} (g : i ≤ j) : n ^ i ≤ n ^ j := Nat.pow_le_pow_right h g
theorem pos_pow_of_pos {b : Nat} (n : Nat) (h : 0 < b) : 0 < b ^ n := Nat.pow_pos h
protected theorem pow_lt_pow_left {a b n : Nat} (h : a < b) (g : n ≠ 0) : a ^ n < b ^ n := by
  cases n with
  | zero => exact absurd rfl g
  | succ n => rw [Nat.pow_succ, Nat.pow_succ]; exact Nat.mul_lt_mul_of_le_of_lt (Nat.pow_le_pow_left (Nat.le_of_lt h) n) h (Nat.pow_pos (zero_lt_of_lt h))
protected theorem pow_lt_pow_succ {a n : Nat} (h : 1 < a) : a ^ n < a ^ (n + 1) := by
  rw [Nat.pow_succ]
  have := Nat.mul_lt_mul_of_pos_left h (Nat.pow_pos (n := n) (zero_lt_of_lt h))
  rw [Nat.mul_one] at this; exact this
protected theorem pow_lt_pow_right {a n m : Nat} (h : 1 < a) (g : n < m) : a ^ n < a ^ m :=
  Nat.lt_of_lt_of_le (Nat.pow_lt_pow_succ h) (Nat.pow_le_pow_right (zero_lt_of_lt h) g)
theorem lt_pow_self {n b : Nat} (h : 1 < b) : n < b ^ n := by
  induction n with
  | zero => exact succ_pos 0
  | succ n ih => exact Nat.lt_of_le_of_lt ih (Nat.pow_lt_pow_succ h)
theorem lt_two_pow_self {n : Nat} : n < 2 ^ n := lt_pow_self (by decide)
theorem one_lt_two_pow {n : Nat} (h : n ≠ 0) : 1 < 2 ^ n := by have := lt_two_pow_self (n := n); omega
@[simp] theorem two_pow_pos (w : Nat) : 0 < 2 ^ w := Nat.pow_pos (by decide)
theorem one_le_two_pow {n : Nat} : 1 ≤ 2 ^ n := two_pow_pos n

-- Divisibility.
protected theorem dvd_def {a b : Nat} : (a ∣ b) = ∃ c, b = a * c := rfl
@[simp] protected theorem dvd_refl (a : Nat) : a ∣ a := ⟨1, (Nat.mul_one a).symm⟩
protected theorem dvd_rfl {a : Nat} : a ∣ a := Nat.dvd_refl a
@[simp] protected theorem dvd_zero (a : Nat) : a ∣ 0 := ⟨0, rfl⟩
@[simp] protected theorem one_dvd (n : Nat) : 1 ∣ n := ⟨n, (Nat.one_mul n).symm⟩
protected theorem eq_zero_of_zero_dvd {a : Nat} (h : 0 ∣ a) : a = 0 := h.elim fun c e => e.trans (Nat.zero_mul c)
@[simp] protected theorem zero_dvd {n : Nat} : 0 ∣ n ↔ n = 0 := ⟨Nat.eq_zero_of_zero_dvd, fun h => h ▸ Nat.dvd_refl 0⟩
@[simp] protected theorem dvd_mul_left (a b : Nat) : a ∣ b * a := ⟨b, Nat.mul_comm b a⟩
@[simp] protected theorem dvd_mul_right (a b : Nat) : a ∣ a * b := ⟨b, rfl⟩
protected theorem dvd_trans {a b c : Nat} (h : a ∣ b) (g : b ∣ c) : a ∣ c := by
  obtain ⟨d, rfl⟩ := h; obtain ⟨e, rfl⟩ := g; exact ⟨d * e, Nat.mul_assoc a d e⟩
protected theorem dvd_mul_left_of_dvd {a b : Nat} (h : a ∣ b) (c : Nat) : a ∣ c * b := Nat.dvd_trans h (Nat.dvd_mul_left b c)
protected theorem dvd_mul_right_of_dvd {a b : Nat} (h : a ∣ b) (c : Nat) : a ∣ b * c := Nat.dvd_trans h (Nat.dvd_mul_right b c)
protected theorem dvd_of_mul_right_dvd {m n k : Nat} (h : m * n ∣ k) : m ∣ k := Nat.dvd_trans (Nat.dvd_mul_right m n) h
protected theorem dvd_of_mul_left_dvd {m n k : Nat} (h : m * n ∣ k) : n ∣ k := Nat.dvd_trans (Nat.dvd_mul_left n m) h
protected theorem dvd_add {a b c : Nat} (h : a ∣ b) (g : a ∣ c) : a ∣ b + c := by
  obtain ⟨d, rfl⟩ := h; obtain ⟨e, rfl⟩ := g; exact ⟨d + e, (Nat.mul_add a d e).symm⟩
protected theorem dvd_sub {k m n : Nat} (h : k ∣ m) (g : k ∣ n) : k ∣ m - n := by
  obtain ⟨d, rfl⟩ := h; obtain ⟨e, rfl⟩ := g; exact ⟨d - e, (Nat.mul_sub k d e).symm⟩
protected theorem dvd_add_right {m k n : Nat} (h : k ∣ m) : k ∣ m + n ↔ k ∣ n :=
  ⟨fun g => by have := Nat.dvd_sub g h; rw [Nat.add_sub_cancel_left] at this; exact this, Nat.dvd_add h⟩
protected theorem dvd_add_left {m k n : Nat} (h : k ∣ n) : k ∣ m + n ↔ k ∣ m := by rw [Nat.add_comm]; exact Nat.dvd_add_right h
protected theorem dvd_add_iff_right {k m n : Nat} (h : k ∣ m) : k ∣ n ↔ k ∣ m + n := (Nat.dvd_add_right h).symm
protected theorem dvd_add_iff_left {k m n : Nat} (h : k ∣ n) : k ∣ m ↔ k ∣ m + n := (Nat.dvd_add_left h).symm
theorem le_of_dvd {m n : Nat} (h : 0 < n) (g : m ∣ n) : m ≤ n := by
  obtain ⟨c, rfl⟩ := g; exact le_mul_of_pos_right m (Nat.pos_of_mul_pos_left h)
theorem pos_of_dvd_of_pos {m n : Nat} (h : m ∣ n) (g : 0 < n) : 0 < m := by
  obtain ⟨c, rfl⟩ := h; exact Nat.pos_of_mul_pos_right g
protected theorem dvd_antisymm {m n : Nat} (h : m ∣ n) (g : n ∣ m) : m = n := by
  cases eq_zero_or_pos n with
  | inl z => rw [z] at g; rw [z, Nat.eq_zero_of_zero_dvd g]
  | inr p => exact Nat.le_antisymm (le_of_dvd p h) (le_of_dvd (pos_of_dvd_of_pos h p) g)
theorem eq_one_of_dvd_one {n : Nat} (h : n ∣ 1) : n = 1 := Nat.dvd_antisymm h (Nat.one_dvd n)
@[simp] theorem dvd_one {n : Nat} : n ∣ 1 ↔ n = 1 := ⟨eq_one_of_dvd_one, fun h => h ▸ Nat.dvd_refl 1⟩
theorem eq_zero_of_dvd_of_lt {a b : Nat} (h : a ∣ b) (g : b < a) : b = 0 :=
  (eq_zero_or_pos b).elim id fun p => absurd (le_of_dvd p h) (Nat.not_le_of_gt g)
theorem mod_eq_zero_iff_dvd {k n : Nat} : n % k = 0 ↔ k ∣ n := ⟨dvd_of_mod_eq_zero, mod_eq_zero_of_dvd⟩
theorem dvd_iff_mod_eq_zero {k n : Nat} : k ∣ n ↔ n % k = 0 := ⟨mod_eq_zero_of_dvd, dvd_of_mod_eq_zero⟩
@[implicit_reducible] instance decidable_dvd (a b : Nat) : Decidable (a ∣ b) := decidable_of_iff (b % a = 0) mod_eq_zero_iff_dvd
protected theorem mul_dvd_mul {a b c d : Nat} (h : a ∣ b) (g : c ∣ d) : a * c ∣ b * d := by
  obtain ⟨e, rfl⟩ := h; obtain ⟨f, rfl⟩ := g; exact ⟨e * f, Nat.mul_mul_mul_comm a e c f⟩
protected theorem mul_dvd_mul_left {b c : Nat} (a : Nat) (h : b ∣ c) : a * b ∣ a * c := Nat.mul_dvd_mul (Nat.dvd_refl a) h
protected theorem mul_dvd_mul_right {a b : Nat} (h : a ∣ b) (c : Nat) : a * c ∣ b * c := Nat.mul_dvd_mul h (Nat.dvd_refl c)
protected theorem dvd_of_mul_dvd_mul_left {k m n : Nat} (p : 0 < k) (h : k * m ∣ k * n) : m ∣ n := by
  obtain ⟨c, e⟩ := h; rw [Nat.mul_assoc] at e; exact ⟨c, Nat.eq_of_mul_eq_mul_left p e⟩
protected theorem dvd_of_mul_dvd_mul_right {k m n : Nat} (p : 0 < k) (h : m * k ∣ n * k) : m ∣ n := by
  rw [Nat.mul_comm m, Nat.mul_comm n] at h; exact Nat.dvd_of_mul_dvd_mul_left p h
theorem pow_dvd_pow {m n : Nat} (a : Nat) (h : m ≤ n) : a ^ m ∣ a ^ n := by
  obtain ⟨d, rfl⟩ := le.dest h; exact ⟨a ^ d, Nat.pow_add a m d⟩

-- Division and remainder.
theorem div_mul_le_self (m n : Nat) : m / n * n ≤ m := by have := div_add_mod m n; rw [Nat.mul_comm]; omega
theorem mul_div_le (m n : Nat) : n * (m / n) ≤ m := by rw [Nat.mul_comm]; exact div_mul_le_self m n
theorem div_add_mod' (m n : Nat) : m / n * n + m % n = m := by rw [Nat.mul_comm]; exact div_add_mod m n
theorem mod_add_div' (m n : Nat) : m % n + m / n * n = m := by rw [Nat.add_comm]; exact div_add_mod' m n
theorem lt_mul_div_succ (a : Nat) {b : Nat} (h : 0 < b) : a < b * (a / b + 1) := by
  have := div_add_mod a b; have := mod_lt a h; rw [mul_add_one]; omega
theorem div_eq_of_lt_le {k n m : Nat} (lo : k * n ≤ m) (hi : m < (k + 1) * n) : m / n = k := by
  have p : 0 < n := (eq_zero_or_pos n).elim (fun e => by rw [e, Nat.mul_zero] at hi; exact absurd hi (not_lt_zero m)) id
  apply Nat.le_antisymm
  · apply le_of_lt_succ
    apply Nat.lt_of_mul_lt_mul_right (a := n)
    exact Nat.lt_of_le_of_lt (div_mul_le_self m n) hi
  · apply le_of_lt_succ
    apply Nat.lt_of_mul_lt_mul_left (a := n)
    rw [Nat.mul_comm n k]; exact Nat.lt_of_le_of_lt lo (lt_mul_div_succ m p)
theorem div_eq_of_lt {a b : Nat} (h : a < b) : a / b = 0 := div_eq_of_lt_le (by rw [Nat.zero_mul]; exact zero_le a) (by rw [Nat.zero_add, Nat.one_mul]; exact h)
theorem mod_eq_of_lt {a b : Nat} (h : a < b) : a % b = a := by
  have := div_add_mod a b; rw [div_eq_of_lt h, Nat.mul_zero, Nat.zero_add] at this; exact this
@[simp] protected theorem zero_div (b : Nat) : 0 / b = 0 := by
  cases b with | zero => rfl | succ b => exact div_eq_of_lt (succ_pos b)
@[simp] theorem zero_mod (b : Nat) : 0 % b = 0 := by
  cases b with | zero => rfl | succ b => exact mod_eq_of_lt (succ_pos b)
@[simp] protected theorem div_one (n : Nat) : n / 1 = n := by omega
@[simp] theorem mod_one (x : Nat) : x % 1 = 0 := by omega
theorem mod_two_eq_zero_or_one (n : Nat) : n % 2 = 0 ∨ n % 2 = 1 := by omega
theorem mod_le (x y : Nat) : x % y ≤ x := by have := div_add_mod x y; omega
theorem div_le_self (n k : Nat) : n / k ≤ n := by
  cases eq_zero_or_pos k with
  | inl h => rw [h, Nat.div_zero]; exact zero_le n
  | inr h => exact Nat.le_trans (le_mul_of_pos_right _ h) (div_mul_le_self n k)
theorem div_lt_self {n k : Nat} (h : 0 < n) (g : 1 < k) : n / k < n := by
  have a := div_mul_le_self n k
  cases eq_zero_or_pos (n / k) with
  | inl e => rw [e]; exact h
  | inr p =>
    have b := Nat.mul_lt_mul_of_pos_left g p
    rw [Nat.mul_one] at b; exact Nat.lt_of_lt_of_le b a
protected theorem mul_div_cancel (m : Nat) {n : Nat} (h : 0 < n) : m * n / n = m :=
  div_eq_of_lt_le (Nat.le_refl _) (by rw [add_one_mul]; omega)
protected theorem mul_div_cancel_left (m : Nat) {n : Nat} (h : 0 < n) : n * m / n = m := by rw [Nat.mul_comm]; exact Nat.mul_div_cancel m h
attribute [simp] Nat.mul_div_cancel Nat.mul_div_cancel_left
@[simp] protected theorem div_self {n : Nat} (h : 0 < n) : n / n = 1 := by
  have := Nat.mul_div_cancel 1 h; rw [Nat.one_mul] at this; exact this
protected theorem mul_div_cancel' {n m : Nat} (h : n ∣ m) : n * (m / n) = m := by
  have := div_add_mod m n; rw [mod_eq_zero_of_dvd h] at this; exact this
protected theorem div_mul_cancel {n m : Nat} (h : n ∣ m) : m / n * n = m := by rw [Nat.mul_comm]; exact Nat.mul_div_cancel' h
@[simp] theorem mul_mod_right (x z : Nat) : x * z % x = 0 := mod_eq_zero_of_dvd (Nat.dvd_mul_right x z)
@[simp] theorem mul_mod_left (m n : Nat) : m * n % n = 0 := mod_eq_zero_of_dvd (Nat.dvd_mul_left n m)
@[simp] theorem mod_self (n : Nat) : n % n = 0 := mod_eq_zero_of_dvd (Nat.dvd_refl n)
theorem add_mul_div_left (x z : Nat) {y : Nat} (h : 0 < y) : (x + y * z) / y = x / y + z := by
  have a := div_add_mod x y; have b := mod_lt x h
  apply div_eq_of_lt_le
  · rw [Nat.add_mul, Nat.mul_comm z y, Nat.mul_comm (x / y)]; omega
  · rw [Nat.add_mul, Nat.add_mul, Nat.mul_comm z y, Nat.mul_comm (x / y)]; omega
theorem add_mul_div_right (x y : Nat) {z : Nat} (h : 0 < z) : (x + y * z) / z = x / z + y := by rw [Nat.mul_comm y z]; exact add_mul_div_left x y h
@[simp] theorem add_mul_mod_self_left (x y z : Nat) : (x + y * z) % y = x % y := by
  cases eq_zero_or_pos y with
  | inl e => rw [e, Nat.zero_mul, Nat.add_zero]
  | inr p =>
    have a := div_add_mod x y; have b := div_add_mod (x + y * z) y
    rw [add_mul_div_left x z p, Nat.mul_add] at b; omega
@[simp] theorem add_mul_mod_self_right (x y z : Nat) : (x + y * z) % z = x % z := by rw [Nat.mul_comm, add_mul_mod_self_left]
@[simp] theorem add_mod_right (x z : Nat) : (x + z) % z = x % z := by
  have := add_mul_mod_self_left x z 1; rw [Nat.mul_one] at this; exact this
@[simp] theorem add_mod_left (x z : Nat) : (x + z) % x = z % x := by rw [Nat.add_comm, add_mod_right]
theorem add_div_right (x : Nat) {z : Nat} (h : 0 < z) : (x + z) / z = x / z + 1 := by
  have := add_mul_div_left x 1 h; rw [Nat.mul_one] at this; exact this
theorem add_div_left (x : Nat) {z : Nat} (h : 0 < z) : (z + x) / z = x / z + 1 := by rw [Nat.add_comm, add_div_right x h]
@[simp] theorem mod_mod (a n : Nat) : a % n % n = a % n := by
  cases eq_zero_or_pos n with
  | inl e => rw [e, mod_zero]
  | inr p => exact mod_eq_of_lt (mod_lt a p)
@[simp] theorem mod_add_mod (m n k : Nat) : (m % n + k) % n = (m + k) % n := by
  have a := add_mul_mod_self_left (m % n + k) n (m / n)
  have b := div_add_mod m n
  rw [← a]; congr 1; omega
@[simp] theorem add_mod_mod (m n k : Nat) : (m + n % k) % k = (m + n) % k := by rw [Nat.add_comm, mod_add_mod, Nat.add_comm]
theorem add_mod (a b n : Nat) : (a + b) % n = (a % n + b % n) % n := by rw [add_mod_mod, mod_add_mod]
theorem mul_mod (a b n : Nat) : a * b % n = a % n * (b % n) % n := by
  have e : a * b = a % n * (b % n) + n * (a / n * b + a % n * (b / n)) := by
    have ha := div_add_mod a n; have hb := div_add_mod b n
    have h1 : a * b = n * (a / n) * b + a % n * b := by rw [← Nat.add_mul, ha]
    have h2 : a % n * b = a % n * (n * (b / n)) + a % n * (b % n) := by rw [← Nat.mul_add, hb]
    rw [h1, h2, Nat.mul_add, Nat.mul_assoc, Nat.mul_left_comm (a % n) n]; omega
  rw [e, add_mul_mod_self_left]
@[simp] theorem mod_mul_mod (a b c : Nat) : a % c * b % c = a * b % c := by rw [mul_mod, mod_mod, ← mul_mod]
@[simp] theorem mul_mod_mod (a b c : Nat) : a * (b % c) % c = a * b % c := by rw [mul_mod, mod_mod, ← mul_mod]
theorem pow_mod (a b n : Nat) : a ^ b % n = (a % n) ^ b % n := by
  induction b with
  | zero => rfl
  | succ b ih => rw [Nat.pow_succ, Nat.pow_succ, mul_mod, ih, mod_mul_mod]
theorem le_div_iff_mul_le {k x y : Nat} (h : 0 < k) : x ≤ y / k ↔ x * k ≤ y :=
  ⟨fun g => Nat.le_trans (Nat.mul_le_mul_right k g) (div_mul_le_self y k),
   fun g => le_of_lt_succ (Nat.lt_of_mul_lt_mul_left (a := k) (by rw [Nat.mul_comm k x]; exact Nat.lt_of_le_of_lt g (lt_mul_div_succ y h)))⟩
theorem div_lt_iff_lt_mul {k x y : Nat} (h : 0 < k) : x / k < y ↔ x < y * k := by
  rw [← Nat.not_le, ← Nat.not_le, le_div_iff_mul_le h]
theorem div_le_div_right {a b c : Nat} (h : a ≤ b) : a / c ≤ b / c := by
  cases eq_zero_or_pos c with
  | inl e => rw [e, Nat.div_zero, Nat.div_zero]; exact Nat.le_refl 0
  | inr p => exact (le_div_iff_mul_le p).2 (Nat.le_trans (div_mul_le_self a c) h)
theorem div_le_of_le_mul {m n k : Nat} (h : m ≤ k * n) : m / k ≤ n := by
  cases eq_zero_or_pos k with
  | inl e => rw [e, Nat.div_zero]; exact zero_le n
  | inr p => exact le_of_lt_succ ((div_lt_iff_lt_mul p).2 (by rw [succ_mul, Nat.mul_comm n]; omega))
theorem div_lt_of_lt_mul {m n k : Nat} (h : m < n * k) : m / n < k :=
  (div_lt_iff_lt_mul (Nat.pos_of_mul_pos_right (zero_lt_of_lt h))).2 (by rw [Nat.mul_comm]; exact h)
theorem div_pos {a b : Nat} (h : b ≤ a) (g : 0 < b) : 0 < a / b := (le_div_iff_mul_le g).2 (by rw [succ_mul, Nat.zero_mul, Nat.zero_add]; exact h)
theorem div_div_eq_div_mul (m n k : Nat) : m / n / k = m / (n * k) := by
  cases eq_zero_or_pos n with
  | inl e => rw [e, Nat.zero_mul, Nat.div_zero, Nat.zero_div]
  | inr p =>
    cases eq_zero_or_pos k with
    | inl e => rw [e, Nat.mul_zero, Nat.div_zero, Nat.div_zero]
    | inr q =>
      apply Nat.le_antisymm
      · rw [le_div_iff_mul_le (Nat.mul_pos p q), Nat.mul_comm n, ← Nat.mul_assoc]
        exact (le_div_iff_mul_le p).1 ((le_div_iff_mul_le q).1 (Nat.le_refl _))
      · rw [le_div_iff_mul_le q, le_div_iff_mul_le p, Nat.mul_assoc, Nat.mul_comm k]; exact div_mul_le_self m (n * k)
theorem div_eq_iff_eq_mul_left {b a c : Nat} (h : 0 < b) (g : b ∣ a) : a / b = c ↔ a = c * b :=
  ⟨fun e => by rw [← e, Nat.div_mul_cancel g], fun e => by rw [e]; exact Nat.mul_div_cancel c h⟩
protected theorem mul_div_assoc {k n : Nat} (m : Nat) (h : k ∣ n) : m * n / k = m * (n / k) := by
  cases eq_zero_or_pos k with
  | inl e => rw [e, Nat.div_zero, Nat.div_zero, Nat.mul_zero]
  | inr p =>
    obtain ⟨c, rfl⟩ := h
    rw [Nat.mul_left_comm, Nat.mul_div_cancel_left _ p, Nat.mul_div_cancel_left _ p]
protected theorem dvd_mod_iff {k m n : Nat} (h : k ∣ n) : k ∣ m % n ↔ k ∣ m := by
  have a := Nat.dvd_add_right (n := m % n) (Nat.dvd_trans h (Nat.dvd_mul_right n (m / n)))
  rw [div_add_mod] at a; exact a.symm

-- Minimum and maximum.
protected theorem min_def {n m : Nat} : min n m = if n ≤ m then n else m := rfl
protected theorem max_def {n m : Nat} : max n m = if n ≤ m then m else n := rfl
protected theorem min_eq_left {a b : Nat} (h : a ≤ b) : min a b = a := if_pos h
protected theorem min_eq_right {a b : Nat} (h : b ≤ a) : min a b = b := by omega
protected theorem max_eq_left {a b : Nat} (h : b ≤ a) : max a b = a := by omega
protected theorem max_eq_right {a b : Nat} (h : a ≤ b) : max a b = b := if_pos h
protected theorem min_le_left (a b : Nat) : min a b ≤ a := by omega
protected theorem min_le_right (a b : Nat) : min a b ≤ b := by omega
protected theorem le_max_left (a b : Nat) : a ≤ max a b := by omega
protected theorem le_max_right (a b : Nat) : b ≤ max a b := by omega
protected theorem le_min {a b c : Nat} : a ≤ min b c ↔ a ≤ b ∧ a ≤ c := by omega
protected theorem max_le {a b c : Nat} : max a b ≤ c ↔ a ≤ c ∧ b ≤ c := by omega
protected theorem le_min_of_le_of_le {a b c : Nat} (h : a ≤ b) (g : a ≤ c) : a ≤ min b c := by omega
protected theorem max_le_of_le_of_le {a b c : Nat} (h : a ≤ c) (g : b ≤ c) : max a b ≤ c := by omega
protected theorem lt_min {a b c : Nat} : a < min b c ↔ a < b ∧ a < c := by omega
protected theorem max_lt {a b c : Nat} : max a b < c ↔ a < c ∧ b < c := by omega
protected theorem min_comm (a b : Nat) : min a b = min b a := by omega
protected theorem max_comm (a b : Nat) : max a b = max b a := by omega
protected theorem min_assoc (a b c : Nat) : min (min a b) c = min a (min b c) := by omega
protected theorem max_assoc (a b c : Nat) : max (max a b) c = max a (max b c) := by omega
@[simp] protected theorem min_self (a : Nat) : min a a = a := by omega
@[simp] protected theorem max_self (a : Nat) : max a a = a := by omega
@[simp] protected theorem zero_min (a : Nat) : min 0 a = 0 := by omega
@[simp] protected theorem min_zero (a : Nat) : min a 0 = 0 := by omega
@[simp] protected theorem zero_max (a : Nat) : max 0 a = a := by omega
@[simp] protected theorem max_zero (a : Nat) : max a 0 = a := by omega

-- Greatest common divisor.
theorem gcd_dvd (m n : Nat) : gcd m n ∣ m ∧ gcd m n ∣ n := Lean.Omega.IntList.dvd_nat_gcdFuel (succ m) m n (lt_succ_self m)
theorem gcd_dvd_left (m n : Nat) : gcd m n ∣ m := (gcd_dvd m n).1
theorem gcd_dvd_right (m n : Nat) : gcd m n ∣ n := (gcd_dvd m n).2
theorem dvd_gcd {k m n : Nat} (h : k ∣ m) (g : k ∣ n) : k ∣ gcd m n := by
  have go : ∀ f m n, k ∣ m → k ∣ n → k ∣ gcdFuel f m n := fun f => by
    induction f with
    | zero => exact fun _ _ _ g => g
    | succ f ih =>
      intro m n h g
      show k ∣ cond (Nat.beq m 0) n (gcdFuel f (n % m) m)
      cases Nat.beq m 0 with
      | true => exact g
      | false => exact ih _ _ ((Nat.dvd_mod_iff h).2 g) h
  exact go (succ m) m n h g
theorem dvd_gcd_iff {k m n : Nat} : k ∣ gcd m n ↔ k ∣ m ∧ k ∣ n :=
  ⟨fun h => ⟨Nat.dvd_trans h (gcd_dvd_left m n), Nat.dvd_trans h (gcd_dvd_right m n)⟩, fun h => dvd_gcd h.1 h.2⟩
theorem gcd_comm (m n : Nat) : gcd m n = gcd n m :=
  Nat.dvd_antisymm (dvd_gcd (gcd_dvd_right m n) (gcd_dvd_left m n)) (dvd_gcd (gcd_dvd_right n m) (gcd_dvd_left n m))
theorem gcd_assoc (m n k : Nat) : gcd (gcd m n) k = gcd m (gcd n k) :=
  Nat.dvd_antisymm
    (dvd_gcd (Nat.dvd_trans (gcd_dvd_left _ k) (gcd_dvd_left m n)) (dvd_gcd (Nat.dvd_trans (gcd_dvd_left _ k) (gcd_dvd_right m n)) (gcd_dvd_right _ k)))
    (dvd_gcd (dvd_gcd (gcd_dvd_left m _) (Nat.dvd_trans (gcd_dvd_right m _) (gcd_dvd_left n k))) (Nat.dvd_trans (gcd_dvd_right m _) (gcd_dvd_right n k)))
@[simp] theorem gcd_self (n : Nat) : gcd n n = n := Nat.dvd_antisymm (gcd_dvd_left n n) (dvd_gcd (Nat.dvd_refl n) (Nat.dvd_refl n))
@[simp] theorem gcd_zero_left (y : Nat) : gcd 0 y = y := rfl
@[simp] theorem gcd_zero_right (n : Nat) : gcd n 0 = n := by rw [gcd_comm, gcd_zero_left]
@[simp] theorem gcd_one_left (n : Nat) : gcd 1 n = 1 := eq_one_of_dvd_one (gcd_dvd_left 1 n)
@[simp] theorem gcd_one_right (n : Nat) : gcd n 1 = 1 := eq_one_of_dvd_one (gcd_dvd_right n 1)
theorem gcd_eq_left {m n : Nat} (h : m ∣ n) : gcd m n = m := Nat.dvd_antisymm (gcd_dvd_left m n) (dvd_gcd (Nat.dvd_refl m) h)
theorem gcd_eq_right {m n : Nat} (h : n ∣ m) : gcd m n = n := by rw [gcd_comm, gcd_eq_left h]
theorem gcd_pos_of_pos_left {m : Nat} (n : Nat) (h : 0 < m) : 0 < gcd m n := pos_of_dvd_of_pos (gcd_dvd_left m n) h
theorem gcd_pos_of_pos_right (m : Nat) {n : Nat} (h : 0 < n) : 0 < gcd m n := pos_of_dvd_of_pos (gcd_dvd_right m n) h
theorem gcd_le_left {m : Nat} (n : Nat) (h : 0 < m) : gcd m n ≤ m := le_of_dvd h (gcd_dvd_left m n)
theorem gcd_le_right {m : Nat} (n : Nat) (h : 0 < n) : gcd m n ≤ n := le_of_dvd h (gcd_dvd_right m n)

-- Decisions over bounded numbers; induction.
protected theorem exists_eq_add_of_le {m n : Nat} (h : m ≤ n) : ∃ k, n = m + k := ⟨n - m, by omega⟩
protected theorem exists_eq_add_of_le' {m n : Nat} (h : m ≤ n) : ∃ k, n = k + m := ⟨n - m, by omega⟩
protected theorem exists_eq_add_of_lt {m n : Nat} (h : m < n) : ∃ k, n = m + k + 1 := ⟨n - m - 1, by omega⟩
instance decidableForallFin {n : Nat} (P : Fin n → Prop) [DecidablePred P] : Decidable (∀ i, P i) :=
  decidable_of_iff (∀ k, k < n → ∀ h : k < n, P ⟨k, h⟩) ⟨fun f i => f i.val i.isLt i.isLt, fun f _ h _ => f ⟨_, h⟩⟩
instance decidableBallLE (n : Nat) (P : (k : Nat) → Prop) [DecidablePred P] : Decidable (∀ k, k ≤ n → P k) :=
  decidable_of_iff (∀ k, k < n + 1 → P k) ⟨fun f k h => f k (lt_succ_of_le h), fun f k h => f k (le_of_lt_succ h)⟩
instance decidableExistsLT (p : Nat → Prop) [d : DecidablePred p] : (n : Nat) → Decidable (∃ m, m < n ∧ p m)
  | 0 => .isFalse fun ⟨m, h, _⟩ => not_lt_zero m h
  | n + 1 => match decidableExistsLT p n, d n with
    | .isTrue h, _ => .isTrue (h.elim fun m g => ⟨m, Nat.le_trans g.1 (le_succ n), g.2⟩)
    | _, .isTrue h => .isTrue ⟨n, lt_succ_self n, h⟩
    | .isFalse f, .isFalse g => .isFalse fun ⟨m, h, k⟩ =>
      (Nat.lt_or_ge m n).elim (fun l => f ⟨m, l, k⟩) fun l => g (Nat.le_antisymm (le_of_lt_succ h) l ▸ k)
instance decidableExistsLE (p : Nat → Prop) [DecidablePred p] (n : Nat) : Decidable (∃ m, m ≤ n ∧ p m) :=
  decidable_of_iff (∃ m, m < n + 1 ∧ p m) ⟨fun ⟨k, h, g⟩ => ⟨k, le_of_lt_succ h, g⟩, fun ⟨k, h, g⟩ => ⟨k, lt_succ_of_le h, g⟩⟩
instance decidableExistsFin {n : Nat} (P : Fin n → Prop) [DecidablePred P] : Decidable (∃ i, P i) :=
  decidable_of_iff (∃ k, k < n ∧ ∃ h : k < n, P ⟨k, h⟩) ⟨fun ⟨k, _, h, g⟩ => ⟨⟨k, h⟩, g⟩, fun ⟨i, g⟩ => ⟨i.val, i.isLt, i.isLt, g⟩⟩
@[elab_as_elim] noncomputable def strongRecOn {motive : Nat → Sort u} (n : Nat) (ind : ∀ n, (∀ m, m < n → motive m) → motive n) : motive n :=
  WellFounded.fix Nat.lt_wfRel.wf ind n
@[elab_as_elim] theorem strong_induction_on {p : Nat → Prop} (n : Nat) (h : ∀ n, (∀ m, m < n → p m) → p n) : p n := strongRecOn n h
@[elab_as_elim] theorem le_induction {m : Nat} {P : (n : Nat) → m ≤ n → Prop} (base : P m (Nat.le_refl m))
    (succ : ∀ n (h : m ≤ n), P n h → P (n + 1) (le_succ_of_le h)) (n : Nat) (h : m ≤ n) : P n h := by
  induction h with
  | refl => exact base
  | step h ih => exact succ _ h ih

-- What the simplification procedures for numbers with an offset name.
namespace Simproc
theorem sub_add_eq_comm (a b c : Nat) : a - (b + c) = a - c - b := by omega
theorem add_sub_add_le (a c : Nat) {b d : Nat} (h : b ≤ d) : a + b - (c + d) = a - (c + (d - b)) := by omega
theorem add_sub_add_ge (a c : Nat) {b d : Nat} (h : b ≥ d) : a + b - (c + d) = a + (b - d) - c := by omega
theorem add_sub_le (a : Nat) {b c : Nat} (h : b ≤ c) : a + b - c = a - (c - b) := by omega
theorem add_eq_gt (a : Nat) {b c : Nat} (h : b > c) : (a + b = c) = False := eq_false (by omega)
theorem eq_add_gt (a : Nat) {b c : Nat} (h : c > a) : (a = b + c) = False := eq_false (by omega)
theorem add_eq_add_le (a c : Nat) {b d : Nat} (h : b ≤ d) : (a + b = c + d) = (a = c + (d - b)) := propext (by omega)
theorem add_eq_add_ge (a c : Nat) {b d : Nat} (h : b ≥ d) : (a + b = c + d) = (a + (b - d) = c) := propext (by omega)
theorem add_eq_le (a : Nat) {b c : Nat} (h : b ≤ c) : (a + b = c) = (a = c - b) := propext (by omega)
theorem eq_add_le {a : Nat} (b : Nat) {c : Nat} (h : c ≤ a) : (a = b + c) = (b = a - c) := propext (by omega)
theorem add_le_add_le (a c : Nat) {b d : Nat} (h : b ≤ d) : (a + b ≤ c + d) = (a ≤ c + (d - b)) := propext (by omega)
theorem add_le_add_ge (a c : Nat) {b d : Nat} (h : b ≥ d) : (a + b ≤ c + d) = (a + (b - d) ≤ c) := propext (by omega)
theorem add_le_eq (a b : Nat) : (a + b ≤ b) = (a = 0) := propext (by omega)
theorem add_le_le (a : Nat) {b c : Nat} (h : b ≤ c) : (a + b ≤ c) = (a ≤ c - b) := propext (by omega)
theorem add_le_gt (a : Nat) {b c : Nat} (h : b > c) : (a + b ≤ c) = False := eq_false (by omega)
theorem add_lt_lt (a : Nat) {b c : Nat} (h : b < c) : (a + b < c) = (a < c - b) := propext (by omega)
theorem add_lt_ge (a : Nat) {b c : Nat} (h : b ≥ c) : (a + b < c) = False := eq_false (by omega)
theorem le_add_le (a : Nat) {b c : Nat} (h : a ≤ c) : (a ≤ b + c) = True := eq_true (by omega)
theorem le_add_ge {a : Nat} (b : Nat) {c : Nat} (h : a ≥ c) : (a ≤ b + c) = (a - c ≤ b) := propext (by omega)
theorem lt_add_ge {a : Nat} (b : Nat) {c : Nat} (h : a ≥ c) : (a < b + c) = (a - c < b) := propext (by omega)
theorem add_lt_add_le (a c : Nat) {b d : Nat} (h : b ≤ d) : (a + b < c + d) = (a < c + (d - b)) := propext (by omega)
theorem add_lt_add_ge (a c : Nat) {b d : Nat} (h : b ≥ d) : (a + b < c + d) = (a + (b - d) < c) := propext (by omega)
end Simproc
end Nat
instance {n : Nat} : Inhabited (Fin (n + 1)) := ⟨0⟩
@[ext] theorem Fin.ext {n : Nat} {a b : Fin n} (h : a.val = b.val) : a = b := Fin.eq_of_val_eq h
@[simp] theorem ge_iff_le {α : Type u} [LE α] {x y : α} : x ≥ y ↔ y ≤ x := Iff.rfl
@[simp] theorem gt_iff_lt {α : Type u} [LT α] {x y : α} : x > y ↔ y < x := Iff.rfl
