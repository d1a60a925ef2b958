"""What is code and what is not, which brackets belong together, offsets and positions."""

from itertools import combinations, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lemmata.domain import Position
from lemmata.lean_env.scanner import Brackets, Span, Trivia, line_column, mask, offset_of, scan

FRAGMENTS = [
    "/-", "-/", "/--", "/-!", "--", '"', "'", "'a'", "'\\n'", "''", "\\", "r", "#", 's!"', "{", "}", "«", "»", "\n",
    "\r\n", " ", "x", "f'", "x₁", "∑'", "(", ")", "[", "]", "⟨", "⟩", "theorem", ":=", "sorry", "𝓝", "\ufeff", "é",
]  # fmt: skip
damaged = st.lists(st.sampled_from(FRAGMENTS) | st.text(max_size=3), max_size=40).map("".join)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a -- b\nc", "a     \nc"),
        ("a--b", "a   "),
        ("a /- b /- c -/ d -/ e", "a                   e"),
        ("/-/ x -/y", "        y"),
        ("/-- x\ny -/z", "     \n    z"),
        ("a/-1 -/b", "a      b"),
        ('f "a -- b" c', 'f "      " c'),
        (r'f "a \" /- b" c', 'f "         " c'),
        ('f "a\nb" c', 'f " \n " c'),
        ('r"\\" b', '"  " b'),
        ('r#"a " b"# c', '"        " c'),
        ('xr"a\\"b" c', 'xr"    " c'),
        ('s!"a {f "}" x} b" c', 's!"             " c'),
        ('s!"{s!"{x} {y}"}" c', f's!"{" " * 13}" c'),
        ('s!"{ {a := \'"\'} }" c', f's!"{" " * 14}" c'),
        ("f 'a''b' c", 'f "    " c'),
        (r's!"\{" c', 's!"  " c'),
        ("n !\"a\"", 'n !" "'),
        ("f 'a' b", 'f " " b'),
        (r"f '\'' b", 'f "  " b'),
        (r"f '\u03b1' b", 'f "      " b'),
        ("f ''' b", "f ''' b"),
        ("f' x' y'", "f' x' y'"),
        ("f '' s' ∪ g '' t'", "f '' s' ∪ g '' t'"),
        ("f ⁻¹' s' ∑' n', x₁'", "f ⁻¹' s' ∑' n', x₁'"),
        ("∀'∃'∼x", "∀'∃'∼x"),
        ("get!' a' b?'", "get!' a' b?'"),
        ("'\"' -- \"", '" "     '),
        ("Foo.«bar -- baz».x", "Foo.«          ».x"),
    ],
)
def test_mask_hides_what_is_not_code(text: str, expected: str) -> None:
    assert mask(text) == expected
    assert scan(text).unterminated is None


@pytest.mark.parametrize(
    ("text", "kind", "line", "masked"),
    [
        ("a\n/- b /- c -/\nd", Trivia.COMMENT, 2, "a\n            \n "),
        ('a "b\nc', Trivia.LITERAL, 1, 'a " \n '),
        ('a "b\\', Trivia.LITERAL, 1, 'a "  '),
        ('a r#"b"\nc', Trivia.LITERAL, 1, 'a "    \n '),
        ("\n\n«a", Trivia.NAME, 3, "\n\n« "),
        ("/-- a", Trivia.DOCSTRING, 1, "     "),
        ("/-! a", Trivia.MODULE_DOC, 1, "     "),
        ('s!"{x', Trivia.LITERAL, 1, 's!"  '),
        ('s!"{x "a}', Trivia.LITERAL, 1, 's!"      '),
        ('s!"x\\', Trivia.LITERAL, 1, 's!"  '),
    ],
)
def test_damage_is_masked_to_the_end_and_reported(text: str, kind: Trivia, line: int, masked: str) -> None:
    found = scan(text)
    assert found.text == masked
    assert found.unterminated is not None
    assert (found.unterminated.kind, found.unterminated.line) == (kind, line)
    assert found.hidden[-1].kind is kind


@pytest.mark.parametrize(
    ("text", "doubtful"),
    [
        ("α ×'\"' /- \" #eval x -/", (3,)),
        ("x⁻¹'\"' \"", (3,)),
        ('dbg_trace "{"/-"}" #eval x -/', (10,)),
        ('xs!"{"/-"} -/', (3,)),
        ('s!"{"/-"}" x', ()),
        ('f "{x} y" \'a\' α\' \'b\' ⟨x\'⟩', ()),
        ("-- ×'a'\nx \"×'a'\" /- {\"} -/", ()),
    ],
)
def test_what_depends_on_notation_is_told(text: str, doubtful: tuple[int, ...]) -> None:
    assert scan(text).doubtful == doubtful


