"""The one interface between Lemmata and whatever checks Lean text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

from lemmata.domain import CheckerIdentity, CheckResult, CheckStatus, Diagnostic, Model


class Checker(Protocol):
    """Checks Lean text. Its result is data; it raises only `InfrastructureError` when it is broken itself."""

    @property
    def identity(self) -> CheckerIdentity:
        """Who speaks."""
        ...

    async def check(self, text: str, timeout: float, *, goals: bool = False) -> CheckResult:
        """Run one check of a whole text.

        Args:
            text: a complete Lean file.
            timeout: wall-clock limit in seconds; past it the status is `timeout` and the process is gone.
            goals: also ask for the goal at every hole (`Hole.goal`). Diagnostics are those of `text` itself either way.

        Cancelling it ends the check and its processes.
        """
        ...

    async def aclose(self) -> None:
        """Release what it holds; after it no process of the checker is left."""
        ...


class TacticResult(Model):
    """What one tactic did in a hole's state."""

    tactic: str
    closed: bool
    """Whether no goal is left, nothing was left open and the kernel took it, as far as the backend can tell.

    Never a verdict: what closed is tried once more in its whole text.
    """
    goals: tuple[str, ...] = ()
    """The goals that remain."""
    diagnostics: tuple[Diagnostic, ...] = ()
    """Their positions say nothing."""
    reason: str | None = None
    """Why there is no answer (time-out, crash), in words."""


class TacticRun(Model):
    """What some tactics did in one hole's state."""

    status: CheckStatus
    """`ok`, or the first reason why a tactic has no answer."""
    results: tuple[TacticResult, ...]
    seconds: float


@runtime_checkable
class RunsTactics(Protocol):
    """A checker that can run tactics in the state of a hole: one elaboration of the text, many tactics."""

    async def run_tactics(
        self, text: str, hole: int, tactics: Sequence[str], timeout: float
    ) -> tuple[TacticResult, ...]:
        """Try each tactic by itself in the state of the `hole`-th `sorry` (from 0) of a whole text.

        Args:
            text: a complete Lean file with at least `hole + 1` holes.
            hole: which.
            tactics: each a tactic, or a sequence in parentheses.
            timeout: wall-clock limit in seconds of everything together; what was not reached says so.

        Raises:
            InfrastructureError: the checker is broken.
        """
        ...


class UsedConstants(Model):
    """The constants that the tactic proofs of a text use."""

    status: CheckStatus = CheckStatus.OK
    names: tuple[str, ...]
    """Sorted; empty where there is no verdict."""
    seconds: float


@runtime_checkable
class NamesConstants(Protocol):
    """A checker that can tell which constants the tactics of a text used."""

    async def used_constants(self, text: str, timeout: float) -> tuple[str, ...]:
        """The constants that the tactic proofs of a whole text use, sorted; empty where there is no verdict."""
        ...


class Workbench(Protocol):
    """What an agent or a tool may ask of Lean while it thinks.

    Every call is recorded, counted and served again after a kill.
    Calls of one step must be made in the same order every time (deterministic code), else a resumed run cannot
    recognise them. `LimitReached` may be raised by any call; let it pass.
    """

    async def check(self, text: str, *, goals: bool = False, timeout: float | None = None) -> CheckResult:
        """Check a whole text; see `Checker.check`. `timeout` in seconds only lowers the configured one."""
        ...


@runtime_checkable
class TacticBench(Workbench, Protocol):
    """A workbench that passes on what a checker can do with tactics."""

    async def run_tactics(
        self, text: str, hole: int, tactics: Sequence[str], *, timeout: float | None = None
    ) -> tuple[TacticResult, ...] | None:
        """Try tactics in a hole; see `RunsTactics`. None where the checker cannot."""
        ...
