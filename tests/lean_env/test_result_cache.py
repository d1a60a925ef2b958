import asyncio
import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from lemmata.aio import collect
from lemmata.domain import CheckerIdentity, CheckResult, CheckStatus, Diagnostic, Level, Position, Severity
from lemmata.errors import InfrastructureError
from lemmata.lean_env.checker import NamesConstants, RunsTactics, TacticResult
from lemmata.lean_env.cli import CliChecker
from lemmata.lean_env.result_cache import FILE, LARGEST, CachedChecker, ResultStore, cached

DOUBLE = Path(__file__).parent.parent / "doubles" / "remembers.py"
IDENTITY = CheckerIdentity(name="double", level=Level.CHECKED, lean_version="4.35.0", options=("a=1",))
ERROR = Diagnostic(severity=Severity.ERROR, start=Position(line=1, column=2), text="no ∀")
Answer = Callable[[str], Awaitable[CheckResult]]


class Scripted:
    """Answers as it is told, and notes what it was asked."""

    def __init__(self, status: CheckStatus = CheckStatus.OK, identity: CheckerIdentity = IDENTITY) -> None:
        self.identity, self.status = identity, status
        self.asked: list[tuple[str, bool]] = []
        self.gate = asyncio.Event()
        self.gate.set()
        self.closed = 0

    async def check(self, text: str, timeout: float, *, goals: bool = False) -> CheckResult:
        self.asked.append((text, goals))
        await self.gate.wait()
        diagnostics = (ERROR.model_copy(update={"text": text}),)
        return CheckResult(status=self.status, diagnostics=diagnostics, seconds=2.5, checker=self.identity)

    async def aclose(self) -> None:
        self.closed += 1


class Tactics(Scripted):
    async def run_tactics(
        self, text: str, hole: int, tactics: Sequence[str], timeout: float
    ) -> tuple[TacticResult, ...]:
        return tuple(TacticResult(tactic=f"{text}{hole}{t}{timeout}", closed=True) for t in tactics)


class Constants(Scripted):
    async def used_constants(self, text: str, timeout: float) -> tuple[str, ...]:
        return text, str(timeout)


class Both(Tactics, Constants):
    pass


async def asked_twice(inner: Scripted, folder: Path, *, text: str = "theorem t", goals: bool = False) -> list[Any]:
    """The results of two checks, each by a cache of its own over the same checker and folder."""
    results = []
    for _ in range(2):
        cache = cached(inner, folder)
        results.append(await cache.check(text, 5, goals=goals))
        await cache.aclose()
    return results


# --- what is kept


@pytest.mark.parametrize("status", [CheckStatus.OK, CheckStatus.HOLES, CheckStatus.ERRORS])
async def test_a_verdict_is_kept_beyond_the_process_and_says_so(status: CheckStatus, tmp_path: Path) -> None:
    inner = Scripted(status)
    first, second = await asked_twice(inner, tmp_path / "deep" / "cache", text="∀ \0 x")
    assert len(inner.asked) == 1
    assert (first.cached, first.seconds) == (False, 2.5)
    assert second == first.model_copy(update={"cached": True, "seconds": 0.0})
    assert inner.closed == 2


@pytest.mark.parametrize("status", [CheckStatus.TIMEOUT, CheckStatus.CRASHED, CheckStatus.UNSUPPORTED])
async def test_what_is_no_verdict_is_not_kept(status: CheckStatus, tmp_path: Path) -> None:
    inner = Scripted(status)
    first, second = await asked_twice(inner, tmp_path)
    assert len(inner.asked) == 2
    assert first == second
    assert not second.cached


async def test_the_whole_text_and_the_question_for_goals_make_a_difference(tmp_path: Path) -> None:
    inner = Scripted()
    cache = cached(inner, tmp_path)
    questions = [("a", False), ("a", True), ("a ", False), ("A", False), ("a\n", False)]
    for text, goals in questions * 2:
        await cache.check(text, 5, goals=goals)
    assert inner.asked == questions
    await cache.aclose()


