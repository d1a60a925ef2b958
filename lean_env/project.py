"""A Lake project: where it is, which Lean it is pinned to, and the environment and options that Lake gives its files.

Lake is asked once; after that `lean` and the REPL are run directly. Loading a project runs its lakefile, which is code
and may have come with a file that is to be judged: Lake can be confined, and of its answer only the search path and the
options are taken. Nothing is downloaded: what is not here is named, with the command that gets it.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from lemmata.configs.schema import LeanConfig, SandboxChoice
from lemmata.domain import Model
from lemmata.errors import InfrastructureError, MissingError
from lemmata.lean_env import elan, lean_options
from lemmata.lean_env.process import Confinement, Finished, run
from lemmata.lean_env.sandbox import Sandbox, find_sandbox
from lemmata.lean_env.toolchain import Toolchain, ask_toolchain, passed_on

LAKE_SECONDS: Final = 60.0
"""A lakefile that was changed is elaborated first, and those of all its dependencies."""
HOME: Final = Path("~/.lemmata/lean")
"""Where `lemmata lean setup` makes a project."""
LAKEFILES: Final = ("lakefile.lean", "lakefile.toml")
_MANIFEST: Final = "lake-manifest.json"
_PACKAGES: Final = ".lake/packages"
_NO_IMPORTS: Final = '{"imports":[],"isModule":false}'
"""The header of the file that Lake is asked about. Up to Lean 4.21 Lake takes it for an import it does not know."""
_PASSED_ON: Final = ("PATH", "HOME", "USER", "LANG", "TMPDIR", "XDG_CACHE_HOME", "ELAN_HOME", "LAKE_CACHE_DIR")
_OFFLINE: Final = {"GIT_ALLOW_PROTOCOL": "file", "GIT_TERMINAL_PROMPT": "0", "LAKE_NO_CACHE": "1"}
"""Lake clones what is missing; these keep it from doing so behind the user's back."""
_FOR_LEAN: Final = ("PATH", "HOME", "TMPDIR")
_SEARCHED: Final = ("LEAN_PATH", "LEAN_SRC_PATH")
"""What is taken from Lake's answer."""
_LEANS_OWN: Final = ("Init", "Std", "Lean")
_SAID: Final = 500


class Project(Model):
    """A Lake project, ready to check files in."""

    root: Path
    toolchain: Toolchain
    """Its Lean, with the project's search path, environment and options."""
    notes: tuple[str, ...] = ()
    """What could not be found out about it, in words."""

    @property
    def options(self) -> tuple[str, ...]:
        """Options of Lean that hold for every text, as `name=value`."""
        return self.toolchain.identity.options

    @property
    def repl(self) -> Path | None:
        """The REPL's program, where the project was built with one as a dependency."""
        built = (f / ".lake" / "build" / "bin" / "repl" for f in packages(self.root) if f.name.lower() == "repl")
        return next((program for program in built if os.access(program, os.X_OK)), None)

    def lacks(self, imports: Iterable[str]) -> str | None:
        """What keeps it from taking a file with these imports, in words; None where nothing does."""
        if not (missing := self.toolchain.lacks(imports)):
            return None
        unbuilt = [name for name in missing if self._has_source(name)]
        if not unbuilt:
            return f"the Lake project {self.root} does not have {', '.join(missing)}"
        how = "`lake exe cache get` and `lake build`" if _depends_on_mathlib(self.root) else "`lake build`"
        return f"{', '.join(unbuilt)} of the Lake project {self.root} is not built: run {how} there"

    def _has_source(self, name: str) -> bool:
        relative = Path(*name.split(".")).with_suffix(".lean")
        return any((folder / relative).is_file() for folder in (self.root, *packages(self.root)))


def is_project(folder: Path) -> bool:
    """Whether a folder holds a lakefile."""
    return any(os.path.isfile(folder / name) for name in LAKEFILES)  # noqa: PTH113 - a folder may be closed to us


def find_project(named: Path | None = None, near: Path | None = None) -> Path | None:
    """The project in `named`, else in `$LEMMATA_LEAN_PROJECT`, else that of the folder `near`, else `~/.lemmata/lean`.

    Raises:
        MissingError: the one that was named is none, or cannot be read.
    """
    if named is None and (variable := os.environ.get("LEMMATA_LEAN_PROJECT")):
        named = Path(variable)
    if named is not None:
        root = named.expanduser().absolute()
        if not os.access(root, os.R_OK | os.X_OK):
            raise MissingError(f"the Lake project {root} is not there, or cannot be read")
        if not is_project(root):
            raise MissingError(f"{root} is no Lake project: expected {' or '.join(LAKEFILES)} in it")
        return root
    around = () if near is None else (near.absolute(), *near.absolute().parents)
    return next((folder for folder in (*around, HOME.expanduser()) if is_project(folder)), None)


def sandbox_for(root: Path, config: LeanConfig) -> SandboxChoice:
    """What a project's Lake runs in: as Lean itself, but nothing where the user named or set up the project."""
    named = config.project is not None or bool(os.environ.get("LEMMATA_LEAN_PROJECT"))
    return "off" if named or root == HOME.expanduser() else config.sandbox


