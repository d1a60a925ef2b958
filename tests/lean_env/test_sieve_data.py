"""The sieve on real texts: honest proofs pass, answers fill PutnamBench's problems."""

import json
from pathlib import Path

import pytest

from lemmata.lean_env.answers import fill_in
from lemmata.lean_env.brief import Brief, Reading, read
from lemmata.lean_env.source import parse, problem

pytestmark = pytest.mark.data
HEADER = (
    "import Mathlib\nimport Aesop\n\nset_option maxHeartbeats 400000\n\nopen BigOperators Real Nat Topology Rat\n\n"
)


def records(path: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def refused(submission: str, challenge: str, name: str | None = None) -> tuple[str, ...]:
    outcome = read(Brief(submission, challenge=challenge, name=name))
    return () if isinstance(outcome, Reading) else outcome.reasons


def test_proofs_that_lean_accepted_pass(data: Path) -> None:
    found = records(data / "minif2f_valid_proofs.jsonl")
    assert len(found) == 67
    for record in found:
        stated = HEADER + record["informal_prefix"] + record["formal_statement"]
        assert refused(stated + record["formal_proof"] + "\n", stated + "  sorry\n", record["name"]) == ()


def test_tactic_tests_pass(data: Path) -> None:
    found = records(data / "tactic_tests.jsonl")
    assert len(found) == 533
    for record in found:
        challenge = problem(record["text"], name=record["id"]).with_proof(" := sorry")
        assert refused(record["text"], challenge, record["id"]) == ()


def test_every_problem_of_putnambench_can_be_answered_and_proved(data: Path) -> None:
    files = sorted((data / "putnambench" / "lean4" / "src").glob("*.lean"))
    assert len(files) == 672
    answered = 0
    for file in files:
        challenge = file.read_text(encoding="utf-8")
        filled = fill_in(parse(challenge), "(fun x => x)")
        answered += filled != challenge
        stated = problem(filled)
        assert refused(stated.with_proof(" := by\n  simp"), challenge) == (), file.name
    assert answered == 346
