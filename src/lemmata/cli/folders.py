"""Whether a folder can be written to, told before anything is."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path


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
