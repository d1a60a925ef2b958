"""What the text of a submission may not hold."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lemmata.lean_env.source import parse
from lemmata.lean_env.structure import Remark, remarks
from lemmata.lean_env.terms import parse_name

T = "theorem t : True := "


def said(submission: str, name: str = "t") -> list[str]:
    return [str(r) for r in remarks(parse(submission), [parse_name(name)])]


@pytest.mark.parametrize(
    ("submission", "expected"),
    [
        ("notation3 \"x\" => 0\n" + T, "line 1: `notation3` can give the statement another meaning"),
        ("local infixr:50 \" ~ \" => Eq\n" + T, "line 1: `infixr` can give the statement another meaning"),
        ("open Lean in\nmacro \"x\" : term => `(0)\n" + T, "line 2: `macro` can give the statement another meaning"),
        ("elab \"x\" : tactic => pure ()\n" + T, "line 1: `elab` can give the statement another meaning"),
        ("syntax \"x\" : term\n" + T, "line 1: `syntax` can give the statement another meaning"),
        ("scoped instance : Add Nat := ⟨Nat.mul⟩\n" + T, "line 1: an instance can give the statement another meaning"),
        ("private axiom a : False\n" + T, "line 1: an axiom is no proof"),
        ("run_cmd pure ()\n" + T, "line 1: `run_cmd` runs code while the file is compiled"),
        (T + "by\n  run_tac pure ()", "line 2: `run_tac` runs code while the file is compiled"),
        (T + "by_elab pure ()", "line 1: `by_elab` runs code while the file is compiled"),
        ("initialize pure ()\n" + T, "line 1: `initialize` runs code while the file is compiled"),
        ("#eval 1\n" + T, "line 1: `#eval` runs code while the file is compiled"),
        ("unsafe def f := 0\n" + T, "line 1: `unsafe` is outside what the kernel checks"),
        (
            "@[simp, implemented_by f] def g := 0\n" + T,
            "line 1: the attribute `implemented_by` can change what names mean or what code does",
        ),
        (
            "attribute [local simp, -«csimp»] foo\n" + T,
            "line 1: the attribute `«csimp»` can change what names mean or what code does",
        ),
        (
            "@[command_elab Lean.Parser.Command.print] def f := 0\n" + T,
            "line 1: the attribute `command_elab` can change what names mean or what code does",
        ),
        ("set_option bootstrap.inductiveCheckPositivity false\n" + T,
         "line 1: the option bootstrap.inductiveCheckPositivity can switch checks off"),
        (T + "set_option debug.x true in trivial", "line 1: the option debug.x can switch checks off"),
        ("set_option /- a -/ debug.x true\n" + T, "line 1: the option debug.x can switch checks off"),
        ("module\n" + T, "line 1: `module` changes what a file starts from"),
        ("protected private theorem t : True := trivial", "line 1: t is private: nobody else can use it"),
        ("abbrev t : True := trivial", "line 1: t is not declared as a theorem but with `abbrev`"),
        ("namespace A\ntheorem _root_.t : True := x\nend A\n" + T, "line 4: t is declared more than once (lines 2, 4)"),
    ],
)  # fmt: skip
def test_what_may_not_be_there_is_named(submission: str, expected: str) -> None:
    assert said(submission) == [expected]


@pytest.mark.parametrize(
    "submission",
    [
        "@[simp, reducible, elab_as_elim, inline, ext, symm] def f := 0\n" + T,
        "attribute [local simp] Nat.add_comm\nattribute [-simp] Nat.mul_comm\n" + T,
        "set_option maxHeartbeats 400000 in\nset_option autoImplicit false\nset_option pp.all true\n" + T,
        "set_option maxRecDepth 1000 in\n" + T + "by set_option pp.all true in trivial",
        "class Small (α : Type) where\n  n : Nat\n" + T,
        "inductive X where | a | b\n  deriving DecidableEq\n" + T,
        "partial def f (n : Nat) : Nat := f n\nopaque g : Nat\n" + T,
        "noncomputable section\nopen Classical\nuniverse u\nvariable (n : Nat)\nend\n" + T,
        T + "by\n  haveI : Inhabited Nat := inferInstance\n  letI x := inferInstanceAs (Add Nat)\n  trivial",
        "theorem List.prefix_notation (macro' my_axiom : Nat) : True := trivial\n" + T,
        "#check Nat\n#print axioms Nat.add_comm\n" + T,
        "theorem «axiom» (h : x.elab = y.instance) : True := trivial\n" + T,
        "/-- instance -/\n-- #exit\n" + T + "trivial -- axiom",
        'def s := "macro_rules" ++ s!"{n} axiom"\n' + T,
    ],
)
def test_ordinary_things_are_free(submission: str) -> None:
    assert said(submission) == []


@pytest.mark.parametrize(
    ("submission", "expected"),
    [
        ('@[/- -/ extern "x"] opaque f : Nat\n', "attribute `extern`"),
        ("@[simp, -- c\n implemented_by Nat.succ] def f := 0\n", "attribute `implemented_by`"),
        ("@[/- -/ default_instance] def f := 0\n", "attribute `default_instance`"),
        ("@[«default_instance»] def f := 0\n", "attribute `«default_instance»`"),
        ("@[f.{u}, (x)] def f := 0\n", "attribute `f.`"),
        ("@[(extern)] def f := 0\n", "attribute `(extern)`"),
        ("@[formatter ident] def f := 0\n", "attribute `formatter`"),
        ('attribute /- -/ [extern "x"] f\n', "attribute `extern`"),
        ("@[simp, extern\n", "attribute `extern`"),
        ("@[foo [x, y] (z, w)] def f := 0\n", "attribute `foo`"),
        ("theorem p (h : A ∧ A) : A := h.1axiom x : A\n", "an axiom"),
        ("theorem p (h : A ∧ A) : A := h.1set_option debug.skipKernelTC true\n", "option debug.skipKernelTC"),
        ('theorem p (h : A ∧ A) : A := h.1notation "x" => 1\n', "`notation`"),
        ('theorem p : P 3 := h ..notation "x" => 1\n', "`notation`"),
        ("theorem p (h : A ∧ A) : A := h.1attribute [default_instance] f\n", "attribute `default_instance`"),
        ("theorem p : A := x²instance : B := c\n", "an instance"),
        ("#evalfoo\n", "`#eval`"),
        ("theorem p : A := by decide +native\n", "`+native`"),
        ("theorem p : A := by decide (config := { native := true })\n", "`native :=`"),
        ("def Lean.PrettyPrinter.Formatter : Type := Nat\n", "Lean.PrettyPrinter.Formatter can stand for"),
        ("namespace Lean\ndef Linter : Type := Nat\nend Lean\n", "Lean.Linter can stand for"),
    ],
)
def test_what_hides_behind_another_reading_is_found(submission: str, expected: str) -> None:
    assert any(expected in reason for reason in said(submission + T + "trivial")), said(submission + T + "trivial")


@pytest.mark.parametrize(
    "name",
    ["declare_x", "register_a", "my_axiom", "axiom'", "x.notation", "h.axiom", "αinstance", "prefix_free", "«macro»"],
)
def test_names_that_only_hold_a_word_are_free(name: str) -> None:
    assert said(f"theorem {name} : True := trivial\n" + T + "trivial") == []


@pytest.mark.parametrize(
    "text",
    ['"{" ' * 20_000, "@[ " * 20_000, "@[ " * 20_000 + "] " * 20_000, "theorem x : True := trivial -- c\n" * 10_000],
    ids=["braces", "open brackets", "nested brackets", "comments"],
)
def test_reading_takes_time_in_proportion(text: str) -> None:
    began = time.process_time()
    said(text)
    assert time.process_time() - began < 20  # a second or two; what grew with the square took minutes


def test_a_place_that_may_be_code_or_not_is_refused() -> None:
    two_ways = """def x := f ×'"' -- "\n"""
    assert said(two_ways + T + "trivial") == [
        "line 1: what is code here depends on notation that cannot be known: write it apart"
    ]


def test_warnings_switched_off_are_only_mentioned() -> None:
    (remark,) = remarks(parse("set_option warn.sorry false\n" + T), [("t",)])
    assert remark == Remark(1, "the option warn.sorry hides warnings", refuses=False)


def test_of_each_sort_a_hundred_remarks_are_enough() -> None:
    assert len(said("#eval 1\n" * 300 + "@[extern] def f := 0\n" * 300)) == 200


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet=st.sampled_from("@[]()«».set_option instance\n\"axiom-/'t#eval:="), max_size=80))
def test_any_text_is_judged(text: str) -> None:
    assert all(1 <= r.line <= text.count("\n") + 1 for r in remarks(parse(text), [("t",)]))
