"""A Lean that can be run: its program, its library's folders, and which Lean it is."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Final

from lemmata.aio import collect
from lemmata.domain import CheckerIdentity, Level, Model
from lemmata.errors import InfrastructureError, MissingError
from lemmata.lean_env import elan
from lemmata.lean_env.process import run

QUESTION_SECONDS: Final = 20.0
"""An elan shim may look for its toolchain; it must not download one unseen."""
_PASSED_ON: Final = ("PATH", "HOME", "ELAN_HOME", "ELAN_TOOLCHAIN", "LEAN_SYSROOT", "LEAN_PATH")


class Toolchain(Model):
    """A Lean, ready to be run."""

    program: Path
    """`lean`, or a `libleanshared.so` whose `lean_main` is called."""
    library: Path
    """Its native code, `libleanshared.so`, for replays; it may not be there in a toolchain of another make."""
    folders: tuple[Path, ...]
    """Where its compiled modules are, in the order of search."""
    environment: dict[str, str]
    """The whole environment that it runs in."""
    identity: CheckerIdentity
    """Which Lean, and the options that hold for every text (`identity.options`)."""
    beside: bool = False
    """Whether it is in a project that was only found beside a file: what is in there may have come with it."""

    def find_module(self, name: str) -> Path | None:
        """The compiled module of that name (`Mathlib.Tactic.Ring`), or None where it has none."""
        relative = Path(*name.split(".")).with_suffix(".olean")
        return next((f / relative for f in self.folders if (f / relative).is_file()), None)

    def lacks(self, imports: Iterable[str]) -> tuple[str, ...]:
        """Those of some modules that it does not have."""
        return tuple(name for name in imports if self.find_module(name) is None)


async def find_toolchain(
    home: Path | None = None, *, options: tuple[str, ...] = (), timeout: float = QUESTION_SECONDS
) -> Toolchain:
    """The Lean in `home`, else in `$LEMMATA_LEAN_HOME`, else the `lean` on PATH (an elan shim is followed).

    Args:
        home: folder that holds `bin/lean`.
        options: of Lean, for every text, as `name=value`.
        timeout: wall-clock seconds for each of its answers.

    Raises:
        MissingError: there is none.
        InfrastructureError: there is one, but it does not answer.
    """
    program, environment = _program(home), passed_on(_PASSED_ON)
    prefix = Path(await _ask(program, "--print-prefix", environment, timeout))
    if (real := prefix / "bin" / "lean").is_file():
        program = real
    return await ask_toolchain(program, environment, options=options, timeout=timeout)


async def ask_toolchain(
    program: Path,
    environment: Mapping[str, str],
    *,
    options: tuple[str, ...] = (),
    timeout: float = QUESTION_SECONDS,
) -> Toolchain:
    """The toolchain of a `lean` that is no shim, in the environment that it is to run in.

    Raises:
        MissingError: there is no such program.
        InfrastructureError: it does not answer, or not as a Lean does.
    """
    questions = ("--print-libdir", "--version")
    libdir, said = await collect(partial(_ask, program, question, environment, timeout) for question in questions)
    version, commit = parse_version(said)
    if version is None:
        raise InfrastructureError(f"{program} is no Lean: asked for its version it says {said[:80]!r}")
    extra = (Path(p) for p in environment.get("LEAN_PATH", "").split(os.pathsep) if p)
    return Toolchain(
        program=program,
        library=Path(libdir) / "libleanshared.so",
        folders=tuple(dict.fromkeys((*extra, Path(libdir)))),
        environment=dict(environment),
        identity=CheckerIdentity(
            name="cli", level=Level.CHECKED, lean_version=version, lean_commit=commit, options=options
        ),
    )


def listed(names: Sequence[str], most: int = 3) -> str:
    """Some names in words, and how many more there are."""
    return ", ".join(names[:most]) + (f" and {len(names) - most} more" if len(names) > most else "")


def parse_version(said: str) -> tuple[str | None, str | None]:
    """Version and commit in what `lean --version` prints; None for what it does not say."""
    version = re.search(r"version ([^\s,)]+)", said)
    commit = re.search(r"commit ([0-9a-f]+)", said)
    return version and version[1], commit and commit[1]


def passed_on(names: Iterable[str]) -> dict[str, str]:
    """Those of our own environment's variables that a child is given."""
    return {name: value for name in names if (value := os.environ.get(name)) is not None}


def _program(home: Path | None) -> Path:
    home = home or (Path(named) if (named := os.environ.get("LEMMATA_LEAN_HOME")) else None)
    if home is not None:
        if not os.access(program := home.absolute() / "bin" / "lean", os.X_OK):
            raise MissingError(f"there is no Lean in {home} (lean.home, LEMMATA_LEAN_HOME): expected {program}")
        return program
    if (found := elan.find_program("lean", os.environ)) is None:
        raise MissingError("there is no `lean` on PATH: install a Lean toolchain (elan), or set LEMMATA_LEAN_HOME")
    if not elan.is_shim(found, os.environ):
        return found
    if (folder := elan.default(os.environ)) and os.access(program := folder / "bin" / "lean", os.X_OK):
        return program
    raise MissingError(
        "elan is on PATH, but the toolchain that it would take is not installed, and it is not downloaded unseen: "
        "`elan toolchain install leanprover/lean4:stable`, or set LEMMATA_LEAN_HOME"
    )


async def _ask(program: Path, question: str, environment: Mapping[str, str], timeout: float) -> str:
    answer = await run([program, question], cwd=Path.cwd(), env=environment, timeout=timeout)
    if answer.returncode != 0 or not answer.stdout.strip():
        how = "no answer in time" if answer.timed_out else f"exit code {answer.returncode}"
        said = (answer.stderr or answer.stdout).strip()[:500]
        raise InfrastructureError(f"`{program} {question}` failed ({how}): {said or 'it said nothing'}")
    return answer.stdout.strip()
