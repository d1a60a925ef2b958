"""The index of premises: built from sources, brought up to date, searched, told what accepted proofs used."""

import asyncio
import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from lemmata.errors import InfrastructureError, UsageError
from lemmata.lean_env.checker import NamesConstants
from lemmata.lean_env.source import parse
from lemmata.tools import premise_build
from lemmata.tools.premise_build import BuildReport, Progress, build
from lemmata.tools.premise_index import connect, default_index, resolve
from lemmata.tools.premise_scan import rows
from lemmata.tools.premises import Premise, Premises, Retriever

SQRT = """import Mathlib.Order
/-! Square roots. -/
open Nat
namespace Real
variable {x : ℝ}

/-- The root of a square. -/
@[simp] theorem sqrt_sq (h : 0 ≤ x) : √(x ^ 2) = x := by
  rw [sq, mul_self_sqrt h]

theorem mul_self_sqrt (h : 0 ≤ x) : √x * √x = x := by rw [order_le.mp h]

alias self_mul_sqrt := mul_self_sqrt
@[deprecated (since := "2024-01-01")] alias ⟨sqrt_old, _⟩ := mul_self_sqrt
end Real
example : True := trivial
"""
ORDER = """@[to_additive (attr := simp)] lemma prod_mono (h : a ≤ b) : a * 1 ≤ b * 1 := h
theorem order_le : a ≤ b ↔ b ≥ a := Iff.rfl
def Big.size (n : ℕ) := n
instance Big.instFoo : Foo Nat where
private theorem hidden : 1 = 1 := by rw [order_le]; exact Real.sqrt_sq.symm
"""


@pytest.fixture
def library(tmp_path: Path) -> Path:
    """A Lake project of two files, with what is no source of it."""
    folder = tmp_path / "library"
    (folder / "Mathlib").mkdir(parents=True)
    (folder / ".lake").mkdir()
    for name in ("lakefile.lean", ".lake/Hidden.lean"):
        (folder / name).write_text("theorem not_indexed : True := trivial\n")
    (folder / "Mathlib" / "Sqrt.lean").write_text(SQRT, encoding="utf-8")
    (folder / "Mathlib" / "Order.lean").write_text(ORDER, encoding="utf-8")
    return folder


@pytest.fixture
def index(tmp_path: Path) -> Path:
    return tmp_path / "index" / "premises.db"


@pytest.fixture
async def premises(index: Path, library: Path) -> AsyncIterator[Premises]:
    await build(index, [library])
    found = Premises(index)
    yield found
    await found.aclose()


def names(found: tuple[Premise, ...]) -> list[str]:
    return [premise.name for premise in found]


def held(index: Path) -> list[tuple[str, str]]:
    database = connect(index)
    found = database.execute("SELECT name, kind FROM declarations ORDER BY name").fetchall()
    database.close()
    return found


def test_a_file_declares_what_its_text_attributes_and_aliases_name() -> None:
    found = {row.name: row for row in (*rows(SQRT), *rows(ORDER))}
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
    expected = sum(len(parse(text).theorems) for text in (SQRT, ORDER))
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


async def test_a_statement_finds_what_it_needs(premises: Premises) -> None:
    retriever: Retriever = premises
    found = await retriever.search("theorem x (y : ℝ) (h : 0 ≤ y) : Real.sqrt (y ^ 2) = y")
    assert found[0] == Premise(
        name="Real.sqrt_sq",
        kind="theorem",
        statement="theorem sqrt_sq (h : 0 ≤ x) : √(x ^ 2) = x",
        docstring="The root of a square.",
        module="Mathlib.Sqrt",
        line=8,
        score=found[0].score,
    )
    assert [p.score for p in found] == sorted((p.score for p in found), reverse=True)


async def test_words_and_goals_find(premises: Premises) -> None:
    assert names(await premises.search("mul self sqrt", 1)) == ["Real.mul_self_sqrt"]
    assert names(await premises.search("Big.size", 1)) == ["Big.size"]
    assert "prod_mono" in names(await premises.search("a b : ℕ\nh : a ≤ b\n⊢ a * 1 ≤ b * 1", 3))
    assert names(await premises.search("root of a square", 1)) == ["Real.sqrt_sq"]  # its docstring


