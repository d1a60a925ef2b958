"""Prove one statement, by parts if need be: close it, or split it, work on the lemmas at once, and put them together.

A lemma is worked on by the same graph one level deeper, in a thread of its own, so that no node waits for a sibling.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.graph import START, StateGraph
from langgraph.graph.state import CompiledStateGraph

from lemmata.agents.protocols import NodeReport, ReasonRequest, SplitReply, SplitRequest
from lemmata.aio import collect
from lemmata.configs.schema import BudgetConfig, SearchConfig
from lemmata.domain import Candidate, NodeStatus, Outcome, Problem, Proof, RunStatus
from lemmata.errors import LimitReached
from lemmata.events import BlueprintChanged, NodeEnded, NodeOpened
from lemmata.graphs import routing
from lemmata.graphs.blueprint import Blueprint, BlueprintError, identifiers, node_problem, plan
from lemmata.graphs.calls import Bench
from lemmata.graphs.candidates import accepts, found, text_of
from lemmata.graphs.deps import Deps, Update, slug, step
from lemmata.graphs.state import ROOT, CloseState, Partial, TheoremState

_STATUS = {RunStatus.FOUND: NodeStatus.CLOSED, RunStatus.REFUTED: NodeStatus.REFUTED}


async def work(
    deps: Deps, problem: Problem, *, node: str = ROOT, parent: str | None = None, depth: int = 0
) -> Outcome:
    """Work on one statement until it has an outcome, going on where an earlier process stopped.

    Raises LimitReached where the run's own budget ends; a limit of this node alone is an outcome.
    """
    scope = f"node {node}"
    seconds = deps.config.search.node_seconds if parent else None
    own = deps.within(deps.budget.child(BudgetConfig(seconds=seconds), scope)) if seconds else deps
    deps.log.append(
        NodeOpened(node=node, parent=parent, name=problem.name, statement=problem.statement, depth=depth)
    )
    try:
        final = await own.run_graph(
            deps.graphs.prove_theorem, node, TheoremState(node=node, problem=problem, depth=depth, round=0)
        )
        outcome = final.get("outcome") or not_found(final)
    except LimitReached as limit:
        if limit.scope != scope:
            raise
        outcome = Outcome(status=RunStatus.NOT_FOUND, reason=str(limit))
    status = _STATUS.get(outcome.status, NodeStatus.STUCK)
    deps.log.append(NodeEnded(node=node, status=status, level=outcome.level, reason=outcome.reason))
    return outcome


def not_found(state: TheoremState) -> Outcome:
    """The outcome of a statement on which nothing is left to try."""
    reports = state.get("reports", ())
    best = state.get("partial")
    if reports:
        reason = "; ".join(f"{r.name} is {'refuted' if r.refuted else 'stuck'}" for r in reports)
    else:
        reason = "no candidate passed" + ("" if state.get("splittable", True) else ", and no way to split it was found")
    return Outcome(status=RunStatus.NOT_FOUND, reason=reason, best=best.text if best else None)


@step
async def close(state: TheoremState, deps: Deps, bench: Bench) -> Update:
    """All that is tried on the statement as a whole."""
    final: CloseState = await deps.run_graph(
        deps.graphs.close_node,
        f"{state['node']}:close",
        CloseState(node=state["node"], problem=state["problem"], round=0, feedback=()),
    )
    return {
        "outcome": final.get("outcome"),
        "partial": final.get("partial"),
        "feedback": final.get("feedback", ()),
        "proved": final.get("round", 0),
        "exhausted": final.get("exhausted", False),
    }


@step
async def insist(state: TheoremState, deps: Deps, bench: Bench) -> Update:
    """When nothing else is left: the prover's later rounds on the statement as a whole."""
    start = CloseState(
        node=state["node"],
        problem=state["problem"],
        round=state.get("proved", 1),
        feedback=state.get("feedback", ()),
    )
    final: CloseState = await deps.run_graph(deps.graphs.close_node, f"{state['node']}:insist", start)
    new = final.get("partial")
    best = fewer_holes(state.get("partial"), new) if new else state.get("partial")
    return {"outcome": final.get("outcome"), "partial": best}


@step
async def reason(state: TheoremState, deps: Deps, bench: Bench) -> Update:
    """An informal proof as a plan."""
    request = ReasonRequest(
        problem=state["problem"], feedback=state.get("feedback", ()), reports=state.get("reports", ())
    )
    return {"outline": await deps.team.reasoner.reason(request, bench)}


@step
async def split(state: TheoremState, deps: Deps, bench: Bench) -> Update:
    """A blueprint, whose statements and main proof Lean compiles before any lemma is worked on."""
    problem, outline = state["problem"], state.get("outline")
    assert outline is not None
    old = state.get("blueprint") or Blueprint()
    closed = tuple(n.draft for n in old.live if n.status is NodeStatus.CLOSED)
    request = SplitRequest(
        problem=problem,
        outline=outline,
        closed=closed,
        reports=state.get("reports", ()),
        round=state.get("round", 0),
        prefix=fresh_prefix(problem),
    )
    reply = await deps.team.splitter.split(request, bench)
    fresh = await _compiled(problem, reply, bench)
    if fresh is None:
        return {"splittable": False}
    merged = old.merge(fresh)
    deps.log.append(
        BlueprintChanged(node=state["node"], round=state.get("round", 0), idea=merged.idea, lemmas=merged.names)
    )
    return {"splittable": True, "blueprint": merged}


