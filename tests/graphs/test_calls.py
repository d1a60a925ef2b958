import asyncio

import pytest

from lemmata.configs.schema import BudgetConfig
from lemmata.domain import CheckStatus, Usage
from lemmata.errors import InfrastructureError, LimitReached
from lemmata.events import CallFinished, CallLost, CallStarted, EventLog, read_events
from lemmata.graphs.budget import Budget
from lemmata.graphs.calls import Recorder, book_lost
from lemmata.lean_env.checker import TacticResult
from lemmata.testing import FakeChecker, Gate


@pytest.fixture
def log(tmp_path):
    with EventLog(tmp_path / "events.jsonl") as log:
        yield log


def bench(log, checker, *, step="s", **limits):
    budget = Budget(BudgetConfig(**limits))
    return Recorder(log=log, checker=checker, timeout=10).bench("t", step, budget)


async def test_a_finished_call_is_served_from_the_log(log):
    checker = FakeChecker(seconds=2.0)
    first = await bench(log, checker).check("bad")
    again = await bench(log, checker).check("bad")
    assert again == first
    assert first.status is CheckStatus.ERRORS
    assert checker.texts == ["bad"]
    assert log.spent == Usage(check_seconds=2.0, checks=1)


async def test_step_ordinal_text_and_kind_make_the_key(log):
    checker = FakeChecker()
    one = bench(log, checker)
    await one.check("a")
    await one.check("a")
    await bench(log, checker).check("b")
    await bench(log, checker, step="other").check("a")
    await bench(log, checker).check("a", goals=True)
    assert len(checker.texts) == 5


async def test_a_served_call_needs_no_budget(log):
    checker = FakeChecker(seconds=1.0)
    await bench(log, checker, check_seconds=1).check("a")
    exhausted = bench(log, checker, check_seconds=1)
    exhausted.budget.spent = Usage(check_seconds=1)
    assert (await exhausted.check("a")).status is CheckStatus.OK
    with pytest.raises(LimitReached):
        await exhausted.check("a")
    assert checker.texts == ["a"]


async def test_the_start_is_on_disk_before_the_call_and_the_end_before_its_use(log, tmp_path):
    seen = []

    async def look(text):
        seen.append([e.kind for e in read_events(tmp_path / "events.jsonl")])

    await bench(log, FakeChecker(before=look)).check("a")
    seen.append([e.kind for e in read_events(tmp_path / "events.jsonl")])
    assert seen == [["call_started"], ["call_started", "call_finished"]]


async def test_a_cancelled_or_broken_call_is_booked_as_lost(log, tmp_path):
    gate = Gate()
    async with asyncio.TaskGroup() as group:
        task = group.create_task(bench(log, FakeChecker(before=gate)).check("a"))
        await gate.reached.wait()
        task.cancel()

    async def break_down(text):
        raise InfrastructureError("no Lean")

    with pytest.raises(InfrastructureError):
        await bench(log, FakeChecker(before=break_down)).check("a")
    kinds = [type(e) for e in read_events(tmp_path / "events.jsonl")]
    assert kinds == [CallStarted, CallLost] * 2
    assert log.under_way == ()
    assert log.spent.checks == 2


async def test_a_timeout_that_the_budget_cut_short_is_no_answer(log):
    checker = FakeChecker(decide=lambda text: CheckStatus.TIMEOUT)
    with pytest.raises(LimitReached, match="budget of 3 check seconds"):
        await bench(log, checker, check_seconds=3).check("a")
    result = await bench(log, checker).check("a")
    assert result.status is CheckStatus.TIMEOUT
    assert (await bench(log, checker).check("a", timeout=3)).status is CheckStatus.TIMEOUT


def test_calls_of_a_dead_process_are_booked_once(tmp_path):
    times = iter([10.0, 13.0, 14.0, 15.0])
    path = tmp_path / "events.jsonl"
    reserved = Usage(check_seconds=8, checks=1)
    with EventLog(path, clock=lambda: next(times)) as log:
        log.append(CallStarted(key="a", thread="t", step="s", call="check", input="x", reserved=reserved))
        log.append(CallFinished(key="b", result={}, used=Usage()))
    with EventLog(path, clock=lambda: next(times)) as log:
        book_lost(log)
        book_lost(log)
        assert log.spent == Usage(check_seconds=3, checks=1)
    assert [e.kind for e in read_events(path)] == ["call_started", "call_finished", "call_lost"]


class WithTactics(FakeChecker):
    async def run_tactics(self, text, hole, tactics, timeout):
        self.texts.append(text)
        return tuple(TacticResult(tactic=t, closed=t == "rfl") for t in tactics)


async def test_tactics_are_one_recorded_call(log):
    checker = WithTactics()
    tried = await bench(log, checker).run_tactics("sorry", 0, ("rfl", "simp"))
    assert [r.closed for r in tried or ()] == [True, False]
    assert await bench(log, checker).run_tactics("sorry", 0, ("rfl", "simp")) == tried
    assert checker.texts == ["sorry"]
    await bench(log, checker).run_tactics("sorry", 1, ("rfl", "simp"))
    assert len(checker.texts) == 2
    assert log.spent.checks == 2


async def test_a_checker_without_tactics_is_not_asked_for_them(log):
    one = bench(log, checker := FakeChecker())
    assert await one.run_tactics("sorry", 0, ("rfl",)) is None
    await one.check("a")
    assert (await bench(log, checker).check("a")).status is CheckStatus.OK
    assert checker.texts == ["a"]  # the question that was not sent has no number
