"""What the text before a theorem defines, as far as a search for a proof wants to know: names, arms, constructors.

It locates and guesses. A wrong guess costs a tactic that fails.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from lemmata.domain import Problem
from lemmata.lean_env.scanner import mask
from lemmata.tools.term_parser import parse_binders, parse_term
from lemmata.tools.terms import Bind, Binder, Name, Op, Term, head_name
from lemmata.tools.tokens import Token, pair, tokenize

_LEMMAS: Final = frozenset({"theorem", "lemma"})
_DEFINITIONS: Final = frozenset({"def", "abbrev"})
_KEYWORDS: Final = _LEMMAS | _DEFINITIONS | {"inductive", "structure", "instance", "axiom", "example", "end", "open"}


@dataclass(frozen=True, slots=True)
class Definition:
    """An own function: its equations as (pattern variables, number of recursive calls), and what it gives back."""

    name: str
    arms: tuple[tuple[tuple[str, ...], int], ...]
    arity: int
    result: str
    """The last piece of its type, e.g. `Prop`; empty where none is written."""

    @property
    def recursive(self) -> bool:
        """Whether an arm calls the function."""
        return any(calls for _, calls in self.arms)


@dataclass(frozen=True, slots=True)
class Constructor:
    """A constructor of an own inductive type: what each argument is called, and which are of the type itself."""

    name: str
    arguments: tuple[tuple[str, bool], ...]


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
    ("Nat", (Constructor("zero", ()), Constructor("succ", (("n", True),)))),
    ("ℕ", (Constructor("zero", ()), Constructor("succ", (("n", True),)))),
    ("List", (Constructor("nil", ()), Constructor("cons", (("x", False), ("xs", True))))),
    ("Bool", (Constructor("false", ()), Constructor("true", ()))),
)


def read(problem: Problem) -> Knowledge:
    """What the preamble of a problem defines."""
    definitions: list[Definition] = []
    types: list[tuple[str, tuple[Constructor, ...]]] = []
    lemmas: list[Lemma] = []
    for keyword, name, text in _declarations(mask(problem.preamble)):
        if keyword in _DEFINITIONS:
            definitions.append(_definition(name, text))
        elif keyword == "inductive":
            types.append((name, _constructors(name, text)))
        elif keyword in _LEMMAS and (statement := statement_term(text)) is not None:
            lemmas.append(Lemma(name, statement))
    return Knowledge(tuple(definitions), tuple(types), tuple(lemmas))


def _declarations(text: str) -> Iterator[tuple[str, str, str]]:
    """(keyword, name, what follows the name) of every declaration that starts a line."""
    lines = text.splitlines()
    starts = [i for i, line in enumerate(lines) if line[:1].strip() and _KEYWORDS & set(line.split())]
    for i, end in pairwise([*starts, len(lines)]):
        words = lines[i].split()
        at = next(k for k, w in enumerate(words) if w in _KEYWORDS)
        block = "\n".join(lines[i:end])
        if at + 1 < len(words):
            name = words[at + 1].rstrip(":")
            yield words[at], name, block.split(words[at], 1)[1].split(name, 1)[1]


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
    result = parse_term(text[outside[colon].end : stop] if colon is not None else "")
    arity = 0
    while isinstance(result, Op) and result.symbol == "→":
        arity, result = arity + 1, result.args[1]
    arms = tuple(_arm(name, a) for a in _split(text, outside, end))
    return Definition(name, arms, arity, result.text if isinstance(result, Name) else "")


def _split(text: str, outside: list[Token], start: int) -> list[str]:
    """The arms behind each `|`; the whole body where there is none."""
    bars = [t.start for t in outside[start:] if t.text == "|"]
    if not bars:
        return [text[outside[start].end :]] if start < len(outside) else []
    return [text[a + 1 : b] for a, b in zip(bars, [*bars[1:], len(text)], strict=True)]


def _arm(name: str, text: str) -> tuple[tuple[str, ...], int]:
    head, arrow, body = text.partition("=>")
    calls = sum(t.text == name for t in tokenize(body if arrow else head))
    variables = [t.text for t in tokenize(head) if t.kind == "name" and "." not in t.text and t.text != "_"]
    return tuple(dict.fromkeys(variables)) if arrow else (), calls


def _constructors(name: str, text: str) -> tuple[Constructor, ...]:
    found = []
    for piece in text.split("|")[1:]:
        words = tokenize(piece.split("deriving")[0])
        if not words:
            continue
        rest = piece.split("deriving")[0][words[0].end :]
        found.append(Constructor(words[0].text, tuple(_arguments(name, rest))))
    return tuple(found)


def _arguments(name: str, text: str) -> Iterator[tuple[str, bool]]:
    """Names of a constructor's arguments: those written, else one made from the type."""
    head, _, arrows = text.partition(" : ") if not text.lstrip().startswith(":") else ("", "", text.lstrip()[1:])
    for b in parse_binders(head) or ():
        yield from ((n, _is(b, name)) for n in b.names)
    kind, i = parse_term(arrows), 0
    while isinstance(kind, Op) and kind.symbol == "→":
        own = head_name(kind.args[0]) == name
        i += 1
        yield (f"t{i}" if own else f"a{i}"), own
        kind = kind.args[1]


def _is(binder: Binder, name: str) -> bool:
    return binder.type is not None and head_name(binder.type) == name
