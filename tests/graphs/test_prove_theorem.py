import asyncio
from contextlib import suppress

import pytest

from lemmata.domain import CheckStatus, NodeStatus, Proof, RunStatus
from lemmata.errors import LimitReached
from lemmata.events import BlueprintChanged, CallStarted, NodeEnded, NodeOpened, PhaseEntered, read_events
from lemmata.graphs.prove_theorem import fresh_prefix, harvest, work
from lemmata.testing import (
    FakeChecker,
    Gate,
    ScriptedProver,
    ScriptedSplitter,
    a_problem,
    a_reply,
    a_split,
    some,
)
from lemmata.tools.refuter import Refutation


def by_name(answers):
    """A prover that has one proof a theorem; what it does not know it gets wrong."""
    return ScriptedProver(lambda request: a_reply(answers.get(request.problem.name, " := bad"), exhausted=True))


def once(reply):
    """A splitter that splits the root and nothing else."""
    return ScriptedSplitter(lambda request: reply if request.problem.name == "t" else a_split(" := sorry"))


QUIET = {"salvage_checks": 0}


async def test_lemmas_are_closed_and_recombined_into_one_file(workshop, tmp_path):
    splitter = once(a_split(" := ⟨t_1, t_2⟩", "t_2: t_1", "t_1", idea="both sides"))
    prover = by_name({"t_1": " := one", "t_2": " := by exact t_1"})
    checker = FakeChecker()
    async with workshop(splitter=splitter, prover=prover, checker=checker, search=QUIET) as deps:
        outcome = await work(deps, a_problem())
    assert outcome.proof == Proof(
        body=" := ⟨t_1, t_2⟩", helpers=("theorem t_1 : True := one", "theorem t_2 : True := by exact t_1")
    )
    assert checker.texts[-1] == (
        "theorem t_1 : True := one\n\ntheorem t_2 : True := by exact t_1\n\ntheorem t : True := ⟨t_1, t_2⟩"
    )
    assert splitter.requests[0].prefix == "t_"
    events = list(read_events(tmp_path / "events.jsonl"))
    assert [e.lemmas for e in events if isinstance(e, BlueprintChanged)] == [("t_2", "t_1")]
    ended = {e.node: e.status for e in events if isinstance(e, NodeEnded)}
    assert ended == dict.fromkeys(["root", "root/t_1", "root/t_2"], NodeStatus.CLOSED)


async def test_a_lemma_sees_what_it_uses_and_nothing_else(workshop):
    prover = by_name({"t_1": " := one", "t_2": " := two"})
    async with workshop(splitter=once(a_split(" := x", "t_1", "t_2: t_1")), prover=prover, search=QUIET) as deps:
        await work(deps, a_problem(preamble="-- top\n"))
    seen = {r.problem.name: r.problem.preamble for r in prover.requests}
    assert seen["t_1"] == "-- top\n"
    assert seen["t_2"] == "-- top\ntheorem t_1 : True := by\n  sorry\n\n"


async def test_a_stuck_lemma_gets_a_blueprint_of_its_own(workshop, tmp_path):
    def split(request):
        deeper = {"t": a_split(" := t_1", "t_1"), "t_1": a_split(" := t_1_1", "t_1_1")}
        return deeper.get(request.problem.name, a_split(" := sorry"))

    async with workshop(splitter=ScriptedSplitter(split), prover=by_name({"t_1_1": " := deep"}), search=QUIET) as deps:
        outcome = await work(deps, a_problem())
    assert some(outcome.proof).helpers == ("theorem t_1_1 : True := deep", "theorem t_1 : True := t_1_1")
    depths = {e.node: e.depth for e in read_events(tmp_path / "events.jsonl") if isinstance(e, NodeOpened)}
    assert depths == {"root": 0, "root/t_1": 1, "root/t_1/t_1_1": 2}


async def test_blueprints_nest_only_so_deep(workshop):
    splitter = ScriptedSplitter(lambda r: a_split(f" := {r.prefix}1", f"{r.prefix}1"))
    async with workshop(splitter=splitter, prover=by_name({}), search=QUIET | {"depth": 2, "rounds": 0}) as deps:
        outcome = await work(deps, a_problem())
    assert outcome.status is RunStatus.NOT_FOUND
    assert [r.problem.name for r in splitter.requests] == ["t", "t_1"]
    assert some(outcome.best).count("sorry") == 1


