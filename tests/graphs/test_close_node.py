import pytest

from lemmata.domain import Level, RunStatus
from lemmata.errors import LimitReached
from lemmata.events import PhaseEntered, read_events
from lemmata.graphs.prove_theorem import work
from lemmata.testing import FAKE, FakeChecker, ScriptedProver, a_candidate, a_problem, a_reply, some
from lemmata.tools.refuter import Refutation


def phases(path):
    return [e.phase for e in read_events(path / "events.jsonl") if isinstance(e, PhaseEntered)]


async def test_automation_that_passes_ends_the_work(workshop, tmp_path):
    async def automate(problem, bench):
        return a_candidate(" := trivial")

    async with workshop(automate=automate) as deps:
        outcome = await work(deps, a_problem())
    assert (outcome.status, outcome.level, some(outcome.proof).body) == (RunStatus.FOUND, Level.CHECKED, " := trivial")
    assert phases(tmp_path) == ["close", "automate"]


async def test_automation_is_not_believed_unchecked(workshop, tmp_path):
    async def automate(problem, bench):
        return a_candidate(" := bad")

    async with workshop(automate=automate, prover=ScriptedProver([a_reply(" := good")])) as deps:
        outcome = await work(deps, a_problem())
    assert some(outcome.proof).body == " := good"
    assert phases(tmp_path) == ["close", "automate", "refute", "prove"]


async def test_a_refuted_statement_is_not_worked_on(workshop, tmp_path):
    async def refute(problem, bench, *, seed):
        result = await bench.check("theorem not_t : ¬ True := no")
        return Refutation(instance="n = 3", name="not_t", text="theorem not_t : ¬ True := no", result=result)

    async with workshop(refute=refute) as deps:
        outcome = await work(deps, a_problem())
    assert (outcome.status, outcome.level, outcome.evidence_name) == (RunStatus.REFUTED, Level.CHECKED, "not_t")
    assert outcome.reason == "false for n = 3"
    assert phases(tmp_path) == ["close", "automate", "refute"]


async def test_refuting_can_be_left_out(workshop, tmp_path):
    async with workshop(search={"refute": False}, prover=ScriptedProver([a_reply(" := good")])) as deps:
        await work(deps, a_problem())
    assert phases(tmp_path) == ["close", "automate", "prove"]


async def test_failed_candidates_come_back_analyzed_until_the_rounds_are_over(workshop, tmp_path):
    prover = ScriptedProver([a_reply(" := bad 0"), a_reply(" := bad 1"), a_reply(" := bad 2")])
    async with workshop(prover=prover, search={"repairs": 2, "salvage_checks": 0, "depth": 0}) as deps:
        outcome = await work(deps, a_problem())
    assert outcome.status is RunStatus.NOT_FOUND
    assert [r.round for r in prover.requests] == [0, 1, 2]
    assert [len(r.feedback) for r in prover.requests] == [0, 1, 2]
    assert {some(f.analysis).message for f in prover.requests[2].feedback} == {"bad is not accepted"}
    assert phases(tmp_path) == ["close", "automate", "refute"] + ["prove", "analyze"] * 3


async def test_an_exhausted_prover_is_not_asked_again(workshop):
    prover = ScriptedProver([a_reply(" := bad", exhausted=True)])
    async with workshop(prover=prover, search={"repairs": 9, "salvage_checks": 0, "depth": 0}) as deps:
        assert not (await work(deps, a_problem())).found
    assert len(prover.requests) == 1


async def test_more_candidates_than_asked_for_are_not_checked(workshop):
    checker = FakeChecker()
    prover = ScriptedProver([a_reply(*(f" := bad {i}" for i in range(5)), exhausted=True)])
    async with workshop(prover=prover, checker=checker, search={"samples": 2, "salvage_checks": 0, "depth": 0}) as deps:
        await work(deps, a_problem())
    assert [t.rpartition(" ")[2] for t in checker.texts] == ["0", "1"]


async def test_what_compiles_of_a_failed_candidate_is_kept(workshop):
    body = " := by\n  have h : True := by\n    good\n  have k : True := by\n    bad\n  good"
    prover = ScriptedProver([a_reply(body, exhausted=True)])
    async with workshop(prover=prover, search={"depth": 0}) as deps:
        outcome = await work(deps, a_problem(suffix="\n-- end\n"))
    assert not outcome.found
    assert "have h : True := by\n    good" in some(outcome.best)
    assert "bad" not in some(outcome.best)
    assert some(outcome.best).count("sorry") == 1
    assert some(outcome.best).endswith("\n-- end\n")


async def test_samples_are_counted_before_they_are_asked_for(workshop):
    prover = ScriptedProver([a_reply(" := bad"), a_reply(" := good")])
    async with workshop(prover=prover, limits={"samples": 4}, search={"samples": 4, "salvage_checks": 0}) as deps:
        with pytest.raises(LimitReached, match="4 samples"):
            await work(deps, a_problem())
        assert deps.budget.spent.samples == 1
    assert len(prover.requests) == 1
    assert FAKE.level is Level.CHECKED