async def test_what_is_deprecated_comes_after_its_like(premises: Premises) -> None:
    found = names(await premises.search("√z * √z = z"))
    assert found.index("Real.self_mul_sqrt") < found.index("Real.sqrt_old")


async def test_kinds_and_limits(premises: Premises) -> None:
    assert {p.kind for p in await premises.search("sqrt mul le", kind="theorem")} == {
        "theorem", "lemma", "alias", "to_additive",
    }  # fmt: skip
    assert names(await premises.search("size", kind="def")) == ["Big.size"]
    assert len(await premises.search("sqrt mul le", 2)) == 2


@pytest.mark.parametrize("query", ["", "⊢", 'NEAR("a" OR *', "≤" * 30_000, "\x00"])
async def test_no_query_is_too_strange(query: str, premises: Premises) -> None:
    assert len(await premises.search(query, 3)) <= 3


async def test_a_search_sees_what_a_later_build_adds(premises: Premises, index: Path, library: Path) -> None:
    assert names(await premises.search("frobnicate", 1)) != ["frobnicate_le"]
    (library / "Mathlib" / "New.lean").write_text("theorem frobnicate_le : 1 ≤ 2 := by simp\n")
    await build(index, [library])
    assert names(await premises.search("frobnicate", 1)) == ["frobnicate_le"]


async def test_proofs_of_similar_theorems_vote(premises: Premises, index: Path) -> None:
    database = connect(index)
    query = (
        "SELECT t.name, c.name FROM used"
        " JOIN declarations t ON t.id = theorem JOIN declarations c ON c.id = constant"
    )
    assert sorted(database.execute(query)) == [
        ("Real.mul_self_sqrt", "order_le"),
        ("Real.sqrt_sq", "Real.mul_self_sqrt"),
        ("hidden", "Real.sqrt_sq"),
        ("hidden", "order_le"),
    ]
    popular = database.execute("SELECT popularity FROM declarations WHERE name = 'order_le'").fetchone()
    database.close()
    assert popular == (2,)


async def score(premises: Premises, query: str, name: str) -> float:
    return {premise.name: premise.score for premise in await premises.search(query, 100)}.get(name, 0.0)


class Told:
    """A checker that can tell which constants a text used."""

    async def used_constants(self, text: str, timeout: float) -> tuple[str, ...]:
        return ("Big.size", "Nat.not_indexed_yet") if "exact" in text else ()


async def test_what_accepted_proofs_used_is_kept_and_found(premises: Premises, index: Path, library: Path) -> None:
    teller: NamesConstants = Told()
    statement = "theorem mine (n : ℕ) : Nat.gcd n 12 ∣ 144"
    query = "theorem yours (m : ℕ) : Nat.gcd m 18 ∣ 144"
    before = await score(premises, query, "Big.size")
    used = await teller.used_constants(f"{statement} := by exact it", 1.0)
    await premises.note_used("mine", statement, used)
    await premises.note_used("mine", statement, used)  # again: replaced
    assert await premises.used("mine") == ("Big.size", "Nat.not_indexed_yet")
    assert await premises.used("yours") == ()
    (library / "Mathlib" / "Gcd.lean").write_text("theorem Nat.not_indexed_yet : 1 = 1 := rfl\n")
    report = await build(index, [library])
    assert report.declarations == 11  # the noted theorem is no premise
    assert await score(premises, query, "Big.size") > before + 1
    found = names(await premises.search(query))
    assert set(found[:2]) == {"Big.size", "Nat.not_indexed_yet"}
    assert "mine" not in found
    assert await premises.used("mine") == used


async def test_a_damaged_index_is_named(premises: Premises, index: Path) -> None:
    await premises.aclose()
    database = sqlite3.connect(index)
    database.execute("DROP TABLE used")
    database.close()
    broken = Premises(index)
    with pytest.raises(InfrastructureError, match="cannot be used"):
        await broken.search("sqrt")
    await broken.aclose()


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
