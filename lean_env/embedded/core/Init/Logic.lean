prelude
import Init.Omega
/- Mini core, part 10: the laws of logic that people cite and `simp` uses. -/
set_option linter.all false
universe u v w

-- Syntax of tactics bound as in part 5, of those that need what has come since: `rwa .. at`, `ext`, casts.
@[extern "x", tactic_parser] opaque Lean.Parser.Tactic.rwaAtLegacyLocation : Lean.ParserDescr
@[extern "x", macro Lean.Parser.Tactic.rwaAtLegacyLocation] opaque Lean.Parser.Tactic._aux_Init_Tactics___macroRules_Lean_Parser_Tactic_rwaAtLegacyLocation_1 : Lean.Macro
@[extern "x"] opaque Lean.Parser.Attr.extIff : Lean.ParserDescr
@[extern "x"] opaque Lean.Parser.Attr.extFlat : Lean.ParserDescr
@[extern "x", attr_parser] opaque Lean.Parser.Attr.ext : Lean.ParserDescr
@[extern "x", tactic_parser] opaque Lean.Elab.Tactic.Ext.ext : Lean.ParserDescr
@[extern "x", tactic_parser] opaque Lean.Elab.Tactic.Ext.applyExtTheorem : Lean.ParserDescr
@[extern "x", tactic_parser] opaque Lean.Elab.Tactic.Ext.tacticExt1___ : Lean.ParserDescr
@[extern "x", macro Lean.Elab.Tactic.Ext.tacticExt1___] opaque Lean.Elab.Tactic.Ext._aux_Init_Ext___macroRules_Lean_Elab_Tactic_Ext_tacticExt1____1 : Lean.Macro
@[extern "x"] opaque Lean.Parser.Attr.normCastLabel : Lean.ParserDescr
@[extern "x", attr_parser] opaque Lean.Parser.Attr.norm_cast : Lean.ParserDescr
@[extern "x", tactic_parser] opaque Lean.Parser.Tactic.normCast0 : Lean.ParserDescr
@[extern "x", tactic_parser] opaque Lean.Parser.Tactic.pushCast : Lean.ParserDescr
@[extern "x", tactic_parser] opaque Lean.Parser.Tactic.tacticNorm_cast__ : Lean.ParserDescr
@[extern "x", macro Lean.Parser.Tactic.tacticNorm_cast__] opaque Lean.Parser.Tactic._aux_Init_Tactics___macroRules_Lean_Parser_Tactic_tacticNorm_cast___1 : Lean.Macro
@[extern "x", tactic_parser] opaque Lean.Parser.Tactic.tacticExact_mod_cast_ : Lean.ParserDescr
@[extern "x", macro Lean.Parser.Tactic.tacticExact_mod_cast_] opaque Lean.Parser.Tactic._aux_Init_TacticsExtra___macroRules_Lean_Parser_Tactic_tacticExact_mod_cast__1 : Lean.Macro
@[extern "x", tactic_parser] opaque Lean.Parser.Tactic.tacticAssumption_mod_cast_ : Lean.ParserDescr
@[extern "x", macro Lean.Parser.Tactic.tacticAssumption_mod_cast_] opaque Lean.Parser.Tactic._aux_Init_Tactics___macroRules_Lean_Parser_Tactic_tacticAssumption_mod_cast__1 : Lean.Macro
attribute [ext] funext

section
variable {a b c d : Prop}
-- Equality and equivalence.
theorem eq_comm {α : Sort u} {a b : α} : a = b ↔ b = a := ⟨Eq.symm, Eq.symm⟩
theorem ne_comm {α : Sort u} {a b : α} : a ≠ b ↔ b ≠ a := ⟨Ne.symm, Ne.symm⟩
theorem ne_of_eq_of_ne {α : Sort u} {a b c : α} (h₁ : a = b) (h₂ : b ≠ c) : a ≠ c := h₁.symm ▸ h₂
theorem ne_of_ne_of_eq {α : Sort u} {a b c : α} (h₁ : a ≠ b) (h₂ : b = c) : a ≠ c := h₂ ▸ h₁
theorem Ne.elim {α : Sort u} {a b : α} (h : a ≠ b) : a = b → False := h
theorem Ne.irrefl {α : Sort u} {a : α} (h : a ≠ a) : False := h rfl
theorem false_of_ne {α : Sort u} {a : α} : a ≠ a → False := Ne.irrefl
theorem ne_false_of_self (h : a) : a ≠ False := fun e => e ▸ h
theorem ne_true_of_not (h : ¬a) : a ≠ True := fun e => h (e.symm ▸ trivial)
theorem true_ne_false : ¬True = False := fun h => h ▸ trivial
theorem false_ne_true : False ≠ True := fun h => h.symm ▸ trivial
theorem Iff.of_eq (h : a = b) : a ↔ b := h ▸ Iff.rfl
theorem Iff.comm : (a ↔ b) ↔ (b ↔ a) := ⟨Iff.symm, Iff.symm⟩
theorem iff_comm : (a ↔ b) ↔ (b ↔ a) := Iff.comm
theorem iff_iff_eq : (a ↔ b) ↔ a = b := ⟨propext, Iff.of_eq⟩
@[simp] theorem eq_iff_iff : (a = b) ↔ (a ↔ b) := iff_iff_eq.symm
theorem iff_iff_implies_and_implies : (a ↔ b) ↔ (a → b) ∧ (b → a) := ⟨fun h => ⟨h.1, h.2⟩, fun h => ⟨h.1, h.2⟩⟩
theorem iff_def : (a ↔ b) ↔ (a → b) ∧ (b → a) := iff_iff_implies_and_implies
theorem iff_def' : (a ↔ b) ↔ (b → a) ∧ (a → b) := ⟨fun h => ⟨h.2, h.1⟩, fun h => ⟨h.2, h.1⟩⟩
theorem iff_congr (h₁ : a ↔ c) (h₂ : b ↔ d) : (a ↔ b) ↔ (c ↔ d) :=
  ⟨fun h => h₁.symm.trans (h.trans h₂), fun h => h₁.trans (h.trans h₂.symm)⟩
theorem iff_of_false (ha : ¬a) (hb : ¬b) : a ↔ b := ⟨fun x => absurd x ha, fun x => absurd x hb⟩
theorem iff_true_left (ha : a) : (a ↔ b) ↔ b := ⟨fun h => h.1 ha, fun hb => iff_of_true ha hb⟩
theorem iff_true_right (ha : a) : (b ↔ a) ↔ b := Iff.comm.trans (iff_true_left ha)
theorem iff_false_left (ha : ¬a) : (a ↔ b) ↔ ¬b := ⟨fun h hb => ha (h.2 hb), fun hb => iff_of_false ha hb⟩
theorem iff_false_right (ha : ¬a) : (b ↔ a) ↔ ¬b := Iff.comm.trans (iff_false_left ha)
theorem of_iff_true (h : a ↔ True) : a := h.2 trivial
theorem iff_true_intro (h : a) : a ↔ True := iff_of_true h trivial
theorem not_of_iff_false : (a ↔ False) → ¬a := Iff.mp
theorem iff_false_intro (h : ¬a) : a ↔ False := iff_of_false h id
theorem not_iff_false_intro (h : a) : ¬a ↔ False := iff_false_intro (not_not_intro h)
@[simp] theorem false_iff (p : Prop) : (False ↔ p) = ¬p := propext (iff_false_left id)
theorem iff_not_self : ¬(a ↔ ¬a) := fun h => have n : ¬a := fun x => h.1 x x; n (h.2 n)
theorem not_iff_self : ¬(¬a ↔ a) := fun h => iff_not_self h.symm
attribute [simp] iff_not_self not_iff_self

