"""Child processes with bounds: time, memory, output, files; gone with all their children when the call ends."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from lemmata.errors import MissingError

STDOUT_LIMIT: Final = 16 << 20
STDERR_LIMIT: Final = 64 << 10
FILE_LIMIT: Final = 1 << 30
"""Bytes of the largest file that a child may write."""
RESERVED: Final = 16 << 30
"""Bytes of address space that Lean reserves and does not use (a gigabyte of stack a thread, its library's files)."""
_LAUNCHER: Final = Path(__file__).with_name("launcher.py")
_WATCH_SECONDS: Final = 0.05
_DRAIN_SECONDS: Final = 1.0


@dataclass(frozen=True)
class Finished:
    """How a child process ended and what it wrote."""

    returncode: int | None
    """Negative: the signal that killed it. None: it was killed here, for its time or its memory."""
    stdout: str
    stderr: str
    timed_out: bool
    out_of_memory: bool
    truncated: bool
    """Whether it wrote more to its standard output than was kept."""
    seconds: float
    """Wall-clock seconds from its start to its end."""


async def run(
    argv: Sequence[str | os.PathLike[str]],
    *,
    cwd: Path,
    env: Mapping[str, str],
    timeout: float,
    memory_mb: int | None = None,
    stdout_limit: int = STDOUT_LIMIT,
    stderr_limit: int = STDERR_LIMIT,
    stdin: bytes | None = None,
) -> Finished:
    """Run a program to its end, or to the first limit that it meets.

    It leads a session of its own, whose whole process group is killed when the call ends: after its exit, at a limit,
    on cancellation. It is also killed when this process dies. What it writes beyond the limits is read and dropped,
    so it never waits for a reader.

    Args:
        argv: the program and its arguments; a path that ends in `.so` is a library of Lean whose `lean_main` is called.
        cwd: the folder it runs in.
        env: its whole environment.
        timeout: wall-clock limit in seconds.
        memory_mb: limit of its own memory in MiB (anonymous and resident, looked at every 50 ms where /proc is there;
            address space is limited to 16 GiB more, which holds without looking). None for no limit.
        stdout_limit: bytes of its standard output that are kept.
        stderr_limit: bytes of its standard error that are kept.
        stdin: what it reads; nothing by default.

    Raises:
        MissingError: there is no such program.
    """
    command = _command([os.fspath(a) for a in argv], env, memory_mb)
    out, err = _Sink(stdout_limit), _Sink(stderr_limit)
    started = time.monotonic()
    timed_out = out_of_memory = False
    async with _drained(out) as stdout, _drained(err) as stderr:
        with _input(stdin) as source:
            process = await asyncio.create_subprocess_exec(
                *command, cwd=cwd, env=env, stdin=source, stdout=stdout, stderr=stderr, start_new_session=True
            )
        try:
            stdout.close()
            stderr.close()
            async with asyncio.timeout(timeout):
                out_of_memory = await _watched(process, memory_mb)
        except TimeoutError:
            timed_out = True
        finally:
            _kill_group(process.pid)
            await process.wait()
    return Finished(
        returncode=None if timed_out or out_of_memory else process.returncode,
        stdout=out.text,
        stderr=err.text,
        timed_out=timed_out,
        out_of_memory=out_of_memory,
        truncated=out.truncated,
        seconds=time.monotonic() - started,
    )


def _command(argv: list[str], env: Mapping[str, str], memory_mb: int | None) -> list[str]:
    if not (Path(argv[0]).is_file() if argv[0].endswith(".so") else shutil.which(argv[0], path=env.get("PATH"))):
        raise MissingError(f"there is no program {argv[0]}")
    memory = (memory_mb << 20) + RESERVED if memory_mb else 0
    limits = [str(x) for x in (os.getpid(), memory, FILE_LIMIT)]
    return [sys.executable, "-I", "-S", "-E", str(_LAUNCHER), *limits, *argv]


class _Sink(asyncio.Protocol):
    """Keeps the first `limit` bytes and drops the others, so that the writer never blocks."""

    def __init__(self, limit: int) -> None:
        self._limit, self._kept, self.truncated = limit, bytearray(), False
        self.closed = asyncio.get_running_loop().create_future()

    def data_received(self, data: bytes) -> None:
        room = self._limit - len(self._kept)
        self._kept += data[:room]
        self.truncated |= len(data) > room

    def connection_lost(self, exc: Exception | None) -> None:
        self.closed.set_result(None)

    @property
    def text(self) -> str:
        return self._kept.decode(errors="replace")


@asynccontextmanager
async def _drained(sink: _Sink) -> AsyncIterator[IO[bytes]]:
    """The writing end of a pipe into `sink`. At the end what is still in the pipe is read, for a bounded time."""
    read, write = os.pipe()
    with os.fdopen(write, "wb", 0) as writer:
        transport, _ = await asyncio.get_running_loop().connect_read_pipe(lambda: sink, os.fdopen(read, "rb", 0))
        try:
            yield writer
            # A child that left the process group may hold the pipe open: the wait has an end.
            await asyncio.wait({sink.closed}, timeout=_DRAIN_SECONDS)
        finally:
            transport.close()
            await sink.closed


@contextmanager
def _input(data: bytes | None) -> Iterator[IO[bytes] | int]:
    """A file to read from: unlike a pipe it needs no writer beside the run."""
    if data is None:
        yield asyncio.subprocess.DEVNULL
        return
    with tempfile.TemporaryFile() as file:
        file.write(data)
        file.seek(0)
        yield file


async def _watched(process: asyncio.subprocess.Process, memory_mb: int | None) -> bool:
    """Wait for the end of a process; true if it was killed for its memory."""
    async with asyncio.TaskGroup() as group:
        watch = group.create_task(_outgrown(process.pid, memory_mb))
        await process.wait()
        watch.cancel()
    return not watch.cancelled()


async def _outgrown(pid: int, memory_mb: int | None) -> None:
    """Kill a process, and return, once its memory has passed the limit."""
    while memory_mb is None or _memory_kb(pid) <= memory_mb << 10:  # noqa: ASYNC110 - nothing tells of memory
        await asyncio.sleep(_WATCH_SECONDS)
    _kill_group(pid)


def _memory_kb(pid: int) -> int:
    """KiB of anonymous resident memory: mapped files, which Lean has many of, do not count. 0 where /proc is not."""
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines():
            if line.startswith("RssAnon:"):
                return int(line.split()[1])
    return 0


def _kill_group(pid: int) -> None:
    """Kill what is left of the process group that `pid` led.

    The number cannot belong to another group while a member lives, and it is used right after the leader's end.
    """
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)
