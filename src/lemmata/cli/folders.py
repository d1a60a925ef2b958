"""What can be told of a folder before it is used: whether it can be written to, whether another process has it."""

from __future__ import annotations

import fcntl
import os
import tempfile
from pathlib import Path

from lemmata.store import EVENTS, Run


def nearest(folder: Path) -> Path:
    """A folder, or the nearest one around it that is there."""
    folder = folder.absolute()
    return next(p for p in (folder, *folder.parents) if os.access(p, os.F_OK))


def writable(folder: Path) -> bool:
    """Whether a folder can be written to, or made. It is tried, with a nameless file: permissions can lie."""
    try:
        with tempfile.TemporaryFile(dir=nearest(folder)):
            return True
    except OSError:
        return False


def held(run: Run) -> bool:
    """Whether a process works on a run at this moment; asked by its lock, which is let go at once."""
    try:
        with run.path(EVENTS).open("rb") as log:
            fcntl.flock(log, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    return False
