"""A declaration's signature: binders, target, and where the proof or value begins.

One pass over the tokens outside brackets: the first colon ends the binders; each `let` or `have` of the target takes
one `:=`, the next `:=` ends it, as do equations (`| 0 => ..`) and `where`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from lemmata.lean_env.scanner import CLOSERS, OPENERS, Brackets, Span

BY_CASES: Final = frozenset({"inductive", "coinductive", "class"})
"""Keywords whose declarations list alternatives after bars."""


class Binder(NamedTuple):
    """One bracket of binders, or one name without brackets."""

    span: Span
    bracket: str
    """`(`, `{`, `[`, `⦃`, or empty for a bare name."""
    names: tuple[str, ...]
    """Empty for an instance without a name."""
    type: Span | None
    """Without the default value (`:= ..`); None where none is written."""


class _Token(NamedTuple):
    sign: str
    span: Span
    """For an opening bracket: up to and with its partner."""


_TOKEN: Final = re.compile(
    r"[(\[{⟨⦃⟪‹)\]}⟩⦄⟫›]|:=|=>|←|::|:|<\|>?|\|>|\|\|\|?|\||λ"
    r"|(?<![\w.'!?])(?:letI?|haveI?|let_fun|fun|where|match|extends|deriving)(?![\w'!?])"
)
_BRACKET: Final = re.compile("[" + re.escape(OPENERS + CLOSERS) + "]")
_BARE: Final = re.compile(r"[^\s:@]+")
_WORD: Final = re.compile(r"«[^»]*»|[^\s«]+")
_ONE_NAME: Final = re.compile(r"\s*(?:«[^»]*»|[\w'!?.]+)\s*\Z")
_TAKES_ASSIGN: Final = frozenset({"let", "letI", "have", "haveI", "let_fun"})


class Signature(NamedTuple):
    """Where the parts of a declaration's signature stand; empty spans stand where the text goes on."""

    binders: tuple[Span, ...]
    colon: Span
    target: Span
    assign: Span
    proof: Span
    """All that follows `:=`; with equations and `where`, from there on."""


def read_signature(masked: str, span: Span, keyword: str) -> Signature:
    """Binders, target, and where the proof begins: one pass over the tokens outside brackets."""
    binders: list[Span] = []
    colon: Span | None = None
    end, assign = Span(span.end, span.end), None
    owed, matching = 0, False
    equations = _Equations(masked, span.end)
    position = span.start
    for token in _tokens(masked, span):
        if colon is None:
            binders += _bare(masked, Span(position, token.span.start))
            position = token.span.end
        match token.sign:
            case ":" | "extends" if colon is None:
                colon = token.span if token.sign == ":" else Span(token.span.start, token.span.start)
            case ":=" | "←" if owed:
                owed -= 1
            case ":=":
                end = assign = token.span
                break
            case "where" | "deriving":
                end = Span(token.span.start, token.span.start)
                break
            case "|" if not matching and (keyword in BY_CASES or equations.begin(token.span.start)):
                if not owed:
                    end = Span(token.span.start, token.span.start)
                    break
                owed, matching = owed - 1, True  # `let f : A → B | 0 => ..` takes no `:=`
            case "match":
                matching = True
            case sign if sign in _TAKES_ASSIGN:
                owed += 1
            case sign if sign in OPENERS and colon is None:
                binders.append(token.span)
            case _:
                pass
    else:
        if colon is None:
            binders += _bare(masked, Span(position, span.end))
    proof = trim(masked, Span(end.end, span.end))
    assign = assign or _empty(proof)
    if colon is None:
        behind = binders[-1].end if binders else span.start
        return Signature(tuple(binders), Span(behind, behind), Span(behind, behind), assign, proof)
    return Signature(tuple(binders), colon, trim(masked, Span(colon.end, end.start)), assign, proof)


def _empty(span: Span) -> Span:
    return Span(span.start, span.start)


def _bare(masked: str, gap: Span) -> list[Span]:
    return [Span(*found.span()) for found in _BARE.finditer(masked, *gap)]


def _tokens(masked: str, span: Span) -> Iterator[_Token]:
    """The tokens outside brackets; an opening bracket stands for all up to its partner, if it has one."""
    brackets: Brackets | None = None
    position = span.start
    while found := _TOKEN.search(masked, position, span.end):
        sign, start, position = found.group(), found.start(), found.end()
        if sign in OPENERS:
            closing = brackets.match(start) if brackets else _balanced(masked, start, span.end)
            if closing is None and brackets is None:
                brackets = Brackets(masked, Span(start, span.end))
                closing = brackets.match(start)
            position = start + 1 if closing is None else closing + 1
        if sign not in CLOSERS:
            yield _Token(sign, Span(start, position))


def _balanced(masked: str, start: int, end: int) -> int | None:
    """The partner of the bracket at `start`, if all between them is balanced (the quick way for sound text)."""
    stack: list[str] = []
    for found in _BRACKET.finditer(masked, start, end):
        sign = found.group()
        if (kind := OPENERS.find(sign)) >= 0:
            stack.append(CLOSERS[kind])
        elif stack.pop() != sign:
            return None
        elif not stack:
            return found.start()
    return None


class _Equations:
    """Whether a bar begins `| pattern => ..`: first in its line or between blanks, and `=>` comes before any `:=`."""

    def __init__(self, masked: str, end: int) -> None:
        self._masked, self._end = masked, end
        self._known_to, self._arrow = -1, False

    def begin(self, bar: int) -> bool:
        masked = self._masked
        before = masked[masked.rfind("\n", 0, bar) + 1 : bar]
        if before.strip() and not (before[-1].isspace() and masked[bar + 1 : bar + 2].isspace()):
            return False
        if bar >= self._known_to:
            self._look_ahead(bar)
        return self._arrow

    def _look_ahead(self, bar: int) -> None:
        functions = 0
        self._known_to, self._arrow = self._end, False
        for token in _tokens(self._masked, Span(bar + 1, self._end)):
            match token.sign:
                case "fun" | "λ":
                    functions += 1
                case "=>" if functions:
                    functions -= 1
                case "=>" | ":=" | "where":
                    self._known_to, self._arrow = token.span.start, token.sign == "=>"
                    return
                case _:
                    pass


def read_binder(text: str, masked: str, span: Span) -> Binder:
    """Read one binder of `Signature.binders`."""
    if masked[span.start] not in "({[⦃":
        return Binder(span, "", (span.of(text),), None)
    inside = Span(span.start + 1, span.end - 1)
    colon, assign = inside.end, inside.end
    for token in _tokens(masked, inside):
        if token.sign == ":" and colon == inside.end:
            colon = token.span.start
        elif token.sign == ":=":
            assign = token.span.start
            break
    bracket = masked[span.start]
    written = Span(inside.start, min(colon, assign))
    if bracket == "[" and not (colon < inside.end and _ONE_NAME.match(masked, *written)):
        return Binder(span, bracket, (), trim(masked, inside))
    names = _names(text, masked, written)
    return Binder(span, bracket, names, trim(masked, Span(colon + 1, assign)) if colon < assign else None)


def _names(text: str, masked: str, span: Span) -> tuple[str, ...]:
    return tuple(text[found.start() : found.end()] for found in _WORD.finditer(masked, *span))


def trim(masked: str, span: Span) -> Span:
    """Without the blanks (and comments) around; of nothing but blanks the end is left."""
    inside = masked[span.start : span.end]
    left = len(inside) - len(inside.lstrip())
    return Span(span.start + left, max(span.start + left, span.start + len(inside.rstrip())))
