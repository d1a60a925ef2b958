"""The sieve: a submission is its challenge's text with a proof, helpers and answers put in, and nothing else."""

import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lemmata.domain import Problem
from lemmata.lean_env.answers import fill
from lemmata.lean_env.scanner import Span
from lemmata.lean_env.sieve import sieve
from lemmata.lean_env.source import parse, problem

T = "theorem t : True := "
KEPT = "is to be kept byte for byte"
DIFFERS = f"line 1: the statement of t differs from the challenge's: it {KEPT}"
PAIRS = Path(__file__).parent.parent / "verify_pairs"


def said(submission: str, challenge: str = T + "sorry", name: str | None = None) -> list[str]:
    read = parse(submission)
    filled = fill(parse(challenge), read)
    return [str(r) for r in sieve(read, problem(filled.text, name=name), [a.place for a in filled.answers])]


def test_every_attack_is_refused_by_its_bytes(attack: dict[str, str]) -> None:
    found = said(attack["submission"], attack["challenge"])
    assert any(attack["refused"] in reason for reason in found), found


@pytest.mark.parametrize("folder", sorted((PAIRS / "honest").iterdir()), ids=lambda f: f.name)
def test_honest_submissions_pass(folder: Path) -> None:
    challenge = (folder / "challenge.lean").read_text(encoding="utf-8")
    assert said((folder / "submission.lean").read_text(encoding="utf-8"), challenge) == []


@pytest.mark.parametrize(
    "new",
    [
        "theorem h : True := trivial\n",
        "lemma h : True := trivial\n",
        "/-- A docstring: axiom, sorry. -/\n@[simp] theorem h : True := trivial\n",
        "noncomputable def h := 0\nprivate def i := 0\nprotected theorem N.h : True := trivial\nabbrev j := 0\n",
        "open Nat in\ntheorem h : True := trivial\n",
        "open Nat Int hiding add in\nset_option maxHeartbeats 400000 in\ntheorem h : True := trivial\n",
        "set_option maxRecDepth 1000 in\n",
        "set_option maxHeartbeats 0 in\nset_option maxRecDepth 1000 in\nopen Nat in\n",
        "-- sorry, axiom, #eval\n/- instance /- nested -/ -/\n",
        "theorem h (n : Nat) : True :=\n  match n with\n  | 0 => trivial\n  | _ + 1 => trivial\n",
        "def f : Nat → Nat\n  | 0 => 0\n  | n + 1 => f n\ntermination_by n => n\ndecreasing_by omega\n",
        "theorem h : True := go 0\nwhere\n  go : Nat → True\n    | _ => trivial\n",
        "theorem h : True := by\n  open Nat in trivial\n",
        "theorem h : True := by\n  set_option maxRecDepth 100 in trivial\n",
        'def s := "sorry" ++ s!"{1} axiom" ++ r#"instance"#\n',
        "theorem my_axiom (h : x.end = (f x).section) (hinstance : 0 = 0) : sorry' := trivial\n",
        "theorem «sorry is a name» («end» : Nat) : True := trivial\n",
        "theorem h (stop' admit₁ : Nat) (γ : r.stop = 1) : True := trivial\n",
        "theorem h : True := by\n  · have : 1 ∈ [1, 2] := by simp\n    exact trivial\n",
    ],
)
def test_helpers_are_free(new: str) -> None:
    assert said(new + T + "trivial") == []


