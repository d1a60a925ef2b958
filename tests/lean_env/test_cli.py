import asyncio
import json
import os
import sys
from pathlib import Path

import pytest

from lemmata.domain import CheckerIdentity, CheckStatus, Level, Position
from lemmata.errors import InfrastructureError
from lemmata.lean_env.checker import Checker
from lemmata.lean_env.cli import CliChecker
from lemmata.lean_env.toolchain import Toolchain

DOUBLE = Path(__file__).resolve().parent.parent / "doubles" / "lean.py"
IDENTITY = CheckerIdentity(name="cli", level=Level.CHECKED, lean_version="4.99.0")


def message(severity: str, kind: str = "[anonymous]") -> str:
    place = {"pos": {"line": 1, "column": 2}, "endPos": {"line": 1, "column": 5}}
    return "-- do: message " + json.dumps({"severity": severity, "data": "said", "kind": kind, **place}) + "\n"


ERROR, WARNING, SORRY = message("error"), message("warning"), message("warning", "hasSorry")


@pytest.fixture
def toolchain(tmp_path: Path) -> Toolchain:
    """A stand-in for Lean that has the modules Init and Mathlib.Tactic."""
    folder = tmp_path / "lib"
    for module in ("Init.olean", "Mathlib/Tactic.olean"):
        (folder / module).parent.mkdir(parents=True, exist_ok=True)
        (folder / module).touch()
    program = tmp_path / "lean"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -I -S "{DOUBLE}" "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    return Toolchain(
        program=program,
        library=folder / "libleanshared.so",
        folders=(folder,),
        environment={"PATH": os.environ["PATH"], "LOG": str(tmp_path / "log"), "GATE": str(tmp_path / "gate")},
        identity=IDENTITY,
    )


@pytest.fixture
def checker(toolchain: Toolchain) -> CliChecker:
    return CliChecker(toolchain)


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("", CheckStatus.OK),
        (WARNING + message("information"), CheckStatus.OK),
        (WARNING + SORRY, CheckStatus.HOLES),
        (ERROR + "-- do: exit 1", CheckStatus.ERRORS),
        (SORRY + ERROR + "-- do: exit 1", CheckStatus.ERRORS),
        (ERROR, CheckStatus.ERRORS),
        ("-- do: exit 1", CheckStatus.CRASHED),
        (WARNING + "-- do: exit 2", CheckStatus.CRASHED),
        (ERROR + "-- do: die 6", CheckStatus.CRASHED),
        (ERROR + "-- do: exit 134", CheckStatus.CRASHED),
        ("-- do: die 11", CheckStatus.CRASHED),
        ("-- do: flood 100", CheckStatus.OK),
    ],
)
async def test_exit_code_and_severities_decide(checker: CliChecker, text: str, status: CheckStatus) -> None:
    result = await checker.check(text, 20)
    assert result.status is status
    assert (result.reason is None) == status.verdict
    assert len(result.diagnostics) == text.count("-- do: message")
    assert result.checker == IDENTITY


async def test_a_reason_names_the_signal_and_what_was_said(checker: CliChecker) -> None:
    result = await checker.check("-- do: say Stack overflow detected\n-- do: die 6", 20)
    assert result.reason == "killed by SIGABRT: Stack overflow detected"
    result = await checker.check("-- do: flood 9\n-- do: exit 3", 20)
    assert result.reason == "exit code 3 without a verdict: xxxxxxxxx"


async def test_what_was_said_before_the_limit_is_kept(checker: CliChecker) -> None:
    result = await checker.check(ERROR + "-- do: hang", 1)
    assert result.status is CheckStatus.TIMEOUT
    assert len(result.errors) == 1
    assert result.reason
    assert 1 <= result.seconds < 10


async def test_output_that_was_cut_is_no_verdict(checker: CliChecker) -> None:
    result = await checker.check("-- do: flood 20000000", 20)
    assert (result.status, result.reason) == (CheckStatus.CRASHED, f"it wrote more than is kept: {'x' * 500}")


async def test_too_much_memory_is_no_verdict(toolchain: Toolchain) -> None:
    result = await CliChecker(toolchain, memory_mb=1).check("-- do: hang", 20)
    assert (result.status, result.reason) == (CheckStatus.CRASHED, "it used more memory than the 1 MiB that it may")


async def test_holes_are_where_the_text_has_them(checker: CliChecker) -> None:
    result = await checker.check(SORRY + "theorem t : 1 = 1 := by\n  sorry\n", 20)
    assert [(h.start, h.end) for h in result.holes] == [(Position(line=3, column=2), Position(line=3, column=7))]


async def test_a_hole_that_the_text_hides_is_where_lean_warns(checker: CliChecker) -> None:
    result = await checker.check(SORRY + "theorem t : 1 = 1 := hidden\n", 20)
    assert [(h.start, h.end) for h in result.holes] == [(Position(line=1, column=2), Position(line=1, column=5))]


async def test_a_word_in_the_text_alone_makes_no_hole(checker: CliChecker) -> None:
    result = await checker.check("theorem t : 1 = 1 := sorry\n", 20)
    assert (result.status, result.holes) == (CheckStatus.OK, ())


