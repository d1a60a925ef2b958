"""Refutations: a theorem whose statement contradicts the challenge's, judged as any other submission.

What it must state is not compared as text, since there are many ways to write a negation. The file that it is judged
against is made of the challenge itself and of the refuting statement, both open, and of one line that derives `False`
from the two of them: Lean takes it only if they contradict each other.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from lemmata.domain import CheckResult, CheckStatus, Problem, Verdict
from lemmata.errors import SourceError
from lemmata.lean_env.brief import Brief, Layer, Refused, too_long
from lemmata.lean_env.certificate import AXIOMS
from lemmata.lean_env.compiler import Compiler
from lemmata.lean_env.independent import IndependentChecker
from lemmata.lean_env.judge import Inspector
from lemmata.lean_env.plain import without_comments
from lemmata.lean_env.scanner import Span, scan
from lemmata.lean_env.scratch import scratch
from lemmata.lean_env.source import parse, problem
from lemmata.lean_env.trial import MODULE, UNUSABLE, ChallengeTimeoutError
from lemmata.lean_env.verifier import try_brief

_OPEN: Final = " := sorry\n"
_FALSE: Final = "_root_.False := "


async def verify_refutation(
    evidence: str,
    *,
    name: str,
    challenge: Problem,
    checker: Compiler,
    timeout: float,
    file: str = "-",
    allow: Iterable[str] = AXIOMS,
    independent: Sequence[IndependentChecker] = (),
    judges: Sequence[Inspector] | None = None,
    cache: Path | None = None,
) -> Verdict:
    """Judge a refutation: does the theorem `name` of `evidence` hold, and does it contradict the challenge?

    Args:
        evidence: a whole text: what precedes the challenge's statement (theorems without a proof left out), helpers,
            and the refuting theorem last.
        name: full name of that theorem.
        challenge: what it refutes.
        checker: see `verifier.verify`, as for all that follow.
        timeout: wall-clock limit in seconds.
        file: what to call the evidence.
        allow: names of the axioms that it may rest on.
        independent: checkers that are asked as well.
        judges: what may judge compiled modules.
        cache: folder of what is kept between calls.

    Raises:
        ChallengeTimeoutError: that the two contradict each other was not found out in time.
    """
    brief = await asyncio.to_thread(refuting, evidence, name, challenge, file, allow)
    if isinstance(brief, Refused):
        return brief.verdict(file)
    try:
        verdict = await try_brief(brief, checker, timeout, independent=independent, judges=judges, cache=cache)
        if not verdict.accepted or await _is_refused(mistaken(brief.challenge or ""), checker, timeout):
            return verdict
        return Verdict.refuse(file, f"{name} does not refute {challenge.name}: what ties them is not reached")
    except ChallengeTimeoutError:
        raise
    except SourceError as error:
        why = error.message.removeprefix(UNUSABLE)
        return Verdict.refuse(file, f"{name} does not refute {challenge.name}: {why}")


async def _is_refused(text: str, checker: Compiler, timeout: float) -> bool:
    """Whether Lean has an error in the last line of a text."""
    with scratch() as folder:
        _, result = await checker.compile(text, Path(folder), MODULE, timeout)
    return is_refused(text, result)


def is_refused(text: str, result: CheckResult) -> bool:
    """Whether a checker found an error in the last line of a text."""
    last = text.rstrip("\n").count("\n") + 1
    return result.status is CheckStatus.ERRORS and any(e.start.line == last for e in result.errors)


def refuting(evidence: str, name: str, challenge: Problem, file: str, allow: Iterable[str]) -> Brief | Refused:
    """What is to be tried: the evidence against the file that ties it to the challenge."""
    if refused := too_long(evidence):
        return refused
    try:
        stated = problem(evidence, file=file, name=name)
    except SourceError as error:
        return Refused(Layer.TEXT, (f"there is no refutation in it: {error.message}",))
    begin = len(stated.preamble)
    return Brief(
        submission=evidence,
        file=file,
        challenge=contradiction(challenge, stated),
        challenge_file=challenge.file or "challenge",
        name=stated.name,
        allow=tuple(allow),
        layout=stated.model_copy(update={"preamble": given(challenge), "suffix": ""}),
        foreign=(Span(begin, begin + len(stated.declaration)),),
    )


def given(challenge: Problem) -> str:
    """What precedes a refutation: all before the statement but theorems without a proof, which it may not rest on."""
    text = challenge.preamble
    for declaration in reversed(parse(text).declarations):
        if declaration.theorem and not declaration.complete:
            text = text[: declaration.span.start] + text[declaration.span.end :]
    return text if not text or text.endswith("\n") else text + "\n\n"


def contradiction(challenge: Problem, stated: Problem) -> str:
    """The file that a refutation is judged against: both statements open, and `False` from the two of them."""
    negation = without_comments(stated.declaration, scan(stated.declaration))
    return together(challenge, negation + _OPEN, stated.name, _fresh(challenge.text + stated.text))


def together(challenge: Problem, new: str, name: str, fresh: str | None = None) -> str:
    """The challenge, open, then what is new in the evidence, and a last line that derives `False` from both.

    The last line's theorem is called `fresh`, by default what nobody can foresee.
    """
    fresh = fresh or f"contradiction_{secrets.token_hex(8)}"
    line = f"theorem _root_.{fresh} : {_FALSE}@_root_.{name} @_root_.{challenge.name}\n"
    return f"{opened(challenge)}\n{new}\n{line}"


def mistaken(text: str) -> str:
    """Such a file with a wrong last line. Where Lean takes it, it did not come to that line."""
    return "".join((*text.rpartition(_FALSE)[:2], "_root_.True.intro\n"))


def opened(challenge: Problem) -> str:
    """A challenge up to its statement, which is left open."""
    return challenge.preamble + challenge.declaration + _OPEN


def _fresh(text: str) -> str:
    name = "contradiction_of"
    while name in text:
        name += "'"
    return name
