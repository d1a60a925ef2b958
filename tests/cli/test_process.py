"""Bad input: one message, the right code, no traceback; some of it with the installed command in its own process."""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

COMMAND = Path(sys.executable).with_name("lemmata")
DOUBLES = Path(__file__).resolve().parents[1] / "doubles"


def process(cwd: Path, *args: str, stdin: bytes = b"", **environment: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [COMMAND, *args],
        cwd=cwd,
        input=stdin,
        env={"PATH": "/usr/bin:/bin", "HOME": str(cwd), **environment},
        capture_output=True,
        timeout=60,
    )


FILES = {
    "latin.lean": "theorem t : 1 = 1 := sorry -- café".encode("latin-1"),
    "empty.lean": b"",
    "none.lean": b"def f := 1\n",
    "several.lean": b"theorem a : 1 = 1 := sorry\n\ntheorem b : 2 = 2 := sorry\n",
    "one.lean": b"theorem a : 1 = 1 := sorry\n",
    "bad.yaml": b"budget: {secnds: 1}\n",
    "runs/foreign/file": b"",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, content in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(content)
    return tmp_path


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        (["prove", "gone.lean"], "gone.lean"),
        (["prove", "."], "."),
        (["prove", "latin.lean"], "latin.lean:1: not UTF-8"),
        (["prove", "empty.lean"], "empty.lean"),
        (["prove", "none.lean"], "none.lean: no theorem"),
        (["prove", "several.lean"], "a (line 1), b (line 3)"),
        (["prove", "one.lean:b"], "no theorem is named b"),
        (["prove", "one.lean#L9"], "one.lean:9"),
        (["prove"], "expected either a TARGET"),
        (["prove", "one.lean", "--statement", "theorem t : True"], "both a TARGET and --statement were given"),
        (["prove", "one.lean", "--set", "budget.secnds=1"], "did you mean 'budget.seconds'?"),
        (["prove", "one.lean", "-c", "bad.yaml"], "unknown setting 'budget.secnds' (bad.yaml)"),
        (["prove", "one.lean", "-c", "gone.yaml"], "gone.yaml: cannot read"),
        (["prove", "one.lean", "--budget-seconds", "-5"], "budget.seconds = -5.0: should be greater than 0"),
        (["prove", "--budget-seconds", "soon"], "soon: should be a number (see `lemmata prove --help`)"),
        (["prove", "--budget-samples", "1.5"], "--budget-samples 1.5: should be a whole number (see"),
        (["prove", "one.lean", "--checker", "coq"], "should be 'auto', 'embedded', 'cli', 'repl' or 'kimina' ("),
        (["prove", "one.lean", "--checker", "embeded"], "did you mean 'embedded'? (--checker)"),
        (["verify", "one.lean", "--allow-axiom", "sorryAx"], "what rests on a hole is not proved"),
        (["prove", "one.lean", "--set", "verify.allow=[sorryAx]"], "should not name sorryAx"),
        (["prove", "--statement", "theorem a (n : ℕ) : n = n"], "nothing defines here: `--set lean.letters=true`"),
        (["prove", "--statement", "theorem a (x : ℝ) : x = x"], "which nothing defines here: `import Mathlib`"),
        (["prove", "one.lean", "--frobnicate"], "No such option: --frobnicate"),
        (["prove", "one.lean", "--checker"], "requires an argument (see `lemmata prove --help`)"),
        (["config", "sho"], "Did you mean 'show'? (see `lemmata config --help`)"),
        (["prove", "one.lean", "--write"], "add --yes"),
        (["resume", "gone"], "gone: no such run"),
        (["show", "runs/foreign"], "not a run of lemmata"),
        (["config", "show", "--set", "seed"], "expected key=value"),
        (["frobnicate"], "'frobnicate' (see `lemmata --help`)"),
    ],
)
def test_mistakes(args: list[str], expected: str, folder: Path, lemmata: Callable[..., Any]) -> None:
    call = lemmata(*args)
    assert (call.code, call.out) == (2, "")
    assert call.err.startswith("lemmata: ")
    assert expected in call.err
    assert len(call.err.splitlines()) == 1


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        (["prove", "several.lean"], "a (line 1), b (line 3)"),
        (["prove", "one.lean", "--budget-seconds", "-5"], "budget.seconds = -5.0"),
        (["resume", "runs/foreign"], "not a run of lemmata"),
    ],
)
def test_the_installed_command_reports_them_as_well(args: list[str], expected: str, folder: Path) -> None:
    ran = process(folder, *args)
    assert (ran.returncode, ran.stdout) == (2, b"")
    assert expected in ran.stderr.decode()
    assert len(ran.stderr.splitlines()) == 1


