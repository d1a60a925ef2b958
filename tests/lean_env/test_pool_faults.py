"""What befalls a worker, and that nothing is lost by it: the right outcome, and the next text is served."""

import asyncio
import os
import select
import signal
import subprocess
import sys
import textwrap
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from lemmata.domain import CheckerIdentity, CheckStatus, Level
from lemmata.lean_env.pool import ReplPool
from lemmata.lean_env.repl import ReplSpec
from lemmata.lean_env.sandbox import Bubblewrap, Landlock, Sandbox, find_sandbox, interpreter

DOUBLE = Path(__file__).resolve().parent.parent / "doubles" / "repl.py"
IDENTITY = CheckerIdentity(name="repl", level=Level.CHECKED)
TRUE = "theorem t : True := trivial"


@asynccontextmanager
async def pooled(workers: int = 1, memory_mb: int | None = None, **variables: str) -> AsyncIterator[ReplPool]:
    """A pool that must serve one more text in the end, with no process left behind."""
    environment = {"PATH": os.environ["PATH"], **variables}
    spec = ReplSpec((sys.executable, "-I", "-S", str(DOUBLE)), environment, IDENTITY, memory_mb=memory_mb)
    pool = ReplPool(spec, workers=workers)
    before = children()
    try:
        yield pool
        assert (await pool.check(TRUE, 20)).status is CheckStatus.OK
        assert (pool.stats.working, pool.stats.waiting) == (0, 0)
    finally:
        await pool.aclose()
    assert children() <= before


def children() -> set[str]:
    return {c for task in Path("/proc/self/task").iterdir() for c in (task / "children").read_text("ascii").split()}


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


def mailed_pids(mailbox: int, count: int) -> list[int]:
    """The first so many process ids among the lines that come through a named pipe."""
    mail, found = b"", []
    while len(found) < count:
        assert select.select([mailbox], [], [], 20)[0], "nothing came"
        mail += os.read(mailbox, 1 << 16)
        found = [int(line) for line in mail.split(b"\n")[:-1] if line.isdigit()]
    return found


@pytest.fixture
def mailbox(tmp_path: Path) -> Iterator[tuple[Path, int]]:
    """A named pipe, and what it is read by."""
    os.mkfifo(path := tmp_path / "mailbox")
    handle = os.open(path, os.O_RDWR)
    yield path, handle
    os.close(handle)


def logged_pids(log: Path) -> list[int]:
    return [int(line) for line in log.read_text(encoding="utf-8").splitlines() if line.isdecimal()]


@pytest.mark.parametrize(
    ("order", "reason"),
    [
        ("half", "killed by SIGKILL"),
        ("die 11", "killed by SIGSEGV"),
        ("exit 1", "it ended with exit code 1"),
        ('reply {"message": "Unknown environment."}', "the REPL refused: Unknown environment."),
        ("reply {}", "not an answer of the REPL: {}"),
        ('reply {"messages": []}', "its answer is not one to what it was asked"),
        ('reply {"env": 0}', "its answer is not one to what it was asked"),
        ('reply {"goals": [], "proofState": 0}', "its answer is not one to what it was asked"),
        ("raw Stack overflow", "not an answer of the REPL"),
        ('after {"env": 2}', "it wrote what no request asked for"),
        ('before {"env": 1}', ""),  # by the question that follows, or by the real answer if that is there already
        ("lie", "its answer to a question of ours was not Lean's"),
    ],
)
async def test_what_looks_wrong_is_tried_once_more_and_then_a_crash(order: str, reason: str, tmp_path: Path) -> None:
    async with pooled(ONCE=str(tmp_path / "once"), LOG=str(tmp_path / "log")) as pool:
        result = await pool.check(f"-- do: log\n-- do: {order}", 20)
        assert result.status is CheckStatus.CRASHED
        assert result.reason is not None
        assert result.reason.startswith(reason)
        assert len({*logged_pids(tmp_path / "log")}) == 2
        assert pool.stats.failed == 2
        again = await pool.check(f"-- do: once {order}\n#check x", 20)
        assert [e.text for e in again.errors] == ["Unknown identifier `x`"]
        assert pool.stats.failed == 3


