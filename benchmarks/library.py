"""How fast compiled modules are read: the way through a large library to what is imported, and what is read of it.

The embedded Lean compiles a module of 1,000 theorems; 1,000 links to it stand for a library. Exits 1 where going
through them takes two seconds or more, or fewer than 2 MB of constants are decoded in a second.
"""

import asyncio
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from lemmata.lean_env import process
from lemmata.lean_env.embedded import prepare
from lemmata.lean_env.library import Library
from lemmata.lean_env.toolchain import Toolchain

T = TypeVar("T")
THEOREMS = MODULES = 1000
SLOWEST = 2.0
"""Seconds for the way through the library."""
LEAST = 2.0
"""Megabytes of constants decoded in a second."""
TEXT = "theorem big_{i} (a b c : Nat) (h : a + {i} = b) : b + c = c + (a + {i}) := by rw [← h, Nat.add_comm]\n"


async def compile_module(lean: Toolchain, folder: Path) -> Path:
    """A module of so many theorems."""
    (folder / "Big.lean").write_text("".join(TEXT.format(i=i) for i in range(THEOREMS)), encoding="utf-8")
    argv = [lean.program, "--root=.", "-o", "Big.olean", "Big.lean"]
    done = await process.run(argv, cwd=folder, env=lean.environment, timeout=300)
    if done.returncode != 0:
        sys.exit(f"Lean failed: {done.stdout or done.stderr}")
    return folder / "Big.olean"


def timed(what: Callable[[], T]) -> tuple[T, float]:
    """What it answers, and the processor's seconds that it took."""
    start = time.process_time()
    return what(), time.process_time() - start


def main() -> int:
    """Print the table."""
    lean = asyncio.run(prepare())
    with tempfile.TemporaryDirectory() as room:
        folder = Path(room)
        big = asyncio.run(compile_module(lean, folder))
        for i in range(MODULES):
            os.link(big, folder / f"Copy{i}.olean")
        library = Library([folder, *lean.folders])
        roots = [(f"Copy{i}",) for i in range(MODULES)]
        modules, through = timed(lambda: library.closure(roots))
        one, mb = modules[roots[0]], big.stat().st_size / 1e6
        print(f"{len(modules):,} modules, {library.closure_bytes(roots) / 1e9:.1f} GB: gone through in {through:.2f} s")
        names, seconds = timed(lambda: one.names)
        print(f"names of {len(names):,} constants ({mb:.1f} MB): {seconds:.3f} s")
        _, seconds = timed(lambda: [one.mentions(name) for name in names])
        print(f"what they mention: {seconds:.2f} s, {mb / seconds:.1f} MB/s")
        _, seconds = timed(lambda: [one[name] for name in names])
        print(f"decoded: {seconds:.2f} s, {mb / seconds:.1f} MB/s")
    return int(through >= SLOWEST or mb / seconds < LEAST)


if __name__ == "__main__":
    sys.exit(main())
