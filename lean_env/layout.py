"""Finds the steps, blocks and holes of a proof by tokens and columns, as Lean's own layout has them.

A tactic block's items start at one column; an item reaches to the next token that starts a line at that column or left
of it, within the same brackets. Everything here locates: on text that Lean would not parse it still ends, with less.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from lemmata.lean_env.scanner import CLOSERS, OPENERS, Span, mask
from lemmata.lean_env.steps import Block, HoleSite, Layout, Mode, Step, StepKind, nested
from lemmata.lean_env.tokens import (
    ASSIGNED,
    BEFORE_TERM,
    BINDERS,
    CASES,
    COMBINATORS,
    COMMANDS,
    HAVES,
    LISTS,
    MATCHES,
    NO_PATTERN,
    TERM_STEPS,
    WORD,
    Token,
    starts_item,
    tokens,
)


def layout(text: str, region: tuple[int, int] | None = None) -> Layout:
    """The steps, blocks and holes of `text`, or of the part of it between two offsets."""
    return _Reader(tokens(mask(text), Span(*region) if region else Span(0, len(text)))).read()


class _Form(StrEnum):
    BRACKET = "bracket"
    BLOCK = "block"
    STEP = "step"
    CALC = "calc"
    ALTERNATIVES = "alternatives"
    FIRST = "first"


@dataclass
class _Frame:
    """Something that is open while the text is read."""

    form: _Form
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


class _Reader:
    """One pass over the tokens with a stack of what is open."""

    def __init__(self, tokens: list[Token]) -> None:
        self._tokens = tokens
        self._frames: list[_Frame] = []
        self._steps: list[Step] = []
        self._blocks: list[Block] = []
        self._holes: list[HoleSite] = []
        self._opening: _Frame | None = None  # a block whose first token comes next
        self._head = ""  # "item": the next token starts an item; "operand": it is a tactic inside one
        self._previous: Token | None = None
        self._index = 0

    def read(self) -> Layout:
        for index, token in enumerate(self._tokens):
            self._index = index
            self._place(token)
            self._begin(token)
            self._dispatch(token)
            self._previous = token
        self._give_up_opening()
        self._cut(0)
        return Layout(
            nested(self._steps),
            tuple(sorted(self._blocks, key=lambda b: (b.opener, b.span))),
            tuple(self._holes),
        )

    # Layout: which frames a token closes.

    def _place(self, token: Token) -> None:
        if token.leads and token.column == 0 and token.text in COMMANDS:
            self._give_up_opening()
            self._cut(0)
            self._head = ""
        elif self._opening is not None:
            outer = self._innermost(_Form.BLOCK)
            left = token.leads and outer is not None and token.column <= self._frames[outer].column
            if left or token.text in CLOSERS or token.text in (",", ";", "<;>"):
                self._give_up_opening()
            else:
                self._open(token)
                return
        if token.leads:
            self._close_by_column(token)

    def _open(self, token: Token) -> None:
        assert self._opening is not None
        frame, self._opening = self._opening, None
        frame.column, frame.part = token.column, token.start
        self._frames.append(frame)
        self._head = "item"

    def _give_up_opening(self) -> None:
        """The block that was to come is empty."""
        if self._opening is not None:
            frame, self._opening = self._opening, None
            outer = self._innermost(_Form.BLOCK)
            column = frame.token.column if outer is None else self._frames[outer].column
            end = self._previous.end if self._previous else frame.token.end
            self._blocks.append(Block(frame.token.start, end, Span(end, end), column + 2, ()))

    def _close_by_column(self, token: Token) -> None:
        cut = len(self._frames)
        for i in range(len(self._frames) - 1, -1, -1):
            frame = self._frames[i]
            if frame.form is _Form.BRACKET:
                break
            if frame.form is _Form.CALC and self._next_calc_step(frame, token):
                cut = i + 1
                break
            if frame.form is _Form.BLOCK:
                if token.column >= frame.column:
                    if token.column == frame.column and starts_item(token):
                        cut, self._head = i + 1, "item"
                    break
                cut = i
            elif frame.form is _Form.STEP and not frame.in_block and token.column <= frame.column:
                cut = i
        self._cut(cut)

    def _next_calc_step(self, calc: _Frame, token: Token) -> bool:
        if calc.awaiting:
            return False
        expected = calc.column if calc.rest is None else calc.rest
        fits = token.column == expected or (calc.rest is None and token.text == "_")
        if fits:
            calc.rest, calc.awaiting = token.column, True
        return fits

    def _cut(self, index: int) -> None:
        """Close the frames from `index` on; they end with the token before."""
        while len(self._frames) > index:
            frame = self._frames.pop()
            if self._previous is None or frame.part is None:
                continue
            end = self._previous.end
            if frame.form is _Form.BLOCK:
                span = Span(frame.part, end)
                items = _closed(frame.items, end)
                self._blocks.append(Block(frame.token.start, frame.token.end, span, frame.column, items))
            if frame.kind is not None and frame.part < end:
                span, part = Span(frame.start, end), Span(frame.part, end)
                self._steps.append(Step(frame.kind, span, part, frame.mode, frame.column, frame.typed))

    def _innermost(self, *forms: _Form, through: tuple[_Form, ...] = ()) -> int | None:
        """The index of the innermost frame of these forms within the current bracket (and, unless passed, block)."""
        for i in range(len(self._frames) - 1, -1, -1):
            form = self._frames[i].form
            if form in forms:
                return i
            if form is _Form.BRACKET or (form is _Form.BLOCK and _Form.BLOCK not in through):
                return None
        return None

    # What begins with a token.

    def _begin(self, token: Token) -> None:
        top = self._frames[-1] if self._frames else None
        if top is not None and top.awaiting:
            top.awaiting = False
            if top.form is _Form.CALC:
                if top.rest is None:
                    top.column = token.column
                self._push_step(StepKind.CALC, token, token.column, in_block=True)
                self._frames[-1].typed = True
            else:
                top.part = token.start
        if self._head == "item" and top is not None and top.form is _Form.BLOCK:
            top.head = token.text
            if top.items and top.items[-1][1] < 0:
                top.items[-1] = (top.items[-1][0], self._item_end())
            top.items.append((token.start, -1))

    def _item_end(self) -> int:
        """The end of the item before the current token, without the `;` between them."""
        before = self._tokens[self._index - 1]
        return self._tokens[self._index - 2].end if before.text == ";" else before.end

    def _push_step(self, kind: StepKind, token: Token, column: int, *, in_block: bool) -> None:
        self._frames.append(_Frame(_Form.STEP, token, token.start, column, kind, Mode.TERM, in_block))

    def _open_block(self, token: Token, kind: StepKind | None = None, start: int | None = None) -> None:
        start = token.start if start is None else start
        self._opening = _Frame(_Form.BLOCK, token, start, token.column, kind, typed=True)

    def _dispatch(self, token: Token) -> None:
        head, self._head = self._head, ""
        text = token.text
        if text in OPENERS:
            tactics = bool(head) and text in "({"
            self._frames.append(_Frame(_Form.BRACKET, token, token.start, token.column, in_block=tactics))
            if tactics:
                self._open_block(token)
        elif text in CLOSERS:
            self._close_bracket(OPENERS[CLOSERS.index(text)])
        elif text == "sorry":
            self._hole(token, head)
        elif head and self._tactic(token):
            pass
        elif WORD.match(text):
            self._word(token)
        else:
            self._symbol(token)

    def _tactic(self, token: Token) -> bool:
        """Begin what the first word of a tactic begins; whether it began something."""
        block = self._innermost(_Form.BLOCK)
        column = token.column if block is None else self._frames[block].column
        if token.text in HAVES:
            self._push_step(HAVES[token.text], token, column, in_block=True)
        elif token.text == "calc":
            self._frames.append(_Frame(_Form.CALC, token, token.start, column, awaiting=True))
        elif token.text in CASES:
            self._frames.append(_Frame(_Form.STEP, token, token.start, column, StepKind.CASE))
        elif token.text == "·" or (token.text == "." and token.spaced):
            self._open_block(token, StepKind.BULLET)
        elif token.text in COMBINATORS:
            self._open_block(token)
        elif token.text == "first":
            self._frames.append(_Frame(_Form.FIRST, token, token.start, column))
        else:
            return False
        return True

    def _word(self, token: Token) -> None:
        top = self._top_step()
        match token.text:
            case "by":
                if top is not None and top.kind in (StepKind.SUFFICES, StepKind.SHOW):
                    top.part, top.typed = token.start, True
                self._open_block(token, StepKind.BY)
            case "from":
                if top is not None and top.kind in (StepKind.SUFFICES, StepKind.SHOW):
                    top.awaiting = top.typed = True
            case "decreasing_by":
                self._open_block(token)
            case "calc":
                self._frames.append(_Frame(_Form.CALC, token, token.start, token.column, awaiting=True))
            case "then" | "else":
                block = self._innermost(_Form.BLOCK)
                while block is not None and self._frames[block].head != "if":
                    block = self._outer_block(block) if token.text == "else" else None
                if block is not None:
                    self._cut(block + 1)
                    self._open_block(token)
            case text if text in TERM_STEPS:
                self._push_step(HAVES[text], token, token.column, in_block=False)

    def _symbol(self, token: Token) -> None:
        top = self._top_step()
        match token.text:
            case ":" if top is not None:
                top.typed = True
            case ":=" if top is not None and top.kind in ASSIGNED:
                top.awaiting = True
            case "=>" if top is not None and top.kind in (StepKind.CASE, StepKind.ALTERNATIVE):
                top.typed = True
                if top.mode is Mode.TERM:
                    top.awaiting = True
                else:
                    self._frames.pop()
                    self._open_block(token, top.kind, top.start)
            case ";" | "<;>":
                self._separate(token)
            case ",":
                self._comma()
            case "|":
                self._pipe(token)
            case text if text in BINDERS and self._frames:
                self._frames[-1].binders += 1

    def _top_step(self) -> _Frame | None:
        """The step on top that still waits for its part."""
        top = self._frames[-1] if self._frames else None
        return top if top is not None and top.form is _Form.STEP and top.part is None and not top.awaiting else None

    def _outer_block(self, block: int) -> int | None:
        for i in range(block - 1, -1, -1):
            if self._frames[i].form is _Form.BRACKET:
                return None
            if self._frames[i].form is _Form.BLOCK:
                return i
        return None

    def _separate(self, token: Token) -> None:
        block = self._innermost(_Form.BLOCK)
        if block is not None:
            self._cut(block + 1)
            self._head = "item" if token.text == ";" else "operand"
        elif (step := self._innermost(_Form.STEP)) is not None and not self._frames[step].in_block:
            self._cut(step)

    def _comma(self) -> None:
        """A comma ends what stands before it within a bracket, or in `use 3, by simp`, unless a binder has it."""
        for i in range(len(self._frames) - 1, -1, -1):
            frame = self._frames[i]
            if frame.binders:
                frame.binders -= 1
                return
            if frame.form is _Form.BRACKET:
                if not frame.in_block:
                    self._cut(i + 1)
                return
            if frame.form is _Form.BLOCK:
                outer = self._outer_block(i)
                if frame.kind is StepKind.BY and outer is not None and self._frames[outer].head in LISTS:
                    self._cut(i)
                    return

    def _pipe(self, token: Token) -> None:
        """`|` begins an alternative, or a branch of `first`, or is something else (a pattern, an absolute value)."""
        top = self._top_step()
        if top is not None and top.kind in (StepKind.CASE, StepKind.ALTERNATIVE):
            return
        through = () if token.leads else (_Form.BLOCK,)
        alternatives = self._innermost(_Form.ALTERNATIVES, through=through)
        first = self._innermost(_Form.FIRST, through=through)
        fresh = self._previous is not None and self._previous.text == "with"
        arrow = self._has_arrow()
        nearer = alternatives is not None and alternatives > (-1 if first is None else first)
        if first is not None and token.spaced and not (arrow and (fresh or nearer)):
            self._cut(first + 1)
            self._open_block(token)
        elif arrow:
            if alternatives is None or fresh:
                self._frames.append(_Frame(_Form.ALTERNATIVES, token, token.start, token.column, mode=self._mode()))
            else:
                self._cut(alternatives + 1)
            mode = self._frames[-1].mode
            self._frames.append(
                _Frame(_Form.STEP, token, token.start, token.column, StepKind.ALTERNATIVE, mode)
            )

    def _mode(self) -> Mode:
        """What the alternatives that begin here are made of."""
        for frame in reversed(self._frames):
            if frame.form is _Form.BLOCK:
                return Mode.TACTIC if frame.head in MATCHES else Mode.TERM
            if frame.form in (_Form.BRACKET, _Form.STEP):
                break
        return Mode.TERM

    def _has_arrow(self) -> bool:
        depth = 0
        for token in self._tokens[self._index + 1 :]:
            depth += (token.text in OPENERS) - (token.text in CLOSERS)
            if depth == 0 and token.text == "=>":
                return True
            if depth < 0 or (depth == 0 and (token.leads or token.text in NO_PATTERN)):
                return False
        return False

    def _close_bracket(self, opener: str) -> None:
        for i in range(len(self._frames) - 1, -1, -1):
            if self._frames[i].form is _Form.BRACKET and self._frames[i].token.text == opener:
                self._cut(i)
                return

    def _hole(self, token: Token, head: str) -> None:
        span = Span(token.start, token.end)
        following = self._tokens[self._index + 1] if self._index + 1 < len(self._tokens) else None
        if head:
            block = self._innermost(_Form.BLOCK)
            column = token.column if block is None else self._frames[block].column
            whole = head == "item" and column == token.column and _ends_before(following, column)
            self._holes.append(HoleSite(span, Mode.TACTIC, column if whole else token.column, whole))
            return
        forms = (_Form.STEP, _Form.BLOCK)
        column = next((f.column for f in reversed(self._frames) if f.form in forms), self._indentation())
        before = self._previous.text if self._previous else ""
        whole = before in BEFORE_TERM and _ends_before(following, column)
        self._holes.append(HoleSite(span, Mode.TERM, column, whole))

    def _indentation(self) -> int:
        i = self._index
        while i and not self._tokens[i].leads:
            i -= 1
        return self._tokens[i].column if self._tokens[i].leads else 0


def _ends_before(following: Token | None, column: int) -> bool:
    """Whether an item or a term that ends at the token before it is not continued by this one."""
    if following is None or following.text in CLOSERS or following.text in (",", ";"):
        return True
    return following.leads and following.column <= column and (starts_item(following) or following.text in "|_")


def _closed(items: list[tuple[int, int]], end: int) -> tuple[Span, ...]:
    return tuple(Span(a, end if b < 0 else b) for a, b in items)


