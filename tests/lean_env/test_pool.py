import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Self

import pytest

from lemmata.domain import CheckerIdentity, CheckResult, CheckStatus, Hole, Level, Position
from lemmata.errors import InfrastructureError, MissingError
from lemmata.lean_env.checker import Checker, NamesConstants, RunsTactics
from lemmata.lean_env.pool import PROCESS_MB, ReplPool, default_workers, machine_memory_mb
from lemmata.lean_env.process import Confinement
from lemmata.lean_env.repl import ReplSpec

DOUBLE = Path(__file__).resolve().parent.parent / "doubles" / "repl.py"
IDENTITY = CheckerIdentity(name="repl", level=Level.CHECKED, lean_version="4.99.0")
TRUE = "theorem t : True := trivial"


@asynccontextmanager
async def pooled(
    workers: int | None = 1,
    *,
    options: tuple[str, ...] = (),
    slots: asyncio.Semaphore | None = None,
    queue: int = 100,
    uses: int = 200,
    memory_mb: int | None = None,
    confinement: Confinement | None = None,
    **variables: str,
) -> AsyncIterator[ReplPool]:
    spec = ReplSpec(
        (sys.executable, "-I", "-S", str(DOUBLE)),
        {"PATH": os.environ["PATH"], **variables},
        IDENTITY.model_copy(update={"options": options}),
        memory_mb=memory_mb,
        worker_uses=uses,
        confinement=confinement,
    )
    pool = ReplPool(spec, workers=workers, slots=slots, queue=queue)
    try:
        yield pool
    finally:
        await pool.aclose()


def lines(log: Path) -> list[str]:
    return log.read_text(encoding="utf-8").splitlines()


def headers(log: Path) -> list[str]:
    requests = [json.loads(line) for line in lines(log) if line.startswith("{")]
    return [r["cmd"].removeprefix("import ") for r in requests if "cmd" in r and "env" not in r]


# --- what it is


async def test_it_is_all_that_a_checker_can_be() -> None:
    async with pooled() as pool:
        checker: Checker = pool
        assert isinstance(checker, RunsTactics)
        assert isinstance(checker, NamesConstants)
        assert checker.identity == IDENTITY
        assert pool.sandbox == "none"


@pytest.mark.parametrize(
    ("given", "level"),
    [(Level.CONFIRMED, Level.CHECKED), (Level.CERTIFIED, Level.CHECKED), (Level.SIMULATED, Level.SIMULATED)],
)
def test_its_word_is_never_worth_more_than_checked(given: Level, level: Level) -> None:
    pool = ReplPool(ReplSpec(("repl",), {}, IDENTITY.model_copy(update={"level": given})), workers=1)
    assert pool.identity.level is level


@pytest.mark.parametrize(
    ("memory", "cores", "workers"),
    [(0, 8, 1), (PROCESS_MB, 8, 1), (2 * PROCESS_MB, 8, 1), (5 * PROCESS_MB, 8, 4), (65536, 16, 8), (262144, 8, 8)],
)
def test_as_many_workers_as_memory_and_cores_allow(memory: int, cores: int, workers: int) -> None:
    assert default_workers(memory, cores) == workers


async def test_by_default_the_machine_decides() -> None:
    assert 64 < machine_memory_mb() < 1 << 26
    async with pooled(None) as pool:
        assert (await pool.check(TRUE, 20)).status is CheckStatus.OK


class Wrapper:
    """Lets the double keep a log that its environment says nothing of."""

    name = "bubblewrap"

    def __init__(self, log: Path) -> None:
        self._script = f"import os, sys; os.environ['LOG'] = {str(log)!r}; os.execv(sys.argv[1], sys.argv[1:])"

    def reading(self, folders: Sequence[Path]) -> Self:
        return self

    def wrap(self, argv: Sequence[str], cwd: Path, memory: int) -> list[str]:
        return [sys.executable, "-c", self._script, *argv]


