"""How elan comes to a machine: by its official installer for one user, or by the distribution's package for all."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from typing import Final, Literal

from lemmata.errors import InfrastructureError, UsageError
from lemmata.lean_env import elan
from lemmata.lean_env.process import run
from lemmata.lean_env.scratch import scratch

Way = Literal["installer", "distribution"]
"""The official installer, which changes the user's own folders; or the package, which is there for everybody."""
INSTALLER: Final = "https://elan.lean-lang.org/elan-init.sh"
PACKAGE: Final = ("apt-get", "install", "--yes", "elan")
OLDEST: Final = (3, 1, 1)
"""Lean's own tools ask for this or newer. Debian 12 has 1.4.2, Debian 13 has 3.1.1."""
_SECONDS: Final = 10.0
_VERSION: Final = re.compile(r"(?:elan|Candidate:) (\d+\.\d+\.\d+)")


def offers_package() -> bool:
    """Whether a package of the distribution can be installed: by root, and where packages are Debian's."""
    return os.geteuid() == 0 and shutil.which(PACKAGE[0]) is not None


def insist(way: Way) -> None:
    """Refuse a way that is not open.

    Raises:
        UsageError: it asks for the package where none can be installed.
    """
    if way == "distribution" and not offers_package():
        lacking = f"there is no `{PACKAGE[0]}`" if os.geteuid() == 0 else "only root installs packages"
        raise UsageError(f"--elan distribution: {lacking}; --elan installer needs neither")


def words(way: Way) -> str:
    """What a way changes, and with what command."""
    if way == "distribution":
        return f"the distribution's package, for the whole machine, as root: `{' '.join(PACKAGE)}`"
    home = elan.elan_home(os.environ)
    return f"the official installer, for you alone, into {home} (adds itself to the PATH in ~/.profile)"


def by_hand(way: Way) -> str:
    """What to do where it fails."""
    return "--elan installer" if way == "distribution" else f"download {INSTALLER} and run it with sh"


async def install(way: Way, do: Callable[[Sequence[str], Path], Awaitable[None]]) -> None:
    """Install elan; `do` runs a program in a folder.

    Raises:
        InfrastructureError: a program failed.
    """
    if way == "distribution":
        await do(PACKAGE, Path("/"))
        return
    with scratch() as folder:
        await do(("curl", "-sSfL", INSTALLER, "-o", "elan-init.sh"), Path(folder))
        await do(("sh", "elan-init.sh", "-y", "--default-toolchain", "none"), Path(folder))


async def age(way: Way, environment: Mapping[str, str]) -> str | None:
    """Whether the elan that is here, or else the package that is to be, is too old, in words."""
    here = elan.find_program("elan", environment)
    if here is None and way == "installer":
        return None
    said = await _said((str(here), "--version") if here else ("apt-cache", "policy", "elan"), environment)
    found = _VERSION.search(said)
    if found is None or elan.release(found[1])[:3] >= OLDEST:
        return None
    whose = f"elan at {here}" if here else "the distribution's elan"
    oldest = ".".join(map(str, OLDEST))
    return f"{whose} is {found[1]}, and Lean's own tools ask for {oldest} or newer: {_newer(here)}"


def _newer(here: Path | None) -> str:
    return "see `elan self update`" if here else "--elan installer gets the newest"


async def _said(argv: Sequence[str], environment: Mapping[str, str]) -> str:
    try:
        finished = await run(argv, cwd=Path("/"), env=environment, timeout=_SECONDS)
    except InfrastructureError:
        return ""
    return finished.stdout
