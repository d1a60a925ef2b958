"""What is open while a proof's layout is read."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from lemmata.lean_env.steps import Mode, StepKind
from lemmata.lean_env.tokens import MATCHES, Token


class Form(StrEnum):
    """What can be open."""

    BRACKET = "bracket"
    BLOCK = "block"
    STEP = "step"
    CALC = "calc"
    ALTERNATIVES = "alternatives"
    FIRST = "first"


@dataclass
class Frame:
    """Something that is open while the text is read."""

    form: Form
    token: Token
    start: int
    """Of the whole; `token` may come later, for a block it is the one that opens it."""
    column: int
    kind: StepKind | None = None
    mode: Mode = Mode.TACTIC
    in_block: bool = True
    """STEP: whether its block ends it; else its own column does."""
    part: int | None = None
    awaiting: bool = False
    """STEP: its part begins with the next token. CALC: its first step does."""
    typed: bool = False
    head: str = ""
    """BLOCK: the first word of the current item."""
    items: list[tuple[int, int]] = field(default_factory=list)
    binders: int = 0
    """How many binders wait for their comma."""
    rest: int | None = None
    """CALC: the column of the steps after the first."""


def innermost(frames: list[Frame], *forms: Form, through: tuple[Form, ...] = ()) -> int | None:
    """The index of the innermost frame of these forms within the current bracket (and, unless passed, block)."""
    for i in range(len(frames) - 1, -1, -1):
        form = frames[i].form
        if form in forms:
            return i
        if form is Form.BRACKET or (form is Form.BLOCK and Form.BLOCK not in through):
            return None
    return None


def alternatives_mode(frames: list[Frame]) -> Mode:
    """What the alternatives that begin now are made of."""
    for frame in reversed(frames):
        if frame.form is Form.BLOCK:
            return Mode.TACTIC if frame.head in MATCHES else Mode.TERM
        if frame.form in (Form.BRACKET, Form.STEP):
            break
    return Mode.TERM
