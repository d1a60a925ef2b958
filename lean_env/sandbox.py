"""Where untrusted Lean runs: bubblewrap's namespaces where they work, else Landlock, else plain limits.

What each promises, with the limits that hold everywhere (time, memory, processes, size of files, output; see `process`
and `watch`):

- `bubblewrap`: it sees the system's libraries, Python, the folders named, all read-only; an empty `/tmp` of its own;
  no other file, no other process, no network. It writes to its folder and to that `/tmp` only. It has no privileges
  and cannot get any. When it ends, or this process dies by whatever signal, nothing that it started is left.
- `landlock`: it reads and executes as above, writes to its folder only and, as far as the kernel's version goes, sends
  no signal to others. On x86-64 and ARM64 it changes no mode, owner, time or attribute of any file, its own included,
  and no limit or priority of other processes. It has no privileges and cannot get any, root's included. It can see that
  other files and processes are there. What it started and sent into a session of its own may outlive it.
- Both (on x86-64 and ARM64): it opens no socket, so that it reaches no network, no server of this machine and no other
  program; it shares no memory, messages or semaphores with others and keeps none that belong to no process; it reads no
  keys and no log of the kernel's, traces no process, and makes no user namespace.
- Neither: plain limits.

None of them protects from faults of the kernel, or from what can be learnt by measuring time.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import sys
import sysconfig
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Final, NamedTuple, Self

from lemmata.configs.schema import SandboxChoice
from lemmata.errors import MissingError
from lemmata.lean_env.process import LAUNCHER, Confinement, limited, run
from lemmata.lean_env.scratch import scratch
from lemmata.lean_env.toolchain import Toolchain
from lemmata.lean_env.watch import TASKS

TMP_BYTES: Final = 256 << 20
"""Bytes of the private `/tmp`, which is memory."""
_INSTALL: Final = "install it (Debian, Ubuntu: `apt install bubblewrap`; Fedora: `dnf install bubblewrap`)"
_ALLOW: Final = (
    "user namespaces must be allowed (`sysctl kernel.unprivileged_userns_clone=1`; with AppArmor also "
    "`sysctl kernel.apparmor_restrict_unprivileged_userns=0`, or a profile for bwrap; few containers allow them)"
)
_SYSTEM: Final = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32", "/nix/store", "/gnu/store")
_LINKER: Final = "/etc/ld.so.cache"
_DEVICES: Final = ("/dev/null", "/dev/zero", "/dev/random", "/dev/urandom")
_ISOLATIONS: Final = (
    ("--unshare-all", "--unshare-user", "--disable-userns"),
    ("--unshare-all", "--unshare-user"),
    ("--unshare-all",),  # for root where user namespaces are off
)
"""Strongest first: the last word came with bubblewrap 0.8."""
_PROBE_SECONDS: Final = 10.0
_SAID: Final = 200
_LANDLOCK_VERSION: Final = 444, None, 0, 1
"""The system call that asks for it."""


@dataclass(frozen=True)
class Bubblewrap:
    """A confinement in namespaces of its own. See the module for what it promises."""

    program: str
    isolation: tuple[str, ...]
    reads: tuple[Path, ...] = ()
    name: str = "bubblewrap"

    def reading(self, folders: Sequence[Path]) -> Self:
        """The same, with more folders (or files) to be read."""
        return replace(self, reads=(*self.reads, *folders))

    def wrap(self, argv: Sequence[str], cwd: Path, memory: int) -> list[str]:
        """See `Confinement`. The limits are set inside, where its user has no other processes to be counted."""
        folder = str(cwd.absolute())
        inside = limited(argv, memory, parent=0, tasks=TASKS, calls=False, python=interpreter())
        return [
            self.program,
            *self.isolation,
            "--die-with-parent",
            *("--cap-drop", "ALL"),
            *self._world,
            *("--bind", folder, folder, "--chdir", folder),
            *("--remount-ro", "/"),
            "--",
            *inside,
        ]

    @cached_property
    def _world(self) -> tuple[str, ...]:
        """What it sees besides its folder, as arguments."""
        named = _outermost([*self.reads, *_python(), LAUNCHER])
        return (
            *(word for path in _SYSTEM for word in _mounted_system(path)),
            *("--ro-bind-try", _LINKER, _LINKER),
            *("--proc", "/proc", "--remount-ro", "/proc"),  # else root, even without privileges, could set the kernel
            *("--dev", "/dev", "--remount-ro", "/dev"),
            *("--size", str(TMP_BYTES), "--tmpfs", "/tmp"),
            *(word for path in named for word in ("--ro-bind-try", path, path)),
        )


@dataclass(frozen=True)
class Landlock:
    """A confinement by the kernel's access control. See the module for what it promises."""

    reads: tuple[Path, ...] = ()
    name: str = "landlock"

    def reading(self, folders: Sequence[Path]) -> Self:
        """The same, with more folders (or files) to be read."""
        return replace(self, reads=(*self.reads, *folders))

    def wrap(self, argv: Sequence[str], cwd: Path, memory: int) -> list[str]:
        """See `Confinement`."""
        system = (*_SYSTEM, _LINKER, *_DEVICES, "/proc/self")
        return limited(argv, memory, calls=False, reads=[*map(Path, system), *_python(), *self.reads])


