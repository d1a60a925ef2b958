"""A checker over warm REPLs: each has imports loaded once, and every text is checked on top of them."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Final

from lemmata.domain import CheckerIdentity, CheckResult
from lemmata.lean_env.checker import TacticResult
from lemmata.lean_env.repl import ReplSpec

QUEUE: Final = 1024


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
        self._spec, self._workers, self._slots, self._queue = spec, workers, slots, queue

    @property
    def identity(self) -> CheckerIdentity:
        """Who speaks."""
        return self._spec.identity

    @property
    def sandbox(self) -> str:
        """What its workers run in."""
        return self._spec.confinement.name if self._spec.confinement else "none"

    async def check(self, text: str, timeout: float, *, goals: bool = False) -> CheckResult:
        """Check a whole text; see `Checker.check`."""
        raise NotImplementedError

    async def run_tactics(
        self, text: str, hole: int, tactics: Sequence[str], timeout: float
    ) -> tuple[TacticResult, ...]:
        """Try tactics in the state of a hole; see `RunsTactics.run_tactics`."""
        raise NotImplementedError

    async def used_constants(self, text: str, timeout: float) -> tuple[str, ...]:
        """The constants that the tactic proofs of a text use; see `NamesConstants.used_constants`."""
        raise NotImplementedError

    async def aclose(self) -> None:
        """Take no more texts, wait for those under way, and end all workers."""