async def test_workers_run_where_they_are_confined(tmp_path: Path) -> None:
    async with pooled(confinement=Wrapper(tmp_path / "log")) as pool:
        assert pool.sandbox == "bubblewrap"
        assert (await pool.check(TRUE, 20)).status is CheckStatus.OK
    assert headers(tmp_path / "log") == ["Init"]


# --- checks


@pytest.mark.parametrize(
    ("text", "status"),
    [
        (TRUE, CheckStatus.OK),
        (f"import A\n{TRUE}", CheckStatus.OK),
        ("theorem t : True := sorry", CheckStatus.HOLES),
        ("#check nothing", CheckStatus.ERRORS),
        ("#check nothing\ntheorem t : True := sorry", CheckStatus.ERRORS),
        ("import Missing.A\n", CheckStatus.UNSUPPORTED),
        ("prelude\n", CheckStatus.UNSUPPORTED),
    ],
)
async def test_what_lean_says_of_a_text(text: str, status: CheckStatus) -> None:
    async with pooled() as pool:
        result = await pool.check(text, 20)
        assert result.status is status
        assert result.checker == IDENTITY
        assert (result.reason is None) == status.verdict
        assert (0 < result.seconds < 20) == status.verdict


@pytest.mark.parametrize("before", ["", "import A\n", "-- é𝔸\nimport A /- x\n -/ import B ", "/-! 𝔸 -/ import A "])
async def test_positions_are_those_of_the_whole_text(before: str) -> None:
    text = before + "#check 𝔸nothing\ntheorem t : ∃ 𝔸, True := by sorry"
    last = text.split("\n")
    async with pooled() as pool:
        result = await pool.check(text, 20)
    (error,) = result.errors
    assert last[error.start.line - 1][error.start.column :] == "𝔸nothing"
    assert error.end == Position(line=error.start.line, column=len(last[error.start.line - 1]))
    (hole,) = result.holes
    assert (hole.start.line, last[-1][hole.start.column : hole.end.column]) == (len(last), "sorry")


async def test_goals_are_there_for_who_asks() -> None:
    async with pooled() as pool:
        text = "theorem t : A ∧ B := ⟨by sorry, by sorry⟩"
        asked, plain = await pool.check(text, 20, goals=True), await pool.check(text, 20)
    assert [h.goal for h in asked.holes] == ["h : True\n⊢ 0", "h : True\n⊢ 1"]
    assert [h.goal for h in plain.holes] == [None, None]
    assert asked.diagnostics == plain.diagnostics


async def test_a_hole_of_several_goals_is_one_and_a_hidden_one_counts() -> None:
    warning = {"severity": "warning", "pos": {"line": 1, "column": 8}, "data": "declaration uses 'sorry'"}
    place: dict[str, Any] = {"pos": {"line": 1, "column": 3}, "endPos": {"line": 1, "column": 8}}
    sorries = [place | {"goal": "⊢ a", "proofState": 0}, place | {"goal": "⊢ b", "proofState": 1}]
    async with pooled() as pool:
        several = {"env": 1, "messages": [warning], "sorries": sorries}
        result = await pool.check(f"-- do: reply {json.dumps(several)}", 20, goals=True)
        assert result.holes == (Hole(start=Position(line=1, column=3), end=Position(line=1, column=8), goal="⊢ a"),)
        assert result.status is CheckStatus.HOLES
        hidden = {"env": 3, "messages": [warning]}
        result = await pool.check(f"-- do: reply {json.dumps(hidden)}", 20)
        assert result.status is CheckStatus.HOLES
        assert [h.start.column for h in result.holes] == [8]
        unseen = {"env": 5, "sorries": sorries}
        assert (await pool.check(f"-- do: reply {json.dumps(unseen)}", 20)).status is CheckStatus.HOLES


# --- workers


