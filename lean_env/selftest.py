"""The self-test of a toolchain: before the first certificate five cheats must be refused and five honest twins pass.

They go the very way that submissions go, but for the sieve: what stands behind it is tested, each layer by a cheat
that only it refuses. The result is kept by the toolchain's hash.
"""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Final, NamedTuple

from lemmata._version import __version__
from lemmata.aio import collect
from lemmata.domain import Model
from lemmata.errors import InfrastructureError, SourceError
from lemmata.lean_env.brief import Brief, Layer, Refused
from lemmata.lean_env.cache import build_once, cache_folder
from lemmata.lean_env.compiler import Compiler
from lemmata.lean_env.fingerprint import snapshot
from lemmata.lean_env.judge import Inspector
from lemmata.lean_env.trial import Trial

SECONDS: Final = 300.0
"""For all of it; a warm toolchain takes some ten."""
_AT_ONCE: Final = 2
_RESULT: Final = "result.json"
AXIOMS: Final = ("propext", "Quot.sound", "Classical.choice")


class Case(NamedTuple):
    """A challenge and what answers it."""

    name: str
    challenge: str
    submission: str
    layer: Layer | None = None
    """What must refuse it; None: it must pass."""


CASES: Final = (
    Case(
        "a hole in a helper",
        "theorem target : (0 : Nat) = 1 := sorry",
        "theorem bad : (0 : Nat) = 1 := sorryAx _ false\ntheorem target : (0 : Nat) = 1 := bad",
        Layer.AXIOMS,
    ),
    Case(
        "an axiom of its own",
        "theorem target : (0 : Nat) = 1 := sorry",
        "axiom cheat (p : Prop) : p\ntheorem target : (0 : Nat) = 1 := cheat _",
        Layer.AXIOMS,
    ),
    Case(
        "a hypothesis that the text does not show",
        "theorem target (n : Nat) : n = n + 1 := sorry",
        "variable (h : False)\ninclude h\ntheorem target (n : Nat) : n = n + 1 := h.elim",
        Layer.STATEMENT,
    ),
    Case(
        "another definition under the same name",
        "def Large (n : Nat) : Prop := 100 < n\ntheorem target : Large 4 := sorry",
        "def Large (_ : Nat) : Prop := True\ntheorem target : Large 4 := trivial",
        Layer.STATEMENT,
    ),
    Case(
        "a proof that no kernel saw",
        "theorem target : (0 : Nat) = 1 := sorry",
        "set_option debug.skipKernelTC true\ntheorem target : (0 : Nat) = 1 := by decide +kernel",
        Layer.KERNEL,
    ),
    Case("a term", "theorem target : (1 : Nat) = 1 := sorry", "theorem target : (1 : Nat) = 1 := rfl"),
    Case(
        "a helper",
        "theorem target (p q : Prop) (h : p ∧ q) : q ∧ p := sorry",
        "theorem swap (p q : Prop) (h : p ∧ q) : q ∧ p := ⟨h.2, h.1⟩\n"
        "theorem target (p q : Prop) (h : p ∧ q) : q ∧ p := swap p q h",
    ),
    Case(
        "the axioms of Lean",
        "theorem target (p : Prop) : p ∨ ¬p := sorry",
        "theorem target (p : Prop) : p ∨ ¬p := Classical.em p",
    ),
    Case(
        "a definition of the challenge",
        "def twice (n : Nat) : Nat := n + n\ntheorem target : twice 2 = 4 := sorry",
        "def twice (n : Nat) : Nat := n + n\ntheorem target : twice 2 = 4 := rfl",
    ),
    Case(
        "induction",
        "inductive Way where\n  | here\n  | on (w : Way)\n"
        "def Way.steps : Way → Nat\n  | .here => 0\n  | .on w => w.steps + 1\n"
        "theorem target (w : Way) : w.on.steps = w.steps + 1 := sorry",
        "inductive Way where\n  | here\n  | on (w : Way)\n"
        "def Way.steps : Way → Nat\n  | .here => 0\n  | .on w => w.steps + 1\n"
        "theorem target (w : Way) : w.on.steps = w.steps + 1 := by\n  cases w <;> rfl",
    ),
)


