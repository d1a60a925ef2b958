"""The installed command with the embedded Lean: from a statement to a proof, and every way in which that can end."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from lemmata.lean_env.cache import cache_folder
from lemmata.store import RunResult

pytestmark = [pytest.mark.embedded, pytest.mark.usefixtures("embedded_toolchain")]
COMMAND = Path(sys.executable).with_name("lemmata")
VOUCHED = "checked by Lean 4.35.0, embedded core"
SWAP = "theorem swap (p q : Prop) : p ∧ q → q ∧ p"
HARD = "theorem hard (f : Nat → Nat) (h : ∀ n, f (n + 1) > f (f n)) : ∀ n, f n = n"


def environment(home: Path) -> dict[str, str]:
    return {"PATH": "/usr/bin:/bin", "HOME": str(home), "LEMMATA_CACHE": str(cache_folder())}


class Ran:
    """What one call came to."""

    def __init__(self, cwd: Path, *args: str, stdin: str = "") -> None:
        ran = subprocess.run(
            [COMMAND, *args], cwd=cwd, input=stdin.encode(), env=environment(cwd), capture_output=True, timeout=120
        )
        self.code, self.out, self.err = ran.returncode, ran.stdout.decode(), ran.stderr.decode()
        assert "Traceback" not in self.err
        assert "proved" not in self.out + self.err, "nothing here is certified"

    @property
    def json(self) -> Any:
        return json.loads(self.out)


def test_a_proof_is_found_shown_listed_verified_and_resumed(tmp_path: Path) -> None:
    (tmp_path / "swap.lean").write_text(f"{SWAP} := sorry\n")
    ran = Ran(tmp_path, "prove", "swap.lean")
    assert ran.code == 3, ran.err
    assert ran.out.startswith(SWAP)
    assert VOUCHED in ran.out.splitlines()[-1]
    assert f"\nfound, {VOUCHED}\n" in ran.err
    (run,) = (tmp_path / "runs").iterdir()
    assert (run / "proof.lean").read_text().rstrip("\n") == ran.out.rstrip("\n")

    listed = Ran(tmp_path, "runs", "--json")
    assert (listed.code, listed.json["status"], listed.json["level"]) == (0, "found", "checked")
    shown = RunResult.model_validate(Ran(tmp_path, "show", run.name, "--json").json)
    assert (shown.status, shown.vouched_by) == ("found", VOUCHED)
    assert f"found, {VOUCHED}" in Ran(tmp_path, "show", str(run)).out

    before = (run / "events.jsonl").read_bytes()
    again = Ran(tmp_path, "resume", run.name, "--json")
    assert (again.code, RunResult.model_validate(again.json)) == (3, shown)
    assert (run / "events.jsonl").read_bytes() == before, "a finished run does nothing more"

    judged = Ran(tmp_path, "verify", str(run / "proof.lean"), "--against", "swap.lean", "--json")
    assert (judged.code, judged.json["accepted"], judged.json["level"]) == (3, True, "checked")
    assert judged.json["certificate"]["vouched_by"] == VOUCHED


def test_events_are_json_lines(tmp_path: Path) -> None:
    run = Ran(tmp_path, "prove", "--statement", SWAP, "--json").json["run"]
    events = [json.loads(line) for line in Ran(tmp_path, "show", run, "--events").out.splitlines()]
    assert (events[0]["kind"], events[-1]["kind"]) == ("run_started", "run_finished")
    assert [event["seq"] for event in events] == list(range(1, len(events) + 1))


def test_stdin_is_a_target(tmp_path: Path) -> None:
    ran = Ran(tmp_path, "prove", "-", "--json", stdin=f"{SWAP} := by\n  sorry\n")
    assert (ran.code, ran.err, ran.json["status"]) == (3, "", "found")


def test_a_false_statement_is_refuted(tmp_path: Path) -> None:
    ran = Ran(tmp_path, "prove", "--statement", "theorem no (n : Nat) : n < n")
    assert ran.code == 4, ran.err
    assert f"refuted, {VOUCHED}" in ran.err


def test_a_statement_that_does_not_compile_is_a_mistake(tmp_path: Path) -> None:
    (tmp_path / "bad.lean").write_text("-- one\ntheorem t : frob 1 := sorry\n")
    ran = Ran(tmp_path, "prove", "bad.lean")
    assert (ran.code, ran.out) == (2, "")
    assert "bad.lean:2: " in ran.err
    assert "frob" in ran.err
    assert not (tmp_path / "runs").exists()


def test_an_import_that_is_not_here_is_named(tmp_path: Path) -> None:
    (tmp_path / "m.lean").write_text("import Mathlib.Tactic\n\ntheorem t : 1 = 1 := sorry\n")
    for command in ("prove", "verify"):
        ran = Ran(tmp_path, command, "m.lean")
        assert ran.code == 5
        assert "Mathlib.Tactic" in ran.err + ran.out


def test_a_runs_folder_that_cannot_be_written_is_a_mistake(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    ran = Ran(tmp_path, "prove", "--statement", SWAP, "--runs", "file/runs")
    assert (ran.code, ran.out) == (2, "")
    assert "file/runs" in ran.err


def test_a_limit_is_an_outcome_and_can_be_raised(tmp_path: Path) -> None:
    ran = Ran(tmp_path, "prove", "--statement", SWAP, "--budget-check-seconds", "0.000001")
    assert ran.code == 1, ran.err
    assert "check seconds" in ran.err
    (run,) = (tmp_path / "runs").iterdir()
    assert f"to go on: lemmata resume {run.name} --budget-" in ran.err
    raised = Ran(tmp_path, "resume", run.name, "--budget-check-seconds", "60")
    assert raised.code == 3, raised.err


def test_write_changes_the_file_when_told_to(tmp_path: Path) -> None:
    file = tmp_path / "swap.lean"
    file.write_text(f"-- mine\n{SWAP} := sorry\n\n-- after\n")
    ran = Ran(tmp_path, "prove", "swap.lean", "--write", "--yes")
    assert ran.code == 3
    text = file.read_text()
    assert text.startswith(f"-- mine\n{SWAP} :=")
    assert text.endswith("-- after\n")
    assert "sorry" not in text
    assert Ran(tmp_path, "verify", "swap.lean", "--name", "swap").code == 3


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_run_can_be_taken_up(sent: signal.Signals, tmp_path: Path) -> None:
    with subprocess.Popen(
        [COMMAND, "prove", "--statement", HARD], cwd=tmp_path, env=environment(tmp_path), stderr=subprocess.PIPE,
        stdout=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        assert process.stderr is not None
        for line in process.stderr:
            if "] run " in line:
                break
        os.kill(process.pid, sent)
        out, err = process.communicate(timeout=30)
    (run,) = (tmp_path / "runs").iterdir()
    assert (process.returncode, out) == (130, ""), err
    assert err.endswith(f"interrupted; the state is saved, go on with: lemmata resume {run.name}\n")
    assert json.loads((run / "result.json").read_text())["status"] == "interrupted"
    again = Ran(tmp_path, "resume", run.name, "--budget-seconds", "3", "--json")
    assert (again.code, again.json["status"]) == (1, "not_found")
