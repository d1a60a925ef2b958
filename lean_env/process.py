"""Child processes with bounds: time, memory, output, files; gone with all their children when the call ends."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import sys
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final, Protocol

from lemmata.errors import InfrastructureError, MissingError
from lemmata.lean_env.pipes import PipeEnd, drain, fill
from lemmata.lean_env.watch import Allowance

STDOUT_LIMIT: Final = 16 << 20
STDERR_LIMIT: Final = 64 << 10
FILE_LIMIT: Final = 1 << 30
"""Bytes of the largest file that a child may write."""
RESERVED: Final = 16 << 30
"""Bytes of address space that Lean reserves and does not use (a gigabyte of stack a thread, its library's files)."""
LAUNCHER: Final = Path(__file__).resolve().with_name("launcher.py")
_WATCH_SECONDS: Final = 0.05
_DRAIN_SECONDS: Final = 1.0


class Confinement(Protocol):
    """Keeps a program away from what is not its business; see `sandbox`."""

    @property
    def name(self) -> str:
        """`bubblewrap` or `landlock`."""
        ...

    def reading(self, folders: Sequence[Path]) -> Confinement:
        """The same, with more folders (or files) to be read."""
        ...

    def wrap(self, argv: Sequence[str], cwd: Path, memory: int) -> list[str]:
        """The command that runs `argv` confined and limited (see `limited`), and lets it write to `cwd` only."""
        ...


@dataclass(frozen=True)
class Finished:
    """How a child process ended and what it wrote."""

    returncode: int | None
    """Negative: the signal that killed it. None: it was killed here, for its time or its memory."""
    stdout: str
    stderr: str
    timed_out: bool
    out_of_memory: bool
    """Whether it was killed for what it took: memory, processes, room on the disk; `excess` says which."""
    truncated: bool
    """Whether it wrote more to its standard output than was kept."""
    seconds: float
    """Wall-clock seconds from its input (for `run`: its start) to its end."""
    excess: str | None = None
    """What it took too much of, in words."""


async def run(
    argv: Sequence[str | os.PathLike[str]],
    *,
    cwd: Path,
    env: Mapping[str, str],
    timeout: float,
    memory_mb: int | None = None,
    stdout_limit: int = STDOUT_LIMIT,
    stderr_limit: int = STDERR_LIMIT,
    stdin: bytes = b"",
    confinement: Confinement | None = None,
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
            address space is limited to 16 GiB more, which holds without looking). How many processes and threads it is
            and, where it is confined, how much it writes is looked at as well; see `watch`. None for something trusted
            that may need more: there is none of these limits.
        stdout_limit: bytes of its standard output that are kept.
        stderr_limit: bytes of its standard error that are kept.
        stdin: what it reads; nothing by default.
        confinement: what keeps it away from the rest of the machine, if anything.

    Raises:
        MissingError: there is no such program.
        InfrastructureError: no process can be started.
    """
    async with start(
        argv,
        cwd=cwd,
        env=env,
        memory_mb=memory_mb,
        stdout_limit=stdout_limit,
        stderr_limit=stderr_limit,
        confinement=confinement,
    ) as child:
        child.send(stdin)
        return await child.finish(timeout)


@asynccontextmanager
async def start(
    argv: Sequence[str | os.PathLike[str]],
    *,
    cwd: Path,
    env: Mapping[str, str],
    memory_mb: int | None = None,
    stdout_limit: int = STDOUT_LIMIT,
    stderr_limit: int = STDERR_LIMIT,
    confinement: Confinement | None = None,
) -> AsyncIterator[Child]:
    """A program that runs ahead of its input; see `run`. On leaving it is killed with its group, if it still lives."""
    out, err = _Sink(stdout_limit), _Sink(stderr_limit)
    async with AsyncExitStack() as stack:
        stdout, stderr = await drain(stack, out), await drain(stack, err)
        source, writer = await fill(stack)
        process = await launch(
            argv,
            cwd=cwd,
            env=env,
            stdin=source,
            stdout=stdout,
            stderr=stderr,
            memory_mb=memory_mb,
            confinement=confinement,
        )
        for ours in (source, stdout, stderr):
            ours.close()
        folder = None if confinement is None else cwd
        child = Child(process, writer, out, err, Allowance(memory_mb=memory_mb, folder=folder))
        try:
            yield child
        finally:
            await child.kill()


async def launch(
    argv: Sequence[str | os.PathLike[str]],
    *,
    cwd: Path,
    env: Mapping[str, str],
    stdin: IO[bytes] | int,
    stdout: IO[bytes] | int,
    stderr: IO[bytes] | int,
    memory_mb: int | None = None,
    confinement: Confinement | None = None,
) -> asyncio.subprocess.Process:
    """Start a program in a session of its own, under its limits; it dies with this process. See `run`.

    The caller ends it with `kill_group`, waits for it and watches its memory (`watched`).
    """
    words = [os.fspath(a) for a in argv]
    if not _is_there(words[0], env):
        raise MissingError(f"there is no program {words[0]}")
    memory = (memory_mb << 20) + RESERVED if memory_mb else 0
    command = limited(words, memory) if confinement is None else confinement.wrap(words, cwd, memory)
    starting = asyncio.ensure_future(
        asyncio.create_subprocess_exec(
            *command, cwd=cwd, env=env, stdin=stdin, stdout=stdout, stderr=stderr, start_new_session=True
        )
    )
    try:
        return await asyncio.shield(starting)
    except asyncio.CancelledError:
        # It may have started something itself by now, which is ended with its group only.
        with suppress(OSError):
            process = await starting
            kill_group(process.pid)
            await process.wait()
        raise
    except OSError as error:
        raise InfrastructureError(f"cannot start {argv[0]} in {cwd}: {error.strerror}") from error


def limited(
    argv: Sequence[str],
    memory: int,
    *,
    parent: int | None = None,
    tasks: int = 0,
    calls: bool = True,
    reads: Sequence[Path] = (),
    python: str = sys.executable,
) -> list[str]:
    """The command that runs `argv` within its limits; see `launcher`.

    Args:
        argv: the program and its arguments, or a library of Lean and the arguments of its `lean_main`.
        memory: bytes of address space, 0 for no limit, then neither of the size of files, unless calls are forbidden.
        parent: the process that it dies with, by default this one; 0 for none.
        tasks: how many processes and threads its user may have at once, 0 for no limit.
        calls: whether it may make all system calls, also those that reach around the limits, and keeps its privileges.
        reads: where Landlock lets it read, its own folder aside; nothing for no Landlock around programs.
        python: the interpreter that runs the launcher.
    """
    size = FILE_LIMIT if memory or not calls else 0
    limits = [str(x) for x in (os.getpid() if parent is None else parent, memory, size, tasks, int(not calls))]
    return [python, "-I", "-S", "-E", str(LAUNCHER), *limits, os.pathsep.join(map(str, reads)), *argv]


def _is_there(program: str, env: Mapping[str, str]) -> bool:
    return Path(program).is_file() if program.endswith(".so") else bool(shutil.which(program, path=env.get("PATH")))


class Child:
    """A started process. It is sent its input once and then waited for."""

    def __init__(
        self,
        process: asyncio.subprocess.Process,
        writer: asyncio.WriteTransport,
        out: _Sink,
        err: _Sink,
        allowance: Allowance,
    ) -> None:
        self._process, self._writer, self._out, self._err = process, writer, out, err
        self._allowance = allowance
        self._sent = time.monotonic()

    @property
    def alive(self) -> bool:
        """Whether it has not ended yet, as far as is known."""
        return self._process.returncode is None

    def send(self, data: bytes) -> None:
        """Give it its whole input. Its time counts from here."""
        self._sent = time.monotonic()
        self._writer.write(data)
        self._writer.close()  # once everything is written

    async def finish(self, timeout: float) -> Finished:
        """Wait for its end, or for the first limit. `timeout` in seconds from its input on."""
        timed_out, excess = False, None
        try:
            async with asyncio.timeout(self._sent + timeout - time.monotonic()):
                excess = await watched(self._process, self._allowance)
        except TimeoutError:
            timed_out = True
        seconds = time.monotonic() - self._sent
        await self.kill()
        # A grandchild that left the process group may hold the pipes open: the wait has an end.
        await asyncio.wait({self._out.closed, self._err.closed}, timeout=_DRAIN_SECONDS)
        return Finished(
            returncode=None if timed_out or excess else self._process.returncode,
            stdout=self._out.text,
            stderr=self._err.text,
            timed_out=timed_out,
            out_of_memory=excess is not None,
            truncated=self._out.truncated,
            seconds=seconds,
            excess=excess,
        )

    async def kill(self) -> None:
        """Kill its whole group and wait for its own end."""
        kill_group(self._process.pid)
        await self._process.wait()


class _Sink(PipeEnd):
    """Keeps the first `limit` bytes and drops the others, so that the writer never blocks."""

    def __init__(self, limit: int) -> None:
        super().__init__()
        self._limit, self._kept, self.truncated = limit, bytearray(), False

    def data_received(self, data: bytes) -> None:
        room = self._limit - len(self._kept)
        self._kept += data[:room]
        self.truncated |= len(data) > room

    @property
    def text(self) -> str:
        return self._kept.decode(errors="replace")


async def watched(process: asyncio.subprocess.Process, allowance: Allowance) -> str | None:
    """Wait for the end of a process; what it was killed for, with its group, if it took too much of something."""
    async with asyncio.TaskGroup() as group:
        watch = group.create_task(_excess(process.pid, allowance))
        await process.wait()
        watch.cancel()
    return None if watch.cancelled() else watch.result()


async def _excess(pid: int, allowance: Allowance) -> str:
    """Kill a process, and return, once it has taken too much."""
    while (excess := allowance.excess(pid)) is None:  # noqa: ASYNC110 - nothing tells of memory
        await asyncio.sleep(_WATCH_SECONDS)
    kill_group(pid)
    return excess


def kill_group(pid: int, number: signal.Signals = signal.SIGKILL) -> None:
    """Kill what is left of the process group that `pid` led, or send it another signal.

    The number cannot belong to another group while a member lives, and it is used right after the leader's end.
    """
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, number)