-- Implication and negation.
@[simp] theorem imp_false : (a → False) ↔ ¬a := Iff.rfl
theorem imp_self (a : Prop) : (a → a) ↔ True := iff_true_intro id
attribute [simp] imp_self
theorem imp_intro {α β : Prop} (h : α) : β → α := fun _ => h
theorem imp_imp_imp (h₀ : c → a) (h₁ : b → d) : (a → b) → (c → d) := fun f x => h₁ (f (h₀ x))
theorem imp_iff_right {a : Prop} (ha : a) : (a → b) ↔ b := ⟨fun f => f ha, fun h _ => h⟩
theorem imp_true_iff (α : Sort u) : (α → True) ↔ True := iff_true_intro fun _ => trivial
theorem false_imp_iff (a : Prop) : (False → a) ↔ True := iff_true_intro False.elim
theorem true_imp_iff {α : Prop} : (True → α) ↔ α := imp_iff_right trivial
theorem imp.swap : (a → b → c) ↔ (b → a → c) := ⟨fun f x y => f y x, fun f x y => f y x⟩
theorem imp_not_comm : (a → ¬b) ↔ (b → ¬a) := imp.swap
theorem imp_congr_left (h : a ↔ b) : (a → c) ↔ (b → c) := ⟨fun f x => f (h.2 x), fun f x => f (h.1 x)⟩
theorem imp_congr_right (h : a → (b ↔ c)) : (a → b) ↔ (a → c) := ⟨fun f x => (h x).1 (f x), fun f x => (h x).2 (f x)⟩
theorem imp_congr_ctx (h₁ : a ↔ c) (h₂ : c → (b ↔ d)) : (a → b) ↔ (c → d) := (imp_congr_left h₁).trans (imp_congr_right h₂)
theorem imp_congr (h₁ : a ↔ c) (h₂ : b ↔ d) : (a → b) ↔ (c → d) := imp_congr_ctx h₁ fun _ => h₂
theorem imp_iff_not (hb : ¬b) : (a → b) ↔ ¬a := imp_congr_right fun _ => iff_false_intro hb
def Not.elim {α : Sort u} (h : ¬a) (x : a) : α := absurd x h
theorem Not.imp (h : ¬b) (f : a → b) : ¬a := mt f h
theorem not_false_iff : (¬False) ↔ True := iff_true_intro not_false
theorem not_true : (¬True) ↔ False := iff_false_intro (not_not_intro trivial)
theorem not_not_em (a : Prop) : ¬¬(a ∨ ¬a) := fun h => h (.inr fun x => h (.inl x))
theorem not_not_not : ¬¬¬a ↔ ¬a := ⟨fun h x => h (not_not_intro x), not_not_intro⟩
theorem not_imp_of_and_not : a ∧ ¬b → ¬(a → b) := fun h f => h.2 (f h.1)
theorem not_not_of_not_imp : ¬(a → b) → ¬¬a := fun h n => h fun x => absurd x n
theorem not_of_not_imp : ¬(a → b) → ¬b := fun h x => h fun _ => x
theorem imp_not_self : (a → ¬a) ↔ ¬a := ⟨fun h x => h x x, fun h _ => h⟩
attribute [simp] imp_not_self

-- Conjunction.
theorem And.imp (f : a → c) (g : b → d) (h : a ∧ b) : c ∧ d := ⟨f h.1, g h.2⟩
theorem And.imp_left (h : a → b) : a ∧ c → b ∧ c := And.imp h id
theorem And.imp_right (h : a → b) : c ∧ a → c ∧ b := And.imp id h
theorem And.comm : a ∧ b ↔ b ∧ a := and_comm
theorem and_comm_eq (a b : Prop) : (a ∧ b) = (b ∧ a) := propext and_comm
@[simp] theorem and_imp : (a ∧ b → c) ↔ (a → b → c) := ⟨fun f x y => f ⟨x, y⟩, fun f h => f h.1 h.2⟩
@[simp] theorem not_and : ¬(a ∧ b) ↔ (a → ¬b) := and_imp
theorem not_and' : ¬(a ∧ b) ↔ b → ¬a := not_and.trans imp_not_comm
@[simp] theorem and_not_self : ¬(a ∧ ¬a) := fun h => h.2 h.1
@[simp] theorem not_and_self : ¬(¬a ∧ a) := fun h => h.1 h.2
theorem and_self_iff : a ∧ a ↔ a := ⟨And.left, fun x => ⟨x, x⟩⟩
theorem and_not_self_iff (a : Prop) : a ∧ ¬a ↔ False := iff_false_intro and_not_self
theorem not_and_self_iff (a : Prop) : ¬a ∧ a ↔ False := iff_false_intro not_and_self
theorem and_congr_right (h : a → (b ↔ c)) : a ∧ b ↔ a ∧ c := ⟨fun x => ⟨x.1, (h x.1).1 x.2⟩, fun x => ⟨x.1, (h x.1).2 x.2⟩⟩
theorem and_congr_left (h : c → (a ↔ b)) : a ∧ c ↔ b ∧ c := ⟨fun x => ⟨(h x.2).1 x.1, x.2⟩, fun x => ⟨(h x.2).2 x.1, x.2⟩⟩
theorem and_congr_left' (h : a ↔ b) : a ∧ c ↔ b ∧ c := and_congr h Iff.rfl
theorem and_congr_right' (h : b ↔ c) : a ∧ b ↔ a ∧ c := and_congr Iff.rfl h
@[simp] theorem and_self_left : a ∧ a ∧ b ↔ a ∧ b := ⟨And.right, fun h => ⟨h.1, h⟩⟩
@[simp] theorem and_self_right : (a ∧ b) ∧ b ↔ a ∧ b := ⟨And.left, fun h => ⟨h, h.2⟩⟩
theorem and_left_comm : a ∧ b ∧ c ↔ b ∧ a ∧ c := ⟨fun h => ⟨h.2.1, h.1, h.2.2⟩, fun h => ⟨h.2.1, h.1, h.2.2⟩⟩
theorem and_right_comm : (a ∧ b) ∧ c ↔ (a ∧ c) ∧ b := ⟨fun h => ⟨⟨h.1.1, h.2⟩, h.1.2⟩, fun h => ⟨⟨h.1.1, h.2⟩, h.1.2⟩⟩
theorem and_rotate : a ∧ b ∧ c ↔ b ∧ c ∧ a := ⟨fun h => ⟨h.2.1, h.2.2, h.1⟩, fun h => ⟨h.2.2, h.1, h.2.1⟩⟩
theorem and_and_and_comm : (a ∧ b) ∧ c ∧ d ↔ (a ∧ c) ∧ b ∧ d :=
  ⟨fun h => ⟨⟨h.1.1, h.2.1⟩, h.1.2, h.2.2⟩, fun h => ⟨⟨h.1.1, h.2.1⟩, h.1.2, h.2.2⟩⟩
