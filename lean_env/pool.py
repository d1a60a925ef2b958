"""A checker over warm REPLs: each has imports loaded once, and every text is checked on top of them.

A text holds a slot only while it is worked on: idle workers hold none, so whoever shares the slots never waits for a
worker that has nothing to do.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Awaitable, Callable, Iterable, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Final, NamedTuple, Self, TypeVar

from lemmata.aio import collect
from lemmata.domain import CheckerIdentity, CheckResult, CheckStatus, Diagnostic, Hole, Level, Position, Severity
from lemmata.errors import InfrastructureError
from lemmata.lean_env.checker import TacticResult
from lemmata.lean_env.messages import ReplOutput, is_sorry_warning
from lemmata.lean_env.probe import probe
from lemmata.lean_env.repl import Failure, ReplSpec
from lemmata.lean_env.turns import Turns, TurnStats
from lemmata.lean_env.warm import Body, WarmRepl, cut

QUEUE: Final = 1024
PROCESS_MB: Final = 6656
"""What a process with all of Mathlib loaded takes at its peak, in MiB; most of it is files that others share."""
_RETRIED: Final = frozenset({CheckStatus.CRASHED})
"""What may be due to the state that a worker was in, and not to the text: tried once more, on a fresh worker."""
_LAST: Final = 0.05
"""The part of a time limit that is too short to begin in."""
_WEIGHED: Final = 8
"""Every how many texts a worker's memory is looked at between two of them; during one it is by its `ReplWorker`."""

T = TypeVar("T")


class PoolStats(TurnStats):
    """What a pool does, and what it did so far."""

    idle: int = 0
    """Workers that wait for a text."""
    started: int = 0
    """Processes."""
    failed: int = 0
    """Attempts that gave no answer: crashes and time-outs of workers."""


