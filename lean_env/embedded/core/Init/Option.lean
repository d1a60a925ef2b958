prelude
import Init.Mod
/- Mini core, part 15: options, sums, pairs and truth values a little. -/
set_option linter.all false
universe u v w

namespace Option
variable {α : Type u} {β : Type v} {γ : Type w}
def isSome : Option α → Bool
  | some _ => true
  | none => false
def isNone : Option α → Bool
  | some _ => false
  | none => true
def getD (o : Option α) (a : α) : α := match o with
  | some x => x
  | none => a
def get : (o : Option α) → o.isSome = true → α
  | some x, _ => x
def map (f : α → β) : Option α → Option β
  | some x => some (f x)
  | none => none
def bind : Option α → (α → Option β) → Option β
  | some a, f => f a
  | none, _ => none
def filter (p : α → Bool) : Option α → Option α
  | some a => cond (p a) (some a) none
  | none => none
def orElse : Option α → (Unit → Option α) → Option α
  | some a, _ => some a
  | none, b => b ()
def elim : Option α → β → (α → β) → β
  | some x, _, f => f x
  | none, y, _ => y

@[simp] theorem isSome_none : (none : Option α).isSome = false := rfl
@[simp] theorem isSome_some {a : α} : (some a).isSome = true := rfl
@[simp] theorem isNone_none : (none : Option α).isNone = true := rfl
@[simp] theorem isNone_some {a : α} : (some a).isNone = false := rfl
@[simp] theorem getD_none {a : α} : getD none a = a := rfl
@[simp] theorem getD_some {a b : α} : getD (some a) b = a := rfl
@[simp] theorem get_some (x : α) (h : (some x).isSome = true) : (some x).get h = x := rfl
@[simp] theorem some_get : {x : Option α} → (h : x.isSome = true) → some (x.get h) = x
  | some _, _ => rfl
@[simp] theorem map_none (f : α → β) : none.map f = none := rfl
@[simp] theorem map_some (a : α) (f : α → β) : (some a).map f = some (f a) := rfl
@[simp] theorem isSome_map {x : Option α} {f : α → β} : (x.map f).isSome = x.isSome := by cases x <;> rfl
@[simp] theorem isNone_map {x : Option α} {f : α → β} : (x.map f).isNone = x.isNone := by cases x <;> rfl
@[simp] theorem map_map (h : β → γ) (g : α → β) (x : Option α) : (x.map g).map h = x.map (h ∘ g) := by cases x <;> rfl
@[simp] theorem map_id (x : Option α) : x.map id = x := by cases x <;> rfl
@[simp] theorem map_eq_none_iff {x : Option α} {f : α → β} : x.map f = none ↔ x = none := by
  cases x with
  | none => exact ⟨fun _ => rfl, fun _ => rfl⟩
  | some _ => exact ⟨fun h => (nomatch h), fun h => (nomatch h)⟩
@[simp] theorem map_eq_some_iff {b : β} {x : Option α} {f : α → β} : x.map f = some b ↔ ∃ a, x = some a ∧ f a = b := by
  cases x with
  | none => exact ⟨fun h => (nomatch h), fun ⟨_, h, _⟩ => (nomatch h)⟩
  | some a => exact ⟨fun h => ⟨a, rfl, by injection h⟩, fun ⟨a', h, k⟩ => by injection h with h; subst h; subst k; rfl⟩
@[simp] theorem bind_none (f : α → Option β) : none.bind f = none := rfl
@[simp] theorem bind_some (a : α) (f : α → Option β) : (some a).bind f = f a := rfl
@[simp] theorem bind_fun_some (x : Option α) : x.bind some = x := by cases x <;> rfl
@[simp] theorem isSome_iff_ne_none {o : Option α} : o.isSome = true ↔ o ≠ none := by
  cases o with
  | none => exact ⟨fun h => (nomatch h), fun h => absurd rfl h⟩
  | some _ => exact ⟨fun _ h => (nomatch h), fun _ => rfl⟩
theorem isSome_iff_exists {x : Option α} : x.isSome = true ↔ ∃ a, x = some a := by
  cases x with
  | none => exact ⟨fun h => (nomatch h), fun ⟨_, h⟩ => (nomatch h)⟩
  | some a => exact ⟨fun _ => ⟨a, rfl⟩, fun _ => rfl⟩
