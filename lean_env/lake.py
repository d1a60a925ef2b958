"""Lake, the build tool of Lean's projects: where it is, and what it says of a project when it is asked."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from lemmata.errors import InfrastructureError, MissingError
from lemmata.lean_env import elan, lean_options
from lemmata.lean_env.process import Confinement, Finished, run
from lemmata.lean_env.toolchain import passed_on

LAKEFILES: Final = ("lakefile.lean", "lakefile.toml")
"""In the order in which Lake prefers them."""
_NO_IMPORTS: Final = '{"imports":[],"isModule":false}'
"""The header of the file that Lake is asked about. Up to Lean 4.21 Lake takes it for an import it does not know."""
_PASSED_ON: Final = ("PATH", "HOME", "USER", "LANG", "TMPDIR", "XDG_CACHE_HOME", "ELAN_HOME", "LAKE_CACHE_DIR")
_OFFLINE: Final = {"GIT_ALLOW_PROTOCOL": "file", "GIT_TERMINAL_PROMPT": "0", "LAKE_NO_CACHE": "1"}
"""Lake clones what is missing; these keep it from doing so behind the user's back."""
_SEARCHED: Final = ("LEAN_PATH", "LEAN_SRC_PATH")
"""What is taken from its answer."""
_CONFINED_MB: Final = 8192
"""What a Lake that is not trusted may take of memory."""
_SAID: Final = 500


@dataclass(frozen=True)
class Lake:
    """A project's Lake, and what it is asked."""

    root: Path
    program: Path
    """Of a toolchain's own folder, never elan's."""
    timeout: float
    """Wall-clock seconds for each of its answers."""
    confinement: Confinement | None = None
    """What keeps it away from the rest of the machine, if anything. It writes to `root` in any case."""

    @property
    def lean(self) -> Path:
        """The Lean that it comes with."""
        return self.program.with_name("lean")

    async def search_path(self) -> dict[str, str]:
        """Where the project's modules and sources are, in Lean's variables, the folders as seen from everywhere.

        Raises:
            InfrastructureError: Lake fails, does not answer, or answers something else.
        """
        environment = self._environment
        if (env := elan.find_program("env", environment)) is None:
            raise MissingError("there is no `env` on PATH")
        finished, what = await self._run("env", str(env), "-0"), f"`lake env` in {self.root}"
        if finished.timed_out:
            how = f"gave no answer within {finished.seconds:.0f} s: another `lake` may hold the project"
            raise InfrastructureError(f"{what} {how}")
        if finished.returncode != 0:
            said = _start(finished.stderr or finished.stdout)
            raise InfrastructureError(f"{what} failed (exit code {finished.returncode}): {said}{self._hint}")
        pairs = (line.partition("=") for line in finished.stdout.split("\0"))
        told = {name: _absolute(self.root, value) for name, _, value in pairs if name in _SEARCHED}
        if not told.get("LEAN_PATH"):
            raise InfrastructureError(f"{what} gave no LEAN_PATH: {_start(finished.stdout)}")
        return told

    async def options(self) -> tuple[Mapping[str, lean_options.Value], tuple[str, ...]]:
        """The options that hold for a file of the project, and what could not be found out about them."""
        finished = await self._run("setup-file", str(_sample(self.root)), _NO_IMPORTS, "--no-build")
        told = lean_options.of_setup(finished.stdout) if finished.returncode == 0 else None
        read = None if told else lean_options.of_lakefile(self.root)  # up to 4.21 Lake tells none for a loose file
        if told is None and read is None:
            return {}, (f"Lake did not tell the options of {self.root}; `lean.options` sets them",)
        return lean_options.kept(told or read or {}), ()

    @property
    def _hint(self) -> str:
        if self.confinement is None:
            return ""
        return "; it ran in a sandbox, which it does not for a project that LEMMATA_LEAN_PROJECT names"

    @property
    def _environment(self) -> dict[str, str]:
        given = passed_on(_PASSED_ON) | _OFFLINE
        return given | {"PATH": os.pathsep.join((str(self.program.parent), given.get("PATH", os.defpath)))}

    async def _run(self, *words: str) -> Finished:
        return await run(
            [str(self.program), *words],
            cwd=self.root,
            env=self._environment,
            timeout=self.timeout,
            memory_mb=_CONFINED_MB if self.confinement else None,
            confinement=self.confinement,
        )


def find_lake(root: Path, home: Path | None, *, trusted: bool) -> Path:
    """The Lake in `home`, else of the toolchain that a project is pinned to, else on PATH; never elan's.

    Args:
        root: the project.
        home: folder of a toolchain.
        trusted: whether a project may bring its own toolchain: be pinned to a folder.

    Raises:
        MissingError: it is not here; says how to get it.
    """
    named = elan.pin(root)
    if home is None and named and (folder := elan.installed(named, root if trusted else None, os.environ)):
        home = folder
    if home is not None:
        if not os.access(program := home.absolute() / "bin" / "lake", os.X_OK):
            raise MissingError(f"there is no Lake in {home} (lean.home, LEMMATA_LEAN_HOME): expected {program}")
        return program
    found = elan.find_program("lake", os.environ)
    if found is not None and not elan.is_shim(found, os.environ):
        return found
    if found is None:
        raise MissingError(f"there is no `lake` for the Lake project {root}: {_install(named)}, or set lean.home")
    raise MissingError(
        f"the toolchain of the Lake project {root} ({named or 'none is pinned'}) is not installed: {_install(named)}"
    )


def _install(named: str | None) -> str:
    return f"`elan toolchain install {named}`" if named else "`lemmata lean setup` gets one"


def _absolute(root: Path, folders: str) -> str:
    """A search path that holds wherever it is used: Lake names folders as seen from the project."""
    return os.pathsep.join(os.path.normpath(root / folder) for folder in folders.split(os.pathsep) if folder)


def _sample(root: Path) -> Path:
    """A file to ask about: one of the project's own, where there is one near."""
    sources = sorted(f for f in (*root.glob("*.lean"), *root.glob("*/*.lean")) if f.name not in LAKEFILES)
    return next(iter(sources), root / elan.PIN)


def _start(text: str) -> str:
    return text.replace("\0", " ").strip()[:_SAID] or "it said nothing"
