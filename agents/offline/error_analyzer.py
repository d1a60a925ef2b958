"""Why a candidate failed, by structure: status, the diagnostic's tag, and the step that it points into."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from lemmata.agents.protocols import Analysis, AnalyzeRequest, Category
from lemmata.domain import CheckStatus, Diagnostic
from lemmata.lean_env.scanner import offset_of
from lemmata.tools.automation import PORTFOLIO
from lemmata.tools.tokens import tokenize

_AUTOMATION: Final = frozenset(
    {t.split()[0].rstrip(";") for t in PORTFOLIO}
    | {"norm_num", "linarith", "nlinarith", "ring", "ring_nf", "positivity", "aesop", "grind", "tauto", "field_simp"}
    | {"simpa", "native_decide", "ac_rfl", "norm_cast", "gcongr"}
) - {"exact", "constructor", "intros"}
_TERM_TACTICS: Final = frozenset(
    {"exact", "refine", "apply", "have", "show", "calc", "change", "obtain", "rcases", "suffices"}
)
_UNKNOWN: Final = ("unknownIdentifier", "unknownConstant", "unknownTactic", "unknownNamespace")
# words that open messages which Lean does not tag; a hint where no structure helps
_OPENINGS: Final[tuple[tuple[str, Category], ...]] = (
    ("unexpected ", Category.SYNTAX),
    ("unknown ", Category.UNKNOWN_IDENTIFIER),
    ("type mismatch", Category.TYPE_MISMATCH),
    ("application type mismatch", Category.TYPE_MISMATCH),
)
_ADVICE: Final[Mapping[Category, str]] = {
    Category.UNSOLVED_GOALS: "a goal is left: close it, or split it further",
    Category.WRONG_AUTOMATION: "this automation does not decide the goal: try its neighbours, or prepare it first",
    Category.UNKNOWN_IDENTIFIER: "no such name here: use one that the file or the library has",
    Category.TYPE_MISMATCH: "the term proves something else: compare its type with the goal",
    Category.SYNTAX: "Lean cannot read this: check brackets, indentation and the tactic's spelling",
    Category.TIMEOUT: "too slow: leave out what searches (simp, omega, decide on large numbers)",
    Category.STATEMENT_CHANGED: "the statement must stay as it was given",
    Category.OTHER: "another step is needed here",
}
_RANK: Final = (Category.SYNTAX, Category.UNKNOWN_IDENTIFIER, Category.TYPE_MISMATCH, Category.WRONG_AUTOMATION)


class OfflineErrorAnalyzer:
    """Classifies without a model."""

    async def analyze(self, request: AnalyzeRequest) -> Analysis:
        """The decisive diagnostic, its category and the text it points at."""
        text, result = request.text, request.result
        if result.status is CheckStatus.TIMEOUT:
            return _analysis(Category.TIMEOUT, message=result.reason or "")
        if request.problem.declaration not in text:
            return _analysis(Category.STATEMENT_CHANGED)
        if not result.errors:
            category = Category.UNSOLVED_GOALS if result.holes or result.status is CheckStatus.HOLES else Category.OTHER
            return _analysis(category, message=result.reason or "")
        begin = text.find(request.problem.declaration) + len(request.problem.declaration)
        return decisive(text, result.errors, begin)


def decisive(text: str, errors: tuple[Diagnostic, ...], begin: int) -> Analysis:
    """Of several errors the one that says most: what cannot be read first, left-over goals last.

    Args:
        text: the whole text.
        errors: its errors, at least one.
        begin: where the proof begins; an error before it is about the statement or the helpers.
    """
    found = [(classify(text, e, begin), i, e) for i, e in enumerate(errors)]
    category, _, error = min(found, key=lambda f: (_rank(f[0]), f[1]))
    start = offset_of(text, error.start)
    end = offset_of(text, error.end) if error.end is not None else text.find("\n", start) % (len(text) + 1)
    return _analysis(category, error, text[start:end].strip())


def classify(text: str, error: Diagnostic, begin: int) -> Category:
    """Category of one error: by its tag, then by the tactic it stands on, then by how its message opens."""
    kind = error.kind or ""
    if "unsolvedGoals" in kind:
        return Category.UNSOLVED_GOALS
    if any(k in kind for k in _UNKNOWN):
        return Category.UNKNOWN_IDENTIFIER
    if "synthInstance" in kind:
        return Category.TYPE_MISMATCH
    hint = next((c for words, c in _OPENINGS if error.text.lower().startswith(words)), None)
    # what Lean could not read has no end, or opens with what it met
    if error.end is None or hint is Category.SYNTAX:
        return Category.SYNTAX
    start = offset_of(text, error.start)
    if _word(text, start) in _AUTOMATION:
        return Category.WRONG_AUTOMATION
    if hint is not None or start < begin:
        return hint or Category.OTHER
    line = max(text.rfind("\n", 0, start) + 1, begin)
    return Category.TYPE_MISMATCH if _word(text, line) in _TERM_TACTICS else Category.OTHER


def _word(text: str, start: int) -> str:
    """The first name that stands from a place on in its line: a step's tactic."""
    end = text.find("\n", start)
    tokens = tokenize(text[start : end if end >= 0 else len(text)])
    return next((t.text for t in tokens if t.kind == "name"), "")


def _rank(category: Category) -> int:
    if category is Category.UNSOLVED_GOALS:
        return len(_RANK) + 1
    return _RANK.index(category) if category in _RANK else len(_RANK)


def _analysis(category: Category, error: Diagnostic | None = None, failing: str = "", *, message: str = "") -> Analysis:
    return Analysis(
        category=category,
        start=error.start if error else None,
        end=error.end if error else None,
        failing=failing,
        message=error.text if error else message,
        advice=_ADVICE[category],
    )
