from hypothesis import given, settings
from hypothesis import strategies as st

from lemmata.agents.offline.polynomials import (
    add,
    atoms,
    distribution,
    divide,
    multiply,
    nonlinear,
    polynomial,
    reduce,
    rewrites,
    scale,
    solve,
    spell,
)
from lemmata.tools.term_parser import parse_term
from lemmata.tools.terms import Name, Num, Op, Term, infix

leaves = st.one_of(st.sampled_from("xyz").map(Name), st.integers(0, 5).map(Num))
terms: st.SearchStrategy[Term] = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.builds(infix, st.sampled_from("+-*"), inner, inner),
        st.builds(lambda a, k: infix("^", a, Num(k)), inner, st.integers(0, 2)),
        st.builds(lambda a: Op("-", (a,)), inner),
    ),
    max_leaves=6,
)
VALUES = {"x": 3, "y": -2, "z": 7}


def value(term: Term) -> int:
    match term:
        case Name(text):
            return VALUES[text]
        case Num(number):
            return number
        case Op("-", (a,)):
            return -value(a)
        case Op(symbol, (a, b)):
            return {"+": int.__add__, "-": int.__sub__, "*": int.__mul__, "^": int.__pow__}[symbol](value(a), value(b))
    raise AssertionError(term)


@settings(max_examples=300, deadline=None)
@given(terms)
def test_what_is_spelled_has_the_same_value(term: Term) -> None:
    assert value(parse_term(spell(polynomial(term)))) == value(term)


@settings(max_examples=300, deadline=None)
@given(terms, terms)
def test_a_product_divides_by_its_factor(p: Term, q: Term) -> None:
    divisor = polynomial(q)
    whole = multiply(polynomial(p), divisor)
    if divisor and whole:
        assert divide(whole, divisor) == polynomial(p)


@settings(max_examples=200, deadline=None)
@given(terms, terms)
def test_sums_are_those_of_the_values(p: Term, q: Term) -> None:
    total = add(polynomial(p), scale(polynomial(q), -1))
    assert value(parse_term(spell(total))) == value(p) - value(q)


def test_division_with_a_remainder_has_no_answer() -> None:
    x, one = polynomial(Name("x")), polynomial(Num(1))
    assert divide(add(multiply(x, x), one), x) is None
    assert divide(x, {}) is None
    assert divide(x, scale(one, 2)) is None


def test_over_naturals_a_difference_is_an_atom() -> None:
    assert polynomial(parse_term("(a - b) * 2"), integers=False) == {("a - b",): 2}
    assert polynomial(parse_term("(a : Int) + 1")) == {("a",): 1, (): 1}


def test_too_large_products_are_given_up() -> None:
    big = polynomial(parse_term("(a + b + c + d) ^ 4"))
    assert multiply(big, big) == {}


def test_solving_for_a_witness() -> None:
    def answer(equation: str, *facts: str, variables: bool = True) -> str | None:
        left, right = parse_term(equation).args  # type: ignore[union-attr]
        pairs = [parse_term(f).args for f in facts]  # type: ignore[union-attr]
        return solve("w", left, right, rewrites(pairs, variables=variables))  # type: ignore[arg-type]

    assert answer("n + m = 2 * w", "n = 2 * k", "m = 2 * l") == "k + l"
    assert answer("n * m = 2 * w", "n = 2 * k") == "k * m"
    assert answer("(n + 1) * (n + 2) = 2 * w", "n * (n + 1) = 2 * k", variables=False) == "k + n + 1"
    assert answer("c = a * w", "b = a * k", "c = b * l") == "k * l"
    assert answer("n = 2 * w") is None
    assert answer("w * w = 4") is None
    assert answer("f w = w") is None
    assert answer("n = n") is None


def test_rewriting_ends_on_a_rule_that_grows() -> None:
    assert reduce({("a",): 1}, {("a",): {("a", "b"): 1}})


def test_rules_name_the_pairs_that_occur() -> None:
    goal = [parse_term("(a + b) * a = 2 * f c")]
    rules = distribution(goal, integers=False)
    assert "Nat.mul_comm b a" in rules
    assert "Nat.mul_left_comm (f c) a" in rules
    assert "Nat.mul_comm a 2" in rules
    assert not any("pow" in r for r in rules)
    powers = distribution([parse_term("x ^ 2 = y")], integers=True)
    assert {"Int.pow_succ", "Int.sub_mul", "Int.neg_mul"} <= set(powers)
    assert atoms(goal) == ("a", "b", "f c")


def test_products_of_variables_are_not_linear() -> None:
    assert nonlinear([parse_term("p ∧ a * b = c")])
    assert not nonlinear([parse_term("2 * a = b + c")])