@pytest.mark.parametrize("field", CheckerIdentity.model_fields)
async def test_everything_about_the_checker_makes_a_difference(field: str, tmp_path: Path) -> None:
    now = getattr(IDENTITY, field)
    other = Level.SIMULATED if isinstance(now, Level) else ("other",) if isinstance(now, tuple) else "other"
    await asked_twice(Scripted(), tmp_path)
    changed = Scripted(identity=IDENTITY.model_copy(update={field: other}))
    first, second = await asked_twice(changed, tmp_path)
    assert (first.cached, second.cached) == (False, True)
    assert second.checker == changed.identity


async def test_another_library_makes_a_difference(tmp_path: Path) -> None:
    inner = Scripted()
    for library in ("", "a", "b", "a"):
        cache = cached(inner, tmp_path, library=library)
        await cache.check("a", 5)
        await cache.aclose()
    assert len(inner.asked) == 3


async def test_a_verdict_is_kept_under_the_name_of_who_spoke(tmp_path: Path) -> None:
    class Server(Scripted):
        async def check(self, text: str, timeout: float, *, goals: bool = False) -> CheckResult:
            self.identity = self.identity.model_copy(update={"lean_version": "4.99.0"})
            return await super().check(text, timeout, goals=goals)

    inner = Server()
    cache = cached(inner, tmp_path)
    results = [await cache.check("a", 5) for _ in range(3)]
    assert [r.cached for r in results] == [False, True, True]
    fresh = Server()
    again = cached(fresh, tmp_path)
    assert not (await again.check("a", 5)).cached, "it does not know yet which Lean it is"
    await cache.aclose()
    await again.aclose()


async def test_a_text_that_no_file_can_hold_is_checked(tmp_path: Path) -> None:
    inner = Scripted()
    told: list[str] = []
    cache = cached(inner, tmp_path, progress=told.append)
    for _ in range(2):
        assert (await cache.check("\ud800", 5)).status is CheckStatus.OK
    assert (len(inner.asked), told) == (2, [])
    await cache.aclose()


@pytest.mark.embedded
async def test_over_a_real_lean(embedded: CliChecker, tmp_path: Path) -> None:
    cache = cached(embedded, tmp_path)
    text = "theorem t (p : Prop) (h : p) : p := by\n  sorry\n"
    first = await cache.check(text, 60, goals=True)
    second = await cache.check(text, 60, goals=True)
    assert first.status is CheckStatus.HOLES
    assert first.holes[0].goal
    assert second == first.model_copy(update={"cached": True, "seconds": 0.0})
    await cache.aclose()


# --- abilities


@pytest.mark.parametrize("kind", [Scripted, Tactics, Constants, Both])
async def test_it_can_do_what_the_checker_can_and_no_more(kind: type[Scripted], tmp_path: Path) -> None:
    inner = kind()
    cache = cached(inner, tmp_path)
    for ability in (RunsTactics, NamesConstants):
        assert isinstance(cache, ability) == isinstance(inner, ability)
    if isinstance(cache, RunsTactics):
        assert (await cache.run_tactics("a", 1, ["x"], 2.0))[0].tactic == "a1x2.0"
    if isinstance(cache, NamesConstants):
        assert await cache.used_constants("a", 2.0) == ("a", "2.0")
    assert cache.identity == inner.identity
    await cache.aclose()


async def test_closing_twice_is_closing(tmp_path: Path) -> None:
    inner = Scripted()
    cache = cached(inner, tmp_path)
    await cache.check("a", 5)
    await cache.aclose()
    await cache.aclose()
    assert (await cache.check("b", 5)).status is CheckStatus.OK, "whether it is closed is the checker's business"
    assert os.listdir(tmp_path) == [FILE]  # noqa: PTH208 - the path is no event loop's business


# --- the same at the same time


