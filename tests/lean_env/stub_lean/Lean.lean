/- Stands in for Lean's own library, so that a program that says `import Lean` runs on the embedded Lean (tests only).

Types are laid out as the native code of Lean 4.35.0 expects. `@[extern "x"] opaque NAME` is bound to the native
function or constant of that name (the text "x" is not used). A block (up to a blank line) is left out where the
embedded core declares what it declares. -/
set_option linter.all false
universe u v w

/-! IO, as Lean 4.35 represents it -/
def NonemptyType := Subtype fun α : Type u => Nonempty α
instance : Inhabited NonemptyType := ⟨⟨PUnit, ⟨.unit⟩⟩⟩
abbrev NonemptyType.type (t : NonemptyType.{u}) : Type u := t.val
opaque Void.nonemptyType (σ : Type) : NonemptyType.{0}
def Void (σ : Type) : Type := (Void.nonemptyType σ).type
opaque IO.RealWorld : Type
structure ST.Out (σ α : Type) where
  val : α
  state : Void σ
def ST (σ α : Type) : Type := Void σ → ST.Out σ α
inductive EST.Out (ε σ α : Type) where
  | ok (val : α) (state : Void σ)
  | error (e : ε) (state : Void σ)
def EST (ε σ α : Type) : Type := Void σ → EST.Out ε σ α
instance {ε σ : Type} : Monad (EST ε σ) := Monad.ofBind
  (fun a s => .ok a s)
  (fun x f s => match x s with | .ok a s => f a s | .error e s => .error e s)
instance {ε σ : Type} : MonadExcept ε (EST ε σ) where
  throw e s := .error e s
  tryCatch x h s := match x s with | .ok a s => .ok a s | .error e s => h e s
inductive IO.Error where
  | e0 (s : String) | e1 (s : String) | e2 (s : String) | e3 (s : String) | e4 (s : String) | e5 (s : String)
  | e6 (s : String) | e7 (s : String) | e8 (s : String) | e9 (s : String) | e10 (s : String) | e11 (s : String)
  | e12 (s : String) | e13 (s : String) | e14 (s : String) | e15 (s : String) | e16 (s : String) | unexpectedEof
  | userError (s : String)
abbrev IO := EST IO.Error IO.RealWorld
def IO.userError (s : String) : IO.Error := .userError s
instance {α : Type} : Inhabited (IO α) := ⟨fun s => .error .unexpectedEof s⟩
def liftST {α : Type} (x : ST IO.RealWorld α) : IO α := fun s => match x s with | ⟨a, s⟩ => .ok a s
opaque ST.RefPointed : NonemptyType.{0}
structure ST.Ref (σ α : Type) where
  ref : ST.RefPointed.type
  h : Nonempty α
noncomputable def ST.Ref.some {σ α : Type} (a : α) : ST.Ref σ α := ⟨Classical.choice ST.RefPointed.property, ⟨a⟩⟩
noncomputable def ST.Ref.read {σ α : Type} (r : ST.Ref σ α) : ST σ α := fun s => ⟨Classical.choice r.h, s⟩
abbrev IO.Ref (α : Type) := ST.Ref IO.RealWorld α
@[extern "x"] opaque ST.Prim.mkRef {σ α : Type} (a : α) : ST σ (ST.Ref σ α) := fun s => ⟨ST.Ref.some a, s⟩
@[extern "x"] opaque ST.Prim.Ref.get {σ α : Type} (r : @& ST.Ref σ α) : ST σ α := ST.Ref.read r
@[extern "x"] opaque ST.Prim.Ref.take {σ α : Type} (r : @& ST.Ref σ α) : ST σ α := ST.Ref.read r
@[extern "x"] opaque ST.Prim.Ref.put {σ α : Type} (r : @& ST.Ref σ α) (a : α) : ST σ Unit := fun s => ⟨(), s⟩
instance {σ α : Type} [Inhabited α] : Inhabited (ST σ α) := ⟨fun s => ⟨default, s⟩⟩
@[extern "x"] opaque IO.mkRef {α : Type} (a : α) : ST IO.RealWorld (IO.Ref α) := fun s => ⟨ST.Ref.some a, s⟩
@[always_inline, inline] def ST.Ref.get {α : Type} (r : IO.Ref α) : IO α := liftST (ST.Prim.Ref.get r)
@[always_inline, inline] def ST.Ref.modify {α : Type} (r : IO.Ref α) (f : α → α) : IO Unit :=
  bind (liftST (ST.Prim.Ref.take r)) fun a => liftST (ST.Prim.Ref.put r (f a))

