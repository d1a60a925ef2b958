"""The words that a search for premises compares: of names, of statements, and of what is asked.

Mathlib names a lemma after what it says: `≤` is `le`, `x + 0` is `add_zero`. So symbols become the words that names
use, names fall apart at dots, underscores and case, and those that mean nothing outside their statement are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from lemmata.lean_env.declaration import Declaration
from lemmata.lean_env.source import LeanFile, parse

_SYMBOLS: Final = {
    "+": "add", "*": "mul", "/": "div", "%": "mod", "^": "pow", "∣": "dvd", "∤": "dvd", "=": "eq", "≠": "ne",
    "≤": "le", "≥": "le", "<": "lt", ">": "lt", "<=": "le", ">=": "le", "≡": "modeq", "∧": "and", "/\\": "and",
    "∨": "or", "\\/": "or", "¬": "not", "↔": "iff", "<->": "iff", "∃": "exists", "∃!": "exists unique", "∑": "sum",
    "∏": "prod", "∫": "integral", "√": "sqrt", "∘": "comp", "•": "smul", "⁻¹": "inv", "∈": "mem", "∉": "mem",
    "⊆": "subset", "⊂": "ssubset", "∪": "union", "∩": "inter", "∅": "empty", "\\": "sdiff", "ᶜ": "compl",
    "⋃": "iunion", "⋂": "iinter", "⨆": "isup", "⨅": "iinf", "⊔": "sup", "⊓": "inf", "⊤": "top", "⊥": "bot",
    "∞": "top", "×": "prod", "×ˢ": "prod", "‖": "norm", "|": "abs", "⌊": "floor", "⌈": "ceil", "!": "factorial",
    "ℕ": "nat", "ℤ": "int", "ℚ": "rat", "ℝ": "real", "ℂ": "complex", "ℝ≥0": "nnreal", "ℝ≥0∞": "ennreal", "π": "pi",
    "≃": "equiv", "≅": "iso", "⟶": "hom", "≫": "comp", "⊗": "tensor", "⊕": "sum", "∂": "measure", "𝓝": "nhds",
    "∀ᶠ": "eventually", "∃ᶠ": "frequently", "++": "append", "::": "cons", "∆": "symm diff", "≪": "absolutely",
    "↥": "coe", "↑": "cast", "⇑": "coe",
}  # fmt: skip
_SILENT: Final = frozenset("()[]{}⟨⟩⦃⦄⟪⟫‹›,;:.·_@?→∀⊢λ↦=>:=|-'\"`#←$⌋⌉⟦⟧")
_KEYWORDS: Final = frozenset({
    "theorem", "lemma", "def", "abbrev", "instance", "structure", "class", "inductive", "axiom", "opaque", "example",
    "fun", "if", "then", "else", "let", "in", "have", "by", "show", "from", "with", "Type", "Sort", "Prop", "Set", "at",
    "where", "extends", "deriving", "match", "do", "sorry", "forall",
})  # fmt: skip
_SAME: Final = {"ge": "le", "gt": "lt", "mono": "monotone", "anti": "antitone", "cont": "continuous", "nndist": "dist"}
_NUMBERS: Final = {"0": "zero", "1": "one", "2": "two", "3": "three", "4": "four"}

_IDENTIFIER: Final = r"(?:[^\W\d]|«[^»]*»)(?:[\w'!?]|«[^»]*»)*(?:\.(?:[^\W\d]|«[^»]*»)(?:[\w'!?]|«[^»]*»)*|\.\d+)*"
_TOKEN: Final = re.compile(
    rf"ℝ≥0∞?|∀ᶠ|∃ᶠ|∃!|×ˢ|⁻¹|<->|<=|>=|=>|:=|->|::|\+\+|/\\|\\/|[ℕℤℚℝℂπ](?![\w'.])|(?:[∑∏∫√])|{_IDENTIFIER}|\d+|\S"
)
_PART: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+|[^\W\d_a-zA-Z]+")
_OPERAND_END: Final = re.compile(r"[\w)\]}⟩'!⌋⌉‖|¹]\Z")


def name_words(name: str) -> tuple[str, ...]:
    """The words of a declaration's name, in order: `Nat.Prime.dvd_mul` is nat, prime, dvd, mul."""
    return tuple(_word(part) for part in _PART.findall(name) if not part.isdigit() or part in _NUMBERS)


def _word(part: str) -> str:
    small = _SYMBOLS.get(part, part).lower()
    small = _NUMBERS.get(small, small)
    return _SAME.get(small, small)


def statement_words(text: str, local: Iterable[str] = ()) -> Iterator[str]:
    """The words of a term, in order, repeated ones too.

    Args:
        text: Lean text without comments.
        local: names that are bound in it; they and single letters are left out.
    """
    bound = frozenset(local)
    before = ""
    for found in _TOKEN.finditer(text):
        token = found.group()
        if token == "-":
            yield "sub" if _OPERAND_END.search(before) else "neg"
        elif token == "2" and before == "^":
            yield from ("two", "sq")
        elif token.isdigit():
            yield _NUMBERS.get(token, "ofnat")
        elif word := _SYMBOLS.get(token):
            yield from word.split()
        elif token[0].isalpha() or token[0] in "_«":
            if token not in bound and token not in _KEYWORDS and len(token.rstrip("'₀₁₂₃₄₅₆₇₈₉")) > 1:
                yield from name_words(token.partition(".")[2] if token.partition(".")[0] in bound else token)
        elif token not in _SILENT and len(token) == 1:
            yield f"u{ord(token):x}"
        before = token


class Statement(NamedTuple):
    """The words of a statement by where they stand."""

    target: tuple[str, ...]
    hypotheses: tuple[str, ...]


def declaration_words(source: LeanFile, found: Declaration) -> Statement:
    """The words of a declaration's target, and of the types of its binders."""
    masked = source.mask.text
    local = [name for binder in found.binders for name in binder.names]
    typed = " , ".join(binder.type.of(masked) for binder in found.binders if binder.type)
    return Statement(
        tuple(statement_words(found.target.of(masked), local)), tuple(statement_words(typed, local))
    )


_HYPOTHESIS: Final = re.compile(r"^((?:[\w'✝₀-₉.]+ ?)+) :", re.MULTILINE)


_WORDS: Final = re.compile(r"(?!theorem\b|lemma\b)[\w\s.,'?«»]*\Z")


def is_words(query: str) -> bool:
    """Whether a query is a list of words or names, not a statement."""
    return _WORDS.match(query.strip()) is not None


def query_words(query: str) -> Statement:
    """The words of what is asked: a declaration, a goal (`h : P ⊢ Q`), a term, or plain words."""
    source = parse(query)
    if source.declarations:
        return declaration_words(source, source.declarations[-1])
    above, turnstile, target = query.partition("⊢")
    if not turnstile:
        above, target = "", query
    local = [name for found in _HYPOTHESIS.findall(above) for name in found.split()]
    return Statement(tuple(statement_words(target, local)), tuple(statement_words(above, local)))
