"""Traces of lean-dojo, its requirements, and tactics through a stand-in for the package."""

import asyncio
import json
import os
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from lemmata.errors import InfrastructureError, MissingError, UsageError
from lemmata.lean_env import dojo, dojo_program
from lemmata.lean_env.checker import RunsTactics
from lemmata.lean_env.dojo import DojoTactics, TracedPremise, check_requirements, traced_premises, traces

DOUBLES = Path(__file__).resolve().parents[1] / "doubles"
SOURCE = """import Mathlib
namespace Foo
theorem first : 1 = 1 := by rfl
theorem second (p : Prop) : p → p := by
  intro h
  exact h
end Foo
"""
HOLED = SOURCE.replace("by\n  intro h\n  exact h", "by sorry")


def used(name: str, line: int | None, module: str = "Mathlib.Order") -> dict[str, Any]:
    """One use of a premise as ExtractData.lean writes it; no line: a declaration without a place."""
    place = {"line": line, "column": 8} if line else None
    return {
        "fullName": name, "defPos": place, "defEndPos": place and {**place, "column": 12}, "modName": module,
        "defPath": f"{module.replace('.', '/')}.lean", "pos": {"line": 2, "column": 1}, "endPos": None,
    }  # fmt: skip


def write_trace(repository: Path, name: str, *premises: dict[str, Any]) -> Path:
    path = repository / ".lake" / "build" / "ir" / "Mathlib" / f"{name}.ast.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"commandASTs": [{}], "tactics": [], "premises": premises}))
    return path


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository that lean-dojo could work on, with the programs and the package it needs on the paths."""
    folder, programs = tmp_path / "library", tmp_path / "bin"
    (folder / ".git").mkdir(parents=True)
    (folder / "lean-toolchain").write_text("leanprover/lean4:v4.20.0\n")
    (folder / "Foo.lean").write_text(SOURCE)
    write_trace(folder, "A", used("le_refl", 3), used("Nat.rec", None), used("le_refl", 3))
    programs.mkdir()
    for name in ("git", "lake"):
        (programs / name).write_text("#!/bin/sh\n")
        (programs / name).chmod(0o755)
    package = tmp_path / "package"
    package.mkdir()
    shutil.copy(DOUBLES / "lean_dojo.py", package)
    monkeypatch.setenv("PATH", str(programs))
    monkeypatch.setenv("PYTHONPATH", str(package))
    monkeypatch.delenv("GITHUB_ACCESS_TOKEN", raising=False)
    monkeypatch.syspath_prepend(str(package))
    monkeypatch.delitem(sys.modules, "lean_dojo", raising=False)
    return folder


@pytest.fixture
async def github(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[tuple[str, int]]:
    """A server that takes connections in place of GitHub."""

    def answer(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    yield server.sockets[0].getsockname()[:2]
    server.close()
    await server.wait_closed()


@pytest.fixture
def tactics(repository: Path, github: tuple[str, int]) -> DojoTactics:
    return DojoTactics(repository, Path("Foo.lean"), github=github)


def test_premises_of_a_trace_come_once_each(repository: Path) -> None:
    write_trace(repository, "B", used("le_refl", 3), used("add_comm", 9, "Mathlib.Algebra"))
    first, second = traced_premises(repository)
    assert first == TracedPremise.model_validate(
        {
            "name": "le_refl",
            "module": "Mathlib.Order",
            "path": "Mathlib/Order.lean",
            "start": {"line": 3, "column": 8},
            "end": {"line": 3, "column": 12},
        }
    )
    assert (second.name, second.module, second.start.line) == ("add_comm", "Mathlib.Algebra", 9)


def test_without_a_trace_there_are_none(tmp_path: Path) -> None:
    assert traces(tmp_path) == ()
    assert list(traced_premises(tmp_path)) == []


@pytest.mark.parametrize("content", ["", "[]", '{"premises": [{}]}', '{"premises": 1}', "\udcff"])
def test_a_damaged_trace_is_named(content: str, repository: Path) -> None:
    path = write_trace(repository, "B")
    path.write_bytes(content.encode(errors="surrogateescape"))
    with pytest.raises(UsageError, match=r"B\.ast\.json is no trace of lean-dojo"):
        list(traced_premises(repository))


async def test_all_requirements_met(repository: Path, github: tuple[str, int]) -> None:
    await check_requirements(repository, github=github)


@pytest.mark.parametrize("toolchain", ["leanprover/lean4:v4.21.0-rc3", "leanprover/lean4:v5.0.0"])
async def test_a_newer_lean_is_named(toolchain: str, repository: Path) -> None:
    (repository / "lean-toolchain").write_text(toolchain)
    with pytest.raises(UsageError, match=rf"uses {toolchain}, and lean-dojo works with Lean up to 4\.20"):
        await check_requirements(repository)


@pytest.mark.parametrize(
    ("gone", "message"),
    [
        ("lean-toolchain", "expected a Lean repository, with a file lean-toolchain"),
        (".git", "expected a git repository"),
        (".lake", "is not traced: trace it with lean_dojo.trace first"),
    ],
)
async def test_a_repository_that_cannot_be_used(gone: str, message: str, repository: Path) -> None:
    (repository / gone).rename(repository / "elsewhere")
    with pytest.raises(UsageError, match=message):
        await check_requirements(repository)


async def test_a_program_that_is_not_here(repository: Path, tmp_path: Path) -> None:
    (tmp_path / "bin" / "lake").unlink()
    with pytest.raises(MissingError, match="needs the program lake"):
        await check_requirements(repository)


async def test_a_package_that_is_not_here(repository: Path, tmp_path: Path) -> None:
    package = tmp_path / "package" / "lean_dojo.py"
    package.rename(package.with_name("lean_dojo_v2.py"))
    with pytest.raises(MissingError, match="lean-dojo-v2 is here, but it traces only and cannot run tactics"):
        await check_requirements(repository)
    package.with_name("lean_dojo_v2.py").unlink()
    with pytest.raises(MissingError, match="pip install 'lean-dojo>="):
        await check_requirements(repository)


async def test_a_python_that_is_too_new(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 13, 0))
    with pytest.raises(MissingError, match=r"Python 3\.11 and 3\.12 only"):
        await check_requirements(repository)


async def test_no_network(repository: Path, github: tuple[str, int]) -> None:
    with pytest.raises(MissingError, match=r"asks GitHub even for a local repository, and 127\.0\.0\.1 cannot be"):
        await check_requirements(repository, github=("127.0.0.1", 1))


async def test_tactics_in_place_of_a_whole_proof(tactics: DojoTactics) -> None:
    runner: RunsTactics = tactics
    closed, split, wrong, hole = await runner.run_tactics(HOLED, 0, ["closes", "splits", "foo", "sorry"], 30)
    assert (closed.tactic, closed.closed) == ("closes", True)
    assert split.goals == ("⊢ Foo.second of Foo.lean", "case inr\n⊢ q")
    assert not split.closed
    assert [d.text for d in wrong.diagnostics] == ["unknown tactic foo"]
    assert (hole.closed, hole.reason) == (False, "it leaves a hole")


@pytest.mark.parametrize(
    ("text", "hole"),
    [
        (HOLED, 1),
        (HOLED.replace("by sorry", "by\n  intro h\n  sorry"), 0),
        (HOLED.replace("p → p", "p → p ∧ p"), 0),
        (HOLED.replace("1 = 1", "2 = 2"), 0),
        ("", 0),
    ],
)
async def test_only_a_whole_proof_of_a_traced_theorem(text: str, hole: int, tactics: DojoTactics) -> None:
    (result,) = await tactics.run_tactics(text, hole, ["closes"], 30)
    assert not result.closed
    assert result.reason == "lean-dojo runs tactics only in place of a whole proof of a theorem of Foo.lean"


async def test_what_a_limit_or_a_crash_cuts_off_says_so(tactics: DojoTactics) -> None:
    first, *rest = await tactics.run_tactics(HOLED, 0, ["closes", "hangs", "closes"], 2)
    assert first.closed
    assert [r.reason for r in rest] == ["not reached in 2 s"] * 2
    first, *rest = await tactics.run_tactics(HOLED, 0, ["closes", "dies", "closes"], 30)
    assert first.closed
    assert [r.reason for r in rest] == ["lean-dojo ended before it"] * 2


async def test_a_failure_is_told_with_what_the_token_does(
    tactics: DojoTactics, repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (repository / "untraced").touch()
    with pytest.raises(InfrastructureError, match=r"exit 1\): the trace is not in lean-dojo's cache.*lean_dojo.trace$"):
        await tactics.run_tactics(HOLED, 0, ["closes"], 30)
    monkeypatch.setenv("GITHUB_ACCESS_TOKEN", "wrong")
    with pytest.raises(InfrastructureError, match="401 bad credentials; GITHUB_ACCESS_TOKEN is set: see that it is"):
        await tactics.run_tactics(HOLED, 0, ["closes"], 30)


async def test_requirements_are_checked_before_anything_runs(tactics: DojoTactics, repository: Path) -> None:
    (repository / "lean-toolchain").write_text("leanprover/lean4:v4.35.0")
    with pytest.raises(UsageError, match=r"up to 4\.20"):
        await tactics.run_tactics(HOLED, 0, ["closes"], 30)


async def test_a_file_that_is_not_there(repository: Path, github: tuple[str, int]) -> None:
    with pytest.raises(UsageError, match=r"Gone\.lean cannot be read"):
        await DojoTactics(repository, Path("Gone.lean"), github=github).run_tactics(HOLED, 0, ["closes"], 30)


def test_an_answer_of_no_known_kind_is_none() -> None:
    result = dojo_program.as_result("t", object())
    assert (result.closed, result.reason) == (False, "no answer: object")


def test_importing_it_imports_no_package() -> None:
    code = "import sys, lemmata.lean_env.dojo, lemmata.lean_env.dojo_program; sys.exit('lean_dojo' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False, env=dict(os.environ)).returncode == 0
    assert dojo.NEWEST_LEAN == (4, 20)
