"""The README's two commands where something is missing, and what counts as the demo's success."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

pytestmark = pytest.mark.skipif(shutil.which("make") is None, reason="make is not here")


def make(*arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.defpath}
    command = ["make", "--no-print-directory", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=30)


def program(path: Path, script: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(0o755)
    return path


def complaint(python: Path, venv: Path) -> str:
    """What `make demo` says with this Python, in one line before make's own, and nothing is made."""
    result = make("demo", f"PYTHON={python}", f"VENV={venv}")
    assert result.returncode == 2
    assert not venv.exists()
    line, makes_own = result.stderr.splitlines()
    assert makes_own.startswith("make: ***")
    return line


def test_no_python(tmp_path: Path) -> None:
    assert "install Python 3.11 or newer" in complaint(tmp_path / "nothing", tmp_path / "venv")


def test_an_old_python(tmp_path: Path) -> None:
    python = program(tmp_path / "python", 'test "$1" != -c && echo Python 3.9.2')
    assert "Python 3.11 or newer is needed, and this is Python 3.9.2" in complaint(python, tmp_path / "venv")


def test_a_python_without_venv(tmp_path: Path) -> None:
    python = program(tmp_path / "python", 'case "$2" in *ensurepip*) exit 1 ;; esac')
    assert complaint(python, tmp_path / "venv").endswith("apt install python3-venv")


@pytest.mark.parametrize(("status", "succeeds"), [(0, True), (3, True), (1, False), (2, False), (4, False), (5, False)])
def test_the_demo_succeeds_where_a_proof_is_found(status: int, succeeds: bool, tmp_path: Path) -> None:
    program(tmp_path / "bin" / "pip", "exit 1")
    program(tmp_path / "bin" / "lemmata", f'echo "$@"; exit {status}')
    (tmp_path / ".for-demo").touch()
    result = make("demo", f"VENV={tmp_path}", "EXAMPLE=examples/this.lean")
    assert result.stdout == "prove examples/this.lean\n"
    assert (result.returncode == 0) is succeeds


def test_the_demo_names_an_example_that_is_there() -> None:
    recipe = make("--dry-run", "demo").stdout
    examples = [word for word in recipe.replace("'", " ").split() if word.endswith(".lean")]
    assert examples
    assert all((ROOT / example).is_file() for example in examples)


def test_the_list_has_the_two_commands() -> None:
    assert {"make demo", "make test"} <= {" ".join(line.split()[:2]) for line in make().stdout.splitlines()}
