"""What the tests of this room share: modules compiled once, and the attacks on the verifier."""

import asyncio
import json
import subprocess
import sys
import time
import tomllib
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, ExitStack
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from lemmata.lean_env import process
from lemmata.lean_env.kimina import KiminaChecker
from lemmata.lean_env.olean import Olean
from lemmata.lean_env.project import Project, find_project, open_project
from lemmata.lean_env.region import START
from lemmata.lean_env.sandbox import Bubblewrap, find_sandbox, lacking
from lemmata.lean_env.servers import Clock
from lemmata.lean_env.terms import Name, Terms
from lemmata.lean_env.toolchain import Toolchain


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """`attack` goes through all of attacks.toml, `kernel_attack` through those that only the kernel sees."""
    for fixture in {"attack", "kernel_attack"} & {*metafunc.fixturenames}:
        text = Path(__file__).with_name("attacks.toml").read_text(encoding="utf-8")
        found = [a for a in tomllib.loads(text)["attack"] if fixture == "attack" or a["judge"] == "kernel"]
        metafunc.parametrize(fixture, found, ids=[a["name"] for a in found])


@pytest.fixture(scope="session")
def compile_module(embedded_toolchain: Toolchain, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], bytes]:
    """Lean text to the bytes of its compiled module, each text compiled once.

    The text must have no error. A header that the embedded checker does not take is no matter here.
    """
    known: dict[str, bytes] = {}

    async def compiled(text: str) -> bytes:
        folder = tmp_path_factory.mktemp("module")
        (folder / "Main.lean").write_text(text, encoding="utf-8")
        lean = embedded_toolchain
        command = [lean.program, "--root=.", "-o", "Main.olean", "Main.lean"]
        finished = await process.run(command, cwd=folder, env=lean.environment, timeout=60)
        assert finished.returncode == 0, finished.stdout + finished.stderr
        return (folder / "Main.olean").read_bytes()

    def module(text: str) -> bytes:
        if text not in known:
            known[text] = asyncio.run(compiled(text))
        return known[text]

    return module


@pytest.fixture(scope="session")
def mathlib_project() -> Project:
    """A built Lake project with Mathlib. One that is named must work."""
    root = find_project()
    if root is None:
        pytest.skip("no Lake project with Mathlib: looked at $LEMMATA_LEAN_PROJECT and ~/.lemmata/lean")
    project = asyncio.run(open_project(root))
    if lack := project.lacks(("Mathlib",)):
        pytest.fail(lack)
    return project


@pytest.fixture
def forged() -> Callable[[bytes, Name, Name], bytes]:
    """A compiled module with every mention of one constant in a term made one of another name that is in it."""
    return replace_constant


def replace_constant(module: bytes, old: Name, new: Name) -> bytes:
    """The module with every mention of the constant `old` in a term made one of `new`."""
    olean = Olean(module, Terms())
    for name in olean.names:
        assert olean[name]
    at = {name: field for field, name in olean._table.names.items()}
    b = bytearray(module)
    for i in range(START, len(b) - 8, 8):
        if b[i + 6 : i + 8] == b"\x02\x04" and int.from_bytes(b[i + 8 : i + 16], "little") == at[old]:
            b[i + 8 : i + 16] = at[new].to_bytes(8, "little")
    return bytes(b)


class KiminaDouble:
    """A server of tests/doubles/kimina.py, its URL, and what it was asked."""

    def __init__(self, log: Path, arguments: tuple[str, ...]) -> None:
        self._log = log
        program = Path(__file__).parent.parent / "doubles" / "kimina.py"
        command = [sys.executable, str(program), f"--log={log}", *arguments]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout
        self.port = int(self.process.stdout.readline())
        self.url = f"http://127.0.0.1:{self.port}"

    def noted(self, event: str = "check") -> list[dict[str, Any]]:
        lines = self._log.read_text(encoding="utf-8").splitlines() if self._log.exists() else []
        return [note for line in lines if (note := json.loads(line))["event"] == event]

    def forget(self) -> None:
        self._log.write_text("", encoding="utf-8")

    def end(self) -> None:
        self.process.kill()
        self.process.communicate()


@pytest.fixture
def kimina_double(tmp_path: Path) -> Iterator[Callable[..., KiminaDouble]]:
    """Starts doubles of a Kimina server with arguments; they end with the test."""
    numbers = count()
    with ExitStack() as stack:

        def started(*arguments: str) -> KiminaDouble:
            double = KiminaDouble(tmp_path / f"kimina{next(numbers)}.log", arguments)
            stack.callback(double.end)
            return double

        yield started


@pytest.fixture(scope="session")
def lasting_kimina(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KiminaDouble]:
    double = KiminaDouble(tmp_path_factory.mktemp("kimina") / "log", ())
    yield double
    double.end()


@pytest.fixture
def kimina_server(lasting_kimina: KiminaDouble) -> KiminaDouble:
    """A double of a Kimina server without arguments, which forgets what earlier tests asked it."""
    lasting_kimina.forget()
    return lasting_kimina


class FastClock(Clock):
    """A hundred seconds in one; remembers the pauses."""

    def __init__(self) -> None:
        self.pauses: list[float] = []

    def now(self) -> float:
        return time.monotonic() * 100

    async def sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)
        await asyncio.sleep(seconds / 100)


@pytest.fixture
def clock() -> FastClock:
    return FastClock()


@pytest.fixture
async def kimina_over(clock: FastClock) -> AsyncIterator[Callable[..., KiminaChecker]]:
    """Makes checkers over doubles of a Kimina server, by the fast clock; they are closed with the test."""
    async with AsyncExitStack() as stack:

        def made(*doubles: KiminaDouble, **more: Any) -> KiminaChecker:
            checker = KiminaChecker([d.url for d in doubles], **{"clock": clock, "wait": 1000, **more})
            stack.push_async_callback(checker.aclose)
            return checker

        yield made


@pytest.fixture(scope="session")
def bubblewrap() -> Bubblewrap:
    """Bubblewrap as it is used here, able to read the doubles."""
    sandbox = asyncio.run(find_sandbox())
    if not isinstance(sandbox, Bubblewrap):  # user namespaces are the machine's to allow; `.ci/run` says what it had
        pytest.skip(f"bubblewrap is not used here: {asyncio.run(lacking())}")
    return sandbox.reading([Path(__file__).resolve().parent.parent / "doubles"])


@pytest.fixture
def room(tmp_path: Path) -> Path:
    """The folder that is written to."""
    folder = tmp_path / "room"
    folder.mkdir()
    return folder
