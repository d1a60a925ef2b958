"""A Lean that can be run: its program, its library's folders, and which Lean it is."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from lemmata.domain import CheckerIdentity, Level, Model
from lemmata.errors import InfrastructureError, MissingError
from lemmata.lean_env.process import run

_QUESTION_SECONDS: Final = 20.0
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

    def find_module(self, name: str) -> Path | None:
        """The compiled module of that name (`Mathlib.Tactic.Ring`), or None where it has none."""
        relative = Path(*name.split(".")).with_suffix(".olean")
        return next((f / relative for f in self.folders if (f / relative).is_file()), None)

    def lacks(self, imports: Iterable[str]) -> tuple[str, ...]:
        """Those of some modules that it does not have."""
        return tuple(name for name in imports if self.find_module(name) is None)


async def find_toolchain(home: Path | None = None) -> Toolchain:
    """The Lean in `home`, else in `$LEMMATA_LEAN_HOME`, else the `lean` on PATH (an elan shim is followed).

    Raises:
        MissingError: there is none.
        InfrastructureError: there is one, but it does not answer.
    """
    program = _program(home)
    prefix = Path(await _ask(program, "--print-prefix"))
    if (real := prefix / "bin" / "lean").is_file():
        program = real
    libdir = Path(await _ask(program, "--print-libdir"))
    version, commit = parse_version(await _ask(program, "--version"))
    extra = (Path(p) for p in os.environ.get("LEAN_PATH", "").split(os.pathsep) if p)
    return Toolchain(
        program=program,
        library=libdir / "libleanshared.so",
        folders=(*extra, libdir),
        environment=_environment(),
        identity=CheckerIdentity(name="cli", level=Level.CHECKED, lean_version=version, lean_commit=commit),
    )


def parse_version(said: str) -> tuple[str | None, str | None]:
    """Version and commit in what `lean --version` prints; None for what it does not say."""
    version = re.search(r"version ([^\s,)]+)", said)
    commit = re.search(r"commit ([0-9a-f]+)", said)
    return version and version[1], commit and commit[1]


def _program(home: Path | None) -> Path:
    home = home or (Path(named) if (named := os.environ.get("LEMMATA_LEAN_HOME")) else None)
    if home is not None:
        if not os.access(program := home.absolute() / "bin" / "lean", os.X_OK):
            raise MissingError(f"there is no Lean in {home}: expected {program}")
        return program
    if found := shutil.which("lean"):
        return Path(found).absolute()
    raise MissingError("there is no `lean` on PATH: install a Lean toolchain (elan), or set LEMMATA_LEAN_HOME")


async def _ask(program: Path, question: str) -> str:
    answer = await run([program, question], cwd=Path.cwd(), env=_environment(), timeout=_QUESTION_SECONDS)
    if answer.returncode != 0 or not answer.stdout.strip():
        how = "no answer in time" if answer.timed_out else f"exit code {answer.returncode}"
        said = (answer.stderr or answer.stdout).strip()[:500]
        raise InfrastructureError(f"`{program} {question}` failed ({how}): {said or 'it said nothing'}")
    return answer.stdout.strip()


def _environment() -> dict[str, str]:
    return {name: value for name in _PASSED_ON if (value := os.environ.get(name)) is not None}
