"""Files cut into declarations."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lemmata.lean_env.declaration import Declaration
from lemmata.lean_env.source import LeanFile, parse

FILE = """\
/- licence -/
module

public import A.B -- why
import all C.«x y»

/-! about -/
open Nat in
-- note
/-- doc of a -/
@[simp, foo (x := [1])] protected theorem a.{u, v} (h : x = 1 := by simp) {α β : Type*} [inst : Foo α]
    [Bar (α × β)] ⦃y⦄ z : let x := 1; have h : 1 = 1 := rfl
  |x| = {y | y = 3} -- comment
  := by
  simp

namespace A.B
section X
lemma _root_.q.c : ∀ n, |n| = 1
  | 0 => by simp
  | n+1 => let m := q n; m
termination_by n => n
decreasing_by simp

theorem w : Foo where
  left := 1

  private nonrec theorem indented : True := trivial
  example (n : Nat) : n = n := rfl
mutual
theorem m1 : True := m2
theorem m2 : True := go where go := m1
end
instance (priority := 100) : Foo := ⟨⟩
def f : Nat → Nat | 0 => 1 | n+1 => 2
end X
end B
theorem A.x : match 1 with | 0 => True | _ => False := sorry
end A
set_option maxHeartbeats 400 in open Nat in noncomputable abbrev last : f = fun x => x | 1
structure S (n : Nat) extends A, B where
  /-- field -/
  x : Nat
deriving Repr
inductive T | a | b
class inductive U : Prop | a (x : Nat)
noncomputable section
variable (x : Nat)
theorem v : let f : ℕ → ℕ | 0 => 1 | n+1 => 2; f = f := by sorry
axiom choice (x) : x
opaque hidden : Nat
theorem nothing : True := by
  -- todo
