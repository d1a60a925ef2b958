"""Find a proof of one statement, its lemmas taken as given: automate, refute, prove, analyze and repair, salvage."""

from __future__ import annotations

from functools import partial
from typing import Any

from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.graph import START, StateGraph
from langgraph.graph.state import CompiledStateGraph

from lemmata.agents.protocols import AnalyzeRequest, Feedback, ProveRequest
from lemmata.configs.schema import SearchConfig
from lemmata.domain import Candidate, Outcome, Proof, RunStatus, Usage
from lemmata.graphs import routing
from lemmata.graphs.calls import Bench
from lemmata.graphs.candidates import accepts, first_accepted, found, text_of
from lemmata.graphs.deps import Deps, Update, step
from lemmata.graphs.state import CloseState, Partial
from lemmata.lean_env.skeleton import holes
from lemmata.lean_env.sorrify import sorrify
from lemmata.lean_env.steps import Mode
from lemmata.tools.automation import fill


@step
async def automate(state: CloseState, deps: Deps, bench: Bench) -> Update:
    """The tactic portfolio, all in one check."""
    candidate = await deps.tools.automate(state["problem"], bench)
    if candidate is None:
        return {}
    winner, level, _ = await first_accepted(state["problem"], (candidate,), bench)
    return {"outcome": found(winner, level)} if winner and level else {}


@step
async def refute(state: CloseState, deps: Deps, bench: Bench) -> Update:
    """A counterexample that Lean accepts ends the work."""
    refutation = await deps.tools.refute(state["problem"], bench, seed=deps.config.seed)
    if refutation is None:
        return {}
    level = refutation.result.checker.level
    outcome = Outcome(
        status=RunStatus.REFUTED,
        level=level,
        evidence=refutation.text,
        evidence_name=refutation.name,
        reason=f"false for {refutation.instance}" if refutation.instance else "false",
    )
    return {"outcome": outcome}


@step
async def prove(state: CloseState, deps: Deps, bench: Bench) -> Update:
    """Whole proofs by the prover, checked as they come."""
    search = deps.config.search
    request = ProveRequest(
        problem=state["problem"],
        round=state.get("round", 0),
        feedback=state.get("feedback", ()),
        limit=search.samples,
    )
    async with deps.budget.spend(Usage(samples=search.samples)) as settle:
        reply = await deps.team.prover.prove(request, bench)
        settle(Usage(samples=len(reply.candidates)))
    winner, level, failed = await first_accepted(
        state["problem"], reply.candidates[: search.samples], bench, first_wins=search.first_wins
    )
    if winner and level:
        return {"outcome": found(winner, level)}
    return {
        "feedback": (*state.get("feedback", ()), *failed),
        "idle": not reply.candidates,
        "exhausted": reply.exhausted,
    }


@step
async def analyze(state: CloseState, deps: Deps, bench: Bench) -> Update:
    """Say why each new candidate failed."""

    async def one(item: Feedback) -> Feedback:
        if item.analysis is not None:
            return item
        request = AnalyzeRequest(
            problem=state["problem"],
            candidate=item.candidate,
            text=text_of(state["problem"], item.candidate.proof),
            result=item.result,
        )
        return item.model_copy(update={"analysis": await deps.team.analyzer.analyze(request)})

    feedback = [await one(item) for item in state.get("feedback", ())]
    return {"feedback": tuple(feedback), "round": state.get("round", 0) + 1}


@step
async def salvage(state: CloseState, deps: Deps, bench: Bench) -> Update:
    """Keep all that compiles of the last failed candidate, and try automation on its holes, each in its place."""
    problem = state["problem"]
    proof = state["feedback"][-1].candidate.proof
    text = text_of(problem, proof)
    end = len(text)
    start = end - len(proof.body)
    kept = await sorrify(text, bench.check, deps.config.search.salvage_checks, region=(start, end))
    if not kept.compiles:
        return {}
    sites = [h.span for h in holes(kept.text, (start, len(kept.text))) if h.mode is Mode.TACTIC]
    filled, _ = await fill(kept.text, sites, bench)
    result = await bench.check(filled)
    candidate = Candidate(proof=Proof(body=filled[start:], helpers=proof.helpers), origin="salvaged")
    if accepts(problem, filled, result):
        return {"outcome": found(candidate, result.checker.level)}
    return {"partial": Partial(text=problem.with_proof(candidate.proof.body, proof.helpers), holes=len(result.holes))}


def build(search: SearchConfig, saver: BaseCheckpointSaver[Any]) -> CompiledStateGraph[Any, Any, Any, Any]:
    """The compiled graph."""
    graph = StateGraph(CloseState, context_schema=Deps)
    for body in (automate, refute, prove, analyze, salvage):
        graph.add_node(body.__name__, body)
    graph.add_conditional_edges(START, routing.at_start, ["automate", "prove"])
    after_automate = partial(routing.after_automate, search=search)
    graph.add_conditional_edges("automate", after_automate, ["refute", "prove", "__end__"])
    graph.add_conditional_edges("refute", routing.after_refute, ["prove", "__end__"])
    graph.add_conditional_edges("prove", routing.after_prove, ["analyze", "__end__"])
    after_analyze = partial(routing.after_analyze, search=search)
    graph.add_conditional_edges("analyze", after_analyze, ["prove", "salvage", "__end__"])
    graph.add_edge("salvage", "__end__")
    return graph.compile(checkpointer=saver)
