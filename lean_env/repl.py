"""One process of the Lean REPL: what it is asked, one line of JSON at a time, and what it answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from lemmata.domain import CheckerIdentity
from lemmata.lean_env.process import Confinement

MEMORY_MB: Final = 4096
WORKER_USES: Final = 200


@dataclass(frozen=True)
class ReplSpec:
    """How a REPL is started, and what it is."""

    program: tuple[str, ...]
    """The REPL's own program (not `lake env repl`) and its arguments."""
    environment: Mapping[str, str]
    """Its whole environment, as `lake env` gives it; paths in it are absolute: it runs in a folder of its own.

    `LEAN_SYSROOT` should be among them, else every request starts a `lean` that is asked for it.
    """
    identity: CheckerIdentity
    """Who speaks: name `repl`, level `checked`; its `options` are set in every worker."""
    memory_mb: int | None = MEMORY_MB
    """What one worker may use of memory of its own, in MiB."""
    worker_uses: int = WORKER_USES
    """Requests after which a worker is replaced: it never frees what it was told."""
    confinement: Confinement | None = None
    """What keeps it away from the rest of the machine, if anything."""
