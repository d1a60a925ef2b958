"""Nothing of what ran in a sandbox outlives it, nor the process that started it."""

import asyncio
import os
import subprocess
import sys
import textwrap
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from lemmata.lean_env.process import limited, run
from lemmata.lean_env.sandbox import Bubblewrap, interpreter

ESCAPES = Path(__file__).resolve().parent.parent / "doubles" / "escapes.py"


@asynccontextmanager
async def open_pipe(path: Path) -> AsyncIterator[asyncio.StreamReader]:
    """A named pipe: it ends when nobody holds its other end any more."""
    os.mkfifo(path)
    reader = asyncio.StreamReader()
    file = os.fdopen(os.open(path, os.O_RDONLY | os.O_NONBLOCK), "rb", 0)
    protocol = asyncio.StreamReaderProtocol(reader)
    transport, _ = await asyncio.get_running_loop().connect_read_pipe(lambda: protocol, file)
    try:
        async with asyncio.timeout(20):
            yield reader
    finally:
        transport.close()


@pytest.mark.parametrize("then", ["hang", "end"])
async def test_nothing_outlives_it(then: str, bubblewrap: Bubblewrap, room: Path) -> None:
    async with open_pipe(room / "pipe") as reader:
        argv = [interpreter(), "-I", "-S", str(ESCAPES), f"survive pipe {then}"]
        done = await run(argv, cwd=room, env={}, timeout=1 if then == "hang" else 20, confinement=bubblewrap)
        assert done.timed_out == (then == "hang")
        assert await reader.read() == b"alive\n"


async def test_nothing_outlives_this_process_killed(bubblewrap: Bubblewrap, room: Path) -> None:
    script = f"""
        import asyncio
        from pathlib import Path
        from lemmata.lean_env.process import run
        from lemmata.lean_env.sandbox import find_sandbox, interpreter

        async def main():
            sandbox = (await find_sandbox("required")).reading([Path({str(ESCAPES.parent)!r})])
            argv = [interpreter(), "-I", "-S", {str(ESCAPES)!r}, "survive pipe hang"]
            await run(argv, cwd=Path({str(room)!r}), env={{}}, timeout=60, confinement=sandbox)

        asyncio.run(main())
    """
    async with open_pipe(room / "pipe") as reader:
        with subprocess.Popen([sys.executable, "-c", textwrap.dedent(script)]) as parent:  # noqa: ASYNC220
            try:
                assert await reader.readline() == b"alive\n"
            finally:
                parent.kill()
        assert await reader.read() == b""


def test_what_was_on_its_way_when_its_caller_died_ends(room: Path) -> None:
    """Between its start and the moment when the kernel would end it with its caller."""
    argv = [interpreter(), "-I", "-S", str(ESCAPES), "write mine"]
    for heard in (True, False):
        read, write = os.pipe()
        if not heard:
            os.close(read)
        done = subprocess.run(limited(argv, 0, parent=0), cwd=room, stdout=write, timeout=20, check=False)
        os.close(write)
        if heard:
            os.close(read)
        assert (done.returncode == 0, (room / "mine").exists()) == (heard, heard)
        (room / "mine").unlink(missing_ok=True)
