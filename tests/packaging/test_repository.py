"""What the repository must not hold, and that its pages point at what is there."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

UNWANTED = {
    "a path of one machine": re.compile(r"(?<![\w.])/(?:work|root|home|Users)/\w"),
    "work left for later": re.compile(r"\b(?:TO[D]O|FIX[M]E|XX[X])\b"),
    "a package registry": re.compile(r"\b(?:pypi|pythonhosted|npmjs|crates)\.(?:org|io|com)\b"),
}
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
LONGEST_MODULE = 400


@pytest.fixture(scope="module")
def files() -> list[Path]:
    """The files under version control, links left out."""
    if not (ROOT / ".git").exists():
        pytest.skip("not a git checkout")
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    paths = [ROOT / name for name in listing.split("\0") if name]
    return [path for path in paths if path.is_file() and not path.is_symlink()]


def lines(paths: list[Path]) -> Iterator[tuple[str, str]]:
    for path in paths:
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            yield f"{path.relative_to(ROOT)}:{number}", line


def test_the_files_hold_nothing_unwanted(files: list[Path]) -> None:
    found = [
        f"{where}: {what}: {line.strip()}"
        for where, line in lines(files)
        for what, pattern in UNWANTED.items()
        if pattern.search(line)
    ]
    assert found == []


@pytest.mark.parametrize(
    ("what", "line"),
    [
        ("a path of one machine", "see /ho" + "me/emmy/lean"),
        ("work left for later", "# TO" + "DO: generalize"),
        ("a package registry", "https://py" + "pi.org/simple"),
    ],
)
def test_an_unwanted_line_is_seen(what: str, line: str) -> None:
    assert [name for name, pattern in UNWANTED.items() if pattern.search(line)] == [what]


def test_modules_are_short(files: list[Path]) -> None:
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in files if path.suffix == ".py"}
    assert lengths
    assert {str(path.relative_to(ROOT)): n for path, n in lengths.items() if n > LONGEST_MODULE} == {}


def test_the_pages_point_at_what_is_there(files: list[Path]) -> None:
    pages = [path for path in files if path.suffix == ".md"]
    assert pages
    broken = [
        f"{page.relative_to(ROOT)}: {target}"
        for page in pages
        for target in LINK.findall(page.read_text(encoding="utf-8"))
        if "://" not in target and not target.startswith("#") and not (page.parent / target.partition("#")[0]).exists()
    ]
    assert broken == []


def test_every_benchmark_is_in_their_table(files: list[Path]) -> None:
    scripts = {path.name for path in files if path.parent == ROOT / "benchmarks" and path.suffix == ".py"}
    assert set(re.findall(r"\((\w+\.py)\)", (ROOT / "benchmarks" / "README.md").read_text(encoding="utf-8"))) == scripts
