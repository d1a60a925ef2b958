"""Real files: PutnamBench, miniF2F, tactic tests and Mathlib, cut apart and counted."""

import hashlib
import json
import re
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from lemmata.errors import SourceError
from lemmata.lean_env.source import LeanFile, parse, problem

pytestmark = pytest.mark.data
STATEMENTS_WITH_ASSIGN = """
    1965_b4 1969_b4 1973_b3 1984_a5 1984_b1 1984_b5 1985_a1 1985_a6 1986_a4 1987_b4 1989_b1 1993_b3 1995_b4 1997_a4
    2001_a5 1975_a5 1988_a4 1989_a6 2023_a4"""


def read_lines(file: Path) -> list[Any]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="module")
def putnam(data: Path) -> dict[str, LeanFile]:
    files = sorted((data / "putnambench" / "lean4" / "src").glob("*.lean"))
    return {file.stem: parse(file.read_bytes().decode(), file.name) for file in files}


@pytest.fixture(scope="module")
def index(data: Path) -> dict[str, Any]:
    records = json.loads((data / "putnam_index.json").read_text(encoding="utf-8"))
    return {record["name"]: record for record in records}


def header_hash(source: LeanFile) -> str:
    kept = [c.span.of(source.text) for c in source.commands if c.keyword in ("import", "open", "set_option")]
    lines = [" ".join(line.split()) for line in kept]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:12]


def test_putnam_agrees_with_its_index(putnam: dict[str, LeanFile], index: dict[str, Any]) -> None:
    assert len(putnam) == 672
    assert putnam.keys() == index.keys()
    for name, source in putnam.items():
        record = index[name]
        assert "".join(source.pieces) == source.text
        assert source.imports == ("Mathlib",)
        assert source.header.of(source.text) == "import Mathlib"
        assert len(source.declarations) == record["n_decls"], name
        assert header_hash(source) == record["header_hash"], name
        (target,) = source.theorems
        assert target == source.declarations[-1]
        assert (target.name, target.full_name, target.complete) == (name, name, False)
        solutions = [d for d in source.declarations if (d.name or "").endswith("_solution")]
        assert bool(solutions) == record["has_solution"]
    assert sum(record["has_solution"] for record in index.values()) == 346
    assert len({header_hash(source) for source in putnam.values()}) == 141


def test_putnam_statements_and_binders(putnam: dict[str, LeanFile]) -> None:
    binders = {name: source.theorems[0].binders for name, source in putnam.items()}
    assert Counter(b.bracket for found in binders.values() for b in found) == {"(": 2287, "[": 46, "{": 10}
    assert sum(not found for found in binders.values()) == 112
    assert max(map(len, binders.values())) == 16
    assert all(b.names and b.type for found in binders.values() for b in found if b.bracket != "[")
    inside = {name for name, s in putnam.items() if ":=" in s.theorems[0].statement.of(s.mask.text)}
    assert inside == {f"putnam_{name}" for name in STATEMENTS_WITH_ASSIGN.split()}
    assert all(s.theorems[0].assign.of(s.text) == ":=" for s in putnam.values())


def test_putnam_endings(putnam: dict[str, LeanFile]) -> None:
    endings = Counter(s.theorems[0].body.of(s.text).lstrip(" ") for s in putnam.values())
    assert endings == {":=\nsorry": 524, ":=\n  sorry": 137, ":= by\n  sorry": 10, ":= sorry": 1}


def test_putnam_docstrings_are_the_informal_statements(putnam: dict[str, LeanFile], data: Path) -> None:
    records = json.loads((data / "putnambench" / "informal" / "putnam.json").read_text(encoding="utf-8"))
    informal = {r["problem_name"]: re.sub(r"<([a-zA-Z])", r"< \1", r["informal_statement"]) for r in records}
    for name, source in putnam.items():
        docstring = source.theorems[0].command.docstring
        assert docstring is not None
        assert docstring.of(source.text)[3:-2].strip() == informal[name].strip()


