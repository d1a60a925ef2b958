"""Exceptions: the user's mistakes, broken infrastructure, limits as control flow. A rejected proof is none of them.

LemmataError
├── UsageError            the user's mistake: exit 2, one message, no traceback
│   ├── SourceError       a Lean file or target that cannot be used (file, line, what was expected)
│   ├── ConfigError       an unknown or impossible setting
│   └── RunError          a run folder that is corrupt, foreign, held by another process, or not there
├── InfrastructureError   something outside is broken: exit 5
│   └── MissingError      something optional is not here; says what it is for and how to get it
└── LimitReached          a budget's limit was met: caught at a graph's step and turned into an outcome
"""

from __future__ import annotations


class LemmataError(Exception):
    """Root of all errors of this package. `str()` of it is one message for people."""


class UsageError(LemmataError):
    """The user asked for something that cannot be done; the message says what was expected."""


class SourceError(UsageError):
    """A Lean text or target that cannot be used."""

    def __init__(self, message: str, *, file: str | None = None, line: int | None = None) -> None:
        self.message, self.file, self.line = message, file, line
        where = ":".join(str(x) for x in (file, line) if x is not None)
        super().__init__(f"{where}: {message}" if where else message)

    def __reduce__(self) -> tuple[object, ...]:
        return _source_error, (self.message, self.file, self.line)


def _source_error(message: str, file: str | None, line: int | None) -> SourceError:
    return SourceError(message, file=file, line=line)


class ConfigError(UsageError):
    """An unknown or impossible setting."""


class RunError(UsageError):
    """A run folder that cannot be used."""


class InfrastructureError(LemmataError):
    """Something outside this package is broken."""


class MissingError(InfrastructureError):
    """Something optional is not here; the message says what it is for and how to get it."""


class LimitReached(LemmataError):
    """A limit of the budget was met. Control flow only: a graph's step turns it into an outcome."""

    def __init__(self, limit: str, allowed: float, scope: str = "run") -> None:
        self.limit, self.allowed, self.scope = limit, allowed, scope
        super().__init__(f"the {scope}'s budget of {allowed:g} {limit.replace('_', ' ')} is used up")

    def __reduce__(self) -> tuple[object, ...]:
        return LimitReached, (self.limit, self.allowed, self.scope)
