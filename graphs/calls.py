"""Calls to the world, recorded: a finished call is served from the log, a new one is on disk before it is sent."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from lemmata.domain import CheckResult, CheckStatus, Usage, Verdict, VerifyStatus, sha256
from lemmata.events import CallFinished, CallLost, CallStarted, EventLog
from lemmata.graphs.budget import Budget, Fit
from lemmata.lean_env.checker import Checker, RunsTactics, TacticResult, TacticRun, UsedConstants

R = TypeVar("R", CheckResult, TacticRun, UsedConstants, Verdict)


@dataclass(frozen=True, kw_only=True)
class Recorder:
    """Sends calls for all nodes of a run, each under a key of thread, step, ordinal in the step and input."""

    log: EventLog
    checker: Checker
    timeout: float
    """Wall seconds that a check may take at most."""
    clock: Callable[[], float] = time.monotonic

    def bench(self, thread: str, step: str, budget: Budget) -> Bench:
        """The workbench of one visit of one step. `step` must differ between visits."""
        return Bench(recorder=self, thread=thread, step=step, budget=budget)

    async def call(
        self,
        key: tuple[str, str, int],
        call: str,
        text: str,
        budget: Budget,
        seconds: float,
        send: Callable[[Fit], Awaitable[R]],
        kind: type[R],
    ) -> R:
        """Send one call of at most so many wall seconds, or give its recorded result, which needs no budget.

        Raises LimitReached before it is sent, or where the budget cut it short and it came to no answer: such a
        time-out says nothing about the text and must not be served later.
        """
        thread, step, ordinal = key
        name = f"{thread}#{step}#{ordinal}#{sha256(call + text)[:16]}"
        if done := self.log.finished(name):
            return kind.model_validate(done.result)
        limit = budget.fit(seconds)
        reserve = Usage(check_seconds=limit.seconds, checks=1)
        async with budget.spend(reserve) as settle:
            self.log.append(
                CallStarted(key=name, thread=thread, step=step, call=call, input=text, reserved=reserve)
            )
            began = self.clock()
            try:
                result = await send(limit)
                if limit.cut is not None and result.status in (CheckStatus.TIMEOUT, VerifyStatus.TIMEOUT):
                    raise limit.cut
            except BaseException:
                lost = reserve.model_copy(update={"check_seconds": self.clock() - began})
                settle(lost)
                self.log.append(CallLost(key=name, used=lost))
                raise
            used = Usage(check_seconds=result.seconds, checks=1)
            settle(used)
            self.log.append(CallFinished(key=name, result=result.model_dump(mode="json"), used=used))
        return result


@dataclass(kw_only=True)
class Bench:
    """The workbench of one visit of one step: counts its calls, so that a step that runs again finds them."""

    recorder: Recorder
    thread: str
    step: str
    budget: Budget
    _calls: int = field(default=0, init=False)

    async def check(self, text: str, *, goals: bool = False, timeout: float | None = None) -> CheckResult:
        """Check a whole text; see `Workbench`."""
        return await self.recorder.call(
            self._key(),
            "goals" if goals else "check",
            text,
            self.budget,
            min(timeout or self.recorder.timeout, self.recorder.timeout),
            lambda limit: self.recorder.checker.check(text, limit.seconds, goals=goals),
            CheckResult,
        )

    async def run_tactics(
        self, text: str, hole: int, tactics: Sequence[str], *, timeout: float | None = None
    ) -> tuple[TacticResult, ...] | None:
        """Try tactics in a hole, in one call; see `TacticBench`."""
        checker = self.recorder.checker
        if not isinstance(checker, RunsTactics):
            return None

        async def send(limit: Fit) -> TacticRun:
            began = self.recorder.clock()
            results = await checker.run_tactics(text, hole, tactics, limit.seconds)
            status = CheckStatus.TIMEOUT if any(r.reason for r in results) else CheckStatus.OK
            return TacticRun(status=status, results=results, seconds=self.recorder.clock() - began)

        run = await self.recorder.call(
            self._key(),
            "tactics",
            "\n".join((text, str(hole), *tactics)),
            self.budget,
            min(timeout or self.recorder.timeout, self.recorder.timeout),
            send,
            TacticRun,
        )
        return run.results

    def _key(self) -> tuple[str, str, int]:
        ordinal = self._calls
        self._calls += 1  # before anything waits, so that calls made at once are numbered in the order they were made
        return self.thread, self.step, ordinal


def book_lost(log: EventLog) -> None:
    """Close the books of an earlier process: calls under way when it ended are lost, and may have cost so much."""
    end = log.last_time
    for call in log.under_way:
        seconds = min(call.reserved.check_seconds, max(0.0, end - call.time))
        log.append(CallLost(key=call.key, used=call.reserved.model_copy(update={"check_seconds": seconds})))