def test_putnam_anchored_regex_agrees(putnam: dict[str, LeanFile]) -> None:
    """On files that end in `sorry` one anchored expression is an independent witness of the same cuts."""
    whole = re.compile(
        r"\A(?:(?:import|open|set_option|--)[^\n]*\n|\s)*(?P<pre>.*?)(?P<doc>/--.*?-/)\s*(?P<statement>theorem\s+"
        r"(?P<name>[\w'.]+).*\S)\s*:=\s*(?P<proof>(?:by\s+)?sorry)\s*\Z",
        re.DOTALL,
    )
    for source in putnam.values():
        found, target = whole.match(source.text), source.theorems[0]
        assert found is not None
        assert found["name"] == target.name
        assert found.span("statement") == target.statement
        assert found.span("proof") == target.proof


def test_putnam_problems_fill_the_answer_and_nothing_else(putnam: dict[str, LeanFile], index: dict[str, Any]) -> None:
    for name, source in putnam.items():
        if index[name]["has_solution"]:
            with pytest.raises(SourceError, match=f"{name}_solution is left open"):
                problem(source.text)
            found = problem(source.text, answer="(ANSWER)")
            before, _, after = source.text.partition("sorry")
            assert found.text == f"{before}(ANSWER){after}"
        else:
            found = problem(source.text)
            assert found.text == source.text
        assert found.name == name
        assert found.lead.startswith("/--")
        assert found.statement.startswith("theorem putnam_")
        assert found.proof.lstrip().startswith(":=")
        assert not found.suffix.strip()


def test_minif2f_problems(data: Path) -> None:
    records = read_lines(data / "minif2f_valid.jsonl")
    assert len(records) == 244
    for record in records:
        found = problem(record["header"] + record["informal_prefix"] + record["formal_statement"])
        assert found.name == record["name"]
        assert found.preamble == record["header"]
        assert found.lead == record["informal_prefix"]
        assert found.statement + found.proof + found.suffix == record["formal_statement"]
        assert found.proof == " := by"


def test_all_problem_files_in_under_two_seconds(data: Path) -> None:
    texts = [f.read_bytes().decode() for f in (data / "putnambench" / "lean4" / "src").glob("*.lean")]
    texts += [r["header"] + r["formal_statement"] for r in read_lines(data / "minif2f_valid.jsonl")]
    start = time.process_time()
    assert sum(len(parse(text).theorems) for text in texts) == 672 + 244
    assert time.process_time() - start < 2


def test_tactic_tests_are_theorems_with_proofs(data: Path) -> None:
    records = read_lines(data / "tactic_tests.jsonl")
    assert len(records) == 533
    for record in records:
        source = parse(record["text"])
        complete = not record["text"].rstrip().endswith(":=")  # one text lost its proof
        assert [(d.name, d.complete) for d in source.theorems] == [(record["id"], complete)]
        assert "".join(source.pieces) == source.text


def sweep_mathlib(data: Path, share: int) -> dict[str, Any]:
    """Two processes, each with half of the files; every process reads the archive itself."""
    program = Path(__file__).with_name("mathlib_count.py")
    archive = data / "mathlib-2025-06-07.tar.xz"
    running = [
        subprocess.Popen([sys.executable, program, archive, str(part), "2", str(share)], stdout=subprocess.PIPE)
        for part in range(2)
    ]
    try:
        parts = [json.loads(process.communicate(timeout=900)[0]) for process in running]
    finally:
        for process in running:
            process.kill()
            process.communicate()
    return {key: parts[0][key] + parts[1][key] for key in parts[0]}


def test_a_tenth_of_mathlib(data: Path) -> None:
    found = sweep_mathlib(data, 10)
    assert found["files"] == 683
    assert found["torn"] == []
    assert len(found["differ"]) <= 1, found["differ"]


@pytest.mark.evidence
def test_all_of_mathlib(data: Path) -> None:
    found = sweep_mathlib(data, 1)
    assert found["files"] == 6836
    assert found["characters"] > 73_000_000
    assert found["torn"] == []
    # Both hold a theorem inside a quotation, which the count by lines takes for one of the file.
    assert [name for name, _, _ in sorted(found["differ"])] == [
        "Mathlib/Tactic/DeriveCountable.lean",
        "Mathlib/Tactic/DeriveEncodable.lean",
    ]
    assert found["theorems"] == 152_157
    assert found["seconds"] < 180  # of both processes together, so that other work on the machine does not count
