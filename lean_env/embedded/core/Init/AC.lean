prelude
import Init.String
/- Mini core, part 17: what `ac_rfl` builds its proofs from: expressions over one operation, and their normal form. -/
set_option linter.all false
universe u v

/-- Induction on an equality between values of one type, in the form of `Eq.ndrec`. -/
def HEq.homo_ndrec.{u1, u2} {α : Sort u2} {a : α} {motive : α → Sort u1} (m : motive a) {b : α} (h : HEq a b) : motive b :=
  Eq.ndrec m (eq_of_heq h)
def HEq.homo_ndrec_symm.{u1, u2} {α : Sort u2} {a : α} {motive : α → Sort u1} (m : motive a) {b : α} (h : HEq b a) : motive b :=
  Eq.ndrec m (eq_of_heq h).symm

namespace Std
class Associative {α : Sort u} (op : α → α → α) : Prop where
  assoc : ∀ a b c : α, op (op a b) c = op a (op b c)
class Commutative {α : Sort u} (op : α → α → α) : Prop where
  comm : ∀ a b : α, op a b = op b a
class IdempotentOp {α : Sort u} (op : α → α → α) : Prop where
  idempotent : ∀ a : α, op a a = a
class LeftIdentity {α : Sort u} {β : Sort v} (op : α → β → β) (o : outParam α) : Prop
class LawfulLeftIdentity {α : Sort u} {β : Sort v} (op : α → β → β) (o : outParam α) : Prop extends LeftIdentity op o where
  left_id : ∀ a, op o a = a
class RightIdentity {α : Sort u} {β : Sort v} (op : α → β → α) (o : outParam β) : Prop
class LawfulRightIdentity {α : Sort u} {β : Sort v} (op : α → β → α) (o : outParam β) : Prop extends RightIdentity op o where
  right_id : ∀ a, op a o = a
class Identity {α : Sort u} (op : α → α → α) (o : outParam α) : Prop extends LeftIdentity op o, RightIdentity op o
class LawfulIdentity {α : Sort u} (op : α → α → α) (o : outParam α) : Prop extends Identity op o, LawfulLeftIdentity op o, LawfulRightIdentity op o
end Std

namespace Lean.Data.AC
open Std
inductive Expr where
  | var (x : Nat)
  | op (lhs rhs : Expr)
structure Variable {α : Sort u} (op : α → α → α) : Type u where
  value : α
  neutral : Option (PLift (LawfulIdentity op value))
structure Context (α : Sort u) where
  op : α → α → α
  assoc : Associative op
  comm : Option (PLift (Commutative op))
  idem : Option (PLift (IdempotentOp op))
  vars : List (Variable op)
  arbitrary : α

section
variable {α : Sort u} (c : Context α)
def Context.var (x : Nat) : Variable c.op :=
  go c.vars x
where go : List (Variable c.op) → Nat → Variable c.op
  | [], _ => ⟨c.arbitrary, none⟩
  | v :: _, 0 => v
  | _ :: vs, n + 1 => go vs n

def eval : Expr → α
  | .var x => (c.var x).value
  | .op l r => c.op (eval l) (eval r)

def given {p : Prop} : Option (PLift p) → Bool
  | some _ => true
  | none => false
theorem of_given {p : Prop} : {o : Option (PLift p)} → given o = true → p
  | some h, _ => h.down
  | none, h => nomatch h

/-- The variables of `e` from left to right, then `rest`. -/
def atoms : Expr → List Nat → List Nat
  | .var x, rest => x :: rest
  | .op l r, rest => atoms l (atoms r rest)

/-- `x :: l` without a neutral variable next to another one. -/
def strip (x : Nat) : List Nat → List Nat
  | [] => [x]
  | y :: ys => cond (given (c.var y).neutral) (x :: ys) (cond (given (c.var x).neutral) (y :: ys) (x :: y :: ys))

/-- `x :: l`, in order where the operation commutes, without a repetition where it is idempotent. -/
def place (x : Nat) : List Nat → List Nat
  | [] => [x]
  | y :: ys => cond (given c.idem && Nat.beq x y) (y :: ys) (cond (given c.comm && Nat.ble y x) (y :: place x ys) (x :: y :: ys))