theorem isNone_iff_eq_none {o : Option α} : o.isNone = true ↔ o = none := by
  cases o with
  | none => exact ⟨fun _ => rfl, fun _ => rfl⟩
  | some _ => exact ⟨fun h => (nomatch h), fun h => (nomatch h)⟩
theorem eq_none_iff_forall_ne_some {o : Option α} : o = none ↔ ∀ a, o ≠ some a := by
  cases o with
  | none => exact ⟨fun _ _ h => (nomatch h), fun _ => rfl⟩
  | some a => exact ⟨fun h => (nomatch h), fun h => absurd rfl (h a)⟩
theorem eq_some_iff_get_eq {o : Option α} {a : α} : o = some a ↔ ∃ h : o.isSome = true, o.get h = a := by
  cases o with
  | none => exact ⟨fun h => (nomatch h), fun ⟨h, _⟩ => (nomatch h)⟩
  | some b => exact ⟨fun h => ⟨rfl, by injection h⟩, fun ⟨_, h⟩ => h ▸ rfl⟩
@[simp] theorem filter_none (p : α → Bool) : filter p none = none := rfl
@[simp] theorem elim_none (x : β) (f : α → β) : Option.elim none x f = x := rfl
@[simp] theorem elim_some (x : β) (f : α → β) (a : α) : Option.elim (some a) x f = f a := rfl
theorem some_inj {a b : α} : some a = some b ↔ a = b := by simp
@[ext] theorem ext {o o' : Option α} (h : ∀ a, o = some a ↔ o' = some a) : o = o' := by
  cases o with
  | none => cases o' with
    | none => rfl
    | some b => exact (h b).2 rfl
  | some a => exact ((h a).1 rfl).symm
end Option
instance {α : Type u} [d : DecidableEq α] : DecidableEq (Option α)
  | none, none => .isTrue rfl
  | none, some _ => .isFalse fun h => nomatch h
  | some _, none => .isFalse fun h => nomatch h
  | some a, some b => match d a b with
    | .isTrue h => .isTrue (h ▸ rfl)
    | .isFalse h => .isFalse fun e => by injection e with e; exact h e

@[extern "x", term_parser] opaque «term_⊕_» : Lean.TrailingParserDescr
@[extern "x", macro «term_⊕_»] opaque «_aux_Init_Core___macroRules_term_⊕__1» : Lean.Macro

namespace Bool
def xor : Bool → Bool → Bool
  | true, true => false
  | false, false => false
  | _, _ => true
theorem xor_comm (x y : Bool) : xor x y = xor y x := by cases x <;> cases y <;> rfl
theorem xor_assoc (x y z : Bool) : xor (xor x y) z = xor x (xor y z) := by cases x <;> cases y <;> cases z <;> rfl
@[simp] theorem xor_self (x : Bool) : xor x x = false := by cases x <;> rfl
@[simp] theorem xor_false (x : Bool) : xor x false = x := by cases x <;> rfl
@[simp] theorem false_xor (x : Bool) : xor false x = x := by cases x <;> rfl
@[simp] theorem xor_true (x : Bool) : xor x true = !x := by cases x <;> rfl
@[simp] theorem true_xor (x : Bool) : xor true x = !x := by cases x <;> rfl
end Bool
@[extern "x", term_parser] opaque Bool.«term_^^_» : Lean.TrailingParserDescr
@[extern "x", macro Bool.«term_^^_»] opaque Bool.«_aux_Init_Data_Bool___macroRules_Bool_term_^^__1» : Lean.Macro

namespace List
variable {α : Type u} {β : Type v}
@[simp] theorem head?_nil : ([] : List α).head? = none := rfl
@[simp] theorem head?_cons {a : α} {l : List α} : (a :: l).head? = some a := rfl
@[simp] theorem tail_nil : ([] : List α).tail = [] := rfl
@[simp] theorem tail_cons {a : α} {l : List α} : (a :: l).tail = l := rfl
@[simp] theorem isEmpty_nil : ([] : List α).isEmpty = true := rfl
@[simp] theorem isEmpty_cons {a : α} {l : List α} : (a :: l).isEmpty = false := rfl
def getLast? : List α → Option α
  | [] => none
  | [a] => some a
  | _ :: b :: l => getLast? (b :: l)
def zip : List α → List β → List (α × β)
  | a :: as, b :: bs => (a, b) :: zip as bs
  | _, _ => []
def all (l : List α) (p : α → Bool) : Bool := match l with
  | [] => true
  | a :: as => p a && all as p
def any (l : List α) (p : α → Bool) : Bool := match l with
  | [] => false
  | a :: as => p a || any as p
