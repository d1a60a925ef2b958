"""What of a real Lean is here: a toolchain, a Lake project, its REPL, Kimina servers, and room for them.

Everything is asked at once and given up after a second and a half; nothing is built, and the network is used for the
Kimina servers that are configured and for nothing else.
"""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import Final

import httpx

from lemmata.aio import collect
from lemmata.cli.finding import Finding, State
from lemmata.cli.folders import nearest
from lemmata.configs.schema import Config
from lemmata.errors import InfrastructureError, LemmataError, MissingError
from lemmata.lean_env.independent import find_checkers
from lemmata.lean_env.pool import PROCESS_MB, machine_memory_mb
from lemmata.lean_env.project import HOME, Project, find_project, open_project, sandbox_for
from lemmata.lean_env.provision import find_repl
from lemmata.lean_env.slots import default_slots
from lemmata.lean_env.toolchain import Toolchain, find_toolchain

PATIENCE: Final = 1.5
"""Seconds that anything outside has to answer."""
MATHLIB_DISK_MB: Final = 10_000
"""What Lean, Mathlib's sources and Mathlib compiled take on disk, roughly."""
_HOME: Final = "LEMMATA_LEAN_HOME (lean.home)"
_PROJECT: Final = "LEMMATA_LEAN_PROJECT (lean.project)"
_REPL: Final = "LEMMATA_LEAN_REPL (lean.repl)"
_SETUP: Final = "`lemmata lean setup` makes one with Mathlib; LEMMATA_LEAN_PROJECT names one"


async def of_lean(config: Config) -> tuple[Finding, ...]:
    """Everything that is known of a real Lean, in a fixed order."""
    parts: list[Callable[[], Awaitable[tuple[Finding, ...]]]] = [
        partial(_toolchain, config),
        partial(_project, config),
        partial(_kimina, config),
    ]
    toolchain, project, kimina = await collect(parts)
    if any(server.checks for server in kimina):  # a server comes before the toolchain
        toolchain = tuple(finding.model_copy(update={"stops": False}) for finding in toolchain)
    return (*toolchain, *project, *kimina, _disk(), _memory(config))


async def _toolchain(config: Config) -> tuple[Finding, ...]:
    name, named = "toolchain", config.lean.home is not None
    try:
        async with asyncio.timeout(PATIENCE):
            toolchain = await find_toolchain(config.lean.home)
    except InfrastructureError as error:
        if named or not isinstance(error, MissingError):
            return (_unusable(name, error, _HOME if named else ""),)
        means = "no Lean outside of Lake projects"
        return (Finding(name=name, state=State.MISSING, found="no `lean`", means=means, get=str(error)),)
    except TimeoutError:
        found = f"a `lean` that gave no answer within {PATIENCE} s"
        return (Finding(name=name, state=State.BROKEN, found=found, means="checks will wait for it longer"),)
    found = f"{toolchain.identity.description}, {toolchain.program}"
    means = "takes files without imports" if toolchain.lacks(("Mathlib",)) else "takes files that import Mathlib"
    return (Finding(name=name, state=State.HERE, found=found, means=means, checks=True), *_independent(toolchain))


async def _project(config: Config) -> tuple[Finding, ...]:
    """The project, and what depends on it: its REPL and the independent checkers."""
    name = "Lake project"
    try:
        root = find_project(config.lean.project, Path.cwd())
    except InfrastructureError as error:
        return _unusable(name, error, _PROJECT), _no_repl()
    if root is None:
        means = "files that import Mathlib cannot be checked on this machine"
        return Finding(name=name, state=State.MISSING, found="none", means=means, get=_SETUP), _no_repl()
    try:
        async with asyncio.timeout(PATIENCE):
            sandbox = sandbox_for(root, config.lean)
            project = await open_project(
                root, home=config.lean.home, options=config.lean.options, sandbox=sandbox
            )
    except TimeoutError:
        found, means = f"{root}, Lake gave no answer within {PATIENCE} s", "checks will wait for it longer"
        return (Finding(name=name, state=State.HERE, found=found, means=means, checks=True),)
    except LemmataError as error:
        return _unusable(name, error, _PROJECT if config.lean.project else ""), _no_repl()
    options = ", ".join(project.options) or "none"
    found = f"{project.root}, {project.toolchain.identity.description}, options: {options}"
    lack = project.lacks(("Mathlib",))
    means = "; ".join((lack or "has Mathlib", *project.notes))
    here = Finding(name=name, state=State.HERE, found=found, means=means, checks=True)
    return here, _repl(config, project), *_independent(project.toolchain, project.root)


