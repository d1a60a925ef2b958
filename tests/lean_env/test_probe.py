import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lemmata.domain import Diagnostic, Hole, Position, Severity
from lemmata.lean_env.cli import CliChecker
from lemmata.lean_env.probe import probe

TEXT = """\
theorem t (n : Nat) : n = n ∧ n = n ∧ n = n := by
  -- sorry
  refine ⟨sorry, ?_, by sorry⟩
  sorry
"""


def info(line: int, column: int, text: str, severity: Severity = Severity.INFO) -> Diagnostic:
    return Diagnostic(severity=severity, start=Position(line=line, column=column), text=text, kind="trace")


def test_a_probe_asks_at_every_hole_and_keeps_the_lines() -> None:
    asked = probe(TEXT)
    assert asked.text.split("\n") == [
        "theorem t (n : Nat) : n = n ∧ n = n ∧ n = n := by",
        "  -- sorry",
        "  refine ⟨(by trace_state; sorry), ?_, by (trace_state; sorry)⟩",
        "  (trace_state; sorry)",
        "",
    ]
    for (hole, place), column in zip(asked.sites, (10, 24, 2), strict=True):
        assert hole.start.column == column
        assert asked.text.split("\n")[place.line - 1][place.column :].startswith("trace_state")


def test_goals_are_put_to_the_holes_of_the_original() -> None:
    asked = probe(TEXT)
    first, second, third = (place for _, place in asked.sites)
    holes = asked.goals(
        [
            info(3, second.column, "case a\n⊢ 2\n⊢ no"),
            info(3, first.column, "an error", Severity.ERROR),
            info(3, first.column, "n : Nat\n⊢ 1\ncase right\n⊢ 4"),
            info(3, first.column, "⊢ later"),
            info(third.line, third.column + 1, "elsewhere"),
        ]
    )
    assert holes == (
        Hole(start=Position(line=3, column=10), end=Position(line=3, column=15), goal="n : Nat\n⊢ 1"),
        Hole(start=Position(line=3, column=24), end=Position(line=3, column=29), goal="⊢ 2"),
        Hole(start=Position(line=4, column=2), end=Position(line=4, column=7), goal=None),
    )


@pytest.mark.parametrize("text", ["", "theorem t : True := trivial -- sorry", 'def s := "sorry"', "open sorry.foo"])
def test_a_text_without_holes_stays_as_it_is(text: str) -> None:
    assert probe(text).text == text
    assert probe(text).goals([]) == ()


@given(st.lists(st.sampled_from(["sorry", "by", "\n", "\n  ", "·", "(", ")", "have : p :=", "ℕ", "𝔸", "-- x\n"])))
@settings(deadline=None, max_examples=300)
def test_every_place_asked_at_is_a_trace_state(words: list[str]) -> None:
    text = " ".join(words)
    asked = probe(text)
    assert len(asked.sites) == text.count("sorry")
    assert asked.text.count("\n") == text.count("\n")
    for hole, place in asked.sites:
        assert asked.text.split("\n")[place.line - 1][place.column :].startswith("trace_state")
        assert text.split("\n")[hole.start.line - 1][hole.start.column : hole.end.column] == "sorry"


REAL = """\
theorem t (n : Nat) (p q : Prop) (hp : p) : n + 0 = n ∧ (p ∧ q) := by
  constructor
  · sorry
  · have h : p := sorry
    refine ⟨h, ?_⟩
    first | sorry | skip
theorem u (n : Nat) : n + 0 = n := sorry
theorem v (n : Nat) : n + 0 = n ∧ 1 = 1 := by
  constructor <;> sorry
theorem w (n : Nat) : 0 ≤ n ∧ 1 = 1 := by
  induction n with
  | zero => sorry
  | succ n ih => exact ⟨sorry, by
     skip; sorry⟩
theorem x (p : Prop) : p := by
  by_cases h : (∃ n : Nat, n = n → sorry) <;> [sorry
"""


@pytest.mark.embedded
async def test_a_real_lean_answers_for_every_hole(embedded: CliChecker) -> None:
    asked = probe(REAL)
    result = await embedded.check(asked.text, 30)
    goals = [hole.goal for hole in asked.goals(result.diagnostics)]
    context = "n : Nat\np q : Prop\n"
    assert goals == [
        context + "hp : p\n⊢ n + 0 = n",
        context + "hp : p\n⊢ p",
        context + "hp h : p\n⊢ q",
        "n : Nat\n⊢ n + 0 = n",
        "n : Nat\n⊢ n + 0 = n",
        "⊢ 0 ≤ 0 ∧ 1 = 1",
        "n : Nat\nih : 0 ≤ n ∧ 1 = 1\n⊢ 0 ≤ n + 1",
        "n : Nat\nih : 0 ≤ n ∧ 1 = 1\n⊢ 1 = 1",
        "p : Prop\nn : Nat\n⊢ Prop",
        None,
    ]
