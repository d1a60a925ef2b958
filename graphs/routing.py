"""The edges: pure functions of state and settings."""

from __future__ import annotations

from typing import Literal

from lemmata.configs.schema import SearchConfig
from lemmata.graphs.state import CloseState, TheoremState

End = Literal["__end__"]


def at_start(state: CloseState) -> Literal["automate", "prove"]:
    """In a later round what needs no prover has been tried."""
    return "prove" if state.get("round", 0) else "automate"


def after_automate(state: CloseState, search: SearchConfig) -> Literal["refute", "prove"] | End:
    """Done, or refute before proving."""
    if state.get("outcome"):
        return "__end__"
    return "refute" if search.refute else "prove"


def after_refute(state: CloseState) -> Literal["prove"] | End:
    """A refuted statement is not worked on."""
    return "__end__" if state.get("outcome") else "prove"


def after_prove(state: CloseState) -> Literal["analyze"] | End:
    """What failed is analyzed, in the last round as well: the splitter reads it."""
    return "__end__" if state.get("outcome") else "analyze"


def after_analyze(state: CloseState, search: SearchConfig) -> Literal["prove", "salvage"] | End:
    """Another round with feedback, or save what can be saved."""
    if not state.get("exhausted") and not state.get("idle") and state.get("round", 0) <= search.repairs:
        return "prove"
    return "salvage" if search.salvage_checks and state.get("feedback") else "__end__"


def after_close(state: TheoremState, search: SearchConfig) -> Literal["reason", "insist"] | End:
    """Split what did not close, while blueprints may nest deeper."""
    if state.get("outcome"):
        return "__end__"
    return "reason" if state.get("depth", 0) < search.depth else at_last(state, search)


def after_split(state: TheoremState, search: SearchConfig) -> Literal["children", "insist"] | End:
    """Work on the lemmas, if there are any."""
    return "children" if state.get("splittable") else at_last(state, search)


def after_recombine(state: TheoremState, search: SearchConfig) -> Literal["reason", "insist"] | End:
    """Found, or another blueprint that knows what failed."""
    if state.get("outcome"):
        return "__end__"
    return "reason" if state.get("round", 0) <= search.rounds else at_last(state, search)


def at_last(state: TheoremState, search: SearchConfig) -> Literal["insist"] | End:
    """The theorem itself is worth the prover's later rounds; of a lemma its blueprint is told that it is stuck."""
    over = state.get("exhausted") or state.get("proved", 0) > search.repairs
    return "__end__" if over or state.get("depth", 0) else "insist"