async def test_problems_of_one_header_share_a_worker(tmp_path: Path) -> None:
    log = tmp_path / "log"
    async with pooled(2, LOG=str(log)) as pool:
        for number in range(5):
            text = f"import A\n-- {number}\nopen Nat\n-- do: log\n{TRUE}"
            assert (await pool.check(text, 20)).status is CheckStatus.OK
        assert (pool.stats.started, pool.stats.idle, pool.stats.served) == (1, 1, 5)
    assert headers(log) == ["A"]
    assert len({x for x in lines(log) if x.isdecimal()}) == 1


async def test_the_least_recently_used_header_goes_first(tmp_path: Path) -> None:
    log = tmp_path / "log"
    async with pooled(2, LOG=str(log)) as pool:
        for name in "ABACAB":
            assert (await pool.check(f"import {name}\n{TRUE}", 20)).status is CheckStatus.OK
            assert pool.stats.idle <= 2
    assert headers(log) == [*"ABCB"]


async def test_the_same_header_may_have_several_workers() -> None:
    async with pooled(3) as pool, asyncio.TaskGroup() as group:
        for _ in range(3):
            group.create_task(pool.check(f"-- do: sleep 300\n{TRUE}", 20))
    assert pool.stats.started == 3


async def test_a_worker_is_replaced_when_it_is_worn(tmp_path: Path) -> None:
    log = tmp_path / "log"
    async with pooled(uses=2, LOG=str(log)) as pool:
        for _ in range(5):
            await pool.check(f"-- do: log\n{TRUE}", 20)
        assert pool.stats.idle == 1
    assert len({x for x in lines(log) if x.isdecimal()}) == 3


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="memory is looked at in /proc")
async def test_a_worker_is_replaced_when_it_has_grown(tmp_path: Path) -> None:
    log = tmp_path / "log"
    async with pooled(memory_mb=120, LOG=str(log)) as pool:
        for _ in range(17):
            assert (await pool.check("-- do: log\n-- do: grow 20", 20)).status is CheckStatus.OK
    assert len({x for x in lines(log) if x.isdecimal()}) > 2


async def test_a_text_that_may_run_code_leaves_a_fresh_worker_behind(tmp_path: Path) -> None:
    log = tmp_path / "log"
    async with pooled(LOG=str(log)) as pool:
        for text in ("import A\n#eval 1\n-- do: log", "import A\n-- do: log"):
            assert (await pool.check(text, 20)).status is CheckStatus.OK
        assert (pool.stats.started, pool.stats.failed) == (2, 0)
    assert len({x for x in lines(log) if x.isdecimal()}) == 2


async def test_options_hold_for_every_text(tmp_path: Path) -> None:
    log = tmp_path / "log"
    async with pooled(options=("autoImplicit=false",), LOG=str(log)) as pool:
        result = await pool.check("import A\n#check x", 20)
        assert result.checker.options == ("autoImplicit=false",)
        assert [e.start for e in result.errors] == [Position(line=2, column=7)]
    assert headers(log) == ["A\nset_option autoImplicit false"]


async def test_an_option_that_lean_does_not_know_is_named() -> None:
    async with pooled(options=("no.such=true",)) as pool:
        result = await pool.check(TRUE, 20)
    assert result.status is CheckStatus.UNSUPPORTED
    assert result.reason == "Lean does not take the option no.such=true: unknown: set_option no.such true"


async def test_imports_that_take_longer_than_a_check_may_go_on_loading() -> None:
    async with pooled() as pool:
        text = f"import Slow.N600\n{TRUE}"
        result = await pool.check(text, 0.2)
        assert (result.status, result.seconds) == (CheckStatus.TIMEOUT, 0)
        assert result.reason == "its imports were not loaded within 0.2 s"
        assert (await pool.check(text, 20)).status is CheckStatus.OK
        assert pool.stats.started == 1


# --- turns


