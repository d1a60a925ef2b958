"""The steps, tactic blocks and holes of a proof, as places in its text."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from lemmata.lean_env.scanner import Span


class Mode(StrEnum):
    """What Lean expects at a place."""

    TACTIC = "tactic"
    TERM = "term"


class StepKind(StrEnum):
    """What makes a stretch of a proof a step of its own."""

    HAVE = "have"
    SUFFICES = "suffices"
    OBTAIN = "obtain"
    SHOW = "show"
    CALC = "calc"
    BULLET = "bullet"
    CASE = "case"
    ALTERNATIVE = "alternative"
    BY = "by"


@dataclass(frozen=True)
class Step:
    """A step and the part of it that proves it, which a hole can replace."""

    kind: StepKind
    span: Span
    part: Span
    mode: Mode
    """What the part is."""
    column: int
    """Of the step's tactic block, else of the step: where tactics stand, and what the lines of a term are right of."""
    typed: bool
    """Whether it states what it proves; a hole in `have := foo` would leave nothing of it."""
    children: tuple[Step, ...] = ()


@dataclass(frozen=True)
class Block:
    """A sequence of tactics."""

    opener: int
    """Offset of the token that opens it (`by`, `·`, `=>`, ...), at which Lean reports goals that it leaves."""
    opened: int
    """Offset behind that token."""
    span: Span
    """From its first tactic to its last; empty where there is none."""
    column: int
    items: tuple[Span, ...]


@dataclass(frozen=True)
class HoleSite:
    """A `sorry` in a text."""

    span: Span
    mode: Mode
    column: int
    """Where the tactics of a block put here stand, or what the further lines of a term must be right of."""
    whole: bool
    """Whether it is all of its item or term, so that what replaces it needs no parentheses."""


@dataclass(frozen=True)
class Layout:
    """All that was found."""

    steps: tuple[Step, ...]
    """The outermost ones, in order, with those inside them."""
    blocks: tuple[Block, ...]
    """In order of their openers."""
    holes: tuple[HoleSite, ...]


def flat(steps: Iterable[Step]) -> tuple[Step, ...]:
    """The steps and all inside them, in order of their starts."""
    found: list[Step] = []
    waiting = list(steps)[::-1]
    while waiting:  # not by recursion: a text may nest deeper than the interpreter does
        found.append(waiting.pop())
        waiting += found[-1].children[::-1]
    return tuple(found)


def nested(steps: Iterable[Step]) -> tuple[Step, ...]:
    """Steps whose spans are disjoint or nested, as a forest."""
    top: list[Step] = []
    around: list[tuple[Step, list[Step]]] = []  # the steps that are open, each with its children so far

    def close() -> None:
        step, children = around.pop()
        (around[-1][1] if around else top).append(replace(step, children=tuple(children)))

    for step in sorted(steps, key=lambda s: (s.span.start, -s.span.end, s.part.start)):
        while around and around[-1][0].span.end <= step.span.start:
            close()
        around.append((step, []))
    while around:
        close()
    return tuple(top)
