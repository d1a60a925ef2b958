/-! Judges a compiled submission, and nothing of it runs.

Run by Lean itself as `lean --run`; the imports (`Lean`, `Lean.Replay`) are put before this text. Standard input is one
JSON object: `nonce`, `challenge` and `submission` (paths of `.olean` files; the challenge may be null), `targets`,
`allow` and `answers` (names, each an array of strings and numbers). The answer is one line of JSON with the same nonce,
written at the very end.

The library is imported without its extensions, so no initializer runs, and is trusted as it stands. The submission's
module is read as data. Every constant of it is built anew from names and terms, with Lean's own constructors, so
nothing else that the file holds (hashes, cached facts of terms, numbers out of shape) reaches the comparison or the
kernel; names of bound variables, binder kinds and `mdata` are dropped on the way, as they change no meaning. -/

set_option linter.all false
set_option linter.deprecated false

open Lean

namespace Lemmata

abbrev Constants := Std.HashMap Name ConstantInfo

/-! ### Building anew -/

/-- By its digits: a file can hold what Lean takes for a natural number and is none. -/
def freshNat (n : Nat) : IO Nat :=
  match (toString n).toNat? with
  | some m => pure m
  | none => throw (IO.userError "holds a number that is none")

def freshString (s : String) : String := s.foldl String.push ""

partial def freshName : Name → IO Name
  | .anonymous => pure .anonymous
  | .str p s => do return .str (← freshName p) (freshString s)
  | .num p i => do return .num (← freshName p) (← freshNat i)

def freshNames (names : List Name) : IO (List Name) := names.mapM freshName

partial def freshLevel : Level → IO Level
  | .zero => pure .zero
  | .succ l => do return .succ (← freshLevel l)
  | .max l k => do return .max (← freshLevel l) (← freshLevel k)
  | .imax l k => do return .imax (← freshLevel l) (← freshLevel k)
  | .param n => do return .param (← freshName n)
  | .mvar _ => throw (IO.userError "holds a level that is not complete")

abbrev Memo := IO.Ref (Std.HashMap Expr Expr)

mutual
partial def freshExpr (memo : Memo) (e : Expr) : IO Expr := do
  match (← memo.get)[e]? with
  | some made => return made
  | none =>
    let made ← freshNode memo e
    memo.modify (fun m => m.insert e made)
    return made

partial def freshNode (memo : Memo) : Expr → IO Expr
  | .bvar i => do return .bvar (← freshNat i)
  | .sort l => do return .sort (← freshLevel l)
  | .const n ls => do return .const (← freshName n) (← ls.mapM freshLevel)
  | .app f a => do return .app (← freshExpr memo f) (← freshExpr memo a)
  | .lam _ t b _ => do return .lam .anonymous (← freshExpr memo t) (← freshExpr memo b) .default
  | .forallE _ t b _ => do return .forallE .anonymous (← freshExpr memo t) (← freshExpr memo b) .default
  | .letE _ t v b _ => do
    return .letE .anonymous (← freshExpr memo t) (← freshExpr memo v) (← freshExpr memo b) false
  | .lit (.natVal n) => do return .lit (.natVal (← freshNat n))
  | .lit (.strVal s) => pure (.lit (.strVal (freshString s)))
  | .mdata _ e => freshExpr memo e
  | .proj s i e => do return .proj (← freshName s) (← freshNat i) (← freshExpr memo e)
  | .fvar _ => throw (IO.userError "holds a term with a free variable")
  | .mvar _ => throw (IO.userError "holds a term that is not complete")
end

def freshHead (memo : Memo) (c : ConstantVal) : IO ConstantVal := do
  return { name := ← freshName c.name, levelParams := ← freshNames c.levelParams, type := ← freshExpr memo c.type }

def freshRule (memo : Memo) (r : RecursorRule) : IO RecursorRule := do
  return { ctor := ← freshName r.ctor, nfields := ← freshNat r.nfields, rhs := ← freshExpr memo r.rhs }