async def test_texts_are_served_in_order_of_arrival(tmp_path: Path) -> None:
    log = tmp_path / "log"
    async with pooled(LOG=str(log)) as pool, asyncio.TaskGroup() as group:
        for number in range(20):
            group.create_task(pool.check(f"-- {number}", 20))
    bodies = [json.loads(line)["cmd"] for line in lines(log)]
    assert [b for b in bodies if b.startswith("--")] == [f"-- {number}" for number in range(20)]


async def test_sixty_four_at_once_on_two_workers() -> None:
    async with pooled(2) as pool:
        async with asyncio.timeout(20), asyncio.TaskGroup() as group:
            tasks = [group.create_task(pool.check(f"import {'AB'[n % 2]}\n#check n{n}", 20)) for n in range(64)]
        for number, task in enumerate(tasks):
            assert [e.text for e in task.result().errors] == [f"Unknown identifier `n{number}`"]
        stats = pool.stats
        assert (stats.served, stats.most_waiting, stats.waiting, stats.working, stats.failed) == (64, 62, 0, 0, 0)
        assert stats.idle == 2
        assert stats.started < 20, "imports are seldom unloaded for somebody else's"
        assert stats.waited_seconds > stats.longest_wait > 0


async def test_waiting_counts_for_the_time_limit() -> None:
    async with pooled() as pool, asyncio.TaskGroup() as group:
        first = group.create_task(pool.check(f"-- do: sleep 500\n{TRUE}", 20))
        await asyncio.sleep(0)
        result = await pool.check(TRUE, 0.1)
        assert (result.status, result.reason) == (CheckStatus.TIMEOUT, "no worker was free within 0.1 s")
        assert result.seconds == 0
        assert (await first).status is CheckStatus.OK


async def test_too_many_are_given_back_at_once() -> None:
    async with pooled(queue=1) as pool, asyncio.TaskGroup() as group:
        tasks = [group.create_task(pool.check(f"-- do: sleep 200\n{TRUE}", 20)) for _ in range(3)]
    found = [(t.result().status, t.result().reason) for t in tasks]
    assert found == [(CheckStatus.OK, None)] * 2 + [(CheckStatus.TIMEOUT, "1 others wait already")]
    assert pool.stats.late == 1


async def test_slots_are_shared_with_others_and_idle_workers_hold_none() -> None:
    slots = asyncio.Semaphore(1)
    async with pooled(2, slots=slots) as pool:
        assert (await pool.check(TRUE, 20)).status is CheckStatus.OK
        async with asyncio.timeout(5), slots:
            assert (await pool.check(TRUE, 0.1)).status is CheckStatus.TIMEOUT
        assert (await pool.check(TRUE, 20)).status is CheckStatus.OK


async def test_a_closed_pool_takes_nothing_and_waits_for_what_is_under_way() -> None:
    async with pooled(2) as pool, asyncio.TaskGroup() as group:
        working = group.create_task(pool.check(f"-- do: sleep 300\n{TRUE}", 20))
        await asyncio.sleep(0)
        closing = group.create_task(pool.aclose())
        await asyncio.sleep(0)
        with pytest.raises(InfrastructureError, match="the checker repl is closed"):
            await pool.check(TRUE, 20)
        assert (await working).status is CheckStatus.OK
        await closing
        assert pool.stats.idle == 0


async def test_a_program_that_is_not_there_is_named() -> None:
    pool = ReplPool(ReplSpec(("no-such-program",), {}, IDENTITY), workers=1)
    for _ in range(3):  # a turn is not lost by it
        with pytest.raises(MissingError, match="no-such-program"):
            await pool.check(TRUE, 5)
    await pool.aclose()


async def test_results_tell_how_long_the_check_itself_took() -> None:
    async with pooled() as pool:
        result: CheckResult = await pool.check(f"import Slow.N300\n-- do: sleep 100\n{TRUE}", 20)
    assert 0.1 <= result.seconds < 0.3