def _repl(config: Config, project: Project) -> Finding:
    name, cold = "REPL", "each check starts Lean and imports anew"
    try:
        program = find_repl(project, config.lean.repl)
    except MissingError as error:
        return _unusable(name, error, _REPL)
    if program is None:
        get = "`lemmata lean setup` builds one; LEMMATA_LEAN_REPL names one"
        return Finding(name=name, state=State.MISSING, found="none for the Lake project", means=cold, get=get)
    return Finding(name=name, state=State.HERE, found=str(program), means="keeps imports loaded between checks")


def _unusable(name: str, error: LemmataError, setting: str = "") -> Finding:
    """Something broken. What a setting names is not passed over: every check stops at it."""
    found = f"what {setting} names cannot be used" if setting else "cannot be used"
    return Finding(name=name, state=State.BROKEN, found=found, means=str(error), stops=bool(setting))


def _no_repl() -> Finding:
    return Finding(name="REPL", state=State.MISSING, found="no Lake project that it could serve")


def _independent(toolchain: Toolchain, project: Path | None = None) -> tuple[Finding, ...]:
    """Checkers that can confirm what was certified; said where there are any, or something keeps one from use."""
    found = find_checkers(toolchain, project)
    names = ", ".join(checker.name for checker in found.checkers)
    if not names and not found.remarks:
        return ()
    state, means = (State.HERE, "level `confirmed`") if names else (State.MISSING, "no level above `certified`")
    get = "; ".join(found.remarks)
    return (Finding(name="independent", state=state, found=names or "no checker", means=means, get=get),)


async def _kimina(config: Config) -> tuple[Finding, ...]:
    if not config.kimina.urls:
        get = "LEMMATA_KIMINA_URL names one"
        return (Finding(name="Kimina", state=State.MISSING, found="no server is configured", get=get),)
    return tuple(await collect(partial(_server, url) for url in config.kimina.urls))


async def _server(url: str) -> Finding:
    """Whether a server says that it is there; Lean itself is not asked."""
    name = "Kimina"
    try:
        async with httpx.AsyncClient(timeout=PATIENCE) as client:
            answer = await client.get(f"{url}/health")
        said = "" if answer.is_success else f"answered {answer.status_code}"
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        said = f"cannot be reached: {error or type(error).__name__}"
    if said:
        return Finding(name=name, state=State.BROKEN, found=f"{url} {said}", get="see kimina.urls, LEMMATA_KIMINA_URL")
    return Finding(name=name, state=State.HERE, found=url, means="snippets leave this machine", checks=True)


def _disk() -> Finding:
    folder = nearest(HOME.expanduser())
    free = shutil.disk_usage(folder).free >> 20
    enough = "enough" if free >= MATHLIB_DISK_MB else "too little"
    means = f"{enough} for Lean with Mathlib, about {MATHLIB_DISK_MB // 1000} GB"
    return Finding(name="disk", state=State.HERE, found=f"{free} MiB free at {folder}", means=means)


def _memory(config: Config) -> Finding:
    memory = machine_memory_mb()
    slots = config.lean.slots or default_slots(PROCESS_MB)
    found = f"{memory} MiB, {os.cpu_count() or 1} cores"
    if memory < PROCESS_MB:
        means = f"less than a Lean with all of Mathlib takes at its peak ({PROCESS_MB} MiB)"
    else:
        means = f"{slots} checks with Mathlib at once ({PROCESS_MB} MiB each at their peak, much of it shared)"
    return Finding(name="memory", state=State.HERE, found=found, means=means)