/-! Classes and notation that the core lacks -/

class MonadLift (m : semiOutParam (Type u → Type v)) (n : Type u → Type w) where
  monadLift : {α : Type u} → m α → n α

class MonadLiftT (m : Type u → Type v) (n : Type u → Type w) where
  monadLift : {α : Type u} → m α → n α
export MonadLiftT (monadLift)

@[reducible] def liftM {m : Type u → Type v} {n : Type u → Type w} [self : MonadLiftT m n] {α : Type u} : m α → n α := monadLift

instance {m : Type u → Type v} {n : Type u → Type w} {o : Type u → Type w} [MonadLift n o] [MonadLiftT m n] : MonadLiftT m o :=
  ⟨fun x => MonadLift.monadLift (m := n) (monadLift x)⟩

instance {m : Type u → Type v} : MonadLiftT m m := ⟨fun x => x⟩

instance : MonadLift (ST IO.RealWorld) IO := ⟨liftST⟩

class ToString (α : Type u) where
  toString : α → String
export ToString (toString)

class EmptyCollection (α : Type u) where
  emptyCollection : α

class Hashable (α : Sort u) where
  hash : α → UInt64

class GetElem? (coll : Type u) (idx : Type v) (elem : outParam (Type w)) where
  getElem? : coll → idx → Option elem
export GetElem? (getElem?)

@[extern "x", term_parser] opaque termS!_ : Lean.ParserDescr

@[extern "x", macro termS!_] opaque _aux_Init_Data_ToString_Macro___macroRules_termS!__1 : Lean.Macro

@[extern "x", term_parser] opaque «term__[_]_?» : Lean.TrailingParserDescr

@[extern "x", macro «term__[_]_?»] opaque «_aux_Init_GetElem___macroRules_term__[_]_?_1» : Lean.Macro

@[extern "x", term_parser] opaque «term%[_|_]» : Lean.ParserDescr

@[extern "x", macro «term%[_|_]»] opaque «_aux_Init_NotationExtra___macroRules_term%[_|_]_1» : Lean.Macro

@[extern "x", term_parser] opaque «term{}» : Lean.ParserDescr

@[extern "x", macro «term{}»] opaque «_aux_Init_Core___macroRules_term{}_1» : Lean.Macro

def discard {f : Type u → Type v} {α : Type u} [Functor f] (x : f α) : f PUnit := Functor.mapConst PUnit.unit x

/-! Data -/

@[extern "x"] opaque String.Internal.append (a b : @& String) : String

instance (priority := high) : Append String := ⟨String.Internal.append⟩

@[extern "x"] opaque String.push (s : String) (c : Char) : String

@[extern "x"] opaque String.toList (s : String) : List Char

@[extern "x"] opaque String.decEq (a b : @& String) : Bool

instance (priority := high) : BEq String := ⟨String.decEq⟩

instance : Inhabited UInt32 := ⟨⟨0⟩⟩

instance : Inhabited Char := ⟨⟨⟨0⟩⟩⟩

@[extern "x"] opaque Char.toNat (c : Char) : Nat

instance : ToString String := ⟨fun s => s⟩

instance {α : Type u} : Inhabited (ToString α) := ⟨⟨fun _ => ""⟩⟩

@[extern "x", instance] opaque instToStringNat : ToString Nat

instance {α : Type u} : Inhabited (BEq α) := ⟨⟨fun _ _ => false⟩⟩

instance : Inhabited UInt64 := ⟨⟨0⟩⟩

instance {α : Type u} : Inhabited (Hashable α) := ⟨⟨fun _ => default⟩⟩

@[extern "x"] opaque UInt64.xor (a b : UInt64) : UInt64

instance {α : Type u} {β : Type v} [BEq α] [BEq β] : BEq (Prod α β) := ⟨fun a b => a.1 == b.1 && a.2 == b.2⟩

instance {α : Type u} {β : Type v} [Hashable α] [Hashable β] : Hashable (Prod α β) :=
  ⟨fun a => UInt64.xor (Hashable.hash a.1) (Hashable.hash a.2)⟩

instance {m : Type u → Type v} [Monad m] {α : Type u} [Inhabited α] : Inhabited (m α) := ⟨pure default⟩

def List.beq' {α : Type u} [BEq α] : List α → List α → Bool
  | [], [] => true
  | a :: as, b :: bs => a == b && beq' as bs
  | _, _ => false

