from hypothesis import example, given, settings
from hypothesis import strategies as st

from lemmata.lean_env.prefixed import prefixed
from lemmata.lean_env.scanner import mask
from lemmata.lean_env.snippet import fresh_name, unsupported, without_odd_comments

ODD = "\v\f\x1c\x1d\x1e\x85\u2028\u2029\ud800"
PIECES = ["import A", "\n", "\r\n", "\r", " ", "-- c", "/- d ", " -/", '"', "/-- e ", "theorem", *ODD]
texts = st.lists(st.sampled_from(PIECES), max_size=14).map("".join)


@given(texts)
@example("-- a\u2028axiom x : False")
@settings(deadline=None, max_examples=1000)
def test_what_is_sent_has_the_same_lines_for_the_server_as_for_lean(text: str) -> None:
    cleaned = without_odd_comments(text)
    if unsupported(cleaned, prefixed(cleaned)) is None:
        lines = cleaned.removesuffix("\n").split("\n") if cleaned else []
        assert cleaned.splitlines() == [line.removesuffix("\r") for line in lines]
        cleaned.encode()


@given(texts)
@settings(deadline=None, max_examples=1000)
def test_only_comments_are_cleaned(text: str) -> None:
    cleaned = without_odd_comments(text)
    assert len(cleaned) == len(text)
    assert mask(cleaned) == mask(text)
    assert all(new == old or (new == " " and old in ODD + "\r") for new, old in zip(cleaned, text, strict=True))


def test_names_are_fresh() -> None:
    assert len({fresh_name() for _ in range(100)}) == 100
