"""Which checker takes a file, and why: what `--checker auto|embedded|cli|repl|kimina` means."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, NamedTuple

from lemmata.configs.schema import CheckerChoice, KiminaConfig, LeanConfig
from lemmata.errors import InfrastructureError, MissingError
from lemmata.lean_env import embedded
from lemmata.lean_env.checker import Checker
from lemmata.lean_env.cli import CliChecker
from lemmata.lean_env.compiler import Compiler
from lemmata.lean_env.embedded import core_library
from lemmata.lean_env.kimina import kimina_checker
from lemmata.lean_env.lean_options import PUTNAMBENCH, asked, kept, of_lakefile, spelled
from lemmata.lean_env.pool import ReplPool
from lemmata.lean_env.project import find_project, is_named, open_project, sandbox_for
from lemmata.lean_env.provision import find_repl
from lemmata.lean_env.repl import ReplSpec
from lemmata.lean_env.sandbox import confine
from lemmata.lean_env.scratch import sweep
from lemmata.lean_env.slots import default_slots, process_mb
from lemmata.lean_env.toolchain import Toolchain, find_toolchain, listed

CheckerKind = CheckerChoice
SPARES: Final = 2
"""Enough for checks one after the other: one serves while the next gets ready (15 MB each, most of Lean is shared)."""
_SET_UP: Final = frozenset({"Mathlib", "Batteries", "Aesop", "Qq", "ProofWidgets", "Plausible", "Lean", "Std"})
"""Whose modules `lemmata lean setup` brings."""


class Selected(NamedTuple):
    """A checker, and in words why it was taken."""

    checker: Checker
    """What takes texts while a proof is looked for."""
    compiler: Compiler | None
    """What compiles for the verifier; None where only a server is here."""
    why: str
    project: Path | None = None
    """The Lake project that it belongs to, if any."""
    passed_over: bool = False
    """Whether something that was configured, or is here and broken, could not be used; `why` says what."""

    async def aclose(self) -> None:
        """Release what the checker and the compiler hold."""
        await self.checker.aclose()
        if isinstance(self.compiler, CliChecker) and self.compiler is not self.checker:
            await self.compiler.aclose()


@dataclass(frozen=True)
class _Wanted:
    """What a file needs, and what is set."""

    kind: CheckerKind
    imports: tuple[str, ...]
    near: Path | None
    lean: LeanConfig
    kimina: KiminaConfig
    slots: asyncio.Semaphore
    spares: int
    progress: Callable[[str], None] | None

    @property
    def what(self) -> str:
        named = listed(self.imports, 5)
        return f"has what the file imports ({named})" if named else "takes files without imports"


@dataclass(frozen=True)
class _Refusal:
    """Why something was not taken."""

    why: str
    lacks: tuple[str, ...] = ()
    """The imports that it does not have."""
    tell: bool = False
    """Whether it was configured, or is here and broken: its user counts on it."""


_Source = Callable[[_Wanted], Awaitable[Selected | _Refusal]]


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

    `auto` is the first of these that has it: a Lake project (its REPL where there is one, else its `lean`), a Kimina
    server, a bare toolchain, the embedded Lean. `cli` is the `lean` of a project, else of a toolchain; `repl` and
    `kimina` are what they say.

    Args:
        kind: which.
        imports: the modules that the file imports.
        near: the folder of the target, where a Lake project is looked for, upwards.
        lean: how Lean is run; by default as it is where nothing is configured.
        kimina: servers that check.
        slots: how many checks may run at once, shared with whoever else holds it; by default what memory and cores
            allow.
        spares: how many processes are started ahead; see `CliChecker`.
        progress: told in words when there is something to wait for.

    Raises:
        MissingError: no checker of that kind is here, or none has an import; the message names it and says what would
            provide it. Or a sandbox is required and does not work here.
        InfrastructureError: the checker is here but broken.
        ConfigError: an impossible option of Lean is set.
    """
    config = lean or LeanConfig()
    wanted = _Wanted(
        kind=kind,
        imports=tuple(imports),
        near=near,
        lean=config,
        kimina=kimina or KiminaConfig(),
        slots=slots or asyncio.Semaphore(config.slots or default_slots(process_mb(imports))),
        spares=spares,
        progress=progress,
    )
    await asyncio.to_thread(sweep)
    refusals: list[_Refusal] = []
    for source in _SOURCES[kind]:
        found = await source(wanted)
        if isinstance(found, Selected):
            told = any(refusal.tell for refusal in refusals)
            return found._replace(why=_explained(found.why, refusals), passed_over=told)
        refusals.append(found)
    raise MissingError(_nothing(wanted, refusals))


