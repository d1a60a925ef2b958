"""Which toolchain a project is pinned to, and where elan keeps it. Elan is never run: nothing is downloaded unseen."""

from __future__ import annotations

import os
import re
import shutil
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Final

PIN: Final = "lean-toolchain"
ORIGIN: Final = "leanprover/lean4"
_VERSION: Final = re.compile(r"v?(\d+\.\d+\.\d+\S*)")


def pin(root: Path) -> str | None:
    """What a project's `lean-toolchain` names (`leanprover/lean4:v4.27.0`); None where it has none."""
    try:
        named = (root / PIN).read_text(encoding="utf-8").strip()
    except (OSError, ValueError):
        return None
    return named or None


def pinned_version(named: str) -> str | None:
    """The version in a pin (`4.27.0`); None where it names a channel, a folder or something of the user's own."""
    match = _VERSION.fullmatch(named.rpartition(":")[2])
    return match[1] if match else None


def elan_home(environment: Mapping[str, str]) -> Path:
    """Elan's folder: `$ELAN_HOME`, else `~/.elan`."""
    return Path(environment.get("ELAN_HOME") or Path.home() / ".elan")


def installed(named: str, root: Path | None, environment: Mapping[str, str]) -> Path | None:
    """The folder of the toolchain that a pin names; None where it is not here.

    Args:
        named: the pin.
        root: the folder that a pin which is a path is seen from; None where a path will not do.
        environment: where elan's folder is named.
    """
    toolchains = elan_home(environment) / "toolchains"
    names = (n.replace("/", "--").replace(":", "---") for n in _spellings(named) if n.strip("."))
    if folder := next((f for name in names if (f := toolchains / name).is_dir()), None):
        return folder.resolve()
    if root is None or "/" not in named or not (root / named / "bin").is_dir():
        return None
    return (root / named).resolve()


def _spellings(named: str) -> tuple[str, ...]:
    """Elan takes a version without its origin, and without its `v`."""
    version = pinned_version(named)
    if version is None:
        return (named,)
    origin = named.rpartition(":")[0] or ORIGIN
    return named, f"{origin}:v{version}", f"{origin}:{version}"


def is_shim(program: Path, environment: Mapping[str, str]) -> bool:
    """Whether a `lean` or `lake` is elan in disguise: run, it may download a toolchain first."""
    if program.resolve().name == "elan" or program.parent.resolve() == (elan_home(environment) / "bin").resolve():
        return True
    return (program.parent / "elan").exists()


def find_program(name: str, environment: Mapping[str, str]) -> Path | None:
    """A program on the PATH of an environment."""
    found = shutil.which(name, path=environment.get("PATH", os.defpath))
    return Path(found).absolute() if found else None


def default(environment: Mapping[str, str]) -> Path | None:
    """The folder of the toolchain that elan takes outside of projects, as far as it is installed.

    A channel (`stable`) stands for the newest release that is here: elan would look for a newer one.
    """
    home = elan_home(environment)
    named = environment.get("ELAN_TOOLCHAIN") or _setting(home / "settings.toml")
    if named and (folder := installed(named, home, environment)):
        return folder
    here = [f for f in (home / "toolchains").glob("leanprover--lean4---v*") if f.is_dir()]
    newest = max(here, key=lambda folder: release(folder.name.rpartition("---v")[2]), default=None)
    return newest.resolve() if newest and (named is None or pinned_version(named) is None) else None


def release(version: str) -> tuple[int, int, int, bool, str]:
    """The place of a version among others: `4.9.0` before `4.27.0-rc1` before `4.27.0`. Zeros for what is none."""
    match = re.match(r"v?(\d+)\.(\d+)\.(\d+)(.*)", version)
    if match is None:
        return 0, 0, 0, False, version
    return int(match[1]), int(match[2]), int(match[3]), not match[4], match[4]


def _setting(file: Path) -> str | None:
    try:
        named = tomllib.loads(file.read_text(encoding="utf-8")).get("default_toolchain")
    except (OSError, ValueError):
        return None
    return named if isinstance(named, str) and named else None