def test_docstrings_and_comments_are_told_apart() -> None:
    text = "/-! m -/ /-- d -/ /- c -/ -- l\n/--/ 'x'"
    assert [(h.kind, h.span.of(text)) for h in scan(text).hidden] == [
        (Trivia.MODULE_DOC, "/-! m -/"),
        (Trivia.DOCSTRING, "/-- d -/"),
        (Trivia.COMMENT, "/- c -/"),
        (Trivia.COMMENT, "-- l"),
        (Trivia.COMMENT, "/--/"),
        (Trivia.LITERAL, "'x'"),
    ]


@given(damaged)
@settings(max_examples=400, deadline=None)
def test_mask_keeps_length_and_newlines_and_hides_once(text: str) -> None:
    masked = mask(text)
    assert len(masked) == len(text)
    assert [i for i, c in enumerate(masked) if c == "\n"] == [i for i, c in enumerate(text) if c == "\n"]
    if "r" not in text:  # `r#'a'` is a name, a sign and a letter; its mask `r#" "` would be a raw string
        assert mask(masked) == masked
    hidden = [h.span for h in scan(text).hidden]
    visible = [i for i in range(len(text)) if not any(s.start <= i < s.end for s in hidden)]
    assert all(masked[i] == text[i] for i in visible)
    assert all(a.end <= b.start for a, b in pairwise(hidden))


def test_brackets_pair_by_kind() -> None:
    text = "f (a [b] ⟨c, {d}⟩) ⟪x, y⟫_ℝ ‹p›"
    brackets = Brackets(text)
    assert [s.of(text) for s in brackets.pairs] == ["(a [b] ⟨c, {d}⟩)", "[b]", "⟨c, {d}⟩", "{d}", "⟪x, y⟫", "‹p›"]
    assert brackets.unpaired == ()
    assert [brackets.depth(text.index(c)) for c in "f(b,d}⟩)_"] == [0, 1, 2, 2, 3, 3, 2, 1, 0]
    assert brackets.match(text.index("(")) == text.index(")")
    assert brackets.match(text.index("}")) == text.index("{")
    assert brackets.match(0) is None


def test_unbalanced_brackets_stay_unpaired() -> None:
    text = ") ( [ a ) ] ("
    brackets = Brackets(text)
    assert [s.of(text) for s in brackets.pairs] == ["( [ a )"]
    assert [text[i] for i in brackets.unpaired] == [")", "[", "]", "("]
    assert brackets.depth(text.index("a")) == 1


def test_brackets_of_a_stretch() -> None:
    text = "(a (b) (c"
    assert Brackets(text, Span(2, 7)).pairs == (Span(3, 6),)


@given(st.text(alphabet="()[]{}⟨⟩⦃⦄⟪⟫‹› a", max_size=60))
@settings(max_examples=300, deadline=None)
def test_brackets_nest(text: str) -> None:
    brackets = Brackets(text)
    pairs = brackets.pairs
    paired = {i for s in pairs for i in (s.start, s.end - 1)}
    assert paired.isdisjoint(brackets.unpaired)
    assert paired | set(brackets.unpaired) == {i for i, c in enumerate(text) if c not in " a"}
    for a, b in combinations(pairs, 2):
        assert a.end <= b.start or b.end <= a.start or (a.start < b.start) == (b.end < a.end)
    for i in range(len(text)):
        assert brackets.depth(i) == sum(s.start <= i < s.end for s in pairs)


@given(st.text(alphabet="a\n𝓝é ", max_size=40), st.integers(0, 40))
@settings(max_examples=300, deadline=None)
def test_positions_round_trip(text: str, offset: int) -> None:
    offset = min(offset, len(text))
    position = line_column(text, offset)
    assert offset_of(text, position) == offset
    assert text.split("\n")[position.line - 1][: position.column] == text[:offset].rpartition("\n")[2]


def test_positions_outside_are_taken_back_into_the_text() -> None:
    assert offset_of("ab\ncd\n", Position(line=1, column=9)) == 2
    assert offset_of("ab\ncd", Position(line=2, column=9)) == 5
    assert offset_of("ab\ncd", Position(line=7, column=0)) == 5
    assert offset_of("ab", Position(line=0, column=0)) == 0
