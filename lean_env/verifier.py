"""Verification of a submission: is this file a proof of what the challenge states?

In this order: the submission's bytes are the challenge's but for what may be new (`sieve`; without a challenge
`structure`); challenge and submission are compiled apart, each in a fresh process, as the same module; the compiled
modules are judged as data by an inspector (`judge`): the same theorem, its axioms, every declaration once more through
the kernel; independent checkers, where there are any, must not object. What Lean prints is shown, never believed.

What passes is `certified` where the library is Lean's own, the kernel was asked again and the toolchain has passed its
self-test, `confirmed` where an independent checker agreed as well, else `checked`; the certificate says why.

Known limits:
- The library is trusted as it stands, and so are Lean's compiler front end (for what the *challenge* means) and its
  kernel: the replay uses the same kernel again.
- A submission's tactics run when it is compiled, within limits and in the sandbox that the certificate names. Most of
  what could run code of its own then is refused before, by its words.
- Only the target is asked for. Other theorems that the challenge leaves open may stay open unless the proof uses them.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from pathlib import Path

from lemmata.domain import Verdict, VerifyStatus
from lemmata.lean_env.brief import Brief, Refused
from lemmata.lean_env.certificate import AXIOMS, Grounds, certify, doubts
from lemmata.lean_env.compiler import Compiler
from lemmata.lean_env.independent import IndependentChecker
from lemmata.lean_env.judge import Inspector
from lemmata.lean_env.lean_inspector import LeanInspector
from lemmata.lean_env.reader import Reader
from lemmata.lean_env.selftest import selftest
from lemmata.lean_env.trial import ChallengeTimeoutError, Passed, Trial

__all__ = ["AXIOMS", "ChallengeTimeoutError", "inspectors", "try_brief", "verify"]

def inspectors() -> tuple[Inspector, ...]:
    """Those of this package, in the order in which they are asked whether they can judge."""
    return (Reader(), LeanInspector())


async def verify(
    submission: str,
    *,
    checker: Compiler,
    timeout: float,
    name: str | None = None,
    challenge: str | None = None,
    file: str = "-",
    challenge_file: str | None = None,
    allow: Iterable[str] = AXIOMS,
    independent: Sequence[IndependentChecker] = (),
    judges: Sequence[Inspector] | None = None,
    cache: Path | None = None,
) -> Verdict:
    """Judge a submission. Whatever is wrong with it is data, in the verdict's reasons.

    Args:
        submission: the whole text. The certificate's hash is of just this text.
        checker: what compiles it; its library and its kernel judge it.
        timeout: wall-clock limit in seconds of everything together, but for the self-test of a new toolchain.
        name: the theorem. By default the challenge's target (the theorem that it leaves open, or its only one; of
            several open ones none is meant); without a challenge every theorem of the submission that is not private.
            With a challenge as much of the name's end as is unique there.
        challenge: the whole text whose statement counts; a proof in it, or a `sorry`, does not matter. `.._solution`
            definitions that it leaves open are the submission's to fill. None compares nothing, and the certificate
            says so (`challenge_sha256`, `notes`).
        file: what to call the submission.
        challenge_file: what to call the challenge in messages.
        allow: names of the axioms that the proof may rest on.
        independent: checkers that are asked as well; each refusal is final.
        judges: what may judge compiled modules; by default `inspectors()`.
        cache: folder of what is kept between calls; by default this user's.

    Raises:
        SourceError: the challenge does not compile, has no such theorem, or leaves open what its statement means.
    """
    brief = Brief(
        submission=submission,
        file=file,
        challenge=challenge,
        challenge_file=challenge_file or "challenge",
        name=name,
        allow=tuple(allow),
    )
    return await try_brief(brief, checker, timeout, independent=independent, judges=judges, cache=cache)


async def try_brief(
    brief: Brief,
    checker: Compiler,
    timeout: float,
    *,
    independent: Sequence[IndependentChecker] = (),
    judges: Sequence[Inspector] | None = None,
    cache: Path | None = None,
) -> Verdict:
    """Judge what a brief says; see `verify`."""
    started = time.monotonic()
    judges = inspectors() if judges is None else judges
    trial = Trial(brief, checker, judges, started + timeout, independent, cache)
    outcome = await trial.run()
    if isinstance(outcome, Refused):
        verdict = outcome.verdict(brief.file)
    else:
        verdict = await _accepted(brief, outcome, checker, cache)
    return verdict.model_copy(update={"seconds": time.monotonic() - started})


async def _accepted(brief: Brief, passed: Passed, checker: Compiler, cache: Path | None) -> Verdict:
    why: tuple[str, ...] = ()
    if not brief.sieved:
        why = ("the bytes were not looked at",)
    elif not doubts(checker.toolchain, passed):
        tested = await selftest(checker, (passed.inspector,), cache=cache)
        why = tuple(f"the self-test of this toolchain failed: {reason}" for reason in tested.reasons)
        if tested.toolchain_sha256 != passed.toolchain_sha256:
            why = (*why, "the toolchain was changed after the submission was judged")
    grounds = Grounds(brief.submission, passed, checker.toolchain, checker.sandbox, brief.allow, why)
    certificate = certify(grounds)
    return Verdict(file=brief.file, status=VerifyStatus.ACCEPTED, level=certificate.level, certificate=certificate)