async def test_the_same_text_at_the_same_time_is_checked_once(tmp_path: Path) -> None:
    inner = Scripted()
    cache = cached(inner, tmp_path)
    results = await collect([lambda: cache.check("a", 5)] * 20 + [lambda: cache.check("b", 5)] * 20)
    assert sorted(inner.asked) == [("a", False), ("b", False)]
    assert [r.cached for r in results].count(False) == 2
    await cache.aclose()


async def test_who_waited_for_no_verdict_checks_as_well(tmp_path: Path) -> None:
    inner = Scripted(CheckStatus.TIMEOUT)
    cache = cached(inner, tmp_path)
    results = await collect([lambda: cache.check("a", 5)] * 5)
    assert len(inner.asked) == 5
    assert {(r.status, r.cached) for r in results} == {(CheckStatus.TIMEOUT, False)}
    await cache.aclose()


async def test_cancelling_the_first_or_a_waiter_harms_nobody(tmp_path: Path) -> None:
    inner = Scripted()
    inner.gate.clear()
    cache = cached(inner, tmp_path)
    tasks = [asyncio.ensure_future(cache.check("a", 5)) for _ in range(4)]
    async with asyncio.timeout(10):
        while not inner.asked:  # noqa: ASYNC110 - it looks into its file first
            await asyncio.sleep(0.01)
    await asyncio.sleep(0.1)
    first, waiter, *others = tasks
    waiter.cancel()
    await asyncio.sleep(0)
    first.cancel()
    inner.gate.set()
    for task in (first, waiter):
        with pytest.raises(asyncio.CancelledError):
            await task
    assert [(await task).status for task in others] == [CheckStatus.OK] * 2
    await cache.aclose()


async def test_a_broken_checker_is_said_to_be_broken(tmp_path: Path) -> None:
    class Broken(Scripted):
        async def check(self, text: str, timeout: float, *, goals: bool = False) -> CheckResult:
            raise InfrastructureError("gone")

    cache = cached(Broken(), tmp_path)
    for _ in range(2):
        with pytest.raises(InfrastructureError, match="gone"):
            await cache.check("a", 5)
    await cache.aclose()


# --- bounds


def test_what_was_not_used_longest_goes_first(tmp_path: Path) -> None:
    now = [0.0]
    store = ResultStore(tmp_path, limit=6400, clock=lambda: now[0])
    for number in range(80):
        now[0] += 100
        store.put(f"{number}", "x" * 98)
        assert store.get("3") is None if number < 3 else store.get("3")
    kept = [n for n in range(80) if store.get(f"{n}")]
    assert 55 < len(kept) <= 64
    assert kept == [3, *range(80 - len(kept) + 1, 80)]
    store.close()


def test_the_bound_holds_for_what_was_there_before(tmp_path: Path) -> None:
    large = ResultStore(tmp_path)
    for number in range(100):
        large.put(f"{number}", "x" * 98)
    large.close()
    small = ResultStore(tmp_path, limit=1000)
    assert sum(small.get(f"{n}") is not None for n in range(100)) == 9
    small.close()


def test_what_is_too_large_is_not_kept(tmp_path: Path) -> None:
    store = ResultStore(tmp_path)
    store.put("a", "x" * LARGEST)
    store.put("b", "x" * (LARGEST - 1))
    assert store.get("a") is None
    assert store.get("b")
    store.close()


# --- what can go wrong


async def goes_on_without(cache: CachedChecker, inner: Scripted, told: list[str]) -> None:
    """Checks are made, one after the other and at once, and it is said once why nothing is kept."""
    for _ in range(2):
        assert (await cache.check("a", 5)).status is CheckStatus.OK
    await collect([lambda text=text: cache.check(text, 5) for text in "bcd"])
    assert len(inner.asked) == 5
    assert len(told) == 1
    assert FILE in told[0]
    assert told[0].startswith("verdicts are not kept: ")
    await cache.aclose()