async def test_no_node_waits_for_a_sibling(workshop):
    gate = Gate()

    async def hold_one(text):
        if text.endswith("theorem t_1 : True := one"):
            await gate()
        elif "deep" in text:
            gate.opened.set()  # reached only if the other lemma is split and closed while this one is held

    def split(request):
        deeper = {"t": a_split(" := ⟨t_1, t_2⟩", "t_1", "t_2"), "t_2": a_split(" := t_2_1", "t_2_1")}
        return deeper.get(request.problem.name, a_split(" := sorry"))

    async with workshop(
        splitter=ScriptedSplitter(split),
        prover=by_name({"t_1": " := one", "t_2_1": " := deep"}),
        checker=FakeChecker(before=hold_one),
        search=QUIET,
    ) as deps, asyncio.timeout(30):
        outcome = await work(deps, a_problem())
    assert outcome.found


async def test_failures_are_told_and_closed_lemmas_kept(workshop, tmp_path):
    async def refute(problem, bench, *, seed):
        if problem.name != "t_wrong":
            return None
        result = await bench.check("no")
        return Refutation(instance="n = 0", name="no", text="no", result=result)

    def split(request):
        if request.problem.name != "t":
            return a_split(" := sorry")
        if request.round == 0:
            return a_split(" := x", "t_1", "t_wrong", "t_hard")
        return a_split(" := y", "t_1", "t_3")

    splitter = ScriptedSplitter(split)
    prover = by_name({"t_1": " := one", "t_3": " := three"})
    async with workshop(splitter=splitter, prover=prover, refute=refute, search=QUIET) as deps:
        outcome = await work(deps, a_problem())
    assert outcome.found
    again = next(r for r in splitter.requests if r.round == 1)
    assert [(r.name, r.refuted) for r in again.reports] == [("t_wrong", True), ("t_hard", False)]
    assert [d.name for d in again.closed] == ["t_1"]
    assert sum(r.problem.name == "t_1" for r in prover.requests) == 1


@pytest.mark.parametrize(
    "reply",
    [
        a_split(" := bad", "t_1"),
        a_split(" := sorry", "t_1"),
        a_split(" := x", "t_1: t_2", "t_2: t_1"),
        a_split(" := x", "t_1", "t_1"),
        a_split(" := x", "t_1: nowhere"),
    ],
)
async def test_a_blueprint_that_does_not_compile_is_not_worked_on(workshop, tmp_path, reply):
    async with workshop(splitter=once(reply), prover=by_name({"t_1": " := one"}), search=QUIET) as deps:
        outcome = await work(deps, a_problem())
    assert outcome.reason == "no candidate passed, and no way to split it was found"
    opened = [e.node for e in read_events(tmp_path / "events.jsonl") if isinstance(e, NodeOpened)]
    assert opened == ["root"]


async def test_what_fails_when_recombined_is_told_to_the_splitter(workshop):
    checker = FakeChecker(bad=("bad", "cursed"))
    cursed = "theorem t_1 : True := one\n\ntheorem t : True := x"
    checker.decide = lambda text: CheckStatus.CRASHED if text == cursed else None
    splitter, prover = once(a_split(" := x", "t_1")), by_name({"t_1": " := one"})
    async with workshop(splitter=splitter, prover=prover, checker=checker, search=QUIET | {"rounds": 1}) as deps:
        outcome = await work(deps, a_problem())
    assert not outcome.found
    told = next(r for r in splitter.requests if r.round == 1).reports
    assert [r.reason for r in told] == ["recombined, it fails: crashed"]


async def test_what_cannot_be_split_gets_the_provers_later_rounds(workshop, tmp_path):
    prover = ScriptedProver([a_reply(), a_reply(" := bad"), a_reply(" := good")])
    async with workshop(prover=prover, search=QUIET) as deps:
        outcome = await work(deps, a_problem())
    assert some(outcome.proof).body == " := good"
    assert [r.round for r in prover.requests] == [0, 1, 2]
    assert [len(r.feedback) for r in prover.requests] == [0, 0, 1]
    phases = [e.phase for e in read_events(tmp_path / "events.jsonl") if isinstance(e, PhaseEntered)]
    first = ["close", "automate", "refute", "prove", "analyze", "reason", "split"]
    assert phases == [*first, "insist", "prove", "analyze", "prove"]


