"""What Lean's kernel knows: constants, and terms (levels, expressions) as numbers in a table, equal when they are."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Literal, NamedTuple, TypeAlias

Name: TypeAlias = tuple[str | int, ...]
"""A hierarchical name; `()` is the anonymous one."""

LevelOp: TypeAlias = Literal["zero", "succ", "max", "imax", "param"]
ExprOp: TypeAlias = Literal["bvar", "sort", "const", "app", "lam", "pi", "let", "lit", "proj"]


class Node(NamedTuple):
    """One level or expression over numbers of smaller ones.

    Names of bound variables, binder kinds, `mdata` and the `nondep` mark of `let` are left out: none of them changes
    what a term means.
    """

    op: LevelOp | ExprOp
    below: tuple[int, ...] = ()
    """Its parts; the levels of a `const`."""
    name: Name = ()
    """Of a `const`, of the structure of a `proj`, of a `param`."""
    value: int | str = 0
    """The index of a `bvar` and the field of a `proj`, from 0; the number or text of a `lit`."""


class Terms:
    """A growing table of terms. Every part of a term has a smaller number than the term itself."""

    def __init__(self) -> None:
        self._nodes: list[Node] = []
        self._numbers: dict[Node, int] = {}

    def __getitem__(self, term: int) -> Node:
        return self._nodes[term]

    def add(self, node: Node) -> int:
        """The number of the term, a new one if it was not there."""
        number = self._numbers.setdefault(node, len(self._nodes))
        if number == len(self._nodes):
            self._nodes.append(node)
        return number

    def below(self, roots: Iterable[int], seen: set[int] | None = None) -> Iterator[int]:
        """All terms in `roots` and under them that are not in `seen` yet, each once; they are added to it."""
        seen = set() if seen is None else seen
        todo = list(roots)
        while todo:
            term = todo.pop()
            if term not in seen:
                seen.add(term)
                yield term
                todo += self._nodes[term].below

    def constants(self, roots: Iterable[int], seen: set[int] | None = None) -> set[Name]:
        """Names of the constants (and of the structures projected from) in `roots`, as far as not in `seen`."""
        nodes = (self._nodes[t] for t in self.below(roots, seen))
        return {n.name for n in nodes if n.op in ("const", "proj")}


class Kind(StrEnum):
    """Kinds of constants, in the order of Lean's `ConstantInfo`."""

    AXIOM = "axiom"
    DEF = "def"
    THEOREM = "theorem"
    OPAQUE = "opaque"
    QUOT = "quot"
    INDUCTIVE = "inductive"
    CTOR = "ctor"
    REC = "rec"


@dataclass(frozen=True, slots=True)
class Rule:
    """A recursor's rule for one constructor."""

    ctor: Name
    fields: int
    value: int


@dataclass(frozen=True, slots=True)
class Constant:
    """What a module says of one constant. Types and values are numbers in the table of `Terms`."""

    kind: Kind
    name: Name
    params: tuple[Name, ...]
    """Its universe parameters."""
    type: int
    value: int | None = None
    """Of a definition, theorem or opaque constant."""
    unsafe: bool = False
    """`unsafe` or `partial`."""
    group: tuple[Name, ...] = ()
    """The types declared together (inductive, recursor); the type that a constructor belongs to."""
    ctors: tuple[Name, ...] = ()
    """The constructors of an inductive type."""
    numbers: tuple[int, ...] = ()
    """Counts as Lean stores them: inductive (parameters, indices, nested), constructor (index, parameters, fields),
    recursor (parameters, indices, motives, minors); of a definition its hint: 0 opaque, 1 abbreviation, h + 2 regular
    of height h."""
    flags: tuple[int, ...] = ()
    """Scalars as Lean stores them."""
    rules: tuple[Rule, ...] = ()

    @property
    def roots(self) -> tuple[int, ...]:
        """Its type, its value, and the values of its rules."""
        return (self.type, *(() if self.value is None else (self.value,)), *(r.value for r in self.rules))

    def mentions(self, terms: Terms, seen: set[int] | None = None) -> set[Name]:
        """Names of the constants it refers to, leaving out terms in `seen` (which grows)."""
        return terms.constants(self.roots, seen) | {*self.group, *self.ctors, *(r.ctor for r in self.rules)}


def show(name: Name, limit: int = 200) -> str:
    """A name as Lean prints it, cut after `limit` characters."""

    def part(p: str | int) -> str:
        return str(p) if isinstance(p, int) or p.replace("_", "a").replace("'", "a").isalnum() else f"«{p}»"

    text = ".".join(part(p) if isinstance(p, str) else str(p)[:limit] for p in name[:limit])
    return text if len(text) <= limit else text[:limit] + "…"


_PART: Final = re.compile(r"«([^»]*)»|([^.«»]+)")


def parse_name(text: str) -> Name:
    """A name as people write it, `«»` and `_root_.` understood."""
    parts = tuple(quoted or plain for quoted, plain in _PART.findall(text))
    return parts[1:] if parts[:1] == ("_root_",) else parts
