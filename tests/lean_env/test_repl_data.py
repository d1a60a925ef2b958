"""The recorded talks with the real REPL: every request and reply goes through our models, and through the pool."""

import json
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from lemmata.domain import CheckerIdentity, CheckStatus, Diagnostic, Level, Severity
from lemmata.lean_env.messages import BackendError, ReplOutput, from_repl, is_sorry_warning
from lemmata.lean_env.pool import ReplPool
from lemmata.lean_env.repl import ReplSpec, ReplWorker, command, encode, tactic_step

DOUBLE = Path(__file__).resolve().parent.parent / "doubles" / "transcript.py"
OURS = [{"cmd"}, {"cmd", "env"}, {"cmd", "allTactics"}, {"cmd", "env", "allTactics"}, {"tactic", "proofState"}]

pytestmark = pytest.mark.data


class Talk(NamedTuple):
    name: str
    requests: list[dict[str, Any]]
    replies: list[dict[str, Any]]


@pytest.fixture(scope="module")
def transcripts(data: Path) -> Path:
    return data / "repl_transcripts.jsonl"


@pytest.fixture(scope="module")
def talks(transcripts: Path) -> list[Talk]:
    rows = [json.loads(line) for line in transcripts.read_text(encoding="utf-8").splitlines()]
    return [Talk(row["name"], row["requests"], row["responses"]) for row in rows]


def spec(transcripts: Path, talk: Talk, *words: str) -> ReplSpec:
    program = (sys.executable, "-I", "-S", str(DOUBLE), str(transcripts), talk.name, *words)
    return ReplSpec(program, {"PATH": os.environ["PATH"]}, CheckerIdentity(name="repl", level=Level.CHECKED))


def rebuilt(request: dict[str, Any]) -> dict[str, Any]:
    if "tactic" in request:
        return tactic_step(request["tactic"], request["proofState"])
    return command(request["cmd"], request.get("env"), all_tactics=request.get("allTactics", False))


def test_the_requests_that_are_ours_are_built_as_recorded(talks: list[Talk]) -> None:
    ours = [r for talk in talks for r in talk.requests if {*r} in OURS]
    assert (len(talks), sum(len(t.requests) for t in talks), len(ours)) == (74, 232, 201)
    for request in ours:
        assert rebuilt(request) == request
        assert json.loads(encode(rebuilt(request))) == request


def test_every_reply_is_understood(talks: list[Talk]) -> None:
    replies = [r for talk in talks for r in talk.replies]
    assert len(replies) == 217
    for reply in replies:
        output = from_repl(reply)
        if "message" in reply:
            assert output == BackendError(message=reply["message"])
            continue
        assert isinstance(output, ReplOutput)
        assert (output.env, output.proof_state) == (reply.get("env"), reply.get("proofState"))
        assert (output.proof_status, output.goals) == (reply.get("proofStatus"), tuple(reply.get("goals", ())))
        assert len(output.diagnostics) == len(reply.get("messages", ()))
        assert output.hole_states == tuple(s["proofState"] for s in reply.get("sorries", ()))
        constants = {c for t in reply.get("tactics", ()) for c in t["usedConstants"]}
        assert output.constants == tuple(sorted(constants))


async def test_every_talk_is_played_through_a_worker(transcripts: Path, talks: list[Talk]) -> None:
    played = 0
    for talk in talks:
        if not talk.replies:
            continue
        worker = await ReplWorker.start(spec(transcripts, talk))
        try:
            for request, reply in zip(talk.requests, talk.replies, strict=True):
                assert await worker.request(request, 20) == from_repl(reply), (talk.name, request)
            assert worker.usable
        finally:
            await worker.aclose()
        played += 1
    assert played == 71


@asynccontextmanager
async def pooled(transcripts: Path, talk: Talk) -> AsyncIterator[ReplPool]:
    pool = ReplPool(spec(transcripts, talk, "pool"), workers=1)
    try:
        yield pool
    finally:
        await pool.aclose()


def moved(diagnostic: Diagnostic, lines: int) -> Diagnostic:
    """The same some lines further down."""
    start, end = diagnostic.start, diagnostic.end or diagnostic.start
    start, end = (p.model_copy(update={"line": p.line + lines}) for p in (start, end))
    return diagnostic.model_copy(update={"start": start, "end": end if diagnostic.end else None})


async def test_every_text_of_every_talk_is_checked_by_the_pool(transcripts: Path, talks: list[Talk]) -> None:
    """Each is put behind an import, as in a whole file."""
    head = "-- é𝔸\nimport Mathlib\n"
    checked = 0
    for talk in talks:
        texts = [(q, r) for q, r in zip(talk.requests, talk.replies, strict=False) if {*q} in OURS and "cmd" in q]
        texts = [(q, r) for q, r in texts if not q["cmd"].startswith("import") and "message" not in r]
        if not texts:
            continue
        async with pooled(transcripts, talk) as pool:
            for request, reply in texts:
                recorded = from_repl(reply)
                assert isinstance(recorded, ReplOutput)
                result = await pool.check(head + request["cmd"], 20, goals=True)
                expected = tuple(moved(d, head.count("\n")) for d in recorded.diagnostics)
                assert result.diagnostics == expected, (talk.name, request)
                failed = any(d.severity is Severity.ERROR for d in expected)
                open_ = bool(recorded.holes) or any(map(is_sorry_warning, expected))
                status = CheckStatus.ERRORS if failed else CheckStatus.HOLES if open_ else CheckStatus.OK
                assert result.status is status
                assert {h.goal for h in result.holes} <= {h.goal for h in recorded.holes}
                checked += 1
            assert pool.stats.failed == 0
    assert checked == 98


async def test_tactics_of_the_talks_are_run_by_the_pool(transcripts: Path, talks: list[Talk]) -> None:
    """Those that ran in the state of a text's first hole: what closed it there does so here, and nothing else."""
    closed, tried = [], 0
    for talk in talks:
        pairs = [*zip(talk.requests, talk.replies, strict=False)]
        for request, reply in pairs:
            if "cmd" not in request or not reply.get("sorries") or request["cmd"].startswith("import"):
                continue
            state = reply["sorries"][0]["proofState"]
            steps = [(q["tactic"], r) for q, r in pairs if q.get("proofState") == state and "tactic" in q]
            if not steps:
                continue
            async with pooled(transcripts, talk) as pool:
                text = ("import Mathlib\n" if "env" in request else "") + request["cmd"]
                results = await pool.run_tactics(text, 0, [tactic for tactic, _ in steps], 20)
            for result, (tactic, recorded) in zip(results, steps, strict=True):
                assert (result.tactic, result.reason) == (tactic, None)
                assert result.goals == tuple(recorded.get("goals", ()))
                assert result.closed == (recorded.get("proofStatus") == "Completed")
                closed += [(talk.name, tactic)] if result.closed else []
                tried += 1
    assert tried == 33
    assert ("core/assumption_proof", "assumption") in closed
    assert not {("core/invalid_tactic", "exact my_fake_premise"), ("core/tactic_mode_sorry", "sorry")} & {*closed}
