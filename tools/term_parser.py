"""Reads terms and goals as Lean prints them.

It never fails: what it does not know (`match`, tuples, `fun ⟨a, b⟩ => ..`) stays an `Opaque` with its exact text, as
small as the brackets around it allow.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from lemmata.tools.terms import BINDERS, INFIX, MAX, PREFIX, Bind, Binder, Goal, Hyp, Name, Num, Op, Opaque, Term, apply
from lemmata.tools.tokens import OPEN, Token, pair, tokenize

_OPAQUE_HEADS: Final = frozenset(["match", "let", "have", "show", "by", "do", "suffices", "nomatch"])
_KEYWORDS: Final = _OPAQUE_HEADS | BINDERS | frozenset(["if", "then", "else", "from", "with", "at", "in"])
_BOUNDS: Final = frozenset(["<", "≤", ">", "≥", "≠", "∈", "∉"])


class _Unreadable(Exception):
    """What stands here is not in the grammar; the smallest bracket around it becomes opaque."""


def parse_term(text: str) -> Term:
    """The term that a text spells; at worst one `Opaque`."""
    tokens = tokenize(text)
    pairs = pair(tokens)
    if pairs is None or not tokens:
        return Opaque(text.strip())
    return _Reader(text, tokens, pairs, 0, len(tokens)).whole()


def parse_goal(text: str) -> Goal:
    """The first goal of a text: hypotheses, one a line with indented continuations, then `⊢ target`."""
    hypotheses: list[Hyp] = []
    for line in _logical_lines(text):
        if line.startswith("⊢"):
            return Goal(tuple(hypotheses), parse_term(line[1:]))
        if not line.startswith("case ") and (hyp := _hypothesis(line)):
            hypotheses.append(hyp)
    return Goal(tuple(hypotheses), Opaque(""))


def parse_goals(text: str) -> tuple[Goal, ...]:
    """All goals of a text that separates them by blank lines, as in the message `unsolved goals`."""
    return tuple(parse_goal(block) for block in text.split("\n\n") if "⊢" in block)


def parse_binders(text: str) -> tuple[Binder, ...] | None:
    """The binders that a text such as `(n m : Nat) {p : Prop} (h : p)` spells; None where it is something else."""
    tokens = tokenize(text)
    pairs = pair(tokens)
    if pairs is None:
        return None
    reader = _Reader(text, tokens, pairs, 0, len(tokens))
    binders = []
    try:
        while reader.at < reader.end:
            binders.append(reader.group())
    except _Unreadable:
        return None
    return tuple(binders)


def _logical_lines(text: str) -> list[str]:
    lines: list[str] = []
    for line in text.splitlines():
        if line[:1].isspace() and lines:
            lines[-1] += "\n" + line
        elif line.strip():
            lines.append(line)
    return lines


def _hypothesis(line: str) -> Hyp | None:
    tokens = tokenize(line)
    colon = next((i for i, t in enumerate(tokens) if t.text == ":"), None)
    pairs = pair(tokens)
    if not colon or pairs is None:
        return None
    names = tuple(t.text for t in tokens[:colon])
    value = None
    depth = _outside(tokens, pairs, colon)
    assign = next((i for i in depth if tokens[i].text == ":="), None)
    if assign is not None:
        value = parse_term(line[tokens[assign].end :])
    end = tokens[assign].start if assign is not None else len(line)
    return Hyp(names, parse_term(line[tokens[colon].end : end]), value)


def _outside(tokens: list[Token], pairs: dict[int, int], start: int) -> list[int]:
    """Indices from `start` on that no bracket encloses."""
    found, i = [], start
    while i < len(tokens):
        found.append(i)
        i = pairs.get(i, i) + 1
    return found


@dataclass
class _Reader:
    """Precedence climbing over tokens[at:end]."""

    text: str
    tokens: list[Token]
    pairs: dict[int, int]
    at: int
    end: int

    def peek(self) -> str:
        return self.tokens[self.at].text if self.at < self.end else ""

    def take(self, expected: str) -> None:
        if self.peek() != expected:
            raise _Unreadable
        self.at += 1

    def slice(self, start: int, end: int) -> str:
        return self.text[self.tokens[start].start : self.tokens[end - 1].end] if start < end else ""

    def whole(self) -> Term:
        """Everything to the end as one term, opaque where it cannot be read."""
        start = self.at
        try:
            return self.all()
        except _Unreadable:
            return Opaque(self.slice(start, self.end))

    def all(self) -> Term:
        term = self.term(0)
        if self.at != self.end:
            raise _Unreadable
        return term

    def term(self, level: int) -> Term:
        left, reached = self.lead(), MAX
        while self.at < self.end and self.tokens[self.at].kind == "symbol" and self.peek() in INFIX:
            symbol = self.peek()
            own, low, high = INFIX[symbol]
            if own < level or reached < low:
                break
            self.at += 1
            left, reached = Op(symbol, (left, self.term(high))), own
        return left

    def lead(self) -> Term:
        symbol = self.peek()
        if symbol in PREFIX and symbol != "↑":
            self.at += 1
            return Op(symbol, (self.term(PREFIX[symbol][1]),))
        if symbol in BINDERS:
            return self.bind()
        if symbol == "if":
            return self.conditional()
        if symbol in _OPAQUE_HEADS:
            start, self.at = self.at, self.end
            return Opaque(self.slice(start, self.end))
        if (arrow := self.dependent_arrow()) is not None:
            return arrow
        head = self.atom()
        if head is None:
            raise _Unreadable
        args = []
        while (argument := self.atom()) is not None:
            args.append(argument)
        return apply(head, *args)

    def atom(self) -> Term | None:
        """The next name, numeral, bracket or `↑atom`; None where none starts here."""
        if self.at >= self.end:
            return None
        token = self.tokens[self.at]
        if token.kind == "name":
            if token.text in _KEYWORDS:
                return None
            self.at += 1
            return Name(token.text)
        if token.kind == "number":
            self.at += 1
            return Num(int(token.text))
        if token.text == "↑":
            self.at += 1
            inner = self.atom()
            if inner is None:
                raise _Unreadable
            return Op("↑", (inner,))
        return self.bracket() if token.text in OPEN else None

    def bracket(self) -> Term:
        start, close = self.at, self.pairs[self.at]
        self.at = close + 1
        if self.projections():
            return Opaque(self.slice(start, self.at))
        if self.tokens[start].text == "(":
            inner = _Reader(self.text, self.tokens, self.pairs, start + 1, close)
            try:
                term = inner.term(0)
                if inner.at == close:
                    return term
                inner.take(":")
                return Op(":", (term, inner.all()))
            except _Unreadable:
                pass
        return Opaque(self.slice(start, close + 1))

    def projections(self) -> bool:
        """Skip `.1` or `.name` written right after a bracket."""
        start = self.at
        while (
            self.at + 1 < self.end
            and self.tokens[self.at].text == "."
            and self.tokens[self.at].start == self.tokens[self.at - 1].end
            and self.tokens[self.at + 1].start == self.tokens[self.at].end
        ):
            self.at += 2
        return self.at > start

    def conditional(self) -> Term:
        self.take("if")
        condition = self.term(0)
        self.take("then")
        yes = self.term(0)
        self.take("else")
        return Op("if", (condition, yes, self.term(0)))

    def bind(self) -> Term:
        symbol = self.peek()
        self.at += 1
        binders: list[Binder] = []
        while self.peek() in OPEN:
            binders.append(self.group())
        bound: Op | None = None
        if not binders or self.tokens[self.at].kind == "name":
            names = self.names()
            kind = None
            if self.peek() == ":":
                self.at += 1
                kind = self.term(0)
            elif self.peek() in _BOUNDS and symbol != "fun" and len(names) == 1:
                relation = self.peek()
                self.at += 1
                bound = Op(relation, (Name(names[0]), self.term(51)))
            binders.append(Binder(names, kind, "(" if kind is not None else ""))
        self.take("=>" if symbol == "fun" else ",")
        body = self.term(0)
        if bound is not None:
            body = Op("→" if symbol == "∀" else "∧", (bound, body))
        return Bind(symbol, tuple(binders), body)

    def group(self) -> Binder:
        """`(x y : T)`, `(x)` and the like; `[T]` has no names."""
        bracket = self.peek()
        if bracket not in OPEN or bracket == "⟨":
            raise _Unreadable
        close = self.pairs[self.at]
        inner = _Reader(self.text, self.tokens, self.pairs, self.at + 1, close)
        self.at = close + 1
        if bracket == "[" and not any(t.text == ":" for t in self.tokens[inner.at : close]):
            return Binder((), inner.all(), bracket)
        names = inner.names()
        if inner.at == inner.end:
            return Binder(names, None, bracket)
        inner.take(":")
        return Binder(names, inner.all(), bracket)

    def names(self) -> tuple[str, ...]:
        start = self.at
        while self.at < self.end and self.tokens[self.at].kind == "name" and self.peek() not in _KEYWORDS:
            self.at += 1
        if self.at == start:
            raise _Unreadable
        return tuple(t.text for t in self.tokens[start : self.at])

    def dependent_arrow(self) -> Term | None:
        """`(x : A) → B` as `∀ (x : A), B`; None where something else stands here."""
        if self.peek() not in OPEN or self.peek() == "⟨":
            return None
        start, after = self.at, self.pairs[self.at] + 1
        if after >= self.end or self.tokens[after].text != "→":
            return None
        try:
            binder = self.group()
        except _Unreadable:
            self.at = start
            return None
        self.take("→")
        return Bind("∀", (binder,), self.term(25))
