"""How many Lean processes this machine can hold at once, by what they import."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import Final

from lemmata.lean_env.pool import PROCESS_MB, machine_memory_mb

PLAIN_MB: Final = 1024
"""What a process that imports little takes at its peak, in MiB, generously."""


def process_mb(imports: Iterable[str]) -> int:
    """MiB that a Lean process needs for a file with these imports; much of it is files that others share."""
    return PROCESS_MB if any(name.partition(".")[0] == "Mathlib" for name in imports) else PLAIN_MB


def default_slots(mb: int = PLAIN_MB) -> int:
    """How many processes of `mb` MiB go side by side: as many as there are cores, while memory lasts; at least one."""
    return max(1, min(os.cpu_count() or 1, machine_memory_mb() // mb))
