"""Where Lean text is code: comments and literals masked, brackets paired, offsets and positions converted.

Everything here locates and nothing raises: damaged text is masked to its end, brackets without a partner stay unpaired.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NamedTuple

from lemmata.domain import Position

OPENERS: Final = "([{⟨⦃⟪‹"
CLOSERS: Final = ")]}⟩⦄⟫›"


class Span(NamedTuple):
    """A stretch of a text: offsets in code points, the end excluded."""

    start: int
    end: int

    def of(self, text: str) -> str:
        """The stretch itself."""
        return text[self.start : self.end]

    @property
    def empty(self) -> bool:
        """Whether it holds nothing."""
        return self.start >= self.end


class Trivia(StrEnum):
    """What the mask hides."""

    COMMENT = "comment"
    DOCSTRING = "docstring"
    MODULE_DOC = "module docstring"
    LITERAL = "literal"
    NAME = "quoted name"


class Hidden(NamedTuple):
    """One thing that the mask hides, delimiters included."""

    kind: Trivia
    start: int
    end: int

    @property
    def span(self) -> Span:
        """Where it stands."""
        return Span(self.start, self.end)


class Unterminated(NamedTuple):
    """What the end of the text cut off, and where it began."""

    kind: Trivia
    offset: int
    line: int


@dataclass(frozen=True)
class Mask:
    """A text with everything hidden that is not code."""

    text: str
    """As long as the original, with the same newlines.

    Comments are blanks. A string or character literal is `"`, blanks, `"`: something stands there, but nothing to read.
    A quoted name keeps its `«»`.
    """
    hidden: tuple[Hidden, ...]
    """What is hidden, in order."""
    unterminated: Unterminated | None
    """The comment, literal or quoted name that is still open where the text ends."""
    doubtful: tuple[int, ...] = ()
    """Where what is hidden depends on notation that is not known here: `×'"'` is a symbol and a string, or a character;
    `"{"` may be an interpolation. Honest text hardly has any; what must not be misread may refuse them."""


_CHARACTER: Final = r"(?:[^\\'\n]|\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|[^xu]))'"
_START: Final = re.compile(
    r"--[^\n]*"
    r"|/-"
    r'|"'
    # A prime that follows an identifier, a digit or another prime belongs to it, as in the symbols `∑'`, `×'`, `∀'`.
    rf"|'(?<![\w'?!∑∏⨆⨅∐∀∃×⊕]'){_CHARACTER}(?:'{_CHARACTER})*"
    r"|«"
)
# Symbols may end in a prime, but which do is a matter of notation. Excepted is what Lean takes for identifiers.
_LETTERS: Final = "α-κμ-ωΑ-ΟΡΤ-Ωϊ-ϻἀ-῾℀-⅏𝒜-𝖟₀-₉ₐ-ₜᵢ-ᵪⱼ"
_DOUBTFUL_PRIME: Final = re.compile(rf"'(?<=[^\x00-\x7f{_LETTERS}]'){_CHARACTER}")
_INTERPOLATED: Final = re.compile(r"(?<![\w'!?.])[smf]!\Z")
_BLOCK: Final = re.compile(r"/-|-/")
_STRING_END: Final = re.compile(r'[^"\\]*(?:\\.[^"\\]*)*', re.DOTALL)
_INTERPOLATED_TEXT: Final = re.compile(r'[^"\\{]*(?:\\.[^"\\{]*)*', re.DOTALL)
_FURTHER: Final = 400
_MANY: Final = 200
_INTERPOLATED_CODE: Final = re.compile(_START.pattern + r"|[{}]")


def scan(text: str) -> Mask:
    """Find everything in `text` that is not code, and mask it."""
    pieces: list[str] = []
    hidden: list[Hidden] = []
    doubtful = {found.start() for found in _DOUBTFUL_PRIME.finditer(text)}
    unterminated: Unterminated | None = None
    done = 0
    found = _START.search(text)
    while found:
        kind, start, end = _extent(text, found)
        doubtful.difference_update(range(start + 1, end or len(text)) if doubtful else ())
        braces = text[start] == '"' and "{" in text[start:end]
        if braces and (len(doubtful) > _MANY or not _ends_alike(text, start, end)):
            doubtful.add(start)  # where there are many already, nobody asks whether one more is
        if end is None:
            unterminated = Unterminated(kind, start, text.count("\n", 0, start) + 1)
            end = len(text)
        pieces += (text[done:start], _masked(text, kind, start, end, closed=unterminated is None))
        hidden.append(Hidden(kind, start, end))
        done = end
        found = _START.search(text, end)
    pieces.append(text[done:])
    return Mask("".join(pieces), tuple(hidden), unterminated, tuple(sorted(doubtful)))


def mask(text: str) -> str:
    """The masked text alone, see `Mask.text`."""
    return scan(text).text


def _ends_alike(text: str, start: int, end: int | None) -> bool:
    """Whether a string with a brace in it ends at the same place if it is interpolated. Looks only a little further."""
    stop = (len(text) if end is None else end) + _FURTHER
    found = _interpolated_end(text[start:stop], 0)
    return end is not None and found == end - start


def _extent(text: str, found: re.Match[str]) -> tuple[Trivia, int, int | None]:
    """What begins at a match of `_START`, where it begins, and where it ends (None: not before the text does)."""
    start = found.start()
    match text[start]:
        case "-":
            return Trivia.COMMENT, start, found.end()
        case "/":
            return _block_kind(text, start), start, _block_end(text, found.end())
        case "«":
            closing = text.find("»", start)
            return Trivia.NAME, start, None if closing < 0 else closing + 1
        case '"':
            return _string_extent(text, start)
        case _:
            return Trivia.LITERAL, start, found.end()


def _block_kind(text: str, start: int) -> Trivia:
    sign = text[start + 2 : start + 3]
    if sign == "-" and not text.startswith("/--/", start):
        return Trivia.DOCSTRING
    return Trivia.MODULE_DOC if sign == "!" else Trivia.COMMENT


def _block_end(text: str, position: int) -> int | None:
    depth = 1
    for sign in _BLOCK.finditer(text, position):
        depth += 1 if text[sign.start()] == "/" else -1
        if depth == 0:
            return sign.end()
    return None


def _string_extent(text: str, quote: int) -> tuple[Trivia, int, int | None]:
    before = quote
    while before and text[before - 1] == "#":
        before -= 1
    if before and text[before - 1] == "r" and not (before > 1 and _in_identifier(text[before - 2])):
        closer = '"' + "#" * (quote - before)
        closing = text.find(closer, quote + 1)
        return Trivia.LITERAL, before - 1, None if closing < 0 else closing + len(closer)
    if _INTERPOLATED.search(text, max(0, quote - 3), quote):
        return Trivia.LITERAL, quote, _interpolated_end(text, quote)
    return Trivia.LITERAL, quote, _string_end(text, quote)


def _in_identifier(character: str) -> bool:
    return character.isalnum() or character in "_'!?."


def _string_end(text: str, quote: int) -> int | None:
    found = _STRING_END.match(text, quote + 1)
    end = found.end() if found else len(text)
    return end + 1 if end < len(text) and text[end] == '"' else None


def _interpolated_end(text: str, quote: int) -> int | None:
    """The end of `s!"..{code}.."`: its code may hold strings, which may be interpolated too (hence the stack)."""
    braces: list[int] = []  # for each interpolation that is open: how many braces of code are open in it
    position, in_code = quote + 1, False
    while True:
        if not in_code:
            found = _INTERPOLATED_TEXT.match(text, position)
            position = found.end() if found else len(text)
            if position >= len(text) or text[position] == "\\":
                return None
            position += 1
            if text[position - 1] == "{":
                braces.append(0)
                in_code = True
            elif not braces:
                return position
            else:
                in_code = True
            continue
        step = _INTERPOLATED_CODE.search(text, position)
        if step is None:
            return None
        position = step.end()
        match text[step.start()]:
            case "{":
                braces[-1] += 1
            case "}" if braces[-1]:
                braces[-1] -= 1
            case "}":
                braces.pop()
                in_code = False
            case '"' if _INTERPOLATED.search(text, step.start() - 3, step.start()):
                in_code = False
            case _:
                end = _extent(text, step)[2]
                if end is None:
                    return None
                position = end


def _masked(text: str, kind: Trivia, start: int, end: int, *, closed: bool) -> str:
    blank = "\n".join(" " * len(line) for line in text[start:end].split("\n"))
    match kind:
        case Trivia.LITERAL:
            first, last = '"', '"'
        case Trivia.NAME:
            first, last = "«", "»"
        case _:
            return blank
    return first + blank[1:-1] + last if closed else first + blank[1:]


class Brackets:
    """The brackets `()[]{}⟨⟩⦃⦄⟪⟫‹›` of a masked text, or of a stretch of it.

    A closing bracket closes the nearest open one of its kind; what was opened in between stays unpaired, as does a
    closing bracket without an open one. Unpaired brackets count for no depth.
    """

    def __init__(self, masked: str, span: Span | None = None) -> None:
        span = span or Span(0, len(masked))
        self._partner: dict[int, int] = {}
        unpaired: list[int] = []
        stack: list[tuple[int, int]] = []
        waiting = [0] * len(OPENERS)
        for found in _BRACKET.finditer(masked, *span):
            offset, sign = found.start(), found.group()
            if (kind := OPENERS.find(sign)) >= 0:
                stack.append((kind, offset))
                waiting[kind] += 1
                continue
            kind = CLOSERS.index(sign)
            if not waiting[kind]:
                unpaired.append(offset)
                continue
            while True:
                other, opened = stack.pop()
                waiting[other] -= 1
                if other == kind:
                    self._partner[opened], self._partner[offset] = offset, opened
                    break
                unpaired.append(opened)
        self.unpaired: tuple[int, ...] = tuple(sorted(unpaired + [offset for _, offset in stack]))
        """Offsets of the brackets without a partner."""
        self._openings = sorted(a for a, b in self._partner.items() if a < b)
        self._closings = sorted(b for a, b in self._partner.items() if a < b)

    @property
    def pairs(self) -> tuple[Span, ...]:
        """Every pair, in order of the opening bracket; the span includes both brackets."""
        return tuple(Span(opening, self._partner[opening] + 1) for opening in self._openings)

    def match(self, offset: int) -> int | None:
        """The offset of the partner of the bracket at `offset`; None where there is no bracket or no partner."""
        return self._partner.get(offset)

    def depth(self, offset: int) -> int:
        """How many pairs enclose the code point at `offset`; brackets themselves count as enclosed by their pair."""
        return bisect_right(self._openings, offset) - bisect_left(self._closings, offset)


_BRACKET: Final = re.compile("[" + re.escape(OPENERS + CLOSERS) + "]")


def line_column(text: str, offset: int) -> Position:
    """The position of an offset: line from 1, column from 0 in code points."""
    return Position(line=text.count("\n", 0, offset) + 1, column=offset - (text.rfind("\n", 0, offset) + 1))


def offset_of(text: str, position: Position) -> int:
    """The offset of a position; one behind the end of its line, or of the text, is taken to be that end."""
    start = 0
    for _ in range(position.line - 1):
        newline = text.find("\n", start)
        if newline < 0:
            return len(text)
        start = newline + 1
    end = text.find("\n", start)
    return min(start + position.column, len(text) if end < 0 else end)
