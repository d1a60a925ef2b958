"""The rooms lie at the root, and the package finds them there through five links."""

import importlib
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("agents", "configs", "graphs", "lean_env", "tools")


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_is_a_real_folder_with_a_relative_link_to_it(room: str) -> None:
    link = ROOT / "src" / "lemmata" / room
    assert not (ROOT / room).is_symlink()
    assert (ROOT / room / "__init__.py").is_file()
    assert link.readlink() == Path("..", "..", room)


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_is_imported_from_the_root(room: str) -> None:
    module = importlib.import_module(f"lemmata.{room}")
    assert module.__file__ is not None
    assert Path(module.__file__).resolve() == ROOT / room / "__init__.py"


def test_there_are_no_other_links() -> None:
    links = {path.name for path in (ROOT / "src" / "lemmata").iterdir() if path.is_symlink()}
    assert links == set(ROOMS)


def test_git_keeps_the_links_as_links() -> None:
    if not (ROOT / ".git").exists():
        pytest.skip("not a git checkout")
    listing = ["git", "ls-files", "--stage", "src/lemmata"]
    lines = subprocess.run(listing, cwd=ROOT, check=True, capture_output=True, text=True).stdout.splitlines()
    assert {line.split("/")[-1] for line in lines if line.startswith("120000 ")} == set(ROOMS)


def test_no_folder_of_the_root_is_importable_by_its_own_name() -> None:
    folders = sorted(path.name for path in ROOT.iterdir() if path.is_dir() and path.name.isidentifier())
    assert set(ROOMS) < set(folders)
    code = "import importlib.util, sys; print(*filter(importlib.util.find_spec, sys.argv[1:]))"
    command = [sys.executable, "-I", "-c", code, *folders]
    found = subprocess.run(command, cwd="/", check=True, capture_output=True, text=True, timeout=30).stdout
    assert found.split() == []


def test_the_type_checker_and_coverage_see_every_room() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]
    assert {f"src/lemmata/{room}" for room in ROOMS} <= set(settings["pyright"]["include"])
    assert {*ROOMS, "src/lemmata"} == set(settings["coverage"]["run"]["source"])
