"""Independent checkers: those that are here, and asking them.

A program counts only if it was built with the very Lean that compiled the modules: by its place in the toolchain, or
by the `lean-toolchain` of the package that it was built in.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from lemmata.lean_env import comparator, external_kernel, safe_verify
from lemmata.lean_env.agreement import (
    Agreement,
    Case,
    Control,
    IndependentChecker,
    Stance,
    ask_all,
    confirmed,
    refusal,
)
from lemmata.lean_env.export import Exporter
from lemmata.lean_env.toolchain import Toolchain

__all__ = [
    "Agreement",
    "Case",
    "Control",
    "Found",
    "IndependentChecker",
    "Stance",
    "ask_all",
    "confirmed",
    "find_checkers",
    "refusal",
]

_PIN: Final = re.compile(r"v?(\d+\.\d+\.\d+\S*)\s*$")


@dataclass(frozen=True)
class Found:
    """The independent checkers of one toolchain."""

    checkers: tuple[IndependentChecker, ...] = ()
    """In the order in which they are asked."""
    remarks: tuple[str, ...] = ()
    """What is here and cannot be used, and why."""


def find_checkers(
    toolchain: Toolchain, project: Path | None = None, kernels: Mapping[str, Sequence[str]] | None = None
) -> Found:
    """Look for independent checkers in the toolchain, in the project's packages and on the PATH.

    Args:
        toolchain: the Lean that compiles what is judged.
        project: the Lake project in use, if any.
        kernels: commands of further kernels by name, as configured (`verify.external_kernels`).
    """
    return _Search(toolchain, project, kernels or {}).found()


@dataclass
class _Search:
    toolchain: Toolchain
    project: Path | None
    kernels: Mapping[str, Sequence[str]]
    remarks: list[str] = field(default_factory=list)

    def found(self) -> Found:
        exporter = self._exporter()
        made = [self._comparator(exporter), self._safe_verify(), *self._kernels(exporter)]
        return Found(tuple(c for c in made if c is not None), tuple(self.remarks))

    @property
    def _bin(self) -> Path:
        return self.toolchain.program.parent

    def _bundled(self, name: str) -> Path | None:
        program = self._bin / name
        return program if os.access(program, os.X_OK) and program.is_file() else None

    def _installed(self, name: str) -> tuple[Path, str] | None:
        """A program from the project's packages or the PATH, if the same Lean built it; remarks on what is not."""
        places = self.project.glob(f".lake/packages/*/.lake/build/bin/{name}") if self.project else ()
        path = shutil.which(name)
        for program in (*sorted(places), *([Path(path)] if path else [])):
            version, ours = pinned(program), self.toolchain.identity.lean_version
            if version is not None and version == ours:
                return program, version
            built = f"was built with Lean {version}" if version else "does not say which Lean it was built with"
            self.remarks.append(f"{program} is not used: it {built}, and what is judged is of Lean {ours}")
        return None

    def _exporter(self) -> Exporter | None:
        if own := self._bundled("leanexport"):
            return Exporter(own, self.toolchain.identity.lean_version)
        installed = self._installed("lean4export")
        return Exporter(*installed) if installed else None

    def _comparator(self, exporter: Exporter | None) -> IndependentChecker | None:
        lake = self._bundled("lake")
        if lake and exporter and self._bundled("leanexport"):
            return comparator.ToolchainComparator(lake, exporter)
        if not (installed := self._installed(comparator.NAME)):
            return None
        if lake is None or self.project is None:
            self.remarks.append(f"{installed[0]} is not used: it works in a Lake project only")
            return None
        if lacking := comparator.lacks():
            self.remarks.append(f"{installed[0]} is not used: it needs {' and '.join(lacking)} on the PATH")
            return None
        return comparator.ProjectComparator(*installed, lake=lake, project=self.project)

    def _safe_verify(self) -> IndependentChecker | None:
        installed = self._installed("safe_verify")
        return safe_verify.SafeVerify(*installed) if installed else None

    def _kernels(self, exporter: Exporter | None) -> list[IndependentChecker]:
        commands = {n: tuple(c) for n, c in self.kernels.items()}
        for name, (program, *words) in external_kernel.BUNDLED.items():
            if name not in commands and (own := self._bundled(program)) and self._bundled("leanexport"):
                commands[name] = (str(own), *words)
        if commands and exporter is None:
            named = ", ".join(commands)
            self.remarks.append(f"{named}: not used, there is no `lean4export` of Lean {self._lean} to export for it")
            return []
        return [external_kernel.ExternalKernel(n, c, exporter) for n, c in commands.items() if exporter]

    @property
    def _lean(self) -> str:
        return self.toolchain.identity.lean_version or "an unknown version"


def pinned(program: Path) -> str | None:
    """The Lean that a program was built with, by the `lean-toolchain` of the package around it; None if none says."""
    for folder in program.resolve().parents:
        pin = folder / "lean-toolchain"
        if pin.is_file():
            found = _PIN.search(pin.read_text(encoding="utf-8", errors="replace"))
            return found[1] if found else None
    return None