@[simp] theorem zip_nil_left {l : List β} : zip ([] : List α) l = [] := rfl
@[simp] theorem zip_nil_right {l : List α} : zip l ([] : List β) = [] := by cases l <;> rfl
@[simp] theorem zip_cons_cons {a : α} {as : List α} {b : β} {bs : List β} : zip (a :: as) (b :: bs) = (a, b) :: zip as bs := rfl
@[simp] theorem all_nil {p : α → Bool} : all [] p = true := rfl
@[simp] theorem all_cons {a : α} {l : List α} {p : α → Bool} : all (a :: l) p = (p a && all l p) := rfl
@[simp] theorem any_nil {p : α → Bool} : any [] p = false := rfl
@[simp] theorem any_cons {a : α} {l : List α} {p : α → Bool} : any (a :: l) p = (p a || any l p) := rfl
@[simp] theorem all_append {xs ys : List α} {p : α → Bool} : (xs ++ ys).all p = (xs.all p && ys.all p) := by
  induction xs with | nil => simp | cons x xs ih => simp [ih, Bool.and_assoc]
@[simp] theorem any_append {xs ys : List α} {p : α → Bool} : (xs ++ ys).any p = (xs.any p || ys.any p) := by
  induction xs with | nil => simp | cons x xs ih => simp [ih, Bool.or_assoc]
theorem filter_cons {p : α → Bool} {a : α} {l : List α} : filter p (a :: l) = if p a then a :: filter p l else filter p l := by
  by_cases h : p a = true
  · rw [filter_cons_of_pos h, if_pos h]
  · rw [filter_cons_of_neg h, if_neg h]
theorem length_filter_le (p : α → Bool) (l : List α) : (l.filter p).length ≤ l.length := by
  induction l with
  | nil => exact Nat.le_refl _
  | cons a l ih =>
    rw [filter_cons]
    split
    · exact Nat.succ_le_succ ih
    · exact Nat.le_succ_of_le ih
@[simp] theorem mem_filter {a : α} {p : α → Bool} {l : List α} : a ∈ filter p l ↔ a ∈ l ∧ p a = true := by
  induction l with
  | nil => simp
  | cons b l ih =>
    rw [filter_cons]
    split
    · next h =>
      rw [mem_cons, ih, mem_cons]
      exact ⟨fun k => k.elim (fun e => ⟨.inl e, e ▸ h⟩) fun k => ⟨.inr k.1, k.2⟩, fun k => k.1.elim .inl fun m => .inr ⟨m, k.2⟩⟩
    · next h =>
      rw [ih, mem_cons]
      exact ⟨fun k => ⟨.inr k.1, k.2⟩, fun k => ⟨k.1.elim (fun e => absurd (e ▸ k.2) h) id, k.2⟩⟩
@[simp] theorem filter_append {p : α → Bool} (l₁ l₂ : List α) : filter p (l₁ ++ l₂) = filter p l₁ ++ filter p l₂ := by
  induction l₁ with
  | nil => rfl
  | cons a l ih => rw [cons_append, filter_cons, filter_cons, ih]; split <;> rfl
@[simp] theorem sum_append {xs ys : List Nat} : (xs ++ ys).sum = xs.sum + ys.sum := by
  induction xs with | nil => simp | cons x xs ih => simp [ih, Nat.add_assoc]
theorem length_pos_iff {l : List α} : 0 < l.length ↔ l ≠ [] := by cases l <;> simp
theorem exists_cons_of_ne_nil {l : List α} (h : l ≠ []) : ∃ b L, l = b :: L := by
  cases l with
  | nil => exact absurd rfl h
  | cons a l => exact ⟨a, l, rfl⟩
@[simp] theorem length_take {i : Nat} {l : List α} : (l.take i).length = min i l.length := by
  induction l generalizing i with
  | nil => simp
  | cons a l ih => cases i with
    | zero => simp
    | succ i => simp [ih]; omega
@[simp] theorem length_drop {i : Nat} {l : List α} : (l.drop i).length = l.length - i := by
  induction l generalizing i with
  | nil => simp
  | cons a l ih => cases i with
    | zero => simp
    | succ i => simp [ih]
@[simp] theorem length_zip {as : List α} {bs : List β} : (zip as bs).length = min as.length bs.length := by
  induction as generalizing bs with
  | nil => simp
  | cons a as ih => cases bs with
    | nil => simp
    | cons b bs => simp [ih]; omega
end List
