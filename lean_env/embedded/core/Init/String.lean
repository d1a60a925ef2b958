prelude
import Init.Option
/- Mini core, part 16: strings, as lists of characters. -/
set_option linter.all false

noncomputable instance : DecidableEq UInt32 := fun
  | ⟨a⟩, ⟨b⟩ => match Nat.decEq a b with
    | .isTrue h => .isTrue (h ▸ rfl)
    | .isFalse h => .isFalse fun e => by injection e with e; exact h e
noncomputable instance : DecidableEq Char := fun
  | ⟨a⟩, ⟨b⟩ => match decEq a b with
    | .isTrue h => .isTrue (h ▸ rfl)
    | .isFalse h => .isFalse fun e => by injection e with e; exact h e

namespace String
noncomputable def toList (s : String) : List Char := s.toListModel
noncomputable def length (s : String) : Nat := s.toList.length
noncomputable def append (s t : String) : String := ofList (s.toList ++ t.toList)
noncomputable instance : Append String := ⟨append⟩
noncomputable instance : DecidableEq String := fun
  | ⟨a⟩, ⟨b⟩ => match decEq a b with
    | .isTrue h => .isTrue (h ▸ rfl)
    | .isFalse h => .isFalse fun e => by injection e with e; exact h e
@[simp] theorem toList_ofList {l : List Char} : (ofList l).toList = l := rfl
@[simp] theorem ofList_toList {s : String} : ofList s.toList = s := rfl
theorem toList_inj {s t : String} : s.toList = t.toList ↔ s = t :=
  ⟨fun h => congrArg ofList h, fun h => h ▸ rfl⟩
theorem ext {s t : String} (h : s.toList = t.toList) : s = t := toList_inj.1 h
@[simp] theorem toList_append {s t : String} : (s ++ t).toList = s.toList ++ t.toList := rfl
@[simp] theorem length_toList {s : String} : s.toList.length = s.length := rfl
@[simp] theorem length_append (s t : String) : (s ++ t).length = s.length + t.length := List.length_append _ _
theorem append_assoc {s t u : String} : s ++ t ++ u = s ++ (t ++ u) := congrArg ofList (List.append_assoc _ _ _)
@[simp] theorem append_empty {s : String} : s ++ "" = s := congrArg ofList (List.append_nil s.toList)
@[simp] theorem empty_append {s : String} : "" ++ s = s := rfl
@[simp] theorem length_empty : "".length = 0 := rfl
end String