def freshConstant (memo : Memo) : ConstantInfo → IO ConstantInfo
  | .axiomInfo v => do return .axiomInfo { v with toConstantVal := ← freshHead memo v.toConstantVal }
  | .defnInfo v => do
    let head ← freshHead memo v.toConstantVal
    return .defnInfo { v with toConstantVal := head, value := ← freshExpr memo v.value, all := ← freshNames v.all }
  | .thmInfo v => do
    let head ← freshHead memo v.toConstantVal
    return .thmInfo { v with toConstantVal := head, value := ← freshExpr memo v.value, all := ← freshNames v.all }
  | .opaqueInfo v => do
    let head ← freshHead memo v.toConstantVal
    return .opaqueInfo { v with toConstantVal := head, value := ← freshExpr memo v.value, all := ← freshNames v.all }
  | .quotInfo v => do return .quotInfo { v with toConstantVal := ← freshHead memo v.toConstantVal }
  | .inductInfo v => do
    let head ← freshHead memo v.toConstantVal
    return .inductInfo { v with
      toConstantVal := head, numParams := ← freshNat v.numParams, numIndices := ← freshNat v.numIndices,
      all := ← freshNames v.all, ctors := ← freshNames v.ctors, numNested := ← freshNat v.numNested }
  | .ctorInfo v => do
    let head ← freshHead memo v.toConstantVal
    return .ctorInfo { v with
      toConstantVal := head, induct := ← freshName v.induct, cidx := ← freshNat v.cidx,
      numParams := ← freshNat v.numParams, numFields := ← freshNat v.numFields }
  | .recInfo v => do
    let head ← freshHead memo v.toConstantVal
    return .recInfo { v with
      toConstantVal := head, all := ← freshNames v.all, numParams := ← freshNat v.numParams,
      numIndices := ← freshNat v.numIndices, numMotives := ← freshNat v.numMotives,
      numMinors := ← freshNat v.numMinors, rules := ← v.rules.mapM (freshRule memo) }

/-! ### Constants -/

def kind : ConstantInfo → String
  | .axiomInfo _ => "axiom"
  | .defnInfo _ => "def"
  | .thmInfo _ => "theorem"
  | .opaqueInfo _ => "opaque"
  | .quotInfo _ => "quot"
  | .inductInfo _ => "inductive"
  | .ctorInfo _ => "ctor"
  | .recInfo _ => "rec"

def described : ConstantInfo → String
  | .axiomInfo _ => "an axiom"
  | .defnInfo _ => "a definition"
  | .thmInfo _ => "a theorem"
  | .opaqueInfo _ => "an opaque constant"
  | .quotInfo _ => "a quotient"
  | .inductInfo _ => "an inductive"
  | .ctorInfo _ => "a constructor"
  | .recInfo _ => "a recursor"

/-- Terms besides its type. -/
def values : ConstantInfo → List Expr
  | .defnInfo v => [v.value]
  | .thmInfo v => [v.value]
  | .opaqueInfo v => [v.value]
  | .recInfo v => v.rules.map (fun r => r.rhs)
  | _ => []

/-- What is declared together with it. -/
def family : ConstantInfo → List Name
  | .inductInfo v => v.all ++ v.ctors
  | .ctorInfo v => [v.induct]
  | .recInfo v => v.all ++ v.rules.map (fun r => r.ctor)
  | _ => []

def inTerms (terms : List Expr) (names : List Name) : List Name :=
  terms.foldl (fun found e => e.getUsedConstants.toList ++ found) names

/-- All that a constant refers to: in its type, its value (of a theorem and of an opaque one as well), its rules. -/
def mentions (c : ConstantInfo) : List Name := inTerms (c.type :: values c) (family c)

/-- A module, its constants built anew. -/
structure World where
  imports : List Name
  names : List Name
  own : Constants

/-- What it imports, as Lean has it. -/
structure Library where
  env : Environment

def World.find (w : World) (library : Library) (n : Name) : IO ConstantInfo :=
  match w.own[n]? with
  | some c => pure c
  | none =>
    match library.env.find? n with
    | some c => pure c
    | none => throw (IO.userError s!"refers to {n}, which is nowhere")

def add (memo : Memo) (w : World) (pair : Name × ConstantInfo) : IO World := do
  let name ← freshName pair.1
  let c ← freshConstant memo pair.2
  if c.name == name && !w.own.contains name then
    return { w with names := name :: w.names, own := w.own.insert name c }
  else
    throw (IO.userError s!"is damaged at {name}")

