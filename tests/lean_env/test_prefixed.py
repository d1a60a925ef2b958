import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lemmata.domain import CheckStatus, Diagnostic, Hole, Position, Severity
from lemmata.lean_env.cli import CliChecker
from lemmata.lean_env.header import read_header
from lemmata.lean_env.prefixed import prefixed, set_option
from lemmata.lean_env.scanner import line_column

PIECES = [
    "import A", "import B.C", "import «x y».D", " ", "\n", "-- c\n", "/- d\n -/", "/-! m -/", "theorem t : p := by",
    "\n  simp", "∀ x, é", '"import Z"', "public ", "module\n", "«", "/-",
]  # fmt: skip
OPTIONS = ["autoImplicit=false", "maxHeartbeats=0", "pp.x=a b"]
texts = st.lists(st.sampled_from(PIECES), max_size=12).map("".join)
options = st.lists(st.sampled_from(OPTIONS), max_size=3)


def at(line: int, column: int) -> Position:
    return Position(line=line, column=column)


@pytest.mark.parametrize(
    ("text", "imports", "body", "start"),
    [
        ("", (), "", (1, 0)),
        ("theorem t : p := q", (), "theorem t : p := q", (1, 0)),
        ("-- about\ntheorem t", (), "-- about\ntheorem t", (1, 0)),
        ("import A\n\nimport B.C -- y\nopen N\n", ("import A", "import B.C"), " " * 10 + " -- y\nopen N\n", (3, 10)),
        ("/- x -/ import  A\timport B x", ("import A", "import B"), " " * 26 + " x", (1, 26)),
        ("import /- y -/ A.«b  c».d\n", ("import A.«b  c».d",), " " * 25 + "\n", (1, 25)),
        ("set_option a b\nimport A", (), "set_option a b\nimport A", (1, 0)),
        ("import A\n/-! m -/\nimport B", ("import A",), " " * 8 + "\n/-! m -/\nimport B", (1, 8)),
        ("/-- d -/ import A", (), "/-- d -/ import A", (1, 0)),
        ("module prelude\nmeta  import all A x", ("module", "prelude", "meta import all A"), " " * 18 + " x", (2, 18)),
        ("import A\nmodules", ("import A",), " " * 8 + "\nmodules", (1, 8)),
    ],
)
def test_the_imports_are_cut_off(text: str, imports: tuple[str, ...], body: str, start: tuple[int, int]) -> None:
    cut = prefixed(text)
    assert (cut.imports, cut.body, cut.start) == (imports, body, at(*start))
    assert cut.text == "".join(i + "\n" for i in imports) + body


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("", True),
        ("import A\nimport «b c»", True),
        ("import all A", False),
        ("public import A", False),
        ("prelude import A", False),
    ],
)
def test_only_imports_without_more_are_plain(text: str, plain: bool) -> None:
    assert prefixed(text).plain is plain


@pytest.mark.parametrize(
    ("option", "command"),
    [
        ("autoImplicit=false", "set_option autoImplicit false"),
        ("maxRecDepth=1000", "set_option maxRecDepth 1000"),
        ("a.b=x y", 'set_option a.b "x y"'),
        ('a.b="x"', 'set_option a.b "x"'),
        ("a=", 'set_option a ""'),
    ],
)
def test_an_option_is_a_command(option: str, command: str) -> None:
    assert set_option(option) == command


@given(texts, options, st.integers(0, 3))
@settings(deadline=None, max_examples=500)
def test_every_place_of_the_body_is_found_again(text: str, chosen: list[str], above: int) -> None:
    cut = prefixed(text, chosen)
    own = text.split("\n")[cut.start.line - 1 :]
    sent = cut.body.split("\n")[len(chosen) :]
    assert sent[0] == " " * cut.start.column + own[0][cut.start.column :]
    assert sent[1:] == own[1:]
    tail = len(cut.body) - len(text) + sum(len(line) + 1 for line in text.split("\n")[: cut.start.line - 1])
    for offset in range(tail + cut.start.column, len(cut.body) + 1):
        here = line_column(cut.body, offset)
        there = line_column(text, offset - tail + sum(len(x) + 1 for x in text.split("\n")[: cut.start.line - 1]))
        assert cut.place(here) == there
        lower = here.model_copy(update={"line": here.line + above})
        assert cut.place(lower, above) == there


@given(texts, options)
@settings(deadline=None, max_examples=500)
def test_no_import_is_lost_and_none_is_made_up(text: str, chosen: list[str]) -> None:
    cut = prefixed(text, chosen)
    again = prefixed(cut.text)
    names = read_header(cut.header).imports
    assert again.imports == cut.imports
    assert names == read_header(text).imports[: len(names)]
    assert cut.options == len(chosen)


def test_what_stands_above_the_text_is_put_where_it_begins() -> None:
    cut = prefixed("import A\nimport B\nfoo\n", ["a=1", "b=2"])
    assert cut.body.split("\n")[:2] == ["set_option a 1", "set_option b 2"]
    assert cut.place(at(2, 5)) == at(2, 8)
    assert cut.place(at(4, 2)) == at(3, 2)
    assert cut.place(at(6, 2), above=2) == at(3, 2)
    assert cut.place(at(0, 0)) == at(0, 0)


def test_diagnostics_and_holes_are_placed_with_both_ends() -> None:
    cut = prefixed("import A\nfoo", ["a=1"])
    bare = Diagnostic(severity=Severity.ERROR, start=at(3, 1), text="x", kind="k")
    assert cut.diagnostic(bare) == bare.model_copy(update={"start": at(2, 1)})
    assert cut.diagnostic(bare.model_copy(update={"end": at(3, 2)})).end == at(2, 2)
    hole = Hole(start=at(4, 0), end=at(4, 5), goal="⊢ p")
    assert cut.hole(hole, above=1) == Hole(start=at(2, 0), end=at(2, 5), goal="⊢ p")


@pytest.mark.embedded
@pytest.mark.parametrize(
    "text",
    [
        "import Init /- c -/ import Init theorem t : 1 = 1 := by\n  skip\n  exact nope\n#check zero\n",
        "/- x -/ import Init\n\n\ntheorem t : True := by\n  sorry\nexample : 1 = 2 := rfl",
        "example : 1 = 2 := by\n  skip\n    exact 3",
        "/-! m -/\nimport Init\n#check 3",
    ],
)
async def test_lean_says_of_the_cut_text_what_it_says_of_the_whole(text: str, embedded: CliChecker) -> None:
    cut = prefixed(text, ["autoImplicit=true", "maxRecDepth=512"])
    whole, sent = await embedded.check(text, 60), await embedded.check(cut.text, 60)
    assert whole.status is sent.status is not CheckStatus.CRASHED
    assert whole.diagnostics == tuple(cut.diagnostic(d, above=len(cut.imports)) for d in sent.diagnostics)
    assert whole.diagnostics
