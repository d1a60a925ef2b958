"""Premises: searched for, and told what accepted proofs used."""

import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from lemmata.errors import InfrastructureError
from lemmata.lean_env.checker import NamesConstants
from lemmata.tools.premise_build import build
from lemmata.tools.premise_index import connect
from lemmata.tools.premises import Premise, Premises, Retriever, remember


@pytest.fixture
async def premises(index: Path, library: Path) -> AsyncIterator[Premises]:
    await build(index, [library])
    found = Premises(index)
    yield found
    await found.aclose()


def names(found: tuple[Premise, ...]) -> list[str]:
    return [premise.name for premise in found]


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


async def test_what_a_proof_used_is_remembered_where_there_is_an_index(
    premises: Premises, index: Path, tmp_path: Path
) -> None:
    assert await remember("mine", "theorem mine : True", ("Big.size",), tmp_path / "none.db") is None
    assert not (tmp_path / "none.db").exists()
    assert await remember("mine", "theorem mine : True", ("Big.size",), index) is None
    assert await premises.used("mine") == ("Big.size",)
    (tmp_path / "junk.db").write_text("junk")
    complaint = await remember("mine", "theorem mine : True", ("Big.size",), tmp_path / "junk.db")
    assert complaint is not None
    assert complaint.startswith("what the proof used is not noted")


async def test_a_damaged_index_is_named(premises: Premises, index: Path) -> None:
    await premises.aclose()
    database = sqlite3.connect(index)
    database.execute("DROP TABLE used")
    database.close()
    broken = Premises(index)
    with pytest.raises(InfrastructureError, match="cannot be used"):
        await broken.search("sqrt")
    await broken.aclose()