def read (path : String) : IO World := do
  let (data, _) ← readModuleData path
  if data.constNames.size == data.constants.size then
    let all ← data.imports.toList.mapM (fun i => freshName i.module)
    let imports := all.foldl (fun once n => if once.contains n then once else once ++ [n]) []
    let memo : Memo ← IO.mkRef {}
    let pairs := data.constNames.toList.zip data.constants.toList
    pairs.foldlM (add memo) { imports := imports, names := [], own := {} }
  else
    throw (IO.userError "is damaged: names and constants do not go together")

/-! ### Axioms -/

partial def collect (w : World) (library : Library) : List Name → NameSet → List Name → IO (List Name)
  | [], _, found => pure found
  | n :: rest, done, found => do
    if done.contains n then
      collect w library rest done found
    else
      let c ← w.find library n
      let found := match c with
        | .axiomInfo _ => n :: found
        | _ => found
      collect w library (mentions c ++ rest) (done.insert n) found

/-- The axioms that a constant rests on, through everything that it uses. -/
def axioms (w : World) (library : Library) (n : Name) : IO (List Name) := collect w library [n] {} []

/-! ### Statements -/

/-- The first constant with `sorryAx` in it among those that a statement depends on. Of a theorem only what it states
counts, not its proof. -/
partial def open? (w : World) : List Name → NameSet → Option Name
  | [], _ => none
  | n :: rest, done =>
    match w.own[n]? with
    | none => open? w rest done
    | some c =>
      let used := match c with
        | .thmInfo v => inTerms [v.type] []
        | _ => mentions c
      if done.contains n then open? w rest done
      else if used.contains ``sorryAx then some n
      else open? w (used ++ rest) (done.insert n)

structure Walk where
  seen : Std.HashMap (Expr × Expr) Unit
  pairs : List (Name × Name)

abbrev Pairs := IO.Ref Walk

/-- Walks two terms at once and notes which constants stand for each other. Whether nothing else differs. -/
partial def alike (walk : Pairs) (a b : Expr) : IO Bool := do
  if (← walk.get).seen.contains (a, b) then
    return true
  else
    walk.modify (fun w => { w with seen := w.seen.insert (a, b) () })
    match a, b with
    | .bvar i, .bvar j => return i == j
    | .sort l, .sort k => return l.isEquiv k
    | .const n ls, .const m ks =>
      walk.modify (fun w => { w with pairs := (n, m) :: w.pairs })
      return ls.length == ks.length && (ls.zip ks).all (fun p => p.1.isEquiv p.2)
    | .app f x, .app g y => do
      if ← alike walk f g then alike walk x y else return false
    | .lam _ t x _, .lam _ s y _ => do
      if ← alike walk t s then alike walk x y else return false
    | .forallE _ t x _, .forallE _ s y _ => do
      if ← alike walk t s then alike walk x y else return false
    | .letE _ t v x _, .letE _ s u y _ => do
      if ← alike walk t s then
        if ← alike walk v u then alike walk x y else return false
      else return false
    | .lit (.natVal n), .lit (.natVal m) => return n == m
    | .lit (.strVal n), .lit (.strVal m) => return n == m
    | .proj s i x, .proj r j y => do
      walk.modify (fun w => { w with pairs := (s, r) :: w.pairs })
      if s == r && i == j then alike walk x y else return false
    | _, _ => return false

/-- The pairs of constants that must say the same for these terms of `c` and `d` to do so; none if they differ. -/
def walkAll (c d : ConstantInfo) (terms : List (Expr × Expr)) : IO (Option (List (Name × Name))) := do
  if c.levelParams.length == d.levelParams.length then
    let walk : Pairs ← IO.mkRef { seen := {}, pairs := [] }
    let levels := c.levelParams.map Level.param
    let same ← terms.allM (fun p => alike walk p.1 (p.2.instantiateLevelParams d.levelParams levels))
    let done ← walk.get
    return if same then some done.pairs else none
  else
    return none

