prelude
import Init.IntArith
/- Mini core, part 13: lists a little, and induction on them. -/
set_option linter.all false
universe u v w

namespace List
variable {α : Type u} {β : Type v} {γ : Type w}
def reverseAux : List α → List α → List α
  | [], r => r
  | a :: l, r => reverseAux l (a :: r)
def reverse (as : List α) : List α := reverseAux as []
def foldr (f : α → β → β) (init : β) : (l : List α) → β
  | [] => init
  | a :: as => f a (foldr f init as)
def foldl {α : Type u} {β : Type v} (f : α → β → α) : (init : α) → List β → α
  | a, [] => a
  | a, b :: l => foldl f (f a b) l
def filter (p : α → Bool) : List α → List α
  | [] => []
  | a :: as => match p a with
    | true => a :: filter p as
    | false => filter p as
def replicate : (n : Nat) → (a : α) → List α
  | 0, _ => []
  | n + 1, a => a :: replicate n a
def take : Nat → List α → List α
  | 0, _ => []
  | _ + 1, [] => []
  | n + 1, a :: as => a :: take n as
def drop : Nat → List α → List α
  | 0, as => as
  | _ + 1, [] => []
  | n + 1, _ :: as => drop n as
def sum [Add α] [OfNat α 0] : List α → α := foldr (fun a b => a + b) 0
def head? : List α → Option α
  | [] => none
  | a :: _ => some a
def tail : List α → List α
  | [] => []
  | _ :: as => as
def isEmpty : List α → Bool
  | [] => true
  | _ :: _ => false

@[simp] theorem length_nil : ([] : List α).length = 0 := rfl
@[simp] theorem length_cons {a : α} {as : List α} : (a :: as).length = as.length + 1 := rfl
@[simp] theorem length_singleton {a : α} : [a].length = 1 := rfl
@[simp] theorem nil_append (as : List α) : [] ++ as = as := rfl
@[simp] theorem cons_append {a : α} {as bs : List α} : a :: as ++ bs = a :: (as ++ bs) := rfl
@[simp] theorem append_nil (as : List α) : as ++ [] = as := by
  induction as with | nil => rfl | cons a as ih => exact congrArg (a :: ·) ih
@[simp] theorem append_assoc (as bs cs : List α) : as ++ bs ++ cs = as ++ (bs ++ cs) := by
  induction as with | nil => rfl | cons a as ih => exact congrArg (a :: ·) ih
attribute [simp] length_append
theorem append_cons (as : List α) (b : α) (bs : List α) : as ++ b :: bs = as ++ [b] ++ bs := by simp
@[simp] theorem append_eq_nil_iff {p q : List α} : p ++ q = [] ↔ p = [] ∧ q = [] := by
  cases p with
  | nil => exact ⟨fun h => ⟨rfl, h⟩, And.right⟩
  | cons a p => exact ⟨fun h => (by cases h), fun h => (by cases h.1)⟩
theorem append_cancel_left {as bs cs : List α} (h : as ++ bs = as ++ cs) : bs = cs := by
  induction as with | nil => exact h | cons a as ih => injection h with _ h; exact ih h
@[simp] theorem append_cancel_left_eq (as bs cs : List α) : (as ++ bs = as ++ cs) = (bs = cs) := propext ⟨append_cancel_left, fun h => h ▸ rfl⟩
theorem cons_ne_nil (a : α) (l : List α) : a :: l ≠ [] := fun h => by cases h
@[simp] theorem length_eq_zero_iff {l : List α} : l.length = 0 ↔ l = [] := by
  cases l with
  | nil => exact ⟨fun _ => rfl, fun _ => rfl⟩
  | cons a l => exact ⟨fun h => absurd h (Nat.succ_ne_zero _), fun h => by cases h⟩
@[simp] theorem map_nil {f : α → β} : map f [] = [] := rfl
@[simp] theorem map_cons {f : α → β} {a : α} {l : List α} : map f (a :: l) = f a :: map f l := rfl
@[simp] theorem length_map {as : List α} (f : α → β) : (as.map f).length = as.length := by
  induction as with | nil => rfl | cons a as ih => exact congrArg (· + 1) ih
@[simp] theorem map_append {f : α → β} {l₁ l₂ : List α} : map f (l₁ ++ l₂) = map f l₁ ++ map f l₂ := by
  induction l₁ with | nil => rfl | cons a l ih => exact congrArg (f a :: ·) ih
