import io

import pytest

from lemmata.cli.asking import ask, choose, somebody_there


class Leaves(io.StringIO):
    """A terminal at which the user presses ^C."""

    def readline(self, size: int | None = -1, /) -> str:
        raise KeyboardInterrupt


@pytest.mark.parametrize(("said", "yes"), [("y\n", True), (" YES \n", True), ("\n", False), ("nay\n", False)])
def test_only_a_yes_is_one(said: str, yes: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(said))
    assert ask("Go on?") is yes
    assert not somebody_there()


@pytest.mark.parametrize(("said", "way"), [("\n", "one"), ("t\n", "two"), ("Two \n", "two"), ("2\n", None), ("", None)])
def test_enter_takes_the_first_way(said: str, way: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(said))
    assert choose("Which?", ("one", "two")) == way


def test_to_leave_is_to_say_no(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("sys.stdin", Leaves())
    assert not ask("Go on?")
    assert choose("Which?", ("one", "two")) is None
    assert capsys.readouterr().err == "Go on? [y/N]\n\nWhich? [one/two; Enter: one]\n\n"