instance {α : Type u} [BEq α] : BEq (List α) := ⟨List.beq'⟩

@[inline] def List.filterMap {α : Type u} {β : Type v} (f : α → Option β) (l : List α) : List β :=
  l.foldr (fun a bs => match f a with | none => bs | some b => b :: bs) []

@[extern "x"] opaque List.all {α : Type u} : List α → (α → Bool) → Bool

@[extern "x"] opaque List.contains {α : Type u} [BEq α] (as : List α) (a : α) : Bool

@[extern "x"] opaque List.zip {α : Type u} {β : Type v} : List α → List β → List (α × β)

@[extern "x"] opaque List.mapM {m : Type u → Type v} [Monad m] {α : Type w} {β : Type u} (f : α → m β) (as : List α) : m (List β)

@[extern "x"] opaque List.foldlM {m : Type u → Type v} [Monad m] {s : Type u} {α : Type w} (f : s → α → m s) (init : s) : List α → m s := fun _ => pure init

@[extern "x"] opaque List.allM {m : Type → Type u} [Monad m] {α : Type v} (p : α → m Bool) (l : List α) : m Bool

@[extern "x"] opaque List.toArray {α : Type u} (l : List α) : Array α

@[extern "x"] opaque Option.map {α : Type u} {β : Type v} (f : α → β) : Option α → Option β

@[extern "x"] opaque Option.any {α : Type u} (p : α → Bool) : Option α → Bool

@[extern "x"] opaque Option.isSome {α : Type u} : Option α → Bool

@[extern "x"] opaque Option.isNone {α : Type u} : Option α → Bool

@[extern "x"] opaque Option.toList {α : Type u} : Option α → List α

@[extern "x"] opaque String.foldl {α : Type u} (f : α → Char → α) (init : α) (s : String) : α := init

@[extern "x"] opaque String.intercalate (s : String) : List String → String

@[extern "x"] opaque String.toNat? (s : String) : Option Nat

/-! Hash maps and sets: Lean's own code -/
structure Std.HashMap (α : Type u) (β : Type v) [BEq α] [Hashable α] where
  size : Nat
  buckets : Nat
namespace Std.HashMap
variable {α : Type u} {β : Type v}
instance [BEq α] [Hashable α] : Inhabited (HashMap α β) := ⟨⟨0, 0⟩⟩
@[extern "x"] opaque emptyWithCapacity {α : Type u} {β : Type v} [BEq α] [Hashable α] (capacity : Nat := 8) : HashMap α β
@[extern "x"] opaque insert {α : Type u} {β : Type v} [BEq α] [Hashable α] (m : HashMap α β) (a : α) (b : β) : HashMap α β
@[extern "x"] opaque get? {α : Type u} {β : Type v} [BEq α] [Hashable α] (m : HashMap α β) (a : α) : Option β
@[extern "x"] opaque contains {α : Type u} {β : Type v} [BEq α] [Hashable α] (m : HashMap α β) (a : α) : Bool
instance [BEq α] [Hashable α] : EmptyCollection (HashMap α β) := ⟨emptyWithCapacity⟩
instance [BEq α] [Hashable α] : GetElem? (HashMap α β) α β := ⟨get?⟩
end Std.HashMap

namespace Lean
@[extern "x", instance] opaque Name.instBEq : BEq Name
@[extern "x", instance] opaque instHashableName : Hashable Name
@[extern "x", instance] opaque Name.instToString : ToString Name
structure NameSet where
  a : Nat
  b : Nat
instance : Inhabited NameSet := ⟨⟨0, 0⟩⟩
@[extern "x"] opaque NameSet.empty : NameSet
@[extern "x"] opaque NameSet.insert (s : NameSet) (n : Name) : NameSet
@[extern "x"] opaque NameSet.contains (s : NameSet) (n : Name) : Bool
instance : EmptyCollection NameSet := ⟨NameSet.empty⟩

/-! Levels and terms: they carry hashes in memory, so they are built by native code only. -/
structure LMVarId where
  name : Name
inductive Level where
  | zero | succ (l : Level) | max (l k : Level) | imax (l k : Level) | param (n : Name) | mvar (id : LMVarId)
