"""What the two graphs carry from step to step: frozen values only, each step returns the fields it changes."""

from __future__ import annotations

from typing import Final, Required, TypedDict

from langgraph.checkpoint.serde.jsonplus import JsonPlusSerializer

from lemmata import domain
from lemmata.agents import protocols
from lemmata.agents.protocols import Feedback, NodeReport, Outline
from lemmata.domain import Model, Outcome, Problem
from lemmata.graphs import blueprint as blueprints
from lemmata.graphs.blueprint import Blueprint


class Partial(Model):
    """The best that was reached short of a proof: a whole file that compiles up to its holes."""

    text: str
    holes: int


class CloseState(TypedDict, total=False):
    """State of `close_node`."""

    node: Required[str]
    problem: Required[Problem]
    round: int
    feedback: Required[tuple[Feedback, ...]]
    idle: bool
    """The prover had nothing to propose in the newest round."""
    exhausted: bool
    """Nothing would come from another round."""
    partial: Partial | None
    outcome: Outcome | None


class TheoremState(TypedDict, total=False):
    """State of `prove_theorem`."""

    node: Required[str]
    problem: Required[Problem]
    depth: int
    round: int
    """Of the blueprint."""
    proved: int
    """Rounds that the prover had on the statement as a whole."""
    exhausted: bool
    """Nothing would come from another one."""
    feedback: tuple[Feedback, ...]
    outline: Outline | None
    blueprint: Blueprint | None
    reports: tuple[NodeReport, ...]
    splittable: bool
    partial: Partial | None
    outcome: Outcome | None


def serializer() -> JsonPlusSerializer:
    """The checkpointer's serializer: it reads back the types of these states and no others."""
    types = {
        (kind.__module__, kind.__qualname__)
        for room in (domain, protocols, blueprints)
        for kind in vars(room).values()
        if isinstance(kind, type) and kind.__module__.startswith("lemmata.")
    }
    return JsonPlusSerializer(allowed_msgpack_modules=sorted(types | {(__name__, Partial.__qualname__)}))


ROOT: Final = "root"
"""The node of the theorem itself."""
