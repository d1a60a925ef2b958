"""The words of names, statements and queries."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lemmata.tools.additive import additive_name
from lemmata.tools.premise_words import is_words, name_words, query_words, statement_words


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Nat.Prime.dvd_mul", "nat prime dvd mul"),
        ("IsUnit.mul_left_inj₀", "is unit mul left inj"),
        ("Finset.sum_range_id_mul_two'", "finset sum range id mul two"),
        ("LTSeries.length_lt_card", "lt series length lt card"),
        ("le_of_ge", "le of le"),
        ("Int.emod_two_eq_zero_or_one", "int emod two eq zero or one"),
        ("MeasureTheory.«weird name»", "measure theory weird name"),
        ("sq_lt_2", "sq lt two"),
    ],
)
def test_names_fall_apart_at_dots_underscores_and_case(name: str, words: str) -> None:
    assert " ".join(name_words(name)) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("x ^ 2 + 0 ≤ 1", "pow two sq add zero le one"),
        ("p ∣ a % 17", "dvd mod ofnat"),
        ("-x - y = (-1) - z", "neg sub eq neg one sub"),
        ("∑ i ∈ Finset.range n, f i", "sum mem finset range"),
        ("√(x * y) = √x * √y", "sqrt mul eq sqrt mul sqrt"),
        ("∃! x : ℝ, x⁻¹ ≥ ‖y‖", "exists unique real inv le norm norm"),
        ("a /\\ b <-> b ∧ a", "and iff and"),
        ("Nat.gcd 20! 200 ≠ Real.pi", "nat gcd ofnat factorial ofnat ne real pi"),
        ("∀ᶠ x in 𝓝 0, ContinuousAt f x", "eventually nhds zero continuous at"),
        ("fun x => if h then x else y", ""),
        ("a ⋖ b", "u22d6"),
    ],
)
def test_symbols_become_the_words_of_names(text: str, words: str) -> None:
    assert " ".join(statement_words(text)) == words


def test_bound_names_say_nothing() -> None:
    assert list(statement_words("hab.left ≤ size", ["hab"])) == ["left", "le", "size"]
    assert list(statement_words("size ≤ size", ["size"])) == ["le"]


def test_a_declaration_has_target_and_hypotheses() -> None:
    found = query_words("theorem foo (size : ℝ) (h₀ : 0 < size) : Real.sqrt size ∣ 2 := by\n")
    assert found.target == ("real", "sqrt", "dvd", "two")
    assert found.hypotheses == ("real", "zero", "lt")


def test_a_goal_has_target_and_hypotheses() -> None:
    found = query_words("case inl\nx size : ℕ\nh₀ : 0 < size\n⊢ size % 4 = x")
    assert found.target == ("mod", "four", "eq")
    assert found.hypotheses[-3:] == ("nat", "zero", "lt")


def test_anything_else_is_a_target() -> None:
    assert query_words("sum of squares").target == ("sum", "of", "squares")
    assert query_words("a ≤ b").target == ("le",)


@pytest.mark.parametrize("text", ["sum of squares", "Real.sqrt_nonneg", "mul_comm, add_comm"])
def test_words_are_no_statement(text: str) -> None:
    assert is_words(text)


@pytest.mark.parametrize("text", ["a ≤ b", "theorem t", "x : Nat", "⊢ p", "a + b"])
def test_a_statement_is_not_words(text: str) -> None:
    assert not is_words(text)


@given(st.text())
def test_whatever_is_asked_has_words_that_the_full_text_index_takes(text: str) -> None:
    found = query_words(text)
    for word in (*found.target, *found.hypotheses, *name_words(text)):
        assert word
        assert word.isalnum()
        assert word == word.lower()


@given(st.lists(st.sampled_from(["add", "mul", "zero", "Nat", "Prime", "isUnit", "le"]), min_size=1))
def test_a_name_is_found_by_its_parts(parts: list[str]) -> None:
    assert name_words("_".join(parts)) == name_words(".".join(parts)) == tuple(w for p in parts for w in name_words(p))


@pytest.mark.parametrize(
    ("name", "asked", "twin"),
    [
        ("mul_comm", "", "add_comm"),
        ("Finset.prod_range_succ", " (attr := simp)", "Finset.sum_range_succ"),
        ("one_le_mul", "", "nonneg_add"),
        ("mul_le_one", "", "add_nonpos"),
        ("one_lt_inv", "", "pos_neg"),
        ("Submonoid.mul_mem", "", "AddSubmonoid.add_mem"),
        ("IsUnit.mul", "", "IsAddUnit.add"),
        ("CommMonoid.npow", "", "AddCommMonoid.nsmul"),
        ("Prod.fst_mul", "", "Prod.fst_add"),
        ("pow_card", " card_nsmul", "card_nsmul"),
        ("Foo.pow_card", " (attr := simp) card_nsmul", "Foo.card_nsmul"),
        ("Foo.pow_card", " Bar.card_nsmul", "Bar.card_nsmul"),
        ("foo", "", None),
        ("mul_one", " existing", None),
        ("mul_one", " self (reorder := 1 2)", None),
    ],
)
def test_additive_twins(name: str, asked: str, twin: str | None) -> None:
    assert additive_name(name, asked) == twin
