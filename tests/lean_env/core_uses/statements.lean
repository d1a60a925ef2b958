-- Explicit and implicit arguments in their order, as Lean 4's own library has them.
set_option linter.unusedVariables false
example : ∀ {a b : Prop}, a ∧ b ↔ b ∧ a := @and_comm
example : ∀ {a b c : Prop}, (a ∨ b) ∨ c ↔ a ∨ b ∨ c := @or_assoc
example : ∀ {a b c : Prop}, a ∧ (b ∨ c) ↔ a ∧ b ∨ a ∧ c := @and_or_left
example : ∀ {p q : Prop}, ¬(p ∨ q) ↔ ¬p ∧ ¬q := @not_or
example : ∀ {a b : Prop}, ¬(a ∧ b) ↔ (a → ¬b) := @not_and
example : ∀ {a : Prop}, (a → False) ↔ ¬a := @imp_false
example : ∀ {a b : Prop}, (a ↔ b) ↔ (a → b) ∧ (b → a) := @iff_def
example : ∀ {α : Type} {p : α → Prop}, (¬∃ x, p x) ↔ ∀ x, ¬p x := @not_exists
example : ∀ {α : Type} {p q : α → Prop}, (∀ x, p x ∧ q x) ↔ (∀ x, p x) ∧ ∀ x, q x := @forall_and
example : ∀ {α : Type} {p q : α → Prop}, (∃ x, p x ∨ q x) ↔ (∃ x, p x) ∨ ∃ x, q x := @exists_or
example : ∀ {a b : Prop}, (∃ _h : a, b) ↔ a ∧ b := @exists_prop
example : ∀ {α : Type} {a b : α}, a = b ↔ b = a := @eq_comm
example : ∀ {a b : Prop}, a ∨ b → ¬a → b := @Or.resolve_left
example : ∀ (p : Prop), p ∨ ¬p := @Classical.em
example : ∀ {p : Prop}, (¬p → False) → p := @Classical.byContradiction
example : ∀ {a : Prop}, ¬¬a ↔ a := @Classical.not_not
example : ∀ {α : Type} {p : α → Prop}, (¬∀ x, p x) ↔ ∃ x, ¬p x := @Classical.not_forall
example : ∀ {a b : Prop}, ¬(a → b) ↔ a ∧ ¬b := @Classical.not_imp
example : ∀ {p : Prop} [Decidable p], ¬¬p ↔ p := @Decidable.not_not
example : ∀ {c : Prop} {h : Decidable c}, c → ∀ {α : Type} {t e : α}, ite c t e = t := @if_pos
example : ∀ (n m : Nat), n + m = m + n := @Nat.add_comm
example : ∀ {n m k : Nat}, n + m = n + k → m = k := @Nat.add_left_cancel
example : ∀ (n m k : Nat), (n + m) * k = n * k + m * k := @Nat.add_mul
example : ∀ (n m k : Nat), n * (m * k) = m * (n * k) := @Nat.mul_left_comm
example : ∀ {n m : Nat}, n < m → n.succ ≤ m := @Nat.succ_le_of_lt
example : ∀ (n : Nat), ¬n < n := @Nat.lt_irrefl
example : ∀ {n m : Nat}, n ≤ m → m ≤ n → n = m := @Nat.le_antisymm
example : ∀ {n m : Nat}, n ≤ m → n ≠ m → n < m := @Nat.lt_of_le_of_ne
example : ∀ {m n : Nat}, m < n.succ ↔ m ≤ n := @Nat.lt_succ_iff
example : ∀ {n : Nat}, n ≠ 0 → 0 < n := @Nat.pos_of_ne_zero
example : ∀ {a b : Nat}, a.succ = b.succ ↔ a = b := @Nat.succ_inj
example : ∀ (n : Nat), n = 0 ∨ 0 < n := @Nat.eq_zero_or_pos
example : ∀ {n m : Nat}, m ≤ n → n - m + m = n := @Nat.sub_add_cancel
example : ∀ {m k : Nat}, k ≤ m → ∀ (n : Nat), n + m - k = n + (m - k) := @Nat.add_sub_assoc
example : ∀ {n m : Nat}, 0 < n → 0 < m → n - m < n := @Nat.sub_lt
example : ∀ {p q m n : Nat}, p ≤ m → q ≤ n → p * q ≤ m * n := @Nat.mul_le_mul
example : ∀ {m n : Nat} (k : Nat), m ≤ n → k * m ≤ k * n := @Nat.mul_le_mul_left
example : ∀ {m n : Nat}, 0 < m → 0 < n → 0 < m * n := @Nat.mul_pos
example : ∀ {m n : Nat}, n * m = 0 ↔ n = 0 ∨ m = 0 := @Nat.mul_eq_zero
example : ∀ {m k n : Nat}, 0 < n → n * m = n * k → m = k := @Nat.eq_of_mul_eq_mul_left
example : ∀ {b n : Nat}, b ^ (n + 1) = b ^ n * b := @Nat.pow_succ
example : ∀ (a m n : Nat), a ^ (m + n) = a ^ m * a ^ n := @Nat.pow_add
example : ∀ {m n : Nat}, m ≤ n → ∀ (i : Nat), m ^ i ≤ n ^ i := @Nat.pow_le_pow_left
example : ∀ {a b c : Nat}, a ∣ b → a ∣ c → a ∣ b + c := @Nat.dvd_add
example : ∀ (a b : Nat), a ∣ a * b := @Nat.dvd_mul_right
example : ∀ {a b c : Nat}, a ∣ b → b ∣ c → a ∣ c := @Nat.dvd_trans
example : ∀ {m n : Nat}, 0 < n → m ∣ n → m ≤ n := @Nat.le_of_dvd
example : ∀ (x : Nat) {y : Nat}, y > 0 → x % y < y := @Nat.mod_lt
example : ∀ (m n : Nat), n * (m / n) + m % n = m := @Nat.div_add_mod
example : ∀ (a b n : Nat), a * b % n = a % n * (b % n) % n := @Nat.mul_mod
example : ∀ (m : Nat) {n : Nat}, 0 < n → n * m / n = m := @Nat.mul_div_cancel_left
example : ∀ {k x y : Nat}, 0 < k → (x ≤ y / k ↔ x * k ≤ y) := @Nat.le_div_iff_mul_le
example : ∀ (a b : Int), a + b = b + a := @Int.add_comm
example : ∀ (a b c : Int), a * (b - c) = a * b - a * c := @Int.mul_sub
example : ∀ (a b : Int), -a * -b = a * b := @Int.neg_mul_neg
example : ∀ {a b : Int}, a - b = 0 ↔ a = b := @Int.sub_eq_zero
example : ∀ {a b : Int}, a < b ↔ a + 1 ≤ b := @Int.lt_iff_add_one_le
example : ∀ {a b : Int}, 0 < a → 0 < b → 0 < a * b := @Int.mul_pos
example : ∀ {a b : Int}, a * b = 0 ↔ a = 0 ∨ b = 0 := @Int.mul_eq_zero
example : ∀ {a b c : Int}, a ≤ b → 0 ≤ c → c * a ≤ c * b := @Int.mul_le_mul_of_nonneg_left
example : ∀ {a b c : Int}, a ≤ 0 → c ≤ b → a * b ≤ a * c := @Int.mul_le_mul_of_nonpos_left
example : ∀ (a : Int) {b : Int}, b ≠ 0 → 0 ≤ a % b := @Int.emod_nonneg
example : ∀ (a : Int) {b : Int}, 0 < b → a % b < b := @Int.emod_lt_of_pos
example : ∀ (a b : Int), b * (a / b) + a % b = a := @Int.mul_ediv_add_emod
example : ∀ {a b c : Int}, a ∣ b → a ∣ c → a ∣ b - c := @Int.dvd_sub
example : ∀ (a b : Int), (a * b).natAbs = a.natAbs * b.natAbs := @Int.natAbs_mul
example : ∀ {m n : Nat}, (m : Int) = (n : Int) ↔ m = n := @Int.ofNat_inj
example : ∀ {a : Int}, 0 ≤ a → (a.toNat : Int) = a := @Int.toNat_of_nonneg
example : ∀ {α : Type} (as bs cs : List α), as ++ bs ++ cs = as ++ (bs ++ cs) := @List.append_assoc
example : ∀ {α : Type} {as bs : List α}, (as ++ bs).reverse = bs.reverse ++ as.reverse := @List.reverse_append
example : ∀ {α β : Type} {as : List α} (f : α → β), (as.map f).length = as.length := @List.length_map
example : ∀ {α : Type} {a b : α} {l : List α}, a ∈ b :: l ↔ a = b ∨ a ∈ l := @List.mem_cons
