"""Exit codes: what each outcome, verdict and error comes to. Pure tables; `docs/contract.md` shows them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import IntEnum
from typing import TYPE_CHECKING, Final

from lemmata.errors import InfrastructureError, LemmataError, UsageError

if TYPE_CHECKING:
    from lemmata.domain import Level, RunStatus, Verdict


class Exit(IntEnum):
    """Exit codes of the command line."""

    PROVED = 0
    """Found or accepted, `certified` or better; for commands that look for no proof: done."""
    NOT_FOUND = 1
    """Not found within the budget; `verify`: refused; `premises search`: nothing fits."""
    USAGE = 2
    """The user's mistake: the call, the problem, the challenge, a setting, a run."""
    FOUND = 3
    """Found or accepted, vouched for below `certified`."""
    REFUTED = 4
    """Refuted; the level says by what."""
    INFRASTRUCTURE = 5
    """Something outside failed or is missing."""
    BUG = 70
    """A defect of lemmata; the traceback is on stderr."""
    INTERRUPTED = 130
    """Interrupted; the state is saved."""


class Interrupted(LemmataError):
    """The user stopped the command."""


_RUNS: Final[Mapping[str, Exit]] = {
    "found": Exit.FOUND,
    "refuted": Exit.REFUTED,
    "not_found": Exit.NOT_FOUND,
    "interrupted": Exit.INTERRUPTED,
    "failed": Exit.INFRASTRUCTURE,
}
_VERDICTS: Final[Mapping[str, Exit]] = {
    "accepted": Exit.FOUND,
    "refused": Exit.NOT_FOUND,
    "timeout": Exit.NOT_FOUND,
    "crashed": Exit.NOT_FOUND,
    "unsupported": Exit.INFRASTRUCTURE,
}
_WORST_FIRST: Final = (
    Exit.INTERRUPTED,
    Exit.BUG,
    Exit.INFRASTRUCTURE,
    Exit.USAGE,
    Exit.NOT_FOUND,
    Exit.REFUTED,
    Exit.FOUND,
    Exit.PROVED,
)


def of_run(status: RunStatus, level: Level | None) -> Exit:
    """The code for a run that ended."""
    return _strengthened(_RUNS[status], level)


def of_verdict(verdict: Verdict) -> Exit:
    """The code for one verified file."""
    return _strengthened(_VERDICTS[verdict.status], verdict.level)


def of_error(error: LemmataError) -> Exit:
    """The code for an error that ends a command."""
    match error:
        case UsageError():
            return Exit.USAGE
        case InfrastructureError():
            return Exit.INFRASTRUCTURE
        case Interrupted():
            return Exit.INTERRUPTED
        case _:
            return Exit.BUG


def worst(codes: Iterable[Exit]) -> Exit:
    """The code of a command that did several things."""
    return min(codes, key=_WORST_FIRST.index, default=Exit.PROVED)


def _strengthened(code: Exit, level: Level | None) -> Exit:
    return Exit.PROVED if code is Exit.FOUND and level is not None and level.proved else code
