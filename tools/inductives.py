"""The data types that a file declares itself, read from its text: enough to write small values of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from lemmata.lean_env import source
from lemmata.tools.term_parser import parse_binders, parse_term
from lemmata.tools.terms import App, Bind, Name, Op, Term
from lemmata.tools.tokens import pair, tokenize


@dataclass(frozen=True, slots=True)
class Constructor:
    """A constructor: its full name and the types of its arguments, parameters of the type not among them."""

    name: str
    arguments: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class Inductive:
    """A data type: the names of its parameters, its constructors."""

    parameters: tuple[str, ...]
    constructors: tuple[Constructor, ...]



_ELEMENT: Final = Name("α")
LISTS: Final[Mapping[str, Inductive]] = {
    "List": Inductive(
        ("α",),
        (Constructor("List.nil", ()), Constructor("List.cons", (_ELEMENT, App(Name("List"), (_ELEMENT,))))),
    ),
    "Option": Inductive(("α",), (Constructor("Option.none", ()), Constructor("Option.some", (_ELEMENT,)))),
}
"""Those of Lean's own library."""


def read_inductives(text: str) -> Mapping[str, Inductive]:
    """Data types without indices that a text declares with `inductive`, by full name; what cannot be read is left out.

    Predicates (`.. → Prop`) are not data.
    """
    found: dict[str, Inductive] = {}
    parsed = source.parse(text)
    for declared in parsed.declarations:
        kind = parse_term(declared.target.of(text)) if not declared.target.empty else Name("Type")
        if declared.keyword == "inductive" and declared.full_name and _is_type(kind):
            parameters = tuple(n for b in declared.binders for n in b.names)
            constructors = _constructors(declared.full_name, declared.proof.of(parsed.mask.text))
            if constructors is not None:
                found[declared.full_name] = Inductive(parameters, constructors)
    return found


def _is_type(kind: Term) -> bool:
    return kind == Name("Type") or (isinstance(kind, App) and kind.head == Name("Type"))


def _constructors(name: str, body: str) -> tuple[Constructor, ...] | None:
    """The constructors of `where | a | b (n : Nat) : T | c : Nat → T`; None where one cannot be read."""
    tokens = tokenize(body)
    pairs = pair(tokens)
    if pairs is None:
        return None
    bars: list[int] = []
    i = 0
    while i < len(tokens):
        if tokens[i].text == "|":
            bars.append(tokens[i].end)
        i = pairs.get(i, i) + 1
    found = []
    for start, end in zip(bars, [*(b - 1 for b in bars[1:]), len(body)], strict=False):
        constructor = _constructor(name, body[start:end])
        if constructor is None:
            return None
        found.append(constructor)
    return tuple(found) or None


def _constructor(owner: str, text: str) -> Constructor | None:
    tokens = tokenize(text)
    pairs = pair(tokens)
    if not tokens or pairs is None:
        return None
    colon, i = len(text), 1
    while i < len(tokens) and colon == len(text):
        if tokens[i].text == ":":
            colon = tokens[i].start
        i = pairs.get(i, i) + 1
    binders = parse_binders(text[tokens[0].end : colon])
    if binders is None:
        return None
    arguments = [b.type for b in binders for _ in b.names if b.type is not None]
    rest = parse_term(text[colon + 1 :]) if colon < len(text) else Name(owner)
    while isinstance(rest, Op) and rest.symbol == "→":
        arguments.append(rest.args[0])
        rest = rest.args[1]
    if isinstance(rest, Bind):
        return None
    return Constructor(f"{owner}.{tokens[0].text}", tuple(arguments))