async def test_one_nodes_time_is_its_own(workshop, tmp_path):
    class Clock:
        now = 0.0

        def __call__(self):
            return self.now

    clock = Clock()

    async def slow(text):
        if "t_slow" in text and "theorem t " not in text:
            clock.now += 100

    prover = by_name({"t_1": " := one", "t_slow": " := bad"})
    checker = FakeChecker(before=slow)
    splitter = once(a_split(" := ⟨t_1, t_slow⟩", "t_1", "t_slow"))
    once_and_short = QUIET | {"node_seconds": 50, "rounds": 0}
    async with workshop(splitter=splitter, prover=prover, checker=checker, search=once_and_short) as deps:
        deps.budget._clock = clock
        deps.budget._started = 0.0
        outcome = await work(deps, a_problem())
    ended = {e.node: e for e in read_events(tmp_path / "events.jsonl") if isinstance(e, NodeEnded)}
    assert ended["root/t_slow"].reason == "the node root/t_slow's budget of 50 seconds is used up"
    assert ended["root/t_1"].status is NodeStatus.CLOSED
    assert outcome.reason == "t_slow is stuck"


async def test_when_the_budget_ends_what_is_closed_is_kept_and_more_budget_goes_on(workshop):
    splitter = once(a_split(" := ⟨t_1, t_2⟩", "t_1", "t_2: t_1"))
    prover = by_name({"t_1": " := one", "t_2": " := two"})
    gate = Gate()

    async def wait_for_the_other(problem, bench):
        if problem.name == "t_2":
            await gate()
            raise LimitReached("samples", 8)

    def open_gate(event):
        if isinstance(event, NodeEnded) and event.node == "root/t_1":
            gate.opened.set()

    async with workshop(
        splitter=splitter, prover=prover, automate=wait_for_the_other, listener=open_gate, search=QUIET
    ) as deps:
        with pytest.raises(LimitReached):
            await work(deps, a_problem())
        best = await harvest(deps)
    assert some(best).helpers == ("theorem t_1 : True := one", "theorem t_2 : True := by\n  sorry")
    assert some(best).body == " := ⟨t_1, t_2⟩"
    checker = FakeChecker()
    async with workshop(splitter=splitter, prover=prover, checker=checker, search=QUIET) as deps:
        outcome = await work(deps, a_problem())
    assert outcome.found
    assert not any(t.endswith(" := one") for t in checker.texts)


class Killed(BaseException):
    """The process is gone."""


@pytest.mark.parametrize("when", ["call_started", "call_finished", "phase_entered", "phase_left", "node_ended"])
@pytest.mark.parametrize("nth", [1, 3, 6])
async def test_a_run_that_died_anywhere_goes_on_to_the_same_end(workshop, tmp_path, when, nth):
    splitter = once(a_split(" := ⟨t_1, t_2⟩", "t_1", "t_2: t_1"))
    prover = by_name({"t_1": " := one", "t_2": " := two"})
    left = [nth]

    def die(event):
        left[0] -= event.kind == when
        if left[0] == 0 and event.kind == when:
            raise Killed

    first, second = FakeChecker(), FakeChecker()
    async with workshop(splitter=splitter, prover=prover, checker=first, listener=die, search=QUIET) as deps:
        with suppress(Killed):
            await work(deps, a_problem())
    async with workshop(splitter=splitter, prover=prover, checker=second, search=QUIET) as deps:
        outcome = await work(deps, a_problem())
    assert some(outcome.proof).helpers == ("theorem t_1 : True := one", "theorem t_2 : True := two")
    events = list(read_events(tmp_path / "events.jsonl"))
    finished = [e.key for e in events if e.kind == "call_finished"]
    assert len(set(finished)) == len(finished)
    repeated = [t for t in second.texts if t in first.texts]
    lost = {e.key for e in events if e.kind == "call_lost"}
    started = {e.key: e.input for e in events if isinstance(e, CallStarted)}
    open_calls = [started[k] for k in started if k in lost]
    assert sorted(repeated) == sorted(t for t in open_calls if t in first.texts)


def test_prefixes_of_lemmas_are_fresh():
    assert fresh_prefix(a_problem("A.t")) == "A_t_"
    assert fresh_prefix(a_problem(preamble="theorem t_old : True := h\n")) == "t_x_"
    assert fresh_prefix(a_problem(preamble="-- t_old\n")) == "t_"
