import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lemmata.lean_env.skeleton import cut, fill, holes, steps
from lemmata.lean_env.steps import Mode, Step, flat

PROOF = """\
theorem t (n : ℕ) (h : |n| = 3) : ∃ m, n = m := by
  have h₁ : n = n := by
    simp -- the end
    rfl
  obtain ⟨x, hx⟩ : ∃ x, x = n := ⟨n, rfl⟩
  have := foo
  suffices g : n = 1 by
    exact ⟨n, g⟩
  suffices ∃ k, k = n from foo this
  rcases h with h | h
  · calc n = 1 := by ring
      _ = 2 := by
        norm_num
      _ = 3 := foo
  . show n = 3 from by
      omega
  induction n with
  | zero => simp; rw [show 1 = 1 by rfl, foo]
  | succ k ih =>
    case left => exact ⟨by simp, fun x => by
      linarith⟩
    next h => { constructor <;> simp
                ring }
"""

KINDS = [
    ("by", None),
    ("have", "by\n    simp -- the end\n    rfl"),
    ("by", "simp -- the end\n    rfl"),
    ("obtain", "⟨n, rfl⟩"),
    ("have", "foo"),
    ("suffices", "exact ⟨n, g⟩"),
    ("suffices", "foo this"),
    ("bullet", None),
    ("calc", "by ring"),
    ("by", "ring"),
    ("calc", "by\n        norm_num"),
    ("by", "norm_num"),
    ("calc", "foo"),
    ("bullet", "show n = 3 from by\n      omega"),
    ("show", "by\n      omega"),
    ("by", "omega"),
    ("alternative", "simp; rw [show 1 = 1 by rfl, foo]"),
    ("show", "rfl"),
    ("alternative", None),
    ("case", "exact ⟨by simp, fun x => by\n      linarith⟩"),
    ("by", "simp"),
    ("by", "linarith"),
    ("case", "{ constructor <;> simp\n                ring }"),
]


def found(text: str) -> list[tuple[str, str]]:
    return [(s.kind.value, s.part.of(text)) for s in flat(steps(text))]


def test_all_kinds_of_steps_are_found_with_their_parts() -> None:
    for (kind, part), (expected_kind, expected) in zip(found(PROOF), KINDS, strict=True):
        assert kind == expected_kind
        assert expected is None or part == expected


def test_only_a_step_that_says_what_it_proves_is_typed() -> None:
    assert [s.part.of(PROOF) for s in flat(steps(PROOF)) if not s.typed] == ["foo"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("by\n  calc\n    a = b := x\n    _ = c := y\n  foo", ["calc x", "calc y"]),
        ("by\n  calc a\n  _ = b := x\n  _ = c := y\n  foo", ["calc x", "calc y"]),
        ("by\n  calc a = b := x\n       b = c := by\n         y\n  foo", ["calc x", "calc by\n         y", "by y"]),
        ("exact calc a = b := x; y", ["calc x"]),
        ("a\nhave h : p :=\n  b\nc", ["have b"]),
        ("by\n  first\n  | have h : p := by a\n    b\n  | c", ["have by a", "by a"]),
        ("by\n  first | simp | cases h with | inl h => a | inr h => b", ["alternative a", "alternative b"]),
        ("by\n  cases h with\n  | inl h | inr h => have : |x| = 1 := a", ["alternative have : |x| = 1 := a", "have a"]),
        ("\n  | 0 => rfl\n  | n + 1 => by\n    simp\n", ["alternative rfl", "alternative by\n    simp", "by simp"]),
        ("by\n  exact match h with\n  | .inl ⟨x,\n    y⟩ => a\n  | _ => b", ["alternative a", "alternative b"]),
        ("fun h => have x : p := a; b", ["have a"]),
        ("fun h =>\n  have x : p := a\n  b", ["have a"]),
        ("by\n  use 3, by norm_num, by simp\n  a", ["by norm_num", "by simp"]),
        ("by\n  try have h : p := by\n        simp\n  a", ["have by\n        simp", "by simp"]),
        ("by\n  if h : p then\n    exact by a\n  else if q then b else exact by c", ["by a", "by c"]),
        ("by\n  have h : p := by\n  exact a", ["have by"]),
        ("by\n  refine ⟨∃ x, p x, by a, b⟩", ["by a"]),
        ("by\n  simp\n  <;> have h : p := a\n  <;> b", ["have a"]),
        ("by\n  on_goal 2 => a\n  conv => b", ["case a"]),
        ("by simp\ndecreasing_by\n  have : p := a\n  b", ["have a"]),
        ("by\n  show p\n  exact h", []),
        ("by\n  · exact (a\n  · exact ⟨b, c]", ["bullet exact (a", "bullet exact ⟨b, c]"]),
        ("by\n  have h : ∀ n, p n\n    | 0 => a\n    | n + 1 => b\n  c", ["alternative a", "alternative b"]),
    ],
)
def test_steps_in_the_many_ways_of_writing_them(text: str, expected: list[str]) -> None:
    inner = [f"{kind} {part}" for kind, part in found(text)]
    assert inner[1 if text.startswith("by") else 0 :] == expected