async def _of_project(wanted: _Wanted) -> Selected | _Refusal:
    """The REPL or the `lean` of a Lake project. One that was named must work."""
    config = wanted.lean
    named = config.project is not None or bool(os.environ.get("LEMMATA_LEAN_PROJECT"))
    try:
        if (root := find_project(config.project, wanted.near)) is None:
            return _Refusal("there is no Lake project around the file, nor in ~/.lemmata/lean")
        sandbox = sandbox_for(root, config)
        project = await open_project(root, home=config.home, options=config.options, sandbox=sandbox)
        if not is_named(root, config):
            beside = project.toolchain.model_copy(update={"beside": True})
            project = project.model_copy(update={"toolchain": beside})
        lack = project.lacks(wanted.imports)
    except InfrastructureError as error:
        if named or wanted.kind == "repl":
            raise
        return _Refusal(str(error), tell=not isinstance(error, MissingError))
    if lack:
        return _Refusal(lack, project.toolchain.lacks(wanted.imports), tell=named)
    repl = None if wanted.kind == "cli" else find_repl(project, config.repl)
    if wanted.kind == "repl" and repl is None:
        how = "`lemmata lean setup` builds one, LEMMATA_LEAN_REPL names one"
        return _Refusal(f"the Lake project {root} has no REPL: {how}")
    where = f"{project.toolchain.identity.description} of the Lake project {root}"
    why = "; ".join((f"{where} {wanted.what}", *project.notes))
    if repl is None:
        return (await _taken(wanted, project.toolchain, why, (root,)))._replace(project=root)
    return (await _warm(wanted, project.toolchain, repl, why, (root,)))._replace(project=root)


async def _of_kimina(wanted: _Wanted) -> Selected | _Refusal:
    """A Kimina server; what compiles for the verifier is a Lean on this machine that has the imports, if any."""
    if not wanted.kimina.urls:
        return _Refusal("no Kimina server is configured (LEMMATA_KIMINA_URL)")
    checker = kimina_checker(wanted.kimina, options=_unasked(wanted), progress=wanted.progress)
    async with AsyncExitStack() as stack:
        stack.push_async_callback(checker.aclose)
        where = f"the Kimina server{'s' if len(wanted.kimina.urls) > 1 else ''} {listed(wanted.kimina.urls)}"
        try:
            lacks = await checker.lacks(wanted.imports)
        except InfrastructureError as error:
            if wanted.kind == "kimina":
                raise
            return _Refusal(str(error), tell=True)
        if lacks:
            return _Refusal(f"{where} lacks {listed(lacks)}", tuple(lacks), tell=True)
        local = await _local(wanted)
        stack.pop_all()
    proof = "a Lean on this machine certifies" if local else "no Lean on this machine could certify"
    why = f"{checker.identity.description} of {where} {wanted.what}; {proof}"
    return Selected(checker, local and local.compiler, why, local and local.project)


async def _local(wanted: _Wanted) -> Selected | None:
    """A Lean on this machine that has the imports."""
    for source in (_of_project, _of_toolchain, _of_embedded):
        try:
            found = await source(replace(wanted, spares=0, kind="auto" if source is _of_embedded else "cli"))
        except InfrastructureError:  # a broken one that was named: here it is no more than missing
            continue
        if isinstance(found, Selected):
            return found
    return None


def _unasked(wanted: _Wanted) -> tuple[str, ...]:
    """Options for a Lean whose project is elsewhere: those set, else those of the lakefile here, else PutnamBench's."""
    config = wanted.lean
    if config.options is not None:
        return spelled(asked(config.options))
    root = find_project(config.project, wanted.near)
    return spelled(kept((root and of_lakefile(root)) or PUTNAMBENCH))


