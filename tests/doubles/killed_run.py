"""A run that is killed at one event: killed_run.py FILE RUNS EVENT before|after

`before`: when the event is about to be written; `after`: as soon as it is on disk. EVENT 0 never kills.
"""

import asyncio
import os
import signal
import sys
import time
from pathlib import Path

from lemmata.api import Session
from lemmata.configs.loader import load_config
from lemmata.lean_env.target import read_target
from lemmata.testing import hasty_team


def main() -> None:
    file, runs, at, when = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
    appended = 0

    def die() -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    def clock() -> float:
        nonlocal appended
        appended += 1
        if when == "before" and appended == at:
            die()
        return time.time()

    def listen(event) -> None:
        if when == "after" and event.seq == at:
            die()

    async def run() -> None:
        config = load_config(flags={"runs": runs, "checker": "embedded"}, environment={})
        async with Session(config, team=hasty_team(), clock=clock) as session:
            await session.prove(read_target(file), on_event=listen)

    asyncio.run(run())


main()
