import pytest

from lemmata.agents.offline.cases import inversions
from lemmata.agents.offline.knowledge import Knowledge, read
from lemmata.agents.offline.steps import Names
from lemmata.domain import Problem
from lemmata.tools.term_parser import parse_goal

PREAMBLE = """inductive Even : Nat → Prop
  | zero : Even 0
  | step (n) {m : Nat} : Even n → Even (n + 2)
inductive Colour where
  | red
  | green
inductive Tree where
  | leaf
  | node : Tree → Nat → Tree → Tree
inductive Never
structure Point where
  (x y : Nat)
  /-- how high -/
  z : Int := 0
deriving Repr
structure Nothing where
"""
KNOWN = read(Problem(name="t", preamble=PREAMBLE, lead="", statement="theorem t : True", proof=""))


def taken_apart(goal: str, knowledge: Knowledge = KNOWN) -> dict[str, float]:
    parsed = parse_goal(goal)
    return {m.tactic: m.cost for m in inversions(parsed, knowledge, Names.of(parsed, knowledge))}


@pytest.mark.parametrize(
    ("goal", "tactic"),
    [
        ("h : Even 3\n⊢ False", "rcases h with _ | ⟨n, h⟩"),
        ("n : Nat\nh : Even (n + 2)\n⊢ Even n", "rcases h with _ | ⟨n1, h⟩"),
        ("n : Nat\nh : Even n\n⊢ n ≠ 1", "rcases h with _ | ⟨n1, h⟩"),
        ("c : Colour\n⊢ c = c", "rcases c with _ | _"),
        ("o : Option Nat\n⊢ o = o", "rcases o with _ | ⟨a⟩"),
        ("a b : Point\n⊢ a = b", "obtain ⟨x, y, z⟩ := a\nobtain ⟨x1, y1, z1⟩ := b"),
        ("p : Nat × Point\n⊢ q p", "obtain ⟨a, b⟩ := p"),
        ("u : Nothing\n⊢ u = v", "obtain ⟨⟩ := u"),
        ("x : Never\n⊢ p", "cases x"),
    ],
)
def test_what_constructors_may_have_made(goal: str, tactic: str) -> None:
    assert list(taken_apart(goal)) == [tactic]


@pytest.mark.parametrize("goal", ["x : Tree\n⊢ p x", "xs : List Nat\n⊢ p xs", "n : Nat\n⊢ p n"])
def test_left_to_induction_or_to_nothing(goal: str) -> None:
    assert taken_apart(goal) == {}


def test_cheap_where_a_constructor_may_fall_away() -> None:
    (closed,) = taken_apart("h : Even 3\n⊢ False").values()
    (opened,) = taken_apart("n : Nat\nh : Even n\n⊢ False").values()
    assert closed < 1 < opened