def test_a_command_ends_whatever_is_open() -> None:
    text = "theorem a : p := by\n  exact (foo\ntheorem b : p := by\n  simp\n"
    assert found(text) == [("by", "exact (foo"), ("by", "simp")]


def test_steps_of_a_region_keep_the_columns_of_the_text() -> None:
    start = PROOF.index("  obtain")
    (step, *_) = steps(PROOF, (start, len(PROOF)))
    assert (step.column, step.part.of(PROOF)) == (2, "⟨n, rfl⟩")


@pytest.mark.parametrize("word", ["by ", "· ", "( ", "have h : p := by\n", "| x => by ", "| a ", "calc a = b := by "])
def test_no_depth_is_too_deep(word: str) -> None:
    text = "by\n  " + word * 1500 + "sorry"
    everything = flat(steps(text))
    check_round_trip(text, [s for s in everything if s.part.start % 3])
    assert len(holes(text)) == 1


# --- cutting


def test_of_nested_cuts_the_outermost_is_made() -> None:
    have, by = flat(steps(PROOF))[1:3]
    skeleton = cut(PROOF, [by, have])
    assert skeleton.text.startswith(PROOF[: have.part.start] + "sorry\n  obtain")
    assert skeleton.cuts == ("by\n    simp -- the end\n    rfl",)
    assert [s.mode for s in skeleton.sites] == [Mode.TERM]
    assert skeleton.fill([None]) == skeleton.text
    assert skeleton.fill(["h"]) == PROOF[: have.part.start] + "h" + PROOF[have.part.end :]
    assert skeleton.fill_back() == PROOF
    with pytest.raises(ValueError, match="argument"):
        skeleton.fill([])


def test_holes_that_were_there_are_not_of_the_cut() -> None:
    text = "by\n  have h : p := by simp\n  sorry"
    (by,) = steps(text)
    skeleton = cut(text, by.children)
    assert (len(holes(skeleton.text)), len(skeleton.sites)) == (2, 1)


@given(st.sets(st.integers(0, len(KINDS) - 1)))
@settings(deadline=None, max_examples=300)
def test_filling_back_any_subset_of_cuts_gives_the_text(chosen: set[int]) -> None:
    everything = flat(steps(PROOF))
    check_round_trip(PROOF, [everything[i] for i in chosen])


WORDS = [
    *("have h : p :=", "by", "·", "| x =>", "calc a", "_ = b := c", "case x =>", "(", ")", "⟨", "⟩", "sorry", ";"),
    *("\n", "\n  ", "\n    ", "simp", "-- x\n", "/- -/", '"s"', "'c'", "x'", "show p from", ",", "first |", "{", "}"),
    *("<;>", "suffices p by", "with", "else", "then", "if p", "theorem t", "∃ x,", "𝔸", "|", "all_goals", "«a»", "fun"),
]


