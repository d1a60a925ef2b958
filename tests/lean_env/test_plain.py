"""What is compiled of a submission: nothing hides in what is a comment to a scanner and code to Lean."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lemmata.domain import CheckStatus, VerifyStatus
from lemmata.lean_env.answers import fill, tie
from lemmata.lean_env.brief import Brief, Refused, read
from lemmata.lean_env.cli import CliChecker
from lemmata.lean_env.plain import doubts, without_comments
from lemmata.lean_env.reader import Reader
from lemmata.lean_env.refutation import verify_refutation
from lemmata.lean_env.scanner import Span, scan
from lemmata.lean_env.source import parse, problem
from lemmata.lean_env.verifier import verify
from lemmata.lean_env.vouch import vouch

READER = Reader()
TRUE = "theorem t : (0 : Nat) = 0 := sorry\n"
FALSE = "theorem t : (0 : Nat) = 1 := sorry\n"
HIDDEN = r"True \/-1 = (-1 : Int)"
"""To Lean `True ∨ -1 = -1`; to a scanner `True`, a backslash and a comment."""


def said(text: str) -> list[str]:
    return [what for _, what in doubts(text, scan(text), Span(0, len(text)))]


def test_comments_are_blanked_but_where_they_are_kept() -> None:
    text = "a -- b\n/- c\n/- d -/ -/ e /-- f -/\n«-- g» \"-- h\""
    plain = without_comments(text, scan(text))
    assert plain == "a     \n    \n           e         \n«-- g» \"-- h\""
    assert without_comments(text, scan(text), [Span(0, 7)]).startswith("a -- b\n    \n")
    assert without_comments(text, scan(text), [Span(0, 4)]) == plain  # half kept is not kept
    assert without_comments(text, scan(text), [Span(0, len(text))]) == text


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="ab -/'\"\\\n\u00ab\u00bb!r#(", max_size=40))
def test_what_is_left_has_no_comment_and_the_same_code(text: str) -> None:
    mask = scan(text)
    plain = without_comments(text, mask)
    assert len(plain) == len(text)
    assert plain.count("\n") == text.count("\n")
    if not mask.unterminated:
        assert scan(plain).text == mask.text


@pytest.mark.parametrize(
    "text",
    [
        'f "a"', "('a')", '["a", "b"]', 's!"a"', 'f (s!"a{x}")', 'r"a"', 'f r#"a"#', "«a b» := 1", "x' + f'", "f '' s",
    ],
)  # fmt: skip
def test_plain_literals_and_names_are_free(text: str) -> None:
    assert said(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "1'\"' \"", "!'\"' \"", "x\"a\"", "+\"a\"", "'a'r\"\\\"", "1r\"\\\"", "λr\"\\\"", "'\n'\"'", "f '\n'",
        "«a\nb»", "«a\"»", "×'\"'",
    ],
)  # fmt: skip
def test_where_lean_may_read_a_quote_otherwise_it_is_refused(text: str) -> None:
    assert said(text)


def test_what_is_new_is_not_read_in_the_light_of_what_precedes_it() -> None:
    text = "def a := 1 /- \ntheorem t : True := trivial -/"
    assert [what for _, what in doubts(text, scan(text), Span(16, len(text)))] == [
        "what is new here cannot be told from what stands before it"
    ]


@pytest.mark.embedded
@pytest.mark.parametrize(
    ("challenge", "submission"),
    [
        (
            "abbrev t_solution : Prop := sorry\n\ntheorem t : t_solution ∧ (0 : Nat) = 1 := sorry\n",
            f"abbrev t_solution : Prop := {HIDDEN} variable (h : False) include h #check -- -/\n  True\n\n"
            "theorem t : t_solution ∧ (0 : Nat) = 1 := h.elim\n",
        ),
        (
            TRUE,
            f"theorem helper : {HIDDEN} := Or.inl trivial axiom bad : False set_option debug.skipKernelTC true -- -/\n"
            "   := trivial\ntheorem t : (0 : Nat) = 0 := rfl\n",
        ),
        (
            None,
            f"theorem helper : {HIDDEN} := Or.inl trivial axiom bad : False #check -- -/\n   := trivial\n",
        ),
    ],
    ids=["an answer", "a helper", "a file by itself"],
)
async def test_nothing_hides_behind_a_symbol(challenge: str | None, submission: str, embedded: CliChecker) -> None:
    verdict = await verify(submission, checker=embedded, challenge=challenge, judges=(READER,), timeout=60)
    assert verdict.status is VerifyStatus.REFUSED
    assert any("expected token" in reason for reason in verdict.reasons)


ASKED = "abbrev t_solution : Nat := sorry\n\ntheorem t.{u} (α : Type u) : t_solution.succ = 0 := sorry\n"


@pytest.mark.embedded
@pytest.mark.parametrize("value", ["let rec succ : Nat := 0; 7", "by\n  let rec succ : Nat := 0\n  exact 7"])
async def test_an_answer_does_not_take_a_name_that_the_statement_uses(value: str, embedded: CliChecker) -> None:
    submission = ASKED.replace("sorry", value, 1).replace("sorry", "rfl")
    assert not isinstance(read(Brief(submission, challenge=ASKED, sieved=False)), Refused)
    verdict = await verify(submission, checker=embedded, challenge=ASKED, judges=(READER,), timeout=60)
    assert any("`rec` may not stand in it" in reason for reason in verdict.reasons)
    for answer, status in ((value, CheckStatus.ERRORS), ("7", CheckStatus.HOLES)):
        filled = fill(parse(ASKED), parse(ASKED.replace("sorry", answer, 1)))
        assert (await embedded.check(tie(problem(filled.text), filled.answers), 60)).status is status


@pytest.mark.embedded
async def test_an_answer_does_not_reach_what_follows_it(embedded: CliChecker) -> None:
    challenge = (
        "namespace A\nabbrev t_solution : Nat := sorry\ndef P (n : Nat) : Prop := n = 1\n\n"
        "theorem t : t_solution = 0 := sorry\n\nend A\n"
    )
    submission = challenge.replace("sorry", "0 protected", 1).replace("sorry", "rfl")
    verdict = await verify(submission, checker=embedded, challenge=challenge, judges=(READER,), timeout=60)
    assert verdict.reasons == ("line 2: an answer is one term: `protected` may not stand in it",)
    filled = fill(parse(challenge), parse(submission))
    assert (await embedded.check(filled.compiled, 60)).status is CheckStatus.ERRORS
    assert (await embedded.check(filled.text, 60)).status is CheckStatus.HOLES


@pytest.mark.embedded
@pytest.mark.parametrize(
    ("challenge", "evidence"),
    [
        (
            "theorem c : (1 : Nat) = 1 := sorry\n",
            f"theorem neg : {HIDDEN} := Or.inl trivial #exit -- -/\n  True := trivial\n",
        ),
        (
            "namespace Foo\ntheorem c : (1 : Nat) = 1 := sorry\n",
            "namespace Foo\n\ntheorem neg : let f : Nat → Prop |_=> (1 : Nat) = 1 → True; "
            "let g : Nat → Prop |_=> True; f 0 := "
            "fun _ => trivial def False : Prop := True theorem z : True := trivial\n",
        ),
        ("theorem c : (1 : Nat) = 1 := sorry\n", "theorem neg : True := trivial\n"),
    ],
    ids=["a hidden end", "a statement that is more", "another statement"],
)
async def test_no_refutation_of_what_is_true(challenge: str, evidence: str, embedded: CliChecker) -> None:
    stated: dict[str, Any] = {"challenge": problem(challenge), "judges": (READER,), "timeout": 60}
    name = "Foo.neg" if "Foo" in challenge else "neg"
    verdict = await verify_refutation(evidence, name=name, checker=embedded, **stated)
    assert verdict.status is VerifyStatus.REFUSED


@pytest.mark.embedded
@pytest.mark.parametrize(
    ("challenge", "submission", "reason"),
    [
        (
            FALSE,
            "theorem h : True := trivial\n/--/\ntheorem t : (0 : Nat) = 1 := rfl -/ theorem x : True := trivial\n",
            "is to begin a line of its own",
        ),
        (
            "def P (n : Nat) : Prop := n = 1\ntheorem A.t : P 0 := sorry\n",
            "def P (n : Nat) : Prop := n = 1\ndef A.P (n : Nat) : Prop := True\ntheorem A.t : P 0 := trivial\n",
            "with its helpers the statement means something else",
        ),
        (
            FALSE,
            f"theorem h : {HIDDEN} := Or.inl trivial variable (hh : False) include hh #check -- -/\n   trivial\n"
            "theorem t : (0 : Nat) = 1 := hh.elim\n",
            "expected token",
        ),
    ],
    ids=["a docstring", "a name that is taken", "a hidden hypothesis"],
)
async def test_where_only_a_server_is_asked_it_is_not_deceived_either(
    challenge: str, submission: str, reason: str, embedded: CliChecker
) -> None:
    verdict = await vouch(submission, checker=embedded, challenge=challenge, timeout=60)
    assert verdict.status is VerifyStatus.REFUSED
    assert any(reason in said for said in verdict.reasons)


@pytest.mark.embedded
@pytest.mark.parametrize(
    ("challenge", "submission"),
    [
        (TRUE, "theorem h : True := trivial\n\ntheorem t : (0 : Nat) = 0 := rfl\n"),
        (
            "namespace A\ntheorem t.{u} (α : Type u) (a : α) : a = a := by sorry\n\nend A\n",
            "namespace A\n/-- doc -/\ntheorem h : True := trivial\n"
            "theorem t.{u} (α : Type u) (a : α) : a = a := by\n  rfl\n\nend A\n",
        ),
        ("theorem «a b» : 1 = 1 := sorry\n", "theorem «a b» : 1 = 1 := rfl\n"),
    ],
    ids=["a helper", "a namespace and a universe", "a quoted name"],
)
async def test_a_server_vouches_for_what_is_honest(challenge: str, submission: str, embedded: CliChecker) -> None:
    verdict = await vouch(submission, checker=embedded, challenge=challenge, timeout=60)
    assert verdict.reasons == ()
    assert verdict.accepted
