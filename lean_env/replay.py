"""Every declaration of a compiled module once more through the kernel, in a process of its own with limits.

The library is trusted as it stands. `unsafe` and `partial` code is left out, as in Lean's own replay: what depends on
it fails.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Final

import lemmata
from lemmata.domain import Model
from lemmata.lean_env import process
from lemmata.lean_env.library import Fingerprint
from lemmata.lean_env.process import Confinement
from lemmata.lean_env.sandbox import interpreter
from lemmata.lean_env.scratch import scratch

MEMORY_MB: Final = 4096
"""MiB of memory that the process may use."""
_PANIC: Final = {"LEAN_ABORT_ON_PANIC": "1"}
_PACKAGES: Final = Path(lemmata.__file__).parent.parent
_ROOM: Final = Path(__file__).resolve().parent
"""Not always a folder in there: where the package is worked on it is a link to this."""


class ReplayStatus(StrEnum):
    """How a replay ended."""

    OK = "ok"
    """The kernel took every declaration."""
    REFUSED = "refused"
    UNSUPPORTED = "unsupported"
    """The kernel of this Lean cannot be called from here."""
    TIMEOUT = "timeout"
    CRASHED = "crashed"


class Replay(Model):
    """What the kernel said of a module."""

    status: ReplayStatus
    checked: int = 0
    """How many constants the module has, without `unsafe` and `partial` ones."""
    reason: str | None = None
    """What is wrong, in words, if anything is."""


async def replay(
    module: bytes | Sequence[bytes],
    native: Path,
    folders: Sequence[Path],
    timeout: float,
    *,
    expected: Mapping[Path, Fingerprint] | None = None,
    confinement: Confinement | None = None,
) -> Replay:
    """Replay a module in a process of its own, with limits on wall-clock seconds and memory.

    Args:
        module: the bytes of the `.olean` file; of a `module` also those of `.olean.server` and `.olean.private`.
        native: Lean's `libleanshared.so`.
        folders: where the library's compiled modules are.
        timeout: wall-clock limit in seconds.
        expected: what the files of the library must be (`Library.fingerprints`); another file is refused. None to
            take them as they are.
        confinement: what keeps the process away from the rest of the machine, if anything.

    Cancelling it ends the process.
    """
    files = [module] if isinstance(module, bytes) else list(module)
    prints = None if expected is None else {str(file): found for file, found in expected.items()}
    request = json.dumps({"sizes": [*map(len, files)], "expected": prints})
    python, env, reads = sys.executable, {**os.environ}, (_PACKAGES, _ROOM, native, *folders)
    if confinement is not None:  # of this Python's packages none but our own is seen there
        python, env = interpreter(), {"PYTHONPATH": str(_PACKAGES)}
    with scratch() as folder:
        finished = await process.run(
            [python, "-P", "-m", "lemmata.lean_env.replay_program", native, *folders],
            cwd=Path(folder),
            env=env | _PANIC,
            timeout=timeout,
            memory_mb=MEMORY_MB,
            stdin=b"".join((request.encode(), b"\n", *files)),
            confinement=confinement and confinement.reading(reads),
        )
    if finished.timed_out:
        return Replay(status=ReplayStatus.TIMEOUT, reason=f"no answer in {timeout:g} s")
    if finished.out_of_memory:
        return Replay(status=ReplayStatus.CRASHED, reason=finished.excess)
    try:
        said = json.loads(finished.stdout)
        checked, reason, supported = int(said["checked"]), said["reason"], said["supported"]
    except (ValueError, KeyError, TypeError):
        return Replay(status=ReplayStatus.CRASHED, reason=f"its process died (exit {finished.returncode})")
    if not supported:
        return Replay(status=ReplayStatus.UNSUPPORTED, reason=reason)
    status = ReplayStatus.OK if reason is None else ReplayStatus.REFUSED
    return Replay(status=status, checked=checked, reason=reason)