instance : Inhabited Level := ⟨.zero⟩
@[extern "x"] opaque Level.zero._override : Level
@[extern "x"] opaque Level.succ._override (l : Level) : Level
@[extern "x"] opaque Level.max._override (l k : Level) : Level
@[extern "x"] opaque Level.imax._override (l k : Level) : Level
@[extern "x"] opaque Level.param._override (n : Name) : Level
attribute [implemented_by Level.zero._override] Level.zero
attribute [implemented_by Level.succ._override] Level.succ
attribute [implemented_by Level.max._override] Level.max
attribute [implemented_by Level.imax._override] Level.imax
attribute [implemented_by Level.param._override] Level.param
@[extern "x"] opaque Level.isEquiv (a b : Level) : Bool
inductive BinderInfo where
  | default | implicit | strictImplicit | instImplicit
inductive Literal where
  | natVal (n : Nat) | strVal (s : String)
structure FVarId where
  name : Name
structure MVarId where
  name : Name
structure MData where
  entries : Nat
inductive Expr where
  | bvar (i : Nat) | fvar (id : FVarId) | mvar (id : MVarId) | sort (l : Level) | const (n : Name) (ls : List Level)
  | app (f a : Expr) | lam (n : Name) (t b : Expr) (bi : BinderInfo) | forallE (n : Name) (t b : Expr) (bi : BinderInfo)
  | letE (n : Name) (t v b : Expr) (nondep : Bool) | lit (l : Literal) | mdata (d : MData) (e : Expr)
  | proj (s : Name) (i : Nat) (e : Expr)
instance : Inhabited Expr := ⟨.bvar 0⟩
@[extern "x"] opaque Expr.bvar._override (i : Nat) : Expr
@[extern "x"] opaque Expr.sort._override (l : Level) : Expr
@[extern "x"] opaque Expr.const._override (n : Name) (ls : List Level) : Expr
@[extern "x"] opaque Expr.app._override (f a : Expr) : Expr
@[extern "x"] opaque Expr.lam._override (n : Name) (t b : Expr) (bi : BinderInfo) : Expr
@[extern "x"] opaque Expr.forallE._override (n : Name) (t b : Expr) (bi : BinderInfo) : Expr
@[extern "x"] opaque Expr.letE._override (n : Name) (t v b : Expr) (nondep : Bool) : Expr
@[extern "x"] opaque Expr.lit._override (l : Literal) : Expr
@[extern "x"] opaque Expr.proj._override (s : Name) (i : Nat) (e : Expr) : Expr
attribute [implemented_by Expr.bvar._override] Expr.bvar
attribute [implemented_by Expr.sort._override] Expr.sort
attribute [implemented_by Expr.const._override] Expr.const
attribute [implemented_by Expr.app._override] Expr.app
attribute [implemented_by Expr.lam._override] Expr.lam
attribute [implemented_by Expr.forallE._override] Expr.forallE
attribute [implemented_by Expr.letE._override] Expr.letE
attribute [implemented_by Expr.lit._override] Expr.lit
attribute [implemented_by Expr.proj._override] Expr.proj
@[extern "x", instance] opaque Expr.instBEq : BEq Expr
@[extern "x", instance] opaque Expr.instHashable : Hashable Expr
@[extern "x"] opaque Expr.getUsedConstants (e : Expr) : Array Name
@[extern "x"] opaque Expr.instantiateLevelParams (e : Expr) (params : List Name) (levels : List Level) : Expr

/-! Constants -/
structure ConstantVal where
  name : Name
  levelParams : List Name
  type : Expr
structure AxiomVal extends ConstantVal where
  isUnsafe : Bool
inductive ReducibilityHints where
  | opaque | abbrev | regular (h : UInt32)
inductive DefinitionSafety where
  | «unsafe» | safe | «partial»
instance : BEq DefinitionSafety := ⟨fun a b => match a, b with
  | .unsafe, .unsafe => true | .safe, .safe => true | .partial, .partial => true | _, _ => false⟩
structure DefinitionVal extends ConstantVal where
  value : Expr
  hints : ReducibilityHints
  safety : DefinitionSafety
  all : List Name
structure TheoremVal extends ConstantVal where
  value : Expr
  all : List Name
structure OpaqueVal extends ConstantVal where
  value : Expr
  isUnsafe : Bool
  all : List Name
inductive QuotKind where
  | type | ctor | lift | ind
structure QuotVal extends ConstantVal where
  kind : QuotKind
structure InductiveVal extends ConstantVal where
  numParams : Nat
  numIndices : Nat
  all : List Name
  ctors : List Name
  numNested : Nat
  isRec : Bool
  isUnsafe : Bool
  isReflexive : Bool
structure ConstructorVal extends ConstantVal where
  induct : Name
  cidx : Nat
  numParams : Nat
  numFields : Nat
  isUnsafe : Bool
