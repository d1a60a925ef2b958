"""The program that `replay` starts: gives every declaration of a module to the kernel again.

`python -m lemmata.lean_env.replay_program NATIVE FOLDER...` prints one JSON line: how many constants were looked at,
what is wrong (null if nothing is), and whether it cannot judge such files at all. NATIVE is `libleanshared.so`, the
FOLDERs hold the compiled library. Its input is a line of JSON, `{"sizes": [..], "expected": {..}}`, and the files of
the module behind it, so many bytes each; `expected` (or null) has the size and sha256 of every file of the library.
It imports little, because it starts for every verification.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from lemmata.lean_env.kernel import Kernel, UnknownKernelError, unknown
from lemmata.lean_env.library import Fingerprint, Library
from lemmata.lean_env.olean import BadOlean, Olean
from lemmata.lean_env.terms import Constant, Kind, Name, Terms, show


class Replayed(NamedTuple):
    """What became of a replay."""

    checked: int
    """How many constants the module has, without `unsafe` and `partial` ones."""
    reason: str | None = None
    """What is wrong, if anything is."""
    supported: bool = True
    """Whether this kernel can be asked at all."""


def replay(files: Sequence[bytes], native: Path, library: Library) -> Replayed:
    """Replay a module in this process, up to the first declaration that the kernel does not take.

    Args:
        files: the bytes of the `.olean`, and of what else belongs to the module.
        native: `libleanshared.so`.
        library: what it imports.
    """
    try:
        olean = Olean(files, library.terms)
        if why := unknown(olean.format.lean):
            return Replayed(0, why, supported=False)
        constants = [c for c in map(olean.__getitem__, olean.names) if not c.unsafe]
        kernel = Kernel(native, library.terms)
        for module in library.closure(olean.imports).values():
            for file in module.files:
                library.check(file)
            kernel.load(module.files)
    except BadOlean as error:
        return Replayed(0, str(error))
    except UnknownKernelError as error:
        return Replayed(0, str(error), supported=False)
    for members in in_order(constants, library.terms):
        if complaint := kernel.declare(members):
            return Replayed(len(constants), f"{show(members[0].name)}: {complaint}")
    return Replayed(len(constants))


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
    source = sys.stdin.buffer
    request = json.loads(source.readline())
    expected = request["expected"]
    known = None if expected is None else {Path(f): Fingerprint(*print_) for f, print_ in expected.items()}
    files = [source.read(size) for size in request["sizes"]]
    replayed = replay(files, native, Library(folders, known))
    sys.stdout.write(json.dumps(replayed._asdict()) + "\n")
    sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1:])
