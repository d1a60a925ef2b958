"""Lemmata: an agentic decompose-and-repair theorem prover for Lean 4 that says what vouches for every proof.

Nothing is imported before it is asked for: `import lemmata` costs nothing.
"""

from __future__ import annotations

from importlib import import_module

from lemmata._version import __version__

TYPE_CHECKING = False  # as `typing` has it, which takes as long to import as all that is needed here
if TYPE_CHECKING:
    from lemmata.api import Session, aprove, prove, verify
    from lemmata.configs.loader import load_config
    from lemmata.configs.schema import Config
    from lemmata.domain import Level, Problem, RunStatus, Usage, Verdict, VerifyStatus
    from lemmata.errors import (
        ConfigError,
        InfrastructureError,
        LemmataError,
        MissingError,
        RunError,
        SourceError,
        UsageError,
    )
    from lemmata.events import Event
    from lemmata.lean_env.target import read_target, statement_problem
    from lemmata.store import RunResult

__all__ = [
    "Config",
    "ConfigError",
    "Event",
    "InfrastructureError",
    "LemmataError",
    "Level",
    "MissingError",
    "Problem",
    "RunError",
    "RunResult",
    "RunStatus",
    "Session",
    "SourceError",
    "Usage",
    "UsageError",
    "Verdict",
    "VerifyStatus",
    "__version__",
    "aprove",
    "load_config",
    "prove",
    "read_target",
    "statement_problem",
    "verify",
]

_HOMES = {
    "lemmata.api": ("Session", "aprove", "prove", "verify"),
    "lemmata.configs.loader": ("load_config",),
    "lemmata.configs.schema": ("Config",),
    "lemmata.domain": ("Level", "Problem", "RunStatus", "Usage", "Verdict", "VerifyStatus"),
    "lemmata.errors": (
        "ConfigError",
        "InfrastructureError",
        "LemmataError",
        "MissingError",
        "RunError",
        "SourceError",
        "UsageError",
    ),
    "lemmata.events": ("Event",),
    "lemmata.lean_env.target": ("read_target", "statement_problem"),
    "lemmata.store": ("RunResult",),
}


def __getattr__(name: str) -> object:
    for module, names in _HOMES.items():
        if name in names:
            value: object = getattr(import_module(module), name)
            globals()[name] = value
            return value
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