async def open_project(
    root: Path,
    *,
    home: Path | None = None,
    options: Mapping[str, lean_options.Value] | None = None,
    sandbox: SandboxChoice = "off",
    timeout: float = LAKE_SECONDS,
) -> Project:
    """Ask Lake once for the environment and the options of a project's files.

    Args:
        root: folder with the lakefile.
        home: folder of a toolchain (`bin/lake`, `bin/lean`); by default the one that the project is pinned to.
        options: of Lean, in place of the project's own.
        sandbox: what Lake runs in; it writes to the project's folder in any case.
        timeout: wall-clock seconds for each of Lake's answers.

    Raises:
        MissingError: its toolchain, Lake, or a dependency is not here; says how to get it.
        InfrastructureError: Lake fails, does not answer, or answers something else.
        ConfigError: an impossible option was set.
    """
    given = None if options is None else lean_options.asked(options)
    missing = [folder.name for folder in packages(root) if not folder.is_dir()]
    if missing:
        raise MissingError(f"dependencies of the Lake project {root} are not here: {', '.join(missing)}; {_FETCH}")
    asked = _Lake(root, _lake(root, home), timeout, await find_sandbox(sandbox))
    toolchain = await ask_toolchain(asked.lean, passed_on(_FOR_LEAN), timeout=timeout)
    _agree(root, toolchain)
    searched = await asked.search_path()
    chosen, notes = await asked.options() if given is None else (given, ())
    return Project(root=root, toolchain=_within(toolchain, searched, lean_options.spelled(chosen)), notes=notes)


def _within(toolchain: Toolchain, searched: Mapping[str, str], options: tuple[str, ...]) -> Toolchain:
    """A toolchain in the environment of a project.

    Raises:
        InfrastructureError: the project has modules of the names of Lean's own, which would be taken for them.
    """
    folders = tuple(dict.fromkeys((*map(Path, searched["LEAN_PATH"].split(os.pathsep)), *toolchain.folders)))
    own = toolchain.folders[-1]
    for folder in folders:
        for name in _LEANS_OWN:
            if folder != own and (module := folder / f"{name}.olean").exists():
                raise InfrastructureError(f"{module} would be taken for Lean's own {name}: remove it")
    home = toolchain.program.parent.parent
    path = os.pathsep.join((str(toolchain.program.parent), toolchain.environment.get("PATH", os.defpath)))
    libraries = os.pathsep.join(str(home / folder) for folder in ("lib/lean", "lib"))  # for the REPL
    environment = {"PATH": path, "LEAN_SYSROOT": str(home), "LD_LIBRARY_PATH": libraries, **searched}
    return toolchain.model_copy(
        update={
            "folders": folders,
            "environment": toolchain.environment | environment,
            "identity": toolchain.identity.model_copy(update={"options": options}),
        }
    )


@dataclass(frozen=True)
class _Lake:
    """A project's Lake, and what it is asked."""

    root: Path
    program: Path
    timeout: float
    sandbox: Sandbox | None

    @property
    def lean(self) -> Path:
        """The Lean that it comes with."""
        return self.program.with_name("lean")

    async def search_path(self) -> dict[str, str]:
        """Where the project's modules and sources are, in Lean's variables."""
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
        if self.sandbox is None:
            return ""
        return "; it ran in a sandbox, which it does not for a project that LEMMATA_LEAN_PROJECT names"

    @property
    def _environment(self) -> dict[str, str]:
        given = passed_on(_PASSED_ON) | _OFFLINE
        return given | {"PATH": os.pathsep.join((str(self.program.parent), given.get("PATH", os.defpath)))}

    async def _run(self, *words: str) -> Finished:
        reads = (self.program.parent, self.program.parent.parent / "lib", *packages(self.root))
        confinement: Confinement | None = self.sandbox and self.sandbox.reading(reads)
        argv = [str(self.program), *words]
        return await run(
            argv, cwd=self.root, env=self._environment, timeout=self.timeout, confinement=confinement
        )


_FETCH: Final = "`lake exe cache get` there fetches them (`lemmata lean setup` does all of it)"


def packages(root: Path) -> tuple[Path, ...]:
    """The folders of a project's dependencies, whether they are here or not.

    Raises:
        MissingError: they were never resolved.
        InfrastructureError: its manifest cannot be read.
    """
    file = root / _MANIFEST
    try:
        manifest = json.loads(file.read_text(encoding="utf-8"))
        fetched = root / manifest.get("packagesDir", _PACKAGES)
        return tuple(_folder(root, fetched, package) for package in manifest.get("packages", ()))
    except FileNotFoundError:
        if _requires(root):
            raise MissingError(f"the dependencies of the Lake project {root} were never resolved: {_FETCH}") from None
        return ()
    except (OSError, ValueError, AttributeError, KeyError, TypeError) as error:
        raise InfrastructureError(f"{file} cannot be read as a manifest of Lake: {error}") from None


def _folder(root: Path, fetched: Path, package: Mapping[str, str]) -> Path:
    return root / package["dir"] if package.get("type") == "path" else fetched / package["name"].strip("«»")


def _depends_on_mathlib(root: Path) -> bool:
    return any(folder.name == "mathlib" for folder in packages(root))


def _requires(root: Path) -> bool:
    """Whether a lakefile speaks of dependencies. Lake would resolve them, over the network."""
    return any("require" in (root / name).read_text(encoding="utf-8") for name in LAKEFILES if (root / name).is_file())


def _lake(root: Path, home: Path | None) -> Path:
    """The Lake of a toolchain's own folder, never elan's."""
    named = elan.pin(root)
    if home is None and named and (folder := elan.installed(named, root, os.environ)):
        home = folder
    if home is not None:
        if not os.access(program := home.absolute() / "bin" / "lake", os.X_OK):
            raise MissingError(f"there is no Lake in {home}: expected {program}")
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


def _agree(root: Path, toolchain: Toolchain) -> None:
    """Refuse a Lean of another version than the project's: it cannot read what was compiled with that."""
    named = elan.pin(root)
    wanted, version = named and elan.pinned_version(named), toolchain.identity.lean_version
    if wanted and version and wanted != version:
        raise MissingError(
            f"the Lake project {root} is pinned to Lean {wanted}, and {toolchain.program} is Lean {version}: "
            f"`elan toolchain install {named}`"
        )