theorem and_and_left : a ∧ b ∧ c ↔ (a ∧ b) ∧ a ∧ c := ⟨fun h => ⟨⟨h.1, h.2.1⟩, h.1, h.2.2⟩, fun h => ⟨h.1.1, h.1.2, h.2.2⟩⟩
theorem and_and_right : (a ∧ b) ∧ c ↔ (a ∧ c) ∧ b ∧ c := ⟨fun h => ⟨⟨h.1.1, h.2⟩, h.1.2, h.2⟩, fun h => ⟨⟨h.1.1, h.2.1⟩, h.1.2⟩⟩
theorem and_iff_left (hb : b) : a ∧ b ↔ a := ⟨And.left, fun x => ⟨x, hb⟩⟩
theorem and_iff_right (ha : a) : a ∧ b ↔ b := ⟨And.right, fun x => ⟨ha, x⟩⟩
theorem and_iff_left_of_imp (h : a → b) : a ∧ b ↔ a := ⟨And.left, fun x => ⟨x, h x⟩⟩
theorem and_iff_right_of_imp (h : b → a) : a ∧ b ↔ b := ⟨And.right, fun x => ⟨h x, x⟩⟩
@[simp] theorem and_iff_left_iff_imp : (a ∧ b ↔ a) ↔ (a → b) := ⟨fun h x => (h.2 x).2, and_iff_left_of_imp⟩
@[simp] theorem and_iff_right_iff_imp : (a ∧ b ↔ b) ↔ (b → a) := ⟨fun h x => (h.2 x).1, and_iff_right_of_imp⟩
@[simp] theorem iff_self_and {p q : Prop} : (p ↔ p ∧ q) ↔ (p → q) := Iff.comm.trans and_iff_left_iff_imp
@[simp] theorem iff_and_self {p q : Prop} : (p ↔ q ∧ p) ↔ (p → q) := Iff.comm.trans and_iff_right_iff_imp
@[simp] theorem and_congr_right_iff : (a ∧ b ↔ a ∧ c) ↔ (a → (b ↔ c)) :=
  ⟨fun h x => ⟨fun y => (h.1 ⟨x, y⟩).2, fun y => (h.2 ⟨x, y⟩).2⟩, and_congr_right⟩
@[simp] theorem and_congr_left_iff : (a ∧ c ↔ b ∧ c) ↔ c → (a ↔ b) :=
  ⟨fun h x => ⟨fun y => (h.1 ⟨y, x⟩).1, fun y => (h.2 ⟨y, x⟩).1⟩, and_congr_left⟩
theorem not_and_of_not_left (b : Prop) : ¬a → ¬(a ∧ b) := mt And.left
theorem not_and_of_not_right (a : Prop) {b : Prop} : ¬b → ¬(a ∧ b) := mt And.right
theorem not_and_of_not_or_not (h : ¬a ∨ ¬b) : ¬(a ∧ b) := fun x => h.elim (fun n => n x.1) (fun n => n x.2)

-- Disjunction.
theorem Or.imp (f : a → c) (g : b → d) (h : a ∨ b) : c ∨ d := h.elim (fun x => .inl (f x)) (fun x => .inr (g x))
theorem Or.imp_left (f : a → b) : a ∨ c → b ∨ c := Or.imp f id
theorem Or.imp_right (f : b → c) : a ∨ b → a ∨ c := Or.imp id f
theorem Or.comm : a ∨ b ↔ b ∨ a := or_comm
theorem Or.intro_left (b : Prop) (h : a) : a ∨ b := .inl h
theorem Or.intro_right (a : Prop) (h : b) : a ∨ b := .inr h
theorem Or.resolve_left (h : a ∨ b) (na : ¬a) : b := h.elim (fun x => absurd x na) id
theorem Or.resolve_right (h : a ∨ b) (nb : ¬b) : a := h.elim id fun x => absurd x nb
theorem Or.neg_resolve_left (h : ¬a ∨ b) (ha : a) : b := h.elim (fun n => absurd ha n) id
theorem Or.neg_resolve_right (h : a ∨ ¬b) (nb : b) : a := h.elim id fun n => absurd nb n
theorem or_self_iff : a ∨ a ↔ a := ⟨fun h => h.elim id id, .inl⟩
theorem or_assoc : (a ∨ b) ∨ c ↔ a ∨ b ∨ c :=
  ⟨fun h => h.elim (fun h => h.elim .inl fun x => .inr (.inl x)) (fun x => .inr (.inr x)),
   fun h => h.elim (fun x => .inl (.inl x)) fun h => h.elim (fun x => .inl (.inr x)) .inr⟩
theorem or_congr (h₁ : a ↔ c) (h₂ : b ↔ d) : (a ∨ b) ↔ (c ∨ d) := ⟨Or.imp h₁.1 h₂.1, Or.imp h₁.2 h₂.2⟩
theorem or_congr_left (h : a ↔ b) : a ∨ c ↔ b ∨ c := or_congr h Iff.rfl
theorem or_congr_right (h : b ↔ c) : a ∨ b ↔ a ∨ c := or_congr Iff.rfl h
theorem or_left_comm : a ∨ b ∨ c ↔ b ∨ a ∨ c := or_assoc.symm.trans ((or_congr_left or_comm).trans or_assoc)
theorem or_right_comm : (a ∨ b) ∨ c ↔ (a ∨ c) ∨ b := or_assoc.trans ((or_congr_right or_comm).trans or_assoc.symm)
theorem or_rotate : a ∨ b ∨ c ↔ b ∨ c ∨ a := or_comm.trans or_assoc
theorem or_or_or_comm : (a ∨ b) ∨ c ∨ d ↔ (a ∨ c) ∨ b ∨ d := or_assoc.trans ((or_congr_right or_left_comm).trans or_assoc.symm)
@[simp] theorem or_self_left : a ∨ a ∨ b ↔ a ∨ b := or_assoc.symm.trans (or_congr_left or_self_iff)
@[simp] theorem or_self_right : (a ∨ b) ∨ b ↔ a ∨ b := or_assoc.trans (or_congr_right or_self_iff)
theorem or_iff_right_of_imp (h : a → b) : a ∨ b ↔ b := ⟨fun x => x.elim h id, .inr⟩
theorem or_iff_left_of_imp (h : b → a) : a ∨ b ↔ a := ⟨fun x => x.elim id h, .inl⟩
@[simp] theorem or_iff_left_iff_imp : (a ∨ b ↔ a) ↔ (b → a) := ⟨fun h x => h.1 (.inr x), or_iff_left_of_imp⟩
@[simp] theorem or_iff_right_iff_imp : (a ∨ b ↔ b) ↔ (a → b) := ⟨fun h x => h.1 (.inl x), or_iff_right_of_imp⟩
@[simp] theorem iff_self_or {a b : Prop} : (a ↔ a ∨ b) ↔ (b → a) := Iff.comm.trans or_iff_left_iff_imp
@[simp] theorem iff_or_self {a b : Prop} : (b ↔ a ∨ b) ↔ (a → b) := Iff.comm.trans or_iff_right_iff_imp
theorem or_iff_left (hb : ¬b) : a ∨ b ↔ a := or_iff_left_of_imp fun x => absurd x hb
theorem or_iff_right (ha : ¬a) : a ∨ b ↔ b := or_iff_right_of_imp fun x => absurd x ha
theorem not_or_intro {a b : Prop} (ha : ¬a) (hb : ¬b) : ¬(a ∨ b) := fun h => h.elim ha hb
attribute [simp] not_or
theorem or_imp : (a ∨ b → c) ↔ (a → c) ∧ (b → c) := ⟨fun f => ⟨fun x => f (.inl x), fun x => f (.inr x)⟩, fun h x => x.elim h.1 h.2⟩
theorem imp_and {α : Sort u} : (α → b ∧ c) ↔ (α → b) ∧ (α → c) := ⟨fun f => ⟨fun x => (f x).1, fun x => (f x).2⟩, fun h x => ⟨h.1 x, h.2 x⟩⟩
theorem and_or_left : a ∧ (b ∨ c) ↔ (a ∧ b) ∨ (a ∧ c) :=
  ⟨fun h => h.2.elim (fun x => .inl ⟨h.1, x⟩) (fun x => .inr ⟨h.1, x⟩), fun h => h.elim (fun x => ⟨x.1, .inl x.2⟩) (fun x => ⟨x.1, .inr x.2⟩)⟩
