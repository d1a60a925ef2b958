r"""A submission's text as it is compiled: without the comments of what is new.

Where a comment or a literal begins depends on notation: in `True \/-1` Lean reads the symbol `\/` where a scanner sees
`/-`. What counts as a comment here is therefore not compiled at all, and a literal must stand where no symbol can take
its quote. Then Lean sees as code only what was looked at as code.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from lemmata.lean_env.scanner import Hidden, Mask, Span, Trivia, scan

_COMMENTS: Final = frozenset({Trivia.COMMENT, Trivia.DOCSTRING, Trivia.MODULE_DOC})
_APART: Final = re.compile(r"(?:\A|[\s(\[{⟨,])(?:[smf]!)?\Z")
"""What may stand before a literal, its prefix included."""
_NAME: Final = re.compile(r"«[^«»\n\"']*»")
_PRIME: Final = re.compile(r"(?<![\w'!?»])'(?=[\r\n])")
"""A prime at the end of a line that ends no name: Lean may take the line's end for a character."""
_DOUBT: Final = "what is code here depends on notation that cannot be known: write it apart"
_LOST: Final = "what is new here cannot be told from what stands before it"


def without_comments(text: str, mask: Mask, kept: Sequence[Span] = ()) -> str:
    """A text with its comments blanked; lines and columns stay.

    Args:
        text: the text.
        mask: what is hidden in it.
        kept: stretches in which comments stay as they are, if they lie in them whole.
    """
    pieces, done = [], 0
    for hidden in mask.hidden:
        if hidden.kind in _COMMENTS and not any(s.start <= hidden.start and hidden.end <= s.end for s in kept):
            pieces += [text[done : hidden.start], mask.text[hidden.start : hidden.end]]
            done = hidden.end
    return "".join((*pieces, text[done:]))


def doubts(text: str, mask: Mask, new: Span) -> Iterator[tuple[int, str]]:
    """Where Lean may read new text otherwise than it is read here: offsets, and what to say.

    Args:
        text: the whole text.
        mask: what is hidden in it.
        new: the stretch that is asked about; it begins and ends where a token does.
    """
    yield from ((offset, _DOUBT) for offset in mask.doubtful if new.start <= offset < new.end)
    if scan(new.of(text)).text != new.of(mask.text):
        yield new.start, _LOST
    for hidden in _within(mask.hidden, new):
        piece = text[hidden.start : hidden.end]
        if hidden.kind is Trivia.NAME and not _NAME.fullmatch(piece):
            yield hidden.start, _DOUBT
        if hidden.kind is Trivia.LITERAL and not _APART.search(text, max(new.start, hidden.start - 3), hidden.start):
            yield hidden.start, _DOUBT
    yield from ((found.start(), _DOUBT) for found in _PRIME.finditer(mask.text, *new))


def _within(hidden: Iterable[Hidden], new: Span) -> Iterator[Hidden]:
    return (h for h in hidden if new.start <= h.start < new.end)
