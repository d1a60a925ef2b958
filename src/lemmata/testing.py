"""Doubles that implement the same protocols as the real thing, for tests of Lemmata and of what is built on it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

from lemmata.agents.offline.prover import OfflineProver
from lemmata.agents.protocols import (
    Analysis,
    AnalyzeRequest,
    Category,
    Outline,
    ProveReply,
    ProveRequest,
    ReasonRequest,
    SplitReply,
    SplitRequest,
    Team,
)
from lemmata.agents.team import offline_team
from lemmata.domain import (
    Candidate,
    CheckerIdentity,
    CheckResult,
    CheckStatus,
    Diagnostic,
    Hole,
    LemmaDraft,
    Level,
    Position,
    Problem,
    Proof,
    Severity,
)
from lemmata.lean_env.checker import Workbench
from lemmata.lean_env.scanner import line_column, mask

FAKE = CheckerIdentity(name="fake", level=Level.CHECKED, lean_version="0.0.0")


class FakeChecker:
    """Accepts every text whose code has no word of `bad`; `sorry` is a hole. `decide` may answer first."""

    def __init__(
        self,
        *,
        bad: Sequence[str] = ("bad",),
        decide: Callable[[str], CheckStatus | None] = lambda text: None,
        before: Callable[[str], Awaitable[None]] | None = None,
        seconds: float = 0.0,
    ) -> None:
        """`before` is awaited ahead of each answer, to hold a check or to make it fail; `seconds` is what each took."""
        self.bad = tuple(bad)
        self.decide = decide
        self.before = before
        self.seconds = seconds
        self.texts: list[str] = []
        """All texts that were sent, in order."""
        self.closed = False

    @property
    def identity(self) -> CheckerIdentity:
        """Who speaks."""
        return FAKE

    async def check(self, text: str, timeout: float, *, goals: bool = False) -> CheckResult:
        """Answer at once; see `Checker.check`."""
        self.texts.append(text)
        if self.before is not None:
            await self.before(text)
        errors = tuple(
            Diagnostic(severity=Severity.ERROR, start=start, end=end, text=f"{word} is not accepted")
            for word in self.bad
            for start, end in _words(text, word)
        )
        holes = tuple(Hole(start=s, end=e, goal="⊢ True" if goals else None) for s, e in _words(text, "sorry"))
        status = self.decide(text)
        if status is None:
            status = CheckStatus.ERRORS if errors else CheckStatus.HOLES if holes else CheckStatus.OK
        return CheckResult(status=status, diagnostics=errors, holes=holes, seconds=self.seconds, checker=FAKE)

    async def aclose(self) -> None:
        """Remember that it was closed."""
        self.closed = True


def _words(text: str, word: str) -> list[tuple[Position, Position]]:
    masked, places, at = mask(text), [], -1
    while (at := masked.find(word, at + 1)) >= 0:
        alone = not (masked[at - 1 : at].isidentifier() or masked[at + len(word) : at + len(word) + 1].isidentifier())
        if alone:
            places.append((line_column(text, at), line_column(text, at + len(word))))
    return places


class RanOutError(AssertionError):
    """A scripted double was asked more often than it has answers."""


@dataclass
class ScriptedProver:
    """Gives the replies of a list in order; a function may answer instead."""

    replies: Sequence[ProveReply] | Callable[[ProveRequest], ProveReply]
    requests: list[ProveRequest] = field(default_factory=list)

    async def prove(self, request: ProveRequest, bench: Workbench) -> ProveReply:
        """The next reply. Raises RanOutError when there is none."""
        self.requests.append(request)
        if callable(self.replies):
            return self.replies(request)
        if len(self.requests) > len(self.replies):
            raise RanOutError(f"asked for proofs {len(self.requests)} times")
        return self.replies[len(self.requests) - 1]


class PlainAnalyzer:
    """Calls everything `other` and repeats the first message."""

    async def analyze(self, request: AnalyzeRequest) -> Analysis:
        """The first error's text."""
        return Analysis(category=Category.OTHER, message=next((d.text for d in request.result.errors), ""))


class PlainReasoner:
    """Has no plan."""

    async def reason(self, request: ReasonRequest, bench: Workbench) -> Outline:
        """An empty outline."""
        return Outline(text="")


@dataclass
class ScriptedSplitter:
    """Answers by a function; without one it never splits."""

    answer: Callable[[SplitRequest], SplitReply] = field(default=lambda request: SplitReply())
    requests: list[SplitRequest] = field(default_factory=list)

    async def split(self, request: SplitRequest, bench: Workbench) -> SplitReply:
        """The function's reply."""
        self.requests.append(request)
        return self.answer(request)


class Gate:
    """Holds whoever passes until it is opened; for tests that need an order of events without waiting for time."""

    def __init__(self) -> None:
        self.reached = asyncio.Event()
        self.opened = asyncio.Event()

    async def __call__(self, _: object = None) -> None:
        """Say that somebody is here, and wait."""
        self.reached.set()
        await self.opened.wait()


def hasty_team() -> Team:
    """The offline team with a prover that gives up early: more is split, and sooner."""
    return replace(offline_team(), prover=OfflineProver(checks=(4,)))


def a_problem(name: str = "t", preamble: str = "", suffix: str = "") -> Problem:
    """A theorem that states `True`."""
    return Problem(
        name=name, preamble=preamble, lead="", statement=f"theorem {name} : True", proof=" := sorry", suffix=suffix
    )


def a_candidate(body: str, *helpers: str) -> Candidate:
    """A candidate whose origin is its own text."""
    return Candidate(proof=Proof(body=body, helpers=helpers), origin=body.strip())


def a_reply(*bodies: str, exhausted: bool = False) -> ProveReply:
    """A prover's reply with one candidate a body."""
    return ProveReply(candidates=tuple(a_candidate(body) for body in bodies), exhausted=exhausted)


def a_split(main: str, *lemmas: str, idea: str = "") -> SplitReply:
    """A splitter's reply: `main` as the body, each lemma given as `NAME` or `NAME: used, used`."""
    drafts = []
    for lemma in lemmas:
        name, _, uses = lemma.partition(":")
        used = tuple(u.strip() for u in uses.split(",") if u.strip())
        drafts.append(LemmaDraft(name=name, statement=f"theorem {name} : True", uses=used))
    return SplitReply(lemmas=tuple(drafts), main=Proof(body=main), idea=idea)


T = TypeVar("T")


def some(value: T | None) -> T:
    """The value, which must be there."""
    assert value is not None
    return value
