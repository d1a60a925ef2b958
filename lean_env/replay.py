"""Every declaration of a compiled module once more through the kernel, in a process of its own with limits.

The library is trusted as it stands. `unsafe` and `partial` code is left out, as in Lean's own replay: what depends on
it fails.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import Final

from lemmata.domain import Model
from lemmata.lean_env import process

MEMORY_MB: Final = 4096
"""MiB of memory that the process may use."""


class ReplayStatus(StrEnum):
    """How a replay ended."""

    OK = "ok"
    """The kernel took every declaration."""
    REFUSED = "refused"
    TIMEOUT = "timeout"
    CRASHED = "crashed"


class Replay(Model):
    """What the kernel said of a module."""

    status: ReplayStatus
    checked: int = 0
    """How many constants the module has, without `unsafe` and `partial` ones."""
    reason: str | None = None
    """What is wrong, in words, if anything is."""


async def replay(module: bytes, native: Path, folders: Sequence[Path], timeout: float) -> Replay:
    """Replay a module in a process of its own, with limits on wall-clock seconds and memory.

    Args:
        module: the bytes of the `.olean` file.
        native: Lean's `libleanshared.so`.
        folders: where the library's compiled modules are.
        timeout: wall-clock limit in seconds.

    Cancelling it ends the process.
    """
    finished = await process.run(
        [sys.executable, "-P", "-m", "lemmata.lean_env.replay_program", native, *folders],
        cwd=native.parent,
        env=os.environ | {"LEAN_ABORT_ON_PANIC": "1"},
        timeout=timeout,
        memory_mb=MEMORY_MB,
        stdin=module,
    )
    if finished.timed_out:
        return Replay(status=ReplayStatus.TIMEOUT, reason=f"no answer in {timeout:g} s")
    if finished.out_of_memory:
        return Replay(status=ReplayStatus.CRASHED, reason=f"over {MEMORY_MB} MiB of memory")
    try:
        said = json.loads(finished.stdout)
        checked, reason = int(said["checked"]), said["reason"]
    except (ValueError, KeyError, TypeError):
        return Replay(status=ReplayStatus.CRASHED, reason=f"its process died (exit {finished.returncode})")
    status = ReplayStatus.OK if reason is None else ReplayStatus.REFUSED
    return Replay(status=status, checked=checked, reason=reason)
