import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lemmata.errors import ConfigError
from lemmata.lean_env.lean_options import asked, kept, of_lakefile, of_setup, spelled

NAMES = st.from_regex(r"[a-z]{1,8}(\.[a-z]{1,8}){0,2}", fullmatch=True)
VALUES = st.one_of(st.booleans(), st.integers(0, 10**6), st.text(max_size=5))


@given(st.one_of(st.text(max_size=50), st.recursive(VALUES, lambda x: st.dictionaries(NAMES, x)).map(json.dumps)))
def test_whatever_lake_prints_is_options_or_nothing(answer: str) -> None:
    told = of_setup(answer)
    assert told is None or all(isinstance(v, bool | int | str) for v in told.values())


def test_an_answer_without_an_end_is_none() -> None:
    assert of_setup("[" * 100_000) is None
    assert of_setup('{"options": {}}') == {}


@given(st.dictionaries(NAMES, VALUES))
def test_both_of_lakes_answers_say_the_same(options: dict[str, bool | int | str]) -> None:
    new, old = ({key: options, "other": 1} for key in ("options", "setupOptions"))
    assert of_setup(json.dumps(new)) == of_setup(json.dumps(old)) == options


@given(st.dictionaries(NAMES, VALUES))
def test_what_is_kept_may_be_asked_for(options: dict[str, bool | int | str]) -> None:
    passed = kept(options)
    assert kept(passed) == passed == asked(passed)
    assert set(passed) <= set(options)
    words = spelled(passed)
    assert list(words) == sorted(words)
    assert {w.partition("=")[0] for w in words} == set(passed)


@settings(deadline=None)
@given(st.binary(max_size=60))
def test_any_lakefile_can_be_looked_at(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    root = tmp_path_factory.mktemp("root")
    (root / "lakefile.toml").write_bytes(content)
    read = of_lakefile(root)
    assert read is None or isinstance(read, dict)


@pytest.mark.parametrize(
    "name", ["debug.skipKernelTC", "warn.sorry", "warningAsError", "bootstrap.x", "", "a b", "a.", "-D"]
)
def test_what_would_make_verdicts_worthless_is_refused(name: str) -> None:
    assert kept({name: True}) == {}
    with pytest.raises(ConfigError, match=r"lean\.options"):
        asked({name: True})


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ({"autoImplicit": False, "pp.unicode.fun": True, "pp.all": True, "maxSynthPendingDepth": 3},
         ("autoImplicit=false", "maxSynthPendingDepth=3", "pp.unicode.fun=true")),
        ({"weak.linter.mathlibStandardSet": True, "weak.autoImplicit": False}, ("autoImplicit=false",)),
        ({"debug.skipKernelTC": True, "warn.sorry": False, "warningAsError": True, "linter.a": True}, ()),
        ({"x y": 1, "x.y": "z"}, ("x.y=z",)),
    ],
)  # fmt: skip
def test_only_options_that_decide_are_kept(told: dict[str, bool | int | str], expected: tuple[str, ...]) -> None:
    assert spelled(kept(told)) == expected


TOML = """
name = "p"
leanOptions = {pp.all = true, autoImplicit = true}
[[lean_lib]]
name = "P"
[lean_lib.leanOptions]
autoImplicit = false
weak.linter.style = true
x = 1.5
"""


@pytest.mark.parametrize(
    ("file", "text", "options"),
    [
        ("lakefile.toml", TOML, {"pp.all": True, "autoImplicit": False, "weak.linter.style": True}),
        ("lakefile.toml", TOML + '[[lean_lib]]\nname = "Q"\n', {"pp.all": True, "autoImplicit": True}),
        ("lakefile.toml", 'leanOptions = [{name = "autoImplicit", value = false}, 3]\n', {"autoImplicit": False}),
        ("lakefile.toml", "leanOptions = 3\nlean_lib = [3]", {}),
        ("lakefile.toml", "name = [", None),
        ("lakefile.lean", "import Lake\n\npackage «putnam» where\n", {"autoImplicit": False}),
        ("lakefile.lean", "import Lake\n\npackage putnam where\n", {"autoImplicit": False}),
        ("lakefile.lean", "import Lake\npackage other\n", None),
    ],
)
def test_what_a_lakefile_says(
    tmp_path: Path, file: str, text: str, options: dict[str, bool | int | str] | None
) -> None:
    (tmp_path / file).write_text(text, encoding="utf-8")
    assert of_lakefile(tmp_path) == options


def test_putnambench_is_known_by_its_package(data: Path) -> None:
    assert of_lakefile(data / "putnambench" / "lean4") == {"autoImplicit": False}
