import pytest

from lemmata.agents.offline.knowledge import Knowledge
from lemmata.agents.offline.squares import factors, squares
from lemmata.agents.offline.steps import Names
from lemmata.tools.term_parser import parse_goal


def bases(goal: str) -> list[list[str]]:
    """For every tactic, whose squares it uses."""
    facts = [[s for s in t.split("; ") if s.startswith("have ")] for t in squares(parse_goal(goal))]
    return [[f.split("mul_self_nonneg ")[1] for f in group] for group in facts]


def steps(goal: str) -> list[str]:
    parsed = parse_goal(goal)
    return [m.tactic for m in factors(parsed, Names.of(parsed, Knowledge()))]


def test_squares_one_by_one_then_all() -> None:
    assert bases("a b : Int\n⊢ 2 * a * b ≤ a * a + b * b") == [
        ["a"], ["b"], ["(a - b)"], ["(a + b)"], ["a", "b", "(a - b)", "(a + b)"],
    ]  # fmt: skip
    assert bases("a : Int\n⊢ 0 < a * a + 1") == [["a"], ["(a - 1)"], ["(a + 1)"], ["a", "(a - 1)", "(a + 1)"]]
    assert bases("a b c : Int\n⊢ a * b ≤ c * c")[-1] == ["(a - b)", "(a - c)", "(b - c)"]


@pytest.mark.parametrize(
    "goal",
    ["a b : Int\n⊢ a ≤ b", "a : Nat\n⊢ 0 ≤ a * a", "a : Int\n⊢ a * a = 1", "a b c d : Int\n⊢ a * b ≤ c * d", "⊢ p"],
)
def test_no_squares(goal: str) -> None:
    assert bases(goal) == []


def test_facts_have_names_of_their_own() -> None:
    first = next(squares(parse_goal("a : Int\nhs : p\n⊢ 0 ≤ a * a")))
    assert first.startswith("have hs1 := Int.mul_self_nonneg a; simp only [")
    assert first.endswith("] at hs1 ⊢; omega")


def test_one_of_two_equations_holds_if_a_product_is_zero() -> None:
    (step,) = steps("a b : Int\n⊢ a = b ∨ a = -b")
    assert step.startswith("refine (Int.mul_eq_zero.mp (?_ : (a - b) * (a - -b) = 0)).imp ")
    assert steps("a b : Nat\n⊢ a = b ∨ a = 0") == []


def test_the_larger_natural_is_a_sum() -> None:
    (step,) = steps("a b k : Nat\n⊢ 2 * a * b ≤ a * a + b * b")
    assert step.startswith("obtain ⟨k1, rfl⟩ | ⟨k1, rfl⟩ := (Nat.le_total a b).imp ")