theorem or_and_right : (a ∨ b) ∧ c ↔ (a ∧ c) ∨ (b ∧ c) := and_comm.trans (and_or_left.trans (or_congr and_comm and_comm))
theorem or_and_left : a ∨ (b ∧ c) ↔ (a ∨ b) ∧ (a ∨ c) :=
  ⟨fun h => h.elim (fun x => ⟨.inl x, .inl x⟩) (fun x => ⟨.inr x.1, .inr x.2⟩),
   fun h => h.1.elim .inl fun y => h.2.elim .inl fun z => .inr ⟨y, z⟩⟩
theorem and_or_right : (a ∧ b) ∨ c ↔ (a ∨ c) ∧ (b ∨ c) := or_comm.trans (or_and_left.trans (and_congr or_comm or_comm))
end

-- Quantifiers.
section
variable {α : Sort u} {β : Sort v} {p q : α → Prop} {b : Prop}
theorem forall_imp (h : ∀ a, p a → q a) : (∀ a, p a) → ∀ a, q a := fun f a => h a (f a)
theorem Exists.imp (h : ∀ a, p a → q a) : (∃ a, p a) → ∃ a, q a := fun ⟨a, x⟩ => ⟨a, h a x⟩
theorem forall_congr' (h : ∀ a, p a ↔ q a) : (∀ a, p a) ↔ ∀ a, q a := ⟨fun f a => (h a).1 (f a), fun f a => (h a).2 (f a)⟩
theorem exists_congr (h : ∀ a, p a ↔ q a) : (∃ a, p a) ↔ ∃ a, q a := ⟨fun ⟨a, x⟩ => ⟨a, (h a).1 x⟩, fun ⟨a, x⟩ => ⟨a, (h a).2 x⟩⟩
theorem exists_imp : ((∃ x, p x) → b) ↔ ∀ x, p x → b := ⟨fun f x y => f ⟨x, y⟩, fun f ⟨x, y⟩ => f x y⟩
@[simp] theorem forall_exists_index {q : (∃ x, p x) → Prop} : (∀ h, q h) ↔ ∀ x (h : p x), q ⟨x, h⟩ :=
  ⟨fun f x y => f ⟨x, y⟩, fun f ⟨x, y⟩ => f x y⟩
@[simp] theorem not_exists : (¬∃ x, p x) ↔ ∀ x, ¬p x := exists_imp
theorem forall_not_of_not_exists (h : ¬∃ x, p x) : ∀ x, ¬p x := not_exists.1 h
theorem not_exists_of_forall_not (h : ∀ x, ¬p x) : ¬∃ x, p x := not_exists.2 h
theorem not_forall_of_exists_not : (∃ x, ¬p x) → ¬∀ x, p x := fun ⟨x, n⟩ f => n (f x)
theorem forall_and : (∀ x, p x ∧ q x) ↔ (∀ x, p x) ∧ (∀ x, q x) := ⟨fun f => ⟨fun x => (f x).1, fun x => (f x).2⟩, fun h x => ⟨h.1 x, h.2 x⟩⟩
theorem exists_or : (∃ x, p x ∨ q x) ↔ (∃ x, p x) ∨ ∃ x, q x :=
  ⟨fun ⟨x, h⟩ => h.elim (fun y => .inl ⟨x, y⟩) (fun y => .inr ⟨x, y⟩), fun h => h.elim (fun ⟨x, y⟩ => ⟨x, .inl y⟩) (fun ⟨x, y⟩ => ⟨x, .inr y⟩)⟩
