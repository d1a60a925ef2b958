import asyncio
import json
import os
import select
import signal
import subprocess
import sys
import textwrap
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from lemmata.errors import InfrastructureError, MissingError
from lemmata.lean_env.process import FILE_LIMIT, RESERVED, Finished, run

DOUBLES = Path(__file__).resolve().parent.parent / "doubles"


async def run_double(name: str, *words: str, timeout: float = 20, **limits: int) -> Finished:
    argv = [sys.executable, "-I", "-S", str(DOUBLES / f"{name}.py"), *words]
    return await run(argv, cwd=DOUBLES, env={"PATH": os.environ["PATH"]}, timeout=timeout, **limits)  # type: ignore[arg-type]


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


@pytest.fixture
def mailbox(tmp_path: Path) -> Path:
    """A named pipe in which a double leaves its process id."""
    path = tmp_path / "mailbox"
    os.mkfifo(path)
    return path


@asynccontextmanager
async def letters(mailbox: Path) -> AsyncIterator[asyncio.StreamReader]:
    reader = asyncio.StreamReader()
    file = os.fdopen(os.open(mailbox, os.O_RDWR | os.O_NONBLOCK), "rb", 0)
    protocol = asyncio.StreamReaderProtocol(reader)
    transport, _ = await asyncio.get_running_loop().connect_read_pipe(lambda: protocol, file)
    try:
        async with asyncio.timeout(20):
            yield reader
    finally:
        transport.close()


async def test_it_gives_back_what_was_written_and_the_exit_code() -> None:
    script = "import sys; print('α ⊢ β'); print('wrong', file=sys.stderr); sys.exit(3)"
    done = await run([sys.executable, "-I", "-c", script], cwd=DOUBLES, env={"PYTHONUTF8": "1"}, timeout=20)
    assert (done.returncode, done.stdout, done.stderr) == (3, "α ⊢ β\n", "wrong\n")
    assert (done.timed_out, done.out_of_memory, done.truncated) == (False, False, False)
    assert 0 < done.seconds < 20


async def test_the_child_is_limited_and_gets_only_what_it_was_given() -> None:
    argv = [sys.executable, "-I", "-S", str(DOUBLES / "reports.py"), "a b", "", "ü", "--json"]
    env = {"ONLY": "this"}
    done = await run(argv, cwd=DOUBLES, env=env, timeout=20, memory_mb=512, stdin=b"some input")
    seen = json.loads(done.stdout)
    assert seen["core"] == [0, 0]
    assert seen["file"] == [FILE_LIMIT] * 2
    assert seen["memory"] == [(512 << 20) + RESERVED] * 2
    assert seen["environment"].items() >= env.items()
    assert set(seen["environment"]) <= {"ONLY", "LC_CTYPE"}  # Python itself sets the latter
    assert Path(seen["folder"]) == DOUBLES
    assert seen["input"] == "some input"
    assert seen["leads"]
    assert seen["arguments"] == ["a b", "", "ü", "--json"]
    assert len(seen["descriptors"]) == 4, "the three standard ones and the listing's own"


async def test_without_a_memory_limit_there_is_no_limit() -> None:
    done = await run_double("reports")
    assert json.loads(done.stdout)["memory"] == [-1, -1]
    assert json.loads(done.stdout)["file"] == [-1, -1], "something trusted may write what it needs"
    assert json.loads(done.stdout)["input"] == ""


async def test_a_process_that_is_deaf_to_sigterm_ends_at_its_time_limit(mailbox: Path) -> None:
    async with letters(mailbox) as inbox:
        done = await run_double("hangs", str(mailbox), timeout=1)
        pid = int(await inbox.readline())
    assert (done.timed_out, done.returncode, done.stdout) == (True, None, "alive\n")
    assert 1 <= done.seconds < 10
    assert is_gone(pid, 0)


@pytest.mark.parametrize("then", ["hang", "end"])
async def test_a_grandchild_that_holds_the_pipes_is_killed_with_its_parent(then: str) -> None:
    done = await run_double("forks", then, timeout=1 if then == "hang" else 20)
    assert done.timed_out == (then == "hang")
    assert is_gone(int(done.stdout))


async def test_a_grandchild_that_left_the_session_does_not_hold_up_the_answer() -> None:
    done = await run_double("forks", "end", "away")
    pid = int(done.stdout)
    try:
        assert done.returncode == 0
        assert done.seconds < 10
    finally:
        os.kill(pid, signal.SIGKILL)


async def test_a_flood_on_both_outputs_is_drained_and_cut() -> None:
    done = await run_double("floods", stdout_limit=1000, stderr_limit=10)
    assert (done.returncode, done.stdout, done.stderr, done.truncated) == (7, "x" * 1000, "x" * 10, True)


async def test_only_the_standard_output_counts_as_truncated() -> None:
    done = await run_double("floods", stdout_limit=64 << 20, stderr_limit=10)
    assert not done.truncated
    assert done.stdout.endswith("xdone")