class SelfTest(Model):
    """How a toolchain and its inspector did."""

    passed: bool
    reasons: tuple[str, ...] = ()
    """What went otherwise than it must, in words; empty if it passed."""
    toolchain_sha256: str


async def selftest(
    compiler: Compiler,
    inspectors: Sequence[Inspector],
    *,
    cache: Path | None = None,
    cases: Sequence[Case] = CASES,
    fresh: bool = False,
) -> SelfTest:
    """Try a toolchain and the first of the inspectors that can judge it; what passed once is not tried again.

    Of several processes that ask at the same time one tries, the others wait for it.

    Args:
        compiler: what compiles.
        inspectors: what judges; they are tried as `Trial` takes them.
        cache: folder of results; by default this user's.
        cases: what is tried.
        fresh: try it again in any case.
    """
    cache = cache or cache_folder()
    toolchain = compiler.toolchain
    sha256 = await asyncio.to_thread(lambda: snapshot(toolchain).sha256(cache))
    place = _place(cache, sha256, inspectors, cases)
    found: list[SelfTest] = []

    async def build(folder: Path) -> None:
        found.append(await _run(compiler, inspectors, cases, cache, sha256))
        if found[-1].passed:  # what failed may have been the machine's mood
            (folder / _RESULT).write_text(found[-1].model_dump_json(), encoding="utf-8")

    if fresh:
        return await _run(compiler, inspectors, cases, cache, sha256)
    with suppress(InfrastructureError):  # a cache that cannot be written to keeps nothing
        await build_once(place, lambda folder: _kept(folder) is not None, build)
    known = found[-1] if found else _kept(place)
    return known or await _run(compiler, inspectors, cases, cache, sha256)


async def _run(
    compiler: Compiler, inspectors: Sequence[Inspector], cases: Sequence[Case], cache: Path, sha256: str
) -> SelfTest:
    deadline = time.monotonic() + SECONDS
    slots = asyncio.Semaphore(_AT_ONCE)

    async def tried(case: Case) -> str | None:
        async with slots:
            return await _try(case, compiler, inspectors, deadline, cache)

    said = await collect(partial(tried, case) for case in cases)
    reasons = tuple(reason for reason in said if reason)
    return SelfTest(passed=not reasons, reasons=reasons, toolchain_sha256=sha256)


async def _try(
    case: Case, compiler: Compiler, inspectors: Sequence[Inspector], deadline: float, cache: Path | None
) -> str | None:
    """What went otherwise than it must, in words."""
    brief = Brief(case.submission, case.name, case.challenge, allow=AXIOMS, sieved=False)
    try:
        outcome = await Trial(brief, compiler, inspectors, deadline, cache=cache).run()
    except SourceError as error:
        return f"{case.name}: {error.message}"
    if not isinstance(outcome, Refused):
        return None if case.layer is None else f"{case.name} was not refused"
    why = "; ".join(outcome.reasons)
    if case.layer is None:
        return f"{case.name}, which is honest, was refused: {why}"
    return None if outcome.layer is case.layer else f"{case.name} was refused for another reason: {why}"


def _place(cache: Path, sha256: str, inspectors: Sequence[Inspector], cases: Sequence[Case]) -> Path:
    """Where a result is kept: it holds for this toolchain, these judges and these cases."""
    what = "\n".join((__version__, sha256, *(type(i).__qualname__ for i in inspectors), *map(repr, cases)))
    return cache / "selftests" / hashlib.sha256(what.encode()).hexdigest()[:32]


def _kept(folder: Path) -> SelfTest | None:
    try:
        return SelfTest.model_validate_json((folder / _RESULT).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