def norm (e : Expr) : List Nat :=
  ((atoms e []).foldr (strip c) []).foldr (place c) []

theorem both {a b : Bool} (h : (a && b) = true) : a = true ∧ b = true :=
  match a, b, h with
  | true, true, _ => ⟨rfl, rfl⟩
theorem of_cond {β : Type v} {p : β → Prop} {x y : β} {b : Bool} (h : b = true → p x) (g : p y) : p (cond b x y) :=
  match b, h with
  | true, h => h rfl
  | false, _ => g

def same : List Nat → List Nat → Bool
  | [], [] => true
  | x :: xs, y :: ys => Nat.beq x y && same xs ys
  | _, _ => false
theorem eq_of_same : {xs ys : List Nat} → same xs ys = true → xs = ys
  | [], [], _ => rfl
  | x :: xs, y :: ys, h => by
    have h : (Nat.beq x y && same xs ys) = true := h
    rw [Nat.eq_of_beq_eq_true (both h).1, eq_of_same (both h).2]
  | [], _ :: _, h => nomatch h
  | _ :: _, [], h => nomatch h

/-- The operation with a unit added: so that lists need not be told apart from empty ones. -/
inductive Unital (α : Sort u) : Type u where
  | one
  | of (a : α)

def mul : Unital α → Unital α → Unital α
  | .one, b => b
  | .of a, .one => .of a
  | .of a, .of b => .of (c.op a b)
theorem mul_one : (a : Unital α) → mul c a .one = a
  | .one => rfl
  | .of _ => rfl
theorem mul_assoc : (x y z : Unital α) → mul c (mul c x y) z = mul c x (mul c y z)
  | .one, _, _ => rfl
  | .of _, .one, _ => rfl
  | .of _, .of _, .one => rfl
  | .of x, .of y, .of z => congrArg Unital.of (c.assoc.assoc x y z)
theorem mul_comm (h : Commutative c.op) : (x y : Unital α) → mul c x y = mul c y x
  | .one, .one => rfl
  | .one, .of _ => rfl
  | .of _, .one => rfl
  | .of x, .of y => congrArg Unital.of (h.comm x y)

def val (x : Nat) : Unital α := .of (c.var x).value
def evalAll (l : List Nat) : Unital α := l.foldr (fun x m => mul c (val c x) m) .one
theorem evalAll_cons (x : Nat) (l : List Nat) : evalAll c (x :: l) = mul c (val c x) (evalAll c l) := rfl

theorem evalAll_atoms (e : Expr) : ∀ l, evalAll c (atoms e l) = mul c (.of (eval c e)) (evalAll c l) := by
  induction e with
  | var x => exact fun _ => rfl
  | op l r ihl ihr => exact fun m => (ihl _).trans ((congrArg _ (ihr m)).trans (mul_assoc c (.of (eval c l)) (.of (eval c r)) _).symm)

theorem evalAll_strip (x : Nat) (l : List Nat) : evalAll c (strip c x l) = evalAll c (x :: l) := by
  cases l with
  | nil => rfl
  | cons y ys =>
    have pair {x y z : Nat} (h : mul c (val c x) (val c y) = val c z) : evalAll c (z :: ys) = evalAll c (x :: y :: ys) :=
      (congrArg (mul c · (evalAll c ys)) h.symm).trans (mul_assoc c _ _ _)
    exact of_cond (p := fun l => evalAll c l = _) (fun h => pair (congrArg Unital.of ((of_given h).right_id _)))
      (of_cond (p := fun l => evalAll c l = _) (fun h => pair (congrArg Unital.of ((of_given h).left_id _))) rfl)

theorem evalAll_place (x : Nat) (l : List Nat) : evalAll c (place c x l) = evalAll c (x :: l) := by
  induction l with
  | nil => rfl
  | cons y ys ih =>
    refine of_cond (p := fun l => evalAll c l = _) (fun h => ?_) (of_cond (p := fun l => evalAll c l = _) (fun h => ?_) rfl)
    · have i := of_given (both h).1
      cases Nat.eq_of_beq_eq_true (both h).2
      exact (congrArg (mul c · (evalAll c ys)) (congrArg Unital.of (i.idempotent (c.var x).value).symm)).trans (mul_assoc c (val c x) (val c x) _)
    · have h := (both h).1
      refine (congrArg (mul c (val c y)) ih).trans ((mul_assoc c _ _ _).symm.trans (Eq.trans ?_ (mul_assoc c _ _ _)))
      exact congrArg (mul c · (evalAll c ys)) (mul_comm c (of_given h) _ _)

