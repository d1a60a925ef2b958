from typing import Any

import pytest

from lemmata.agents.protocols import Feedback
from lemmata.configs.schema import SearchConfig
from lemmata.domain import Candidate, CheckResult, CheckStatus, Outcome, Proof, RunStatus
from lemmata.graphs import routing
from lemmata.testing import FAKE, a_problem

DONE = Outcome(status=RunStatus.NOT_FOUND, reason="r")
FAILED = (
    Feedback(
        candidate=Candidate(proof=Proof(body=""), origin="o"),
        result=CheckResult(status=CheckStatus.ERRORS, checker=FAKE),
    ),
)
def at_root(fields) -> Any:
    return {"node": "root", "problem": a_problem(), **fields}


PLAIN = SearchConfig(repairs=2, salvage_checks=12, depth=3, rounds=2, refute=True)


@pytest.mark.parametrize(
    ("state", "refute", "then"),
    [({}, True, "refute"), ({}, False, "prove"), ({"outcome": DONE}, True, "__end__")],
)
def test_after_automate(state, refute, then):
    assert routing.after_automate(state, PLAIN.model_copy(update={"refute": refute})) == then


@pytest.mark.parametrize(("state", "then"), [({}, "prove"), ({"outcome": DONE}, "__end__")])
def test_after_refute(state, then):
    assert routing.after_refute(state) == then


@pytest.mark.parametrize(("state", "then"), [({}, "analyze"), ({"outcome": DONE}, "__end__")])
def test_after_prove(state, then):
    assert routing.after_prove(state) == then


@pytest.mark.parametrize(
    ("state", "salvage", "then"),
    [
        ({"round": 1, "feedback": FAILED}, 12, "prove"),
        ({"round": 2, "feedback": FAILED}, 12, "prove"),
        ({"round": 1, "feedback": FAILED, "idle": True}, 12, "salvage"),
        ({"round": 3, "feedback": FAILED}, 12, "salvage"),
        ({"round": 1, "feedback": FAILED, "exhausted": True}, 12, "salvage"),
        ({"round": 3, "feedback": FAILED}, 0, "__end__"),
        ({"round": 3, "feedback": ()}, 12, "__end__"),
    ],
)
def test_after_analyze(state, salvage, then):
    assert routing.after_analyze(state, PLAIN.model_copy(update={"salvage_checks": salvage})) == then


@pytest.mark.parametrize(
    ("state", "then"),
    [({"depth": 0}, "reason"), ({"depth": 2}, "reason"), ({"depth": 3}, "__end__"), ({"outcome": DONE}, "__end__")],
)
def test_after_close(state, then):
    assert routing.after_close(state, PLAIN) == then


@pytest.mark.parametrize(
    ("state", "then"),
    [({"proved": 1}, "insist"), ({"proved": 3}, "__end__"), ({"proved": 1, "exhausted": True}, "__end__")],
)
def test_the_theorem_itself_gets_a_last_effort_where_nothing_may_be_split(state, then):
    assert routing.after_close(at_root(state), PLAIN.model_copy(update={"depth": 0})) == then


@pytest.mark.parametrize(("state", "then"), [({}, "automate"), ({"round": 1}, "prove")])
def test_at_start(state, then):
    assert routing.at_start(state) == then


@pytest.mark.parametrize(
    ("splittable", "depth", "then"),
    [(True, 0, "children"), (True, 2, "children"), (False, 0, "insist"), (False, 1, "__end__")],
)
def test_after_split(splittable, depth, then):
    assert routing.after_split(at_root({"splittable": splittable, "depth": depth}), PLAIN) == then


@pytest.mark.parametrize(
    ("state", "then"),
    [
        ({"round": 1}, "reason"),
        ({"round": 2}, "reason"),
        ({"round": 3}, "insist"),
        ({"round": 3, "depth": 1}, "__end__"),
        ({"outcome": DONE}, "__end__"),
    ],
)
def test_after_recombine(state, then):
    assert routing.after_recombine(state, PLAIN) == then
