import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lemmata.tools.evaluator import BOOL, INT, NAT, PROP, TYPE, Evaluator, Model, Sort, Unreadable, Value, read_sort
from lemmata.tools.term_parser import parse_term

MODEL: Model = {
    "n": (NAT, 3),
    "m": (NAT, 5),
    "x": (INT, -7),
    "y": (INT, 2),
    "b": (BOOL, True),
    "p": (PROP, False),
    "α": (TYPE, Sort("Fin", 2)),
    "a": (Sort("Fin", 2), 1),
    "f": (Sort("fun", domain=(NAT,), result=NAT), lambda n: n + 10),
    "q": (Sort("fun", domain=(Sort("Fin", 2),), result=PROP), lambda k: k == 1),
    "r": (Sort("fun", domain=(PROP,), result=PROP), lambda t: not t),
}


def holds(text: str, model: Model = MODEL) -> bool:
    return Evaluator(model).holds(parse_term(text))


@pytest.mark.parametrize(
    "text",
    [
        "n < m ∧ m ≤ 5 ∧ m > n ∧ n ≥ 3 ∧ n ≠ m",
        "n - m = 0 ∧ m - n = 2 ∧ n * m + 1 = 16 ∧ n ^ 2 = 9",
        "m / n = 1 ∧ m % n = 2 ∧ n / 0 = 0 ∧ n % 0 = n",
        "x / y = -4 ∧ x % y = 1 ∧ x - y = -9 ∧ -x = 7 ∧ x / -2 = 4 ∧ x % -2 = 1",
        "n ∣ 9 ∧ ¬ n ∣ 10 ∧ 0 ∣ 0 ∧ ¬ 0 ∣ n",
        "(n : Int) - m = -2 ∧ ((n - m : Nat) : Int) = 0",
        "min n m = 3 ∧ max n m = 5 ∧ Nat.gcd 6 9 = n ∧ Nat.succ n = 4 ∧ n.succ = 4 ∧ n.pred = 2",
        "Int.natAbs x = 7 ∧ x.toNat = 0 ∧ x.natAbs = 7",
        "(if n < m then n else m) = 3 ∧ (if m < n then 0 else 1) = 1",
        "b ∧ (b && !b) = false ∧ (b || false) = true ∧ (n == 3) = true",
        "p → False",
        "p ↔ False ∧ True",
        "(p = False) ∧ (p ≠ True)",
        "a = 1 ∧ q a ∧ ∃ z, ¬ q z",
        "∀ (z : α), z = 0 ∨ z = 1",
        "∀ z w : α, q z → q w → z = w",
        "r p ∧ ∀ s : Prop, s ∨ r s",
        "f n = 13 ∧ ∀ k, f k = k + 10",
        "∃ k, m = n + k",
        "∃ k, k < n ∧ f k = 12",
        "∀ k < n, k < m",
        "∀ h : p, False",
        "∀ (c : Bool), c = true ∨ c = false",
        "∃ z : Int, z + 7 = 0",
    ],
)
def test_true_propositions_hold_and_their_negations_do_not(text: str) -> None:
    assert holds(text)
    assert not holds(f"¬({text})")


@pytest.mark.parametrize(
    "text",
    ["g n = 0", "f n m = 0", "n", "n + 1", "∃ l : List Nat, l = l", "2 ^ (2 ^ (2 ^ (2 ^ n))) = 0", "⟨n, m⟩ = ⟨n, m⟩"],
)
def test_what_is_not_in_the_vocabulary_is_unreadable(text: str) -> None:
    with pytest.raises(Unreadable):
        holds(text)


def test_it_gives_up_after_a_fixed_number_of_steps() -> None:
    with pytest.raises(Unreadable):
        holds("∀ i j k l u v : Nat, i + j + k + l + u + v + 1 ≠ 0")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Nat", NAT),
        ("ℤ", INT),
        ("Type u", TYPE),
        ("α", Sort("Fin", 2)),
        ("Fin 4", Sort("Fin", 4)),
        ("α → Nat → Prop", Sort("fun", domain=(Sort("Fin", 2), NAT), result=PROP)),
        ("n < m", None),
        ("p → p", None),
        ("List Nat", None),
        ("Nat → Type", None),
    ],
)
def test_types_are_read(text: str, expected: Sort | None) -> None:
    assert read_sort(parse_term(text), MODEL) == expected


def test_types_are_written_as_lean_writes_them() -> None:
    sort = read_sort(parse_term("α → Nat → Prop"), MODEL)
    assert sort is not None
    assert sort.text == "Fin 2 → Nat → Prop"


@given(st.integers(-30, 30), st.integers(-30, 30))
@settings(deadline=None, max_examples=200)
def test_integer_division_is_euclidean(a: int, b: int) -> None:
    model: dict[str, tuple[Sort, Value]] = {"a": (INT, a), "b": (INT, b)}
    assert holds("b * (a / b) + a % b = a", model)
    assert b == 0 or holds("0 ≤ a % b ∧ (a % b < b ∨ a % b < -b)", model)
