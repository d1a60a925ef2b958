"""Which of several candidates passes."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import Final

from lemmata.agents.protocols import Feedback
from lemmata.aio import Stopped, race
from lemmata.domain import Candidate, CheckResult, CheckStatus, Level, Outcome, Position, Problem, Proof, RunStatus
from lemmata.lean_env.checker import Workbench
from lemmata.lean_env.messages import is_sorry_warning
from lemmata.lean_env.scanner import line_column

AT_ONCE: Final = 4
"""So many candidates of one node are checked at once; the checker's own slots bound all nodes together."""


def text_of(problem: Problem, proof: Proof) -> str:
    """What is checked during the search: the file up to the theorem's end."""
    return problem.with_proof(proof.body, proof.helpers, suffix=False)


def accepts(problem: Problem, text: str, result: CheckResult) -> bool:
    """Whether the checker took everything after the problem's preamble; holes before it are given lemmas."""
    if result.status is CheckStatus.OK:
        return True
    if result.status is not CheckStatus.HOLES:
        return False
    start = line_column(text, len(problem.preamble))
    holes = [h.start for h in result.holes] + [d.start for d in result.diagnostics if is_sorry_warning(d)]
    return bool(holes) and all(_before(h, start) for h in holes)


def _before(a: Position, b: Position) -> bool:
    return (a.line, a.column) < (b.line, b.column)


async def first_accepted(
    problem: Problem, candidates: tuple[Candidate, ...], bench: Workbench, *, first_wins: bool = False
) -> tuple[Candidate | None, Level | None, tuple[Feedback, ...]]:
    """The accepted candidate, its level, and what was learned of the others.

    The lowest in order wins, whichever answer arrives first, unless `first_wins`. Later ones are stopped as soon as
    one is accepted.
    """
    slots = asyncio.Semaphore(AT_ONCE)

    async def check(candidate: Candidate) -> tuple[bool, CheckResult]:
        text = text_of(problem, candidate.proof)
        async with slots:
            result = await bench.check(text)
        return accepts(problem, text, result), result

    results = await race([partial(check, c) for c in candidates], lambda checked: checked[0], first_wins=first_wins)
    feedback: list[Feedback] = []
    for candidate, checked in zip(candidates, results, strict=True):
        if isinstance(checked, Stopped):
            continue
        accepted, result = checked
        if accepted:
            return candidate, result.checker.level, tuple(feedback)
        feedback.append(Feedback(candidate=candidate, result=result))
    return None, None, tuple(feedback)


def found(candidate: Candidate, level: Level) -> Outcome:
    """The outcome of an accepted candidate."""
    return Outcome(status=RunStatus.FOUND, level=level, proof=candidate.proof, reason=candidate.origin)
