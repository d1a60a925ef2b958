"""The interface between the verifier and a Lean that compiles."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple, Protocol

from lemmata.domain import CheckResult
from lemmata.lean_env.process import Confinement
from lemmata.lean_env.toolchain import Toolchain


class CompileResult(NamedTuple):
    """A compiled module, and what Lean said while it compiled."""

    olean: Path | None
    """None unless the status is ok or holes."""
    result: CheckResult


class Compiler(Protocol):
    """Something that compiles Lean text with a toolchain of its own."""

    @property
    def toolchain(self) -> Toolchain:
        """What it runs."""
        ...

    @property
    def sandbox(self) -> str:
        """What it runs it in: `bubblewrap`, `landlock` or `none`."""
        ...

    @property
    def confinement(self) -> Confinement | None:
        """What keeps it away from the rest of the machine, if anything; what reads compiled modules runs in it too."""
        ...

    async def compile(self, text: str, folder: Path, module: str = ..., timeout: float = ...) -> CompileResult:
        """Compile a text to an `.olean` in a folder, in a fresh process; see `CliChecker.compile`."""
        ...
