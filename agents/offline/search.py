"""Best-first search over proof states, with Lean as the one who makes the moves.

One check expands several goals at once. Every alternative (a move) prints the goals it leaves, tries the cheap tactics
on each, prints those that stay open, and fails, so that the next one starts from the same goal; traces survive the
failure. Places of the messages, not their words, say which move they belong to.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from lemmata.agents.offline.closers import LEAVES, SAFE_LEAVES, closers
from lemmata.agents.offline.knowledge import Knowledge
from lemmata.agents.offline.moves import forced, moves
from lemmata.agents.offline.script import Close, Script, Step
from lemmata.agents.offline.steps import Move
from lemmata.domain import CheckResult, CheckStatus, Problem
from lemmata.lean_env.checker import Workbench
from lemmata.tools.automation import MARK, marks
from lemmata.tools.term_parser import parse_goal
from lemmata.tools.terms import Goal, show_goal
from lemmata.tools.tokens import tokenize

_BATCH: Final = 3
_TIMEOUT: Final = 10.0
_RETRIES: Final = 6
_TRIES: Final = 2
_AGAIN: Final = 1.2
"""What it costs to come back to a goal with its costly moves."""
_CHEAP: Final = 2.2
SHOW: Final = "set_option pp.fieldNotation false in trace_state"
"""Prints all goals; `f x` as such and not as `x.f`, so that functions can be recognised."""


@dataclass(slots=True)
class State:
    """A goal of the search (an OR node): what was tried on it and what closes it."""

    goal: Goal
    path: tuple[tuple[Move, int], ...]
    cost: float
    options: list[Option] = field(default_factory=list)
    tries: int = 0
    """How often it was expanded: first with closing tactics and cheap moves, then with the costly ones."""
    proof: Script | None = None


@dataclass(frozen=True, slots=True)
class Option:
    """A move that Lean accepted (an AND node), with the goals it leaves; None for those the cheap tactics close."""

    move: Move
    goals: tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class Trial:
    """One line of a check: a closing tactic or a move, tried on one state."""

    key: str
    what: str | Move
    safe: bool = False
    """After a move, leave out the tactics that may break the run off."""


@dataclass(slots=True)
class Search:
    """A search for a script that closes one goal.

    Args:
        problem: the statement; its proof is replaced.
        knowledge: what its file defines.
        bench: where to check.
        checks: how many checks it may use.
        depth: the longest path of moves.
    """

    problem: Problem
    knowledge: Knowledge
    bench: Workbench
    checks: int = 30
    depth: int = 14
    states: dict[str, State] = field(default_factory=dict)
    root: str = ""

    async def run(self) -> Script | None:
        """The script, its cheap leaves still `sorry`; None where the search ends without one."""
        self.checks -= 1
        goal = await initial_goal(self.problem, self.bench)
        if goal is None:
            return None
        self.root = show_goal(goal)
        self.states[self.root] = State(goal, (), 0.0)
        while self.checks > 0 and self.states[self.root].proof is None:
            batch = self._frontier()
            if not batch:
                return None
            await self._expand(batch)
            self._propagate()
        return self.states[self.root].proof

    def _frontier(self) -> list[str]:
        """The cheapest states that still matter to the root."""
        wanted: dict[str, None] = {}
        self._wanted(self.root, wanted, set())
        ready = [k for k in wanted if self.states[k].tries < _TRIES and len(self.states[k].path) <= self.depth]
        return sorted(ready, key=lambda k: self.states[k].cost + _AGAIN * self.states[k].tries)[:_BATCH]

    def _wanted(self, key: str, wanted: dict[str, None], seen: set[str]) -> None:
        if key in seen or self.states[key].proof is not None:
            return
        seen.add(key)
        wanted[key] = None
        for option in self.states[key].options:
            if not any(g is not None and self._dead(g) for g in option.goals):
                for goal in option.goals:
                    if goal is not None:
                        self._wanted(goal, wanted, seen)

    def _dead(self, key: str) -> bool:
        state = self.states[key]
        return state.proof is None and state.tries == _TRIES and not state.options

    async def _expand(self, batch: Sequence[str]) -> None:
        """Try everything on the states of a batch; an alternative that breaks the run is left out of the next try."""
        trials = [t for key in batch for t in self._trials(key)]
        for key in batch:
            self.states[key].tries += 1
        for _ in range(_RETRIES):
            if not trials or self.checks <= 0:
                return
            self.checks -= 1
            text, lines = self._text(trials)
            result = await self.bench.check(text, timeout=_TIMEOUT)
            self._read(result, lines)
            trials = _rest(result, trials, lines)

    def _trials(self, key: str) -> Iterator[Trial]:
        state = self.states[key]
        step = forced(state.goal, self.knowledge)
        if state.tries == 0:
            tactics = LEAVES if step else closers(state.goal, self.knowledge)
            yield from (Trial(key, t) for t in tactics)
            if step:
                yield Trial(key, step)
        if step is None:
            yield from (
                Trial(key, m) for m in moves(state.goal, self.knowledge) if (m.cost > _CHEAP) == (state.tries > 0)
            )

    def _text(self, trials: Sequence[Trial]) -> tuple[str, dict[int, Trial]]:
        """The whole file and which trial stands on which line."""
        text = self.problem.with_proof(" := by\n  first", suffix=False)
        number = text.count("\n") + 1
        lines: list[str] = []
        places: dict[int, Trial] = {}
        keys = list(dict.fromkeys(t.key for t in trials))
        for key in keys:
            lines.append(f"  | (({_walk(self.states[key].path)}first")
            for trial in trials:
                if trial.key == key:
                    lines.append(f"     | ({_attempt(trial)})")
                    places[number + len(lines)] = trial
            lines.append("     ); fail)")
        return "\n".join([text, *lines, "  | sorry", ""]), places

    def _read(self, result: CheckResult, lines: dict[int, Trial]) -> None:
        said: dict[int, list[tuple[int, str]]] = {}
        for mark in marks(result):
            said.setdefault(mark.start.line, []).append((mark.start.column, mark.text))
        # a move that broke off, or at which the run ended, has not said which goals it leaves
        unfinished = {e.start.line for e in result.errors}
        if said and not result.status.verdict:
            unfinished.add(max(said))
        for line in sorted(said):
            trial = lines.get(line)
            if trial is None or (line in unfinished and isinstance(trial.what, Move)):
                continue
            state = self.states[trial.key]
            if isinstance(trial.what, str):
                if state.proof is None:
                    state.proof = Close(trial.what)
                continue
            messages = [t for _, t in sorted(said[line])]
            self._add(state, trial.what, _goals(messages[0]), set(_goals("\n".join(messages[1:]))))

    def _add(self, state: State, move: Move, goals: Sequence[str], left: set[str]) -> None:
        keys = tuple(g if g in left else None for g in goals)
        if any(_has_unknowns(g) for g in goals):
            return
        here = show_goal(state.goal)
        if here in keys or any(g is not None and g in self._ancestors(state) for g in keys):
            return
        for i, key in enumerate(keys):
            cost = state.cost + move.cost + 0.15 * sum(k is not None for k in keys)
            if key is not None and key not in self.states:
                self.states[key] = State(parse_goal(key), (*state.path, (move, i)), cost)
        state.options.append(Option(move, keys))

    def _ancestors(self, state: State) -> set[str]:
        path = state.path
        return {k for k, s in self.states.items() if len(s.path) < len(path) and s.path == path[: len(s.path)]}

    def _propagate(self) -> None:
        """Close states whose option has all its goals closed, until nothing changes."""
        changed = True
        while changed:
            changed = False
            for state in self.states.values():
                if state.proof is not None:
                    continue
                for option in state.options:
                    branches = [Close() if g is None else self.states[g].proof for g in option.goals]
                    done = [b for b in branches if b is not None]
                    if len(done) == len(branches):
                        state.proof = Step(option.move, tuple(done))
                        changed = True
                        break


def _has_unknowns(goal: str) -> bool:
    """Whether a goal shares a metavariable with others, so that they cannot be closed one by one."""
    return any(t.text.startswith("?") for t in tokenize(goal))


async def initial_goal(problem: Problem, bench: Workbench) -> Goal | None:
    """The goal of a statement as Lean prints it, with the variables of its sections; None where Lean shows none."""
    goals = await resulting_goals(problem, (), bench)
    return goals[0] if goals else None


async def resulting_goals(problem: Problem, path: Sequence[Move], bench: Workbench) -> tuple[Goal, ...]:
    """The goals that moves leave, one after the other; empty where one of them fails or none is left."""
    steps = "".join(f"  ({m.trial})\n" for m in path)
    text = problem.with_proof(f" := by\n{steps}  {SHOW}\n  all_goals sorry\n", suffix=False)
    result = await bench.check(text, timeout=_TIMEOUT)
    said = [m.text for m in marks(result)]
    return tuple(parse_goal(g) for g in _goals(said[0])) if said and not result.errors else ()


def _walk(path: Sequence[tuple[Move, int]]) -> str:
    """Steps from the root to a goal, its siblings put aside."""
    steps = [s for move, i in path for s in [f"({move.trial})", *["sorry"] * i]]
    return "".join(f"{s}; " for s in steps) + "· " * bool(path)


def _attempt(trial: Trial) -> str:
    if isinstance(trial.what, str):
        return f"{trial.what}; done; {MARK}"
    leaves = " | ".join(f"({t}; done)" for t in (SAFE_LEAVES if trial.safe else LEAVES))
    return f"(({trial.what.trial}); {SHOW}) <;> (first | {leaves} | {SHOW}); fail"


def _goals(text: str) -> list[str]:
    """The goals of `trace_state` messages in order, in normal form; names of cases are dropped."""
    blocks: list[list[str]] = [[]]
    ended = False
    for line in text.splitlines():
        if ended and not line[:1].isspace():
            blocks.append([])
            ended = False
        ended = ended or line.startswith("⊢")
        blocks[-1].append(line)
    return [show_goal(parse_goal("\n".join(b))) for b in blocks if any(x.startswith("⊢") for x in b)]


def _rest(result: CheckResult, trials: Sequence[Trial], lines: dict[int, Trial]) -> list[Trial]:
    """What is still to be tried: after a run that an alternative broke, those behind it; after none, nothing.

    A move that broke in the tactics behind it is tried again with safe ones. Where there is no verdict at all, only
    the moves are tried again, as closing tactics are what runs away.
    """
    if not result.status.verdict:
        again = [replace(t, safe=True) for t in trials if isinstance(t.what, Move) and not t.safe]
        return again if result.status is not CheckStatus.UNSUPPORTED else []
    broken = [e.start.line for e in result.errors if e.start.line in lines]
    if not broken:
        return []
    order = list(lines.values())
    last = lines[max(broken)]
    again = [replace(last, safe=True)] if isinstance(last.what, Move) and not last.safe else []
    return [*again, *order[order.index(last) + 1 :]]
