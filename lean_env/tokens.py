"""The tokens of Lean text with their columns, and the words that shape a proof's layout."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from typing import Final

from lemmata.lean_env.scanner import Span
from lemmata.lean_env.steps import StepKind


@dataclass(frozen=True)
class Token:
    """A word, literal, number or symbol of a masked text."""

    text: str
    start: int
    end: int
    column: int
    leads: bool
    """Whether it is the first of its line."""
    spaced: bool
    """Whether a blank follows it."""


_NAME: Final = r"(?:[^\W\d]|«[^»]*»)[\w'!?]*"
_TOKEN: Final = re.compile(rf'"\s*"?|{_NAME}(?:\.{_NAME})*|\d+(?:\.\d+)?\w*|<;>|<\|>|\|>\.?|<\||\|\||:=|=>|::|\S')
WORD: Final = re.compile(_NAME)


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


HAVES: Final = {
    "have": StepKind.HAVE,
    "haveI": StepKind.HAVE,
    "replace": StepKind.HAVE,
    "suffices": StepKind.SUFFICES,
    "obtain": StepKind.OBTAIN,
    "show": StepKind.SHOW,
}
TERM_STEPS: Final = frozenset({"have", "haveI", "suffices", "show"})
ASSIGNED: Final = frozenset({StepKind.HAVE, StepKind.OBTAIN, StepKind.CALC})
CASES: Final = frozenset({"case", "case'", "next", "on_goal"})
COMBINATORS: Final = frozenset({"all_goals", "any_goals", "try", "repeat", "repeat'", "repeat1", "focus"})
MATCHES: Final = frozenset({"match", "cases", "cases'", "induction", "induction'", "fun_induction", "fun_cases"})
LISTS: Final = frozenset({"use", "exists", "existsi"})
NO_ITEM: Final = _words("_ at with using from generalizing then else by where fun in of")
BINDERS: Final = _words("∃ ∀ ∑ ∏ ⋃ ⋂ ∐ ∫ ⨆ ⨅")
NO_PATTERN: Final = _words("fun by have show from match case next exact apply refine := ; <;>")
AFTER: Final = frozenset({"termination_by", "decreasing_by", "where"})
COMMANDS: Final = AFTER | _words(
    "theorem lemma def abbrev example instance structure class inductive axiom opaque namespace section end open"
    " variable universe attribute private protected noncomputable local scoped mutual macro macro_rules syntax"
    " notation infix infixl infixr prefix postfix include omit set_option deriving alias export # @"
)
BEFORE_TERM: Final = _words(":= => from ( ⟨ , [ <| $ exact refine refine' by")


def tokens(masked: str, region: Span) -> list[Token]:
    """The tokens of a masked text between two offsets; lines and columns are those of the whole text."""
    newlines = [-1, *(m.start() for m in re.finditer("\n", masked))]
    found: list[Token] = []
    last = len(masked[: region.start].rstrip())
    for match in _TOKEN.finditer(masked, *region):
        start, end = match.span()
        line_start = newlines[bisect_right(newlines, start - 1) - 1] + 1
        spaced = masked[end : end + 1].isspace() or end == len(masked)
        found.append(Token(match.group(), start, end, start - line_start, last <= line_start, spaced))
        last = end
    return found


def starts_item(token: Token) -> bool:
    """Whether a tactic can begin with it, so that at its block's column it begins the next item."""
    if WORD.match(token.text):
        return token.text not in NO_ITEM
    return token.text in "·({" or (token.text == "." and token.spaced)