async def test_a_death_in_the_middle_of_a_line_keeps_what_was_written() -> None:
    done = await run_double("tears")
    assert (done.returncode, done.stdout) == (-signal.SIGSEGV, '{"severity":"error","data":"\ufffd')


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="memory is looked at in /proc")
async def test_a_process_that_swells_is_killed() -> None:
    done = await run_double("swells", memory_mb=200)
    assert (done.out_of_memory, done.returncode, done.timed_out) == (True, None, False)
    assert done.excess == "it used more memory than the 200 MiB that it may"


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="processes are looked at in /proc")
async def test_a_process_that_multiplies_is_killed_with_its_children() -> None:
    done = await run_double("escapes", "multiply", memory_mb=4000)
    assert (done.out_of_memory, done.returncode, done.timed_out) == (True, None, False)
    assert done.excess is not None
    assert "processes" in done.excess


async def test_cancellation_kills_and_waits(mailbox: Path) -> None:
    async with letters(mailbox) as inbox, asyncio.TaskGroup() as group:
        task = group.create_task(run_double("hangs", str(mailbox)))
        pid = int(await inbox.readline())
        task.cancel()
    assert task.cancelled()
    assert is_gone(pid, 0)


PAIR = """
import os, signal
if os.fork() == 0:
    os.write(os.open("pipe", os.O_WRONLY), b"alive")
signal.pause()
"""


async def test_cancelled_while_it_starts_it_is_killed_with_its_child(tmp_path: Path) -> None:
    """Both run, but their caller has had few turns since it started them, or none."""
    os.mkfifo(tmp_path / "pipe")
    argv = [sys.executable, "-I", "-S", "-c", PAIR]
    ran = 0
    with os.fdopen(os.open(tmp_path / "pipe", os.O_RDONLY | os.O_NONBLOCK), "rb", 0) as pipe:
        for turns in range(40):
            async with asyncio.TaskGroup() as group:
                task = group.create_task(run(argv, cwd=tmp_path, env={}, timeout=20))
                for _ in range(turns):
                    await asyncio.sleep(0)
                runs = bool(select.select([pipe], [], [], 0.2)[0])
                task.cancel()
            heard = runs
            while heard and pipe.read(9):
                heard = bool(select.select([pipe], [], [], 10)[0])
            assert heard == runs, "something still holds the other end"
            if (ran := ran + runs) == 3:
                break
    assert ran == 3


async def test_a_limit_from_outside_kills_too(mailbox: Path) -> None:
    async with letters(mailbox) as inbox:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(1):
                await run_double("hangs", str(mailbox))
        assert is_gone(int(await inbox.readline()), 0)


async def test_nothing_is_left_when_the_parent_is_killed(mailbox: Path) -> None:
    script = f"""
        import asyncio, sys
        from pathlib import Path
        from lemmata.lean_env.process import run
        argv = [sys.executable, {str(DOUBLES / "hangs.py")!r}, {str(mailbox)!r}]
        asyncio.run(run(argv, cwd=Path("/"), env={{}}, timeout=60))
    """
    async with letters(mailbox) as inbox:
        with subprocess.Popen([sys.executable, "-c", textwrap.dedent(script)]) as parent:  # noqa: ASYNC220
            try:
                pid = int(await inbox.readline())
            finally:
                parent.kill()
    assert is_gone(pid)


async def test_a_program_that_is_not_there_is_named(tmp_path: Path) -> None:
    for name in ("no-such-program", str(tmp_path / "libleanshared.so")):
        with pytest.raises(MissingError, match=Path(name).name):
            await run([name], cwd=tmp_path, env={"PATH": "/usr/bin"}, timeout=5)


async def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(InfrastructureError, match=f"in {tmp_path / 'none'}: No such file"):
        await run([sys.executable], cwd=tmp_path / "none", env={}, timeout=5)


async def test_a_large_input_that_is_not_read_holds_nothing_up(tmp_path: Path) -> None:
    done = await run(["true"], cwd=tmp_path, env={"PATH": "/usr/bin:/bin"}, timeout=20, stdin=b"x" * (1 << 22))
    assert (done.returncode, done.timed_out) == (0, False)
    script = "import sys; print(len(sys.stdin.read()))"
    done = await run([sys.executable, "-c", script], cwd=tmp_path, env={}, timeout=20, stdin=b"x" * (1 << 22))
    assert done.stdout == f"{1 << 22}\n"


async def test_what_cannot_be_started_or_loaded_is_an_exit_code(tmp_path: Path) -> None:
    garbage = tmp_path / "tool"
    garbage.write_bytes(b"\x7fELF garbage")
    garbage.chmod(0o755)
    done = await run([garbage], cwd=tmp_path, env={}, timeout=20)
    assert done.returncode == 1
    assert "cannot start" in done.stderr
    library = tmp_path / "libleanshared.so"
    library.write_bytes(b"garbage")
    done = await run([library], cwd=tmp_path, env={}, timeout=20)
    assert done.returncode == 1
    assert "cannot load" in done.stderr


async def test_many_at_once_do_not_mix(tmp_path: Path) -> None:
    async with asyncio.TaskGroup() as group:
        script = "import sys; print(sys.stdin.read())"
        tasks = [
            group.create_task(
                run([sys.executable, "-I", "-S", "-c", script], cwd=tmp_path, env={}, timeout=20, stdin=b"%d" % n)
            )
            for n in range(8)
        ]
    assert [t.result().stdout for t in tasks] == [f"{n}\n" for n in range(8)]
