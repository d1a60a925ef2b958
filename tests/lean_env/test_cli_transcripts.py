"""Everything that the real `lean --json` was recorded to write and to end with, through the whole checker."""

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from lemmata.domain import CheckerIdentity, CheckResult, CheckStatus, Level, Severity
from lemmata.lean_env.cli import CliChecker
from lemmata.lean_env.toolchain import Toolchain

Row = dict[str, Any]
Play = Callable[[Row], CheckResult]
SAID_NOTHING_OF_THE_TEXT = {"no_such_file", "plain_unknown_identifier"}
"""Runs that failed without a message in JSON."""
HAS_HOLES = {"sorry_explicit_ax"}


@pytest.fixture
def play(tmp_path: Path) -> Play:
    """Checks a run's source with a `lean` that writes and ends as recorded."""
    program = tmp_path / "lean"
    program.write_text('#!/bin/sh\ncat "$RUN/out"\ncat "$RUN/err" >&2\nexit $(cat "$RUN/code")\n', encoding="utf-8")
    program.chmod(0o755)
    (tmp_path / "Init.olean").touch()
    (tmp_path / "No" / "Such").mkdir(parents=True)
    (tmp_path / "No" / "Such" / "Module.olean").touch()
    toolchain = Toolchain(
        program=program,
        library=tmp_path / "none",
        folders=(tmp_path,),
        environment={"PATH": "/usr/bin:/bin", "RUN": str(tmp_path)},
        identity=CheckerIdentity(name="cli", level=Level.CHECKED),
    )

    def played(row: Row) -> CheckResult:
        for name, text in (("out", row["stdout"]), ("err", row["stderr"]), ("code", str(row["returncode"]))):
            (tmp_path / name).write_text(text, encoding="utf-8")
        return asyncio.run(CliChecker(toolchain).check(row["source"] or "", 20))

    return played


@pytest.mark.data
def test_all_of_them_are_understood(data: Path, play: Play) -> None:
    rows: list[Row] = [
        json.loads(x) for x in (data / "lean_cli_transcripts.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    assert len(rows) == 34
    statuses = {row["name"]: play(row) for row in rows}
    for row in rows:
        result, name = statuses[row["name"]], row["name"]
        lines = row["stdout"].splitlines()
        if name in SAID_NOTHING_OF_THE_TEXT:
            assert result.status is CheckStatus.CRASHED, name
            assert result.reason is not None
            assert (row["stdout"] + row["stderr"]).strip()[:100] in result.reason, name
            continue
        assert len(result.diagnostics) == len(lines), name
        assert [d.text for d in result.diagnostics] == [json.loads(x)["data"].strip() for x in lines], name
        expected = CheckStatus.ERRORS if row["returncode"] else CheckStatus.OK
        assert result.status is (CheckStatus.HOLES if name in HAS_HOLES else expected), name
    wrapped = statuses["print_axioms_wrapped"].diagnostics[0]
    assert (wrapped.severity, wrapped.text.count("\n") > 2) == (Severity.INFO, True)
    warning = statuses["sorry_explicit_ax"].diagnostics[0]
    assert (warning.kind, len(statuses["sorry_explicit_ax"].holes)) == ("hasSorry", 1)


@pytest.mark.parametrize("code", [134, 137, 139])
def test_a_crash_is_none_of_the_texts_faults(play: Play, code: int) -> None:
    torn = '{"caption":"","data":"Unknown id'
    result = play({"source": "", "stdout": torn, "stderr": "Stack overflow detected.\n", "returncode": code})
    assert result.status is CheckStatus.CRASHED
    assert result.reason == f"exit code {code} without a verdict: {torn}\nStack overflow detected."
