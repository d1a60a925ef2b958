"""The README is what a reader will type: its console and Python blocks are run, and what they print is compared."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
CONSOLE = re.findall(r"^```console\n(.*?)^```", README, re.DOTALL | re.MULTILINE)
PYTHON = re.findall(r"^```python\n(.*?)^```\n(?:\n```text\n(.*?)^```)?", README, re.DOTALL | re.MULTILINE)

pytestmark = [pytest.mark.embedded, pytest.mark.usefixtures("embedded_toolchain")]


@pytest.fixture
def copy(tmp_path):
    """A folder with what the README talks about."""
    for folder in ("examples", "tests/verify_pairs"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    return tmp_path


def run(argv, folder):
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    done = subprocess.run(
        argv, cwd=folder, capture_output=True, text=True, timeout=180, env={**os.environ, "PATH": path}
    )
    return done.stdout, done.stderr


def commands(block):
    """Each command of a console block with what it prints to stdout."""
    parts = re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]
    return [part.split("\n", 1) for part in parts]


def test_the_readme_has_something_to_run():
    assert len(CONSOLE) >= 3
    assert len(PYTHON) >= 2


@pytest.mark.parametrize("block", CONSOLE)
def test_console_blocks_print_what_they_show(copy, block):
    folder = copy
    for command, shown in commands(block):
        if command.startswith("cd "):
            where, command = command.removeprefix("cd ").split("; ", 1)
            folder = copy / where
        printed, talk = run(["bash", "-c", command], folder)
        assert printed == shown, talk


@pytest.mark.parametrize(("program", "shown"), PYTHON)
def test_python_blocks_run(copy, program, shown):
    printed, talk = run([sys.executable, "-c", program], copy)
    assert not talk
    assert printed.startswith(shown)
    assert printed