@given(st.lists(st.sampled_from(WORDS), max_size=40), st.sampled_from(["", " "]), st.randoms())
@settings(deadline=None, max_examples=300)
def test_on_any_text_cuts_fill_back(words: list[str], between: str, random) -> None:  # type: ignore[no-untyped-def]
    text = between.join(words)
    everything = flat(steps(text))
    check_round_trip(text, [s for s in everything if random.random() < 0.5])
    assert [s.span.of(text) for s in everything] == [s.span.of(text).strip() for s in everything]


def check_round_trip(text: str, chosen: list[Step]) -> None:
    skeleton = cut(text, chosen)
    assert len(skeleton.sites) == len(skeleton.cuts)
    assert skeleton.fill_back() == text
    assert skeleton.fill(skeleton.cuts) == text
    assert skeleton.fill([None] * len(skeleton.cuts)) == skeleton.text


# --- filling


@pytest.mark.parametrize(
    ("text", "new", "expected"),
    [
        ("by\n  sorry", "simp\nring", "by\n  simp\n  ring"),
        ("by\n  sorry", "  simp [a,\n    b]\n\n  ring", "by\n  simp [a,\n    b]\n\n  ring"),
        ("by\n  sorry", "by\n    simp\n    ring", "by\n  simp\n  ring"),
        ("by\n  sorry", "by simp\n   ring", "by\n  simp\n  ring"),
        ("by\n  · sorry\n  a", "simp\nring -- done\n", "by\n  · simp\n    ring\n  a"),
        ("by\n  a <;> sorry", "simp\nring", "by\n  a <;> (simp\n         ring)"),
        ("by\n  sorry <;> a", "rfl", "by\n  rfl <;> a"),
        ("by\n  sorry; a", "exact x", "by\n  (exact x); a"),
        ("by\n  first | sorry | a", "exact x", "by\n  first | (exact x) | a"),
        ("by\n  sorry", "-- nothing\n", "by\n  sorry"),
        ("by\n  sorry", 'foo "a\n b"\nx', 'by\n  foo "a\n b"\n  x'),
        ("by\n  have h : p := sorry\n  a", "by\n  simp\n  ring", "by\n  have h : p := by\n    simp\n    ring\n  a"),
        ("by\n  have h : p := sorry\n  a", "by\nsimp", "by\n  have h : p := by\n    simp\n  a"),
        ("by\n  exact f sorry x", "by simp", "by\n  exact f (by simp) x"),
        ("by\n  exact ⟨sorry, a⟩", "by simp", "by\n  exact ⟨by simp, a⟩"),
        ("by\n  calc a = b := sorry\n    _ = c := x", "by simp", "by\n  calc a = b := by simp\n    _ = c := x"),
        ("theorem a : p := sorry", "by\n  simp", "theorem a : p := by\n  simp"),
        ("theorem a : p :=\n  foo sorry", "by\n  simp", "theorem a : p :=\n  foo (by\n     simp)"),
    ],
)
def test_a_filling_is_fitted_to_its_hole(text: str, new: str, expected: str) -> None:
    (site,) = holes(text)
    assert fill(text, [(site, new)]) == expected


def test_only_code_is_a_hole() -> None:
    text = 'by\n  -- sorry\n  exact sorry_free "sorry" foo.sorry «sorry»\n  sorry'
    assert [h.span.start for h in holes(text)] == [text.rindex("sorry")]


def test_modes_of_holes() -> None:
    text = "by\n  try sorry\n  exact (sorry)\n  (sorry; a)\n  cases h with | a => sorry | b => f sorry\n  focus sorry"
    assert [h.mode.value for h in holes(text)] == ["tactic", "term", "tactic", "tactic", "term", "tactic"]
