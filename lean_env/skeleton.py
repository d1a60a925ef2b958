"""Skeletons: parts of a proof cut out into holes, and holes filled again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from lemmata.lean_env.layout import layout
from lemmata.lean_env.scanner import Span, Trivia, mask, scan
from lemmata.lean_env.steps import HoleSite, Mode, Step

HOLE: Final = "sorry"


def steps(text: str, region: tuple[int, int] | None = None) -> tuple[Step, ...]:
    """The outermost steps of a proof, each with the steps inside it, between two offsets of `text`."""
    return layout(text, region).steps


def holes(text: str, region: tuple[int, int] | None = None) -> tuple[HoleSite, ...]:
    """Every `sorry` of `text` that is code, in order, between two offsets."""
    return layout(text, region).holes


@dataclass(frozen=True)
class Skeleton:
    """A text with parts cut out, each a hole now."""

    text: str
    sites: tuple[HoleSite, ...]
    """The holes that the cuts made, in order; holes that were there before are not among them."""
    cuts: tuple[str, ...]
    """What stood at each of them."""

    def fill(self, replacements: Sequence[str | None]) -> str:
        """The text with its holes filled, one replacement for each; None leaves the hole.

        What was cut goes back byte for byte; anything else is fitted in as by `fill`.
        """
        pairs = zip(self.sites, self.cuts, replacements, strict=True)
        return _spliced(self.text, [(s.span, old if new == old else _fitted(s, new)) for s, old, new in pairs])

    def fill_back(self) -> str:
        """The text that was cut."""
        return self.fill(self.cuts)


def cut(text: str, chosen: Iterable[Step]) -> Skeleton:
    """Put a hole in the place of each chosen step's part; of nested ones the outermost is cut."""
    parts: list[Span] = []
    for part in sorted((s.part for s in chosen), key=lambda p: (p.start, -p.end)):
        if not parts or part.start >= parts[-1].end:
            parts.append(part)
    skeleton = _spliced(text, [(part, HOLE) for part in parts])
    starts, shift = set(), 0
    for part in parts:
        starts.add(part.start + shift)
        shift += len(HOLE) - (part.end - part.start)
    sites = tuple(h for h in holes(skeleton) if h.span.start in starts)
    return Skeleton(skeleton, sites, tuple(p.of(text) for p in parts))


def fill(text: str, replacements: Iterable[tuple[HoleSite, str]]) -> str:
    """The text with some of its holes filled.

    A replacement is written as in a file of its own: for a tactic hole a block of tactics whose lines start at one
    column, for a term hole a term, e.g. `by` and a block. It is moved to the hole's column, and put in parentheses
    where the hole is part of something. Comments at its end are left out. One without any code leaves the hole.
    """
    return _spliced(text, [(site.span, _fitted(site, new)) for site, new in replacements])


def _spliced(text: str, edits: Iterable[tuple[Span, str]]) -> str:
    pieces: list[str] = []
    done = 0
    for span, new in sorted(edits):
        pieces += (text[done : span.start], new)
        done = span.end
    return "".join((*pieces, text[done:]))


def _fitted(site: HoleSite, new: str | None) -> str:
    code = (new or "")[: len(mask(new or "").rstrip())].lstrip("\n")
    if not code.strip():
        return HOLE
    margin = len(code) - len(code.lstrip(" "))
    bare = site.whole or code.strip().isidentifier()
    column = site.column if bare else site.column + 1
    if site.mode is Mode.TACTIC:
        if mask(code).split()[0] == "by":
            code, margin = _unwrapped(code, margin)
        fitted = _moved(code, margin, column)
    else:
        lines = [line for line in code.split("\n")[1:] if line.strip()]
        nearest = min((len(x) - len(x.lstrip(" ")) - margin for x in lines), default=1)
        fitted = _moved(code, margin, column if nearest > 0 else column + 2)
    return fitted if bare else f"({fitted})"


def _unwrapped(code: str, margin: int) -> tuple[str, int]:
    """The tactics of a `by`, and their column."""
    rest = " " * (margin + 2) + code[margin + 2 :]
    start = len(rest) - len(rest.lstrip())
    line = rest.rfind("\n", 0, start) + 1
    return rest[line:], start - line


def _moved(code: str, margin: int, column: int) -> str:
    """The lines moved from one column to another, the first without its indentation; none starts left of it."""
    literals = [h.span for h in scan(code).hidden if h.kind is Trivia.LITERAL]
    moved: list[str] = []
    start = 0
    for line in code.split("\n"):
        inside = any(s.start < start < s.end for s in literals)
        indent = len(line) - len(line.lstrip(" "))
        stripped = line if inside else line[indent:]
        keep = inside or not stripped or not moved
        moved.append(stripped if keep else " " * (column + max(0, indent - margin)) + stripped)
        start += len(line) + 1
    return "\n".join(moved)
