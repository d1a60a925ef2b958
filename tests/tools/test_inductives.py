import pytest

from lemmata.tools.inductives import read_inductives
from lemmata.tools.terms import show

TEXT = """\
inductive Tree (α : Type u) : Type u
  | leaf
  -- | no : Tree α
  | node (l r : Tree α) (x : α)
  | up : α → Tree α → Tree α
  deriving DecidableEq

namespace Foo
inductive Colour | red | green
end Foo

inductive Even : Nat → Prop where
  | zero : Even 0

inductive Odd (f : Nat → Nat) where
  | all : ∀ n : Nat, Odd f
"""


def test_data_types_are_read_with_their_constructors() -> None:
    found = read_inductives(TEXT)
    assert list(found) == ["Tree", "Foo.Colour"]
    assert found["Tree"].parameters == ("α",)
    assert [(c.name, [show(a) for a in c.arguments]) for c in found["Tree"].constructors] == [
        ("Tree.leaf", []),
        ("Tree.node", ["Tree α", "Tree α", "α"]),
        ("Tree.up", ["α", "Tree α"]),
    ]
    assert [c.name for c in found["Foo.Colour"].constructors] == ["Foo.Colour.red", "Foo.Colour.green"]


@pytest.mark.parametrize("text", ["", "inductive Empty'", "inductive T | a (", "inductive T | a b", "def f := 1"])
def test_what_cannot_be_read_is_left_out(text: str) -> None:
    assert read_inductives(text) == {}