@[simp] theorem exists_false : ¬(∃ _a : α, False) := fun ⟨_, h⟩ => h
@[simp] theorem forall_const (α : Sort u) [i : Nonempty α] : (α → b) ↔ b := ⟨fun f => i.rec f, fun h _ => h⟩
@[simp] theorem exists_const (α : Sort u) [i : Nonempty α] : (∃ _ : α, b) ↔ b := ⟨fun ⟨_, h⟩ => h, fun h => i.rec fun x => ⟨x, h⟩⟩
theorem Exists.nonempty : (∃ x, p x) → Nonempty α := fun ⟨x, _⟩ => ⟨x⟩
@[simp] theorem exists_prop {a b : Prop} : (∃ _h : a, b) ↔ a ∧ b := ⟨fun ⟨x, y⟩ => ⟨x, y⟩, fun h => ⟨h.1, h.2⟩⟩
theorem exists_prop_of_true {p : Prop} {q : p → Prop} (h : p) : (Exists fun h' : p => q h') ↔ q h := ⟨fun ⟨_, x⟩ => x, fun x => ⟨h, x⟩⟩
@[simp] theorem exists_true_left {p : True → Prop} : Exists p ↔ p True.intro := exists_prop_of_true trivial
theorem forall_prop_of_true {p : Prop} {q : p → Prop} (h : p) : (∀ h' : p, q h') ↔ q h := ⟨fun f => f h, fun x _ => x⟩
theorem forall_prop_of_false {p : Prop} {q : p → Prop} (h : ¬p) : (∀ h' : p, q h') ↔ True := iff_true_intro fun x => absurd x h
@[simp] theorem forall_eq {a' : α} : (∀ a, a = a' → p a) ↔ p a' := ⟨fun f => f a' rfl, fun h _ e => e.symm ▸ h⟩
@[simp] theorem forall_eq' {a' : α} : (∀ a, a' = a → p a) ↔ p a' := ⟨fun f => f a' rfl, fun h _ e => e ▸ h⟩
@[simp] theorem exists_eq {a' : α} : ∃ a, a = a' := ⟨_, rfl⟩
@[simp] theorem exists_eq' {a' : α} : ∃ a, a' = a := ⟨_, rfl⟩
@[simp] theorem exists_eq_left {a' : α} : (∃ a, a = a' ∧ p a) ↔ p a' := ⟨fun ⟨_, e, h⟩ => e ▸ h, fun h => ⟨_, rfl, h⟩⟩
@[simp] theorem exists_eq_right {a' : α} : (∃ a, p a ∧ a = a') ↔ p a' := ⟨fun ⟨_, h, e⟩ => e ▸ h, fun h => ⟨_, h, rfl⟩⟩
@[simp] theorem exists_eq_left' {a' : α} : (∃ a, a' = a ∧ p a) ↔ p a' := ⟨fun ⟨_, e, h⟩ => e.symm ▸ h, fun h => ⟨_, rfl, h⟩⟩
@[simp] theorem exists_eq_right' {a' : α} : (∃ a, p a ∧ a' = a) ↔ p a' := ⟨fun ⟨_, h, e⟩ => e.symm ▸ h, fun h => ⟨_, h, rfl⟩⟩
@[simp] theorem exists_and_left {b : Prop} : (∃ x, b ∧ p x) ↔ b ∧ (∃ x, p x) := ⟨fun ⟨x, h, y⟩ => ⟨h, x, y⟩, fun ⟨h, x, y⟩ => ⟨x, h, y⟩⟩
@[simp] theorem exists_and_right {b : Prop} : (∃ x, p x ∧ b) ↔ (∃ x, p x) ∧ b := ⟨fun ⟨x, h, y⟩ => ⟨⟨x, h⟩, y⟩, fun ⟨⟨x, h⟩, y⟩ => ⟨x, h, y⟩⟩
@[simp] theorem forall_eq_or_imp {a' : α} : (∀ a, a = a' ∨ q a → p a) ↔ p a' ∧ ∀ a, q a → p a :=
  ⟨fun f => ⟨f a' (.inl rfl), fun a h => f a (.inr h)⟩, fun h a x => x.elim (fun e => e.symm ▸ h.1) (h.2 a)⟩
@[simp] theorem exists_eq_or_imp {a' : α} : (∃ a, (a = a' ∨ q a) ∧ p a) ↔ p a' ∨ ∃ a, q a ∧ p a :=
  ⟨fun ⟨a, x, y⟩ => x.elim (fun e => .inl (e ▸ y)) (fun x => .inr ⟨a, x, y⟩), fun h => h.elim (fun y => ⟨a', .inl rfl, y⟩) (fun ⟨a, x, y⟩ => ⟨a, .inr x, y⟩)⟩
@[simp] theorem exists_apply_eq_apply (f : α → β) (a' : α) : ∃ a, f a = f a' := ⟨a', rfl⟩
@[simp] theorem exists_or_eq_left (y : α) (p : α → Prop) : ∃ x : α, x = y ∨ p x := ⟨y, .inl rfl⟩
@[simp] theorem exists_or_eq_right (y : α) (p : α → Prop) : ∃ x : α, p x ∨ x = y := ⟨y, .inr rfl⟩
theorem forall_comm {p : α → β → Prop} : (∀ a b, p a b) ↔ (∀ b a, p a b) := ⟨fun f b a => f a b, fun f a b => f b a⟩
theorem exists_comm {p : α → β → Prop} : (∃ a b, p a b) ↔ (∃ b a, p a b) := ⟨fun ⟨a, b, h⟩ => ⟨b, a, h⟩, fun ⟨b, a, h⟩ => ⟨a, b, h⟩⟩
@[simp] theorem forall_apply_eq_imp_iff {f : α → β} {p : β → Prop} : (∀ b a, f a = b → p b) ↔ ∀ a, p (f a) :=
  ⟨fun h a => h _ a rfl, fun h _ a e => e ▸ h a⟩
@[simp] theorem forall_eq_apply_imp_iff {f : α → β} {p : β → Prop} : (∀ b a, b = f a → p b) ↔ ∀ a, p (f a) :=
  ⟨fun h a => h _ a rfl, fun h _ a e => e.symm ▸ h a⟩
@[simp] theorem forall_false (p : False → Prop) : (∀ h : False, p h) = True := eq_true fun h => h.elim
@[simp] theorem nonempty_prop (p : Prop) : Nonempty p ↔ p := ⟨fun ⟨h⟩ => h, fun h => ⟨h⟩⟩
end

-- Classical logic.
theorem Classical.or_iff_not_imp_left {a b : Prop} : a ∨ b ↔ (¬a → b) := ⟨Or.resolve_left, fun h => (em a).elim .inl fun n => .inr (h n)⟩
theorem Classical.or_iff_not_imp_right {a b : Prop} : a ∨ b ↔ (¬b → a) := or_comm.trans or_iff_not_imp_left
theorem Classical.not_forall {α : Sort u} {p : α → Prop} : (¬∀ x, p x) ↔ ∃ x, ¬p x :=
  ⟨fun h => byContradiction fun n => h fun x => byContradiction fun m => n ⟨x, m⟩, not_forall_of_exists_not⟩
theorem Classical.not_forall_not {α : Sort u} {p : α → Prop} : (¬∀ x, ¬p x) ↔ ∃ x, p x :=
  ⟨fun h => byContradiction fun n => h fun x y => n ⟨x, y⟩, fun ⟨x, y⟩ f => f x y⟩
theorem Classical.not_exists_not {α : Sort u} {p : α → Prop} : (¬∃ x, ¬p x) ↔ ∀ x, p x :=
  ⟨fun h x => byContradiction fun n => h ⟨x, n⟩, fun f ⟨x, n⟩ => n (f x)⟩
theorem Classical.forall_or_exists_not {α : Sort u} (P : α → Prop) : (∀ a, P a) ∨ ∃ a, ¬P a := (em _).imp_right not_forall.1
theorem Classical.exists_or_forall_not {α : Sort u} (P : α → Prop) : (∃ a, P a) ∨ ∀ a, ¬P a := (em _).imp_right not_exists.1
theorem Classical.not_imp {a b : Prop} : ¬(a → b) ↔ a ∧ ¬b :=
  ⟨fun h => ⟨byContradiction (not_not_of_not_imp h), not_of_not_imp h⟩, not_imp_of_and_not⟩
theorem Classical.not_and_iff_or_not_not {a b : Prop} : ¬(a ∧ b) ↔ ¬a ∨ ¬b := not_and_iff_not_or_not
theorem Classical.imp_iff_not_or {a b : Prop} : (a → b) ↔ ¬a ∨ b := ⟨fun f => (em a).elim (fun x => .inr (f x)) .inl, Or.neg_resolve_left⟩
theorem Classical.imp_iff_left_iff {a b : Prop} : (b ↔ a → b) ↔ a ∨ b :=
  ⟨fun h => (em a).imp_right fun n => h.2 fun x => absurd x n, fun h => h.elim (fun x => ⟨fun y _ => y, fun f => f x⟩) fun y => ⟨fun _ _ => y, fun _ => y⟩⟩
theorem Classical.imp_iff_right_iff {a b : Prop} : (a → b ↔ b) ↔ a ∨ b := Iff.comm.trans imp_iff_left_iff
theorem Classical.and_or_imp {a b c : Prop} : a ∧ b ∨ (a → c) ↔ a → b ∨ c :=
  ⟨fun h x => h.elim (fun y => .inl y.2) (fun f => .inr (f x)),
   fun h => (em a).elim (fun x => (h x).elim (fun y => .inl ⟨x, y⟩) fun z => .inr fun _ => z) fun n => .inr fun x => absurd x n⟩
theorem Classical.not_iff {a b : Prop} : ¬(a ↔ b) ↔ (¬a ↔ b) :=
  ⟨fun h => ⟨fun n => byContradiction fun m => h (iff_of_false n m), fun y x => h (iff_of_true x y)⟩,
   fun h k => (em a).elim (fun x => h.2 (k.1 x) x) fun n => n (k.2 (h.1 n))⟩
theorem Classical.propComplete (a : Prop) : a = True ∨ a = False := (em a).imp eq_true eq_false
theorem Classical.or_not_self (p : Prop) : p ∨ ¬p := em p
theorem Classical.not_or_self (p : Prop) : ¬p ∨ p := (em p).symm
theorem Classical.of_not_not {p : Prop} (h : ¬¬p) : p := byContradiction h
attribute [simp] Classical.not_not Classical.not_forall Classical.not_imp Classical.imp_iff_left_iff Classical.imp_iff_right_iff Classical.and_or_imp
noncomputable def Classical.epsilon {α : Sort u} [h : Nonempty α] (p : α → Prop) : α :=
  choose (p := fun y => (∃ x, p x) → p y) ((em (∃ x, p x)).elim (fun ⟨x, y⟩ => ⟨x, fun _ => y⟩) fun n => h.rec fun x => ⟨x, fun y => absurd y n⟩)
theorem Classical.axiomOfChoice {α : Sort u} {β : α → Sort v} {r : (x : α) → β x → Prop} (h : ∀ x, ∃ y, r x y) : ∃ f : (x : α) → β x, ∀ x, r x (f x) :=
  ⟨_, fun x => choose_spec (h x)⟩
theorem Classical.skolem {α : Sort u} {b : α → Sort v} {p : (x : α) → b x → Prop} : (∀ x, ∃ y, p x y) ↔ ∃ f : (x : α) → b x, ∀ x, p x (f x) :=
  ⟨axiomOfChoice, fun ⟨f, h⟩ x => ⟨f x, h x⟩⟩
export Classical (imp_iff_right_iff imp_iff_left_iff and_or_imp not_imp)

-- The decidable versions.
namespace Decidable
variable {p q a b : Prop}
@[simp] theorem not_not [Decidable p] : ¬¬p ↔ p := ⟨fun h => byContradiction h, not_not_intro⟩
theorem by_contra [Decidable p] : (¬p → False) → p := byContradiction
theorem or_not_self (p : Prop) [Decidable p] : p ∨ ¬p := em p
theorem not_or_self (p : Prop) [Decidable p] : ¬p ∨ p := (em p).symm
theorem of_not_imp [Decidable a] (h : ¬(a → b)) : a := byContradiction (not_not_of_not_imp h)
theorem not_imp_symm [Decidable a] (h : ¬a → b) (hb : ¬b) : a := byContradiction fun n => hb (h n)
theorem not_imp_comm [Decidable a] [Decidable b] : (¬a → b) ↔ (¬b → a) := ⟨not_imp_symm, not_imp_symm⟩
theorem not_imp_self [Decidable a] : (¬a → a) ↔ a := ⟨fun h => byContradiction fun n => n (h n), fun x _ => x⟩
theorem or_iff_not_imp_left [Decidable a] : a ∨ b ↔ (¬a → b) := ⟨Or.resolve_left, fun h => (em a).elim .inl fun n => .inr (h n)⟩
theorem or_iff_not_imp_right [Decidable b] : a ∨ b ↔ (¬b → a) := or_comm.trans or_iff_not_imp_left
theorem not_imp_not [Decidable a] : (¬a → ¬b) ↔ (b → a) := ⟨fun f y => byContradiction fun n => f n y, mt⟩
theorem imp_iff_not_or [Decidable a] : (a → b) ↔ (¬a ∨ b) := ⟨not_or_of_imp, Or.neg_resolve_left⟩
theorem imp_iff_or_not [Decidable b] : b → a ↔ a ∨ ¬b := imp_iff_not_or.trans or_comm
theorem not_imp_iff_and_not [Decidable a] : ¬(a → b) ↔ a ∧ ¬b := ⟨fun h => ⟨of_not_imp h, not_of_not_imp h⟩, not_imp_of_and_not⟩
theorem peirce (a b : Prop) [Decidable a] : ((a → b) → a) → a := fun f => (em a).elim id fun n => f fun x => absurd x n
theorem not_iff_not [Decidable a] [Decidable b] : (¬a ↔ ¬b) ↔ (a ↔ b) :=
  ⟨fun h => ⟨not_imp_not.1 h.2, not_imp_not.1 h.1⟩, not_congr⟩
theorem not_and_iff_or_not_not [Decidable a] : ¬(a ∧ b) ↔ ¬a ∨ ¬b :=
  ⟨fun h => (em a).elim (fun x => .inr fun y => h ⟨x, y⟩) .inl, not_and_of_not_or_not⟩
theorem not_and_iff_not_or_not [Decidable a] : ¬(a ∧ b) ↔ ¬a ∨ ¬b := not_and_iff_or_not_not
theorem and_iff_not_or_not [Decidable a] [Decidable b] : a ∧ b ↔ ¬(¬a ∨ ¬b) :=
  ⟨fun h n => n.elim (fun n => n h.1) (fun n => n h.2), fun h => ⟨byContradiction fun n => h (.inl n), byContradiction fun n => h (.inr n)⟩⟩
theorem or_iff_not_and_not [Decidable a] [Decidable b] : a ∨ b ↔ ¬(¬a ∧ ¬b) :=
  ⟨fun h n => h.elim n.1 n.2, fun h => byContradiction fun n => h (not_or.1 n)⟩
theorem not_iff [Decidable b] : ¬(a ↔ b) ↔ (¬a ↔ b) :=
  ⟨fun h => ⟨fun n => byContradiction fun m => h (iff_of_false n m), fun y x => h (iff_of_true x y)⟩,
   fun h k => (em b).elim (fun y => h.2 y (k.2 y)) fun m => m (h.1 fun x => m (k.1 x))⟩
theorem iff_iff_and_or_not_and_not [Decidable b] : (a ↔ b) ↔ (a ∧ b) ∨ (¬a ∧ ¬b) :=
  ⟨fun e => (em b).elim (fun y => .inl ⟨e.2 y, y⟩) fun n => .inr ⟨mt e.1 n, n⟩, fun h => h.elim (fun x => iff_of_true x.1 x.2) fun x => iff_of_false x.1 x.2⟩
end Decidable
export Decidable (not_imp_self)
theorem of_not_not {p : Prop} [Decidable p] (h : ¬¬p) : p := Decidable.byContradiction h
theorem decide_eq_true_iff {p : Prop} [Decidable p] : decide p = true ↔ p := ⟨of_decide_eq_true, decide_eq_true⟩
@[simp] theorem decide_eq_true_eq {p : Prop} [Decidable p] : (decide p = true) = p := propext decide_eq_true_iff
@[simp] theorem decide_eq_false_iff_not {p : Prop} {_ : Decidable p} : decide p = false ↔ ¬p := ⟨of_decide_eq_false, decide_eq_false⟩
theorem decide_true (h : Decidable True) : @decide True h = true := decide_eq_true trivial
theorem decide_false (h : Decidable False) : @decide False h = false := decide_eq_false id
@[implicit_reducible] def decidable_of_iff {b : Prop} (a : Prop) (h : a ↔ b) [d : Decidable a] : Decidable b :=
  match d with | .isTrue x => .isTrue (h.1 x) | .isFalse n => .isFalse fun y => n (h.2 y)
@[implicit_reducible] def decidable_of_iff' {a : Prop} (b : Prop) (h : a ↔ b) [Decidable b] : Decidable a := decidable_of_iff b h.symm
@[implicit_reducible] def decidable_of_decidable_of_iff {p q : Prop} [Decidable p] (h : p ↔ q) : Decidable q := decidable_of_iff p h
instance exists_prop_decidable {p : Prop} (P : p → Prop) [d : Decidable p] [e : ∀ h, Decidable (P h)] : Decidable (∃ h, P h) :=
  match d with
  | .isTrue h => decidable_of_iff (P h) ⟨fun x => ⟨h, x⟩, fun ⟨_, x⟩ => x⟩
  | .isFalse n => .isFalse fun ⟨h, _⟩ => n h
instance forall_prop_decidable {p : Prop} (P : p → Prop) [d : Decidable p] [e : ∀ h, Decidable (P h)] : Decidable (∀ h, P h) :=
  match d with
  | .isTrue h => decidable_of_iff (P h) ⟨fun x _ => x, fun f => f h⟩
  | .isFalse n => .isTrue fun h => absurd h n

-- Choices.
section
variable {α : Sort u} {a b : α} {p q : Prop}
@[simp] theorem ite_true (a b : α) : (if True then a else b) = a := if_pos trivial
@[simp] theorem ite_false (a b : α) : (if False then a else b) = b := if_neg id
@[simp] theorem ite_self {c : Prop} {d : Decidable c} (a : α) : ite c a a = a := (Decidable.em c).elim (fun h => if_pos h) fun h => if_neg h
theorem ite_not (p : Prop) [Decidable p] (x y : α) : ite (¬p) x y = ite p y x :=
  (Decidable.em p).elim (fun h => (if_neg (not_not_intro h)).trans (if_pos h).symm) fun h => (if_pos h).trans (if_neg h).symm
attribute [simp] ite_not
@[simp] theorem ite_eq_left_iff {p : Prop} [Decidable p] {x y : α} : (if p then x else y) = x ↔ (¬p → y = x) :=
  (Decidable.em p).elim (fun h => iff_of_true (if_pos h) fun n => absurd h n) fun h => ⟨fun e _ => (if_neg h).symm.trans e, fun f => (if_neg h).trans (f h)⟩
@[simp] theorem ite_eq_right_iff {p : Prop} [Decidable p] {x y : α} : (if p then x else y) = y ↔ (p → x = y) :=
  (Decidable.em p).elim (fun h => ⟨fun e _ => (if_pos h).symm.trans e, fun f => (if_pos h).trans (f h)⟩) fun h => iff_of_true (if_neg h) fun x => absurd x h
theorem ite_eq_iff {p : Prop} [Decidable p] {x y z : α} : (if p then x else y) = z ↔ p ∧ x = z ∨ ¬p ∧ y = z := by
  by_cases h : p
  · rw [if_pos h]; exact ⟨fun e => .inl ⟨h, e⟩, fun k => k.elim And.right fun k => absurd h k.1⟩
  · rw [if_neg h]; exact ⟨fun e => .inr ⟨h, e⟩, fun k => k.elim (fun k => absurd k.1 h) And.right⟩
end

-- Bool.
namespace Bool
@[simp] theorem or_false (b : Bool) : (b || false) = b := by cases b <;> rfl
@[simp] theorem or_true (b : Bool) : (b || true) = true := by cases b <;> rfl
@[simp] theorem false_or (b : Bool) : (false || b) = b := rfl
@[simp] theorem true_or (b : Bool) : (true || b) = true := rfl
@[simp] theorem or_self (b : Bool) : (b || b) = b := by cases b <;> rfl
@[simp] theorem and_false (b : Bool) : (b && false) = false := by cases b <;> rfl
@[simp] theorem and_true (b : Bool) : (b && true) = b := by cases b <;> rfl
@[simp] theorem false_and (b : Bool) : (false && b) = false := rfl
@[simp] theorem true_and (b : Bool) : (true && b) = b := rfl
@[simp] theorem and_self (b : Bool) : (b && b) = b := by cases b <;> rfl
@[simp] theorem not_not (b : Bool) : (!!b) = b := by cases b <;> rfl
@[simp] theorem not_true : (!true) = false := rfl
@[simp] theorem not_false : (!false) = true := rfl
theorem not_eq_true (b : Bool) : (¬(b = true)) = (b = false) := by
  cases b
  · exact propext ⟨fun _ => rfl, fun _ h => false_ne_true h⟩
  · exact propext ⟨fun h => absurd rfl h, fun h => absurd h.symm false_ne_true⟩
theorem not_eq_false (b : Bool) : (¬(b = false)) = (b = true) := by
  cases b
  · exact propext ⟨fun h => absurd rfl h, fun h => absurd h false_ne_true⟩
  · exact propext ⟨fun _ => rfl, fun _ h => false_ne_true h.symm⟩
attribute [simp] not_eq_true not_eq_false
@[simp] theorem not_eq_true' (b : Bool) : ((!b) = true) = (b = false) := by
  cases b
  · exact propext ⟨fun _ => rfl, fun _ => rfl⟩
  · exact propext ⟨fun h => absurd h false_ne_true, fun h => absurd h.symm false_ne_true⟩
@[simp] theorem not_eq_false' (b : Bool) : ((!b) = false) = (b = true) := by
  cases b
  · exact propext ⟨fun h => absurd h.symm false_ne_true, fun h => absurd h false_ne_true⟩
  · exact propext ⟨fun _ => rfl, fun _ => rfl⟩
@[simp] theorem or_eq_true (a b : Bool) : ((a || b) = true) = (a = true ∨ b = true) := by
  cases a
  · exact propext ⟨.inr, fun h => h.elim (fun h => absurd h false_ne_true) id⟩
  · exact propext ⟨fun _ => .inl rfl, fun _ => rfl⟩
@[simp] theorem and_eq_true (a b : Bool) : ((a && b) = true) = (a = true ∧ b = true) := by
  cases a
  · exact propext ⟨fun h => absurd h false_ne_true, fun h => h.1⟩
  · exact propext ⟨fun h => ⟨rfl, h⟩, And.right⟩
theorem or_comm (x y : Bool) : (x || y) = (y || x) := by cases x <;> cases y <;> rfl
theorem and_comm (x y : Bool) : (x && y) = (y && x) := by cases x <;> cases y <;> rfl
theorem or_assoc (a b c : Bool) : (a || b || c) = (a || (b || c)) := by cases a <;> rfl
theorem and_assoc (a b c : Bool) : (a && b && c) = (a && (b && c)) := by cases a <;> rfl
theorem and_or_distrib_left (x y z : Bool) : (x && (y || z)) = (x && y || x && z) := by cases x <;> rfl
theorem or_and_distrib_left (x y z : Bool) : (x || y && z) = ((x || y) && (x || z)) := by cases x <;> rfl
@[simp] theorem not_and (x y : Bool) : (!(x && y)) = (!x || !y) := by cases x <;> rfl
@[simp] theorem not_or (x y : Bool) : (!(x || y)) = (!x && !y) := by cases x <;> rfl
@[simp] theorem and_not_self (x : Bool) : (x && !x) = false := by cases x <;> rfl
@[simp] theorem not_and_self (x : Bool) : (!x && x) = false := by cases x <;> rfl
@[simp] theorem or_not_self (x : Bool) : (x || !x) = true := by cases x <;> rfl
@[simp] theorem not_or_self (x : Bool) : (!x || x) = true := by cases x <;> rfl
theorem eq_false_or_eq_true (b : Bool) : b = true ∨ b = false := by cases b; exact .inr rfl; exact .inl rfl
theorem eq_true_of_not_eq_false {b : Bool} (h : ¬b = false) : b = true := (not_eq_false b).mp h
theorem eq_false_of_not_eq_true {b : Bool} (h : ¬b = true) : b = false := (not_eq_true b).mp h
theorem eq_iff_iff {a b : Bool} : a = b ↔ (a = true ↔ b = true) := by
  cases a <;> cases b <;> decide
instance (p : Bool → Prop) [d : DecidablePred p] : Decidable (∀ x, p x) :=
  decidable_of_iff (p true ∧ p false) ⟨fun h b => by cases b; exact h.2; exact h.1, fun f => ⟨f _, f _⟩⟩
instance (p : Bool → Prop) [d : DecidablePred p] : Decidable (∃ x, p x) :=
  decidable_of_iff (p true ∨ p false) ⟨fun h => h.elim (fun x => ⟨_, x⟩) fun x => ⟨_, x⟩, fun ⟨b, x⟩ => by cases b; exact .inr x; exact .inl x⟩
end Bool
class LawfulBEq (α : Type u) [BEq α] : Prop where
  eq_of_beq {a b : α} : BEq.beq a b = true → a = b
  rfl {a : α} : BEq.beq a a = true
theorem eq_of_beq {α : Type u} [BEq α] [LawfulBEq α] {a b : α} (h : (a == b) = true) : a = b := LawfulBEq.eq_of_beq h
instance {α : Type u} [DecidableEq α] : LawfulBEq α := ⟨of_decide_eq_true, decide_eq_true rfl⟩
@[simp] theorem beq_self_eq_true {α : Type u} [BEq α] [LawfulBEq α] (a : α) : (a == a) = true := LawfulBEq.rfl
@[simp] theorem beq_iff_eq {α : Type u} [BEq α] [LawfulBEq α] {a b : α} : (a == b) = true ↔ a = b := ⟨eq_of_beq, fun h => h ▸ LawfulBEq.rfl⟩
@[simp] theorem beq_eq_false_iff_ne {α : Type u} [BEq α] [LawfulBEq α] {a b : α} : (a == b) = false ↔ a ≠ b :=
  ⟨fun h e => Bool.false_ne_true (h.symm.trans (beq_iff_eq.2 e)), fun h => Bool.eq_false_of_not_eq_true fun e => h (eq_of_beq e)⟩
@[simp] theorem bne_iff_ne {α : Type u} [BEq α] [LawfulBEq α] {a b : α} : (a != b) = true ↔ a ≠ b := by
  show (!(a == b)) = true ↔ a ≠ b
  rw [Bool.not_eq_true', beq_eq_false_iff_ne]
@[simp] theorem cond_true {α : Sort u} (a b : α) : cond true a b = a := rfl
@[simp] theorem cond_false {α : Sort u} (a b : α) : cond false a b = b := rfl
@[simp] theorem heq_eq_eq {α : Sort u} (a b : α) : HEq a b = (a = b) := propext ⟨eq_of_heq, heq_of_eq⟩
@[simp] theorem Function.comp_apply {α : Sort u} {β : Sort v} {δ : Sort w} {f : β → δ} {g : α → β} {x : α} : (f ∘ g) x = f (g x) := rfl
-- Injectivity of the constructors that are older than the tactic that derives it.
@[simp] theorem Prod.mk.injEq {α : Type u} {β : Type v} (a : α) (b : β) (c : α) (d : β) : ((a, b) = (c, d)) = (a = c ∧ b = d) :=
  propext ⟨fun h => by injection h with h g; exact ⟨h, g⟩, fun ⟨h, g⟩ => h ▸ g ▸ rfl⟩
@[simp] theorem Option.some.injEq {α : Type u} (a b : α) : (some a = some b) = (a = b) := propext ⟨fun h => by injection h, fun h => h ▸ rfl⟩
@[simp] theorem List.cons.injEq {α : Type u} (a : α) (as : List α) (b : α) (bs : List α) : (a :: as = b :: bs) = (a = b ∧ as = bs) :=
  propext ⟨fun h => by injection h with h g; exact ⟨h, g⟩, fun ⟨h, g⟩ => h ▸ g ▸ rfl⟩
@[simp] theorem Sum.inl.injEq {α : Type u} {β : Type v} (a b : α) : ((Sum.inl a : Sum α β) = .inl b) = (a = b) := propext ⟨fun h => by injection h, fun h => h ▸ rfl⟩
@[simp] theorem Sum.inr.injEq {α : Type u} {β : Type v} (a b : β) : ((Sum.inr a : Sum α β) = .inr b) = (a = b) := propext ⟨fun h => by injection h, fun h => h ▸ rfl⟩
@[simp] theorem Nat.succ.injEq (a b : Nat) : (succ a = succ b) = (a = b) := propext ⟨fun h => Nat.succ.inj' h, fun h => h ▸ rfl⟩
@[simp] theorem Fin.mk.injEq {n : Nat} (a : Nat) (h : a < n) (b : Nat) (g : b < n) : ((⟨a, h⟩ : Fin n) = ⟨b, g⟩) = (a = b) :=
  propext ⟨fun e => congrArg Fin.val e, fun e => by cases e; rfl⟩
@[simp] theorem Subtype.mk.injEq {α : Sort u} {p : α → Prop} (a : α) (h : p a) (b : α) (g : p b) : ((⟨a, h⟩ : {x // p x}) = ⟨b, g⟩) = (a = b) :=
  propext ⟨fun e => congrArg Subtype.val e, fun e => by cases e; rfl⟩
theorem Prod.ext {α : Type u} {β : Type v} {p q : α × β} (h : p.1 = q.1) (g : p.2 = q.2) : p = q := by cases p; cases q; cases h; cases g; rfl
theorem Subtype.ext {α : Sort u} {p : α → Prop} {a b : {x // p x}} (h : a.val = b.val) : a = b := by cases a; cases b; cases h; rfl
attribute [ext] Prod.ext Subtype.ext
instance instDecidableEqProd {α : Type u} {β : Type v} [DecidableEq α] [DecidableEq β] : DecidableEq (α × β) :=
  fun (a, b) (c, d) => decidable_of_iff (a = c ∧ b = d) (Prod.mk.injEq a b c d ▸ Iff.rfl)
