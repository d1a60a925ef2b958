"""Kill a run at many events, resume it, and compare with the run that nobody killed.

    python benchmarks/soak.py [KILLS] [SEED]      by default 100 kills, half before and half after an event is written

Prints a line a kill and `N passed, N failed`. Takes some seconds a kill.
"""

import asyncio
import random
import subprocess
import sys
import tempfile
from pathlib import Path

from lemmata.api import Session
from lemmata.configs.loader import load_config
from lemmata.store import Run, Store
from lemmata.testing import hasty_team

ROOT = Path(__file__).resolve().parent.parent
EXAMPLE = ROOT / "examples" / "even_or_odd.lean"


def killed(runs: Path, at: int, when: str) -> Run:
    """The run as a process left it that was killed at an event (0: never)."""
    program = ROOT / "tests" / "doubles" / "killed_run.py"
    subprocess.run([sys.executable, program, EXAMPLE, runs, str(at), when], check=False, timeout=300)
    return Store(runs).find(Store(runs).list()[0].run)


async def fault(whole: Run, runs: Path, at: int, when: str) -> str | None:
    """What is wrong with a run that was killed and resumed, or None."""
    run = killed(runs, at, when)
    before = list(run.events())
    if run.result is not None:
        return "it was not killed"
    config = load_config(flags={"runs": runs, "lean.cache": False}, environment={})
    async with Session(config, team=hasty_team()) as session:
        result = await session.resume(run.id)
    assert whole.result is not None
    if (result.status, result.proof) != (whole.result.status, whole.result.proof):
        return f"another result: {result.status}"
    after = list(run.events())[len(before) :]
    done = {e.key for e in before if e.kind == "call_finished"}
    if done & {e.key for e in after if e.kind == "call_started"}:
        return "a finished call was made again"
    finished = [e.key for e in (*before, *after) if e.kind == "call_finished"]
    return "a call was finished twice" if len(set(finished)) < len(finished) else None


async def main(kills: int, seed: int) -> int:
    chance = random.Random(seed)
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        whole = killed(Path(folder, "whole"), 0, "after")
        count = len(list(whole.events()))
        for number in range(kills):
            at, when = chance.randrange(2, count), ("before", "after")[number % 2]
            wrong = await fault(whole, Path(folder, str(number)), at, when)
            failed += wrong is not None
            print(f"{number + 1:4} killed {when} event {at} of {count}: {wrong or 'same result'}", flush=True)
    print(f"{kills - failed} passed, {failed} failed")
    return int(failed > 0)


if __name__ == "__main__":
    arguments = [int(a) for a in sys.argv[1:]]
    sys.exit(asyncio.run(main(*arguments, *(100, 20)[len(arguments) :])))