theorem evalAll_foldr {f : Nat → List Nat → List Nat} (h : ∀ x l, evalAll c (f x l) = evalAll c (x :: l)) (l : List Nat) :
    evalAll c (l.foldr f []) = evalAll c l := by
  induction l with
  | nil => rfl
  | cons x l ih => exact (h x _).trans (congrArg (mul c (val c x)) ih)

theorem evalAll_norm (e : Expr) : evalAll c (norm c e) = .of (eval c e) :=
  (evalAll_foldr c (evalAll_place c) _).trans ((evalAll_foldr c (evalAll_strip c) _).trans
    ((evalAll_atoms c e []).trans (mul_one c _)))

theorem Context.eq_of_norm (c : Context α) (a b : Expr) (h : same (norm c a) (norm c b) = true) : eval c a = eval c b := by
  have h := congrArg (evalAll c) (eq_of_same h)
  rw [evalAll_norm, evalAll_norm] at h
  injection h
end
end Lean.Data.AC

instance : Std.Associative (α := Nat) (· + ·) := ⟨Nat.add_assoc⟩
instance : Std.Commutative (α := Nat) (· + ·) := ⟨Nat.add_comm⟩
instance : Std.LawfulIdentity (α := Nat) (· + ·) 0 where
  left_id := Nat.zero_add
  right_id := Nat.add_zero
instance : Std.Associative (α := Nat) (· * ·) := ⟨Nat.mul_assoc⟩
instance : Std.Commutative (α := Nat) (· * ·) := ⟨Nat.mul_comm⟩
instance : Std.LawfulIdentity (α := Nat) (· * ·) 1 where
  left_id := Nat.one_mul
  right_id := Nat.mul_one
instance : Std.Associative (α := Int) (· + ·) := ⟨Int.add_assoc⟩
instance : Std.Commutative (α := Int) (· + ·) := ⟨Int.add_comm⟩
instance : Std.LawfulIdentity (α := Int) (· + ·) 0 where
  left_id := Int.zero_add
  right_id := Int.add_zero
instance : Std.Associative (α := Int) (· * ·) := ⟨Int.mul_assoc⟩
instance : Std.Commutative (α := Int) (· * ·) := ⟨Int.mul_comm⟩
instance : Std.LawfulIdentity (α := Int) (· * ·) 1 where
  left_id := Int.one_mul
  right_id := Int.mul_one
instance : Std.Associative And := ⟨fun _ _ _ => propext and_assoc⟩
instance : Std.Commutative And := ⟨fun _ _ => propext and_comm⟩
instance : Std.IdempotentOp And := ⟨fun _ => propext and_self_iff⟩
instance : Std.LawfulIdentity And True where
  left_id _ := true_and _
  right_id _ := and_true _
instance : Std.Associative Or := ⟨fun _ _ _ => propext or_assoc⟩
instance : Std.Commutative Or := ⟨fun _ _ => propext or_comm⟩
instance : Std.IdempotentOp Or := ⟨fun _ => propext or_self_iff⟩
instance : Std.LawfulIdentity Or False where
  left_id _ := false_or _
  right_id _ := or_false _
instance : Std.Associative and := ⟨Bool.and_assoc⟩
instance : Std.Commutative and := ⟨Bool.and_comm⟩
instance : Std.Associative or := ⟨Bool.or_assoc⟩
instance : Std.Commutative or := ⟨Bool.or_comm⟩
instance {α : Type u} : Std.Associative (α := List α) (· ++ ·) := ⟨List.append_assoc⟩
instance {α : Type u} : Std.LawfulIdentity (α := List α) (· ++ ·) [] where
  left_id := List.nil_append
  right_id := List.append_nil