async def _compiled(problem: Problem, reply: SplitReply, bench: Bench) -> Blueprint | None:
    """The blueprint of a reply that compiles; what does not is no blueprint."""
    if reply.main is None:
        return None
    try:
        blueprint = plan(reply.lemmas, reply.main, reply.idea)
    except BlueprintError:
        return None
    given = blueprint.assemble()
    text = problem.with_proof(given.body, given.helpers, suffix=False)
    result = await bench.check(text)
    # Seen from the theorem itself, the lemmas are given: they belong to its preamble.
    lemmas = text[: len(text) - len(problem.lead + problem.statement + given.body)]
    seen = problem.model_copy(update={"preamble": lemmas})
    return blueprint if accepts(seen, text, result) else None


@step
async def children(state: TheoremState, deps: Deps, bench: Bench) -> Update:
    """All open lemmas at once, each one level deeper."""
    blueprint = state.get("blueprint")
    assert blueprint is not None
    names = [n.name for n in blueprint.frontier]
    outcomes = await collect(
        partial(
            work,
            deps,
            node_problem(state["problem"], blueprint, name),
            node=child_of(state, name),
            parent=state["node"],
            depth=state.get("depth", 0) + 1,
        )
        for name in names
    )
    reports = list(state.get("reports", ()))
    for name, outcome in zip(names, outcomes, strict=True):
        status = _STATUS.get(outcome.status, NodeStatus.STUCK)
        proof = outcome.proof if outcome.found else None
        statement = blueprint[name].draft.statement
        blueprint = blueprint.update(name, status=status, proof=proof, level=outcome.level, reason=outcome.reason)
        if not outcome.found:
            refuted = status is NodeStatus.REFUTED
            reports.append(NodeReport(name=name, statement=statement, refuted=refuted, reason=outcome.reason))
    return {"blueprint": blueprint, "reports": tuple(reports)}


def child_of(state: TheoremState, name: str) -> str:
    """The node of a lemma; in a later round it is another one, since what it may use can have changed."""
    later = state.get("round", 0)
    return f"{state['node']}/{name}" + (f"@{later}" if later else "")


@step
async def recombine(state: TheoremState, deps: Deps, bench: Bench) -> Update:
    """Put the proofs together and let Lean look at the whole; or keep the skeleton and count the round."""
    problem, blueprint = state["problem"], state.get("blueprint")
    assert blueprint is not None
    proof = blueprint.assemble(taken=identifiers(problem.text))
    later = {"round": state.get("round", 0) + 1}
    if not blueprint.complete:
        open_nodes = sum(n.status is not NodeStatus.CLOSED for n in blueprint.live)
        return later | {"partial": fewer_holes(state.get("partial"), partial_of(problem, proof, open_nodes))}
    text = text_of(problem, proof)
    result = await bench.check(text)
    if not accepts(problem, text, result):
        said = result.errors[0].text if result.errors else result.reason or result.status
        report = NodeReport(
            name=problem.name, statement=problem.statement, refuted=False, reason=f"recombined, it fails: {said}"
        )
        return later | {"reports": (*state.get("reports", ()), report)}
    levels = [result.checker.level, *(n.level for n in blueprint.live if n.level)]
    weakest = min(levels, key=lambda level: level.rank)
    return {"outcome": found(Candidate(proof=proof, origin=blueprint.idea), weakest)}


def partial_of(problem: Problem, proof: Proof, holes: int) -> Partial:
    """A skeleton as a whole file."""
    return Partial(text=problem.with_proof(proof.body, proof.helpers), holes=holes)


def fewer_holes(a: Partial | None, b: Partial) -> Partial:
    """The one with fewer holes; the older of equals."""
    return b if a is None or b.holes < a.holes else a


def fresh_prefix(problem: Problem) -> str:
    """How names of lemmas for this problem begin: nothing in its file begins so."""
    prefix = f"{slug(problem.name)}_"
    names = identifiers(problem.text)
    while any(part.startswith(prefix) for name in names for part in name.split(".")):
        prefix += "x_"
    return prefix


async def harvest(deps: Deps, node: str = ROOT) -> Proof | None:
    """The best that an unfinished statement has come to: what is closed below it, holes for the rest."""
    state: TheoremState = await deps.state(deps.graphs.prove_theorem, node)
    outcome, blueprint = state.get("outcome"), state.get("blueprint")
    if outcome is not None and outcome.proof is not None:
        return outcome.proof
    if blueprint is None:
        return None
    for open_node in blueprint.frontier:
        proof = await harvest(deps, child_of(state, open_node.name))
        if proof is not None:
            blueprint = blueprint.update(open_node.name, proof=proof)
    return blueprint.assemble(taken=identifiers(state["problem"].text))


def build(search: SearchConfig, saver: BaseCheckpointSaver[Any]) -> CompiledStateGraph[Any, Any, Any, Any]:
    """The compiled graph."""
    graph = StateGraph(TheoremState, context_schema=Deps)
    for body in (close, reason, split, children, recombine, insist):
        graph.add_node(body.__name__, body)
    graph.add_edge(START, "close")
    graph.add_conditional_edges("close", partial(routing.after_close, search=search), ["reason", "insist", "__end__"])
    graph.add_edge("reason", "split")
    after_split = partial(routing.after_split, search=search)
    graph.add_conditional_edges("split", after_split, ["children", "insist", "__end__"])
    graph.add_edge("children", "recombine")
    after_recombine = partial(routing.after_recombine, search=search)
    graph.add_conditional_edges("recombine", after_recombine, ["reason", "insist", "__end__"])
    graph.add_edge("insist", "__end__")
    return graph.compile(checkpointer=saver)