"""


def only(text: str) -> tuple[LeanFile, Declaration]:
    source = parse(text)
    (found,) = source.declarations
    return source, found


def test_names_lines_and_what_is_complete() -> None:
    found = [(d.line, d.keyword, d.full_name, d.complete, d.mutual) for d in parse(FILE).declarations]
    assert found == [
        (11, "theorem", "a", True, False),
        (19, "lemma", "q.c", True, False),
        (25, "theorem", "A.B.w", True, False),
        (28, "theorem", "A.B.indented", True, False),
        (29, "example", None, True, False),
        (31, "theorem", "A.B.m1", True, True),
        (32, "theorem", "A.B.m2", True, True),
        (34, "instance", None, True, False),
        (35, "def", "A.B.f", True, False),
        (38, "theorem", "A.A.x", False, False),
        (40, "abbrev", "last", False, False),
        (41, "structure", "S", True, False),
        (45, "inductive", "T", True, False),
        (46, "class", "U", True, False),
        (49, "theorem", "v", False, False),
        (50, "axiom", "choice", True, False),
        (51, "opaque", "hidden", True, False),
        (52, "theorem", "nothing", False, False),
    ]


def test_header_and_commands() -> None:
    source = parse(FILE)
    assert source.imports == ("A.B", "C.«x y»")
    assert source.header.of(FILE).endswith("import all C.«x y»")
    assert [c.keyword for c in source.commands[:3]] == ["module", "import", "import"]
    assert {"namespace", "section", "end", "mutual", "variable"} <= {c.keyword for c in source.commands}
    assert "".join(source.pieces) == FILE


def test_all_parts_of_a_theorem() -> None:
    found = parse(FILE).declarations[0]
    lead = found.command.lead
    docstring = found.command.docstring
    assert docstring is not None
    assert docstring.of(FILE) == "/-- doc of a -/"
    assert lead.prefixes.of(FILE) == "open Nat in"
    assert [a.of(FILE) for a in lead.attributes] == ["@[simp, foo (x := [1])]"]
    assert lead.modifiers == ("protected",)
    assert found.universes.of(FILE) == ".{u, v}"
    assert [(b.bracket, b.names, b.type and b.type.of(FILE)) for b in found.binders] == [
        ("(", ("h",), "x = 1"),
        ("{", ("α", "β"), "Type*"),
        ("[", ("inst",), "Foo α"),
        ("[", (), "Bar (α × β)"),
        ("⦃", ("y",), None),
        ("", ("z",), None),
    ]
    assert found.target.of(FILE) == "let x := 1; have h : 1 = 1 := rfl\n  |x| = {y | y = 3}"
    assert found.body.of(FILE) == " -- comment\n  := by\n  simp"
    assert found.proof.of(FILE) == "by\n  simp"
    assert found.lead.of(FILE).startswith("open Nat in\n-- note\n/-- doc")


@pytest.mark.parametrize(
    ("name", "target", "proof", "suffix"),
    [
        (
            "q.c",
            "∀ n, |n| = 1",
            "| 0 => by simp\n  | n+1 => let m := q n; m",
            "termination_by n => n\ndecreasing_by simp",
        ),
        ("A.B.w", "Foo", "where\n  left := 1", ""),
        ("A.B.m2", "True", "go", "where go := m1"),
        ("A.B.f", "Nat → Nat", "| 0 => 1 | n+1 => 2", ""),
        ("A.A.x", "match 1 with | 0 => True | _ => False", "sorry", ""),
        ("last", "f = fun x => x | 1", "", ""),
        ("S", "extends A, B", "where\n  /-- field -/\n  x : Nat", "deriving Repr"),
        ("T", "", "| a | b", ""),
        ("U", "Prop", "| a (x : Nat)", ""),
        ("v", "let f : ℕ → ℕ | 0 => 1 | n+1 => 2; f = f", "by sorry", ""),
        ("nothing", "True", "by", ""),
    ],
)
def test_where_statements_end(name: str, target: str, proof: str, suffix: str) -> None:
    found = next(d for d in parse(FILE).declarations if d.full_name == name)
    assert (found.target.of(FILE), found.proof.of(FILE), found.suffix.of(FILE)) == (target, proof, suffix)


@pytest.mark.parametrize(
    ("text", "target", "proof"),
    [
        ("theorem t x (y) : p := q", "p", "q"),
        ("theorem t:p:=q", "p", "q"),
        ("theorem t : |a| = |b| := fun | 0 => x", "|a| = |b|", "fun | 0 => x"),
        ("theorem t : ∀ n, |f n| = 1 | 0 => x", "∀ n, |f n| = 1", "| 0 => x"),
        ("theorem t : | x | = λ y => y := q", "| x | = λ y => y", "q"),
        ("theorem t : f = fun x => x\n  | 0 => λ x => q", "f = fun x => x", "| 0 => λ x => q"),
        ("theorem t : f = fun x => | x | := q", "f = fun x => | x |", "q"),
        ("theorem t : a <| b |> c || d := q", "a <| b |> c || d", "q"),
        ("theorem t : (let x := 1; x = 1) ∧ {a := 1} = b := q", "(let x := 1; x = 1) ∧ {a := 1} = b", "q"),
        ("theorem t : letI := i; haveI := j; x.let = 1 := q", "letI := i; haveI := j; x.let = 1", "q"),
        ("theorem t : f = do\n  let x ← a\n  x\n  | 0 => q", "f = do\n  let x ← a\n  x", "| 0 => q"),
        ("theorem t : ⟪x, y⟫_ℝ = ⌊z⌋₊ := q", "⟪x, y⟫_ℝ = ⌊z⌋₊", "q"),
        ("theorem t : f '' s = 'a' := \"q\"", "f '' s = 'a'", '"q"'),
        ("theorem t : a ( b := q", "a ( b", "q"),
        ("theorem t : a ( [ b ) := q", "a ( [ b )", "q"),
        ("theorem t : a ( [ b ) | 0 => q", "a ( [ b )", "| 0 => q"),
        ("theorem t (h : x) | 0 => q", "", "| 0 => q"),
        ("theorem t :=q", "", "q"),
        ("theorem t where a := 1", "", "where a := 1"),
        ("theorem t : p | q |", "p | q |", ""),
        ("theorem t : p := f (go where x) y", "p", "f (go where x) y"),
    ],
)
def test_signatures(text: str, target: str, proof: str) -> None:
    _, found = only(text)
    assert (found.target.of(text), found.proof.of(text)) == (target, proof)


@pytest.mark.parametrize(
    ("binder", "names", "written"),
    [
        ("(x y : ℕ)", ("x", "y"), "ℕ"),
        ("(x : ℕ := by decide)", ("x",), "ℕ"),
        ("(h := by decide)", ("h",), None),
        ("{_x «y z» /- : -/: α /- why -/}", ("_x", "«y z»"), "α"),
        ("(f : (x : ℕ) → x = (y : ℕ))", ("f",), "(x : ℕ) → x = (y : ℕ)"),
        ("[h : Foo α]", ("h",), "Foo α"),
        ("[Foo (α := β)]", (), "Foo (α := β)"),
        ("[∀ i : ι, Foo (f i)]", (), "∀ i : ι, Foo (f i)"),
        ("⦃x⦄", ("x",), None),
        ("⟨x, y⟩", ("⟨x, y⟩",), None),
        ("_", ("_",), None),
    ],
)
def test_binders(binder: str, names: tuple[str, ...], written: str | None) -> None:
    text = f"theorem t {binder} : p := q"
    (found,) = only(text)[1].binders
    assert found.span.of(text) == binder
    assert (found.names, found.type and found.type.of(text)) == (names, written)


@pytest.mark.parametrize(
    ("text", "complete"),
    [
        ("theorem t : p := by simp", True),
        ("theorem t : p := sorry", False),
        ("theorem t : p := by admit", False),
        ("theorem t : p := by\n  have := sorry\n  simp", False),
        ("theorem t : p := sorry'", True),
        ("theorem t : p := foo.sorry", True),
        ("theorem t : p := by simp -- sorry", True),
        ('theorem t : p := by exact "sorry"', True),
        ("theorem t : p := by exact (sorry).1", False),
        ("theorem t : p := go where go := sorry", False),
        ("theorem t : p :=", False),
        ("theorem t : p := by", False),
        ("theorem t : p := by -- todo\n", False),
        ("theorem t : p := bye", True),
        ("theorem t : p", False),
        ("axiom t : p", True),
        ("def t : p := sorry", False),
    ],
)
def test_what_lacks_a_proof(text: str, complete: bool) -> None:
    assert only(text)[1].complete is complete


@pytest.mark.parametrize(
    "text",
    [
        "section open Nat\nend",
        "instance where a := b",
        "open [ Nat ] in theorem t : p",
        "theorem t : p := q (where) x",
        "namespace A section B\ntheorem t : p := q",
        "#guard_msgs in\ntheorem t : p := q\n#eval 1",
        "theorem t : p := by\n  open Nat in simp\n  set_option x 1 in\n  exact f",
        "theorem t : p := by\nopen Nat in simp",
        "open Nat in foo",
        "theorem t : p := q #exit\n#exit\ntheorem u : p",
        'macro "x" : command => `(\n  theorem $x : p := q)',
        "theorem t : p := q\nmodule",
        "attribute [local simp] foo in theorem t : p := q",
        "theorem t : p :=\n  @[inline] q",
        "@[simp",
        "@[simp]",
        "private",
        "theorem",
        "theorem t.{u",
        "/-- doc -/",
        "theorem t : p := q\n/-- doc -/\n",
        "open Nat in",
        "\ufefftheorem t : p := q",
        "theorem t : p :=\r\n  by\r\n    sorry\r\n\r\ntheorem u : p := q",
    ],
)
def test_the_pieces_are_the_text(text: str) -> None:
    assert "".join(parse(text).pieces) == text


def test_commands_inside_others_are_none() -> None:
    assert [d.full_name for d in parse("theorem t : p := by\n  open Nat in simp\n  exact f\n").declarations] == ["t"]
    assert [d.full_name for d in parse("theorem t : p := by\nopen Nat in simp\n").theorems] == ["t"]
    text = "theorem t : p := by\nopen Nat in simp"
    assert only(text + "\n")[1].proof.of(text) == "by\nopen Nat in simp"
    assert parse('macro "x" : command => `(\n  theorem $x : p := q)').declarations == ()
    assert [d.full_name for d in parse("theorem t : p := q\n#exit\ntheorem u : p").declarations] == ["t"]
    assert [c.keyword for c in parse("section open Nat\nend").commands] == ["section", "open", "end"]
    assert [c.keyword for c in parse("section\n  open Nat\n  variable (n : Nat)\nend").commands] == [
        "section", "open", "variable", "end",
    ]  # fmt: skip


def test_namespaces_open_and_close_by_parts() -> None:
    text = (
        "namespace A.B\nend B\ntheorem t : p\nsection C.D\nend C.D\ntheorem u : p\nend A\ntheorem v : p\nend\nend X.Y"
    )
    assert [d.full_name for d in parse(text).declarations] == ["A.t", "A.u", "v"]


def test_damage_raises_nothing() -> None:
    assert parse("theorem t : p := by /- sorry").mask.unterminated is not None
    deep = "theorem t : " + "(" * 5_000 + "| " * 5_000 + "]" * 5_000
    assert "".join(parse(deep).pieces) == deep


WORDS = [
    "theorem ", "lemma ", "example ", "def ", "instance ", "structure ", "inductive ", "namespace A", "section",
    "end A", "mutual", "open Nat", "set_option x 1", " in ", "variable (x)", "@[simp]", "@[", "private ",
    "noncomputable ", "t", " : ", ":=", " by", " sorry", "let x ", "have ", "fun ", "match ", "where",
    "extends ", "deriving ", "termination_by ", "|", " | ", "=>", "(", ")", "{", "}", "[", "]", "⟨", "⟩", "\n",
    "\n", "\n  ", "\r\n", " ", "/-- d -/", "/-", "-/", "-- c", '"', "'a'", "«", "»", ".{u}", "import A",
    "module", "#exit", "\ufeff", "← ", "𝓝",
]  # fmt: skip


@given(st.lists(st.sampled_from(WORDS), max_size=40).map("".join) | st.text(max_size=40))
@settings(max_examples=500, deadline=None)
def test_any_text_is_cut_without_loss(text: str) -> None:
    source = parse(text)
    assert "".join(source.pieces) == text
    assert all(a.span.end <= b.span.start for a, b in pairwise(source.commands))
    for found in source.declarations:
        assert found.span.start <= found.lead.end <= found.statement.end <= found.span.end
        assert found.body.of(source.text).endswith(found.suffix.of(source.text))


names = st.sampled_from(["a", "b'", "x₁", "Foo.bar", "«q r»"])
binders = st.lists(st.sampled_from(["(x : ℕ)", "{y}", "[Foo α]", "(h : f (x) = 1 := by simp)", "z"]), max_size=3)
targets = st.sampled_from(["p", "|x| = 1", "let a := 1; a = b", "∀ x : ℕ, {y | y = x} = ⟨x⟩", "f '' s = t"])
bodies = st.sampled_from(
    [" := by\n  simp", " := sorry", " :=\nfoo -- no\n  bar", "\n  | 0 => x\n  | n => y", "", " where\n  a := 1"]
)
leads = st.sampled_from(["", "/-- d -/\n", "@[simp] private ", "open Nat in\n", "/-- d -/ @[a (b := 1)]\nprotected "])


@given(
    st.lists(st.tuples(leads, names, binders, targets, bodies), min_size=1, max_size=5), st.sampled_from(["\n", "\r\n"])
)
@settings(max_examples=300, deadline=None)
def test_what_was_put_together_is_found(made: list[tuple[str, str, list[str], str, str]], newline: str) -> None:
    statements = [" ".join([f"theorem {name}", *bound, ":", target]) for _, name, bound, target, _ in made]
    text = "import A\n\n" + "\n\n-- c\n".join(m[0] + s + m[4] for m, s in zip(made, statements, strict=True)) + "\n"
    source = parse(text.replace("\n", newline))
    assert "".join(source.pieces) == source.text
    assert len(source.declarations) == len(made)
    for found, statement, (lead, name, bound, target, body) in zip(source.declarations, statements, made, strict=True):
        assert found.lead.of(source.text) == lead.replace("\n", newline)
        assert found.statement.of(source.text) == statement.replace("\n", newline)
        assert (found.name, found.target.of(source.text)) == (name, target)
        assert [b.span.of(source.text) for b in found.binders] == bound
        assert found.body.of(source.text) == body.replace("\n", newline)
