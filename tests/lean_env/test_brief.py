"""What the text of a brief tells: targets, the filled challenge, and whose fault it is where it cannot be read."""

import pytest

from lemmata.errors import SourceError
from lemmata.lean_env.brief import Brief, Layer, Reading, Refused, read

CHALLENGE = "abbrev n_solution : Nat := sorry\n/-- d -/\ntheorem t : n_solution = 3 := sorry\n"


def test_a_file_by_itself_is_asked_for_its_public_theorems() -> None:
    reading = read(Brief("private theorem a : True := x\ntheorem N.b : True := x\nlemma c : True := x"))
    assert isinstance(reading, Reading)
    assert (reading.targets, reading.filled, reading.remarks) == ((("N", "b"), ("c",)), None, ())
    named = read(Brief("theorem N.b : True := x", name="N.b"))
    assert isinstance(named, Reading)
    assert named.targets == (("N", "b"),)


def test_what_is_only_worth_a_word_is_kept() -> None:
    reading = read(Brief("set_option warn.sorry false\ntheorem t : True := trivial"))
    assert isinstance(reading, Reading)
    assert reading.remarks == ("line 1: the option warn.sorry hides warnings",)


def test_the_challenge_s_target_counts() -> None:
    reading = read(Brief(CHALLENGE.replace("sorry", "3", 1).replace("sorry", "rfl"), challenge=CHALLENGE))
    assert isinstance(reading, Reading)
    assert reading.filled is not None
    assert (reading.targets, reading.filled.names) == ((("t",),), (("n_solution",),))


@pytest.mark.parametrize("answer", ['"three', "3 /-", '3 + "', "(3 theorem"])
def test_an_answer_that_swallows_the_challenge_is_the_submission_s_fault(answer: str) -> None:
    submission = CHALLENGE.replace("sorry", answer, 1).replace("sorry", "rfl")
    refused = read(Brief(submission, challenge=CHALLENGE))
    assert isinstance(refused, Refused)
    assert refused.layer is Layer.TEXT


def test_a_challenge_that_cannot_be_read_is_the_caller_s() -> None:
    challenge = CHALLENGE + "theorem u : n_solution = 3 := sorry\n"
    with pytest.raises(SourceError, match="2 theorems have no complete proof"):
        read(Brief(challenge.replace("sorry", "3", 1), challenge=challenge))
    with pytest.raises(SourceError, match="no theorem found"):
        read(Brief("theorem t : True := trivial", challenge="def n := 0"))