def sameShape : ConstantInfo → ConstantInfo → Bool
  | .axiomInfo v, .axiomInfo w => v.isUnsafe == w.isUnsafe
  | .defnInfo v, .defnInfo w => v.safety == w.safety
  | .opaqueInfo v, .opaqueInfo w => v.isUnsafe == w.isUnsafe
  | .inductInfo v, .inductInfo w =>
    v.numParams == w.numParams && v.numIndices == w.numIndices && v.numNested == w.numNested && v.all == w.all
      && v.ctors == w.ctors && v.isRec == w.isRec && v.isUnsafe == w.isUnsafe && v.isReflexive == w.isReflexive
  | .ctorInfo v, .ctorInfo w =>
    v.induct == w.induct && v.cidx == w.cidx && v.numParams == w.numParams && v.numFields == w.numFields
      && v.isUnsafe == w.isUnsafe
  | .recInfo v, .recInfo w =>
    v.all == w.all && v.numParams == w.numParams && v.numIndices == w.numIndices && v.numMotives == w.numMotives
      && v.numMinors == w.numMinors && v.k == w.k && v.isUnsafe == w.isUnsafe
      && v.rules.map (fun r => r.ctor) == w.rules.map (fun r => r.ctor)
      && v.rules.map (fun r => r.nfields) == w.rules.map (fun r => r.nfields)
  | _, _ => false

/-- As `walkAll`, for two whole constants. A definition may go by another name: Lean names auxiliary ones after whatever
used them first. Of a theorem only what it states counts: all proofs of a statement are the same. -/
def sameConstant (ours theirs : World) (a b : Name) : IO (Option (List (Name × Name))) :=
  match ours.own[a]?, theirs.own[b]? with
  | none, none => return if a == b then some [] else none
  | some c, some d => do
    match c, d with
    | .thmInfo v, .thmInfo w => walkAll c d [(v.type, w.type)]
    | _, _ =>
      let named := a == b || (kind c == "def" && kind d == "def")
      if named && sameShape c d && (values c).length == (values d).length then
        let found ← walkAll c d ((c.type, d.type) :: (values c).zip (values d))
        return found.map (fun pairs => (family c).map (fun n => (n, n)) ++ pairs)
      else
        return none
  | _, _ => return none

/-- Compares pairs of constants, each with who uses it, and all that they use. Why they do not say the same, if so. -/
partial def compare (ours theirs : World) : List (String × Name × Name) → List (Name × Name) → IO (Option String)
  | [], _ => return none
  | (user, a, b) :: rest, done => do
    if done.contains (a, b) then
      compare ours theirs rest done
    else
      match ← sameConstant ours theirs a b with
      | some pairs =>
        let next := s!"{a}, used in the statement,"
        compare ours theirs (pairs.map (fun p => (next, p.1, p.2)) ++ rest) ((a, b) :: done)
      | none =>
        if a == b then return some s!"{a}, used in the statement, differs from the challenge's"
        else return some s!"{user} uses {a} where the challenge's uses {b}"

/-- Why a constant does not state the same in both, if so. -/
def difference (ours theirs : World) (n : Name) : IO (Option String) :=
  match ours.own[n]?, theirs.own[n]? with
  | some c, some d => do
    match ← walkAll c d [(c.type, d.type)] with
    | some pairs => compare ours theirs (pairs.map (fun p => ("the statement", p.1, p.2))) []
    | none => return some "the statement differs from the challenge's"
  | _, _ => return some s!"the challenge has no {n}"

/-! ### The kernel again -/

/-- Lean's own replay, by the names and types that it has had; none where there is none. -/
def replay? : Option (Environment → Constants → IO Unit) := by
  first
  | exact some fun env new => discard (Kernel.Environment.replay new env.toKernelEnv)
  | exact some fun env new => discard (Environment.replay new env.toKernelEnv)
  | exact some fun env new => discard (Environment.replay new env)
  | exact none

/-- How many constants a replay asks the kernel about: `unsafe` and `partial` ones are left out, as in Lean's own, so
what depends on them fails. -/
def declarations (w : World) : Nat :=
  (w.names.filter (fun n => (w.own[n]?).any (fun c => !(c.isUnsafe || c.isPartial)))).length

/-! ### The verdict -/

structure Finding where
  name : Name
  kind : Option String
  same : Option Bool
  axioms : List Name
  reasons : List String