Sandbox = Bubblewrap | Landlock


class _Found(NamedTuple):
    """What a probe found."""

    sandbox: Sandbox | None
    lack: str | None
    """Why it is not bubblewrap, and what to do about it."""


_found: dict[str | None, _Found] = {}
"""By bubblewrap's path: a probe is made once in a process."""


async def find_sandbox(choice: SandboxChoice = "auto") -> Sandbox | None:
    """The strongest sandbox that works here, tried once in this process; None where there is none, or for `off`.

    Raises:
        MissingError: bubblewrap is required and does not work here; the message says how to get it.
    """
    if choice == "off":
        return None
    found = await _find()
    if choice == "required" and found.lack:
        raise MissingError(f"a sandbox is required, and {found.lack}")
    return found.sandbox


async def lacking() -> str | None:
    """Why bubblewrap is not used here, and what to do about it, in words; None where it works."""
    return (await _find()).lack


async def confine(choice: SandboxChoice, toolchain: Toolchain, reads: Sequence[Path] = ()) -> Confinement | None:
    """A confinement that lets a toolchain run; see `find_sandbox`.

    Args:
        choice: what is asked for.
        toolchain: what is run.
        reads: more folders that it needs, such as that of its Lake project. One that holds the home folder is left out:
            what is compiled is among the toolchain's folders anyway.
    """
    sandbox, home = await find_sandbox(choice), Path.home()
    return sandbox and sandbox.reading([*_toolchain(toolchain), *(r for r in reads if not home.is_relative_to(r))])


def _toolchain(toolchain: Toolchain) -> Iterator[Path]:
    """What it consists of; its prefix as a whole may be a home folder."""
    program = toolchain.program
    if program.suffix == ".so":
        yield program
    else:
        yield program.parent
        yield program.parent.parent / "lib"
    yield toolchain.library
    yield from toolchain.folders
    yield from (Path(p) for p in toolchain.environment.get("LD_LIBRARY_PATH", "").split(os.pathsep) if p)


async def _find() -> _Found:
    program = shutil.which("bwrap")
    if program not in _found:
        _found[program] = await _probe(program)
    return _found[program]


async def _probe(program: str | None) -> _Found:
    lack = f"there is no bubblewrap (`bwrap`) here: {_INSTALL}"
    for isolation in _ISOLATIONS if program else ():
        bubblewrap = Bubblewrap(str(program), isolation)
        if (failure := await _failure(bubblewrap)) is None:
            return _Found(bubblewrap, None)
        lack = f"{program} does not work here ({failure}): {_ALLOW}"
    works = _landlock() and await _failure(Landlock()) is None
    return _Found(Landlock() if works else None, lack)


async def _failure(sandbox: Sandbox) -> str | None:
    """What comes in between when a small program is run in it; None where it runs to its end."""
    with scratch() as folder:
        argv = [interpreter(), "-I", "-S", "-c", "print(6 * 7)"]
        tried = await run(argv, cwd=Path(folder), env={}, timeout=_PROBE_SECONDS, confinement=sandbox)
    if (tried.returncode, tried.stdout) == (0, "42\n"):
        return None
    return tried.stderr.strip()[:_SAID] or f"no answer within {_PROBE_SECONDS:g} s"


def _landlock() -> bool:
    return sys.platform == "linux" and int(ctypes.CDLL(None).syscall(*_LANDLOCK_VERSION)) > 0


def interpreter() -> str:
    """The Python that every sandbox lets in, with its standard library and nothing more."""
    return os.path.realpath(sys.executable)


def _python() -> tuple[Path, ...]:
    """The interpreter and its libraries, which are not always the system's."""
    own = Path(sys.prefix, "pyvenv.cfg")  # a copied interpreter finds its library by it
    return Path(interpreter()), own, Path(sys.base_prefix, "lib"), Path(sysconfig.get_path("stdlib"))


def _mounted_system(path: str) -> tuple[str, ...]:
    if Path(path).is_symlink():
        return "--symlink", str(Path(path).readlink()), path
    return "--ro-bind-try", path, path


def _outermost(paths: Sequence[Path]) -> list[str]:
    """The paths as they are named and as they really are, parents first, without what lies in another or the system."""
    named = {p.absolute() for p in paths}
    every = sorted(named | {p.resolve() for p in named})
    mounted, kept = [Path(s) for s in _SYSTEM], []
    for path in every:
        if not any(path.is_relative_to(m) for m in mounted):
            mounted.append(path)
            kept.append(str(path))
    return kept
