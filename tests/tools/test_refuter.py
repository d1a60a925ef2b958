from collections.abc import Sequence
from pathlib import Path
from typing import Final

import pytest

from lemmata.domain import CheckerIdentity, CheckResult, CheckStatus, Diagnostic, Hole, Level, Position, Severity
from lemmata.lean_env import source
from lemmata.lean_env.cli import CliChecker
from lemmata.tools.refuter import Refutation, refute

EXAMPLES: Final = {f.stem: f.read_text() for f in sorted((Path(__file__).parents[2] / "examples/core").glob("*.lean"))}
SCRIPTED = CheckerIdentity(name="scripted", level=Level.CHECKED)


class Bench:
    """A workbench over a checker, or over prepared results; it keeps the texts that it was asked to check."""

    def __init__(self, checker: CliChecker | None = None, results: Sequence[CheckResult] = ()) -> None:
        self.texts: list[str] = []
        self._checker, self._results = checker, iter(results)

    async def check(self, text: str, *, goals: bool = False, timeout: float | None = None) -> CheckResult:
        self.texts.append(text)
        if self._checker is None:
            return next(self._results)
        return await self._checker.check(text, timeout or 20.0, goals=goals)


async def refuted(text: str, checker: CliChecker) -> Refutation | None:
    bench = Bench(checker)
    found = await refute(source.problem(text), bench)
    assert len(bench.texts) <= 4
    return found


@pytest.mark.embedded
@pytest.mark.parametrize("name", [n for n in EXAMPLES if n.startswith("false")])
async def test_false_examples_are_refuted(name: str, embedded: CliChecker) -> None:
    found = await refuted(EXAMPLES[name], embedded)
    assert found is not None
    assert found.result.status is CheckStatus.OK
    assert "sorry" not in found.text
    assert found.name == f"{source.problem(EXAMPLES[name]).name}_negation"
    axioms = await embedded.check(f"{found.text}\n#print axioms {found.name}\n", 20)
    assert "sorryAx" not in axioms.diagnostics[-1].text


@pytest.mark.embedded
@pytest.mark.parametrize("name", [n for n in EXAMPLES if n.startswith("true")])
async def test_true_examples_are_not_refuted(name: str, embedded: CliChecker) -> None:
    bench = Bench(embedded)
    assert await refute(source.problem(EXAMPLES[name]), bench) is None
    assert len(bench.texts) <= 1


FALSE = {
    "n = 11": "def f : Nat → Nat\n  | 0 => 1\n  | n + 1 => 2 * f n\ntheorem t (n : Nat) : f n < 2000 := by\n  sorry\n",
    "α = Fin 3, a = 0, b = 1, c = 2": "theorem t {α : Type} [Inhabited α] {a b c : α} : a = b ∨ b = c ∨ a = c := sorry",
    "a = 1, b = 2": "theorem t (a b : Int) (h : b ≠ 0) : a / b * b = a := sorry\n",
    "α = Fin 0, p = fun x => True": "theorem t (α : Type) (p : α → Prop) (h : ∀ x, p x) : ∃ x, p x := sorry\n",
    "r = fun x y => x ≤ y + 1 ∧ y ≤ x + 1, x = 0, y = 1, z = 2": (
        "theorem t (r : Nat → Nat → Prop) (h : ∀ x y, r x y → r y x) (k : ∀ x, r x x) :\n"
        "    ∀ x y z, r x y → r y z → r x z := sorry\n"
    ),
    "a = Num.succ Num.zero, b = Num.zero": (
        "inductive Num where\n  | zero : Num\n  | succ (n : Num) : Num\n\ndef Num.add (a : Num) : Num → Num\n"
        "  | .zero => a\n  | .succ b => .succ (a.add b)\n\ntheorem t (a b : Num) : a.add b = b := sorry\n"
    ),
    "m = 1, n = 0": "variable (m n : Nat)\ntheorem t (h : n < m) : m < n + 1 := sorry\ntheorem u : 0 = 0 := rfl\n",
    "α = Fin 2, x = 0, y = 1": (
        "universe u\nvariable {α : Type u}\ntheorem t (x y : α) : x = y := by\n  sorry\n"
    ),
    "β = Fin 2, p = fun x => x = 0, q = fun x => x = 1": (
        "universe u\ntheorem t {β : Sort u} (p q : β → Prop) : (∃ x, p x) → (∃ x, q x) → ∃ x, p x ∧ q x := sorry\n"
    ),
    "xs = List.cons 0 List.nil": "theorem t (xs : List Nat) : xs ++ xs = xs := by\n  sorry\n",
    "n = 0": "theorem h (n : Nat) : n = n := by sorry\nnamespace A\ntheorem t (n : Nat) : n * n ≠ n := sorry\nend A\n",
}


