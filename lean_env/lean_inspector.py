"""Has Lean itself judge compiled modules, by one trusted program of ours (`trusted/Inspect.lean`) in its own process.

For toolchains that have Lean's own library, whatever the format of their modules. The program reads both modules as
data and runs nothing of them; it answers with one line under a nonce that is made up for the question. Silence, an
early end, or anything else on its output is a refusal, never an acceptance.

What an acceptance rests on, beyond Lean's kernel and the library of the toolchain: that program (some 500 lines), and
that Lean elaborates and interprets it as written.
"""

from __future__ import annotations

import asyncio
import json
import os
import secrets
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import Field, ValidationError

from lemmata.domain import Model
from lemmata.lean_env.agreement import bring, environment
from lemmata.lean_env.judge import Finding, JudgeCase, Judgement, JudgeStatus
from lemmata.lean_env.process import Finished, run
from lemmata.lean_env.scratch import scratch
from lemmata.lean_env.terms import Name, show
from lemmata.lean_env.toolchain import Toolchain

MEMORY_MB: Final = 8192
"""MiB of memory that the process may use, besides the library's files."""
_PROGRAM: Final = Path(__file__).with_name("trusted") / "Inspect.lean"
_REPLAYS: Final = ("Lean.Replay", "LeanChecker.Replay")
"""Modules that replay constants; where each is depends on the release."""
_CHECKER: Final = "leanchecker"
_SUBMISSION: Final = "submission"
_ANSWER_LIMIT: Final = 1 << 20
_SHOWN: Final = 400
"""Characters shown of what the program said instead of an answer."""


class _Verdict(Model):
    status: Literal["ok", "refused", "unfit"]
    findings: tuple[Finding, ...]
    declarations: Annotated[str, Field(pattern="^[0-9]{1,9}$")]
    replayed: bool
    reasons: tuple[str, ...]


class _Answer(Model):
    nonce: str
    verdict: _Verdict


class LeanInspector:
    """An `Inspector` that asks the toolchain's own Lean."""

    async def lacks(self, toolchain: Toolchain, imports: Sequence[str]) -> str | None:
        """See `Inspector`."""
        if missing := toolchain.lacks(["Lean", *imports]):
            return f"{toolchain.identity.description} does not have {', '.join(missing)}"
        return None

    async def inspect(self, case: JudgeCase) -> Judgement:
        """See `Inspector`."""
        by = toolchain_name(case.toolchain)
        if case.submission.server is not None or (case.challenge and case.challenge.server is not None):
            why = "it is a file of the module system, whose parts are not judged"
            return Judgement(status=JudgeStatus.UNSUPPORTED, by=by, reasons=(why,))
        nonce = secrets.token_hex(16)
        deadline = time.monotonic() + case.timeout
        with scratch() as made:
            folder = Path(made)
            question = await asyncio.to_thread(_lay_out, case, folder, nonce)
            lean = (case.toolchain.program, "--run", _PROGRAM.name)
            ended = await _run(lean, case, folder, environment(case.toolchain), case.timeout, question)
            if (failure := _failure(ended, case)) is not None:
                return Judgement(status=failure[0], by=by, reasons=(failure[1],))
            verdict = _read(ended, nonce)
            said = _judgement(verdict, _said(ended), case, by)
            if verdict is not None and said.status is JudgeStatus.OK and said.replayed is None:
                left = max(deadline - time.monotonic(), 0.001)
                return await _replay_apart(said, case, folder, left, int(verdict.declarations))
        return said


def toolchain_name(toolchain: Toolchain) -> str:
    """Who judges, in words."""
    version = toolchain.identity.lean_version
    return f"Lean {version}" if version else "Lean"


def program(toolchain: Toolchain) -> str:
    """The text that is run: our program under the imports that this toolchain has."""
    replay = next((m for m in _REPLAYS if toolchain.find_module(m)), None)
    imports = "".join(f"import {m}\n" for m in ("Lean", replay) if m)
    return imports + _PROGRAM.read_text(encoding="utf-8")


def _lay_out(case: JudgeCase, folder: Path, nonce: str) -> bytes:
    """Put the program and copies of the modules into a folder; what to ask."""
    (folder / _PROGRAM.name).write_text(program(case.toolchain), encoding="utf-8")
    submission = bring(case.submission, case.module, folder / _SUBMISSION)
    challenge = bring(case.challenge, case.module, folder / "challenge") if case.challenge else None
    file = f"{case.module}.olean"
    question = {
        "nonce": nonce,
        "challenge": None if challenge is None else str(challenge / file),
        "submission": str(submission / file),
        "targets": [_parts(n) for n in case.targets],
        "allow": [_parts(n) for n in case.allow],
        "answers": [_parts(n) for n in case.answers],
    }
    return json.dumps(question).encode() + b"\n"


