from collections.abc import Mapping
from itertools import islice

import pytest

from lemmata.tools.inductives import Inductive, read_inductives
from lemmata.tools.models import Instance, Variable, instances
from lemmata.tools.term_parser import parse_term


def found(
    variables: Mapping[str, str], target: str, data: Mapping[str, Inductive] | None = None, seed: int = 0, most: int = 5
) -> list[Instance]:
    """The first instances of a statement whose hypotheses are the variables called `h..`, instances those in `[]`."""
    bound = [Variable(n, parse_term(t.strip("[]")), t.startswith("[")) for n, t in variables.items()]
    return list(islice(instances(bound, parse_term(target), data or {}, seed), most))


def test_small_numbers_come_first_and_hypotheses_are_left_to_lean() -> None:
    first, *_ = found({"n": "Nat", "h": "2 < n", "x": "Int"}, "x * x < n")
    assert first == Instance(("3", None, "2"), "n = 3, x = 2", sure=True)


def test_a_true_statement_has_no_instance() -> None:
    assert found({"a": "Nat", "b": "Nat"}, "(a + b) * (a + b) = a * a + 2 * a * b + b * b") == []


def test_what_cannot_be_read_is_only_a_guess() -> None:
    assert [(i.words, i.sure) for i in found({"n": "Nat", "h": "0 < n"}, "f n = 0", most=2)] == [
        ("n = 1", False),
        ("n = 2", False),
    ]


def test_type_variables_are_finite_types_of_several_sizes() -> None:
    three = found({"α": "Type", "i": "[DecidableEq α]", "a": "α", "b": "α", "c": "α"}, "a = b ∨ b = c ∨ a = c", most=1)
    assert three[0].arguments == ("(Fin 3)", "inferInstance", "0", "1", "2")
    empty = found({"α": "Type", "p": "α → Prop"}, "(∀ x, p x) → ∃ x, p x")
    assert [i.words for i in empty] == ["α = Fin 0, p = fun x => True"]


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_functions_over_finite_types_are_tables(seed: int) -> None:
    variables = {"α": "Type", "f": "α → α", "x": "α"}
    first, *_ = found(variables, "f (f x) = x", seed=seed)
    assert first.sure
    assert first.arguments[0] == "(Fin 2)"
    assert first == found(variables, "f (f x) = x", seed=seed)[0]


@pytest.mark.parametrize(
    ("kind", "target", "value"),
    [
        ("Nat → Prop", "∀ n, f n", "fun x => False"),
        ("Nat → Nat", "∀ n, f n = n", "fun x => 0"),
        ("Nat → Nat → Prop", "(∀ x, f x x) → ∀ x y, f x y", "fun x y => x ≤ y + 1 ∧ y ≤ x + 1"),
        ("Fin 2 → Bool", "f 0 = f 1", ""),
        ("Fin 3 → Fin 3 → Fin 3", "f 0 1 = f 1 0", ""),
    ],
)
def test_functions_and_predicates_are_proposed(kind: str, target: str, value: str) -> None:
    first, *_ = found({"f": kind}, target)
    assert first.sure
    assert first.words == f"f = {value}" or not value


def test_there_is_nothing_where_a_variable_of_an_unknown_type_is_spoken_of() -> None:
    assert found({"x": "Real", "n": "Nat"}, "x = n") == []
    assert found({"s": "Set Nat", "h": "s = s"}, "False") == []
    assert len(found({"h": "Even n", "n": "Nat"}, "n = 0")) == 5


def test_there_is_nothing_where_a_function_type_has_no_values_to_offer() -> None:
    assert found({"f": "Prop → Prop", "n": "Nat"}, "n = 0") == []
    assert found({"f": "Nat → Int", "n": "Nat"}, "n = 0") == []
    assert found({"f": "Nat → Nat → Nat → Nat → Nat", "n": "Nat"}, "n = 0") == []


def test_data_types_of_the_file_have_their_small_terms() -> None:
    text = "inductive T (α : Type) | leaf | node (x : α) (l r : T α)\ninductive N | zero | up (n : N)"
    data = read_inductives(text)
    assert [i.arguments[1] for i in found({"α": "Type", "t": "T α"}, "g t", data, most=3)] == [
        "T.leaf",
        "(T.node 0 T.leaf T.leaf)",
        "(T.node 1 T.leaf T.leaf)",
    ]
    chains = [i.arguments[0] for i in found({"n": "N"}, "g n", data)]
    assert chains == ["N.zero", "(N.up N.zero)", "(N.up (N.up N.zero))"]
