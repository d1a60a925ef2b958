"""Tactic mode, and the constants that tactics used."""

import json
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from lemmata.domain import CheckerIdentity, CheckStatus, Level
from lemmata.lean_env.pool import ReplPool
from lemmata.lean_env.repl import ReplSpec

DOUBLE = Path(__file__).resolve().parent.parent / "doubles" / "repl.py"
IDENTITY = CheckerIdentity(name="repl", level=Level.CHECKED)
TRUE = "theorem t : True := trivial"


@asynccontextmanager
async def pooled(**variables: str) -> AsyncIterator[ReplPool]:
    environment = {"PATH": os.environ["PATH"], **variables}
    pool = ReplPool(ReplSpec((sys.executable, "-I", "-S", str(DOUBLE)), environment, IDENTITY), workers=1)
    try:
        yield pool
    finally:
        await pool.aclose()


def lines(log: Path) -> list[str]:
    return log.read_text(encoding="utf-8").splitlines()


async def test_tactics_are_tried_in_one_elaboration(tmp_path: Path) -> None:
    log = tmp_path / "log"
    text = "import A\n/- sorry -/ theorem t : A ∧ B := ⟨by sorry, by sorry⟩"
    async with pooled(LOG=str(log)) as pool:
        found = await pool.run_tactics(text, 1, ["simp", "rfl", "(skip\nrfl)", "bad"], 20)
    assert [(r.tactic, r.closed) for r in found] == [
        ("simp", False),
        ("rfl", True),
        ("(skip\nrfl)", False),
        ("bad", False),
    ]
    requests = [json.loads(line) for line in lines(log)]
    assert [r["proofState"] for r in requests if "tactic" in r] == [1] * 4
    assert len([r for r in requests if "theorem" in r.get("cmd", "")]) == 1


async def test_a_tactic_that_takes_the_process_with_it_is_one_of_many() -> None:
    async with pooled() as pool:
        found = await pool.run_tactics(
            "theorem t := by sorry", 0, ["rfl", "do: die 11", "rfl", "do: exit 1", "rfl"], 20
        )
    assert [r.closed for r in found] == [True, False, True, False, True]
    assert [r.reason for r in found] == [None, "killed by SIGSEGV", None, "it ended with exit code 1", None]


async def test_what_the_time_does_not_reach_says_so() -> None:
    async with pooled() as pool:
        found = await pool.run_tactics("theorem t := by sorry", 0, ["rfl", "do: hang", "rfl"], 0.5)
        assert [r.closed for r in found] == [True, False, False]
        assert found[1].reason is not None
        assert found[1].reason.startswith("no answer within 0.")
        assert found[2].reason == f"not reached: {found[1].reason}"
        assert (await pool.check(TRUE, 20)).status is CheckStatus.OK


@pytest.mark.parametrize(
    ("text", "hole", "reason"),
    [
        (TRUE, 0, "there is no goal at hole 0: Lean sees 0 holes"),
        ("theorem t := by sorry", 1, "there is no goal at hole 1: Lean sees 1 holes"),
        ("theorem t := by sorry", -1, "there is no goal at hole -1: Lean sees 1 holes"),
        ("prelude", 0, "it starts with `prelude`, which a warm REPL does not take"),
        ("import Missing.X", 0, "not reached: its imports cannot be loaded: unknown: import Missing.X"),
        ("-- do: half", 0, "not reached: killed by SIGKILL"),
        (
            "theorem t := by sorry\n-- do: lie",
            0,
            "not reached: its answer to a question of ours was not Lean's: somebody else may have answered",
        ),
    ],
)
async def test_tactics_without_a_goal_say_why(text: str, hole: int, reason: str) -> None:
    async with pooled() as pool:
        found = await pool.run_tactics(text, hole, ["rfl", "simp"], 20)
        assert [(r.closed, r.reason) for r in found] == [(False, reason)] * 2
        assert await pool.run_tactics(text, hole, [], 20) == ()


async def test_the_constants_of_tactics_come_from_a_worker_that_is_not_used_again(tmp_path: Path) -> None:
    log = tmp_path / "log"
    async with pooled(LOG=str(log)) as pool:
        assert await pool.used_constants("import A\n-- do: log", 20) == ("Eq.refl", "Nat")
        assert (await pool.check("import A\n-- do: log", 20)).status is CheckStatus.OK
        assert await pool.used_constants("prelude", 20) == ()
        assert await pool.used_constants("-- do: half", 20) == ()
    assert len({x for x in lines(log) if x.isdecimal()}) == 2
