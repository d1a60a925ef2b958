"""The one interface between Lemmata and whatever checks Lean text."""

from __future__ import annotations

from typing import Protocol

from lemmata.domain import CheckerIdentity, CheckResult


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


class Workbench(Protocol):
    """What an agent or a tool may ask of Lean while it thinks.

    Every call is recorded, counted and served again after a kill.
    Calls of one step must be made in the same order every time (deterministic code), else a resumed run cannot
    recognise them. `LimitReached` may be raised by any call; let it pass.
    """

    async def check(self, text: str, *, goals: bool = False, timeout: float | None = None) -> CheckResult:
        """Check a whole text; see `Checker.check`. `timeout` in seconds only lowers the configured one."""
        ...
