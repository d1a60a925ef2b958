"""The theorems of examples/core: what `lemmata prove` makes of each, how fast, and with how many checks.

    python benchmarks/core.py [NAME...]      NAME: part of a file's name; by default all 40

Prints a table and its sums. Exit code 1 if a false one was found, a true one refuted, or fewer than 25 of the true
ones were found in under 20 s each.
"""

import asyncio
import statistics
import sys
import tempfile
import time
from pathlib import Path

from lemmata.api import Session
from lemmata.configs.loader import load_config
from lemmata.domain import RunStatus
from lemmata.events import CallFinished
from lemmata.lean_env.target import read_target
from lemmata.store import Run

EXAMPLES = Path(__file__).resolve().parent.parent / "examples" / "core"
SECONDS = 20.0
ENOUGH = 25


async def main(parts: list[str]) -> int:
    files = [f for f in sorted(EXAMPLES.glob("*.lean")) if not parts or any(p in f.name for p in parts)]
    good = wrong = 0
    checks: list[float] = []
    print("| theorem | outcome | level | s | checks | nodes | how |\n|---|---|---|---:|---:|---:|---|")
    with tempfile.TemporaryDirectory() as runs:
        for file in files:
            flags = {"runs": runs, "checker": "embedded", "budget.seconds": 3 * SECONDS, "lean.cache": False}
            config = load_config(flags=flags, environment={})
            began = time.monotonic()
            async with Session(config) as session:
                result = await session.prove(read_target(str(file)))
            seconds = time.monotonic() - began
            true = file.name.startswith("true")
            wrong += result.status is (RunStatus.REFUTED if true else RunStatus.FOUND)
            good += true and result.found and seconds < SECONDS
            checks += [
                e.result["seconds"]
                for e in Run(Path(result.folder)).events()
                if isinstance(e, CallFinished) and "holes" in e.result
            ]
            row = (file.stem, result.status, result.level or "", f"{seconds:.1f}", result.usage.checks)
            print("|", " | ".join(map(str, (*row, len(result.blueprint), result.reason[:60]))), "|", flush=True)
    print(f"\ntrue ones found in under {SECONDS:g} s: {good}; wrong answers: {wrong}")
    print(f"checks: {len(checks)}, median {statistics.median(checks) * 1000:.0f} ms")
    return int(bool(wrong) or (not parts and good < ENOUGH))


if __name__ == "__main__":
    sys.exit(asyncio.run(main(sys.argv[1:])))
