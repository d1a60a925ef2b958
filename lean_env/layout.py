"""Finds the steps, blocks and holes of a proof by tokens and columns, as Lean's own layout has them.

A tactic block's items start at one column; an item reaches to the next token that starts a line at that column or left
of it, within the same brackets. Everything here locates: on text that Lean would not parse it still ends, with less.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from lemmata.lean_env.frames import Form, Frame, alternatives_mode, innermost
from lemmata.lean_env.scanner import CLOSERS, OPENERS, Brackets, Span, mask
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
    NO_PATTERN,
    TERM_STEPS,
    WORD,
    Token,
    starts_item,
    tokens,
)


def layout(text: str, region: tuple[int, int] | None = None) -> Layout:
    """The steps, blocks and holes of `text`, or of the part of it between two offsets."""
    masked = mask(text)
    within = Span(*region) if region else Span(0, len(text))
    reader = _Reader(tokens(masked, within), Brackets(masked, within))
    reader.read()
    return Layout(
        steps=nested(s for s in reader.steps if not _glued(masked, s.part)),
        blocks=tuple(sorted(reader.blocks, key=lambda b: (b.opener, b.span))),
        holes=tuple(reader.holes),
    )


_LONGEST_PATTERN: Final = 200


def _glued(masked: str, part: Span) -> bool:
    """Whether a word in its place would become one with what stands next to it, as in `by(simp)`."""
    before, after = masked[max(0, part.start - 1) : part.start], masked[part.end : part.end + 1]
    return any(x.isalnum() or x in "_'!?«»" for x in (before, after) if x)


class _Reader:
    """One pass over the tokens with a stack of what is open."""

    def __init__(self, tokens: list[Token], brackets: Brackets) -> None:
        self._brackets = brackets
        self._tokens = tokens
        self._frames: list[Frame] = []
        self.steps: list[Step] = []
        self.blocks: list[Block] = []
        self.holes: list[HoleSite] = []
        self._opening: Frame | None = None  # a block whose first token comes next
        self._head = ""  # "item": the next token starts an item; "operand": it is a tactic inside one
        self._previous: Token | None = None
        self._index = 0

    def read(self) -> None:
        """Read it all; then `steps`, `blocks` and `holes` are complete."""
        first = self._tokens[0] if self._tokens else None
        if first is not None and starts_item(first) and first.text not in COMMANDS:
            self._open_block(replace(first, text="", end=first.start))
        for index, token in enumerate(self._tokens):
            self._index = index
            self._place(token)
            self._begin(token)
            self._dispatch(token)
            self._previous = token
        self._give_up_opening()
        self._cut(0)

    # Layout: which frames a token closes.

    def _place(self, token: Token) -> None:
        if token.leads and token.column == 0 and token.text in COMMANDS:
            self._give_up_opening()
            self._cut(0)
            self._head = ""
        elif self._opening is not None:
            outer = innermost(self._frames, Form.BLOCK)
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
            outer = innermost(self._frames, Form.BLOCK)
            column = frame.token.column if outer is None else self._frames[outer].column
            end = self._previous.end if self._previous else frame.token.end
            self.blocks.append(Block(frame.token.start, end, Span(end, end), column + 2, ()))

    def _close_by_column(self, token: Token) -> None:
        cut = len(self._frames)
        for i in range(len(self._frames) - 1, -1, -1):
            frame = self._frames[i]
            if frame.form is Form.BRACKET:
                break
            if frame.form is Form.CALC and self._next_calc_step(frame, token):
                cut = i + 1
                break
            if frame.form is Form.BLOCK:
                if token.column >= frame.column:
                    if token.column == frame.column and starts_item(token):
                        cut, self._head = i + 1, "item"
                    break
                cut = i
            elif frame.form is Form.STEP and not frame.in_block and token.column <= frame.column:
                cut = i
        self._cut(cut)

    def _next_calc_step(self, calc: Frame, token: Token) -> bool:
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
            if frame.form is Form.BLOCK:
                span = Span(frame.part, end)
                items = _closed(frame.items, end)
                self.blocks.append(Block(frame.token.start, frame.token.end, span, frame.column, items))
            if frame.kind is not None and frame.part < end:
                span, part = Span(frame.start, end), Span(frame.part, end)
                self.steps.append(Step(frame.kind, span, part, frame.mode, frame.column, frame.typed))

    # What begins with a token.

    def _begin(self, token: Token) -> None:
        top = self._frames[-1] if self._frames else None
        if top is not None and top.awaiting:
            top.awaiting = False
            if top.form is Form.CALC:
                if top.rest is None:
                    top.column = token.column
                self._push_step(StepKind.CALC, token, token.column, in_block=True)
                self._frames[-1].typed = True
            else:
                top.part = token.start
        if self._head == "item" and top is not None and top.form is Form.BLOCK:
            top.head = token.text
            if top.items and top.items[-1][1] < 0:
                top.items[-1] = (top.items[-1][0], self._item_end())
            top.items.append((token.start, -1))

    def _item_end(self) -> int:
        """The end of the item before the current token, without the `;` between them."""
        before = self._tokens[self._index - 1]
        return self._tokens[self._index - 2].end if before.text == ";" else before.end

    def _push_step(self, kind: StepKind, token: Token, column: int, *, in_block: bool) -> None:
        self._frames.append(Frame(Form.STEP, token, token.start, column, kind, Mode.TERM, in_block))

    def _open_block(self, token: Token, kind: StepKind | None = None, start: int | None = None) -> None:
        start = token.start if start is None else start
        self._opening = Frame(Form.BLOCK, token, start, token.column, kind, typed=True)

    def _dispatch(self, token: Token) -> None:
        head, self._head = self._head, ""
        text = token.text
        paired = self._brackets.match(token.start) is not None  # one without a partner is as good as not there
        if text in OPENERS and paired:
            tactics = bool(head) and text in "({"
            self._frames.append(Frame(Form.BRACKET, token, token.start, token.column, in_block=tactics))
            if tactics:
                self._open_block(token)
        elif text in CLOSERS and paired:
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
        block = innermost(self._frames, Form.BLOCK)
        column = token.column if block is None else self._frames[block].column
        if token.text in HAVES:
            self._push_step(HAVES[token.text], token, column, in_block=True)
        elif token.text == "calc":
            self._frames.append(Frame(Form.CALC, token, token.start, column, awaiting=True))
        elif token.text in CASES:
            self._frames.append(Frame(Form.STEP, token, token.start, column, StepKind.CASE))
        elif token.text == "·" or (token.text == "." and token.spaced):
            self._open_block(token, StepKind.BULLET)
        elif token.text in COMBINATORS:
            self._open_block(token)
        elif token.text == "first":
            self._frames.append(Frame(Form.FIRST, token, token.start, column))
        else:
            return False
        return True

    def _word(self, token: Token) -> None:
        top = self._top_step()
        match token.text:
            case "by":
                if top is not None and top.kind in (StepKind.SUFFICES, StepKind.SHOW):
                    self._frames.pop()  # its `by` is part of it: no other term can stand there
                    self._open_block(token, top.kind, top.start)
                else:
                    self._open_block(token, StepKind.BY)
            case "from":
                if top is not None and top.kind in (StepKind.SUFFICES, StepKind.SHOW):
                    top.awaiting = top.typed = True
            case "decreasing_by":
                self._open_block(token)
            case "calc":
                self._frames.append(Frame(Form.CALC, token, token.start, token.column, awaiting=True))
            case "then" | "else":
                block = innermost(self._frames, Form.BLOCK)
                while block is not None and self._frames[block].head != "if":
                    block = innermost(self._frames[:block], Form.BLOCK) if token.text == "else" else None
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

    def _top_step(self) -> Frame | None:
        """The step on top that still waits for its part."""
        top = self._frames[-1] if self._frames else None
        return top if top is not None and top.form is Form.STEP and top.part is None and not top.awaiting else None

    def _separate(self, token: Token) -> None:
        block = innermost(self._frames, Form.BLOCK)
        if block is not None:
            self._cut(block + 1)
            self._head = "item" if token.text == ";" else "operand"
        elif (step := innermost(self._frames, Form.STEP)) is not None and not self._frames[step].in_block:
            self._cut(step)

    def _comma(self) -> None:
        """A comma ends what stands before it within a bracket, or in `use 3, by simp`, unless a binder has it."""
        for i in range(len(self._frames) - 1, -1, -1):
            frame = self._frames[i]
            if frame.binders:
                frame.binders -= 1
                return
            if frame.form is Form.BRACKET:
                if not frame.in_block:
                    self._cut(i + 1)
                return
            if frame.form is Form.BLOCK:
                outer = innermost(self._frames[:i], Form.BLOCK)
                if frame.kind is StepKind.BY and outer is not None and self._frames[outer].head in LISTS:
                    self._cut(i)
                    return

    def _pipe(self, token: Token) -> None:
        """`|` begins an alternative, or a branch of `first`, or is something else (a pattern, an absolute value)."""
        top = self._top_step()
        if top is not None and top.kind in (StepKind.CASE, StepKind.ALTERNATIVE):
            return
        through = () if token.leads else (Form.BLOCK,)
        alternatives = innermost(self._frames, Form.ALTERNATIVES, through=through)
        first = innermost(self._frames, Form.FIRST, through=through)
        fresh = self._previous is not None and self._previous.text == "with"
        arrow = self._has_arrow()
        nearer = alternatives is not None and alternatives > (-1 if first is None else first)
        if first is not None and token.spaced and not (arrow and (fresh or nearer)):
            self._cut(first + 1)
            self._open_block(token)
        elif arrow:
            if alternatives is None or fresh:
                mode = alternatives_mode(self._frames)
                self._frames.append(Frame(Form.ALTERNATIVES, token, token.start, token.column, mode=mode))
            else:
                self._cut(alternatives + 1)
            mode = self._frames[-1].mode
            self._frames.append(
                Frame(Form.STEP, token, token.start, token.column, StepKind.ALTERNATIVE, mode)
            )

    def _has_arrow(self) -> bool:
        depth = 0
        for token in self._tokens[self._index + 1 : self._index + 1 + _LONGEST_PATTERN]:
            depth += (token.text in OPENERS) - (token.text in CLOSERS)
            if depth == 0 and token.text == "=>":
                return True
            if depth < 0 or (depth == 0 and (token.leads or token.text in NO_PATTERN)):
                return False
        return False

    def _close_bracket(self, opener: str) -> None:
        for i in range(len(self._frames) - 1, -1, -1):
            if self._frames[i].form is Form.BRACKET and self._frames[i].token.text == opener:
                self._cut(i)
                return

    def _hole(self, token: Token, head: str) -> None:
        span = Span(token.start, token.end)
        following = self._tokens[self._index + 1] if self._index + 1 < len(self._tokens) else None
        if head:
            block = innermost(self._frames, Form.BLOCK)
            column = token.column if block is None else self._frames[block].column
            whole = head == "item" and column == token.column and _ends_before(following, column)
            self.holes.append(HoleSite(span, Mode.TACTIC, column if whole else token.column, whole))
            return
        forms = (Form.STEP, Form.BLOCK)
        column = next((f.column for f in reversed(self._frames) if f.form in forms), self._indentation())
        before = self._previous.text if self._previous else ""
        whole = before in BEFORE_TERM and _ends_before(following, column)
        self.holes.append(HoleSite(span, Mode.TERM, column, whole))

    def _indentation(self) -> int:
        i = self._index
        while i and not self._tokens[i].leads:
            i -= 1
        return self._tokens[i].column if self._tokens[i].leads else 0


def _ends_before(following: Token | None, column: int) -> bool:
    """Whether an item or a term that ends at the token before it is not continued by this one."""
    if following is None or following.text in CLOSERS or following.text == ",":
        return True
    return following.leads and following.column <= column and (starts_item(following) or following.text in "|_")


def _closed(items: list[tuple[int, int]], end: int) -> tuple[Span, ...]:
    return tuple(Span(a, end if b < 0 else b) for a, b in items)


