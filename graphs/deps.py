"""What the steps work with, in one place. Never in the state, never global."""

from __future__ import annotations

import re
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any, Protocol, TypeVar

from langgraph.graph.state import CompiledStateGraph
from langgraph.runtime import Runtime

from lemmata.agents.protocols import Team
from lemmata.aio import collect
from lemmata.configs.schema import Config
from lemmata.domain import Candidate, Problem
from lemmata.events import EventLog, PhaseEntered, PhaseLeft
from lemmata.graphs.budget import Budget
from lemmata.graphs.calls import Bench, Recorder
from lemmata.lean_env.checker import Workbench
from lemmata.tools.automation import automate
from lemmata.tools.refuter import Refutation, refute


class Automate(Protocol):
    """Tries automation on a whole statement; see `tools.automation.automate`."""

    def __call__(self, problem: Problem, bench: Workbench) -> Awaitable[Candidate | None]:
        """A candidate, or None where nothing closes it."""
        ...


class Refute(Protocol):
    """Looks for a counterexample; see `tools.refuter.refute`."""

    def __call__(self, problem: Problem, bench: Workbench, *, seed: int = 0) -> Awaitable[Refutation | None]:
        """A refutation that Lean accepted, or None."""
        ...


@dataclass(frozen=True, kw_only=True)
class Tools:
    """What is tried before anybody is asked."""

    automate: Automate = automate
    refute: Refute = refute


@dataclass(frozen=True, kw_only=True)
class Graphs:
    """The compiled graphs of a run."""

    close_node: CompiledStateGraph[Any, Any, Any, Any]
    prove_theorem: CompiledStateGraph[Any, Any, Any, Any]


@dataclass(frozen=True, kw_only=True)
class Deps:
    """Collaborators of one node; a child node gets a copy with a narrower budget."""

    run: str
    config: Config
    team: Team
    tools: Tools
    recorder: Recorder
    budget: Budget
    graphs: Graphs
    clock: Callable[[], float] = time.monotonic

    @property
    def log(self) -> EventLog:
        """The run's event log."""
        return self.recorder.log

    def within(self, budget: Budget) -> Deps:
        """The same with another budget."""
        return replace(self, budget=budget)

    async def run_graph(self, graph: CompiledStateGraph[Any, Any, Any, Any], thread: str, initial: Any) -> Any:
        """Run a graph's thread to its end, from its checkpoint if it has one; the final state."""
        config: Any = {"configurable": {"thread_id": f"{self.run}/{thread}"}, "recursion_limit": 10_000}

        async def go() -> Any:
            snapshot = await graph.aget_state(config)
            # Not `next`: it leaves out a step whose writes are saved but not yet applied, as after a kill just there.
            if snapshot.values and not snapshot.tasks:
                return snapshot.values
            start = None if snapshot.values else initial
            return await graph.ainvoke(start, config, context=self, durability="sync")

        return (await collect([go]))[0]

    async def state(self, graph: CompiledStateGraph[Any, Any, Any, Any], thread: str) -> Any:
        """The newest state of a thread, empty where it has none."""
        return (await graph.aget_state({"configurable": {"thread_id": f"{self.run}/{thread}"}})).values


S = TypeVar("S", contravariant=True)
Update = dict[str, Any]


class Step(Protocol[S]):
    """A step as LangGraph calls it."""

    __name__: str

    def __call__(self, state: S, *, runtime: Runtime[Deps]) -> Awaitable[Update]:
        """The fields that the step changes."""
        ...


def step(body: Callable[[S, Deps, Bench], Awaitable[Update]]) -> Step[S]:
    """Make a step of a graph from a function of state, collaborators and a workbench; its time goes to the log."""
    name = body.__name__

    async def run(state: Any, *, runtime: Runtime[Deps]) -> Update:
        deps, node = runtime.context, state["node"]
        bench = deps.recorder.bench(node, f"{name}.{state.get('round', 0)}", deps.budget)
        deps.log.append(PhaseEntered(node=node, phase=name))
        began = deps.clock()
        try:
            return await body(state, deps, bench)
        finally:
            deps.log.append(PhaseLeft(node=node, phase=name, seconds=round(deps.clock() - began, 6)))

    run.__name__, run.__doc__ = name, body.__doc__
    return run


def slug(name: str) -> str:
    """A name made of letters, digits and underscores, to build fresh names from."""
    return re.sub(r"\W+", "_", name.replace(".", "_")).strip("_") or "lemma"