async def test_crashes_in_one_worker_do_not_touch_the_others() -> None:
    async with pooled(3) as pool, asyncio.TaskGroup() as group:
        crashes = [group.create_task(pool.check(f"-- do: half\n-- {n}", 20)) for n in range(6)]
        others = [group.create_task(pool.check(f"#check n{n}", 20)) for n in range(12)]
    assert {t.result().status for t in crashes} == {CheckStatus.CRASHED}
    assert [e.text for t in others for e in t.result().errors] == [f"Unknown identifier `n{n}`" for n in range(12)]


async def test_ten_megabytes_on_stderr() -> None:
    async with pooled() as pool:
        assert (await pool.check(f"-- do: flood 10485760\n{TRUE}", 20)).status is CheckStatus.OK
        assert pool.stats.failed == 0


async def test_a_hang_is_a_timeout_and_not_tried_again(tmp_path: Path) -> None:
    async with pooled(LOG=str(tmp_path / "log")) as pool:
        result = await pool.check("-- do: log\n-- do: hang", 0.5)
        assert result.status is CheckStatus.TIMEOUT
        (pid,) = logged_pids(tmp_path / "log")
        assert is_gone(pid, 0)
        assert pool.stats.idle == 1, "another one gets ready meanwhile"


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="memory is looked at in /proc")
async def test_a_leak_is_a_crash() -> None:
    async with pooled(memory_mb=200) as pool:
        result = await pool.check("-- do: swell", 20)
        assert result.status is CheckStatus.CRASHED
        assert result.reason == "it used more memory than the 200 MiB that it may"


async def test_an_answer_forged_while_nobody_asks(tmp_path: Path) -> None:
    os.mkfifo(gate := tmp_path / "gate")
    async with pooled(GATE=str(gate), LOG=str(tmp_path / "log")) as pool:
        assert (await pool.check('-- do: later {"env": 3}', 20)).status is CheckStatus.OK
        await asyncio.to_thread(gate.write_bytes, b"")
        assert is_gone(logged_pids(tmp_path / "log")[0])
        result = await pool.check("#check x", 20)
        assert [e.text for e in result.errors] == ["Unknown identifier `x`"]
        assert pool.stats.started == 2


async def test_an_answer_forged_while_another_text_is_checked(tmp_path: Path) -> None:
    os.mkfifo(gate := tmp_path / "gate")
    async with pooled(GATE=str(gate), LOG=str(tmp_path / "log")) as pool, asyncio.TaskGroup() as group:
        assert (await pool.check('-- do: later {"env": 3}', 20)).status is CheckStatus.OK
        innocent = group.create_task(pool.check("-- do: sleep 400\n#check x", 20))
        await asyncio.to_thread(gate.write_bytes, b"")
        assert [e.text for e in (await innocent).errors] == ["Unknown identifier `x`"]
        assert pool.stats.failed <= 1


async def test_a_cancelled_caller_takes_the_process_along_and_the_next_one_is_served(mailbox: tuple[Path, int]) -> None:
    path, handle = mailbox
    async with pooled(LOG=str(path)) as pool:
        async with asyncio.TaskGroup() as group:
            task = group.create_task(pool.check("-- do: log\n-- do: hang", 60))
            (pid,) = await asyncio.to_thread(mailed_pids, handle, 1)
            task.cancel()
        assert task.cancelled()
        assert is_gone(pid, 0)
        assert pool.stats.idle == 1
        assert (await pool.check(TRUE, 20)).status is CheckStatus.OK


async def test_whoever_is_cancelled_while_waiting_takes_nothing_along() -> None:
    async with pooled() as pool:
        async with asyncio.TaskGroup() as group:
            working = group.create_task(pool.check(f"-- do: sleep 300\n{TRUE}", 20))
            waiting = [group.create_task(pool.check(TRUE, 20)) for _ in range(3)]
            while pool.stats.waiting < 3:  # noqa: ASYNC110 - it only has to begin
                await asyncio.sleep(0)
            waiting[0].cancel()
            waiting[1].cancel()
        assert working.result().status is CheckStatus.OK
        assert waiting[2].result().status is CheckStatus.OK
        assert pool.stats.started == 1


async def test_many_cancelled_at_any_time_leave_a_pool_that_serves() -> None:
    async def flock(pool: ReplPool, seconds: float) -> None:
        async with asyncio.timeout(seconds), asyncio.TaskGroup() as group:
            for number in range(4):
                group.create_task(pool.check(f"import {'AB'[number % 2]}\n-- do: sleep 5000", 20))

    async with pooled(2) as pool:
        for delay in range(12):
            with pytest.raises(TimeoutError):
                await flock(pool, 0.015 * delay)
        assert pool.stats.idle <= 2


