from collections.abc import Callable

import pytest

from lemmata.agents.offline.error_analyzer import OfflineErrorAnalyzer
from lemmata.agents.protocols import Analysis, AnalyzeRequest, Category
from lemmata.domain import (
    Candidate,
    CheckerIdentity,
    CheckResult,
    CheckStatus,
    Diagnostic,
    Level,
    Position,
    Problem,
    Proof,
    Severity,
)
from lemmata.lean_env.checker import Workbench

MakeProblem = Callable[..., Problem]
IDENTITY = CheckerIdentity(name="made", level=Level.CHECKED)


async def analyze(problem: Problem, body: str, result: CheckResult, text: str | None = None) -> Analysis:
    candidate = Candidate(proof=Proof(body=body), origin="test")
    whole = problem.with_proof(body + "\n") if text is None else text
    return await OfflineErrorAnalyzer().analyze(
        AnalyzeRequest(problem=problem, candidate=candidate, text=whole, result=result)
    )


def failed(*errors: Diagnostic, status: CheckStatus = CheckStatus.ERRORS) -> CheckResult:
    return CheckResult(status=status, diagnostics=errors, checker=IDENTITY)


def error(line: int, column: int, text: str, *, kind: str | None = None, end: int | None = None) -> Diagnostic:
    stop = None if end is None else Position(line=line, column=end)
    start = Position(line=line, column=column)
    return Diagnostic(severity=Severity.ERROR, start=start, end=stop, text=text, kind=kind)


@pytest.mark.embedded
@pytest.mark.parametrize(
    ("steps", "category", "failing"),
    [
        ("exact foo n", Category.UNKNOWN_IDENTIFIER, "foo"),
        ("rw [Nat.foo_bar]", Category.UNKNOWN_IDENTIFIER, "Nat.foo_bar"),
        ("omega", Category.WRONG_AUTOMATION, "omega"),
        ("simp only", Category.WRONG_AUTOMATION, "simp only"),
        ("decide", Category.WRONG_AUTOMATION, "decide"),
        ("exact h", Category.TYPE_MISMATCH, "exact h"),
        ("have x : n > 2 := 5", Category.TYPE_MISMATCH, "5"),
        ("skip", Category.UNSOLVED_GOALS, ""),
        ("constructor", Category.OTHER, "constructor"),
        ("norm_num", Category.SYNTAX, ""),
        ("exact (h", Category.SYNTAX, ""),
        ("sorry", Category.UNSOLVED_GOALS, ""),
    ],
)
async def test_what_lean_rejects(
    problem: MakeProblem, bench: Workbench, steps: str, category: Category, failing: str
) -> None:
    given = problem("(n : Nat) (h : n > 2) : n > 3", "-- a line before\n")
    body = f" := by\n  {steps}"
    result = await bench.check(given.with_proof(body + "\n"))
    analysis = await analyze(given, body, result)
    assert analysis.category is category
    assert analysis.advice
    if failing:
        assert analysis.failing == failing


async def test_no_verdict_in_time(problem: MakeProblem) -> None:
    result = CheckResult(status=CheckStatus.TIMEOUT, checker=IDENTITY, reason="over 3 s")
    analysis = await analyze(problem(": p"), " := by omega", result)
    assert (analysis.category, analysis.message, analysis.start) == (Category.TIMEOUT, "over 3 s", None)


async def test_a_crash_is_something_else(problem: MakeProblem) -> None:
    analysis = await analyze(problem(": p"), " := by omega", failed(status=CheckStatus.CRASHED))
    assert analysis.category is Category.OTHER


async def test_a_statement_that_is_not_there(problem: MakeProblem) -> None:
    analysis = await analyze(problem(": p"), " := h", failed(), "theorem t : q := h")
    assert analysis.category is Category.STATEMENT_CHANGED


async def test_of_several_errors_the_one_that_says_most(problem: MakeProblem) -> None:
    left = error(1, 16, "unsolved goals\n⊢ p", kind="Tactic.unsolvedGoals", end=20)
    unknown = error(2, 8, "Unknown identifier `x`", kind="lean.unknownIdentifier._namedError", end=9)
    analysis = await analyze(problem(": p"), " := by\n  exact x", failed(left, unknown))
    assert analysis.category is Category.UNKNOWN_IDENTIFIER
    assert (analysis.failing, analysis.start, analysis.message) == ("x", unknown.start, unknown.text)


async def test_untagged_messages_are_hints_only(problem: MakeProblem) -> None:
    async def category(steps: str, text: str, end: int | None = 9) -> Category:
        return (await analyze(problem(": p"), f" := by\n  {steps}", failed(error(2, 2, text, end=end)))).category

    assert await category("exact h", "application type mismatch") is Category.TYPE_MISMATCH
    assert await category("foo h", "type mismatch") is Category.TYPE_MISMATCH
    assert await category("foo h", "unknown constant") is Category.UNKNOWN_IDENTIFIER
    assert await category("foo h", "unknown tactic", None) is Category.SYNTAX
    assert await category("cases h", "something new") is Category.OTHER
    assert await category("simp", "type mismatch") is Category.WRONG_AUTOMATION
    assert await category("", "no token here") is Category.OTHER


async def test_an_instance_that_is_missing(problem: MakeProblem) -> None:
    missing = error(2, 8, "failed to synthesize", kind="lean.synthInstanceFailed._namedError", end=9)
    analysis = await analyze(problem(": p"), " := by\n  exact x", failed(missing))
    assert analysis.category is Category.TYPE_MISMATCH


async def test_an_error_in_the_statement(problem: MakeProblem) -> None:
    analysis = await analyze(problem(": p"), " := h", failed(error(1, 12, "something", end=13)))
    assert analysis.category is Category.OTHER