@pytest.mark.embedded
@pytest.mark.parametrize("words", FALSE)
async def test_an_instance_is_found_and_named(words: str, embedded: CliChecker) -> None:
    bench = Bench(embedded)
    text = FALSE[words]
    found = await refute(source.problem(text, name="t"), bench)
    assert found is not None
    assert found.instance == words
    assert found.name == ("A.t_negation" if "namespace" in text else "t_negation")


@pytest.mark.embedded
async def test_the_negation_is_of_the_statement_as_given(embedded: CliChecker) -> None:
    # with the local instance the statement is true; the words of it are false
    text = (
        "local instance : LT Nat := ⟨fun _ _ => True⟩\n"
        "theorem t (n : Nat) : 5 < n := trivial\ntheorem u (n : Nat) : 5 < n := by\n  sorry\n"
    )
    assert await refuted(text, embedded) is None
    # where an implicit variable is bound by Lean, the closed statement is not the theorem
    assert await refuted("theorem t (h : p) : p ∧ q := by\n  sorry\n", embedded) is None


@pytest.mark.embedded
@pytest.mark.parametrize(
    "text",
    [
        "theorem t (n) : n = 0 := by\n  sorry\n",
        "variable {α : Type} [Inhabited α]\ntheorem t (a : α) : a ≠ default := by\n  sorry\n",
        "theorem t : 1 + 1 = 2 := by\n  sorry\n",
    ],
)
async def test_it_gives_up_on_what_it_cannot_close(text: str, embedded: CliChecker) -> None:
    assert await refuted(text, embedded) is None


def result(status: CheckStatus, *columns: int, line: int = 8) -> CheckResult:
    marks = [
        Diagnostic(severity=Severity.INFO, start=Position(line=line, column=c), text="lemmata") for c in columns
    ]
    holes = (Hole(start=Position(line=2, column=2), end=Position(line=2, column=7)),)
    return CheckResult(status=status, diagnostics=tuple(marks), holes=holes, checker=SCRIPTED)


@pytest.mark.parametrize(
    "results",
    [
        [result(CheckStatus.ERRORS)],
        [result(CheckStatus.TIMEOUT)],
        [result(CheckStatus.HOLES)],
        [result(CheckStatus.HOLES, 0)],
        [result(CheckStatus.HOLES, 3, line=99)],
    ],
)
async def test_without_lean_there_is_no_refutation(results: list[CheckResult]) -> None:
    problem = source.problem("theorem t (n : Nat) : n < 3 := by\n  sorry\n")
    bench = Bench(results=results)
    assert await refute(problem, bench) is None
    assert len(bench.texts) == 1


@pytest.mark.parametrize(("last", "accepted"), [(CheckStatus.OK, True), (CheckStatus.ERRORS, False)])
async def test_the_last_word_is_lean_s_on_a_text_without_holes(last: CheckStatus, accepted: bool) -> None:
    text = "theorem t_negation : True := trivial\ntheorem «t» (n : Nat) : n < 3 := by\n  sorry\n"
    problem = source.problem(text)
    seen = Bench(results=[result(CheckStatus.ERRORS)])
    await refute(problem, seen)
    line = seen.texts[0].count("\n", 0, seen.texts[0].index("(exact absurd")) + 1
    column = seen.texts[0].split("\n")[line - 1].index("trace")
    bench = Bench(results=[result(CheckStatus.HOLES, column, line=line), result(last)])
    found = await refute(problem, bench)
    assert (found is not None) is accepted
    assert "sorry" not in bench.texts[1]
    assert "theorem «t_negation'» : ¬(∀ (n : Nat), n < 3) := by" in bench.texts[1]
    assert found is None or (found.instance, found.name, found.text) == ("n = 3", "«t_negation'»", bench.texts[1])