@[simp] theorem map_map {g : β → γ} {f : α → β} {l : List α} : map g (map f l) = map (g ∘ f) l := by
  induction l with | nil => rfl | cons a l ih => exact congrArg (g (f a) :: ·) ih
@[simp] theorem map_id (l : List α) : map id l = l := by
  induction l with | nil => rfl | cons a l ih => exact congrArg (a :: ·) ih
@[simp] theorem foldr_nil {f : α → β → β} {b : β} : foldr f b [] = b := rfl
@[simp] theorem foldr_cons {a : α} {l : List α} {f : α → β → β} {b : β} : foldr f b (a :: l) = f a (foldr f b l) := rfl
@[simp] theorem foldl_nil {f : α → β → α} {a : α} : foldl f a [] = a := rfl
@[simp] theorem foldl_cons {l : List β} {f : α → β → α} {a : α} {b : β} : foldl f a (b :: l) = foldl f (f a b) l := rfl
@[simp] theorem foldr_append {f : α → β → β} {b : β} {l l' : List α} : foldr f b (l ++ l') = foldr f (foldr f b l') l := by
  induction l with | nil => rfl | cons a l ih => exact congrArg (f a) ih
@[simp] theorem foldl_append {f : β → α → β} {b : β} {l l' : List α} : foldl f b (l ++ l') = foldl f (foldl f b l) l' := by
  induction l generalizing b with | nil => rfl | cons a l ih => exact ih
theorem reverseAux_eq (as bs : List α) : reverseAux as bs = reverse as ++ bs := by
  have go : ∀ (as : List α) (bs cs : List α), reverseAux as (bs ++ cs) = reverseAux as bs ++ cs := fun as => by
    induction as with
    | nil => exact fun _ _ => rfl
    | cons a as ih => exact fun bs cs => ih (a :: bs) cs
  exact go as [] bs
@[simp] theorem reverse_nil : reverse ([] : List α) = [] := rfl
@[simp] theorem reverse_cons {a : α} {as : List α} : reverse (a :: as) = reverse as ++ [a] := reverseAux_eq as [a]
@[simp] theorem reverse_append {as bs : List α} : reverse (as ++ bs) = reverse bs ++ reverse as := by
  induction as with
  | nil => simp
  | cons a as ih => rw [cons_append, reverse_cons, ih, reverse_cons, append_assoc]
@[simp] theorem reverse_reverse (as : List α) : reverse (reverse as) = as := by
  induction as with
  | nil => rfl
  | cons a as ih => rw [reverse_cons, reverse_append, ih]; rfl
@[simp] theorem length_reverse {as : List α} : (reverse as).length = as.length := by
  induction as with | nil => rfl | cons a as ih => simp [ih]
@[simp] theorem map_reverse {f : α → β} {l : List α} : map f (reverse l) = reverse (map f l) := by
  induction l with | nil => rfl | cons a l ih => simp [ih]
@[simp] theorem filter_nil {p : α → Bool} : filter p [] = [] := rfl
@[simp] theorem filter_cons_of_pos {p : α → Bool} {a : α} {l : List α} (h : p a = true) : filter p (a :: l) = a :: filter p l := by
  show (match p a with | true => _ | false => _) = _; rw [h]
@[simp] theorem filter_cons_of_neg {p : α → Bool} {a : α} {l : List α} (h : ¬p a = true) : filter p (a :: l) = filter p l := by
  show (match p a with | true => _ | false => _) = _; rw [Bool.eq_false_of_not_eq_true h]
@[simp] theorem replicate_zero {a : α} : replicate 0 a = [] := rfl
theorem replicate_succ {a : α} {n : Nat} : replicate (n + 1) a = a :: replicate n a := rfl
@[simp] theorem length_replicate {n : Nat} {a : α} : (replicate n a).length = n := by
  induction n with | zero => rfl | succ n ih => exact congrArg (· + 1) ih
@[simp] theorem take_zero {l : List α} : l.take 0 = [] := rfl
@[simp] theorem take_nil {i : Nat} : ([] : List α).take i = [] := by cases i <;> rfl
@[simp] theorem take_succ_cons {i : Nat} {a : α} {as : List α} : (a :: as).take (i + 1) = a :: as.take i := rfl
@[simp] theorem drop_zero {l : List α} : l.drop 0 = l := rfl
@[simp] theorem drop_nil {i : Nat} : ([] : List α).drop i = [] := by cases i <;> rfl
@[simp] theorem drop_succ_cons {a : α} {l : List α} {i : Nat} : (a :: l).drop (i + 1) = l.drop i := rfl
@[simp] theorem take_append_drop (i : Nat) (l : List α) : l.take i ++ l.drop i = l := by
  induction l generalizing i with
  | nil => rw [take_nil, drop_nil]; rfl
  | cons a l ih => cases i with | zero => rfl | succ i => exact congrArg (a :: ·) (ih i)
@[simp] theorem sum_nil [Add α] [OfNat α 0] : ([] : List α).sum = 0 := rfl
@[simp] theorem sum_cons [Add α] [OfNat α 0] {a : α} {l : List α} : (a :: l).sum = a + l.sum := rfl
@[simp] theorem not_mem_nil {a : α} : ¬a ∈ ([] : List α) := fun h => by cases h
theorem mem_cons_self {a : α} {l : List α} : a ∈ a :: l := Mem.head l
theorem mem_cons_of_mem (y : α) {a : α} {l : List α} (h : a ∈ l) : a ∈ y :: l := Mem.tail y h
@[simp] theorem mem_cons {a b : α} {l : List α} : a ∈ b :: l ↔ a = b ∨ a ∈ l :=
  ⟨fun h => by cases h with | head => exact .inl rfl | tail _ h => exact .inr h, fun h => h.elim (fun e => e ▸ Mem.head l) (Mem.tail b)⟩
theorem mem_singleton {a b : α} : a ∈ [b] ↔ a = b := by simp
@[simp] theorem mem_append {a : α} {s t : List α} : a ∈ s ++ t ↔ a ∈ s ∨ a ∈ t := by
  induction s with
  | nil => simp
  | cons b s ih => rw [cons_append, mem_cons, mem_cons, ih, or_assoc]
@[simp] theorem mem_reverse {a : α} {as : List α} : a ∈ reverse as ↔ a ∈ as := by
  induction as with
  | nil => exact Iff.rfl
  | cons b as ih => rw [reverse_cons, mem_append, mem_singleton, mem_cons, ih, or_comm]
@[simp] theorem mem_map {b : β} {f : α → β} {l : List α} : b ∈ l.map f ↔ ∃ a, a ∈ l ∧ f a = b := by
  induction l with
  | nil => exact ⟨fun h => absurd h not_mem_nil, fun ⟨_, h, _⟩ => absurd h not_mem_nil⟩
  | cons x l ih =>
    rw [map_cons, mem_cons, ih]
    constructor
    · rintro (rfl | ⟨a, h, rfl⟩)
      · exact ⟨x, mem_cons_self, rfl⟩
      · exact ⟨a, mem_cons_of_mem x h, rfl⟩
    · rintro ⟨a, h, rfl⟩
      cases mem_cons.1 h with
      | inl e => exact .inl (e ▸ rfl)
      | inr h => exact .inr ⟨a, h, rfl⟩
theorem ne_nil_of_mem {a : α} {l : List α} (h : a ∈ l) : l ≠ [] := fun e => by subst e; cases h
instance decidableMem [d : DecidableEq α] (a : α) : (l : List α) → Decidable (a ∈ l)
  | [] => .isFalse not_mem_nil
  | b :: l => match d a b, decidableMem a l with
    | .isTrue h, _ => .isTrue (mem_cons.2 (.inl h))
    | _, .isTrue h => .isTrue (mem_cons.2 (.inr h))
    | .isFalse h, .isFalse g => .isFalse fun k => (mem_cons.1 k).elim h g
instance hasDecEq [d : DecidableEq α] : DecidableEq (List α)
  | [], [] => .isTrue rfl
  | [], _ :: _ => .isFalse fun h => by cases h
  | _ :: _, [] => .isFalse fun h => by cases h
  | a :: as, b :: bs => match d a b, hasDecEq as bs with
    | .isTrue h, .isTrue g => .isTrue (h ▸ g ▸ rfl)
    | .isFalse h, _ => .isFalse fun e => by injection e with e; exact h e
    | _, .isFalse g => .isFalse fun e => by injection e with _ e; exact g e
end List
@[simp] theorem Option.some_ne_none {α : Type u} (x : α) : some x ≠ none := fun h => by cases h
theorem Option.ne_none_iff_exists {α : Type u} {o : Option α} : o ≠ none ↔ ∃ x, some x = o := by
  cases o with
  | none => exact ⟨fun h => absurd rfl h, fun ⟨_, h⟩ => by cases h⟩
  | some x => exact ⟨fun _ => ⟨x, rfl⟩, fun _ h => by cases h⟩
