"""The prover without a model: a search for a script, made readable."""

from __future__ import annotations

from typing import Final

from lemmata.agents.offline.closers import LEAVES
from lemmata.agents.offline.knowledge import read
from lemmata.agents.offline.script import Script, body
from lemmata.agents.offline.search import Search
from lemmata.agents.protocols import ProveReply, ProveRequest
from lemmata.domain import Candidate, CheckResult, Problem, Proof
from lemmata.lean_env.checker import Workbench
from lemmata.lean_env.scanner import offset_of
from lemmata.tools.automation import fill

UNUSED: Final = "linter.unusedSimpArgs"
_CHECKS: Final = (9, 40)
"""Checks that the search may use in the first round and in the second."""


class OfflineProver:
    """Searches with Lean as the one who makes the moves; deterministic.

    Args:
        checks: how many checks a search may use, by round; past the last there is nothing more to come.
    """

    def __init__(self, checks: tuple[int, ...] = _CHECKS) -> None:
        self._checks = checks

    async def prove(self, request: ProveRequest, bench: Workbench) -> ProveReply:
        """At most one candidate, which this Lean has already accepted as a rule."""
        last = request.round >= len(self._checks) - 1
        if request.round >= len(self._checks):
            return ProveReply(exhausted=True)
        search = Search(request.problem, read(request.problem), bench, checks=self._checks[request.round])
        script = await search.run()
        if script is None:
            return ProveReply(exhausted=last)
        found = await finish(request.problem, script, bench)
        tried = {f.candidate.proof.body for f in request.feedback}
        candidates = () if found is None or found in tried else (Candidate(proof=Proof(body=found), origin="search"),)
        return ProveReply(candidates=candidates, exhausted=last)


async def finish(problem: Problem, script: Script, bench: Workbench) -> str | None:
    """The proof's text: cheap leaves named, rewrite rules that nothing uses left out; None where a leaf stays open."""
    text = body(script)
    start = len(problem.with_proof("", suffix=False))
    sites = _holes(text, start)
    if sites:
        whole, closed = await fill(problem.with_proof(text + "\n", suffix=False), sites, bench, LEAVES)
        if len(closed) < len(sites):
            return None
        text = whole[start:].rstrip("\n")
    accepted = text
    for _ in range(3):
        whole = problem.with_proof(text + "\n", suffix=False)
        result = await bench.check(whole)
        if result.errors:
            return accepted
        accepted, text = text, _without_unused(whole, result)[start:].rstrip("\n")
        if text == accepted:
            break
    return accepted


def _holes(text: str, start: int) -> list[tuple[int, int]]:
    """Spans of the lines and bullets of our own script that are nothing but `sorry`, moved by `start`."""
    found, at = [], 0
    for line in text.split("\n"):
        if line.lstrip(" ·") == "sorry":
            end = start + at + len(line)
            found.append((end - len("sorry"), end))
        at += len(line) + 1
    return found


def _without_unused(text: str, result: CheckResult) -> str:
    """The text without the arguments of `simp` that the linter marks, each with one comma."""
    marked = [(d.start, d.end) for d in result.diagnostics if d.kind == UNUSED and d.end is not None]
    spans = [(offset_of(text, start), offset_of(text, end)) for start, end in marked]
    for start, end in sorted(set(spans), reverse=True):
        before, after = text[:start], text[end:]
        if after.startswith(", "):
            text = before + after[2:]
        elif before.endswith(", "):
            text = before[:-2] + after
        elif before.endswith(" [") and after.startswith("]") and not before.endswith("only ["):
            text = before[:-2] + after[1:]
    return text
