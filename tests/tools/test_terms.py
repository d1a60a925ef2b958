import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lemmata.tools.term_parser import parse_binders, parse_goal, parse_goals, parse_term
from lemmata.tools.terms import (
    INFIX,
    App,
    Bind,
    Binder,
    Goal,
    Hyp,
    Name,
    Num,
    Op,
    Opaque,
    Term,
    apply,
    children,
    free,
    infix,
    show,
    show_goal,
    substitute,
    subterms,
)
from lemmata.tools.tokens import tokenize

names = st.sampled_from(["a", "b'", "x₁", "Nat.succ", "h✝", "α", "«odd name»", "f"])
bound = st.sampled_from(["x", "y", "z✝¹"])
leaves = st.one_of(
    names.map(Name), st.integers(0, 99).map(Num), st.sampled_from(["⟨a, b⟩", "(a, b)", "[1, 2]", "(f x).1"]).map(Opaque)
)


def _binders(inner: st.SearchStrategy[Term], brackets: str) -> st.SearchStrategy[Binder]:
    typed = st.builds(Binder, st.lists(bound, min_size=1, max_size=2).map(tuple), inner, st.sampled_from(brackets))
    return st.one_of(typed, bound.map(lambda n: Binder((n,)))) if brackets == "(" else typed


def _extend(inner: st.SearchStrategy[Term]) -> st.SearchStrategy[Term]:
    bare = bound.map(lambda n: (Binder((n,)),))
    several = st.lists(_binders(inner, "({"), min_size=1, max_size=2).map(tuple)
    return st.one_of(
        st.builds(lambda h, a: apply(h, *a), inner, st.lists(inner, min_size=1, max_size=3)),
        st.builds(infix, st.sampled_from(sorted(INFIX)), inner, inner),
        st.builds(lambda s, a: Op(s, (a,)), st.sampled_from(["¬", "-", "↑", "!"]), inner),
        st.builds(lambda a, b: Op(":", (a, b)), inner, inner),
        st.builds(lambda a, b, c: Op("if", (a, b, c)), inner, inner, inner),
        st.builds(Bind, st.sampled_from(["∀", "∃", "fun", "∃!"]), st.one_of(bare, several), inner),
    )


terms: st.SearchStrategy[Term] = st.recursive(leaves, _extend, max_leaves=12)


@settings(max_examples=400, deadline=None)
@given(terms)
def test_what_is_printed_is_read_back(term: Term) -> None:
    assert parse_term(show(term)) == term


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(st.lists(bound, min_size=1, max_size=2).map(tuple), terms), max_size=3), terms)
def test_goals_are_read_back(context: list[tuple[tuple[str, ...], Term]], target: Term) -> None:
    goal = Goal(tuple(Hyp(n, t) for n, t in context), target)
    assert parse_goal(show_goal(goal)) == goal


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="ab1 ()[]⟨⟩∀∃,:→∧¬=+-*·.|fun ", max_size=25))
def test_any_text_is_read_and_its_print_is_stable(text: str) -> None:
    once = show(parse_term(text))
    assert show(parse_term(once)) == once


@pytest.mark.parametrize(
    "text",
    [
        "∀ (n : Nat), f n = n * (n + 1) / 2",
        "p ∧ q ∨ ¬r → s ↔ t",
        "(p → q) → r",
        "¬(p ∧ q) ↔ ¬p ∨ ¬q",
        "∃ x, x * x = 4 ∧ ∀ (y : Nat), y < x → p y",
        "(∀ (x : Nat), p x) ∧ q",
        "a - (b - c) = a - b - c",
        "-x ^ 2 + -(-y) * 3 ≤ ↑n",
        "(if a ≤ b then b else a) = max a b",
        "if a ≤ b then b else a",
        "fun x => x + 1",
        "(fun x => f x) a = (2 : Int)",
        "match n with | 0 => a | k + 1 => b",
        "f (match n with | 0 => a | k + 1 => b) = ⟨a, (b : Nat)⟩",
        "(f x).1 + (g x).succ = h.left.2",
        "∀ {α : Type u} [inst : Decidable p] (x : α), x ∈ [a, b]",
        "f ↑x (2 ^ n) :: xs ++ ys",
        "∀ [Decidable p], p",
        "¬a = b",
    ],
)
def test_what_lean_prints_comes_back_as_it_was(text: str) -> None:
    assert show(parse_term(text)) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("∀ x < n, p x", "∀ x, x < n → p x"),
        ("∃ x ≥ n, p x", "∃ x, x ≥ n ∧ p x"),
        ("(x : Nat) → p x", "∀ (x : Nat), p x"),
        ("∃ x y : Nat, x = y", "∃ (x y : Nat), x = y"),
        ("p -> q /\\ r \\/ s <-> a <= b", "p → q ∧ r ∨ s ↔ a ≤ b"),
        ("λ x => ((x))", "fun x => x"),
    ],
)
def test_other_spellings_are_normalised(text: str, shown: str) -> None:
    assert show(parse_term(text)) == shown


