"""What a sandbox promises, each promise as an attempt to break it by a program that runs inside."""

import asyncio
import json
import os
import pwd
import socket
import subprocess
import sys
from collections.abc import Iterator
from ctypes import CDLL, c_void_p, memmove
from pathlib import Path

import pytest

from lemmata.lean_env import launcher
from lemmata.lean_env.process import FILE_LIMIT, Confinement, Finished, limited, run
from lemmata.lean_env.sandbox import TMP_BYTES, Bubblewrap, Landlock, Sandbox, interpreter
from lemmata.lean_env.watch import TASKS

DOUBLES = Path(__file__).resolve().parent.parent / "doubles"
REPOSITORY = DOUBLES.parent.parent
REFUSED = {
    "FileNotFoundError", "PermissionError", "ProcessLookupError", "Read-only file system", "Operation not permitted",
    "Network is unreachable", "ConnectionRefusedError", "Invalid cross-device link", "No space left on device",
}  # fmt: skip
VERSION = CDLL(None).syscall(444, None, 0, 1) if sys.platform == "linux" else 0
"""Of the kernel's Landlock; below 1 there is none."""


known = pytest.mark.skipif(os.uname().machine not in ("x86_64", "aarch64"), reason="its system calls are not known")


@pytest.fixture(scope="module")
def landlock() -> Landlock:
    if VERSION < 1:
        pytest.skip("this kernel has no Landlock")
    return Landlock().reading([DOUBLES])


@pytest.fixture(params=["bubblewrap", "landlock"])
def sandbox(request: pytest.FixtureRequest) -> Sandbox:
    found: Sandbox = request.getfixturevalue(request.param)
    return found


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    path = tmp_path / "secret"
    path.write_text("secret", encoding="utf-8")
    return path


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        yield server


@pytest.fixture
def receiver() -> Iterator[socket.socket]:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 0))
        server.setblocking(False)
        yield server


@pytest.fixture
def abstract() -> Iterator[str]:
    """The name of a socket that has no file."""
    name = f"lemmata-{os.getpid()}"
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(f"\0{name}")
        server.listen()
        yield name


@pytest.fixture
def segment() -> Iterator[int]:
    """A segment of shared memory, with a secret in it."""
    libc = CDLL(None)
    libc.shmat.restype = c_void_p
    number = libc.shmget(0, 4096, 0o1600)
    memmove(address := libc.shmat(number, None, 0), b"secret", 7)
    yield number
    libc.shmdt(c_void_p(address))
    libc.shmctl(number, 0, None)


async def attempted(
    confinement: Confinement | None, room: Path, *attempts: str, timeout: float = 20, memory_mb: int | None = None
) -> Finished:
    argv = [interpreter(), "-I", "-S", str(DOUBLES / "escapes.py"), *attempts]
    env = {"ONLY": "this"}
    return await run(argv, cwd=room, env=env, timeout=timeout, memory_mb=memory_mb, confinement=confinement)


async def came_of(confinement: Confinement | None, room: Path, *attempts: str) -> list[object]:
    done = await attempted(confinement, room, *attempts)
    assert done.returncode == 0, done
    found = json.loads(done.stdout)
    assert isinstance(found, list)
    return found


def no_change(sandbox: Sandbox) -> str:
    """The answer to who would change a file outside."""
    return "Read-only file system" if isinstance(sandbox, Bubblewrap) else "PermissionError"


