import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lemmata.lean_env.header import Header, read_header


@pytest.mark.parametrize(
    ("text", "header"),
    [
        ("", Header(False, False, ())),
        ("import Mathlib\nimport Aesop\n\nopen Nat", Header(False, False, ("Mathlib", "Aesop"))),
        ("import A import B.C theorem t : True := trivial", Header(False, False, ("A", "B.C"))),
        ("prelude\nimport Init.Core", Header(False, True, ("Init.Core",))),
        ("module prelude\npublic import A\nmeta import all B\npublic meta import C\n", Header(True, True, (*"ABC",))),
        ("/- import X /- nested -/ -/ module -- import Y\nimport /- Z -/ A.«b c».d", Header(True, False, ("A.b c.d",))),
        ("/-! about -/\nimport A\nend\nimport B", Header(False, False, ("A",))),
        ('#print "x"\nimport B', Header(False, False, ())),
        ("modules", Header(False, False, ())),
        ("prelude'", Header(False, False, ())),
        ("importA", Header(False, False, ())),
    ],
)
def test_the_header_is_read(text: str, header: Header) -> None:
    assert read_header(text) == header


@given(st.sampled_from(["", "import ", "module ", "prelude import "]), st.text("«»/-.\n \"'aZ⊢é1", max_size=40))
@settings(max_examples=300, deadline=None)
def test_comments_before_the_header_do_not_count(head: str, tail: str) -> None:
    header = read_header(head + tail)
    assert read_header(f"/-! import X -/ -- module\n\n{head}{tail}") == header
    assert all(name and name in (head + tail).replace("«", "").replace("»", "") for name in header.imports)
