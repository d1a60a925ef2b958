"""What a machine has and lacks for this package, found without installing, importing or changing anything."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import platform
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from lemmata._version import __version__
from lemmata.cli.finding import Finding, State
from lemmata.cli.folders import nearest, writable
from lemmata.cli.lean_findings import of_lean
from lemmata.configs.loader import PREFIX, SECRET_VARIABLES, load_config, misspelt, variables
from lemmata.configs.schema import Config
from lemmata.errors import ConfigError
from lemmata.lean_env.cache import cache_folder
from lemmata.lean_env.embedded import available
from lemmata.lean_env.embedded.wheel import PACKAGE
from lemmata.lean_env.extras import how_to_get
from lemmata.lean_env.sandbox import Bubblewrap, find_sandbox, lacking

EXTRAS: Final = {
    "lean": ("lean_interact", "no REPL through lean-interact"),
    "dojo": ("lean_dojo", "no premises traced by LeanDojo"),
}
"""Each extra that something uses: the module that shows it is installed, and what its absence means."""
ROOM_MB: Final = 500
"""What the compiled core and some runs take, generously."""
_OTHER_CACHE: Final = "set LEMMATA_CACHE to a folder that can be written to"


async def examine(environment: Mapping[str, str], runs: Path | None = None) -> tuple[Finding, ...]:
    """Look at everything; `runs` names another runs folder than the settings do."""
    settings, config = _settings(environment)
    return (
        Finding(name="python", state=State.HERE, found=f"{platform.python_version()} on {platform.platform()}"),
        Finding(name="lemmata", state=State.HERE, found=__version__),
        _embedded(),
        *await of_lean(config),
        await _sandbox(),
        settings,
        *_variables(environment),
        *(_extra(name, *about) for name, about in EXTRAS.items()),
        _folder("cache", cache_folder(), _OTHER_CACHE),
        _folder("runs", runs or config.runs, "name another with --runs or LEMMATA_RUNS", stops=True),
    )


def _embedded() -> Finding:
    name = "embedded Lean"
    if missing := available():
        means = "files without imports need a toolchain"
        return Finding(name=name, state=State.MISSING, found="not usable", means=means, get=missing)
    wheel = f"{PACKAGE} {importlib.metadata.version(PACKAGE)}"
    ready = _compiled(cache_folder() / "embedded")
    if not ready and not writable(cache_folder()):
        found = f"{wheel}, its core cannot be compiled into {cache_folder()}: that cannot be written to"
        return Finding(name=name, state=State.BROKEN, found=found, means="it cannot check", get=_OTHER_CACHE)
    core = "its core is compiled" if ready else "its core will be compiled at first use, some ten seconds"
    return Finding(
        name=name,
        state=State.HERE,
        found=f"{wheel}, {core}",
        means="checks files without imports; level `checked`",
        checks=True,
    )


async def _sandbox() -> Finding:
    name, sandbox = "sandbox", await find_sandbox()
    if isinstance(sandbox, Bubblewrap):
        means = "Lean sees no network, no other process and no file but its own"
        return Finding(name=name, state=State.HERE, found=f"bubblewrap, {sandbox.program}", means=means)
    found, means = "no bubblewrap, no Landlock", "Lean runs with limits on time, memory and files only"
    if sandbox is not None:
        found = "no bubblewrap, but Landlock"
        means = "Lean writes to its own folder only and reads no file of yours, but can see that they are there"
    return Finding(name=name, state=State.MISSING, found=found, means=means, get=await lacking() or "")


def _settings(environment: Mapping[str, str]) -> tuple[Finding, Config]:
    try:
        config = load_config(environment=environment)
    except ConfigError as error:
        means = "every command refuses to work"
        return Finding(name="settings", state=State.BROKEN, found=str(error), means=means, stops=True), Config()
    return Finding(name="settings", state=State.HERE, found="`lemmata config show` prints them"), config


def _variables(environment: Mapping[str, str]) -> Iterator[Finding]:
    known = variables()
    for name in sorted(n for n in environment if n.startswith(PREFIX)):
        if name in known:
            value = "(not shown)" if name in SECRET_VARIABLES else environment[name]
            yield Finding(name="variable", state=State.HERE, found=f"{name}={value}")
        else:
            meant = misspelt(name)
            means = "no such variable: every command refuses to work" if meant else "unknown, has no effect"
            get = f"did you mean {meant}?" if meant else "unset it"
            yield Finding(name="variable", state=State.BROKEN, found=name, means=means, get=get, stops=bool(meant))


def _extra(extra: str, module: str, absence: str) -> Finding:
    name = f"extra {extra}"
    if importlib.util.find_spec(module) is not None:
        return Finding(name=name, state=State.HERE, found=module)
    found = f"{module} is not installed"
    return Finding(name=name, state=State.MISSING, found=found, means=absence, get=how_to_get(extra))


def _folder(name: str, folder: Path, get: str, room_mb: int = ROOM_MB, *, stops: bool = False) -> Finding:
    """A folder that is written to: it, or what it would be made in, must be writable (else it may stop a run)."""
    folder = folder.absolute()
    there = nearest(folder)
    if not writable(folder):
        found = f"{folder} cannot be written to"
        return Finding(name=name, state=State.BROKEN, found=found, get=get, stops=stops)
    free = shutil.disk_usage(there).free // 2**20
    if free < room_mb:
        means = "it may not be enough"
        return Finding(name=name, state=State.BROKEN, found=f"{folder}, only {free} MiB free", means=means, get=get)
    made = "" if there == folder else ", made when needed"
    return Finding(name=name, state=State.HERE, found=f"{folder}{made}, {free} MiB free")


def _compiled(cores: Path) -> bool:
    """Whether a core was compiled here."""
    try:
        return any(cores.glob("*/manifest.json"))
    except OSError:  # a folder that may not be looked into
        return False