async def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text("no database at all " * 100)
    inner, told = Scripted(), list[str]()
    await goes_on_without(cached(inner, tmp_path, progress=told.append), inner, told)
    assert "not a database" in told[0]


async def test_a_damaged_database(tmp_path: Path) -> None:
    store = ResultStore(tmp_path)
    for number in range(500):
        store.put(f"{number}", "x" * 98)
    store.close()
    damaged = bytearray((tmp_path / FILE).read_bytes())
    damaged[4096:] = b"\xff" * (len(damaged) - 4096)
    (tmp_path / FILE).write_bytes(damaged)
    inner, told = Scripted(), list[str]()
    await goes_on_without(cached(inner, tmp_path, progress=told.append), inner, told)
    assert "malformed" in told[0]


async def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    inner, told = Scripted(), list[str]()
    await goes_on_without(cached(inner, tmp_path / "file" / "cache", progress=told.append), inner, told)


async def test_nobody_need_be_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    cache = cached(Scripted(), tmp_path / "file")
    assert (await cache.check("a", 5)).status is CheckStatus.OK
    await cache.aclose()


@pytest.mark.parametrize("kept", ["", "{}", "null", '{"status": "ok"}', "OTHER"])
async def test_what_is_no_result_is_replaced(kept: str, tmp_path: Path) -> None:
    other = CheckResult(status=CheckStatus.TIMEOUT, checker=IDENTITY).model_dump_json()
    await asked_twice(Scripted(), tmp_path)
    database = sqlite3.connect(tmp_path / FILE)
    database.execute("UPDATE results SET result = ?", (other if kept == "OTHER" else kept,))
    database.commit()
    database.close()
    first, second = await asked_twice(Scripted(), tmp_path)
    assert (first.cached, second.cached) == (False, True)


async def test_a_file_that_somebody_holds_is_passed_by_this_once(tmp_path: Path) -> None:
    await asked_twice(Scripted(), tmp_path)
    holder = sqlite3.connect(tmp_path / FILE, isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    inner, told = Scripted(), list[str]()
    cache = CachedChecker(inner, ResultStore(tmp_path, wait=0.01), progress=told.append)
    assert (await cache.check("other", 5)).status is CheckStatus.OK
    holder.execute("ROLLBACK")
    holder.close()
    assert [(await cache.check("other", 5)).cached for _ in range(2)] == [False, True]
    assert told == []
    await cache.aclose()


def test_a_use_that_cannot_be_written_down_is_a_use(tmp_path: Path) -> None:
    now = [0.0]
    store = ResultStore(tmp_path, wait=0.01, clock=lambda: now[0])
    store.put("a", "x")
    holder = sqlite3.connect(tmp_path / FILE, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    now[0] += 1000
    assert store.get("a") == "x"
    holder.close()
    store.close()


def in_process(folder: Path, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen([sys.executable, str(DOUBLE), str(folder), *arguments], stdout=subprocess.PIPE, text=True)


def outcome(process: subprocess.Popen[str]) -> dict[str, Any]:
    out, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    found: dict[str, Any] = json.loads(out)
    return found


@pytest.mark.parametrize("size", ["1", "20000", "60000"])
def test_a_full_disk_fails_no_check(size: str, tmp_path: Path) -> None:
    full = outcome(in_process(tmp_path, "--size", size, "0", "100"))
    assert (full["ran"], full["right"], len(full["told"])) == (100, 100, 1)
    after = outcome(in_process(tmp_path, "0", "100"))
    assert (after["right"], after["told"]) == (100, []), "and the file is as good as before"
    assert (after["ran"] < 100) == (size == "60000")


def test_processes_share_a_file(tmp_path: Path) -> None:
    together = [in_process(tmp_path, "0", "150"), in_process(tmp_path, "50", "200")]
    results = [outcome(p) for p in together]
    assert [(r["right"], r["told"]) for r in results] == [(150, [])] * 2
    after = outcome(in_process(tmp_path, "0", "200"))
    assert (after["ran"], after["right"]) == (0, 200)
