"""The whole embedded core, whatever it holds: the kernel takes every declaration, and all rests on three axioms."""

import asyncio
import json
import sys
from pathlib import Path

import pytest

from lemmata.lean_env import process
from lemmata.lean_env.embedded import core_library
from lemmata.lean_env.library import Library
from lemmata.lean_env.terms import Kind, parse_name, show
from lemmata.lean_env.toolchain import Toolchain
from lemmata.lean_env.verifier import AXIOMS

pytestmark = pytest.mark.embedded


@pytest.mark.slow
def test_the_kernel_takes_every_declaration(embedded_toolchain: Toolchain) -> None:
    """Each module after those it imports, from an empty environment: nothing of the library is taken on trust."""
    lean, program = embedded_toolchain, Path(__file__).with_name("core_replay.py")
    argv = [sys.executable, program, lean.library, *lean.folders]
    done = asyncio.run(process.run(argv, cwd=program.parent, env={}, timeout=120))
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    found = json.loads(done.stdout)
    assert found.pop("refused") == []
    modules = core_library.modules()
    assert found["modules"] == len(modules)
    assert found["constants"] == found["declared"] + found["left_out"]
    assert found["declared"] > 4000
    assert found["left_out"] < found["constants"] / 50


def test_all_of_it_rests_on_three_axioms(embedded_toolchain: Toolchain) -> None:
    """An axiom that nothing uses proves nothing: the compiler's own and `sorryAx` are such."""
    library = Library(embedded_toolchain.folders)
    modules = library.closure(map(parse_name, core_library.modules())).values()
    home = {name: module for module in modules for name in module.names}
    used, seen = set(), set[int]()
    for name, module in home.items():
        if (constant := module[name]).kind is not Kind.AXIOM:
            used |= constant.mentions(library.terms, seen)
    axioms = {name for name in used if home[name][name].kind is Kind.AXIOM}
    assert axioms == set(map(parse_name, AXIOMS))
    declared = {show(name) for name in home if home[name][name].kind is Kind.AXIOM}
    assert {a for a in declared - set(AXIOMS) if not a.startswith("lc")} == {"sorryAx"}
