"""What the text before a theorem defines, as far as a search for a proof wants to know: names, arms, constructors.

It locates and guesses. A wrong guess costs a tactic that fails.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from lemmata.domain import Problem
from lemmata.lean_env.source import parse
from lemmata.tools.term_parser import parse_binders, parse_term
from lemmata.tools.terms import Bind, Op, Term, show
from lemmata.tools.tokens import Token, pair, tokenize

_LEMMAS: Final = frozenset({"theorem", "lemma"})
_DEFINITIONS: Final = frozenset({"def", "abbrev"})


@dataclass(frozen=True, slots=True)
class Definition:
    """An own function: its equations as (pattern variables, number of recursive calls), and what it gives back."""

    name: str
    arms: tuple[tuple[tuple[str, ...], int], ...]
    domain: tuple[str, ...]
    """Types of its explicit arguments."""
    result: str
    """The last piece of its type, e.g. `Prop`; empty where none is written."""
    fixed: int = 0
    """How many of its explicit arguments, from the first, its equations do not look into."""

    @property
    def recursive(self) -> bool:
        """Whether an arm calls the function."""
        return any(calls for _, calls in self.arms)


@dataclass(frozen=True, slots=True)
class Constructor:
    """A constructor of an inductive type: what each argument is called, and its type."""

    name: str
    arguments: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Lemma:
    """A theorem that stands before, with its statement closed over its binders."""

    name: str
    statement: Term


@dataclass(frozen=True, slots=True)
class Knowledge:
    """Own definitions, types and lemmas, in the order of the file."""

    definitions: tuple[Definition, ...] = ()
    types: tuple[tuple[str, tuple[Constructor, ...]], ...] = ()
    lemmas: tuple[Lemma, ...] = ()

    @property
    def functions(self) -> dict[str, Definition]:
        """Definitions by name."""
        return {d.name: d for d in self.definitions}

    def constructors(self, type_name: str) -> tuple[Constructor, ...]:
        """Constructors of a type that induction is possible on; empty where it is not known."""
        return dict(_KNOWN_TYPES + self.types).get(type_name, ())


_KNOWN_TYPES: Final[tuple[tuple[str, tuple[Constructor, ...]], ...]] = (
    ("Nat", (Constructor("zero", ()), Constructor("succ", (("n", "Nat"),)))),
    ("ℕ", (Constructor("zero", ()), Constructor("succ", (("n", "ℕ"),)))),
    ("List", (Constructor("nil", ()), Constructor("cons", (("x", ""), ("xs", "List"))))),
    ("Bool", (Constructor("false", ()), Constructor("true", ()))),
    ("Option", (Constructor("none", ()), Constructor("some", (("a", ""),)))),
)


def read(problem: Problem) -> Knowledge:
    """What the preamble of a problem defines."""
    definitions: list[Definition] = []
    types: list[tuple[str, tuple[Constructor, ...]]] = []
    lemmas: list[Lemma] = []
    for keyword, name, text in _declarations(problem.preamble):
        if keyword in _DEFINITIONS:
            definitions.append(_definition(name, text))
        elif keyword == "inductive":
            types.append((name, _constructors(text)))
        elif keyword == "structure":
            types.append((name, (Constructor("mk", tuple(_fields(text))),)))
        elif keyword in _LEMMAS and (statement := statement_term(text)) is not None:
            lemmas.append(Lemma(name, statement))
    return Knowledge(tuple(definitions), tuple(types), tuple(lemmas))


def _declarations(text: str) -> Iterator[tuple[str, str, str]]:
    """(keyword, name, what follows the name, without comments) of every declaration that has a name."""
    source = parse(text)
    for found in source.declarations:
        if found.name:
            yield found.keyword, found.name, source.mask.text[found.name_span.end : found.span.end]


def statement_term(text: str) -> Term | None:
    """`binders : target` (anything from `:=` on is cut off) as one `∀`; None where it cannot be read."""
    tokens = tokenize(text)
    pairs = pair(tokens)
    if pairs is None:
        return None
    outside = list(_outside(tokens, pairs))
    colon = next((t for t in outside if t.text == ":"), None)
    end = next((t.start for t in outside if t.text == ":="), len(text))
    if colon is None or colon.start > end:
        return None
    binders = parse_binders(text[: colon.start])
    target = parse_term(text[colon.end : end])
    if binders is None:
        return None
    return Bind("∀", binders, target) if binders else target


def _outside(tokens: list[Token], pairs: dict[int, int]) -> Iterator[Token]:
    i = 0
    while i < len(tokens):
        yield tokens[i]
        i = pairs.get(i, i) + 1


def _definition(name: str, text: str) -> Definition:
    tokens = tokenize(text)
    pairs = pair(tokens) or {}
    outside = list(_outside(tokens, pairs))
    end = next((k for k, t in enumerate(outside) if t.text in (":=", "|")), len(outside))
    colon = next((k for k, t in enumerate(outside[:end]) if t.text == ":"), None)
    stop = outside[end].start if end < len(outside) else len(text)
    binders = parse_binders(text[: outside[colon].start]) if colon is not None else None
    domain = [show(b.type) for b in binders or () if b.bracket == "(" and b.type is not None for _ in b.names]
    fixed = len(domain)
    result = parse_term(text[outside[colon].end : stop] if colon is not None else "")
    while isinstance(result, Op) and result.symbol == "→":
        domain.append(show(result.args[0]))
        result = result.args[1]
    arms = tuple(_arm(name, a) for a in _split(text, outside, end))
    return Definition(name, arms, tuple(domain), show(result), fixed if len(domain) > fixed else 0)


def _split(text: str, outside: list[Token], start: int) -> list[str]:
    """The arms behind each `|`; the whole body where there is none."""
    bars = [t.start for t in outside[start:] if t.text == "|"]
    if not bars:
        return [text[outside[start].end :]] if start < len(outside) else []
    return [text[a + 1 : b] for a, b in zip(bars, [*bars[1:], len(text)], strict=True)]


def _arm(name: str, text: str) -> tuple[tuple[str, ...], int]:
    head, arrow, body = text.partition("=>")
    calls = sum(t.text == name for t in tokenize(body if arrow else head))
    tokens = tokenize(head)
    dotted = {b.start for a, b in pairwise(tokens) if a.text == "."}
    names = [t for t in tokens if t.kind == "name" and t.start not in dotted]
    variables = [t.text for t in names if "." not in t.text and t.text != "_"]
    return tuple(dict.fromkeys(variables)) if arrow else (), calls


def _constructors(text: str) -> tuple[Constructor, ...]:
    found = []
    for piece in text.split("deriving")[0].split("|")[1:]:
        words = tokenize(piece)
        if words:
            found.append(Constructor(words[0].text, tuple(_arguments(piece[words[0].end :]))))
    return tuple(found)


def _arguments(text: str) -> Iterator[tuple[str, str]]:
    """Names of a constructor's arguments, those written, else one made up, with their types."""
    head, _, arrows = f" {text}".partition(" : ") if text.lstrip()[:1] not in tuple("({[⦃") else _after_binders(text)
    for b in parse_binders(head) or ():
        if b.bracket in ("", "("):
            yield from ((n, show(b.type) if b.type is not None else "") for n in b.names)
    kind, i = parse_term(arrows), 0
    while isinstance(kind, Op) and kind.symbol == "→":
        i += 1
        yield f"t{i}", show(kind.args[0])
        kind = kind.args[1]


def _fields(text: str) -> Iterator[tuple[str, str]]:
    """Names and types of a structure's fields, one or more a line."""
    for line in text.partition("where")[2].split("deriving")[0].splitlines():
        names, colon, kind = line.strip().strip("()").partition(" : ")
        if colon:
            yield from ((n, show(parse_term(kind.partition(":=")[0]))) for n in names.split())


def _after_binders(text: str) -> tuple[str, str, str]:
    tokens = tokenize(text)
    colon = next((t for t in _outside(tokens, pair(tokens) or {}) if t.text == ":"), None)
    return (text, "", "") if colon is None else (text[: colon.start], ":", text[colon.end :])
