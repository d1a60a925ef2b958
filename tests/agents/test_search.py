from collections.abc import Callable

import pytest

from lemmata.agents.offline.knowledge import Knowledge, read
from lemmata.agents.offline.prover import finish
from lemmata.agents.offline.script import Close, Step, body
from lemmata.agents.offline.search import Search, initial_goal, resulting_goals
from lemmata.agents.offline.steps import Move
from lemmata.domain import (
    CheckerIdentity,
    CheckResult,
    CheckStatus,
    Diagnostic,
    Level,
    Position,
    Problem,
    Severity,
)
from lemmata.lean_env.checker import Workbench
from lemmata.tools.terms import show_goal

MakeProblem = Callable[..., Problem]
IDENTITY = CheckerIdentity(name="made", level=Level.CHECKED)


class MadeBench:
    """Shows a goal at first, then answers by a function of the text."""

    def __init__(self, goal: str, answer: Callable[[str], CheckResult]) -> None:
        self.goal, self.answer = goal, answer
        self.texts: list[str] = []

    async def check(self, text: str, *, goals: bool = False, timeout: float | None = None) -> CheckResult:
        self.texts.append(text)
        if len(self.texts) == 1:
            return result(CheckStatus.HOLES, said(2, self.goal))
        return self.answer(text)


def result(status: CheckStatus, *diagnostics: Diagnostic) -> CheckResult:
    return CheckResult(status=status, diagnostics=diagnostics, checker=IDENTITY)


def said(line: int, text: str, column: int = 2, severity: Severity = Severity.INFO) -> Diagnostic:
    return Diagnostic(severity=severity, start=Position(line=line, column=column), text=text)


def line_of(text: str, piece: str) -> int:
    return next(i for i, line in enumerate(text.splitlines(), 1) if piece in line)


@pytest.mark.embedded
async def test_goals_as_lean_prints_them(problem: MakeProblem, bench: Workbench) -> None:
    given = problem(": p → q ∧ p", "variable (p q : Prop)\n\n")
    goal = await initial_goal(given, bench)
    assert goal is not None
    assert show_goal(goal) == "p q : Prop\n⊢ p → q ∧ p"
    goals = await resulting_goals(given, [Move("intro h"), Move("constructor")], bench)
    assert [show_goal(g).splitlines()[-1] for g in goals] == ["⊢ q", "⊢ p"]
    assert await resulting_goals(given, [Move("omega")], bench) == ()


@pytest.mark.embedded
async def test_a_move_behind_which_a_tactic_breaks_the_run_is_tried_again(
    problem: MakeProblem, bench: Workbench
) -> None:
    # `simp_all` loops on the hypothesis
    given = problem("(f : Nat → Nat) (h : ∀ n, f n = f (f n)) (a : Nat) (g : f a = 1) : a = a ∧ f a < 2 ∧ f a > 0")
    script = await Search(given, Knowledge(), bench, checks=12).run()
    assert script is not None
    text = await finish(given, script, bench)
    assert text is not None
    assert (await bench.check(given.with_proof(text + "\n"))).status is CheckStatus.OK


@pytest.mark.embedded
async def test_goals_that_share_an_unknown_are_not_taken_apart(problem: MakeProblem, bench: Workbench) -> None:
    relation = "(r : Nat → Nat → Prop) (t : ∀ x y z, r x y → r y z → r x z)"
    # each part of `apply t` can be closed, but not with the same y
    given = problem(f"(a b c d : Nat) {relation} (h : r a b) (g : r d c) : r a c")
    assert await Search(given, Knowledge(), bench, checks=5).run() is None


@pytest.mark.embedded
async def test_an_open_leaf_is_no_proof(problem: MakeProblem, bench: Workbench) -> None:
    given = problem("(p q : Prop) (h : p) : p ∧ q")
    assert await finish(given, Step(Move("constructor"), (Close(), Close())), bench) is None


async def test_no_goal_no_search(problem: MakeProblem) -> None:
    bench = MadeBench("⊢ p", lambda _: result(CheckStatus.ERRORS))
    bench.texts.append("started")
    assert await Search(problem(": p"), Knowledge(), bench).run() is None


async def test_without_a_verdict_the_moves_are_tried_with_safe_tactics(problem: MakeProblem) -> None:
    def answer(text: str) -> CheckResult:
        if "simp_all" in text:
            return result(CheckStatus.TIMEOUT)
        if "(left)" not in text:
            return result(CheckStatus.ERRORS)
        line = line_of(text, "((left)")
        return result(CheckStatus.ERRORS, said(line, "⊢ p", 10))

    bench = MadeBench("⊢ p ∨ q", answer)
    script = await Search(problem(": p ∨ q"), Knowledge(), bench, checks=4).run()
    assert script is not None
    assert body(script) == " := by\n  left\n  sorry"
    assert "(omega; done)" in bench.texts[2]


async def test_missing_imports_end_the_search(problem: MakeProblem) -> None:
    bench = MadeBench("⊢ p ∨ q", lambda _: result(CheckStatus.UNSUPPORTED))
    assert await Search(problem(": p ∨ q"), Knowledge(), bench, checks=5).run() is None
    assert len(bench.texts) == 2, "the goal, and one try"


async def test_what_was_said_before_a_break_counts_but_not_the_broken_move(problem: MakeProblem) -> None:
    def answer(text: str) -> CheckResult:
        if "(first" in text and "((right)" in text and "((left)" in text:
            broken = said(line_of(text, "((left)"), "deep", 30, Severity.ERROR)
            # its goals are shown and none is shown as left: it broke before it could say so
            return result(CheckStatus.ERRORS, said(broken.start.line, "⊢ p", 10), broken)
        if "((left)" in text:
            line = line_of(text, "((left)")
            return result(CheckStatus.ERRORS, said(line, "⊢ p", 10), said(line, "⊢ p", 90))
        return result(CheckStatus.ERRORS)

    bench = MadeBench("⊢ p ∨ q", answer)
    assert await Search(problem(": p ∨ q"), Knowledge(), bench, checks=4).run() is None


async def test_the_same_checks_every_time(problem: MakeProblem) -> None:
    given = problem("(n : Nat) : n * n = n ∨ n > 1", "def f : Nat → Nat\n  | 0 => 0\n  | n + 1 => f n\n\n")
    runs = []
    for _ in range(2):
        bench = MadeBench("n m : Nat\nh : m = n ∨ f m = n\n⊢ n * n = n ∨ n > 1", lambda _: result(CheckStatus.ERRORS))
        await Search(given, read(given), bench, checks=4).run()
        runs.append(bench.texts)
    assert runs[0] == runs[1]
