"""A run that was killed, and what `resume` makes of it: the same result, and nothing that was finished done again."""

import random
import subprocess
import sys
from pathlib import Path

import pytest

from lemmata.api import Session
from lemmata.configs.loader import load_config
from lemmata.domain import RunStatus
from lemmata.store import Store
from lemmata.testing import hasty_team, some

HERE = Path(__file__).resolve().parent.parent
EXAMPLE = HERE.parent / "examples" / "even_or_odd.lean"
SEEDED = 5

pytestmark = [pytest.mark.embedded, pytest.mark.slow]


def run_and_kill(runs, at, when):
    """Run the example in a process of its own, killed at an event; its return code."""
    program = HERE / "doubles" / "killed_run.py"
    done = subprocess.run(
        [sys.executable, program, EXAMPLE, runs, str(at), when], capture_output=True, text=True, timeout=120
    )
    assert done.returncode in (0, -9), done.stderr
    return done.returncode


def config(runs):
    return load_config(flags={"runs": runs}, environment={})


@pytest.fixture(scope="module")
def whole(embedded_toolchain, tmp_path_factory):
    """The run that nobody killed."""
    runs = tmp_path_factory.mktemp("runs")
    assert run_and_kill(runs, 0, "after") == 0
    run = Store(runs).find(Store(runs).list()[0].run)
    assert some(run.result).status is RunStatus.FOUND
    return run


def kills(count):
    chosen = random.Random(20).sample(range(count), SEEDED)
    return [(fraction, when) for fraction in chosen for when in ("before", "after")]


@pytest.mark.parametrize(("percent", "when"), kills(100))
async def test_a_killed_run_resumes_to_the_same_result(whole, tmp_path, percent, when):
    events = list(whole.events())
    at = 2 + (len(events) - 2) * percent // 100
    assert run_and_kill(tmp_path, at, when) == -9
    run = Store(tmp_path).find(Store(tmp_path).list()[0].run)
    before = list(run.events())
    assert len(before) == (at - 1 if when == "before" else at)

    async with Session(config(tmp_path), team=hasty_team()) as session:
        result = await session.resume(run.id)

    assert (result.status, result.level, result.proof) == (
        whole.result.status,
        whole.result.level,
        whole.result.proof,
    )
    assert run.result == result
    after = list(run.events())[len(before) :]
    done = {e.key for e in before if e.kind == "call_finished"}
    assert not done & {e.key for e in after if e.kind == "call_started"}
    finished = [e.key for e in (*before, *after) if e.kind == "call_finished"]
    assert len(set(finished)) == len(finished)
    assert {e.key for e in before if e.kind == "call_started"} - done == {
        e.key for e in after if e.kind == "call_lost"
    }


async def test_a_finished_run_resumes_to_its_result(whole):
    count = len(list(whole.events()))
    async with Session(config(whole.folder.parent)) as session:
        assert await session.resume(whole.id) == whole.result
        assert await session.resume(whole.folder) == whole.result
    assert len(list(whole.events())) == count
