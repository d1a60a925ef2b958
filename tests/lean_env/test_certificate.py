"""What a passed trial is worth; end to end in test_verifier."""

import pytest

from lemmata.domain import CheckerIdentity, Level
from lemmata.lean_env.answers import Answer, Filled
from lemmata.lean_env.certificate import answer_notes, old, vouched_by
from lemmata.lean_env.scanner import Span


@pytest.mark.parametrize(
    ("version", "faulty"),
    [
        ("4.9.0", True),
        ("4.27.0", True),
        ("4.33.0-rc2", True),
        ("4.34.0-rc1", True),
        ("4.34.0", False),
        ("4.34.1", False),
        ("4.35.0-rc1", False),
        ("4.35.0", False),
        ("5.0.0", False),
    ],
)
def test_a_lean_with_known_faults_is_named(version: str, faulty: bool) -> None:
    note = old(version)
    assert note == (f"Lean {version} is older than 4.34.0: faults of its kernel are known" if faulty else None)


@pytest.mark.parametrize("version", [None, "", "nightly"])
def test_of_an_unknown_lean_nothing_is_known(version: str | None) -> None:
    assert old(version) == "which Lean judged it is not known: whether its kernel has known faults is not either"


def test_extra_axioms_stand_behind_the_voucher() -> None:
    identity = CheckerIdentity(name="cli", level=Level.CHECKED, lean_version="4.35.0")
    assert vouched_by(Level.CERTIFIED, identity) == "certified by Lean 4.35.0"
    assert vouched_by(Level.CHECKED, identity, ("a", "b")) == "checked by Lean 4.35.0, on the extra axioms a, b"


def test_a_long_answer_is_cut() -> None:
    answer = Answer("n_solution", Span(0, 0), "1 +\n  " * 100 + "1")
    (note,) = answer_notes(Filled("", (answer,), (), ""))
    assert note.startswith("the answer n_solution := 1 + 1 + ")
    assert len(note) < 320
    assert answer_notes(None) == []