def default_workers(memory_mb: int, cores: int) -> int:
    """How many workers a machine bears: one a core as far as memory goes, with room for one more Lean beside them."""
    return max(1, min(cores, memory_mb // PROCESS_MB - 1))


def machine_memory_mb() -> int:
    """Memory in MiB that processes here may use together: the machine's, or less where a control group says so."""
    limits = [os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")]
    for name in ("memory.max", "memory/memory.limit_in_bytes"):
        with suppress(OSError, ValueError):
            limits.append(int(Path("/sys/fs/cgroup", name).read_text(encoding="ascii")))
    return min(limits) >> 20


class _Limit(NamedTuple):
    """Until when: who begins in the last moment only loses a worker that has its imports loaded."""

    latest: float
    """When work must have begun."""
    end: float

    @classmethod
    def within(cls, seconds: float) -> Self:
        now = time.monotonic()
        return cls(now + seconds * (1 - _LAST), now + seconds)


class ReplPool:
    """Checks Lean text with the REPL; see `Checker`, `RunsTactics` and `NamesConstants`."""

    def __init__(
        self,
        spec: ReplSpec,
        *,
        workers: int | None = None,
        slots: asyncio.Semaphore | None = None,
        queue: int = QUEUE,
    ) -> None:
        """Nothing is started before the first text.

        Args:
            spec: the REPL.
            workers: how many processes are kept at most; by default as many as memory and processors allow.
            slots: how many Leans may work at once, shared with whoever else holds it; by default one a worker.
            queue: how many texts may wait; more are given back at once as `timeout`.
        """
        self._spec = spec
        self._workers = workers or default_workers(machine_memory_mb(), os.cpu_count() or 1)
        self._turns = Turns(self._workers, slots or asyncio.Semaphore(self._workers), queue, self._is_warm)
        self._idle: list[WarmRepl] = []  # least recently used first
        self._taken = self._started = self._failed = 0
        self._closed = False

    @property
    def identity(self) -> CheckerIdentity:
        """Who speaks. A warm REPL's word is never worth more than `checked`."""
        given = self._spec.identity
        return given.model_copy(update={"level": Level.CHECKED}) if given.level.proved else given

    @property
    def sandbox(self) -> str:
        """What its workers run in."""
        return self._spec.confinement.name if self._spec.confinement else "none"

    @property
    def stats(self) -> PoolStats:
        """What it does, and what it did so far."""
        turns = self._turns.stats.model_dump()
        return PoolStats(**turns, idle=len(self._idle), started=self._started, failed=self._failed)

    async def check(self, text: str, timeout: float, *, goals: bool = False) -> CheckResult:
        """Check a whole text; see `Checker.check`. The limit covers waiting and a second attempt after a crash.

        Raises:
            InfrastructureError: it is closed, or no process can be started.
        """
        body = cut(text)
        if isinstance(body, str):
            return CheckResult(status=CheckStatus.UNSUPPORTED, checker=self.identity, reason=body)
        seconds = 0.0

        async def work(worker: WarmRepl, left: float) -> ReplOutput | Failure:
            nonlocal seconds
            began = time.monotonic()
            answer = await worker.ask(body, left)
            seconds = time.monotonic() - began
            return answer

        answer = await self._serve(body.imports, timeout, work)
        result = _result(text, body, answer, self.identity, goals=goals)
        return result.model_copy(update={"seconds": seconds})

    async def run_tactics(
        self, text: str, hole: int, tactics: Sequence[str], timeout: float
    ) -> tuple[TacticResult, ...]:
        """Try tactics in the state of a hole; see `RunsTactics.run_tactics`.

        One that takes the process with it says so, and the others are tried in another.

        Raises:
            InfrastructureError: it is closed, or no process can be started.
        """
        body = cut(text)
        if isinstance(body, str):
            return _unanswered(tactics, body)
        results: list[TacticResult] = []
        deadline = time.monotonic() + timeout
        work = partial(_try_tactics, body, hole, tactics, results)
        while (done := len(results)) < len(tactics):
            failure = await self._serve(body.imports, deadline - time.monotonic(), work)
            if failure and (failure.status not in _RETRIED or len(results) == done):
                results.extend(_unanswered(tactics[len(results) :], f"not reached: {failure.reason}"))
        return tuple(results)

    async def used_constants(self, text: str, timeout: float) -> tuple[str, ...]:
        """The constants that the tactic proofs of a text use; see `NamesConstants.used_constants`.

        What the REPL keeps for it is large, so the worker is replaced.

        Raises:
            InfrastructureError: it is closed, or no process can be started.
        """
        body = cut(text)
        if isinstance(body, str):
            return ()

        async def work(worker: WarmRepl, left: float) -> ReplOutput | Failure:
            return await worker.ask(body, left, all_tactics=True)

        answer = await self._serve(body.imports, timeout, work, keep=False)
        return () if isinstance(answer, Failure) else answer.constants

    async def aclose(self) -> None:
        """Take no more texts, wait for those under way (each ends by its own limit), and end all workers."""
        self._closed = True
        await self._turns.quiet()
        idle, self._idle = self._idle, []
        await collect([worker.aclose for worker in idle])

    async def _serve(
        self,
        imports: tuple[str, ...],
        timeout: float,
        work: Callable[[WarmRepl, float], Awaitable[T | Failure]],
        *,
        keep: bool = True,
    ) -> T | Failure:
        """Have a worker with these imports do its work when its turn comes; if that fails, a fresh one once more."""
        if self._closed:
            raise InfrastructureError(f"the checker {self.identity.name} is closed")
        limit = _Limit.within(timeout)
        async with self._turns.take(imports, limit.latest - time.monotonic()) as refusal:
            if refusal is not None:
                return Failure(status=CheckStatus.TIMEOUT, reason=refusal)
            answer = await self._attempt(imports, limit, work, keep=keep)
            if isinstance(answer, Failure) and answer.status in _RETRIED and time.monotonic() < limit.latest:
                answer = await self._attempt(imports, limit, work, keep=keep, fresh=True)
            return answer

    def _is_warm(self, imports: tuple[str, ...]) -> bool:
        return any(worker.imports == imports for worker in self._idle)

    async def _attempt(
        self,
        imports: tuple[str, ...],
        limit: _Limit,
        work: Callable[[WarmRepl, float], Awaitable[T | Failure]],
        *,
        keep: bool,
        fresh: bool = False,
    ) -> T | Failure:
        """One worker's attempt. Cancelled or not, the worker is idle again afterwards, or replaced."""
        self._taken += 1
        worker: WarmRepl | None = None
        try:
            worker = await self._take(imports, fresh=fresh)
            answer: T | Failure | None = await worker.ready(limit.latest - time.monotonic())
            if answer is None and worker.lack is not None:
                answer = Failure(status=CheckStatus.UNSUPPORTED, reason=worker.lack)
            if answer is None:
                answer = await work(worker, limit.end - time.monotonic())
            self._failed += isinstance(answer, Failure) and answer.status is not CheckStatus.UNSUPPORTED
            return answer
        finally:
            try:
                returned = worker and await self._settled(worker, keep=keep)
            finally:
                self._taken -= 1
            if returned:
                self._idle.append(returned)

    async def _take(self, imports: tuple[str, ...], *, fresh: bool) -> WarmRepl:
        """A worker with these imports: the one last used, else a new one in place of the one least recently used."""
        while fitting := [w for w in self._idle if w.imports == imports and not (fresh and w.uses)]:
            self._idle.remove(fitting[-1])
            if fitting[-1].usable:
                return fitting[-1]
            await fitting[-1].aclose()
        while self._idle and len(self._idle) + self._taken > self._workers:
            await self._idle.pop(0).aclose()
        return await self._started_with(imports)

    async def _settled(self, worker: WarmRepl, *, keep: bool) -> WarmRepl | None:
        """The worker itself if it can go on, else another in its place, which gets ready by itself."""
        worn = worker.uses >= self._spec.worker_uses or (worker.uses % _WEIGHED == 0 and worker.overgrown)
        if keep and worker.usable and not worn and not self._closed:
            return worker
        await worker.aclose()
        if self._closed:
            return None
        with suppress(InfrastructureError):  # whoever needs one will be told
            return await self._started_with(worker.imports)
        return None

    async def _started_with(self, imports: tuple[str, ...]) -> WarmRepl:
        self._started += 1
        return await WarmRepl.start(self._spec, imports)


async def _try_tactics(
    body: Body, hole: int, tactics: Sequence[str], results: list[TacticResult], worker: WarmRepl, timeout: float
) -> Failure | None:
    """Go on where `results` end; a tactic that gets no answer says why, and is the last."""
    deadline = time.monotonic() + timeout
    opened = await worker.open(body, timeout)
    if isinstance(opened, Failure):
        return opened
    states, left = _states(opened), tactics[len(results) :]
    if not 0 <= hole < len(states):
        results.extend(_unanswered(left, f"there is no goal at hole {hole}: Lean sees {len(states)} holes"))
        return None
    tried: list[TacticResult] = []
    for tactic in left:
        answer = await worker.step(states[hole], tactic, deadline - time.monotonic())
        if isinstance(answer, Failure):
            results.extend((*tried, *_unanswered([tactic], answer.reason)))
            return answer
        tried.append(answer)
    failure = await worker.confirm(deadline - time.monotonic())
    results.extend(tried if failure is None else ())
    return failure


def _unanswered(tactics: Iterable[str], reason: str) -> tuple[TacticResult, ...]:
    return tuple(TacticResult(tactic=tactic, closed=False, reason=reason) for tactic in tactics)


def _states(output: ReplOutput) -> list[int]:
    """The proof state of each hole in order; where one stands for several goals, that of the first."""
    first: dict[Position, int] = {}
    for hole, state in zip(output.holes, output.hole_states, strict=True):
        if state is not None:
            first.setdefault(hole.start, state)
    return [first[place] for place in sorted(first, key=lambda p: (p.line, p.column))]


def _result(
    text: str, body: Body, answer: ReplOutput | Failure, identity: CheckerIdentity, *, goals: bool
) -> CheckResult:
    if isinstance(answer, Failure):
        return CheckResult(status=answer.status, checker=identity, reason=answer.reason)
    diagnostics = tuple(_placed(d, body) for d in answer.diagnostics)
    holes = _holes(text, [h for h in answer.holes if h.start.line], body, goals=goals)
    warnings = [d for d in diagnostics if is_sorry_warning(d)]
    if warnings and not holes:  # one that is hidden: `sorryAx`, or what a macro makes of another word
        located = tuple(hole for hole, _ in probe(text).sites)
        holes = located or tuple(Hole(start=w.start, end=w.end or w.start) for w in warnings)
    failed = any(d.severity is Severity.ERROR for d in diagnostics)
    status = CheckStatus.ERRORS if failed else CheckStatus.HOLES if holes else CheckStatus.OK
    return CheckResult(status=status, diagnostics=diagnostics, holes=holes, checker=identity)


def _holes(text: str, found: Iterable[Hole], body: Body, *, goals: bool) -> tuple[Hole, ...]:
    """A hole for each place, with its first goal."""
    first: dict[Position, Hole] = {}
    for hole in found:
        start, end = body.place(hole.start), body.place(hole.end)
        first.setdefault(start, Hole(start=start, end=end, goal=hole.goal if goals else None))
    return tuple(first[place] for place in sorted(first, key=lambda p: (p.line, p.column)))


def _placed(diagnostic: Diagnostic, body: Body) -> Diagnostic:
    end = diagnostic.end and body.place(diagnostic.end)
    return diagnostic.model_copy(update={"start": body.place(diagnostic.start), "end": end})
