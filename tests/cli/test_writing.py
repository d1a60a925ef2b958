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


# /proc holds files that can be read and a folder in which none can be made, for every user
UNWRITABLE = Path("/proc/version")
needs_proc = pytest.mark.skipif(not UNWRITABLE.is_file(), reason="no /proc here")


@needs_proc
def test_a_file_that_cannot_be_written_is_named_before_any_work() -> None:
    with pytest.raises(UsageError, match=r"^/proc/version: cannot be written"):
        original(str(UNWRITABLE), yes=True)


@needs_proc
def test_a_file_that_can_no_longer_be_written_is_named(result: RunResult) -> None:
    target = Original(str(UNWRITABLE), UNWRITABLE.read_text())
    with pytest.raises(UsageError, match=r"cannot be written: .*; it is unchanged"):
        write_back(target, result, yes=True)


@pytest.mark.parametrize(
    ("before", "after", "written"),
    [
        ("a\r\nb := sorry\r\n", "a\r\nb := by\n  rfl\r\n", "a\r\nb := by\r\n  rfl\r\n"),
        ("a\nb := sorry\n", "a\nb := by\n  rfl\n", "a\nb := by\n  rfl\n"),
        ("a\r\nb := sorry\n", "a\r\nb := by\n  rfl\n", "a\r\nb := by\n  rfl\n"),
        ("b := sorry", "b := by\n  rfl", "b := by\n  rfl"),
    ],
)
def test_line_ends_are_the_files_own(before: str, after: str, written: str, tmp_path: Path, result: RunResult) -> None:
    file = tmp_path / "a.lean"
    file.write_bytes(before.encode())
    assert write_back(original(str(file), yes=True), result.model_copy(update={"proof": after}), yes=True)
    assert file.read_bytes() == written.encode()


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_a_proof_that_is_there_is_not_asked_about(
    ends: str, tmp_path: Path, result: RunResult, capsys: pytest.CaptureFixture[str]
) -> None:
    assert result.proof is not None
    file = tmp_path / "a.lean"
    file.write_bytes(result.proof.replace("\n", ends).encode())
    assert not write_back(original(str(file), yes=True), result, yes=False)
    assert capsys.readouterr().err == f"{file} has this proof already: nothing to write\n"


class Interrupted(io.StringIO):
    def readline(self, size: int | None = -1, /) -> str:
        raise KeyboardInterrupt


@pytest.mark.parametrize("stdin", [Interrupted(), io.StringIO("n\n"), io.StringIO("")])
def test_who_leaves_has_said_no(
    stdin: io.StringIO, target: Original, result: RunResult, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    monkeypatch.setattr("sys.stdin", stdin)
    assert not write_back(target, result, yes=False)
    assert capsys.readouterr().err.endswith("\nnot written\n")
    assert Path(target.file).read_text() == target.text


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
