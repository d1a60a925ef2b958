"""Premises for the statements of miniF2F from an index of Mathlib: seconds to build and to search it, and recall.

Recall at 20: of the declarations of Mathlib that accepted proofs name, how many are among the first 20 that a search
for the bare statement finds; plain full-text rank (bm25 over the same words, all alike) for comparison. A name in a
proof counts where it is one of the index, as it stands or in a namespace that is open there. The theorems of Mathlib's
Archive, which is not in the index then, are measured the same way by their own proofs; the weights were fitted to them.

Bounds: the index of all 6835 files takes under 240 s, a search under 50 ms (median); exits 1 where one is missed.
Needs the real test data (`../shared/data` or `LEMMATA_DATA`); without them it says so and measures nothing.
"""

import asyncio
import json
import os
import statistics
import sys
import tarfile
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from lemmata.tools.premise_build import build
from lemmata.tools.premise_index import connect, resolve
from lemmata.tools.premise_scan import Row, rows
from lemmata.tools.premise_words import query_words
from lemmata.tools.premises import Premises

BUILD_SECONDS = 240
SEARCH_SECONDS = 0.050
FIRST = 20
REST = ("Archive", "Counterexamples", "MathlibTest")
OPENED = "open BigOperators Real Nat Topology Rat\n"


class Example(NamedTuple):
    """A theorem and what its proof names."""

    statement: str
    used: frozenset[str]


class Recall(NamedTuple):
    """How much of what proofs name was found."""

    theorems: int
    any_hit: float
    """Of theorems: with at least one."""
    lemmas: int
    found: float


def data_folder() -> Path | None:
    here = Path(__file__).resolve().parents[2] / "shared" / "data"
    folder = Path(os.environ.get("LEMMATA_DATA", here))
    return folder if folder.is_dir() else None


def read_lines(file: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def examples(theorems: Iterable[Row], numbers: dict[str, int]) -> list[Example]:
    """Those theorems whose proofs name something of the index."""
    names = {number: name for name, number in numbers.items()}
    found = []
    for theorem in theorems:
        spaces = [f"{space}." for space in theorem.scope.split()]
        used = {resolve(mention, spaces, numbers) for mention in theorem.mentions.split()} - {None}
        if used:
            found.append(Example(theorem.statement, frozenset(names[number] for number in used if number is not None)))
    return found


def plain(index: Path, statement: str) -> list[str]:
    """The first names by bm25 alone."""
    words = query_words(statement)
    query = " OR ".join(sorted({f'"{word}"' for word in (*words.target, *words.hypotheses)}))
    database = connect(index)
    sql = "SELECT d.name FROM words JOIN declarations d ON d.id = words.rowid WHERE words MATCH ? ORDER BY rank LIMIT ?"
    found = [name for (name,) in database.execute(sql, (query, FIRST))]
    database.close()
    return found


def recall(wanted: list[Example], found: list[list[str]]) -> Recall:
    hits = [len(example.used.intersection(names)) for example, names in zip(wanted, found, strict=True)]
    lemmas = sum(len(example.used) for example in wanted)
    return Recall(len(wanted), sum(map(bool, hits)) / len(wanted), lemmas, sum(hits) / lemmas)


async def measure(index: Path, title: str, wanted: list[Example]) -> None:
    premises = Premises(index)
    ours = [[p.name for p in await premises.search(example.statement, FIRST)] for example in wanted]
    await premises.aclose()
    baseline = [plain(index, example.statement) for example in wanted]
    for how, found in (("search", ours), ("bm25", baseline)):
        got = recall(wanted, found)
        print(f"| {title} | {how} | {got.theorems} | {got.any_hit:.1%} | {got.lemmas} | {got.found:.1%} |")


async def seconds_of(index: Path, statements: list[str]) -> list[float]:
    """Seconds of a search for each statement, the index open."""
    premises = Premises(index)
    await premises.search("warm", 1)
    seconds = []
    for statement in statements:
        started = time.perf_counter()
        await premises.search(statement, FIRST)
        seconds.append(time.perf_counter() - started)
    await premises.aclose()
    return seconds


async def main(data: Path) -> bool:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with tarfile.open(data / "mathlib-2025-06-07.tar.xz") as archive:
            archive.extractall(folder, filter="data")
        index = folder / "premises.db"
        first = await build(index, [folder / "Mathlib"])
        statements = [record["formal_statement"] for record in read_lines(data / "minif2f_valid.jsonl")]
        seconds = await seconds_of(index, statements)

        database = connect(index)
        numbers = dict(database.execute("SELECT name, id FROM declarations ORDER BY id DESC"))
        database.close()
        records = read_lines(data / "minif2f_valid_proofs.jsonl")
        proofs = [OPENED + record["formal_statement"] + record["formal_proof"] for record in records]
        own = [row for file in sorted((folder / "Archive").rglob("*.lean")) for row in rows(file.read_text("utf-8"))]
        print("| theorems of | by | with premises | any of them found | premises | found |")
        print("|---|---|---:|---:|---:|---:|")
        await measure(index, "miniF2F", examples((rows(text)[-1] for text in proofs), numbers))
        await measure(index, "Archive", examples(own, numbers))

        last = await build(index, [folder / name for name in REST])
        size = index.stat().st_size >> 20
        total = first.seconds + last.seconds
        median, p95 = statistics.median(seconds), statistics.quantiles(seconds, n=20)[-1]
        print(f"\n{last.files} files, {last.declarations} declarations, {last.theorems} theorems:", end=" ")
        print(f"{total:.0f} s, {size} MiB")
        print(f"a search for each of {len(seconds)} statements: median {1000 * median:.0f} ms, p95 {1000 * p95:.0f} ms")
        return total < BUILD_SECONDS and median < SEARCH_SECONDS


if __name__ == "__main__":
    found = data_folder()
    if found is None:
        print("the real test data is not here: set LEMMATA_DATA to its folder")
    sys.exit(0 if found is None or asyncio.run(main(found)) else 1)