async def _of_toolchain(wanted: _Wanted) -> Selected | _Refusal:
    """The toolchain that is named, or on PATH. One that was named must work."""
    config = wanted.lean
    named = config.home is not None or bool(os.environ.get("LEMMATA_LEAN_HOME"))
    try:
        toolchain = await find_toolchain(config.home, options=spelled(asked(config.options or {})))
    except InfrastructureError as error:
        if wanted.kind == "cli" or named:
            raise
        return _Refusal(str(error), tell=not isinstance(error, MissingError))
    where = f"{toolchain.identity.description} at {toolchain.program}"
    if lacks := toolchain.lacks(wanted.imports):
        return _Refusal(f"{where} does not have {listed(lacks)}", lacks, tell=named)
    return await _taken(wanted, toolchain, f"{where} {wanted.what}")


async def _of_embedded(wanted: _Wanted) -> Selected | _Refusal:
    """The embedded Lean, with its small library."""
    core = core_library.modules()
    if lacks := tuple(name for name in wanted.imports if name not in core):
        return _Refusal(f"the embedded core does not have {listed(lacks)}", lacks)
    if missing := embedded.available():
        return _Refusal(missing)
    toolchain = await embedded.prepare(letters=wanted.lean.letters, progress=wanted.progress)
    identity = toolchain.identity.model_copy(update={"options": spelled(asked(wanted.lean.options or {}))})
    why = "was asked for" if wanted.kind == "embedded" else wanted.what
    return await _taken(wanted, toolchain.model_copy(update={"identity": identity}), f"{identity.description} {why}")


_SOURCES: Final[dict[CheckerKind, tuple[_Source, ...]]] = {
    "auto": (_of_project, _of_kimina, _of_toolchain, _of_embedded),
    "cli": (_of_project, _of_toolchain),
    "repl": (_of_project,),
    "kimina": (_of_kimina,),
    "embedded": (_of_embedded,),
}


async def _taken(wanted: _Wanted, toolchain: Toolchain, why: str, reads: Sequence[Path] = ()) -> Selected:
    """A process for every check. It may read its toolchain, and `reads`."""
    checker = CliChecker(
        toolchain,
        slots=wanted.slots,
        memory_mb=wanted.lean.memory_mb,
        spares=wanted.spares,
        confinement=await confine(wanted.lean.sandbox, toolchain, reads),
    )
    return Selected(checker, checker, why)


async def _warm(
    wanted: _Wanted, toolchain: Toolchain, repl: Path, why: str, reads: Sequence[Path] = ()
) -> Selected:
    """Warm REPLs, and a compiler of the same toolchain for the verifier."""
    cold = await _taken(replace(wanted, spares=0), toolchain, why, reads)
    config = wanted.lean
    spec = ReplSpec(
        program=(str(repl),),
        environment={"LEAN_SYSROOT": str(toolchain.program.parent.parent), **toolchain.environment},
        identity=toolchain.identity.model_copy(update={"name": "repl"}),
        memory_mb=config.memory_mb,
        worker_uses=config.worker_uses,
        confinement=await confine(config.sandbox, toolchain, (*reads, repl)),
    )
    return Selected(ReplPool(spec, workers=config.slots, slots=wanted.slots), cold.compiler, f"the REPL with {why}")


def _explained(why: str, refusals: Sequence[_Refusal]) -> str:
    return f"{why} ({'; '.join(refusal.why for refusal in refusals)})" if refusals else why


def _nothing(wanted: _Wanted, refusals: Sequence[_Refusal]) -> str:
    """What is missing and what to do first; then why each of them was not taken, one a line."""
    lacking = [refusal.lacks for refusal in refusals if refusal.lacks]
    missing = [name for name in wanted.imports if all(name in lacks for lacks in lacking)] if lacking else []
    if missing:
        names, them = listed(missing, 5), "it" if len(missing) == 1 else "them"
        set_up = all(name.partition(".")[0] in _SET_UP for name in missing)
        how = f"`lemmata lean setup` installs {them}, " if set_up else ""
        head = f"{names} {'is' if len(missing) == 1 else 'are'} not here: {how}LEMMATA_LEAN_PROJECT names a Lake "
        head += f"project that has {them}, LEMMATA_KIMINA_URL a server"
    else:
        head = f"no checker here {wanted.what if wanted.imports else 'can be used'}"
    return "\n  - ".join((head, *(refusal.why for refusal in refusals)))
