"""The command line with the embedded Lean: from a statement to a proof, and every way in which that can end."""

import io
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from lemmata.lean_env.cache import cache_folder
from lemmata.store import RunResult

pytestmark = [pytest.mark.embedded, pytest.mark.usefixtures("embedded_toolchain")]
Lemmata = Callable[..., Any]
COMMAND = Path(sys.executable).with_name("lemmata")
VOUCHED = "checked by Lean 4.35.0, embedded core"
SWAP = "theorem swap (p q : Prop) : p ∧ q → q ∧ p"
HARD = "theorem hard (f : Nat → Nat) (h : ∀ n, f (n + 1) > f (f n)) : ∀ n, f n = n"


@pytest.fixture
def run(lemmata: Lemmata) -> Lemmata:
    """Run a command; nothing here is certified, so nothing may be called proved."""

    def call(*args: str | Path) -> Any:
        done = lemmata(*args)
        assert "Traceback" not in done.err
        assert "proved" not in done.out + done.err
        return done

    return call


def test_a_proof_is_found_shown_listed_verified_and_resumed(run: Lemmata, tmp_path: Path) -> None:
    (tmp_path / "swap.lean").write_text(f"{SWAP} := sorry\n")
    ran = run("prove", "swap.lean")
    assert ran.code == 3, ran.err
    assert ran.out.startswith(SWAP)
    assert VOUCHED in ran.out.splitlines()[-1]
    assert f"\nfound, {VOUCHED}\n" in ran.err
    (folder,) = (tmp_path / "runs").iterdir()
    assert (folder / "proof.lean").read_text().rstrip("\n") == ran.out.rstrip("\n")

    listed = run("runs", "--json")
    assert (listed.code, listed.json["status"], listed.json["level"]) == (0, "found", "checked")
    shown = RunResult.model_validate(run("show", folder.name, "--json").json)
    assert (shown.status, shown.vouched_by) == ("found", VOUCHED)
    assert f"found, {VOUCHED}" in run("show", str(folder)).out

    before = (folder / "events.jsonl").read_bytes()
    again = run("resume", folder.name, "--json")
    assert (again.code, RunResult.model_validate(again.json)) == (3, shown)
    assert (folder / "events.jsonl").read_bytes() == before, "a finished run does nothing more"

    judged = run("verify", str(folder / "proof.lean"), "--against", "swap.lean", "--json")
    assert (judged.code, judged.json["accepted"], judged.json["level"]) == (3, True, "checked")
    assert judged.json["certificate"]["vouched_by"] == VOUCHED


def test_events_are_json_lines(run: Lemmata) -> None:
    events = run("show", run("prove", "--statement", SWAP, "--json").json["run"], "--events").lines
    assert (events[0]["kind"], events[-1]["kind"]) == ("run_started", "run_finished")
    assert [event["seq"] for event in events] == list(range(1, len(events) + 1))


def test_stdin_is_a_target(run: Lemmata, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(f"{SWAP} := by\n  sorry\n".encode())))
    ran = run("prove", "-", "--json")
    assert (ran.code, ran.err, ran.json["status"]) == (3, "", "found")


def test_a_false_statement_is_refuted(run: Lemmata) -> None:
    ran = run("prove", "--statement", "theorem no (n : Nat) : n < n")
    assert ran.code == 4, ran.err
    assert f"refuted, {VOUCHED}" in ran.err


def test_a_statement_that_does_not_compile_is_a_mistake(run: Lemmata, tmp_path: Path) -> None:
    (tmp_path / "bad.lean").write_text("-- one\ntheorem t : frob 1 := sorry\n")
    ran = run("prove", "bad.lean")
    assert (ran.code, ran.out) == (2, "")
    assert "bad.lean:2: " in ran.err
    assert "frob" in ran.err
    assert not (tmp_path / "runs").exists()


def test_an_import_that_is_not_here_is_named(run: Lemmata, tmp_path: Path) -> None:
    (tmp_path / "m.lean").write_text("import Mathlib.Tactic\n\ntheorem t : 1 = 1 := sorry\n")
    for command in ("prove", "verify"):
        ran = run(command, "m.lean")
        assert ran.code == 5
        assert "Mathlib.Tactic" in ran.err + ran.out


def test_a_runs_folder_that_cannot_be_written_is_a_mistake(run: Lemmata, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    ran = run("prove", "--statement", SWAP, "--runs", "file/runs")
    assert (ran.code, ran.out) == (2, "")
    assert "file/runs" in ran.err


def test_a_limit_is_an_outcome_and_can_be_raised(run: Lemmata, tmp_path: Path) -> None:
    ran = run("prove", "--statement", SWAP, "--budget-check-seconds", "0.000001")
    assert ran.code == 1, ran.err
    assert "check seconds" in ran.err
    (folder,) = (tmp_path / "runs").iterdir()
    assert f"to go on: lemmata resume {folder.name} --budget-check-seconds MORE\n" in ran.err
    raised = run("resume", folder.name, "--budget-check-seconds", "60")
    assert raised.code == 3, raised.err


def test_write_changes_the_file_when_told_to(run: Lemmata, tmp_path: Path) -> None:
    file = tmp_path / "swap.lean"
    file.write_text(f"-- mine\n{SWAP} := sorry\n\n-- after\n")
    ran = run("prove", "swap.lean", "--write", "--yes")
    assert ran.code == 3
    text = file.read_text()
    assert text.startswith(f"-- mine\n{SWAP} :=")
    assert text.endswith("-- after\n")
    assert "sorry" not in text
    assert run("verify", "swap.lean", "--name", "swap").code == 3


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_run_can_be_taken_up(sent: signal.Signals, run: Lemmata, tmp_path: Path) -> None:
    process = subprocess.Popen(
        [COMMAND, "prove", "--statement", HARD, "-v"],
        cwd=tmp_path,
        env={"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "LEMMATA_CACHE": str(cache_folder())},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with process:
        assert process.stderr is not None
        assert any('"event": "call_started"' in line for line in process.stderr), "it ended before it began"
        os.kill(process.pid, sent)
        out, err = process.communicate(timeout=60)
    (folder,) = (tmp_path / "runs").iterdir()
    assert (process.returncode, out) == (130, ""), err
    assert err.endswith(f"interrupted; the state is saved, go on with: lemmata resume {folder.name}\n")
    assert json.loads((folder / "result.json").read_text())["status"] == "interrupted"
    again = run("resume", folder.name, "--budget-seconds", "3", "--json")
    assert (again.code, again.json["status"]) == (1, "not_found")
