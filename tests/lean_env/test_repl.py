import asyncio
import json
import os
import re
import select
import sys
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lemmata.domain import CheckerIdentity, CheckStatus, Level
from lemmata.errors import MissingError
from lemmata.lean_env.messages import BackendError, ReplOutput
from lemmata.lean_env.repl import (
    GRACE_SECONDS,
    REPLY_LIMIT,
    STDERR_LIMIT,
    Failure,
    ReplSpec,
    ReplWorker,
    command,
    encode,
    tactic_step,
)

DOUBLE = Path(__file__).resolve().parent.parent / "doubles" / "repl.py"
IDENTITY = CheckerIdentity(name="repl", level=Level.CHECKED)
TRUE = "theorem t : True := trivial"

Start = Callable[..., AbstractAsyncContextManager[ReplWorker]]


def spec(memory_mb: int | None = None, **variables: str) -> ReplSpec:
    environment = {"PATH": os.environ["PATH"], **variables}
    program = (sys.executable, "-I", "-S", str(DOUBLE))
    return ReplSpec(program, environment, IDENTITY, memory_mb=memory_mb)


@asynccontextmanager
async def started(memory_mb: int | None = None, **variables: str) -> AsyncIterator[ReplWorker]:
    """A worker that has its environment 0."""
    worker = await ReplWorker.start(spec(memory_mb, **variables))
    try:
        first = await worker.request(command("import A"), 20)
        assert isinstance(first, ReplOutput)
        assert first.env == 0
        yield worker
    finally:
        await worker.aclose()


async def told(worker: ReplWorker, text: str, timeout: float = 20) -> ReplOutput | BackendError | Failure:
    return await worker.request(command(text, 0), timeout)


def is_gone(pid: int, within: float = 10) -> bool:
    """Whether a process, not our own child, has ended or does so in some seconds."""
    try:
        handle = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([handle], [], [], within)[0])
    finally:
        os.close(handle)


def logged_pid(log: Path) -> int:
    return int(next(line for line in log.read_text(encoding="utf-8").splitlines() if line.isdecimal()))


# --- what is sent


def test_requests_have_the_fields_of_the_protocol() -> None:
    assert command("import A") == {"cmd": "import A"}
    assert command("x", 0, all_tactics=True) == {"cmd": "x", "env": 0, "allTactics": True}
    assert tactic_step("simp", 3) == {"tactic": "simp", "proofState": 3}


@given(st.text(st.characters(exclude_categories=["Cs"])))
@settings(deadline=None, max_examples=300)
def test_a_request_is_one_physical_line_and_one_blank_line(text: str) -> None:
    data = encode(command(text, 1))
    assert data.endswith(b"}\n\n")
    assert data.count(b"\n") == 2
    assert b"\r" not in data
    assert json.loads(data) == {"cmd": text, "env": 1}


async def test_a_text_arrives_as_it_is(tmp_path: Path) -> None:
    text = 'by\nsorry\r\n\n\n -- \u2028\x85\x00\t\\" ∀ 𝔸\n'
    async with started(LOG=str(tmp_path / "log")) as worker:
        assert isinstance(await told(worker, text), ReplOutput)
    seen = (tmp_path / "log").read_text(encoding="utf-8").split("\n")[1]
    assert json.loads(seen) == {"cmd": text, "env": 0}


async def test_what_is_no_text_is_not_sent() -> None:
    async with started() as worker:
        with pytest.raises(UnicodeEncodeError):
            await told(worker, "\ud800")
        assert isinstance(await told(worker, TRUE), ReplOutput)


# --- what comes back


async def test_answers_come_in_turn_and_in_several_lines() -> None:
    async with started() as worker:
        first = await told(worker, "theorem t : 1 = 1 := by\n  sorry\n")
        assert isinstance(first, ReplOutput)
        assert (first.env, [h.start.line for h in first.holes], first.hole_states) == (1, [2], (0,))
        second = await worker.request(tactic_step("rfl", 0), 20)
        assert isinstance(second, ReplOutput)
        assert (second.proof_status, second.goals, second.proof_state) == ("Completed", (), 1)
        assert worker.usable


async def test_that_the_repl_refuses_is_an_answer() -> None:
    async with started() as worker:
        assert await worker.request(command("x", 7), 20) == BackendError(message="Unknown environment.")
        assert await worker.request(tactic_step("x", 0), 20) == BackendError(message="Unknown proof state.")
        assert worker.usable


@pytest.mark.parametrize(
    ("order", "reason"),
    [
        ("reply {}", "not an answer of the REPL: {}"),
        ("reply []", r"not an answer of the REPL: '\[\]'"),
        ('reply {"env": "0"}', "env: Input should be a valid integer"),
        ('reply {"message": 3}', "not an answer"),
        ('reply {"a": ' + "[" * 5000 + "}", "not an answer"),
        ("reply Processing state", "not an answer of the REPL: 'Processing state'"),
        ("raw garbage", "not an answer of the REPL: 'garbage{"),
        ('after {"env": 9}', 'what no request asked for: \'{"env": 9}'),
        (f"long {REPLY_LIMIT + 100}", "longer than the 16 MiB"),
        ("half", "killed by SIGKILL"),
        ("die 11", "killed by SIGSEGV"),
        ("exit 3", "exit code 3$"),
        ("exit 139", "killed by SIGSEGV$"),
        ("exit 250", "exit code 250$"),
    ],
)
async def test_what_is_no_answer_ends_the_worker(order: str, reason: str) -> None:
    async with started() as worker:
        answer = await told(worker, f"-- do: {order}")
        assert isinstance(answer, Failure)
        assert answer.status is CheckStatus.CRASHED
        assert re.search(reason, answer.reason), answer.reason
        assert not worker.usable