@pytest.mark.parametrize(
    "text", ["a = b = c", "p ∧", "(a", "a ⊕ b", "∀ x p", "if a then b", "f ↑", "∃ (x : Nat) p", "⟨"]
)
def test_what_is_not_known_is_opaque_with_its_text(text: str) -> None:
    assert parse_term(text) == Opaque(text)


def test_only_the_smallest_bracket_is_opaque() -> None:
    assert parse_term("p ∧ (a ⊕ b) = c") == infix("∧", Name("p"), infix("=", Opaque("(a ⊕ b)"), Name("c")))


def test_a_goal_as_lean_prints_it() -> None:
    text = "case succ\nn m : Nat\nk : Nat := n + 1\nih : ∀ (x : Nat),\n    f x = x\n⊢ f (n + 1) =\n    n + 1"
    goal = parse_goal(text)
    assert goal.types == {
        "n": Name("Nat"),
        "m": Name("Nat"),
        "k": Name("Nat"),
        "ih": parse_term("∀ (x : Nat), f x = x"),
    }
    assert goal.hypotheses[1].value == parse_term("n + 1")
    assert goal.target == parse_term("f (n + 1) = n + 1")


def test_several_goals_and_lines_that_are_none() -> None:
    one, two = parse_goals("unsolved goals\na : Nat\n⊢ a = a\n\ncase x\n⊢ True")
    assert show_goal(one) == "a : Nat\n⊢ a = a"
    assert show_goal(two) == "⊢ True"
    assert parse_goal("nothing here").target == Opaque("")


def test_binders_of_a_statement() -> None:
    binders = parse_binders("(n m : Nat) {p : Prop} [Decidable p] (h : ∀ x, p)")
    assert binders is not None
    assert [(b.names, b.bracket) for b in binders] == [(("n", "m"), "("), (("p",), "{"), ((), "["), (("h",), "(")]
    assert [(b.names, b.type) for b in parse_binders("(n m) {p}") or ()] == [(("n", "m"), None), (("p",), None)]
    assert parse_binders("n : Nat") is None
    assert parse_binders("(n : Nat") is None


def test_free_names_and_substitution() -> None:
    term = parse_term("∀ (x : t), f x y = ⟨z, x⟩ ∧ n.succ = 1")
    assert free(term) == ("t", "f", "y", "z", "n.succ", "n")
    assert show(substitute(parse_term("∀ x, p x y"), {"y": Name("x")})) == "∀ x', p x' x"
    assert show(substitute(parse_term("fun (x : y) => x + n"), {"y": Name("t"), "x": Num(1)})) == "fun (x : t) => x + n"
    assert substitute(parse_term("f 1 (a + b)"), {"f": parse_term("g 0"), "a": Num(2)}) == parse_term("g 0 1 (2 + b)")
    assert substitute(term, {}) is term


def test_subterms_come_outermost_first() -> None:
    term = parse_term("f (a + 1)")
    assert isinstance(term, App)
    assert [show(t) for t in subterms(term)] == ["f (a + 1)", "f", "a + 1", "a", "1"]
    assert children(Num(1)) == ()


def test_tokens_know_their_place() -> None:
    text = "@f «a b» x.1 ≤ ?m"
    assert [text[t.start : t.end] for t in tokenize(text)] == ["@f", "«a b»", "x.1", "≤", "?m"]
    assert tokenize("a.b.")[-1].text == "."
