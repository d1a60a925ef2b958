"""The four roles: what each gets and what it gives back. All inputs and outputs are frozen values."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from lemmata.domain import Candidate, CheckResult, LemmaDraft, Model, Position, Problem, Proof
from lemmata.lean_env.checker import Workbench


class Feedback(Model):
    """A candidate that failed, with what was made of it."""

    candidate: Candidate
    result: CheckResult
    analysis: Analysis | None = None


class Category(StrEnum):
    """Why a candidate failed."""

    UNSOLVED_GOALS = "unsolved_goals"
    WRONG_AUTOMATION = "wrong_automation"
    UNKNOWN_IDENTIFIER = "unknown_identifier"
    TYPE_MISMATCH = "type_mismatch"
    SYNTAX = "syntax"
    TIMEOUT = "timeout"
    STATEMENT_CHANGED = "statement_changed"
    OTHER = "other"


class Analysis(Model):
    """What the error analyzer makes of one failed candidate."""

    category: Category
    start: Position | None = None
    """Where the failing span starts in the checked text; None where there is no place."""
    end: Position | None = None
    failing: str = ""
    """The failing span's text."""
    message: str = ""
    """The decisive diagnostic's text."""
    advice: str = ""
    """What to try instead, in words."""


class Outline(Model):
    """An informal proof as a plan."""

    text: str
    """In words, for people and for a model-backed splitter."""
    moves: tuple[str, ...] = ()
    """The plan in machine-readable moves (e.g. `induction n`, `split and`, `cases h`), best first."""


class ProveRequest(Model):
    """Asks for proofs of one statement, its lemmas taken as given (they stand in the preamble)."""

    problem: Problem
    round: int = 0
    """0 for the first time, then one more for each round of feedback."""
    feedback: tuple[Feedback, ...] = ()
    """What failed in the rounds before, oldest first."""
    limit: int = 8
    """At most so many candidates are wanted."""


class ProveReply(Model):
    """Candidates, most promising first."""

    candidates: tuple[Candidate, ...] = ()
    exhausted: bool = False
    """Nothing more would come from another round."""


class Prover(Protocol):
    """Writes whole proofs."""

    async def prove(self, request: ProveRequest, bench: Workbench) -> ProveReply:
        """Propose proofs; it need not have checked them."""
        ...


class AnalyzeRequest(Model):
    """A failed candidate, the text that was checked and what the checker said."""

    problem: Problem
    candidate: Candidate
    text: str
    result: CheckResult


class ErrorAnalyzer(Protocol):
    """Says why a candidate failed."""

    async def analyze(self, request: AnalyzeRequest) -> Analysis:
        """Classify by structure first."""
        ...


class ReasonRequest(Model):
    """Asks for an informal proof of a statement that did not give in directly."""

    problem: Problem
    feedback: tuple[Feedback, ...] = ()
    reports: tuple[NodeReport, ...] = ()
    """Nodes of earlier blueprints that failed."""


class InformalReasoner(Protocol):
    """Writes the plan that the splitter follows."""

    async def reason(self, request: ReasonRequest, bench: Workbench) -> Outline:
        """An informal proof, or an outline with no moves where it sees none."""
        ...


class NodeReport(Model):
    """A node of an earlier blueprint that is stuck or refuted."""

    name: str
    statement: str
    refuted: bool
    reason: str


class SplitRequest(Model):
    """Asks for a blueprint of a statement."""

    problem: Problem
    outline: Outline
    closed: tuple[LemmaDraft, ...] = ()
    """Closed nodes of the blueprint before; kept if the new one uses the same statement."""
    reports: tuple[NodeReport, ...] = ()
    round: int = 0
    prefix: str = ""
    """Lemma names must start with it; it is fresh in the file."""


class SplitReply(Model):
    """Lemmas and a proof of the statement from them."""

    lemmas: tuple[LemmaDraft, ...] = ()
    main: Proof | None = None
    """The statement's proof, the lemmas taken as given; None where the splitter sees no way to split."""
    idea: str = ""
    """The split in a few words, for people: `induction on n`."""


class Splitter(Protocol):
    """Turns an outline into a blueprint."""

    async def split(self, request: SplitRequest, bench: Workbench) -> SplitReply:
        """Propose a blueprint whose statements and main proof compile (it may check that with `bench`)."""
        ...


@dataclass(frozen=True, kw_only=True)
class Team:
    """The four roles."""

    prover: Prover
    analyzer: ErrorAnalyzer
    reasoner: InformalReasoner
    splitter: Splitter


Feedback.model_rebuild()
ReasonRequest.model_rebuild()
