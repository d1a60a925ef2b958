import pytest

from lemmata.cli import output
from lemmata.cli.exits import Exit


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("ℕ → ⟨x, y⟩\n\tz", "ℕ → ⟨x, y⟩\n\tz"),
        ("\x1b[2K\raccepted", "\\x1b[2K\\raccepted"),
        ("\x9b1A\x00\x7f", "\\x9b1A\\x00\\x7f"),
    ],
)
def test_control_characters_are_spelt_out(text: str, shown: str) -> None:
    assert output.plain(text) == shown


def test_a_failure_is_said_once_in_each_form(capsys: pytest.CaptureFixture[str]) -> None:
    assert output.fail(Exit.USAGE, "no ℕ", as_json=True) is Exit.USAGE
    printed = capsys.readouterr()
    assert printed.out == '{"status": "failed", "kind": "usage", "message": "no ℕ"}\n'
    assert printed.err == "lemmata: no ℕ\n"
    output.fail(Exit.BUG, "x", as_json=False)
    assert capsys.readouterr().out == ""


def test_every_error_code_has_a_kind() -> None:
    outcomes = {Exit.PROVED, Exit.NOT_FOUND, Exit.FOUND, Exit.REFUTED}
    assert set(output._CODES) == set(Exit) - outcomes
