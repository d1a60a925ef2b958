from collections.abc import Callable, Sequence

import pytest

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
from lemmata.lean_env.checker import TacticResult
from lemmata.lean_env.cli import CliChecker
from lemmata.tools.automation import PORTFOLIO, SAFE, automate, fill, inline

IDENTITY = CheckerIdentity(name="made", level=Level.CHECKED)


class LeanBench:
    def __init__(self, checker: CliChecker) -> None:
        self.checker, self.checks = checker, 0

    async def check(self, text: str, *, goals: bool = False, timeout: float | None = None) -> CheckResult:
        self.checks += 1
        return await self.checker.check(text, 30.0, goals=goals)


class MadeBench:
    """Answers by a function of the text."""

    def __init__(self, answer: Callable[[str], CheckResult]) -> None:
        self.answer = answer
        self.texts: list[str] = []

    async def check(self, text: str, *, goals: bool = False, timeout: float | None = None) -> CheckResult:
        self.texts.append(text)
        return self.answer(text)


class TacticsBench(MadeBench):
    """A bench over a checker with a tactic mode, whose whole checks never end."""

    def __init__(self, closes: str) -> None:
        super().__init__(lambda _: result(CheckStatus.TIMEOUT))
        self.closes = closes
        self.asked: list[tuple[str, int, tuple[str, ...]]] = []

    async def run_tactics(
        self, text: str, hole: int, tactics: Sequence[str], *, timeout: float | None = None
    ) -> tuple[TacticResult, ...]:
        self.asked.append((text, hole, tuple(tactics)))
        return tuple(TacticResult(tactic=t, closed=t == self.closes) for t in tactics)


def result(status: CheckStatus, *diagnostics: Diagnostic) -> CheckResult:
    return CheckResult(status=status, diagnostics=diagnostics, checker=IDENTITY)


def at(severity: Severity, line: int, column: int = 0) -> Diagnostic:
    return Diagnostic(severity=severity, start=Position(line=line, column=column), text="lemmata")


def theorem(statement: str, preamble: str = "") -> Problem:
    return Problem(name="t", preamble=preamble, lead="", statement=f"theorem t {statement}", proof="", suffix="\nend")


@pytest.mark.embedded
@pytest.mark.parametrize(
    ("statement", "winner"),
    [
        ("(n : Nat) : n + 0 = n", "rfl"),
        ("(p : Prop) (h : p) : p", "trivial"),
        (": ∃ n : Nat, n = 5", "exact ⟨_, rfl⟩"),
        ("(n : Nat) (h : n > 2) : n + 1 > 3", "omega"),
        (": ∀ n : Nat, n > 2 → n + 1 > 3", "omega"),
        ("(p q : Prop) : p ∧ q → q ∧ p", "simp_all"),
    ],
)
async def test_the_first_that_closes_is_proposed_alone(embedded: CliChecker, statement: str, winner: str) -> None:
    bench = LeanBench(embedded)
    problem = theorem(statement, "-- before\n\n")
    candidate = await automate(problem, bench)
    assert candidate is not None
    assert candidate.proof.body == f" := by\n  {winner}"
    assert bench.checks == 1
    assert (await bench.check(problem.with_proof(candidate.proof.body, suffix=False))).status is CheckStatus.OK


@pytest.mark.embedded
async def test_nothing_closes_what_is_false(embedded: CliChecker) -> None:
    assert await automate(theorem("(p q : Prop) : p ∨ q → p"), LeanBench(embedded)) is None


@pytest.mark.embedded
async def test_an_alternative_that_breaks_the_run_is_passed_over(embedded: CliChecker) -> None:
    bench = LeanBench(embedded)
    loop = theorem("(f : Nat → Nat) (a b : Nat) (h : ∀ x, f x = f (f x)) (g : f a = 1 ∧ f b = 2) : f a + 1 = f b")
    extra = ("simp_all", "rw [g.1, g.2]")
    candidate = await automate(loop, bench, extra=extra)
    assert candidate is not None
    assert candidate.proof.body in {f" := by\n  {t}" for t in (*PORTFOLIO, *extra)}


