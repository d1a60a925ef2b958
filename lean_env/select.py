"""Which checker takes a file, and why: what `--checker auto|embedded|cli` means."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final, Literal, NamedTuple

from lemmata.configs.schema import KiminaConfig, LeanConfig
from lemmata.errors import InfrastructureError, MissingError
from lemmata.lean_env import embedded
from lemmata.lean_env.checker import Checker
from lemmata.lean_env.cli import CliChecker
from lemmata.lean_env.compiler import Compiler
from lemmata.lean_env.embedded import core_library
from lemmata.lean_env.scratch import sweep
from lemmata.lean_env.toolchain import Toolchain, find_toolchain

CheckerKind = Literal["auto", "embedded", "cli", "repl", "kimina"]
SPARES: Final = 2
"""Enough for checks one after the other: one serves while the next gets ready (15 MB each, most of Lean is shared)."""
_PROVIDED: Final = (
    "a Lean toolchain that has it: start from its Lake project with `lake env`, which puts its modules on LEAN_PATH"
)


class Selected(NamedTuple):
    """A checker, and in words why it was taken."""

    checker: Checker
    """What takes texts while a proof is looked for."""
    compiler: Compiler | None
    """What compiles for the verifier; None where only a server is here."""
    why: str

    async def aclose(self) -> None:
        """Release what the checker holds."""
        await self.checker.aclose()


async def select_checker(
    kind: CheckerKind = "auto",
    *,
    imports: Sequence[str] = (),
    near: Path | None = None,
    lean: LeanConfig | None = None,
    kimina: KiminaConfig | None = None,
    slots: asyncio.Semaphore | None = None,
    spares: int = SPARES,
    progress: Callable[[str], None] | None = None,
) -> Selected:
    """A checker that has what a file imports.

    `cli` is the toolchain in `lean_home`, `$LEMMATA_LEAN_HOME` or on PATH. `auto` is that toolchain if it has all the
    imports, else the embedded Lean if it has.

    Args:
        kind: which.
        imports: the modules that the file imports.
        near: the folder of the target, where a Lake project is looked for, upwards.
        lean: how Lean is run; by default as it is where nothing is configured.
        kimina: servers that check.
        slots: how many checks may run at once; see `CliChecker`.
        spares: how many processes are started ahead; see `CliChecker`.
        progress: told in words when there is something to wait for.

    Raises:
        MissingError: no checker of that kind is here, or none has an import; the message names it and says what would
            provide it.
        InfrastructureError: the checker is here but broken.
    """
    config = lean or LeanConfig()

    def taken(toolchain: Toolchain, why: str) -> Selected:
        checker = CliChecker(toolchain, slots=slots, memory_mb=config.memory_mb, spares=spares)
        return Selected(checker, checker, why)

    await asyncio.to_thread(sweep)
    refusals = []
    if kind != "embedded":
        try:
            toolchain = await find_toolchain(config.home)
            if not (lacks := toolchain.lacks(imports)):
                return taken(toolchain, f"{toolchain.identity.description} at {toolchain.program} {_has(imports)}")
            refusals.append(f"{toolchain.identity.description} at {toolchain.program} does not have {_list(lacks)}")
        except InfrastructureError as error:
            if kind == "cli" or _asked_for(config.home):
                raise
            refusals.append(str(error))
    if kind != "cli":
        core = core_library.modules()
        if lacks := tuple(name for name in imports if name not in core):
            refusals.append(f"the embedded core does not have {_list(lacks)}")
        elif missing := embedded.available():
            refusals.append(missing)
        else:
            toolchain = await embedded.prepare(progress=progress)
            why = "was asked for" if kind == "embedded" else f"{_has(imports)} ({refusals[0]})"
            return taken(toolchain, f"{toolchain.identity.description} {why}")
    raise MissingError(_nothing(imports, refusals))


def _asked_for(home: Path | None) -> bool:
    return home is not None or bool(os.environ.get("LEMMATA_LEAN_HOME"))


def _has(imports: Sequence[str]) -> str:
    return f"has what the file imports ({_list(imports)})" if imports else "takes files without imports"


def _list(names: Sequence[str]) -> str:
    return ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")


def _nothing(imports: Sequence[str], refusals: list[str]) -> str:
    what = f"has what the file imports ({_list(imports)})" if imports else "can be used"
    how = f"; what would: {_PROVIDED}" if imports else ""
    return f"no checker here {what}: {'; '.join(refusals)}{how}"
