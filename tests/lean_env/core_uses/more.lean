-- Options, strings, truth values, remainders; what the elaborator and `ac_rfl` look up by name.
set_option linter.unusedVariables false
example (h : false = true) : False := nomatch h
example (h : false = true) : False := by cases h
example (h : false = true) : False := by contradiction
inductive C where | r | g | b
example (h : C.r = C.g) : False := nomatch h
example (h : C.r = C.g) : False := by cases h
example (h : C.r = C.g) : False := by injection h
example (h : C.r = C.g) : False := by simp at h
example (a b c : Nat) : a + b + c = c + a + b := by ac_rfl
example (a b c : Nat) : a * b * c = c * (b * a) := by ac_rfl
example (a b c : Nat) : a + (b + 0) + c = c + a + b := by ac_rfl
example (a b c d: Int) : a * b * c + d = d + c * (b * a) := by ac_rfl
example (p q r: Prop) : (p ∧ q ∧ r ∧ p) = (r ∧ q ∧ p) := by ac_rfl
example (a b c : Nat) (h : a + b + c = 5): c + a + b = 5 := by rw [← h]; ac_rfl
example (a b : List Nat) : a ++ b ++ [] = a ++ (b ++ []) := by ac_rfl
theorem x (a b c d e f g h: Nat) : a + b + c + d + e + f + g + h = h + g + f + e + d + (c + b + a) := by ac_rfl
example : "a" ++ "b" = "ab" := by decide
example : "a" ++ "b" = "ab" := rfl
example : "abc".length = 3 := by decide
example : "abc".length = 3 := rfl
example : "abc" ≠ "abd" := by decide
example : 'a' ≠ 'b' := by decide
example (s t : String) : (s ++ t).length = s.length + t.length := by simp
example (s t u : String) : s ++ t ++ u = s ++ (t ++ u) := by simp [String.append_assoc]
example (o : Option Nat) (h : o ≠ none) : ∃ x, o = some x := by cases o with | none => contradiction | some x => exact ⟨x, rfl⟩
example (x y : Nat) (h : some x = some y) : x = y := by simpa using h
example (x y : Nat) (h : some x = some y) : x = y := by injection h
example (f : Nat → Nat) (x : Nat) : (some x).map f = some (f x) := rfl
example (f : Nat → Nat) (x : Nat) : (some x).map f = some (f x) := by simp
example (x : Nat) : (some x).getD 0 = x := by simp
example (x : Nat) : (some x).isSome = true := by simp
example (o : Option Nat) : o.isSome = true ∨ o = none := by cases o <;> simp
example (o : Option Nat) (f : Nat → Nat): (o.map f).isSome = o.isSome := by simp
example (a b c: Int) : (a * b) % c = ((a % c) * (b % c)) % c := Int.mul_emod a b c
example (a b c: Int) : (a + b) % c = ((a % c) + (b % c)) % c := Int.add_emod a b c
example (a b c: Int) : (a - b) % c = ((a % c) - (b % c)) % c := Int.sub_emod a b c
example (a b c: Nat) : (a * b) % c = ((a % c) * (b % c)) % c := Nat.mul_mod a b c
example (a b c: Nat) : (a ^ b) % c = ((a % c) ^ b) % c := Nat.pow_mod a b c
example (a b : Int) (h : 0 < b): a % b < b := Int.emod_lt_of_pos a h
example (a b : Int) (h : b ≠ 0): 0 ≤ a % b := Int.emod_nonneg a h
example (a b : Int) : a % b + b * (a / b) = a := Int.emod_add_ediv a b
example (a b : Int) : b * (a / b) + a % b = a := Int.ediv_add_emod a b
example (a b : Int) (h : a ∣ b) : b % a = 0 := Int.emod_eq_zero_of_dvd h
example (a b : Int) (h : b % a = 0) : a ∣ b := Int.dvd_of_emod_eq_zero h
example (a b : Bool) : (a ^^ b) = (b ^^ a) := by cases a <;> cases b <;> rfl
example (a b : Bool) : (a && b) = (b && a) := by cases a <;> cases b <;> rfl
example (a b : Bool) : (!(a && b)) = (!a || !b) := by simp
example (l : List Nat) : l.reverse.length = l.length := by simp
example (l m : List Nat) : (l ++ m).reverse = m.reverse ++ l.reverse := by simp
example (l : List Nat) (h : l ≠ []) : ∃ a t, l = a :: t := by cases l with | nil => contradiction | cons a t => exact ⟨a, t, rfl⟩
example (a : Nat) (l : List Nat) : (a :: l).head? = some a := by simp
example (a : Nat) (l m: List Nat) (h : a ∈ l) : a ∈ l ++ m := by simp [h]
example (l : List Nat) : l.map id = l := by simp
example (l : List Nat) (f g: Nat → Nat) : (l.map f).map g = l.map (g ∘ f) := by simp
example (l : List Nat) (p : Nat → Bool) : (l.filter p).length ≤ l.length := List.length_filter_le p l
example (a : Nat) (l : List Nat) (p : Nat → Bool) : a ∈ l.filter p ↔ a ∈ l ∧ p a = true := by simp
example (l : List Nat) (x : Nat): l.foldr (fun _ n => n + 1) 0 = l.length := by induction l with | nil => rfl | cons a l ih => simp [ih]
example : [1,2,3].map (· + 1) = [2,3,4] := by decide
example : [3,1,2].length = 3 := by simp
example : [1,2,3] ++ [4] = [1,2,3,4] := by simp
example (l : List Nat) : l.zip l = l.map (fun x => (x, x)) := by induction l with | nil => rfl | cons a l ih => simp [ih]
example (a b : Nat) (h : (a, b) = (1, 2)) : a = 1 := by simp at h; exact h.1
example (a b : Nat) : (a, b).1 = a := by simp
example (s : Nat ⊕ Nat) : (∃ x, s = .inl x) ∨ ∃ x, s = .inr x := by cases s with | inl x => exact .inl ⟨x, rfl⟩ | inr x => exact .inr ⟨x, rfl⟩
example (a b : Nat) : max a b = max b a := by omega
example (a b : Nat) : max a b = max b a := Nat.max_comm a b
example (a b : Nat) : a - b ≤ a := by simp
example (a : Nat) : a ∣ a * a := by simp
example (a : Nat) (h : 0 < a): a / a = 1 := by simp [h]
example (a : Nat) : ¬ a < a := by simp
example (a b c: Nat) : a + b < a + c ↔ b < c := by simp
example (a b c: Int) : a + b < a + c ↔ b < c := by simp
example (a : Int) : a - a = 0 := by simp
example (a b: Int) : a + b - b = a := by simp
example (a b: Int) : -(-a) = a := by simp
example (a b: Int) : a * b = 0 ↔ a = 0 ∨ b = 0 := by simp
example (a b: Nat) : a * b = 0 ↔ a = 0 ∨ b = 0 := by simp
example (a : Int) : a * 0 = 0 := by simp
example (a b : Int) (h : a ≤ b) : ¬ b < a := by simp [h]
example (a b : Nat) : ((a + b : Nat) : Int) = a + b := by simp
example (a : Nat) : (0 : Int) ≤ a := by simp
example (a : Nat) : a ^ 0 = 1 := by simp
example (a n : Nat) : a ^ (n+1) = a ^ n * a := Nat.pow_succ
example (a n : Int) (k : Nat): a ^ (k+1) = a ^ k * a := Int.pow_succ a k
inductive Tree where | leaf (x : Nat) | node (l r : Tree)
example (x y : Nat) (h : Tree.leaf x = .leaf y) : x = y := by injection h
example (x : Nat) (l r : Tree) (h : Tree.leaf x = .node l r) : False := by cases h
example (x y : Nat) : Tree.leaf x = .leaf y ↔ x = y := by simp
example (o : Option Nat) (h : some 1 = o) : o ≠ none := by rintro rfl; cases h
example (s : Nat ⊕ Bool) (h : s = .inl 3) : s ≠ .inr true := by rw [h]; intro k; cases k
example (a b : Int) (n : Int) (h : a % n = b % n) : (a * a) % n = (b * b) % n := by rw [Int.mul_emod, h, ← Int.mul_emod]
example (a : Int) (h : a % 3 = 2) : (a * a) % 3 = 1 := by rw [Int.mul_emod, h]; decide
example (a b n : Int) : (a + b * n) % n = a % n := by simp
example (a b n : Int) (h : n ∣ a - b) : a % n = b % n := Int.emod_emod_eq_iff_dvd_sub.2 h