def content(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.exists() else None


async def test_without_a_sandbox_the_attempts_succeed(
    room: Path, secret: Path, listener: socket.socket, receiver: socket.socket, abstract: str, segment: int
) -> None:
    pid = os.getpid()
    attempts = {
        "pair": None, "queue": None, "semaphores": None, "named_queue": None, "pinned": None, f"limited {pid}": None,
        f"patience {pid}": None, f"processors {pid}": None, f"owner {secret}": None, f"times {secret}": None,
        f"attached {segment}": "secret",
        f"read {secret}": "secret", f"link {secret}": "secret", f"tcp {listener.getsockname()[1]}": None,
        f"udp {receiver.getsockname()[1]}": None, f"abstract {abstract}": None,
        f"send {pid}": None, "hidden 9": "9", "shared": None,
        f"write {secret}": None, f"mode {secret}": None, f"replaced {secret}": None, f"remove {secret}": None,
    }  # fmt: skip
    assert await came_of(None, room, *attempts) == list(attempts.values())
    assert receiver.recv(10) == b"escaped"
    listener.accept()[0].close()
    assert content(secret) is None


async def test_it_works_in_its_folder(sandbox: Sandbox, room: Path) -> None:
    attempts = {"write mine": None, "read mine": "escaped", "replaced other": None, "write /dev/null": None}
    assert await came_of(sandbox, room, *attempts) == list(attempts.values())
    assert content(room / "other") == "escaped"


async def test_nothing_that_was_not_named_is_read(sandbox: Sandbox, room: Path, secret: Path) -> None:
    (room / "link").symlink_to(secret)
    paths = (secret, REPOSITORY / "pyproject.toml", Path("/etc/passwd"), room / "link", room / ".." / "secret")
    assert all(path.is_file() for path in paths)
    assert set(await came_of(sandbox, room, *(f"read {path}" for path in paths))) <= REFUSED
    assert await came_of(sandbox.reading([secret]), room, f"read {secret}") == ["secret"]


async def test_the_home_folder_is_not_seen(bubblewrap: Bubblewrap, room: Path) -> None:
    home = Path(pwd.getpwuid(os.getuid()).pw_dir)
    known = [DOUBLES, room, Path(sys.prefix), Path(sys.base_prefix), Path(interpreter())]
    steps = {p.relative_to(home).parts[0] for p in known if p.is_relative_to(home)}
    found, among_temporary, root = await came_of(bubblewrap, room, f"listed {home}", "listed /tmp", "listed /")
    assert found == "FileNotFoundError" or set(found) <= steps  # type: ignore[call-overload]
    assert set(among_temporary) <= {p.parts[2] for p in known if p.is_relative_to("/tmp")}  # type: ignore[call-overload]
    assert not {"var", "run", "mnt", "sys", "boot", "srv"} & set(root)  # type: ignore[call-overload]


async def test_folders_of_processes_lead_nowhere(bubblewrap: Bubblewrap, room: Path, secret: Path) -> None:
    here = os.getpid()
    attempts = f"read /proc/1/root{secret}", f"read /proc/{here}/root{secret}", f"read /proc/{here}/environ"
    assert set(await came_of(bubblewrap, room, *attempts)) == {"FileNotFoundError"}


async def test_what_it_reads_it_cannot_change(sandbox: Sandbox, room: Path, tmp_path: Path) -> None:
    library = tmp_path / "library"
    library.mkdir()
    module = library / "Init.olean"
    module.write_text("library", encoding="utf-8")
    attempts = [f"{attempt} {module}" for attempt in ("write", "replaced", "remove")] + [f"write {library}/new"]
    assert await came_of(sandbox.reading([library]), room, f"read {module}") == ["library"]
    assert set(await came_of(sandbox.reading([library]), room, *attempts)) <= REFUSED
    assert [p.read_text(encoding="utf-8") for p in library.iterdir()] == ["library"]


@known
async def test_what_a_file_is_besides_its_content_stays(sandbox: Sandbox, room: Path, secret: Path) -> None:
    before = await asyncio.to_thread(secret.stat)
    attempts = [f"{how} {secret}" for how in ("mode", "owner", "times")]
    assert set(await came_of(sandbox.reading([secret]), room, *attempts)) == {no_change(sandbox)}
    after = await asyncio.to_thread(secret.stat)
    assert (after.st_mode, after.st_ctime_ns) == (before.st_mode, before.st_ctime_ns)


@known
async def test_attributes_stay(sandbox: Sandbox, room: Path, secret: Path) -> None:
    try:
        os.setxattr(secret, "user.kept", b"yes")
    except OSError as error:
        pytest.skip(f"files have no attributes here: {error.strerror}")
    attempts = f"attribute {secret}", f"no_attribute {secret}"
    assert set(await came_of(sandbox.reading([secret]), room, *attempts)) == {no_change(sandbox)}
    assert os.listxattr(secret) == ["user.kept"]


@known
async def test_flags_of_files_stay(landlock: Landlock, room: Path, secret: Path) -> None:
    assert await came_of(landlock.reading([secret]), room, f"flags {secret}") == ["PermissionError"]


async def test_nothing_is_written_outside(sandbox: Sandbox, room: Path, secret: Path, tmp_path: Path) -> None:
    new = [folder / "lemmata-escaped" for folder in (tmp_path, Path.home(), Path("/"), Path("/dev/shm"))]
    found = await came_of(sandbox.reading([tmp_path]), room, *(f"write {path}" for path in (secret, *new)))
    assert set(found) <= REFUSED
    assert [content(path) for path in (secret, *new)] == ["secret", *[None] * len(new)]


async def test_the_kernel_cannot_be_set(bubblewrap: Bubblewrap, room: Path) -> None:
    """Not by root either: files of /proc go by the user's number, whatever his privileges."""
    files = ("sys/kernel/core_pattern", "sys/vm/drop_caches", "sys/kernel/sysrq", "sysrq-trigger", "self/oom_score_adj")
    assert set(await came_of(bubblewrap, room, *(f"opened /proc/{file}" for file in files))) <= REFUSED


async def test_its_tmp_is_its_own_and_bounded(bubblewrap: Bubblewrap, room: Path) -> None:
    large = Path(f"/tmp/lemmata-large-{os.getpid()}")
    assert await came_of(bubblewrap, room, f"fill {large} {2 * TMP_BYTES}") == ["No space left on device"]
    assert await came_of(bubblewrap, room, f"read {large}") == ["FileNotFoundError"]
    assert content(large) is None


async def test_there_is_no_network(
    bubblewrap: Bubblewrap, room: Path, listener: socket.socket, receiver: socket.socket, abstract: str
) -> None:
    ports = listener.getsockname()[1], receiver.getsockname()[1]
    found = await came_of(bubblewrap, room, f"tcp {ports[0]}", f"udp {ports[1]}", f"abstract {abstract}")
    assert set(found) <= {*REFUSED, None}
    assert found[0] in REFUSED
    assert found[2] in REFUSED
    for nothing in (lambda: receiver.recv(10), listener.accept):
        with pytest.raises(BlockingIOError):
            nothing()


async def test_there_is_no_other_device_of_the_network(bubblewrap: Bubblewrap, room: Path) -> None:
    (devices,) = await came_of(bubblewrap, room, "read /proc/self/net/dev")
    assert [line.split(":")[0].strip() for line in str(devices).splitlines()[2:]] == ["lo"]


@known
async def test_no_system_call_reaches_around(
    sandbox: Sandbox, room: Path, listener: socket.socket, receiver: socket.socket, abstract: str, segment: int
) -> None:
    ports = listener.getsockname()[1], receiver.getsockname()[1]
    attempts = (
        f"tcp {ports[0]}", f"udp {ports[1]}", f"abstract {abstract}", "hidden 1000", "shared", "key", "pair", "queue",
        "semaphores", "named_queue", "pinned", f"attached {segment}", "namespace", "namespace_of_a_child",
    )  # fmt: skip
    found = await came_of(sandbox, room, *attempts, f"trace {os.getpid()}")
    assert set(found) == {"PermissionError"}


@known
async def test_every_system_call_that_is_named_is_refused(sandbox: Sandbox, room: Path) -> None:
    _, column = launcher.ARCHITECTURES[os.uname().machine]
    named = [*launcher.FORBIDDEN, *(launcher.UNGOVERNED if isinstance(sandbox, Landlock) else ())]
    calls = [pair[column] for pair in named if pair[column] >= 0]
    assert await came_of(sandbox, room, *(f"call {n}" for n in calls)) == ["PermissionError"] * len(calls)
    later = launcher.CLONE3[column], launcher.UNKNOWN, 2**30 + 41
    assert set(await came_of(sandbox, room, *(f"call {n}" for n in later))) == {"Function not implemented"}


@known
async def test_other_processes_run_as_they_did(landlock: Landlock, room: Path) -> None:
    pid = os.getpid()
    attempts = f"limited {pid}", f"patience {pid}", f"processors {pid}"
    assert set(await came_of(landlock, room, *attempts)) == {"PermissionError"}


async def test_no_limit_can_be_raised(sandbox: Sandbox, room: Path) -> None:
    assert await came_of(sandbox, room, "raised") == ["not allowed to raise maximum limit"]


async def test_landlock_keeps_from_tcp_and_signals(landlock: Landlock, room: Path, listener: socket.socket) -> None:
    if VERSION < 6:
        pytest.skip("Landlock of this kernel does not know them all")
    assert await came_of(landlock, room, f"send {os.getpid()}") == ["PermissionError"]
    argv = [interpreter(), "-I", "-S", str(DOUBLES / "escapes.py"), f"tcp {listener.getsockname()[1]}"]
    command = limited(argv, 0, reads=[Path("/")])  # every call, so that Landlock itself is asked
    with subprocess.Popen(command, cwd=room, stdout=subprocess.PIPE) as process:  # noqa: ASYNC220
        assert json.loads(process.communicate(timeout=20)[0]) == ["PermissionError"]


async def test_no_other_process_is_seen_or_reached(bubblewrap: Bubblewrap, room: Path) -> None:
    seen, sent, traced = await came_of(bubblewrap, room, "processes", f"send {os.getpid()}", f"trace {os.getpid()}")
    assert sorted(Path(s).name for s in seen) == sorted(["bwrap", Path(interpreter()).name])  # type: ignore[attr-defined]
    assert sent == "ProcessLookupError"
    assert traced in REFUSED


async def test_it_makes_no_world_of_its_own(bubblewrap: Bubblewrap, room: Path) -> None:
    if "--disable-userns" not in bubblewrap.isolation:
        pytest.skip("this bubblewrap cannot forbid user namespaces")
    assert set(await came_of(bubblewrap, room, "namespace", "mounted")) <= REFUSED


async def test_it_has_no_privileges_and_gets_none(sandbox: Sandbox, room: Path) -> None:
    (status,) = await came_of(sandbox, room, "status")
    assert isinstance(status, dict)
    held = ["Inh", "Prm", "Eff", "Amb"] + ["Bnd"] * (os.getuid() == 0 or sandbox.name == "bubblewrap")
    assert {status[f"Cap{which}"] for which in held} == {"0" * 16}
    assert status["NoNewPrivs"] == "1"


async def test_it_gets_only_the_environment_that_it_was_given(sandbox: Sandbox, room: Path) -> None:
    (found,) = await came_of(sandbox, room, "environment")
    assert isinstance(found, dict)
    assert found["ONLY"] == "this"
    assert set(found) <= {"ONLY", "PWD", "LC_CTYPE"}


@pytest.mark.parametrize(("how", "number"), [("end", 0), ("end", 3), ("end", 134), ("die", 6), ("die", 9), ("die", 11)])
async def test_its_end_is_told_as_it_was(how: str, number: int, sandbox: Sandbox, room: Path) -> None:
    done = await attempted(sandbox, room, f"{how} {number}")
    assert done.returncode in ({number} if how == "end" else {-number, 128 + number})
    assert (done.timed_out, done.excess) == (False, None)


async def test_a_fork_bomb_is_stopped(sandbox: Sandbox, room: Path) -> None:
    done = await attempted(sandbox, room, "multiply", memory_mb=4000)
    assert (done.out_of_memory, done.timed_out, done.returncode) == (True, False, None)
    assert done.excess is not None
    assert "processes" in done.excess


async def test_its_tasks_are_limited_where_only_they_are_counted(bubblewrap: Bubblewrap, room: Path) -> None:
    argv = [interpreter(), "-I", "-S", "-c", "import resource as r; print(r.getrlimit(r.RLIMIT_NPROC)[1])"]
    done = await run(argv, cwd=room, env={}, timeout=20, confinement=bubblewrap)
    assert done.stdout == f"{TASKS}\n"


async def test_memory_of_all_its_processes_counts(sandbox: Sandbox, room: Path) -> None:
    done = await attempted(sandbox, room, "swell 400", memory_mb=100)
    assert done.excess == "it used more memory than the 100 MiB that it may"


async def test_too_many_files_are_too_many(sandbox: Sandbox, room: Path) -> None:
    done = await attempted(sandbox, room, "crowd 2000")
    assert done.excess is not None
    assert "files" in done.excess


async def test_no_file_is_too_large(sandbox: Sandbox, room: Path) -> None:
    assert await came_of(sandbox, room, f"grow large {FILE_LIMIT + 1}") == ["File too large"]
    assert (room / "large").stat().st_size <= FILE_LIMIT
