import importlib.metadata

import pytest

from lemmata.lean_env import extras


def test_what_an_extra_asks_for_is_read_from_the_metadata(monkeypatch: pytest.MonkeyPatch) -> None:
    both = "two==1; platform_system == 'Linux' and extra == 'x'"
    asked = ["rich>=14", 'one<2; extra == "x"', both, 'six; extra == "xx"']
    monkeypatch.setattr("importlib.metadata.requires", lambda _: asked)
    assert extras.how_to_get("x") == "pip install 'one<2' 'two==1'"
    def not_installed(name: str) -> list[str]:
        raise importlib.metadata.PackageNotFoundError(name)

    for requires in (not_installed, lambda _: None):
        monkeypatch.setattr("importlib.metadata.requires", requires)
        assert extras.how_to_get("x") == "`pip install '.[x]'` in the checkout"


def test_the_extras_are_those_of_the_package() -> None:
    assert "'lean-interact" in extras.how_to_get("lean")
    assert "'lean-dojo" in extras.how_to_get("dojo")