structure RecursorRule where
  ctor : Name
  nfields : Nat
  rhs : Expr
structure RecursorVal extends ConstantVal where
  all : List Name
  numParams : Nat
  numIndices : Nat
  numMotives : Nat
  numMinors : Nat
  rules : List RecursorRule
  k : Bool
  isUnsafe : Bool
inductive ConstantInfo where
  | axiomInfo (v : AxiomVal) | defnInfo (v : DefinitionVal) | thmInfo (v : TheoremVal) | opaqueInfo (v : OpaqueVal)
  | quotInfo (v : QuotVal) | inductInfo (v : InductiveVal) | ctorInfo (v : ConstructorVal) | recInfo (v : RecursorVal)
@[extern "x"] opaque ConstantInfo.name (c : ConstantInfo) : Name
@[extern "x"] opaque ConstantInfo.levelParams (c : ConstantInfo) : List Name
@[extern "x"] opaque ConstantInfo.type (c : ConstantInfo) : Expr
@[extern "x"] opaque ConstantInfo.isUnsafe (c : ConstantInfo) : Bool
@[extern "x"] opaque ConstantInfo.isPartial (c : ConstantInfo) : Bool

/-! Modules and environments -/
structure Import where
  module : Name
  importAll : Bool := false
  isExported : Bool := true
  isMeta : Bool := false
structure ModuleData where
  isModule : Bool
  imports : Array Import
  constNames : Array Name
  constants : Array ConstantInfo
  extraConstNames : Array Name
  entries : Array Nat
abbrev CompactedRegion := USize
abbrev System.FilePath := String
instance : Inhabited ModuleData := ⟨⟨false, .empty, .empty, .empty, .empty, .empty⟩⟩
@[extern "x"] opaque readModuleData (path : System.FilePath) : IO (ModuleData × CompactedRegion)
structure Options where
  a : Nat
  b : Nat
instance : Inhabited Options := ⟨⟨0, 0⟩⟩
@[extern "x"] opaque Options.empty : Options
instance : EmptyCollection Options := ⟨Options.empty⟩
structure Environment where
  a : Nat
  b : Nat
instance : Inhabited Environment := ⟨⟨0, 0⟩⟩
inductive OLeanLevel where
  | exported | server | «private»
@[extern "x"] opaque importModules (imports : Array Import) (opts : Options) (trustLevel : UInt32 := ⟨0⟩)
  (plugins : Array System.FilePath := .empty) (leakEnv : Bool := false) (loadExts : Bool := false)
  (level : OLeanLevel := .private) (arts : NameSet := NameSet.empty) : IO Environment
@[extern "x"] opaque Environment.find? (env : Environment) (n : Name) (skipRealize : Bool := false) : Option ConstantInfo

/-! JSON -/
structure JsonNumber where
  mantissa : Int
  exponent : Nat
@[extern "x", instance] opaque JsonNumber.instToString : ToString JsonNumber
set_option genSizeOf false in
inductive Json where
  | null | bool (b : Bool) | num (n : JsonNumber) | str (s : String) | arr (elems : Array Json) | obj (kvPairs : NameSet)
instance : Inhabited Json := ⟨.null⟩
instance {α : Type} : Inhabited (Except String α) := ⟨.error ""⟩
@[extern "x"] opaque Json.parse (s : String) : Except String Json
@[extern "x"] opaque Json.mkObj (o : List (String × Json)) : Json
@[extern "x"] opaque Json.compress (j : Json) : String
@[extern "x"] opaque Json.getObjVal? (j : Json) (k : String) : Except String Json
@[extern "x"] opaque Json.getArr? (j : Json) : Except String (Array Json)
@[extern "x"] opaque Json.getStr? (j : Json) : Except String String
end Lean

@[extern "x", instance] opaque IO.Error.instToString : ToString IO.Error
@[extern "x"] opaque IO.println {α : Type} [ToString α] (s : α) : IO Unit
@[extern "x"] opaque IO.ofExcept {ε α : Type} [ToString ε] (e : Except ε α) : IO α
structure IO.FS.Stream where
  flush : IO Unit
  read : USize → IO Nat
  write : Nat → IO Unit
  getLine : IO String
  putStr : String → IO Unit
  isTty : ST IO.RealWorld Bool
instance : Inhabited IO.FS.Stream := ⟨⟨default, fun _ => default, fun _ => default, default, fun _ => default, fun s => ⟨false, s⟩⟩⟩
@[extern "x"] opaque IO.getStdin : ST IO.RealWorld IO.FS.Stream
