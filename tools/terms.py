"""Terms as Lean prints them: a typed syntax tree, its printer, and goals made of them (`term_parser` reads them).

Text here only guides a search: Lean says what is true.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, TypeAlias

from lemmata.tools.tokens import OPEN, Token, pair, tokenize

MAX: Final = 1024
INFIX: Final[Mapping[str, tuple[int, int, int]]] = {
    # symbol: precedence of the whole, of the left and of the right operand
    "↔": (20, 21, 21), "→": (25, 26, 25), "∨": (30, 31, 30), "||": (30, 30, 31), "∧": (35, 36, 35),
    "&&": (35, 35, 36), "×": (35, 36, 35), "=": (50, 51, 51), "≠": (50, 51, 51), "<": (50, 51, 51),
    "≤": (50, 51, 51), ">": (50, 51, 51), "≥": (50, 51, 51), "∣": (50, 51, 51), "∈": (50, 51, 51),
    "∉": (50, 51, 51), "⊆": (50, 51, 51), "==": (50, 51, 51), "!=": (50, 51, 51), "++": (65, 65, 66),
    "+": (65, 65, 66), "-": (65, 65, 66), "::": (67, 68, 67), "*": (70, 70, 71), "/": (70, 70, 71),
    "%": (70, 70, 71), "^": (75, 76, 75), "∘": (90, 91, 90),
}  # fmt: skip
PREFIX: Final[Mapping[str, tuple[int, int]]] = {"¬": (40, 40), "!": (40, 40), "-": (75, 75), "↑": (MAX, MAX)}
RELATIONS: Final = frozenset(["=", "≠", "<", "≤", ">", "≥", "∣", "∈"])
BINDERS: Final = frozenset({"∀", "∃", "∃!", "fun"})


@dataclass(frozen=True, slots=True)
class Name:
    """An identifier, dots included: `n`, `Nat.succ`, `h✝`."""

    text: str


@dataclass(frozen=True, slots=True)
class Num:
    """A natural numeral; negative ones are `Op("-", (Num(k),))`."""

    value: int


@dataclass(frozen=True, slots=True)
class App:
    """A function applied to at least one argument; the head is never itself an `App`."""

    head: Term
    args: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class Op:
    """A notation: one argument for a prefix, two for an infix or a type ascription `:`, three for `if`."""

    symbol: str
    args: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class Binder:
    """Bound names with their common type; `bracket` is `(`, `{`, `[`, `⦃`, or empty where none is written."""

    names: tuple[str, ...]
    type: Term | None = None
    bracket: str = ""


@dataclass(frozen=True, slots=True)
class Bind:
    """A binder over a body; `∀ x < n, p` is read as `∀ x, x < n → p`, `(x : A) → B` as `∀ (x : A), B`."""

    symbol: str
    binders: tuple[Binder, ...]
    body: Term


@dataclass(frozen=True, slots=True)
class Opaque:
    """A piece that the parser does not look into, with its exact text."""

    text: str


Term: TypeAlias = Name | Num | App | Op | Bind | Opaque


@dataclass(frozen=True, slots=True)
class Hyp:
    """One line of a goal's context: names, their type, and the value of a `let` variable."""

    names: tuple[str, ...]
    type: Term
    value: Term | None = None


@dataclass(frozen=True, slots=True)
class Goal:
    """A proof state as Lean prints it: hypotheses, then the target after `⊢`."""

    hypotheses: tuple[Hyp, ...]
    target: Term

    @property
    def types(self) -> dict[str, Term]:
        """Type of every name of the context, in its order."""
        return {n: h.type for h in self.hypotheses for n in h.names}


def infix(symbol: str, left: Term, right: Term) -> Op:
    """`left symbol right`."""
    return Op(symbol, (left, right))


def apply(head: Term, *args: Term) -> Term:
    """`head args`, flattened; the head alone where there are no arguments."""
    if not args:
        return head
    return App(head.head, head.args + args) if isinstance(head, App) else App(head, args)


# -- printing


def show(term: Term) -> str:
    """Text that Lean reads as this term, with as few parentheses as the precedences allow."""
    return _show(term, 0, tail=True)


