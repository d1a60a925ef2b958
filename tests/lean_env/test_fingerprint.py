"""The hash of a toolchain: what it covers, what it leaves out, and that it is cheap the second time."""

import json
import os
from pathlib import Path

import pytest

from lemmata.domain import CheckerIdentity, Level
from lemmata.lean_env.fingerprint import snapshot
from lemmata.lean_env.toolchain import Toolchain


@pytest.fixture
def lean(tmp_path: Path) -> Toolchain:
    return make(tmp_path / "lean")


def make(root: Path) -> Toolchain:
    folder = root / "lib"
    for name in ("Init.olean", "Init/Core.olean", "Init/Core.olean.private", "Init/Core.ilean", "notes.txt"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(name.encode())
    (root / "lean").write_bytes(b"program")
    (root / "libleanshared.so").write_bytes(b"native")
    return Toolchain(
        program=root / "lean",
        library=root / "libleanshared.so",
        folders=(folder, root / "gone"),
        environment={},
        identity=CheckerIdentity(name="cli", level=Level.CHECKED),
    )


def test_it_is_the_same_wherever_the_toolchain_lies(lean: Toolchain, tmp_path: Path) -> None:
    moved = make(tmp_path / "elsewhere")
    assert snapshot(lean).sha256(tmp_path) == snapshot(moved).sha256(tmp_path)
    assert snapshot(lean) == snapshot(lean)


@pytest.mark.parametrize(
    ("file", "counts"),
    [
        ("lean", True),
        ("libleanshared.so", True),
        ("lib/Init.olean", True),
        ("lib/Init/Core.olean.private", True),
        ("lib/New.olean", True),
        ("lib/Init/Core.ilean", False),
        ("lib/notes.txt", False),
    ],
)
def test_what_is_written_to_changes_it(file: str, counts: bool, lean: Toolchain, tmp_path: Path) -> None:
    before = snapshot(lean)
    known = before.sha256(tmp_path)
    (tmp_path / "lean" / file).write_bytes(b"changed")
    assert (snapshot(lean) != before) == counts
    assert (snapshot(lean).sha256(tmp_path) != known) == counts


def test_a_change_shows_though_size_and_time_are_set_back(lean: Toolchain, tmp_path: Path) -> None:
    before = snapshot(lean)
    known = before.sha256(tmp_path)
    path = tmp_path / "lean" / "lib" / "Init.olean"
    about = path.stat()
    path.write_bytes(path.read_bytes()[::-1])
    os.utime(path, ns=(about.st_atime_ns, about.st_mtime_ns))
    assert snapshot(lean) != before
    assert snapshot(lean).sha256(tmp_path) != known


def test_of_a_large_library_names_and_sizes_count(lean: Toolchain, tmp_path: Path) -> None:
    known = snapshot(lean).sha256(tmp_path, small=10)
    path = tmp_path / "lean" / "lib" / "Init.olean"
    path.write_bytes(path.read_bytes()[::-1])
    assert snapshot(lean).sha256(tmp_path, small=10) == known
    path.write_bytes(b"longer than before")
    assert snapshot(lean).sha256(tmp_path, small=10) != known


def test_contents_are_read_once(lean: Toolchain, tmp_path: Path) -> None:
    known = snapshot(lean).sha256(tmp_path)
    kept = tmp_path / "contents.json"
    program = str(tmp_path / "lean" / "lean")
    found = json.loads(kept.read_text(encoding="utf-8"))
    assert set(found) == {name for name, _ in snapshot(lean).files}
    found[program][1] = "as kept"
    kept.write_text(json.dumps(found), encoding="utf-8")
    assert snapshot(lean).sha256(tmp_path) != known, "what is kept is used"
    for damaged in ("{", "[]", json.dumps({program: 3})):
        kept.write_text(damaged, encoding="utf-8")
        assert snapshot(lean).sha256(tmp_path) == known


def test_a_cache_that_cannot_be_written_to_is_no_harm(lean: Toolchain, tmp_path: Path) -> None:
    known = snapshot(lean).sha256(tmp_path)
    (tmp_path / "file").write_text("")
    assert snapshot(lean).sha256(tmp_path / "file") == known


def test_links_that_go_round_are_not_followed(lean: Toolchain, tmp_path: Path) -> None:
    known = snapshot(lean).sha256(tmp_path)
    (tmp_path / "lean" / "lib" / "round").symlink_to(tmp_path / "lean" / "lib")
    assert snapshot(lean).sha256(tmp_path) == known
