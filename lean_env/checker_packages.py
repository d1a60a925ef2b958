"""Independent checkers for a toolchain that brings none: packages of the Lake project, at the tag of its Lean.

Whether a repository has that tag is not known before Lake asks for it, and none was ever built in a test: untested. A
package that cannot be had leaves the project as it was.
"""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from lemmata.errors import InfrastructureError
from lemmata.files import write_atomic
from lemmata.lean_env import elan

BROUGHT_FROM: Final = (4, 35, 0)
"""From this Lean on comparator and further kernels come with the toolchain."""
_GITHUB: Final = "https://github.com"


@dataclass(frozen=True)
class Package:
    """A package that builds a program."""

    name: str
    git: str
    program: str

    def program_in(self, root: Path) -> Path:
        """Where a project has the program, once it is built."""
        return root / ".lake" / "packages" / self.name / ".lake" / "build" / "bin" / self.program


@dataclass(frozen=True)
class Packages:
    """What one checker is made of, for one project."""

    checker: str
    needs: str
    """What else it takes, in words."""
    packages: tuple[Package, ...]
    root: Path
    lean: str
    """The tag, which is Lean's version: `v4.30.0`."""

    def are_here(self) -> bool:
        """Whether all are built."""
        return all(os.access(package.program_in(self.root), os.X_OK) for package in self.packages)

    @property
    def require(self) -> str:
        """What asks for them, in a `lakefile.toml`."""
        form = '\n[[require]]\nname = "{}"\ngit = "{}"\nrev = "{}"\n'
        return "".join(form.format(package.name, package.git, self.lean) for package in self.packages)

    async def add(self, do: Callable[[Sequence[str], Path], Awaitable[None]]) -> None:
        """Require and build them; `do` runs a program in a folder. Where that fails the project is as it was.

        Raises:
            InfrastructureError: its lakefile is no `lakefile.toml`, or Lake failed.
        """
        lakefile, manifest = self.root / "lakefile.toml", self.root / "lake-manifest.json"
        if not lakefile.is_file() or (self.root / "lakefile.lean").exists():
            raise InfrastructureError(f"{self.root} has no `lakefile.toml` to which it could be added")
        before = {file: file.read_text(encoding="utf-8") for file in (lakefile, manifest) if file.is_file()}
        built = False
        try:
            if self.require not in before[lakefile]:
                write_atomic(lakefile, before[lakefile] + self.require)
            await do(["lake", "update", *(package.name for package in self.packages)], self.root)
            await do(["lake", "build", *(f"@{p.name}/{p.program}" for p in self.packages)], self.root)
            built = True
        finally:
            if not built:
                for file, text in before.items():
                    write_atomic(file, text)
                if manifest not in before:
                    manifest.unlink(missing_ok=True)


def brought(lean: str) -> bool:
    """Whether a Lean (`v4.35.0`) brings checkers of its own."""
    return elan.release(lean)[:3] >= BROUGHT_FROM


def packages(root: Path, lean: str, *, mathlib: bool) -> tuple[Packages, ...]:
    """The checkers that can be had for a Lean. SafeVerify is built on Mathlib, and left out where that is not here."""
    comparator = Package("Comparator", f"{_GITHUB}/leanprover/comparator", "comparator")
    export = Package("lean4export", f"{_GITHUB}/leanprover/lean4export", "lean4export")
    safe = Package("SafeVerify", f"{_GITHUB}/GasStationManager/SafeVerify", "safe_verify")
    made = [Packages("comparator", "with landrun and git on the PATH", (comparator, export), root, lean)]
    if mathlib:
        made.append(Packages("SafeVerify", "on Mathlib", (safe,), root, lean))
    return tuple(made)