def _parts(name: Name) -> list[str | int]:
    return [*name]


async def _run(
    command: Sequence[str | Path],
    case: JudgeCase,
    folder: Path,
    env: dict[str, str],
    timeout: float,
    stdin: bytes = b"",
) -> Finished:
    return await run(
        command,
        cwd=folder,
        env=env,
        timeout=timeout,
        memory_mb=MEMORY_MB,
        stdout_limit=_ANSWER_LIMIT,
        stdin=stdin,
        confinement=case.confinement,
    )


def _failure(ended: Finished, case: JudgeCase) -> tuple[JudgeStatus, str] | None:
    """Why a process gave no answer, if it did not come to its end."""
    if ended.timed_out:
        return JudgeStatus.TIMEOUT, f"no answer in {case.timeout:g} s"
    if ended.out_of_memory:
        return JudgeStatus.CRASHED, f"over {MEMORY_MB} MiB of memory"
    if ended.returncode != 0:
        return JudgeStatus.CRASHED, f"its process died (exit {ended.returncode}): {_said(ended)}"
    return None


def _said(ended: Finished) -> str:
    return (ended.stderr.strip() or ended.stdout.strip())[:_SHOWN] or "it said nothing"


def _read(ended: Finished, nonce: str) -> _Verdict | None:
    """The verdict in an output that is one line with the nonce and nothing else."""
    if ended.truncated or ended.stdout.count("\n") != 1 or not ended.stdout.endswith("\n"):
        return None
    try:
        answer = _Answer.model_validate_json(ended.stdout, strict=True)
    except ValidationError:
        return None
    return answer.verdict if secrets.compare_digest(answer.nonce.encode(), nonce.encode()) else None


def _judgement(verdict: _Verdict | None, said: str, case: JudgeCase, by: str) -> Judgement:
    def refused(why: str) -> Judgement:
        return Judgement(status=JudgeStatus.REFUSED, by=by, reasons=(why,))

    if verdict is None:
        return refused(f"there is no answer to what was asked, and nothing else counts: {said}")
    names = [show(n) for n in case.targets]
    findings = tuple(f.model_copy(update={"name": n}) for f, n in zip(verdict.findings, names, strict=False))
    if verdict.status != "ok":
        reasons = verdict.reasons or ("it gives no reason",)
        return Judgement(status=JudgeStatus(verdict.status), by=by, findings=findings, reasons=reasons)
    if verdict.reasons or len(verdict.findings) != len(names) or not all(_fits(f, case) for f in findings):
        return refused("its answer contradicts itself")
    return Judgement(
        status=JudgeStatus.OK,
        by=by,
        findings=findings,
        replayed=int(verdict.declarations) if verdict.replayed else None,
        kernel=f"the kernel of {by}" if verdict.replayed else f"{by} has nothing to replay declarations with",
    )


def _fits(finding: Finding, case: JudgeCase) -> bool:
    """Whether what was found of a target is what an acceptance says of it."""
    same = finding.same_statement is (None if case.challenge is None else True)
    return finding.kind == "theorem" and same and {*finding.axioms} <= {show(a) for a in case.allow}


async def _replay_apart(said: Judgement, case: JudgeCase, folder: Path, timeout: float, count: int) -> Judgement:
    """Where our program has no replay: that of the toolchain's own `leanchecker`, if there is one."""
    checker = case.toolchain.program.parent / _CHECKER
    if not os.access(checker, os.X_OK):
        return said
    env = environment(case.toolchain, folder / _SUBMISSION)
    ended = await _run((checker, case.module), case, folder, env, timeout)
    if ended.returncode == 0:
        return said.model_copy(update={"replayed": count, "kernel": f"{_CHECKER} of {said.by}"})
    if ended.returncode == 1:
        why = f"{_CHECKER} of {said.by} refuses it: {_said(ended)}"
        return said.model_copy(update={"status": JudgeStatus.REFUSED, "kernel": None, "reasons": (why,)})
    return said.model_copy(update={"kernel": f"{_CHECKER} of {said.by} gave no verdict: {_said(ended)}"})
