"""The index of premises: built from sources, brought up to date, whole whatever happens."""

import asyncio
import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from lemmata.errors import InfrastructureError, UsageError
from lemmata.lean_env.source import parse
from lemmata.tools import premise_build
from lemmata.tools.premise_build import BuildReport, Progress, build
from lemmata.tools.premise_index import connect, default_index, resolve
from lemmata.tools.premise_scan import Row, rows
from lemmata.tools.premises import Premises


def sources(library: Path) -> list[str]:
    return [(library / "Mathlib" / name).read_text(encoding="utf-8") for name in ("Sqrt.lean", "Order.lean")]


def held(index: Path) -> list[tuple[str, str]]:
    database = connect(index)
    found = database.execute("SELECT name, kind FROM declarations ORDER BY name").fetchall()
    database.close()
    return found


def test_a_file_declares_what_its_text_attributes_and_aliases_name(library: Path) -> None:
    found: dict[str, Row] = {row.name: row for text in sources(library) for row in rows(text)}
    assert list(found) == [
        "Real.sqrt_sq", "Real.mul_self_sqrt", "Real.self_mul_sqrt", "Real.sqrt_old",
        "prod_mono", "sum_mono", "order_le", "Big.size", "Big.instFoo", "hidden",
    ]  # fmt: skip
    root = found["Real.sqrt_sq"]
    assert root.statement == "theorem sqrt_sq (h : 0 ≤ x) : √(x ^ 2) = x"
    assert (root.kind, root.docstring, root.line) == ("theorem", "The root of a square.", 8)
    assert (root.target_words, root.hypothesis_words) == ("sqrt pow two sq eq", "zero le")
    assert (root.mentions, root.scope) == ("mul_self_sqrt", "Real Nat")
    alias = found["Real.self_mul_sqrt"]
    assert (alias.kind, alias.line, alias.target_words) == ("alias", 13, "sqrt mul sqrt eq")
    assert alias.statement == "alias self_mul_sqrt := mul_self_sqrt\ntheorem mul_self_sqrt (h : 0 ≤ x) : √x * √x = x"
    assert [name for name, row in found.items() if row.deprecated] == ["Real.sqrt_old"]
    twin = found["sum_mono"]
    assert (twin.kind, twin.line, twin.target_words) == ("to_additive", 1, "add zero le add zero")


def test_a_name_is_looked_up_from_the_inside_out() -> None:
    known = {"Real.sqrt_nonneg": 1, "sqrt_nonneg": 2, "Nat.Prime.two_le": 3, "h": 4}
    assert resolve("sqrt_nonneg", ("Real.", "Nat."), known) == 1
    assert resolve("sqrt_nonneg", ("Nat.",), known) == 2
    assert resolve("Prime.two_le.trans", ("Real.", "Nat."), known) == 3
    assert resolve("h.symm", (), known) is None


async def test_every_theorem_that_the_parser_finds_is_indexed(index: Path, library: Path) -> None:
    told: list[Progress] = []
    report = await build(index, [library], progress=told.append)
    expected = sum(len(parse(text).theorems) for text in sources(library))
    assert report.theorems == expected == 5
    assert (report.files, report.read, report.removed, report.declarations) == (2, 2, 0, 10)
    assert (told[-1].done, told[-1].total, told[-1].declarations) == (2, 2, 10)
    assert "not_indexed" not in dict(held(index))


async def test_only_what_has_changed_is_read_again(index: Path, library: Path) -> None:
    async def again() -> tuple[int, int]:
        report = await build(index, [library])
        return report.read, report.removed

    await build(index, [library])
    assert await again() == (0, 0)
    order, sqrt = library / "Mathlib" / "Order.lean", library / "Mathlib" / "Sqrt.lean"
    os.utime(order, ns=(1, 1))
    assert await again() == (0, 0)  # another time, the same content
    order.write_text("theorem order_new : 1 ≤ 2 := by rw [Real.sqrt_sq]\n")
    assert await again() == (1, 0)
    assert ("order_new", "theorem") in held(index)
    assert ("order_le", "theorem") not in held(index)
    sqrt.unlink()
    assert await again() == (0, 1)
    assert held(index) == [("order_new", "theorem")]
    assert (await build(index, [library])).files == 1