@pytest.mark.parametrize(
    "header", ["import Mathlib.Data", "import Mathlib.Tactic\nimport  Lean -- both", "module\nimport Lean"]
)
async def test_an_import_it_does_not_have_is_named(checker: CliChecker, header: str, tmp_path: Path) -> None:
    text = header + "\n-- do: log ran\n"
    result = await checker.check(text, 20)
    assert result.status is CheckStatus.UNSUPPORTED
    assert result.reason is not None
    assert header.split("import")[-1].split()[0] in result.reason
    assert "Mathlib.Tactic" not in result.reason
    assert await checker.compile(text, tmp_path) == (None, result)
    assert not (tmp_path / "log").exists(), "Lean was not asked"


async def test_an_import_that_it_has_is_no_obstacle(checker: CliChecker) -> None:
    for header in ("prelude", "module", "import Mathlib.Tactic", "/- import Lean -/ import Init"):
        assert (await checker.check(header + "\n", 20)).status is CheckStatus.OK


async def test_compile_leaves_the_module_and_its_source(checker: CliChecker, tmp_path: Path) -> None:
    olean, result = await checker.compile("theorem t : 1 = 1 := rfl\r\n", tmp_path)
    assert result.status is CheckStatus.OK
    assert olean == tmp_path / "Main.olean"
    assert (tmp_path / "Main.olean").is_file()
    assert (tmp_path / "Main.lean").read_bytes() == b"theorem t : 1 = 1 := rfl\r\n"


async def test_compile_gives_no_module_of_a_rejected_text(checker: CliChecker, tmp_path: Path) -> None:
    olean, _ = await checker.compile(SORRY, tmp_path, "A.B")
    assert olean == tmp_path / "A" / "B.olean"
    for text in (ERROR + "-- do: exit 1", "-- do: die 9", ERROR):
        olean, result = await checker.compile(text, tmp_path, "A.B")
        assert olean is None
        assert result.status in (CheckStatus.ERRORS, CheckStatus.CRASHED)


async def test_checks_wait_for_a_slot_and_the_wait_does_not_count(toolchain: Toolchain, tmp_path: Path) -> None:
    for number in ("1", "2"):  # a pipe each: one that is shared may still be open for the one before
        os.mkfifo(tmp_path / f"gate{number}")
    slots = asyncio.Semaphore(1)
    first, second = CliChecker(toolchain, slots=slots), CliChecker(toolchain, slots=slots)
    async with asyncio.TaskGroup() as group:
        one = group.create_task(first.check("-- do: log one in\n-- do: wait 1\n-- do: log one out", 20))
        two = group.create_task(second.check("-- do: log two in\n-- do: wait 2\n-- do: log two out", 20))
        for number in ("1", "2"):
            await asyncio.to_thread((tmp_path / f"gate{number}").write_bytes, b"")
    assert (one.result().status, two.result().status) == (CheckStatus.OK, CheckStatus.OK)
    log = (tmp_path / "log").read_text(encoding="utf-8").splitlines()
    assert log == ["one in", "one out", "two in", "two out"]


async def test_a_cancelled_check_frees_its_slot_and_folder(
    toolchain: Toolchain, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    os.mkfifo(tmp_path / "gate")
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    checker = CliChecker(toolchain, slots=asyncio.Semaphore(1))
    async with asyncio.TaskGroup() as group:
        task = group.create_task(checker.check("-- do: wait\n-- do: hang", 60))
        await asyncio.to_thread((tmp_path / "gate").write_bytes, b"")
        task.cancel()
    assert task.cancelled()
    assert not list((tmp_path / "temporary").iterdir())
    assert (await checker.check("", 20)).status is CheckStatus.OK


async def test_spares_serve_once_and_change_nothing(
    toolchain: Toolchain, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    plain, ahead = CliChecker(toolchain), CliChecker(toolchain, spares=2)
    texts = ["", ERROR + "-- do: exit 1", SORRY + "theorem t : True := sorry", "-- do: die 6", "import Nothing"]
    for text in texts:
        one, other = [await c.check(text + "\n-- do: log {pid}\n", 20) for c in (plain, ahead)]
        assert one.model_copy(update={"seconds": 0}) == other.model_copy(update={"seconds": 0})
    served = (tmp_path / "log").read_text(encoding="utf-8").split()
    assert len(served) == len(set(served)) == 4
    assert len(list((tmp_path / "temporary").iterdir())) == 2, "two wait"
    await ahead.aclose()
    assert not list((tmp_path / "temporary").iterdir())


async def test_closing_waits_for_what_runs_and_takes_no_more(toolchain: Toolchain, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "gate")
    checker: Checker = CliChecker(toolchain)
    async with asyncio.TaskGroup() as group:
        task = group.create_task(checker.check("-- do: wait\n-- do: log out", 60))
        await asyncio.to_thread((tmp_path / "gate").write_bytes, b"")
        await checker.aclose()
        assert (tmp_path / "log").read_text(encoding="utf-8") == "out\n"
    assert task.result().status is CheckStatus.OK
    with pytest.raises(InfrastructureError, match="closed"):
        await checker.check("", 20)
    await checker.aclose()
