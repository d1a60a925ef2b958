"""The interface between the verifier and what judges compiled modules: the inspectors.

An inspector looks at what Lean compiled, as data, and runs nothing of it. It trusts the toolchain's library and no
message. What it cannot find out it says; it never guesses.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple, Protocol

from lemmata.domain import Model
from lemmata.lean_env.process import Confinement
from lemmata.lean_env.terms import Name
from lemmata.lean_env.toolchain import Toolchain


class Module(NamedTuple):
    """The files of one compiled module, in a folder that holds nothing else of that name."""

    olean: Path
    server: Path | None = None
    """`.olean.server`, where Lean wrote one (module system)."""
    private: Path | None = None
    """`.olean.private`, where Lean wrote one (module system): proofs are in it."""

    @property
    def files(self) -> tuple[Path, ...]:
        """All that are there."""
        return tuple(file for file in self if file is not None)

    @classmethod
    def at(cls, olean: Path) -> Module:
        """The module of an `.olean`, with what lies beside it."""
        server, private = (olean.with_name(f"{olean.name}.{part}") for part in ("server", "private"))
        return cls(olean, server if server.is_file() else None, private if private.is_file() else None)


@dataclass(frozen=True)
class JudgeCase:
    """What is to be judged. Challenge and submission were compiled apart, under the same module name."""

    toolchain: Toolchain
    """Its library is what both import; its kernel replays."""
    module: str
    """The name of both modules, e.g. `Main`."""
    challenge: Module | None
    """Its statements count, whatever their proofs; None compares nothing."""
    submission: Module
    targets: tuple[Name, ...]
    """Full names of the theorems that are asked for, none twice; at least one."""
    allow: tuple[Name, ...]
    """Axioms that the targets may rest on. One that the submission declares itself counts only if the challenge
    declares the same."""
    timeout: float
    """Wall-clock seconds that are left."""
    answers: tuple[Name, ...] = ()
    """Definitions of the submission whose axioms count as a proof's do: the answers that it gives."""
    confinement: Confinement | None = None
    """What keeps a process that reads the submission away from the rest of the machine."""


class JudgeStatus(StrEnum):
    """How a judgement ended."""

    OK = "ok"
    """All targets are theorems, state what the challenge does, rest on allowed axioms; what was replayed passed."""
    REFUSED = "refused"
    UNFIT = "unfit"
    """The challenge states nothing that could be compared: a target is not there or is no theorem, or its statement
    rests on `sorryAx`. Nothing is said of the submission."""
    TIMEOUT = "timeout"
    CRASHED = "crashed"
    UNSUPPORTED = "unsupported"
    """This inspector cannot read these modules."""


class Finding(Model):
    """What was found of one target."""

    name: str
    """As Lean prints it."""
    kind: str | None
    """`theorem`, `axiom`, `def` ...; None where it is not there."""
    same_statement: bool | None
    """Whether it states what the challenge does, all that the statement uses included; None: not compared."""
    axioms: tuple[str, ...]
    """All that it rests on, sorted, as Lean prints them."""


class Judgement(Model):
    """What an inspector says of a case."""

    status: JudgeStatus
    by: str
    """Who judged, in words: `lemmata`, `Lean 4.35.0`."""
    findings: tuple[Finding, ...] = ()
    """One for each target where the status is ok; maybe fewer else."""
    replayed: int | None = None
    """How many declarations passed the kernel again; None where no replay could be had."""
    kernel: str | None = None
    """What replayed them, in words: `the kernel of Lean 4.35.0`, `leanchecker`; why nothing did where `replayed` is
    None."""
    reasons: tuple[str, ...] = ()
    """Everything wrong, in words; empty where the status is ok."""


class Inspector(Protocol):
    """Judges compiled modules."""

    async def lacks(self, toolchain: Toolchain, imports: Sequence[str]) -> str | None:
        """Why it cannot judge modules of this toolchain with these imports, in words; None where it can.

        It is asked before anything is compiled and must be quick.
        """
        ...

    async def inspect(self, case: JudgeCase) -> Judgement:
        """Judge a case. Whatever is wrong with it is data; a time-out or crash of the inspector's own as well.

        Cancelling it ends its processes.

        Raises:
            InfrastructureError: no process can be started.
        """
        ...
