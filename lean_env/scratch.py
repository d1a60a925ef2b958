"""Folders for one check or one compilation: gone when it ends, and swept up later where a kill left one behind."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from pathlib import Path
from typing import Final

_PREFIX: Final = "lemmata-"
_STALE_SECONDS: Final = 24 * 3600.0
"""Nothing that runs holds a folder so long. A shorter wait would have to know the processes of other containers."""


def scratch(root: Path | None = None) -> tempfile.TemporaryDirectory[str]:
    """A new folder of this process, removed with all in it where the context ends; by default among temporary files."""
    prefix = f"{_PREFIX}{os.getpid()}-"
    # What was just killed may still be writing there.
    return tempfile.TemporaryDirectory(prefix=prefix, dir=root, ignore_cleanup_errors=True)


def sweep(root: Path | None = None, *, now: float | None = None) -> int:
    """Remove this user's folders that are a day old and whose process is gone; how many there were."""
    root = root or Path(tempfile.gettempdir())
    limit = (time.time() if now is None else now) - _STALE_SECONDS
    swept = 0
    for folder in root.glob(f"{_PREFIX}*-*"):
        owner = folder.name.split("-")[1]
        try:
            about = folder.lstat()
        except FileNotFoundError:  # its own process was faster
            continue
        stale = about.st_uid == os.getuid() and about.st_mtime < limit and owner.isdecimal() and not _lives(int(owner))
        if stale and folder.is_dir() and not folder.is_symlink():
            shutil.rmtree(folder, ignore_errors=True)
            swept += 1
    return swept


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
