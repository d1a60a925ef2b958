"""Every declaration of a compiled module once more through the kernel, in a process of its own with limits.

`python -m lemmata.lean_env.replay NATIVE LIBRARY < MODULE` prints one JSON line; NATIVE is `libleanshared.so`, LIBRARY
the folder that holds `Init.olean`. The library is trusted as it stands. `unsafe` and `partial` code is left out, as in
Lean's own replay: what depends on it fails.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Final

from lemmata.domain import Model
from lemmata.lean_env import process
from lemmata.lean_env.library import Library
from lemmata.lean_env.olean import BadOlean, Olean
from lemmata.lean_env.terms import Constant, Kind, Name, Terms, show

MEMORY_MB: Final = 4096
"""MiB of memory that the process may use."""


class ReplayStatus(StrEnum):
    """How a replay ended."""

    OK = "ok"
    """The kernel took every declaration."""
    REFUSED = "refused"
    TIMEOUT = "timeout"
    CRASHED = "crashed"


class Replay(Model):
    """What the kernel said of a module."""

    status: ReplayStatus
    checked: int = 0
    """How many constants the module has, without `unsafe` and `partial` ones."""
    reason: str | None = None
    """What is wrong, in words, if anything is."""


def replay(module: bytes, native: Path, folder: Path) -> Replay:
    """Replay a module in this process, which should be one of its own: it loads native code that may crash.

    Stops at the first declaration that the kernel does not take.
    """
    from lemmata.lean_env.kernel import Kernel

    library = Library(folder)
    try:
        olean = Olean(module, library.terms)
        constants = [c for c in map(olean.__getitem__, olean.names) if not c.unsafe]
        modules = library.closure(olean.imports)
    except BadOlean as error:
        return Replay(status=ReplayStatus.REFUSED, reason=str(error))
    kernel = Kernel(native, library.terms)
    for name in modules:
        kernel.load(library.path(name))
    for members in in_order(constants, library.terms):
        if complaint := kernel.declare(members):
            reason = f"{show(members[0].name)}: {complaint}"
            return Replay(status=ReplayStatus.REFUSED, checked=len(constants), reason=reason)
    return Replay(status=ReplayStatus.OK, checked=len(constants))


def in_order(constants: Sequence[Constant], terms: Terms) -> Iterator[tuple[Constant, ...]]:
    """What is declared together, each after what it refers to (as far as that is possible)."""
    home: dict[Name, Name] = {c.name: _unit(c) for c in constants}
    home |= {c.name: home.get(c.group[0], ()) for c in constants if c.kind is Kind.CTOR}
    units: dict[Name, list[Constant]] = {}
    for c in constants:
        units.setdefault(home[c.name], []).append(c)
    return _sorted(units, home, terms)


def _unit(c: Constant) -> Name:
    """A name for what is declared together with `c`: a group of inductive types goes by its first."""
    if c.kind is Kind.QUOT:
        return ("Quot",)
    return c.group[0] if c.group and c.kind in (Kind.INDUCTIVE, Kind.REC) else c.name


def _sorted(
    units: Mapping[Name, list[Constant]], home: Mapping[Name, Name], terms: Terms
) -> Iterator[tuple[Constant, ...]]:
    seen: set[Name] = set()
    todo = [(unit, False) for unit in units]
    while todo:
        unit, ready = todo.pop()
        if ready:
            yield tuple(sorted(units[unit], key=lambda c: c.kind is not Kind.INDUCTIVE))
        elif unit not in seen:
            seen.add(unit)
            todo.append((unit, True))
            needed = {home[n] for c in units[unit] for n in c.mentions(terms) if n in home}
            todo += [(n, False) for n in needed - {unit}]


async def replay_apart(module: bytes, native: Path, folder: Path, timeout: float) -> Replay:
    """Replay a module in a process of its own, with limits on wall-clock seconds and memory.

    Cancelling it ends the process.
    """
    finished = await process.run(
        [sys.executable, "-P", "-m", "lemmata.lean_env.replay", native, folder],
        cwd=folder,
        env=os.environ | {"LEAN_ABORT_ON_PANIC": "1"},
        timeout=timeout,
        memory_mb=MEMORY_MB,
        stdin=module,
    )
    if finished.timed_out:
        return Replay(status=ReplayStatus.TIMEOUT, reason=f"no answer in {timeout:g} s")
    if finished.out_of_memory:
        return Replay(status=ReplayStatus.CRASHED, reason=f"over {MEMORY_MB} MiB of memory")
    try:
        return Replay.model_validate_json(finished.stdout)
    except ValueError:
        return Replay(status=ReplayStatus.CRASHED, reason=f"its process died (exit {finished.returncode})")


def main(arguments: list[str]) -> None:
    """Replay standard input and print the result; never returns (Lean's threads are not waited for)."""
    sys.set_int_max_str_digits(0)
    native, folder = map(Path, arguments)
    result = replay(sys.stdin.buffer.read(), native, folder)
    sys.stdout.write(result.model_dump_json() + "\n")
    sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1:])
