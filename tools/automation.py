"""The tactic portfolio: many short proofs tried in one check.

`first | (tac₁; done; trace ..) | (tac₂; done; trace ..)` commits to the first alternative that closes the goal, and the
place of the trace message says which one that was. What is proposed afterwards is that tactic alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from lemmata.domain import Candidate, CheckResult, CheckStatus, Diagnostic, Problem, Proof, Severity
from lemmata.lean_env.checker import TacticBench, Workbench
from lemmata.lean_env.layout import layout

SAFE: Final[tuple[str, ...]] = ("rfl", "trivial", "assumption", "contradiction", "exact ⟨_, rfl⟩", "intros; rfl")
"""Alternatives that always come to an end at once."""
PORTFOLIO: Final[tuple[str, ...]] = (
    *SAFE,
    "decide",
    "omega",
    "intros; omega",
    "simp",
    "simp_all",
    "intros; simp_all",
    "constructor <;> omega",
    "constructor <;> intros <;> simp_all",
    "simp_all; omega",
    "intros; simp_all; omega",
)
"""Cheapest first; those that may run long (`omega` with many cases, `simp` in a loop) come late."""
MARK: Final = 'trace "lemmata"'
_TIMEOUT: Final = 10.0
_RISKY_TIMEOUT: Final = 3.0


def alternative(tactic: str) -> str:
    """The tactic as one alternative of a `first`: it must close its goal, and then says so."""
    return f"({tactic}; done; {MARK})"


async def automate(problem: Problem, bench: Workbench, *, extra: Sequence[str] = ()) -> Candidate | None:
    """Try the portfolio, then `extra` tactics, on the whole statement; None where nothing closes it.

    One check as a rule. An alternative that breaks the run (recursion too deep) is passed over, and where the whole
    runs out of time the safe ones are tried again, then the others one by one with a small limit, in the hole's own
    state where the checker can do that.
    """
    tactics = (*PORTFOLIO, *extra)
    winner, result = await _first(problem, bench, tactics, _TIMEOUT)
    if winner is None and not result.status.verdict and result.status is not CheckStatus.UNSUPPORTED:
        winner, _ = await _first(problem, bench, SAFE, _TIMEOUT)
        if winner is None:
            winner = await _one_by_one(problem, bench, tactics[len(SAFE) :])
    if winner is None:
        return None
    return Candidate(proof=Proof(body=f" := by\n  {winner}"), origin=f"portfolio: {winner}")


async def _first(
    problem: Problem, bench: Workbench, tactics: Sequence[str], timeout: float
) -> tuple[str | None, CheckResult]:
    """The first tactic that closes the statement, and the last check made for it."""
    while True:
        text = problem.with_proof(" := by\n  first", suffix=False)
        first_line = text.count("\n") + 2
        text += "".join(f"\n    | {alternative(t)}" for t in tactics) + "\n"
        result = await bench.check(text, timeout=timeout)
        for mark in marks(result):
            return tactics[mark.start.line - first_line], result
        # everything before the alternative that an error names was tried and failed
        at = max((e.start.line - first_line for e in result.errors), default=len(tactics))
        if not 0 <= at < len(tactics) - 1:
            return None, result
        tactics = tactics[at + 1 :]


async def _one_by_one(problem: Problem, bench: Workbench, tactics: Sequence[str]) -> str | None:
    """The first of some tactics that closes the statement by itself."""
    if isinstance(bench, TacticBench):
        text = problem.with_proof(" := by sorry", suffix=False)
        hole = len(layout(text).holes) - 1  # those of what stands before come first
        limit = _RISKY_TIMEOUT * len(tactics)
        steps = [f"({t})" for t in tactics]
        if (tried := await bench.run_tactics(text, hole, steps, timeout=limit)) is not None:
            return next((t for t, r in zip(tactics, tried, strict=True) if r.closed), None)
    for tactic in tactics:
        winner, _ = await _first(problem, bench, (tactic,), _RISKY_TIMEOUT)
        if winner is not None:
            return winner
    return None


def marks(result: CheckResult) -> tuple[Diagnostic, ...]:
    """Messages of severity info, where the alternatives that won have left their traces."""
    return tuple(d for d in result.diagnostics if d.severity is Severity.INFO)


async def fill(
    text: str, sites: Sequence[tuple[int, int]], bench: Workbench, tactics: Sequence[str] = PORTFOLIO
) -> tuple[str, tuple[int, ...]]:
    """Close tactic holes of a text, all in one check.

    Args:
        text: a text that compiles up to its holes.
        sites: spans (start, end in code points) of `sorry` tactics, in order, not overlapping.
        bench: where to check.
        tactics: what to try at each hole.

    Returns:
        The text with the closed holes replaced by what closed them, and the indices of those sites. It has not been
        checked again. Nothing is closed where the check has no verdict.
    """
    trial, spans = _trial(text, sites, tactics)
    result = await bench.check(trial, timeout=_TIMEOUT)
    if not result.status.verdict and tactics == PORTFOLIO:
        return await fill(text, sites, bench, SAFE)
    starts = _line_starts(trial)
    winners: dict[int, set[str]] = {}
    for mark in marks(result):
        offset = starts[mark.start.line - 1] + mark.start.column
        if (found := spans.get(offset)) is not None:
            winners.setdefault(found[0], set()).add(found[1])
    broken = {starts[e.start.line - 1] + e.start.column for e in result.errors}
    closed = {i: next(iter(w)) for i, w in winners.items() if len(w) == 1 and w != {"sorry"} and not broken}
    for i in sorted(closed, reverse=True):
        start, end = sites[i]
        text = text[:start] + inline(closed[i]) + text[end:]
    return text, tuple(sorted(closed))


def inline(tactic: str) -> str:
    """A tactic as one step of a line."""
    return f"({tactic})" if "; " in tactic else tactic


def _trial(
    text: str, sites: Sequence[tuple[int, int]], tactics: Sequence[str]
) -> tuple[str, Mapping[int, tuple[int, str]]]:
    """The text with every site as a `first`, and which (site, tactic) the trace at an offset belongs to."""
    pieces: list[str] = []
    spans: dict[int, tuple[int, str]] = {}
    at = length = 0

    def put(piece: str) -> None:
        nonlocal length
        pieces.append(piece)
        length += len(piece)

    for i, (start, end) in enumerate(sites):
        put(text[at:start] + "(first")
        for tactic in tactics:
            step = alternative(tactic)
            put(" | ")
            spans[length + len(step) - 1 - len(MARK)] = (i, tactic)
            put(step)
        put(" | (")
        spans[length] = (i, "sorry")
        put(f"{MARK}; sorry))")
        at = end
    put(text[at:])
    return "".join(pieces), spans


def _line_starts(text: str) -> list[int]:
    starts = [0]
    for line in text.split("\n"):
        starts.append(starts[-1] + len(line) + 1)
    return starts