async def test_the_last_words_of_a_process_are_told_and_only_those() -> None:
    async with started() as worker:
        answer = await told(worker, "-- do: flood 10485760\n-- do: exit 7")
        assert isinstance(answer, Failure)
        assert answer.reason == "it ended with exit code 7: " + "x" * 500


async def test_ten_megabytes_on_stderr_hold_nothing_up_and_are_not_kept() -> None:
    async with started() as worker:
        assert isinstance(await told(worker, "-- do: flood 10485760"), ReplOutput)
        assert isinstance(await told(worker, TRUE), ReplOutput)
        assert len(worker.last_words) <= STDERR_LIMIT


async def test_a_request_that_the_repl_cannot_read_is_its_end() -> None:
    async with started() as worker:
        answer = await worker.request({"cmd": 1}, 20)
        assert isinstance(answer, Failure)
        assert "Could not parse as a valid JSON command" in answer.reason


async def test_what_no_request_asked_for_is_noticed_while_nobody_waits(tmp_path: Path) -> None:
    os.mkfifo(gate := tmp_path / "gate")
    async with started(GATE=str(gate), LOG=str(tmp_path / "log")) as worker:
        assert isinstance(await told(worker, '-- do: later {"env": 9}'), ReplOutput)
        assert worker.usable
        await asyncio.to_thread(gate.write_bytes, b"")
        assert is_gone(logged_pid(tmp_path / "log"))
        async with asyncio.timeout(20):
            while worker.usable:  # noqa: ASYNC110 - nothing tells of it, and it takes no time
                await asyncio.sleep(0)


# --- its end


async def test_a_hang_ends_at_the_time_limit(tmp_path: Path) -> None:
    async with started(LOG=str(tmp_path / "log")) as worker:
        answer = await told(worker, "-- do: log\n-- do: hang", timeout=0.3)
        assert answer == Failure(status=CheckStatus.TIMEOUT, reason="no answer within 0.3 s")
        assert is_gone(logged_pid(tmp_path / "log"), 0)
        assert not worker.usable


async def test_one_that_is_deaf_to_sigterm_is_killed(tmp_path: Path) -> None:
    async with started(LOG=str(tmp_path / "log")) as worker:
        began = asyncio.get_running_loop().time()
        answer = await told(worker, "-- do: log\n-- do: deaf", timeout=0.3)
        assert isinstance(answer, Failure)
        assert asyncio.get_running_loop().time() - began >= GRACE_SECONDS
        assert is_gone(logged_pid(tmp_path / "log"), 0)


async def test_cancellation_ends_it(tmp_path: Path) -> None:
    os.mkfifo(log := tmp_path / "log")
    async with started() as worker:
        pass
    async with asyncio.TaskGroup() as group:
        worker = await ReplWorker.start(spec(LOG=str(log)))
        task = group.create_task(worker.request(command("import Hang"), 60))
        assert json.loads(await asyncio.to_thread(log.read_text)) == {"cmd": "import Hang"}
        assert worker.usable
        task.cancel()
    assert task.cancelled()
    assert not worker.usable


async def test_an_answer_that_is_only_late_may_still_come() -> None:
    worker = await ReplWorker.start(spec())
    try:
        worker.post(command("import Slow.N400"))
        assert await worker.reply(0.05) is None
        assert worker.usable
        assert await worker.reply(20) == ReplOutput(env=0)
    finally:
        await worker.aclose()


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="memory is looked at in /proc")
async def test_one_that_swells_is_killed() -> None:
    async with started(memory_mb=200) as worker:
        answer = await told(worker, "-- do: swell")
        assert isinstance(answer, Failure)
        assert (answer.status, answer.reason) == (
            CheckStatus.CRASHED,
            "it used more memory than the 200 MiB that it may",
        )


async def test_its_children_end_with_it(tmp_path: Path) -> None:
    os.mkfifo(gate := tmp_path / "gate")
    async with started(GATE=str(gate), LOG=str(tmp_path / "log")) as worker:
        assert isinstance(await told(worker, "-- do: later x"), ReplOutput)
    assert is_gone(logged_pid(tmp_path / "log"))


async def test_nothing_is_left_of_many_workers() -> None:
    def left() -> tuple[int, int, int]:
        folders = len([*Path(tempfile.gettempdir()).glob(f"lemmata-{os.getpid()}-*")])
        return len([*Path("/proc/self/fd").iterdir()]), len(asyncio.all_tasks()), folders

    async with started():
        pass
    before = left()
    for order in ("", "-- do: half", "-- do: raw x", "-- do: hang"):
        async with started() as worker:
            await told(worker, order, 0.3)
            await worker.aclose()  # twice does no harm
    assert left() == before


async def test_a_program_that_is_not_there_is_named() -> None:
    with pytest.raises(MissingError, match="no-such-program"):
        await ReplWorker.start(ReplSpec(("no-such-program",), {}, IDENTITY))
