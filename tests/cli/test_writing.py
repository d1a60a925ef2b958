import io
from pathlib import Path

import pytest

from lemmata.cli.writing import Original, original, write_back
from lemmata.domain import Problem
from lemmata.errors import UsageError
from lemmata.store import RunResult


@pytest.fixture
def target(problem: Problem, tmp_path: Path) -> Original:
    file = tmp_path / "a.lean"
    file.write_text(problem.text)
    file.chmod(0o640)
    return original(f"{file}:t", yes=True)


def test_it_asks_after_the_diff(target: Original, result: RunResult, capsys: pytest.CaptureFixture[str]) -> None:
    asked: list[str] = []

    def refuse(question: str) -> bool:
        asked.append(question)
        return False

    assert not write_back(target, result, yes=False, ask=refuse)
    assert Path(target.file).read_text() == target.text
    assert asked == [f"Write this to {target.file}? (checked by Lean 4.35.0, embedded core)"]
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.startswith(f"--- {target.file}\n+++ {target.file} (new)\n")
    assert shown.err.endswith("not written\n")


def test_it_writes_when_told_to(target: Original, result: RunResult) -> None:
    assert write_back(target, result, yes=False, ask=lambda _: True)
    file = Path(target.file)
    assert file.read_text() == result.proof
    assert file.stat().st_mode & 0o777 == 0o640
    assert [p.name for p in file.parent.iterdir()] == ["a.lean"], "no temp file stays"


def test_a_link_stays_a_link(target: Original, result: RunResult, tmp_path: Path) -> None:
    link = tmp_path / "link.lean"
    link.symlink_to("a.lean")
    write_back(original(str(link), yes=True), result, yes=True)
    assert link.is_symlink()
    assert (tmp_path / "a.lean").read_text() == result.proof


@pytest.mark.parametrize("damage", ["change", "remove", "garble"])
def test_a_file_that_changed_is_left_alone(damage: str, target: Original, result: RunResult) -> None:
    file = Path(target.file)
    match damage:
        case "change":
            file.write_text("-- mine\n")
        case "garble":
            file.write_bytes(b"\xff")
        case _:
            file.unlink()
    before = file.read_bytes() if file.exists() else None
    with pytest.raises(UsageError, match="changed since the run began, not written"):
        write_back(target, result, yes=True)
    assert (file.read_bytes() if file.exists() else None) == before


def test_a_file_that_cannot_be_written_is_named(result: RunResult) -> None:
    # /proc holds files that can be read and a folder in which none can be made, for every user
    file = Path("/proc/version")
    if not file.is_file():
        pytest.skip("no /proc here")
    target = original(str(file), yes=True)
    with pytest.raises(UsageError, match=r"cannot be written: .*; it is unchanged"):
        write_back(target, result, yes=True)


@pytest.mark.parametrize("target", [None, "-", "-:t"])
def test_what_is_no_file_is_refused(target: str | None) -> None:
    with pytest.raises(UsageError, match="needs a FILE"):
        original(target, yes=True)


def test_without_a_terminal_nobody_can_be_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("y\n"))
    with pytest.raises(UsageError, match="add --yes"):
        original(str(tmp_path / "a.lean"), yes=False)


def test_the_question_goes_to_stderr(
    target: Original, result: RunResult, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("y\n"))
    assert write_back(target, result, yes=False)
    assert capsys.readouterr().out == ""
    assert Path(target.file).read_text() == result.proof
