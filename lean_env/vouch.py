"""What can be said of a submission where no Lean is here to compile it: its bytes, and one more check by a server."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Final

from lemmata.domain import Certificate, Check, CheckResult, CheckStatus, Level, Problem, Verdict, VerifyStatus, sha256
from lemmata.lean_env.answers import restated
from lemmata.lean_env.brief import Brief, Layer, Reading, Refused, read
from lemmata.lean_env.certificate import AXIOMS, answer_notes, text_check, vouched_by
from lemmata.lean_env.checker import Checker
from lemmata.lean_env.refutation import given, is_refused, mistaken, opened, refuting, together
from lemmata.lean_env.source import problem
from lemmata.lean_env.structure import declared
from lemmata.lean_env.terms import parse_name, show
from lemmata.lean_env.trial import COMPILED, complaints, otherwise

_NOTES: Final = (
    "nothing that was compiled was looked at: that it is whole and has no hole is the checker's word",
    "which axioms it rests on is not known, and the kernel was not asked again",
    "that its statement means what the challenge's does is the checker's word as well",
)


async def vouch(
    submission: str,
    *,
    checker: Checker,
    timeout: float,
    name: str | None = None,
    challenge: str | None = None,
    file: str = "-",
    challenge_file: str | None = None,
    allow: Iterable[str] = AXIOMS,
) -> Verdict:
    """Judge a submission as far as bytes and a checker can; never more than `checked`.

    Args:
        submission: the whole text.
        checker: asked once more about all of it, past any cache.
        timeout: wall-clock limit in seconds.
        name: the theorem; see `verifier.verify`, as for all that follow.
        challenge: the whole text whose statement counts.
        file: what to call the submission.
        challenge_file: what to call the challenge in messages.
        allow: axioms that the proof may rest on. Nothing here can tell on which it does.

    Raises:
        SourceError: the challenge has no such theorem.
    """
    started = time.monotonic()
    brief = Brief(submission, file, challenge, challenge_file or "challenge", name, tuple(allow))
    reading = await asyncio.to_thread(read, brief)
    if isinstance(reading, Refused):
        return reading.verdict(file)
    verdict = await _checked(brief, reading, checker, timeout)
    if verdict.accepted and brief.challenge is not None:
        for what, text in (("helpers", tied(brief, reading)), ("answers", reading.tie)):
            tie = await checker.check(_fresh(text), timeout) if text and verdict.accepted else None
            if tie is not None and (refused := otherwise(what, tie)):
                verdict = refused.verdict(file)
    return verdict.model_copy(update={"seconds": time.monotonic() - started})


def tied(brief: Brief, reading: Reading) -> str:
    """The submission with the challenge's own statement before its helpers, open, and behind its proof what ties them.

    Bytes alone do not tell what a statement means: a helper may take a name that it uses.
    """
    stated = problem(reading.filled.text if reading.filled else "", name=brief.name)
    again = restated(stated, f"as_given_{secrets.token_hex(8)}")  # a name that no helper can ask for
    (target,) = declared(reading.submission, parse_name(stated.name))
    kept, end = len(stated.preamble), target.span.end
    line = f"\n\nexample : type_of% @{again.fresh} := @{again.name}\n"
    return f"{stated.preamble}{again.text} := sorry\n\n{reading.plain[kept:end]}{line}{reading.plain[end:]}"


async def vouch_refutation(
    evidence: str,
    *,
    name: str,
    challenge: Problem,
    checker: Checker,
    timeout: float,
    file: str = "-",
    allow: Iterable[str] = AXIOMS,
) -> Verdict:
    """Judge a refutation as far as bytes and a checker can; see `refutation.verify_refutation`.

    The checker is asked whether the evidence contradicts the challenge, which stands open before it; whether it refuses
    the same with a wrong last line; and whether the evidence holds by itself.
    """
    started = time.monotonic()
    brief = await asyncio.to_thread(refuting, evidence, name, challenge, file, allow)
    if isinstance(brief, Refused):
        return brief.verdict(file)
    reading = await asyncio.to_thread(read, brief)
    if isinstance(reading, Refused):
        return reading.verdict(file)
    new = reading.plain[len(given(challenge)) :]
    text = together(challenge, new, name)
    tie, wrong = await checker.check(text, timeout), mistaken(text)
    last = opened(challenge).count("\n")
    if tie.status is not CheckStatus.HOLES or any(hole.start.line > last for hole in tie.holes):
        status = COMPILED.get(tie.status, VerifyStatus.REFUSED)
        said = (f"{name} does not refute {challenge.name}: {complaint}" for complaint in complaints(tie))
        verdict = Refused(Layer.COMPILER, tuple(said), status).verdict(file)
    elif not is_refused(wrong, await checker.check(wrong, timeout)):
        verdict = Verdict.refuse(file, f"{name} does not refute {challenge.name}: what ties them is not reached")
    else:
        left = max(timeout - (time.monotonic() - started), 0.001)
        verdict = await _checked(brief, reading, checker, left)
    return verdict.model_copy(update={"seconds": time.monotonic() - started})


async def _checked(brief: Brief, reading: Reading, checker: Checker, timeout: float) -> Verdict:
    result = await checker.check(_fresh(reading.plain), timeout)
    refused = _refusal(result)
    return refused.verdict(brief.file) if refused else _accepted(brief, reading, result)


def _fresh(text: str) -> str:
    """A text that no cache has seen."""
    return f"{text}\n-- {secrets.token_hex(8)}\n"


def _refusal(result: CheckResult) -> Refused | None:
    if result.status is CheckStatus.OK:
        return None
    if result.status is CheckStatus.HOLES:
        lines = ", ".join(str(hole.start.line) for hole in result.holes)
        return Refused(Layer.COMPILER, (f"it is not complete: a hole in line {lines}",))
    return Refused(Layer.COMPILER, complaints(result), COMPILED.get(result.status, VerifyStatus.REFUSED))


def _accepted(brief: Brief, reading: Reading, result: CheckResult) -> Verdict:
    identity, filled = result.checker, reading.filled
    level = Level.CHECKED if identity.level.at_least(Level.CHECKED) else identity.level
    certificate = Certificate(
        level=level,
        theorem=", ".join(map(show, reading.targets)),
        checker=identity,
        vouched_by=vouched_by(level, identity),
        text_sha256=sha256(brief.submission),
        challenge_sha256=None if brief.challenge is None else sha256(brief.challenge),
        filled_sha256=sha256(filled.text) if filled and filled.answers else None,
        answers={a.name: a.value for a in filled.answers} if filled else {},
        checks=(
            text_check(compared=brief.challenge is not None),
            Check(what="compiled", by=identity.description, evidence="no error and no hole when it was checked again"),
        ),
        compared=("the statement's bytes and meaning with the challenge's",) if brief.challenge is not None else (),
        axioms=None,
        sandbox="unknown",
        notes=(*answer_notes(filled), *(_NOTES if brief.challenge is not None else _NOTES[:2]), *reading.remarks),
        time=datetime.now(UTC).isoformat(timespec="seconds"),
    )
    return Verdict(file=brief.file, status=VerifyStatus.ACCEPTED, level=level, certificate=certificate)