# --- the end of the program itself


def program_of(body: str, environment: dict[str, str], choice: str = "off") -> subprocess.Popen[bytes]:
    """A program with a pool of two workers."""
    script = f"""
        import asyncio, sys
        from pathlib import Path
        from lemmata.domain import CheckerIdentity, Level
        from lemmata.lean_env.pool import ReplPool
        from lemmata.lean_env.repl import ReplSpec
        from lemmata.lean_env.sandbox import find_sandbox, interpreter
        async def main():
            sandbox = await find_sandbox({choice!r})
            identity = CheckerIdentity(name="repl", level=Level.CHECKED)
            argv = (interpreter(), "-I", "-S", {str(DOUBLE)!r})
            confinement = sandbox and sandbox.reading([Path({str(DOUBLE)!r})])
            pool = ReplPool(ReplSpec(argv, {environment!r}, identity, confinement=confinement), workers=2)
            try:
                {body}
            finally:
                await pool.aclose()
        asyncio.run(main())
    """
    argv = [sys.executable, "-c", textwrap.dedent(script)]
    return subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_nothing_is_left_when_the_program_is_interrupted_or_killed(
    number: signal.Signals, mailbox: tuple[Path, int]
) -> None:
    path, handle = mailbox
    one, other = r'"import A\n-- do: log"', r'"import B\n-- do: log\n-- do: hang"'
    with program_of(f"await pool.check({one}, 60); await pool.check({other}, 60)", {"LOG": str(path)}) as program:
        try:
            pids = mailed_pids(handle, 2)
            assert not is_gone(pids[0], 0)
            program.send_signal(number)
            _, errors = program.communicate(timeout=20)
        finally:
            program.kill()
    assert [pid for pid in pids if not is_gone(pid)] == []
    if number is signal.SIGINT:
        assert errors.rstrip().endswith(b"KeyboardInterrupt"), "no warning, nothing unawaited"


async def test_in_bubblewrap_not_even_what_left_its_session_outlives_a_kill() -> None:
    if not isinstance(await find_sandbox(), Bubblewrap):
        pytest.skip("bubblewrap does not work here")
    body = r"""print((await pool.check("-- do: away", 60)).status, flush=True); await pool.check("-- do: hang", 60)"""
    with program_of(body, {}, "required") as program:
        assert program.stdout is not None
        try:
            assert (await asyncio.to_thread(program.stdout.readline)).strip() == b"ok"
            pids = descendants(program.pid)
            assert len(pids) >= 3, "bubblewrap, the REPL and its child at least"
        finally:
            program.kill()
    assert [pid for pid in pids if not is_gone(pid)] == []


def descendants(pid: int) -> list[int]:
    children = [
        int(c) for t in Path(f"/proc/{pid}/task").iterdir() for c in (t / "children").read_text("ascii").split()
    ]
    return children + [d for child in children for d in descendants(child)]


@pytest.mark.parametrize("kind", [Bubblewrap, Landlock])
async def test_workers_in_a_sandbox_are_served_and_ended_like_others(kind: type[Sandbox]) -> None:
    sandbox = await find_sandbox() if kind is Bubblewrap else Landlock()
    if not isinstance(sandbox, kind):
        pytest.skip(f"{kind.name} does not work here")
    spec = ReplSpec(
        (interpreter(), "-I", "-S", str(DOUBLE)), {}, IDENTITY, memory_mb=200, confinement=sandbox.reading([DOUBLE])
    )
    pool, before = ReplPool(spec, workers=2), children()
    try:
        assert pool.sandbox == kind.name
        found = [
            await pool.check(f"-- do: {order}\n#check x", 20) for order in ("log", "half", "swell", "flood 100000")
        ]
        statuses = [CheckStatus.ERRORS, CheckStatus.CRASHED, CheckStatus.CRASHED, CheckStatus.ERRORS]
        assert [r.status for r in found] == statuses
        assert (found[1].reason, found[2].reason) == (
            "killed by SIGKILL",
            "it used more memory than the 200 MiB that it may",
        )
        assert (await pool.check("-- do: deaf", 0.5)).status is CheckStatus.TIMEOUT
    finally:
        await pool.aclose()
    assert children() <= before
