"""How many Lean processes this machine can hold at once."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Final

MATHLIB_MB: Final = 6500
"""Peak resident memory of a process that imports all of Mathlib, in MiB."""
PLAIN_MB: Final = 1024
"""The same of one that imports little, in MiB, generously."""
_MEMORY: Final = Path("/proc/meminfo")
_CGROUPS: Final = (Path("/sys/fs/cgroup/memory.max"), Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"))


def process_mb(imports: Iterable[str]) -> int:
    """MiB that a Lean process needs for a file with these imports."""
    return MATHLIB_MB if any(name.partition(".")[0] == "Mathlib" for name in imports) else PLAIN_MB


def default_slots(mb: int = PLAIN_MB) -> int:
    """How many processes of `mb` MiB go side by side: as many as there are cores, while memory lasts; at least one."""
    memory = memory_mb()
    return max(1, min(os.cpu_count() or 1, memory // mb if memory else 1))


def memory_mb() -> int:
    """MiB of memory that are free for use here, within the limit of a container; 0 where nothing tells."""
    told = [*_available(_MEMORY), *(limit for file in _CGROUPS for limit in _limit(file))]
    return min(told, default=0)


def _available(file: Path) -> Iterable[int]:
    for line in _lines(file):
        if line.startswith("MemAvailable:"):
            yield int(line.split()[1]) >> 10


def _limit(file: Path) -> Iterable[int]:
    for line in _lines(file):
        if line.isdecimal():
            yield int(line) >> 20


def _lines(file: Path) -> list[str]:
    try:
        return file.read_text(encoding="ascii").splitlines()
    except (OSError, ValueError):
        return []
