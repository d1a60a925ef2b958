"""Open `.._solution` definitions of a challenge, filled with what the submission says."""

from lemmata.lean_env.answers import Answer, fill
from lemmata.lean_env.scanner import Span
from lemmata.lean_env.source import parse

CHALLENGE = """\
open Nat

noncomputable abbrev p_solution : Nat → Nat := sorry
-- fun n => n + 1
/-- What is the largest? -/
theorem p (n : Nat) : n < p_solution n := sorry
"""


def test_only_the_value_is_taken() -> None:
    submission = CHALLENGE.replace("Nat := sorry", "Nat :=\n  fun n => -- one more\n    n + 1").replace("sorry", "x")
    filled = fill(parse(CHALLENGE), parse(submission))
    value = "fun n => -- one more\n    n + 1"
    at = submission.index("\n  fun n")
    assert filled.answers == (Answer("p_solution", Span(at, at + len(value) + 3), value),)
    assert filled.text == CHALLENGE.replace(" sorry", "\n  " + value, 1)
    assert filled.missing == ()
    assert filled.names == (("p_solution",),)


def test_another_type_or_modifier_is_left_to_the_bytes() -> None:
    submission = CHALLENGE.replace("noncomputable ", "").replace("Nat → Nat := sorry", "Nat := 3")
    assert fill(parse(CHALLENGE), parse(submission)).text == CHALLENGE.replace("sorry", "3", 1)


def test_what_is_open_still_or_not_there_is_missing() -> None:
    for other in ("sorry", "by\n  exact sorry", ""):
        filled = fill(parse(CHALLENGE), parse(CHALLENGE.replace("Nat := sorry", f"Nat := {other}", 1)))
        assert (filled.text, filled.answers, filled.missing) == (CHALLENGE, (), ("p_solution",))
    equations = CHALLENGE.replace("Nat := sorry", "Nat\n  | n => n", 1)
    assert fill(parse(CHALLENGE), parse(equations)).missing == ("p_solution",)
    assert fill(parse(CHALLENGE), parse("theorem p : True := trivial")).missing == ("p_solution",)


def test_a_challenge_without_open_answers_is_as_it_was() -> None:
    given = CHALLENGE.replace("sorry", "id", 1)
    filled = fill(parse(given), parse(given))
    assert (filled.text, filled.answers, filled.missing) == (given, (), ())
    other = "def n : Nat := sorry\ntheorem t : n = 0 := sorry\n"
    assert fill(parse(other), parse(other.replace("sorry", "0"))).text == other


def test_several_answers_in_a_namespace() -> None:
    challenge = (
        "namespace A\nabbrev a_solution : Nat := sorry\nabbrev b_solution : Nat := by sorry\nend A\n"
        "theorem t : A.a_solution = A.b_solution := sorry\n"
    )
    submission = challenge.replace(":= sorry", ":= 1", 1).replace("by sorry", "1")
    filled = fill(parse(challenge), parse(submission))
    assert [a.name for a in filled.answers] == ["A.a_solution", "A.b_solution"]
    assert filled.text == submission
