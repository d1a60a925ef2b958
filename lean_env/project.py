"""A Lake project: where it is, which Lean it is pinned to, and the environment and options that Lake gives its files.

Lake is asked once; after that `lean` and the REPL are run directly. Loading a project runs its lakefile, which is code
and may have come with a file that is to be judged: Lake can be confined, and of its answer only the search path and the
options are taken. Nothing is downloaded: what is not here is named, with the command that gets it.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from lemmata.configs.schema import LeanConfig, SandboxChoice
from lemmata.domain import Model
from lemmata.errors import InfrastructureError, MissingError
from lemmata.lean_env import elan, lean_options
from lemmata.lean_env.lake import LAKEFILES, Lake, find_lake
from lemmata.lean_env.sandbox import find_sandbox
from lemmata.lean_env.toolchain import Toolchain, ask_toolchain, listed, passed_on

LAKE_SECONDS: Final = 60.0
"""A lakefile that was changed is elaborated first, and those of all its dependencies."""
HOME: Final = Path("~/.lemmata/lean")
"""Where `lemmata lean setup` makes a project."""
_MANIFEST: Final = "lake-manifest.json"
_PACKAGES: Final = ".lake/packages"
_FOR_LEAN: Final = ("PATH", "HOME", "TMPDIR")
_BY_NAME: Final = " (lean.project, LEMMATA_LEAN_PROJECT)"
_LEANS_OWN: Final = ("Init", "Std", "Lean")


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
            return f"the Lake project {self.root} does not have {listed(missing)}"
        how = "`lake exe cache get` and `lake build`" if _depends_on_mathlib(self.root) else "`lake build`"
        return f"{listed(unbuilt)} of the Lake project {self.root} is not built: run {how} there"

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
            raise MissingError(f"the Lake project {root}{_BY_NAME} is not there, or cannot be read")
        if not is_project(root):
            raise MissingError(f"{root}{_BY_NAME} is no Lake project: expected {' or '.join(LAKEFILES)} in it")
        return root
    around = () if near is None else (near.absolute(), *near.absolute().parents)
    return next((folder for folder in (*around, HOME.expanduser()) if is_project(folder)), None)


def is_named(root: Path, config: LeanConfig) -> bool:
    """Whether the user named a project, or set it up: one that was only found beside a file may have come with it."""
    named = config.project is not None or bool(os.environ.get("LEMMATA_LEAN_PROJECT"))
    return named or root == HOME.expanduser()


def sandbox_for(root: Path, config: LeanConfig) -> SandboxChoice:
    """What a project's Lake runs in: as Lean itself, but nothing where the user named or set up the project."""
    return "off" if is_named(root, config) else config.sandbox


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
        sandbox: what Lake runs in; it writes to the project's folder in any case. Unless it is `off`, the project may
            not bring a toolchain of its own.
        timeout: wall-clock seconds for each of Lake's answers.

    Raises:
        MissingError: its toolchain, Lake, or a dependency is not here; says how to get it.
        InfrastructureError: Lake fails, does not answer, or answers something else.
        ConfigError: an impossible option was set.
    """
    given = None if options is None else lean_options.asked(options)
    missing = [folder.name for folder in packages(root) if not folder.is_dir()]
    if missing:
        raise MissingError(f"dependencies of the Lake project {root} are not here: {listed(missing)}; {_FETCH}")
    program = find_lake(root, home, trusted=sandbox == "off")
    confined = await find_sandbox(sandbox)
    reads = (program.parent, program.parent.parent / "lib", *packages(root))
    lake = Lake(root, program, timeout, confined and confined.reading(reads))
    toolchain = await ask_toolchain(lake.lean, passed_on(_FOR_LEAN), timeout=timeout)
    _agree(root, toolchain)
    searched = await lake.search_path()
    chosen, notes = await lake.options() if given is None else (given, ())
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
            for module in (folder / f"{name}.olean", folder / name):
                if folder != own and module.exists():
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
    here = [root / name for name in LAKEFILES if (root / name).is_file()]
    try:
        return any("require" in file.read_text(encoding="utf-8", errors="replace") for file in here)
    except OSError as error:
        raise InfrastructureError(f"the lakefile of {root} cannot be read: {error.strerror}") from None


def _agree(root: Path, toolchain: Toolchain) -> None:
    """Refuse a Lean of another version than the project's: it cannot read what was compiled with that."""
    named = elan.pin(root)
    wanted, version = named and elan.pinned_version(named), toolchain.identity.lean_version
    if wanted and version and wanted != version:
        raise MissingError(
            f"the Lake project {root} is pinned to Lean {wanted}, and {toolchain.program} is Lean {version}: "
            f"`elan toolchain install {named}`"
        )