/-- The kernel computes with these by name, whatever their definition: only the library may declare them. -/
def byName : List Name := [
  `Nat, `Nat.zero, `Nat.succ, `Nat.add, `Nat.sub, `Nat.mul, `Nat.div, `Nat.mod, `Nat.gcd, `Nat.beq, `Nat.ble, `Nat.land,
  `Nat.lor, `Nat.xor, `Nat.shiftLeft, `Nat.shiftRight, `Nat.pow, `Nat.log2, `Bool, `Bool.true, `Bool.false, `String,
  `String.mk, `String.ofList, `Char, `Char.mk, `Char.ofNat, `List, `List.nil, `List.cons, `Eq, `Eq.refl, `Quot,
  `Quot.mk, `Quot.lift, `Quot.ind, `Lean.reduceBool, `Lean.reduceNat, `eagerReduce]

def listed (names : List Name) : String :=
  if names.isEmpty then "nothing" else String.intercalate ", " (names.map toString)

/-- What makes a module unfit to be judged as a whole. -/
def faults (w : World) (library : Library) (challenge : Option World) : List String :=
  let primitives := byName.filter (fun n => w.own.contains n)
  let again := w.names.filter (fun n => (library.env.find? n).isSome)
  let first := if primitives.isEmpty then [] else [s!"declares {listed primitives}, which the kernel treats by name"]
  let second := if again.isEmpty then [] else [s!"declares {listed (again.take 1)} of the library again"]
  let third := match challenge with
    | none => if w.imports.contains `Init then [] else ["does not import Init (`prelude`)"]
    | some c =>
      if w.imports.all (fun n => c.imports.contains n) && c.imports.all (fun n => w.imports.contains n) then []
      else [s!"imports {listed w.imports} where the challenge imports {listed c.imports}"]
  first ++ second ++ third

/-- That there is no such constant; and those that could have been meant. -/
def missing (w : World) (n : Name) : String :=
  let alike := w.names.filter fun m => match m, n with
    | .str _ s, .str _ t => s == t
    | _, _ => false
  if alike.isEmpty then s!"there is no {n}" else s!"there is no {n}; there is {listed (alike.take 5)}"

def judgeAxiom (ours : World) (challenge : Option World) (allow : List Name) (target a : Name) : IO (List String) := do
  if !allow.contains a then
    let what := if a == ``sorryAx then "is not complete: it rests on `sorry`," else "rests on"
    return [s!"{target} {what} the axiom {a}"]
  else if ours.own.contains a then
    match challenge with
    | none => return [s!"declares the axiom {a} itself"]
    | some theirs => return (← difference ours theirs a).toList.map (fun _ => s!"declares the axiom {a} itself")
  else
    return []

def judge (ours : World) (library : Library) (challenge : Option World) (allow : List Name) (n : Name) : IO Finding := do
  match ours.own[n]? with
  | none => return { name := n, kind := none, same := none, axioms := [], reasons := [missing ours n] }
  | some c =>
    let differs ← match challenge with
      | none => pure none
      | some theirs => difference ours theirs n
    let found ← axioms ours library n
    let bad ← found.mapM (judgeAxiom ours challenge allow n)
    let wrong := if kind c == "theorem" then [] else [s!"{n} is not a theorem but {described c}"]
    return { name := n, kind := some (kind c), same := challenge.map (fun _ => differs.isNone), axioms := found,
             reasons := wrong ++ differs.toList ++ bad.foldl (fun all r => all ++ r) [] }

/-- Why nothing can be compared with a target of the challenge, if so. -/
def unfit (challenge : World) (n : Name) : Option String :=
  match challenge.own[n]? with
  | some (.thmInfo _) =>
    (open? challenge [n] {}).map fun user =>
      let what := if user == n then "is open itself" else s!"uses {user}, which is not defined without `sorry`"
      s!"the statement of {n} {what}: nothing says what is to be proved"
  | some c => some s!"{n} is not a theorem but {described c}"
  | none => some (missing challenge n)

/-- Replays the module's constants over its imports: what is wrong, if anything is. -/
def again (w : World) (library : Library) : IO (List String) :=
  match replay? with
  | none => pure []
  | some replay => do
    try
      replay library.env w.own
      pure []
    catch error =>
      pure [s!"the kernel, asked again: {error}"]

/-! ### Question and answer -/

def text (s : String) : Json := .str s

def texts (all : List String) : Json := .arr (all.map text).toArray

def answer (status : String) (findings : List Finding) (checked : Nat) (reasons : List String) : Json :=
  let one (f : Finding) : Json := Json.mkObj [
    ("name", text (toString f.name)),
    ("kind", match f.kind with | some k => text k | none => .null),
    ("same_statement", match f.same with | some b => .bool b | none => .null),
    ("axioms", texts (f.axioms.map toString))]
  Json.mkObj [
    ("status", text status),
    ("findings", .arr (findings.map one).toArray),
    ("declarations", text (toString checked)),
    ("replayed", .bool replay?.isSome),
    ("reasons", texts reasons)]

structure Question where
  nonce : String
  challenge : Option String
  submission : String
  targets : List Name
  allow : List Name
  answers : List Name

def part (n : Name) : Json → IO Name
  | .str s => return .str n s
  | .num k => do
    match (toString k).toNat? with
    | some m => return .num n m
    | none => throw (IO.userError "a name has no such part")
  | _ => throw (IO.userError "a name is an array of strings and numbers")

def nameOf (j : Json) : IO Name := do
  let parts ← IO.ofExcept j.getArr?
  parts.toList.foldlM part .anonymous

def question (line : String) : IO Question := do
  let j ← IO.ofExcept (Json.parse line)
  let string (key : String) : IO String := do IO.ofExcept (← IO.ofExcept (j.getObjVal? key)).getStr?
  let names (key : String) : IO (List Name) := do
    let all ← IO.ofExcept (← IO.ofExcept (j.getObjVal? key)).getArr?
    all.toList.mapM nameOf
  let challenge ← match ← IO.ofExcept (j.getObjVal? "challenge") with
    | .str path => pure (some path)
    | _ => pure none
  return { nonce := ← string "nonce", challenge := challenge, submission := ← string "submission",
           targets := ← names "targets", allow := ← names "allow", answers := ← names "answers" }

/-- The axioms of an answer count as those of a proof do. -/
def judgeAnswer (ours : World) (library : Library) (challenge : Option World) (allow : List Name) (n : Name) :
    IO (List String) := do
  let found ← axioms ours library n
  let bad ← found.mapM (judgeAxiom ours challenge allow n)
  return bad.foldl (fun all r => all ++ r) []

def inspect (q : Question) (library : Library) (challenge : Option World) (ours : World) : IO Json := do
  let unfits := match challenge with
    | none => []
    | some theirs => q.targets.filterMap (unfit theirs)
  let wrong := faults ours library challenge
  if !unfits.isEmpty then
    return answer "unfit" [] 0 unfits
  else if !wrong.isEmpty then
    return answer "refused" [] 0 wrong
  else
    let findings ← q.targets.mapM (judge ours library challenge q.allow)
    let answers ← q.answers.mapM (judgeAnswer ours library challenge q.allow)
    let reasons := findings.foldl (fun all f => all ++ f.reasons) (answers.foldl (fun all r => all ++ r) [])
    if !reasons.isEmpty then
      return answer "refused" findings 0 reasons
    else
      let complaints ← again ours library
      return answer (if complaints.isEmpty then "ok" else "refused") findings (declarations ours) complaints

def judgeFile (q : Question) (challenge : Option World) : IO Json := do
  let ours ← read q.submission
  let imports := match challenge with
    | none => ours.imports
    | some theirs => theirs.imports
  let env ← importModules (loadExts := false) (imports.map (fun n => ({ module := n } : Import))).toArray {}
  inspect q { env := env } challenge ours

def run (q : Question) : IO Json := do
  let challenge ← match q.challenge with
    | none => pure none
    | some path => do
      let theirs ← read path
      pure (some theirs)
  try
    judgeFile q challenge
  catch error =>
    pure (answer "refused" [] 0 [s!"{error}"])

end Lemmata

def main : IO Unit := do
  let line ← (← IO.getStdin).getLine
  let q ← Lemmata.question line
  let verdict ← Lemmata.run q
  IO.println (Json.mkObj [("nonce", .str q.nonce), ("verdict", verdict)]).compress