def test_an_environment_in_another_encoding_prints_lean(tmp_path: Path) -> None:
    ran = process(tmp_path, "config", "show", "--json", "--set", "runs=ℕ", LC_ALL="C", PYTHONIOENCODING="latin-1")
    assert (ran.returncode, ran.stderr) == (0, b"")
    assert '"runs": "ℕ"' in ran.stdout.decode()


def test_help_version_and_a_bare_call(tmp_path: Path) -> None:
    assert process(tmp_path, "--version").stdout.startswith(b"lemmata ")
    assert process(tmp_path, "prove", "--help").stdout.startswith(b"Usage: lemmata prove")
    bare = process(tmp_path)
    assert (bare.returncode, bare.stdout) == (2, b"")
    assert b"Usage: lemmata" in bare.stderr


def test_completion_is_offered(tmp_path: Path) -> None:
    # Which shell asks is told by typer from the process's ancestors: here there may be none.
    ran = process(tmp_path, "--show-completion", "bash", _TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION="1")
    assert ran.returncode == 0
    assert b"lemmata" in ran.stdout


def test_a_reader_that_goes_away_is_no_defect(tmp_path: Path) -> None:
    shell = ["bash", "-c", f"set -o pipefail; {COMMAND} config show | true"]
    ran = subprocess.run(shell, cwd=tmp_path, capture_output=True, timeout=60)
    assert b"Traceback" not in ran.stderr


@pytest.mark.parametrize(
    ("args", "module"),
    [
        (["--help"], "typer"),
        (["runs"], "pydantic"),
        (["config", "show"], "yaml"),
    ],
)
@pytest.mark.parametrize("form", [[], ["--json"]])
def test_an_interruption_while_it_starts_ends_in_one_line(
    args: list[str], module: str, form: list[str], tmp_path: Path
) -> None:
    shutil.copy(DOUBLES / "slow_import.py", tmp_path / f"{module}.py")
    with subprocess.Popen(
        [COMMAND, *args, *form],
        cwd=tmp_path,
        env={"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "PYTHONPATH": str(tmp_path)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as started:
        assert started.stdout is not None
        assert started.stdout.readline() == "importing\n"
        started.send_signal(signal.SIGINT)
        out, talk = started.communicate(timeout=60)
    assert (started.returncode, talk) == (130, "lemmata: interrupted\n")
    failure = {"status": "failed", "kind": "interrupted", "message": "interrupted"}
    assert [json.loads(line) for line in out.splitlines()] == ([failure] if form else [])


def test_an_interrupted_command_ends_in_one_line(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "slow.yaml")
    with subprocess.Popen(
        [COMMAND, "config", "show", "-c", "slow.yaml"],
        cwd=tmp_path,
        env={"PATH": "/usr/bin:/bin", "HOME": str(tmp_path)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as reading, (tmp_path / "slow.yaml").open("w"):  # waits until the command reads
        reading.send_signal(signal.SIGINT)
        out, talk = reading.communicate(timeout=60)
    assert (reading.returncode, out, talk) == (130, "", "lemmata: interrupted\n")
