"""What a process and those that it started take of the machine, and whether that is too much.

Limits of the kernel hold for one process each; what a whole tree takes is looked at from outside, where /proc is there.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple

PROCESSES: Final = 64
"""How many processes one check may be at once. Lean itself is one."""
TASKS: Final = 1024
"""How many threads they may have together. Lean takes one a processor and some more."""
FOLDER_MB: Final = 2048
"""MiB that one check may have in its folder."""
FOLDER_FILES: Final = 1_000
"""Files and folders that one check may have in its folder."""
_MEMORY: Final = ("RssAnon:", "RssShmem:", "VmPTE:")


@dataclass(frozen=True)
class Allowance:
    """What a tree of processes may take."""

    memory_mb: int | None = None
    """MiB of memory, anonymous or shared, and resident, and of page tables, which alone can be gigabytes; mapped files,
    which Lean has many of, do not count. None for no limit: it is trusted, and its processes and threads do not count
    either."""
    folder: Path | None = None
    """The folder that it may write to; None where it is not its own, and not looked at."""
    folder_mb: int = FOLDER_MB
    """MiB on the disk that may be in it."""

    def excess(self, pid: int) -> str | None:
        """What a process and its descendants take too much of, in words; None where all is well or cannot be seen."""
        taken = None if self.memory_mb is None else _overtaken(pid, self.memory_mb)
        return _overfull(self.folder, self.folder_mb) if taken is None and self.folder is not None else taken


def _overtaken(pid: int, most_mb: int) -> str | None:
    """What the processes take too much of."""
    memory_kb = tasks = 0
    for processes, each in enumerate(_tree(pid), 1):
        took = _taken(each)
        memory_kb, tasks = memory_kb + took.memory_kb, tasks + took.tasks
        if memory_kb > most_mb << 10:
            return f"it used more memory than the {most_mb} MiB that it may"
        if processes > PROCESSES:
            return f"it started more processes than the {PROCESSES} that it may"
        if tasks > TASKS:
            return f"it started more threads than the {TASKS} that it may"
    return None


def _tree(pid: int) -> Iterator[int]:
    yield pid
    with suppress(OSError):
        for children in Path(f"/proc/{pid}/task").glob("*/children"):
            for child in children.read_text(encoding="ascii").split():
                yield from _tree(int(child))


class _Taken(NamedTuple):
    memory_kb: int = 0
    tasks: int = 0


def _taken(pid: int) -> _Taken:
    """What one process takes; nothing where it is gone."""
    with suppress(OSError):
        lines = (line.split() for line in Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines())
        about = {line[0]: line[1] for line in lines if len(line) > 1}
        return _Taken(sum(int(about.get(kind, 0)) for kind in _MEMORY), int(about.get("Threads:", 0)))
    return _Taken()


def _overfull(folder: Path, most_mb: int) -> str | None:
    """Whether there is too much in a folder. Looking stops at the limits, so that it stays cheap."""
    size = 0
    for count, entry in enumerate(_entries(folder), 1):
        with suppress(OSError):  # gone meanwhile
            size += entry.stat(follow_symlinks=False).st_blocks * 512
        if size > most_mb << 20:
            return f"it wrote more than the {most_mb} MiB that it may"
        if count > FOLDER_FILES:
            return f"it made more than the {FOLDER_FILES} files that it may"
    return None


def _entries(folder: str | Path) -> Iterator[os.DirEntry[str]]:
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            yield entry
            if entry.is_dir(follow_symlinks=False):
                yield from _entries(entry.path)
