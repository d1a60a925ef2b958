import pytest

from lemmata.agents.offline.residues import residues
from lemmata.tools.term_parser import parse_goal


@pytest.mark.parametrize(
    ("goal", "tactic"),
    [
        (
            "n : Nat\n⊢ n * n % 2 = n % 2",
            "rcases (by omega : n % 2 = 0 ∨ n % 2 = 1) with hn | hn <;> simp [Nat.mul_mod, hn]",
        ),
        (
            "n : Int\nhn : p\n⊢ 2 ∣ n ^ 2 - n",
            "apply Int.dvd_of_emod_eq_zero; rcases (by omega : n % 2 = 0 ∨ n % 2 = 1) with hn1 | hn1"
            " <;> simp [Int.mul_emod, Int.sub_emod, Int.pow_succ, hn1]",
        ),
        (
            "a b : Nat\ng : a * b % 2 = 3\n⊢ False",
            "rcases (by omega : a % 2 = 0 ∨ a % 2 = 1) with ha | ha"
            " <;> rcases (by omega : b % 2 = 0 ∨ b % 2 = 1) with hb | hb <;> simp [Nat.mul_mod, ha, hb] at g",
        ),
    ],
)
def test_one_case_for_every_remainder(goal: str, tactic: str) -> None:
    assert list(residues(parse_goal(goal))) == [tactic]


@pytest.mark.parametrize(
    "goal",
    [
        "n : Nat\n⊢ n % 2 = 0",
        "n : Nat\n⊢ n * n % 0 = n * n",
        "n : Nat\n⊢ n * n % 50 = 0",
        "n : Nat\nm : Int\n⊢ n * m % 2 = 0",
        "n : Nat\nh : 2 ∣ n * n\n⊢ False",
        "n : Nat\nh : n * n % 2 = 0\n⊢ p",
    ],
)
def test_no_cases(goal: str) -> None:
    assert list(residues(parse_goal(goal))) == []