@pytest.mark.embedded
async def test_holes_are_filled_where_they_can_be(embedded: CliChecker) -> None:
    text = "theorem t (n : Nat) (h : n > 2) : n + 1 > 3 ∧ n < 2 ∧ n > 1 := by\n  refine ⟨?_, ?_, ?_⟩\n"
    text += "  · sorry\n" * 3
    places = [i for i in range(len(text)) if text.startswith("sorry", i)]
    filled, closed = await fill(text, [(i, i + 5) for i in places], LeanBench(embedded))
    assert closed == (0, 2)
    assert filled.endswith("  · omega\n  · sorry\n  · omega\n")


async def test_without_a_verdict_safe_ones_first_then_one_by_one() -> None:
    def answer(text: str) -> CheckResult:
        if "omega; done" not in text:
            return result(CheckStatus.ERRORS)
        lines = text.splitlines()
        mine = [i for i, line in enumerate(lines, 1) if line.strip().startswith("| (omega; done")]
        return result(CheckStatus.OK, at(Severity.INFO, mine[0])) if len(lines) == 3 else result(CheckStatus.TIMEOUT)

    bench = MadeBench(answer)
    candidate = await automate(theorem(": p"), bench)
    assert candidate is not None
    assert candidate.origin == "portfolio: omega"
    assert [t.count("\n    | (") for t in bench.texts] == [len(PORTFOLIO), len(SAFE), 1, 1]


async def test_nothing_where_imports_are_missing() -> None:
    bench = MadeBench(lambda _: result(CheckStatus.UNSUPPORTED))
    assert await automate(theorem(": p"), bench) is None
    assert len(bench.texts) == 1


async def test_what_stands_behind_a_broken_alternative_is_still_tried() -> None:
    def answer(text: str) -> CheckResult:
        if "(rfl; done" in text:
            return result(CheckStatus.ERRORS, at(Severity.ERROR, 3))
        return result(CheckStatus.OK, at(Severity.INFO, 4))

    bench = MadeBench(answer)
    candidate = await automate(theorem(": p"), bench)
    assert candidate is not None
    assert candidate.proof.body == f" := by\n  {PORTFOLIO[2]}"


async def test_holes_stay_where_nothing_is_known() -> None:
    text = "theorem t : p := by sorry"
    slow = MadeBench(lambda _: result(CheckStatus.TIMEOUT))
    assert await fill(text, [(20, 25)], slow) == (text, ())
    assert len(slow.texts) == 2
    assert "omega" not in slow.texts[1]


async def test_a_hole_that_stands_for_several_goals_stays_unless_one_tactic_closes_all() -> None:
    text = "theorem t : p := by constructor <;> sorry"
    start = text.index("sorry")

    def both(trial: str) -> CheckResult:
        first, second = trial.index("trace"), trial.index("trace", trial.index("trace") + 1)
        return result(CheckStatus.OK, at(Severity.INFO, 1, first), at(Severity.INFO, 1, second))

    assert await fill(text, [(start, start + 5)], MadeBench(both)) == (text, ())

    def one(trial: str) -> CheckResult:
        return result(CheckStatus.OK, at(Severity.INFO, 1, trial.index("trace")), at(Severity.INFO, 1, 0))

    filled, closed = await fill(text, [(start, start + 5)], MadeBench(one))
    assert (filled, closed) == (text[:start] + PORTFOLIO[0], (0,))


def test_sequences_are_put_in_parentheses() -> None:
    assert inline("simp_all; omega") == "(simp_all; omega)"
    assert inline("constructor <;> omega") == "constructor <;> omega"


@pytest.mark.parametrize(("closes", "winner"), [("(omega)", "omega"), ("(ring)", None)])
async def test_where_the_whole_runs_out_of_time_tactics_are_run_in_the_holes_own_state(
    closes: str, winner: str | None
) -> None:
    bench = TacticsBench(closes)
    found = await automate(theorem(": 1 + 1 = 2", "theorem other : True := by sorry\n"), bench)
    assert (found and found.proof.body) == (winner and f" := by\n  {winner}")
    ((text, hole, tactics),) = bench.asked
    assert text.endswith("theorem t : 1 + 1 = 2 := by sorry")
    assert (hole, tactics) == (1, tuple(f"({t})" for t in PORTFOLIO[len(SAFE) :]))
    assert len(bench.texts) == 2  # the whole, then the safe ones
