"""The program that `replay` starts: gives every declaration of a module to the kernel again.

`python -m lemmata.lean_env.replay_program NATIVE FOLDER... < MODULE` prints one JSON line: how many constants were
looked at, and what is wrong (null if nothing is). NATIVE is `libleanshared.so`, the FOLDERs hold the compiled
library. It imports little, because it starts for every verification.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from lemmata.lean_env.kernel import Kernel
from lemmata.lean_env.library import Library
from lemmata.lean_env.olean import BadOlean, Olean
from lemmata.lean_env.terms import Constant, Kind, Name, Terms, show


def replay(module: bytes, native: Path, folders: Sequence[Path]) -> tuple[int, str | None]:
    """Replay a module in this process, up to the first declaration that the kernel does not take.

    Returns:
        How many constants it has, without `unsafe` and `partial` ones, and what is wrong with it, or None.
    """
    library = Library(folders)
    try:
        olean = Olean(module, library.terms)
        constants = [c for c in map(olean.__getitem__, olean.names) if not c.unsafe]
        modules = library.closure(olean.imports)
    except BadOlean as error:
        return 0, str(error)
    kernel = Kernel(native, library.terms)
    for name in modules:
        kernel.load(library.path(name))
    for members in in_order(constants, library.terms):
        if complaint := kernel.declare(members):
            return len(constants), f"{show(members[0].name)}: {complaint}"
    return len(constants), None


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


def main(arguments: list[str]) -> None:
    """Replay standard input and print the result; never returns (Lean's threads are not waited for)."""
    sys.set_int_max_str_digits(0)
    native, *folders = map(Path, arguments)
    checked, reason = replay(sys.stdin.buffer.read(), native, folders)
    sys.stdout.write(json.dumps({"checked": checked, "reason": reason}) + "\n")
    sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1:])