def _show(term: Term, level: int, *, tail: bool) -> str:
    """Print where precedence `level` is asked; `tail` says that a binder may run to the end of what surrounds it."""
    match term:
        case Name(text):
            return text
        case Opaque(text):
            return _wrap(text, not ((level == 0 and tail) or _closed(text)))
        case Num(value):
            return str(value)
        case App(head, args):
            parts = [_show(a, MAX, tail=False) for a in (head, *args)]
            return _wrap(" ".join(parts), level >= MAX)
        case Op(":", (left, right)):
            return f"({show(left)} : {show(right)})"
        case Op("if", (condition, left, right)):
            return _wrap(f"if {show(condition)} then {show(left)} else {_show(right, 0, tail=True)}", not tail)
        case Op(symbol, (argument,)):
            own, inner = PREFIX[symbol]
            # a prefix inside a tighter place needs parentheses, and so does `- -x`
            wrap = level > own or (level == own and symbol == "-")
            return _wrap(symbol + _show(argument, inner, tail=(tail or wrap) and inner < MAX), wrap)
        case Op(symbol, args):
            own, low, high = INFIX[symbol]
            wrap = level > own
            text = f"{_show(args[0], low, tail=False)} {symbol} {_show(args[1], high, tail=tail or wrap)}"
            return _wrap(text, wrap)
        case Bind(symbol, binders, body):
            arrow = " => " if symbol == "fun" else ", "
            return _wrap(f"{symbol} {' '.join(map(show_binder, binders))}{arrow}{show(body)}", not tail)


def show_binder(binder: Binder) -> str:
    """`(x y : T)`, `{x : T}`, or the bare names."""
    names = " ".join(binder.names)
    if binder.type is None:
        return f"{binder.bracket}{names}{OPEN[binder.bracket]}" if binder.bracket else names
    if binder.bracket == "[" and not names:
        return f"[{show(binder.type)}]"
    bracket = binder.bracket or "("
    return f"{bracket}{names} : {show(binder.type)}{OPEN[bracket]}"


def show_goal(goal: Goal) -> str:
    """The goal as text, a hypothesis a line."""
    lines = []
    for h in goal.hypotheses:
        value = f" := {show(h.value)}" if h.value is not None else ""
        lines.append(f"{' '.join(h.names)} : {show(h.type)}{value}")
    return "\n".join([*lines, f"⊢ {show(goal.target)}"])


def _wrap(text: str, yes: bool) -> str:
    return f"({text})" if yes else text


def _closed(text: str) -> bool:
    """Whether an opaque text is one word or bracketed group, projections included: it can stand as an argument."""
    tokens = tokenize(text)
    pairs = pair(tokens)
    if pairs is None:
        return False
    last = pairs.get(0, 0)
    rest = tokens[last + 1 :]
    # after a bracket, only projections written right behind it
    return not rest or (rest[0].text == "." and _adjacent(tokens[last:]))


def _adjacent(tokens: list[Token]) -> bool:
    return all(a.end == b.start for a, b in pairwise(tokens))


# -- looking into terms


def subterms(term: Term) -> Iterator[Term]:
    """The term and everything below it, outermost first, left to right; binder types included."""
    yield term
    for child in children(term):
        yield from subterms(child)


def children(term: Term) -> tuple[Term, ...]:
    """Direct parts of a term."""
    match term:
        case App(head, args):
            return (head, *args)
        case Op(_, args):
            return args
        case Bind(_, binders, body):
            return (*(b.type for b in binders if b.type is not None), body)
        case _:
            return ()


def head_name(term: Term) -> str:
    """Name at the head of an application or of a name alone; empty for other terms."""
    while isinstance(term, App):
        term = term.head
    return term.text if isinstance(term, Name) else ""


def free(term: Term) -> tuple[str, ...]:
    """Names that occur free, without repeats, in order; of an opaque piece every identifier counts."""
    return tuple(dict.fromkeys(_free(term, frozenset())))


def _free(term: Term, bound: frozenset[str]) -> Iterator[str]:
    match term:
        case Name(text):
            # `x.succ` may be the variable `x` in dot notation
            yield from (t for t in (text, text.split(".")[0]) if t not in bound)
        case Opaque(text):
            yield from (t.text for t in tokenize(text) if t.kind == "name" and t.text not in bound)
        case Bind(_, binders, body):
            for b in binders:
                if b.type is not None:
                    yield from _free(b.type, bound)
                bound |= set(b.names)
            yield from _free(body, bound)
        case _:
            for child in children(term):
                yield from _free(child, bound)


def substitute(term: Term, values: Mapping[str, Term]) -> Term:
    """Replace free names; bound names that would capture one are renamed with a prime. Opaque pieces stay."""
    if not values:
        return term
    match term:
        case Name(text):
            return values.get(text, term)
        case App(head, args):
            return apply(substitute(head, values), *(substitute(a, values) for a in args))
        case Op(symbol, args):
            return Op(symbol, tuple(substitute(a, values) for a in args))
        case Bind(symbol, binders, body):
            taken = {n for v in values.values() for n in free(v)}
            inner, fresh = dict(values), []
            for b in binders:
                kind = None if b.type is None else substitute(b.type, inner)
                names = []
                for n in b.names:
                    new = n
                    while new in taken:
                        new += "'"
                    inner[n] = Name(new)
                    names.append(new)
                fresh.append(Binder(tuple(names), kind, b.bracket))
            return Bind(symbol, tuple(fresh), substitute(body, inner))
        case _:
            return term
