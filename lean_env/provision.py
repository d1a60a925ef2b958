"""The REPL's program for a project: the one that is named, the one the project was built with, or one made for it.

lean-interact (the extra `lean`) makes one: it clones its REPL at the tag of the project's Lean and builds it with Lake.
Its configuration is used here, not its servers. lean-interact 0.11.6 was tried with a repository on disk in place of
its own and a stand-in for Lake; cloning over the network and the build itself are untested. What becomes of a clone
that failed, of a build that fails or hangs, and of a REPL that is already there is tested against a stand-in.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

from lemmata.errors import InfrastructureError, MissingError
from lemmata.lean_env import elan
from lemmata.lean_env.cache import cache_folder
from lemmata.lean_env.extras import how_to_get
from lemmata.lean_env.process import run
from lemmata.lean_env.project import Project
from lemmata.lean_env.provision_program import NOT_INSTALLED
from lemmata.lean_env.toolchain import passed_on

BUILD_SECONDS: Final = 1800.0
_PROGRAM: Final = Path(__file__).with_name("provision_program.py")
_BUILT: Final = Path(".lake", "build", "bin", "repl")
_PASSED_ON: Final = (
    *("PATH", "HOME", "USER", "LANG", "TMPDIR", "ELAN_HOME", "PYTHONPATH", "SSL_CERT_FILE", "SSL_CERT_DIR"),
    *(name for plain in ("http_proxy", "https_proxy", "no_proxy", "all_proxy") for name in (plain, plain.upper())),
)


def find_repl(project: Project, named: Path | None = None) -> Path | None:
    """The REPL's program for a project: `named`, else `$LEMMATA_LEAN_REPL`, else the project's own, else one made here.

    Raises:
        MissingError: the one that was named cannot be run, or belongs to another Lean.
    """
    named = named or (Path(value) if (value := os.environ.get("LEMMATA_LEAN_REPL")) else None)
    if named is None:
        return project.repl or _made(project)
    program = named.expanduser().absolute()
    if not os.access(program, os.X_OK) or program.is_dir():
        raise MissingError(f"there is no REPL that can be run at {program} (lean.repl, LEMMATA_LEAN_REPL)")
    pinned, version = _pin(program), project.toolchain.identity.lean_version
    if pinned and elan.pinned_version(pinned) not in (None, version):
        raise MissingError(
            f"the REPL at {program} is of {pinned}, and the Lake project {project.root} of Lean {version}: "
            "build the REPL with the project's Lean"
        )
    return program


async def build_repl(
    project: Project, *, timeout: float = BUILD_SECONDS, progress: Callable[[str], None] | None = None
) -> Path:
    """Build the REPL that matches a project's Lean, where it is not there yet; over the network, on the user's word.

    Args:
        project: what the REPL is for.
        timeout: wall-clock seconds.
        progress: told in words what is waited for.

    Raises:
        MissingError: lean-interact is not installed.
        InfrastructureError: it could not be cloned or built, or took too long.
    """
    if (program := find_repl(project)) is not None:
        return program
    _sweep(folder := repl_folder())
    if progress:
        progress(f"building the REPL of Lean {project.toolchain.identity.lean_version} in {folder}")
    lake = project.toolchain.program.with_name("lake")
    finished = await run(
        [sys.executable, "-P", _PROGRAM, project.root, folder, lake],  # -P: its neighbours are no modules for it
        cwd=project.root,
        env=passed_on(_PASSED_ON),
        timeout=timeout,
    )
    if finished.returncode == NOT_INSTALLED:
        raise MissingError(f"a REPL is built with lean-interact, which is not installed: {how_to_get('lean')}")
    if finished.returncode != 0:
        how = f"no end within {timeout:.0f} s" if finished.timed_out else f"exit code {finished.returncode}"
        said = (finished.stderr or finished.stdout).strip()[-500:]
        raise InfrastructureError(f"building the REPL failed ({how}): {said}\n  by hand: {BY_HAND}")
    if (program := _made(project)) is None:
        none = f"lean-interact built a REPL, but {folder} holds none for {project.root}"
        raise InfrastructureError(f"{none}\n  by hand: {BY_HAND}")
    return program


BY_HAND: Final = (
    "clone https://github.com/leanprover-community/repl at the tag of the project's Lean, run `lake build` "
    "there, and set LEMMATA_LEAN_REPL to its .lake/build/bin/repl"
)
"""What to do where no REPL can be made."""


def repl_folder() -> Path:
    """Where REPLs that were made here are; it need not exist."""
    return cache_folder() / "repl"


def _made(project: Project) -> Path | None:
    """The newest one made here for the project's Lean. lean-interact names the folder by REPL and Lean version."""
    version = project.toolchain.identity.lean_version
    found = [folder / _BUILT for folder in repl_folder().glob(f"*/*/repl_*_lean-toolchain-v{version}")]
    built = [program for program in found if os.access(program, os.X_OK)]
    return max(built, key=lambda program: program.stat().st_mtime, default=None)


def _pin(program: Path) -> str | None:
    """What the project that a REPL was built in (`.lake/build/bin/repl` of it) is pinned to."""
    return next((named for folder in program.resolve().parents[:4] if (named := elan.pin(folder))), None)


def _sweep(folder: Path) -> None:
    """Remove clones that failed: lean-interact would take what is left of them for a repository."""
    folder.mkdir(parents=True, exist_ok=True)
    for clone in folder.glob("*/*/repl_clean_copy"):
        if not (clone / ".git" / "HEAD").is_file():
            shutil.rmtree(clone, ignore_errors=True)
