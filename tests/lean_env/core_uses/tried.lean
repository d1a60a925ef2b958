-- Small statements and what one would try on them.
example (a b c : Nat) : a + b + c = c + b + a := by omega
example (a b : Nat) (h : a ≤ b) : a * a ≤ b * b := Nat.mul_le_mul h h
example (a b c : Nat) : a * (b + c) = c * a + b * a := by rw [Nat.mul_add, Nat.add_comm, Nat.mul_comm a, Nat.mul_comm a]
example (a b c : Nat) : (a + b) * c = c * a + c * b := by simp [Nat.mul_add, Nat.mul_comm]
example (n : Nat) : n + 0 = n ∧ 0 + n = n ∧ n * 1 = n ∧ 1 * n = n ∧ n * 0 = 0 := by simp
example (n : Nat) (h : n + 3 = 5) : n = 2 := by simp at h; exact h
example (a b : Nat) : a + 1 = b + 1 ↔ a = b := by simp
example (a : Nat) : a + 2 ≠ 1 := by simp
example (a b c : Nat) : a + c ≤ b + c ↔ a ≤ b := by simp
example (n : Nat) : ¬n < 0 := by simp
example (a b : Nat) : a * b = 0 ↔ a = 0 ∨ b = 0 := by simp
example (a : Nat) : a ∣ a * 3 ∧ 1 ∣ a ∧ a ∣ 0 := by simp
example : (7 : Nat) % 3 = 1 ∧ 2 ^ 10 = 1024 ∧ ¬(4 : Nat) ∣ 10 := by decide
example : ∀ n, n < 30 → n % 2 = 0 ∨ n % 2 = 1 := by decide
example : ∃ n, n < 10 ∧ n * n = 49 := by decide
example : ∀ i : Fin 5, i.val < 5 := by decide
example : ∀ a b : Bool, (a && b) = (b && a) := by decide
example : ∀ k : Int, -3 ≤ k → k < 4 → k * k < 16 := by decide
example (p q : Prop) : p ∧ q → q := by simp
example (p q : Prop) (h : p) (k : p → q) : q := by simp_all
example (p q : Prop) : ¬(p ∨ q) ↔ ¬p ∧ ¬q := by simp
example (p : Prop) : ¬¬p ↔ p := by simp
example (p : Prop) : (p ∧ True ↔ p) ∧ (p ∨ False ↔ p) ∧ (True → p ↔ p) := by simp
example (α : Type) (p : α → Prop) (h : ¬∃ x, p x) (a : α) : ¬p a := by simp at h; exact h a
example (α : Type) (p : α → Prop) : (¬∀ x, p x) ↔ ∃ x, ¬p x := by simp
example : ∃ x : Nat, x = 3 := by simp
example (a : Nat) : ∃ x, x = a ∧ x ≤ a := by simp
example (p q r : Prop) (h : p ∨ q ∧ r) : (p ∨ q) ∧ (p ∨ r) := by rcases h with h | ⟨h, k⟩ <;> simp [*]
example (p q : Prop) [Decidable p] : (if p then q else q) = q := by simp
example (x y : Nat) (h : (x, y) = (1, 2)) : x + y = 3 := by simp at h; omega
example (a b c : Nat) (h : a < b) (k : b < c) : a + 1 < c := calc a + 1 ≤ b := h
  _ < c := k
example (n : Nat) : n ^ 2 = n * n := by rw [Nat.pow_two]
example (n : Nat) (h : n ≠ 0) : 0 < n := by cases n with | zero => contradiction | succ n => simp
example (n : Nat) (k : Nat) (h : n * (n + 1) = 2 * k) : (n + 1) * (n + 2) = 2 * (k + (n + 1)) := by
  rw [Nat.mul_add 2, ← h, ← Nat.add_mul, Nat.mul_comm]
example (n : Nat) (h : ∀ m, m < n → m ≤ 5) : n ≤ 6 := by cases n with | zero => omega | succ n => have := h n (by omega); omega
example (x y : Int) (h : x ≤ y) : -y ≤ -x := by simp [h]
example (x : Int) : x - x = 0 ∧ x + -x = 0 ∧ - -x = x := by simp
example (x : Int) (h : 0 < x) : x * x ≥ 1 := Int.mul_pos h h
example (a b : Int) : (a + b) * (a + b) = a * a + 2 * (a * b) + b * b := by rw [Int.add_mul, Int.mul_add, Int.mul_add, Int.mul_comm b a]; omega
example (α : Type) (as bs : List α) : (as ++ bs).reverse.length = bs.length + as.length := by simp [Nat.add_comm]
example (a b : Nat) : [a, b].reverse = [b, a] := by simp
example (xs : List Nat) (h : 3 ∈ xs) : 3 ∈ xs ++ [4] := by simp [h]
example : [1, 2, 3].map (· + 1) = [2, 3, 4] := by decide
example (f : Nat → Nat) (h : ∀ x y, f x = f y → x = y) (a b : Nat) (k : f (f a) = f (f b)) : a = b := h a b (h _ _ k)
example (b : Bool) : (b && !b) = false ∧ (b || true) = true := by simp
example (p q : Prop) (h : p ↔ q) (hp : p) : q := by rwa [h] at hp
example (f g : Nat → Nat) (h : ∀ x, f x = g x) : f = g := by ext x; exact h x
example (x y : Nat × Nat) (h : x.1 = y.1) (k : x.2 = y.2) : x = y := by ext <;> assumption
example (a b : Nat) (h : (a : Int) + b ≤ 3) : a + b ≤ 3 := by exact_mod_cast h
example (a b : Nat) (h : (a : Int) = b) : a = b := by norm_cast at h
example (a b : Nat) : ((a + b : Nat) : Int) * 2 = (a + b) * 2 := by push_cast; rfl
example (a b : Nat) : (a == b) = true ↔ a = b := by simp
example (a b : Nat) (h : Nat.gcd a b = 1) : Nat.gcd b a = 1 := by rw [Nat.gcd_comm]; exact h
example (a b : Nat) (h : a ≤ b) : ∃ c, b = a + c := Nat.exists_eq_add_of_le h
example (n : Nat) (h : 2 ≤ n) : n < n * n := by
  induction n, h using Nat.le_induction with
  | base => decide
  | succ n h ih => rw [Nat.add_mul, Nat.mul_add]; omega
example (n : Nat) : n < 2 ^ n := by
  induction n using Nat.strongRecOn with
  | ind n ih => exact Nat.lt_two_pow_self
