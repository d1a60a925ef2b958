"""The splitter without a model: follows an outline's moves and proposes only what compiles up to its lemmas."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from lemmata.agents.offline.informal_reasoner import split_inductions
from lemmata.agents.offline.knowledge import read
from lemmata.agents.offline.moves import forced
from lemmata.agents.offline.prover import finish
from lemmata.agents.offline.script import Close, Step, render
from lemmata.agents.offline.search import Search, initial_goal, resulting_goals
from lemmata.agents.offline.steps import Move
from lemmata.agents.protocols import SplitReply, SplitRequest
from lemmata.domain import LemmaDraft, Problem, Proof
from lemmata.lean_env.checker import Workbench
from lemmata.tools.terms import Goal, show
from lemmata.tools.tokens import tokenize

_CHECKS: Final = 10
_PREPARATIONS: Final = 4


@dataclass(frozen=True, slots=True)
class _Names:
    """Names for lemmas: a closed lemma of the same statement keeps its own."""

    prefix: str
    closed: tuple[LemmaDraft, ...]

    def draft(self, index: int, text: str, uses: tuple[str, ...] = ()) -> LemmaDraft:
        for old in self.closed:
            if old.statement == f"theorem {old.name} {text}":
                return old
        name = f"{self.prefix}{index}"
        return LemmaDraft(name=name, statement=f"theorem {name} {text}", uses=uses)


class OfflineSplitter:
    """Tries the moves of the outline in order and leaves out those whose lemmas have failed before."""

    async def split(self, request: SplitRequest, bench: Workbench) -> SplitReply:
        """The first split whose statements and main proof Lean accepts, the lemmas taken as given."""
        failed = {_without_name(r.statement) for r in request.reports}
        skip = 0 if failed else request.round
        for move in _grouped(request.outline.moves)[skip:]:
            reply = await self._follow(move, request, failed, bench)
            if reply is not None:
                return reply
        return SplitReply()

    async def _follow(
        self, move: tuple[str, ...], request: SplitRequest, failed: set[str], bench: Workbench
    ) -> SplitReply | None:
        names = _Names(request.prefix, request.closed)
        kind, _, rest = move[0].partition(" ")
        if kind == "lemma":
            texts = [m.removeprefix("lemma ") for m in move]
            return await _by_lemmas(request, [t for t in texts if t not in failed], names, bench)
        reply = await _by_parts(request.problem, kind, rest, names, bench)
        if reply is None or any(_without_name(d.statement) in failed for d in reply.lemmas):
            return None
        return reply


def _grouped(moves: Sequence[str]) -> list[tuple[str, ...]]:
    """The moves one by one; all lemmas together, where the first of them stands."""
    lemmas = tuple(m for m in moves if m.startswith("lemma "))
    grouped: list[tuple[str, ...]] = []
    for m in moves:
        if m in lemmas:
            if lemmas not in grouped:
                grouped.append(lemmas)
        else:
            grouped.append((m,))
    return grouped


def _without_name(statement: str) -> str:
    return statement.split(" ", 2)[-1]


# -- lemmas that were guessed


async def _by_lemmas(request: SplitRequest, texts: list[str], names: _Names, bench: Workbench) -> SplitReply | None:
    """A search for the statement with the lemmas given; those that the script names are the blueprint."""
    if not texts:
        return None
    problem = request.problem
    drafts = [names.draft(i, t) for i, t in enumerate(texts, 1)]
    given = _given(problem, drafts)
    script = await Search(given, read(given), bench, checks=_CHECKS).run()
    if script is None:
        return None
    body = await finish(given, script, bench)
    if body is None:
        return None
    words = {t.text for t in tokenize(body)}
    used = [d for d in drafts if d.name in words]
    lemmas = tuple(
        d if d in request.closed else d.model_copy(update={"uses": tuple(e.name for e in used[:i])})
        for i, d in enumerate(used)
    )
    idea = {0: "directly after all", 1: "with a helper lemma"}.get(len(lemmas), f"with {len(lemmas)} helper lemmas")
    reply = SplitReply(lemmas=lemmas, main=Proof(body=body), idea=idea)
    return reply if await _compiles(problem, reply, bench) else None


def _given(problem: Problem, drafts: Sequence[LemmaDraft]) -> Problem:
    """The problem with the lemmas in its preamble, their proofs holes."""
    start = problem.preamble
    if start and not start.endswith("\n\n"):
        start = start.rstrip("\n") + "\n\n"
    return problem.model_copy(
        update={"preamble": start + "".join(f"{d.statement} := by\n  sorry\n\n" for d in drafts)}
    )


async def _compiles(problem: Problem, reply: SplitReply, bench: Workbench) -> bool:
    if reply.main is None:
        return False
    given = _given(problem, reply.lemmas)
    result = await bench.check(given.with_proof(reply.main.body + "\n", suffix=False))
    return result.status.verdict and not result.errors


# -- parts of the goal


async def _by_parts(problem: Problem, kind: str, rest: str, names: _Names, bench: Workbench) -> SplitReply | None:
    """Steps until the goal falls into parts; each part becomes a lemma, the main proof puts them together."""
    path: tuple[Move, ...] = ()
    goal = await initial_goal(problem, bench)
    for _ in range(_PREPARATIONS):
        if goal is None:
            return None
        move = _step(goal, kind, rest, problem)
        if move is None:
            return None
        path = (*path, move)
        goals = await resulting_goals(problem, path, bench)
        if not goals:
            return None
        if len(goals) > 1:
            return await _assembled(problem, path, goals, f"{kind} {rest}", names, bench)
        goal = next(iter(goals))
    return None


def _step(goal: Goal, kind: str, rest: str, problem: Problem) -> Move | None:
    knowledge = read(problem)
    match kind:
        case "split":
            return forced(goal, knowledge)
        case "cases":
            return Move(f"rcases {rest} with {rest} | {rest}")
        case "through":
            return Move(f"apply Eq.trans (b := {rest})")
        case "induction":
            wanted = f"induction {rest} with"
            return next((m for m in split_inductions(goal, knowledge) if m.tactic == wanted), forced(goal, knowledge))
        case _:
            return None


async def _assembled(
    problem: Problem, path: tuple[Move, ...], goals: Sequence[Goal], idea: str, names: _Names, bench: Workbench
) -> SplitReply | None:
    lemmas, closing = [], []
    for i, goal in enumerate(goals, 1):
        text = lemma_text(goal)
        if text is None:
            return None
        draft = names.draft(i, text)
        lemmas.append(draft)
        closing.append(Close(" ".join([f"exact {draft.name}", *_arguments(goal)])))
    script: Step = Step(path[-1], tuple(closing))
    for move in reversed(path[:-1]):
        script = Step(move, (script,))
    reply = SplitReply(lemmas=tuple(lemmas), main=Proof(body=" := by\n" + render(script)), idea=idea)
    return reply if await _compiles(problem, reply, bench) else None


def lemma_text(goal: Goal) -> str | None:
    """A goal as binders and target of a lemma; None where the context has names that cannot be written."""
    pieces = []
    for h in goal.hypotheses:
        if h.value is not None:
            return None
        if all("✝" in n for n in h.names):
            if not h.names[0].startswith("inst"):
                return None
            pieces.append(f"[{show(h.type)}]")
        else:
            pieces.append(f"({' '.join(h.names)} : {show(h.type)})")
    return " ".join([*pieces, f": {show(goal.target)}"])


def _arguments(goal: Goal) -> Iterator[str]:
    yield from (n for h in goal.hypotheses for n in h.names if "✝" not in n)