async def test_what_lies_elsewhere_stays(index: Path, library: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "Mine.lean").write_text("theorem mine : 0 < 1 := by simp\n")
    await build(index, [library])
    report = await build(index, [other])
    assert (report.files, report.read, report.removed) == (3, 1, 0)
    report = await build(index, [library / "Mathlib"])
    assert (report.files, report.read) == (3, 0)  # counted from the project around it


async def test_an_unreadable_file_is_named_and_tried_again(index: Path, library: Path) -> None:
    bad = library / "Mathlib" / "Bad.lean"
    bad.write_bytes(b"theorem x : \xff")
    report = await build(index, [library])
    assert report.unreadable == (f"{bad}: not UTF-8 at byte 12",)
    assert report.files == 2
    bad.unlink()
    bad.mkdir()
    assert (await build(index, [library])).unreadable == ()  # a folder of that name is no file


async def test_links_to_nowhere_and_pipes_are_no_files(index: Path, library: Path) -> None:
    os.mkfifo(library / "Mathlib" / "Pipe.lean")
    (library / "Mathlib" / "Gone.lean").symlink_to(library / "Mathlib" / "nowhere")
    assert (await build(index, [library])).files == 2


def test_mistakes_are_named(index: Path, library: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no such folder"):
        asyncio.run(build(index, [tmp_path / "nowhere"]))
    with pytest.raises(UsageError, match=r"no index of premises at .* `lemmata premises build DIR`"):
        Premises(index)
    index.parent.mkdir()
    index.write_text("something else, and long enough not to be taken for an empty database" * 20)
    with pytest.raises(UsageError, match="is no index of premises"):
        Premises(index)
    index.unlink()
    with sqlite3.connect(index) as foreign:
        foreign.execute("CREATE TABLE t (x)")
    foreign.close()
    with pytest.raises(UsageError, match="a database of something else"):
        asyncio.run(build(index, [library]))


async def test_an_index_of_another_version_is_built_anew(index: Path, library: Path) -> None:
    await build(index, [library])
    database = connect(index)
    database.execute("PRAGMA user_version = 99")
    database.close()
    with pytest.raises(UsageError, match="another version"):
        Premises(index)
    assert (await build(index, [library])).read == 2


async def test_two_builds_do_not_meet(index: Path, library: Path) -> None:
    index.parent.mkdir()
    with premise_build._held(index), pytest.raises(UsageError, match="another build is at work"):
        await build(index, [library])
    assert (await build(index, [library])).read == 2


async def test_an_index_that_cannot_be_written_to(library: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(InfrastructureError, match="cannot write to the index"):
        await build(tmp_path / "file" / "premises.db", [library])


async def test_a_reading_process_that_dies_is_named(
    index: Path, library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(InfrastructureError, match=r"the process that read .*\.lean died"):
        await build(index, [library])


PROGRAM = """
import asyncio, os, signal, sys
from pathlib import Path
from lemmata.tools import premise_build
premise_build._BATCH = 1
async def main():
    def tell(progress):
        if progress.done == 3:
            os.kill(os.getpid(), signal.SIGKILL)
    await premise_build.build(Path(sys.argv[1]), [Path(sys.argv[2])], progress=tell)
asyncio.run(main())
"""


def test_a_killed_build_goes_on_where_it_stopped(index: Path, tmp_path: Path) -> None:
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(9):
        (folder / f"F{number}.lean").write_text(f"theorem t_{number} : {number} = {number} := rfl\n")
    done = subprocess.run([sys.executable, "-c", PROGRAM, index, folder], check=False, timeout=60)
    assert done.returncode == -9
    assert len(held(index)) == 3  # what was finished, and whole
    premises = Premises(index)
    with pytest.raises(UsageError, match="is not finished: run `lemmata premises build DIR` again"):
        asyncio.run(premises.search("t 7"))
    asyncio.run(premises.aclose())
    report = asyncio.run(build(index, [folder]))
    assert (report.read, report.theorems) == (6, 9)
    assert held(index)[-1] == ("t_8", "theorem")


def children() -> set[str]:
    """The child processes of this one."""
    return set(" ".join(task.read_text() for task in Path("/proc/self/task").glob("*/children")).split())


async def test_a_cancelled_build_leaves_no_process(index: Path, tmp_path: Path) -> None:
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(300):
        (folder / f"F{number}.lean").write_text(f"theorem t_{number} : {number} = {number} := rfl\n")
    seen: set[str] = set()

    def cancel(_: Progress) -> None:
        seen.update(children())
        task.cancel()

    before = children()
    task = asyncio.ensure_future(build(index, [folder], progress=cancel))
    with pytest.raises(asyncio.CancelledError):
        await task
    assert seen > before
    assert children() <= before
    assert 0 < len(held(index)) < 300
    assert (await build(index, [folder])).theorems == 300


def test_the_default_index_is_in_the_cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("LEMMATA_CACHE", str(tmp_path))
    assert default_index() == tmp_path / "premises" / "premises.db"


def write_trace(library: Path, name: str, *premises: dict[str, object]) -> Path:
    trace = library / ".lake" / "build" / "ir" / "Mathlib" / f"{name}.ast.json"
    trace.parent.mkdir(parents=True, exist_ok=True)
    trace.write_text(json.dumps({"commandASTs": [], "tactics": [], "premises": premises}))
    return trace


def traced(name: str, path: str, line: int) -> dict[str, object]:
    place = {"line": line, "column": 0}
    return {
        "fullName": name, "defPos": place, "defEndPos": place, "modName": "Mathlib.Order", "defPath": path,
        "pos": None, "endPos": None,
    }  # fmt: skip


async def test_a_traced_repository_adds_what_no_source_shows(index: Path, library: Path) -> None:
    order = "Mathlib/Order.lean"
    trace = write_trace(
        library,
        "Order",
        traced("sum_mono", order, 1),  # guessed rightly
        traced("order_le", order, 2),  # declared: known already
        traced("Foo.mk", order, 4),
        traced("Core.le_thing", ".lake/packages/lean4/src/Core.lean", 7),  # its source is not here
    )
    report = await build(index, [library])
    assert (report.files, report.declarations) == (2, 12)
    kinds = [(name, kind) for name, kind in held(index) if kind == "traced"]
    assert kinds == [("Core.le_thing", "traced"), ("Foo.mk", "traced")]
    assert (await build(index, [library])).declarations == 12
    assert (await build(index, [library], fresh=True)).declarations == 12
    other = library.parent / "other"
    other.mkdir()
    (other / "Other.lean").write_text("theorem other : 1 = 1 := rfl\n")
    assert (await build(index, [other])).declarations == 13
    assert (await build(index, [other], fresh=True)).declarations == 1
    assert held(index) == [("other", "theorem")]
    assert (await build(index, [library], fresh=True)).declarations == 12
    trace.unlink()
    assert (await build(index, [library])).declarations == 10


@pytest.mark.data
@pytest.mark.evidence
def test_all_of_mathlib(index: Path, data: Path, tmp_path: Path) -> None:
    with subprocess.Popen(["tar", "xJf", data / "mathlib-2025-06-07.tar.xz", "-C", tmp_path]) as unpacking:
        assert unpacking.wait() == 0
    folders = [tmp_path / name for name in ("Mathlib", "MathlibTest", "Archive", "Counterexamples")]
    report: BuildReport = asyncio.run(build(index, folders))
    sources = [file for folder in folders for file in folder.rglob("*.lean")]
    theorems = sum(len(parse(file.read_text(encoding="utf-8")).theorems) for file in sources)
    assert report.theorems == theorems > 150_000
    assert report.files == len(sources)
    assert report.unreadable == ()
    assert report.seconds < 240
