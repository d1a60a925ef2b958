"""`lemmata premises`: an index made and searched from the command line."""

import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Lemmata = Callable[..., Any]
SOURCE = """/-- Adding nothing. -/
theorem add_zero' (n : Nat) :
    n + 0 = n := rfl
@[deprecated add_zero' (since := "2025-01-01")] theorem add_nothing (n : Nat) : n + 0 = n := rfl
def twice (n : Nat) := n + n
"""


@pytest.fixture
def library(tmp_path: Path) -> Path:
    folder = tmp_path / "library"
    folder.mkdir()
    (folder / "Basic.lean").write_text(SOURCE)
    return folder


@pytest.fixture
def index(tmp_path: Path) -> Path:
    return tmp_path / "premises.db"


def test_build_says_what_it_did(lemmata: Lemmata, library: Path, index: Path) -> None:
    call = lemmata("premises", "build", library, "--index", index)
    assert call.code == 0
    assert call.out.startswith("3 declarations, 2 of them theorems, from 1 files (1 read, 0 removed) in ")
    assert call.out.endswith(f" s: {index}\n")
    assert call.err.startswith("1 of 1 files, 3 declarations, ")
    again = lemmata("premises", "build", library, "--index", index)
    assert "(0 read, 0 removed)" in again.out
    assert again.err == ""


def test_build_for_programs(lemmata: Lemmata, library: Path, index: Path) -> None:
    (library / "Bad.lean").write_bytes(b"\xff")
    call = lemmata("premises", "build", library, "--index", index, "--json")
    assert call.json["theorems"] == 2
    assert call.json["unreadable"] == [f"{library / 'Bad.lean'}: not UTF-8 at byte 0"]
    assert call.err == f"left out: {library / 'Bad.lean'}: not UTF-8 at byte 0\n"


def test_build_of_nothing_is_a_mistake(lemmata: Lemmata, tmp_path: Path) -> None:
    call = lemmata("premises", "build", tmp_path / "nowhere")
    assert (call.code, call.out) == (2, "")
    assert "no such folder" in call.err
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty" / "README.md").write_text("")
    call = lemmata("premises", "build", tmp_path / "empty")
    assert (call.code, call.out, call.err) == (2, "", f"lemmata: {tmp_path / 'empty'}: no Lean files there\n")
    assert lemmata("premises", "build").code == 2


def test_search_shows_where_a_premise_stands(lemmata: Lemmata, library: Path, index: Path) -> None:
    lemmata("premises", "build", library, "--index", index)
    call = lemmata("premises", "search", "x + 0 = x", "--index", index, "-n", "2")
    assert (call.code, call.err) == (0, "")
    assert call.out.splitlines() == [
        "add_zero'  (theorem in Basic, line 2)",
        "  theorem add_zero' (n : Nat) :",
        "      n + 0 = n",
        "add_nothing  (theorem in Basic, line 4, deprecated)",
        "  theorem add_nothing (n : Nat) : n + 0 = n",
    ]


def test_search_for_programs(lemmata: Lemmata, library: Path, index: Path) -> None:
    lemmata("premises", "build", library, "--index", index)
    call = lemmata("premises", "search", "twice", "--index", index, "--json", "--kind", "def")
    assert call.json["name"] == "twice"
    assert (call.json["kind"], call.json["module"], call.json["line"]) == ("def", "Basic", 5)
    nothing = lemmata("premises", "search", "twice", "--index", index, "--kind", "structure")
    assert (nothing.code, nothing.out, nothing.err) == (1, "", "nothing found\n")


@pytest.mark.parametrize("query", ["", "⊢", "xyzzyqwerty"])
@pytest.mark.parametrize("form", [[], ["--json"]])
def test_where_nothing_fits_it_says_so(
    query: str, form: list[str], lemmata: Lemmata, library: Path, index: Path
) -> None:
    lemmata("premises", "build", library, "--index", index)
    call = lemmata("premises", "search", query, "--index", index, *form)
    assert (call.code, call.out, call.err) == (1, "", "nothing found\n")


def test_a_kind_that_there_is_not_is_a_mistake(lemmata: Lemmata, library: Path, index: Path) -> None:
    lemmata("premises", "build", library, "--index", index)
    call = lemmata("premises", "search", "twice", "--index", index, "--kind", "banana")
    assert (call.code, call.out) == (2, "")
    assert call.err.startswith("lemmata: no declaration is of the kind 'banana': expected one of abbrev, alias, ")


def test_builds_add_up_until_one_is_fresh(lemmata: Lemmata, library: Path, index: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "Other.lean").write_text("theorem other : 1 = 1 := rfl\n")
    lemmata("premises", "build", library, "--index", index)
    assert lemmata("premises", "build", other, "--index", index, "--json").json["files"] == 2
    fresh = lemmata("premises", "build", other, "--index", index, "--fresh", "--json").json
    assert (fresh["files"], fresh["read"], fresh["removed"], fresh["declarations"]) == (1, 0, 1, 1)
    assert "--fresh takes out" in lemmata("premises", "build", "--help").out


def test_without_an_index_it_says_how_to_make_one(lemmata: Lemmata, index: Path) -> None:
    call = lemmata("premises", "search", "twice", "--index", index, "--json")
    assert (call.code, call.json["kind"]) == (2, "usage")
    assert call.json["message"] == f"no index of premises at {index}: make one with `lemmata premises build DIR`"


def test_the_index_is_in_the_cache(
    lemmata: Lemmata, library: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LEMMATA_CACHE", str(tmp_path / "cache"))
    assert lemmata("premises", "build", library).code == 0
    assert (tmp_path / "cache" / "premises" / "premises.db").is_file()
    assert lemmata("premises", "search", "twice", "-n", "1").out.startswith("twice  (def in Basic, line 5)")


PROGRAM = """
import sys
from lemmata.cli import premises
from lemmata.cli.main import main
premises._TOLD_EVERY = 0.0
sys.exit(main(sys.argv[1:]))
"""


@pytest.mark.parametrize("interrupt", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_build_can_go_on(interrupt: signal.Signals, library: Path, index: Path) -> None:
    for number in range(400):
        (library / f"F{number}.lean").write_text(f"theorem t_{number} : {number} = {number} := rfl\n" * 20)
    argv = [sys.executable, "-c", PROGRAM, "premises", "build", library, "--index", index]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        assert process.stderr.readline().startswith("48 of 401 files")
        process.send_signal(interrupt)
        out, talk = process.communicate(timeout=60)
    assert (process.returncode, out) == (130, "")
    assert talk.endswith("lemmata: interrupted; the same command goes on where this one stopped\n")