@pytest.mark.parametrize(
    ("new", "expected"),
    [
        ("axiom a : False\n", "line 1: an axiom is no proof"),
        ("instance : Add Nat := ⟨Nat.mul⟩\n", "line 1: an instance can give the statement another meaning"),
        ("example : True := trivial\n", "line 1: `example` is no helper"),
        ("structure S where\n", "line 1: `structure` is no helper"),
        ("inductive S where\n", "line 1: `inductive` is no helper"),
        ("variable (h : False)\n", "line 1: `variable` is no helper"),
        ("universe u\n", "line 1: `universe` is no helper"),
        ("section\nend\n", "line 2: `end` is no helper"),
        ("alias h := Nat.add_comm\n", "line 1: `alias` is no helper"),
        ("export Nat (add)\n", "line 1: `export` is no helper"),
        ("opaque n : Nat\n", "line 1: `opaque` is no helper"),
        ("attribute [simp] Nat.add_comm\n", "line 1: `attribute` is no helper"),
        ("attribute [-simp] Nat.add_comm in\ntheorem h : True := trivial\n", "line 1: `attribute` is no helper"),
        ("omit [Foo] in\ntheorem h : True := trivial\n", "line 1: `omit` is no helper"),
        ("omit [Foo] in\ntheorem h : True := trivial\n", "line 2: only `open .. in` and limits may stand before"),
        ("#check Nat\n", "line 1: `#check` is no helper"),
        ("#guard_msgs (drop error) in\ntheorem h : True := trivial\n", "line 2: only `open .. in` and limits"),
        ("open Nat\n", "line 1: `open` is no helper"),
        ("open private foo in\n", "line 2: right before the statement of t, nothing else may stand there"),
        ("import Init\n", "line 1: `import Init` changes what the file starts from"),
        ("theorem h : True := trivial\nimport Init\n", "line 2: `import Init` changes"),
        ("set_option autoImplicit false in\n", "line 1: the option autoImplicit may not be set"),
        ("set_option maxHeartbeats 5\n", "line 1: the option maxHeartbeats may not be set"),
        ("set_option maxHeartbeats five in\n", "line 1: the option maxHeartbeats may not be set"),
        ("@[simp, inline] def f := 0\n", "line 1: the attribute `simp, inline` may not be given"),
        ('@[«extern» "x"] def f := 0\n', 'line 1: the attribute `«extern» "x"` may not be given'),
        ("@[reducible] def f := 0\n", "line 1: the attribute `reducible` may not be given"),
        ("partial def f := f\n", "line 1: a helper may not be `partial`"),
        ("unsafe def f := 0\n", "line 1: `unsafe` is outside what the kernel checks"),
        ("local theorem h : True := trivial\n", "line 1: a helper may not be `local`"),
        ("def S := Nat deriving Add\n", "line 1: `deriving` is no helper"),
        ("theorem h : False := by sorry\n", "line 1: `sorry` leaves something open"),
        ("theorem h : False := by\n  stop\n  trivial\n", "line 2: `stop` leaves something open"),
        ("theorem h : False := by admit\n", "line 1: `admit` leaves something open"),
        ("theorem h : A := p.1axiom x : A\n", "line 1: an axiom is no proof"),
        ("theorem h : A := p.1variable (x : A)\n", "line 1: `variable` is no helper"),
        ("theorem h : A := by decide +native\n", "line 1: `+native` runs code"),
        ("foo bar\n", "line 1: what follows the challenge's text is no helper"),
        ('@[extern "x"]\n', 'line 1: the attribute `extern "x"` may not be given'),
        ("@[simp]\n", "line 2: right before the statement of t, nothing else may stand there"),
        ("private\n", "line 2: right before the statement of t, nothing else may stand there"),
        ("/-- doc -/ noncomputable ", "line 1: right before the statement of t, nothing else may stand there"),
        ("/- ", "line 1: there is no t"),
        ("#exit\n", "line 1: there is no t"),
        ("namespace N\n", "line 1: there is no t"),
        ("theorem t : True := trivial\n", "line 2: t is declared more than once (lines 1, 2)"),
        ("def x := f ×'\"' -- \"\n", "line 1: what is code here depends on notation"),
    ],
)
def test_whatever_else_is_new_is_named(new: str, expected: str) -> None:
    found = said(new + T + "trivial")
    assert any(expected in reason for reason in found), found


@pytest.mark.parametrize(
    ("submission", "expected"),
    [
        (
            "theorem t : True → True := fun h => h",
            DIFFERS,
        ),
        (
            "theorem t (h : False) : True := h.elim",
            DIFFERS,
        ),
        ("theorem t  : True := trivial", DIFFERS),
        ("lemma t : True := trivial", DIFFERS),
        ("theorem t : True", DIFFERS),
        ("def t : True := trivial", "line 1: t is not declared as a theorem but with `def`"),
        ("theorem u : True := trivial", "line 1: there is no t"),
        (T + "trivial\n-- done\ntheorem u : True := trivial", "line 3: nothing may be added after the theorem"),
    ],
)
def test_the_statement_is_kept(submission: str, expected: str) -> None:
    assert expected in said(submission)


@pytest.mark.parametrize(
    "proof", ["trivial", "by\n  trivial", "\n  trivial", "-- c\n trivial -- c\n/- c -/", "by trivial\n\n"]
)
def test_any_proof_may_follow(proof: str) -> None:
    assert said(T + proof) == []


def test_equations_and_where_may_follow() -> None:
    challenge = "theorem t : Nat → True := sorry"
    assert said("theorem t : Nat → True\n  | _ => trivial", challenge) == []
    assert said("theorem t : Nat → True := go\nwhere go : Nat → True := fun _ => trivial", challenge) == []
    assert said("theorem t : Nat → True | x => 1\n  || True", challenge) == []  # what it means is Lean's to say


CHALLENGE = """\
import Init
open Nat
namespace N
variable (n : Nat)
instance : Inhabited Nat := ⟨0⟩
/-- Said of t. -/
@[simp] theorem t : n = n := by
  sorry

end N
-- the end
"""
PROVED = CHALLENGE.replace("by\n  sorry", "rfl")


