"""The embedded core library: what people cite and try is there and is what Lean's own library says it is."""

from pathlib import Path
from typing import Final

import pytest

from lemmata.domain import CheckStatus
from lemmata.lean_env import source
from lemmata.lean_env.cli import CliChecker
from lemmata.lean_env.embedded import core_library
from lemmata.lean_env.library import Library
from lemmata.lean_env.terms import Kind, show
from lemmata.lean_env.toolchain import Toolchain

pytestmark = pytest.mark.embedded

ROOT: Final = Path(__file__).parents[2]
EXAMPLES: Final = {f.stem: f.read_text() for f in sorted((ROOT / "examples/core").glob("*.lean"))}
PROOFS: Final = {f.stem: f.read_text() for f in sorted((Path(__file__).parent / "core_proofs").glob("*.lean"))}

USES: Final = {f.stem: f.read_text() for f in sorted((Path(__file__).parent / "core_uses").glob("*.lean"))}


@pytest.mark.parametrize("name", ["names", "statements", "tried", "more"])
async def test_what_people_cite_and_try_is_there(name: str, embedded: CliChecker) -> None:
    result = await embedded.check(USES[name], 60)
    lines = USES[name].splitlines()
    assert (result.status, [(lines[e.start.line - 1], e.text) for e in result.errors]) == (CheckStatus.OK, [])


def test_the_core_rests_on_three_axioms(embedded_toolchain: Toolchain) -> None:
    library = Library(embedded_toolchain.folders)
    modules = library.closure([("Init",)]).values()
    home = {name: module for module in modules for name in module.names}
    todo = [name for name in home if home[name][name].kind is Kind.THEOREM]
    assert len(todo) > 1500
    axioms, done, seen = set(), set(todo), set[int]()
    while todo:
        constant = home[name := todo.pop()][name]
        if constant.kind is Kind.AXIOM:
            axioms.add(show(name))
        fresh = constant.mentions(library.terms, seen) - done
        done |= fresh
        todo += fresh
    assert axioms == {"propext", "Quot.sound", "Classical.choice"}


def test_no_source_of_the_core_has_a_hole() -> None:
    for name, text in core_library.modules().items():
        assert [d.title for d in source.parse(text).theorems if not d.complete] == [], name


def test_every_example_has_a_reference_proof() -> None:
    assert list(EXAMPLES) == list(PROOFS)
    for name, text in EXAMPLES.items():
        problem = source.problem(text)
        assert problem.proof == " := by\n  sorry"
        if name.startswith("true"):
            assert PROOFS[name].startswith(problem.preamble)
            assert f"{problem.statement} := by\n" in PROOFS[name]


@pytest.mark.parametrize("name", PROOFS)
async def test_reference_proofs_are_accepted(name: str, embedded: CliChecker) -> None:
    result = await embedded.check(PROOFS[name], 60)
    assert (result.status, result.errors) == (CheckStatus.OK, ())
    if name.startswith("false"):  # what is negated there is the statement of the example
        problem = source.problem(EXAMPLES[name])
        statement = source.parse(PROOFS[name]).theorems[-1].target.of(PROOFS[name]).removeprefix("¬")
        tied = await embedded.check(f"{EXAMPLES[name]}\nexample : {statement} := @{problem.name}\n", 60)
        assert (tied.status, tied.errors) == (CheckStatus.HOLES, ())