def test_what_the_challenge_has_is_kept() -> None:
    assert said(PROVED, CHALLENGE) == []
    new = PROVED.replace("/-- Said", "theorem h : True := trivial\n\nset_option maxRecDepth 9 in\n/-- Said")
    assert said(new, CHALLENGE) == []
    assert said(PROVED.replace("rfl\n", "rfl -- so\n\n\n") + "-- proved by nobody\n", CHALLENGE) == []


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("import Init", "import Init\nimport Lean", "line 2: imports Lean, which the challenge does not"),
        ("import Init\n", "", "line 1: does not import Init, which the challenge does"),
        ("open Nat", "open  Nat", f"line 2: differs from the challenge here: what precedes the statement {KEPT}"),
        ("⟨0⟩", "⟨1⟩", f"line 5: differs from the challenge here: what precedes the statement {KEPT}"),
        (
            "Said of t",
            "Said of T",
            "line 7: right before the statement of N.t, `/-- Said of t. -/ @[simp]` is to stand",
        ),
        ("@[simp] ", "", "line 7: right before the statement of N.t"),
        ("@[simp] ", "@[simp] private ", "line 7: right before the statement of N.t"),
        ("end N", "theorem x : True := trivial\nend N", f"line 9: what follows the theorem in the challenge {KEPT}"),
        ("end N\n-- the end", "", f"line 7: what follows the theorem in the challenge {KEPT}"),
        ("-- the end", "", f"line 9: what follows the theorem in the challenge {KEPT}"),
        ("-- the end", "-- the end\n#eval 1", "line 11: nothing may be added after the challenge's text"),
        ("\n", "\r\n", "line 1: its lines end in another way than the challenge's"),
    ],
)
def test_what_the_challenge_has_may_not_change(old: str, new: str, expected: str) -> None:
    assert any(reason.startswith(expected) for reason in said(PROVED.replace(old, new), CHALLENGE))


def test_a_comment_after_the_theorem_is_kept() -> None:
    challenge = T + "sorry\n-- end of all\n"
    assert said(T + "trivial\n-- end of all", challenge) == []
    assert said(T + "trivial", challenge) == [f"line 1: the comment after the theorem {KEPT}"]


def test_new_text_may_not_join_the_challenge_s() -> None:
    joined = Problem(name="t", preamble="def n := 1", lead="", statement="theorem t : True", proof=" := sorry")
    read = parse("def n := 10\ntheorem t : True := trivial")
    assert str(sieve(read, joined)[0]) == "line 1: new text joins a word of the challenge's: begin a new line"


@pytest.mark.parametrize("preamble", ["", "import Init\n", "open Nat\n\n-- c\n\n", "section ", "namespace N\nsection "])
def test_what_a_run_puts_together_passes(preamble: str) -> None:
    stated = problem(f"{preamble}@[simp] {T}sorry\n#check 1\n")
    assert stated.preamble == preamble
    helpers = ("theorem h : True := trivial\n", "private theorem i : 0 = 0 := rfl")
    assert sieve(parse(stated.with_proof(" := by\n  exact h", helpers)), stated) == ()
    assert sieve(parse(stated.with_proof(" := trivial") + "-- checked by nobody\n"), stated) == ()


def test_answers_are_new_text() -> None:
    challenge = "abbrev t_solution : Nat := sorry\n-- 7\n/-- d -/\ntheorem t : t_solution = 7 := sorry\n"
    proved = challenge.replace(":= sorry\n", ":= rfl\n")
    proved = "abbrev t_solution : Nat := 7\n" + proved.split("\n", 1)[1]
    assert said(proved, challenge) == []
    for bad, expected in (
        ("by_elab pure 7", "line 1: `by_elab` runs code while the file is compiled"),
        ("sorryAx _ false", "line 1: `sorryAx` leaves something open"),
        ("7 instance : Add Nat := x", "line 1: an instance can give the statement another meaning"),
        ("7 open Fake in", "line 1: an answer is one term: `open` may not stand in it"),
    ):
        assert said(proved.replace(":= 7", f":= {bad}"), challenge) == [expected]
    for bad in ("7 open Fake", "7 abbrev Fake := 1", "7 theorem fake : 1 = 1 := rfl"):
        found = said(proved.replace(":= 7", f":= {bad}"), challenge)
        assert f"line 1: an answer is one term: `{bad.split()[1]}` may not stand in it" in found
    noncomputable = "noncomputable " + proved
    assert said(noncomputable, challenge)[0].startswith("line 1: differs from the challenge here")


def test_what_only_counts_as_the_challenge_s_is_looked_at_as_well() -> None:
    text = "theorem t (h : (by_elab foo)) : True := trivial"
    stated = problem(text)
    assert sieve(parse(text), stated) == ()
    (remark,) = sieve(parse(text), stated, foreign=[Span(0, len(stated.statement))])
    assert remark.text == "`by_elab` runs code while the file is compiled"


@pytest.mark.parametrize(
    "new",
    ['def s := "{" ' * 20_000, "@[ " * 20_000, "open Nat in\n" * 20_000, "sorry " * 100_000, "#eval 1\n" * 20_000],
    ids=["braces", "open brackets", "prefixes", "words", "commands"],
)
def test_sieving_takes_time_in_proportion(new: str) -> None:
    began = time.process_time()
    said(new + "\n" + T + "trivial")
    assert time.process_time() - began < 20


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet=st.sampled_from("@[]()«»theorem t : True := open in\n\"-/'#eval"), max_size=60))
def test_any_text_is_sieved(text: str) -> None:
    for submission in (text, text + T + "trivial", T + text):
        assert all(1 <= int(r.split()[1][:-1]) <= submission.count("\n") + 1 for r in said(submission))
