"""Drive a run to its result: the root theorem through the graphs, then the verifier; whatever happens, on record."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Final

import aiosqlite
from langgraph.checkpoint.sqlite.aio import AsyncSqliteSaver

from lemmata.agents.protocols import Team
from lemmata.configs.schema import Config
from lemmata.domain import NodeStatus, Outcome, Problem, Proof, RunStatus, Usage, Verdict
from lemmata.errors import InfrastructureError, LimitReached
from lemmata.events import (
    EventLog,
    LogRepaired,
    NodeEnded,
    NodeOpened,
    PhaseEntered,
    PhaseLeft,
    RunFinished,
    RunResumed,
    RunStarted,
)
from lemmata.graphs import close_node, prove_theorem
from lemmata.graphs.blueprint import GIVEN
from lemmata.graphs.budget import Budget, Fit
from lemmata.graphs.calls import Recorder, book_lost
from lemmata.graphs.deps import Deps, Graphs, Tools
from lemmata.graphs.state import ROOT, serializer
from lemmata.lean_env.checker import NamesConstants, UsedConstants
from lemmata.lean_env.last_word import judge, judge_refutation
from lemmata.lean_env.select import Selected
from lemmata.lean_env.trial import ChallengeTimeoutError
from lemmata.store import BEST, CERTIFICATE, PROOF, RESULT, STATE, NodeView, Run, RunResult

CERTIFY: Final = "certify"
"""The last phase of a run."""


@dataclass(frozen=True, kw_only=True)
class Driver:
    """One session of one run, which this process holds."""

    run: Run
    log: EventLog
    config: Config
    problem: Problem
    team: Team
    lean: Selected
    tools: Tools = field(default_factory=Tools)

    async def drive(self) -> RunResult:
        """Go on until there is a result, and record it.

        A cancelled or broken session is recorded as interrupted or failed before the exception goes on.
        """
        book_lost(self.log)
        *before, _ = sessions(self.run)
        budget = Budget(self.config.budget, spent=self.log.spent + Usage(seconds=sum(before)))
        async with self._deps(budget) as deps:
            try:
                return await self._work(deps)
            except LimitReached as limit:
                best = await prove_theorem.harvest(deps)
                return self._finish(
                    budget,
                    Outcome(
                        status=RunStatus.NOT_FOUND, reason=str(limit), best=self._file(best), limit=limit.limit
                    ),
                )
            except asyncio.CancelledError:
                best = await prove_theorem.harvest(deps)
                self._finish(
                    budget, Outcome(status=RunStatus.INTERRUPTED, reason="interrupted", best=self._file(best))
                )
                raise
            except InfrastructureError as error:
                self._finish(budget, Outcome(status=RunStatus.FAILED, reason=str(error)))
                raise

    @asynccontextmanager
    async def _deps(self, budget: Budget) -> AsyncIterator[Deps]:
        async with aiosqlite.connect(self.run.path(STATE)) as connection:
            saver = AsyncSqliteSaver(connection, serde=serializer())
            search = self.config.search
            yield Deps(
                run=self.run.id,
                config=self.config,
                team=self.team,
                tools=self.tools,
                recorder=Recorder(log=self.log, checker=self.lean.checker, timeout=self.config.lean.timeout),
                budget=budget,
                graphs=Graphs(
                    close_node=close_node.build(search, saver), prove_theorem=prove_theorem.build(search, saver)
                ),
            )

    async def _work(self, deps: Deps) -> RunResult:
        outcome = await prove_theorem.work(deps, self.problem)
        if outcome.proof is None and outcome.evidence is None:
            return self._finish(deps.budget, outcome)
        began = deps.clock()
        self.log.append(PhaseEntered(node=ROOT, phase=CERTIFY))
        try:
            verdict = await self._verify(deps, outcome)
        finally:
            self.log.append(PhaseLeft(node=ROOT, phase=CERTIFY, seconds=round(deps.clock() - began, 6)))
        constants = await self._constants(deps, outcome) if verdict.accepted else ()
        return self._finish(deps.budget, outcome, verdict, constants)

    async def _constants(self, deps: Deps, outcome: Outcome) -> tuple[str, ...]:
        """What the proof used, for whoever learns from it; it is not worth more than the budget has left."""
        text, checker = self._file(outcome.proof), self.lean.checker
        if text is None or not isinstance(checker, NamesConstants):
            return ()

        async def ask(limit: Fit) -> UsedConstants:
            began = deps.clock()
            names = await checker.used_constants(text, limit.seconds)
            return UsedConstants(names=names, seconds=deps.clock() - began)

        key, seconds = (ROOT, CERTIFY, 1), self.config.lean.timeout
        try:
            used = await deps.recorder.call(key, "constants", text, deps.budget, seconds, ask, UsedConstants)
        except LimitReached:
            return ()
        return used.names

    async def _verify(self, deps: Deps, outcome: Outcome) -> Verdict:
        """The verifier's word about the final file, a recorded call like any other."""
        text = self._file(outcome.proof) or outcome.evidence or ""
        lean, config = self.lean, self.config.verify

        async def send(limit: Fit) -> Verdict:
            try:
                if outcome.proof is None:
                    name = outcome.evidence_name or self.problem.name
                    return await judge_refutation(
                        text, lean, config, name=name, challenge=self.problem, file=PROOF, timeout=limit.seconds
                    )
                open_text = self.problem.with_proof(GIVEN)
                name = self.problem.name
                return await judge(
                    text, lean, config, name=name, challenge=open_text, file=PROOF, timeout=limit.seconds
                )
            except ChallengeTimeoutError as error:
                raise limit.cut or error from error

        seconds = self.config.verify.timeout
        return await deps.recorder.call((ROOT, CERTIFY, 0), "verify", text, deps.budget, seconds, send, Verdict)

    def _file(self, proof: Proof | None) -> str | None:
        return self.problem.with_proof(proof.body, proof.helpers) if proof else None

    def _finish(
        self, budget: Budget, outcome: Outcome, verdict: Verdict | None = None, constants: tuple[str, ...] = ()
    ) -> RunResult:
        """Write the result's files, the result last, then say so in the log."""
        status, reason, best = outcome.status, outcome.reason, outcome.best
        certificate = verdict.certificate if verdict else None
        text = self._file(outcome.proof) or outcome.evidence
        if verdict and not certificate:
            status, best = RunStatus.NOT_FOUND, text
            reason = "what was found does not stand up to the verifier: " + "; ".join(verdict.reasons)
        result = RunResult(
            run=self.run.id,
            folder=str(self.run.folder),
            theorem=self.problem.name,
            status=status,
            level=certificate.level if certificate else None,
            vouched_by=certificate.vouched_by if certificate else None,
            reason=reason,
            limit=outcome.limit,
            proof=text if certificate else None,
            best=best,
            usage=budget.usage,
            seconds=budget.usage.seconds,
            phases=phases(self.run),
            blueprint=views(self.run),
            certificate=certificate,
            constants=constants,
        )
        if certificate and text is not None:
            self.run.write(PROOF, signed(text, certificate.vouched_by))
            self.run.write(CERTIFICATE, certificate.model_dump_json(indent=2) + "\n")
        elif best is not None:
            self.run.write(BEST, signed(best, f"not a proof: {reason}"))
        self.run.write(RESULT, result.model_dump_json(indent=2) + "\n")
        self.log.append(RunFinished(status=status, level=result.level, reason=reason))
        return result


def signed(text: str, words: str) -> str:
    """A Lean text with a comment at its end; what the certificate's hash covers stands before it."""
    comment = " ".join(words.split()).replace("-/", "- /")
    return f"{text}{'' if text.endswith(chr(10)) else chr(10)}-- {comment}\n"


def sessions(run: Run) -> tuple[float, ...]:
    """Wall seconds of each session of a run, to its newest event; what mends the log is of none."""
    spans: list[tuple[float, float]] = []
    for event in run.events():
        if isinstance(event, RunStarted | RunResumed):
            spans.append((event.time, event.time))
        elif not isinstance(event, LogRepaired):
            spans[-1] = (spans[-1][0], event.time)
    return tuple(last - began for began, last in spans)


def phases(run: Run) -> dict[str, float]:
    """Seconds by phase, summed over nodes."""
    seconds: Counter[str] = Counter()
    for event in run.events():
        if isinstance(event, PhaseLeft):
            seconds[event.phase] += event.seconds  # type: ignore[assignment]
    return {phase: round(total, 3) for phase, total in seconds.items()}


def views(run: Run) -> tuple[NodeView, ...]:
    """The nodes of all blueprints of a run, each as it stands now, in the order in which they were opened."""
    nodes: dict[str, NodeView] = {}
    for event in run.events():
        if isinstance(event, NodeOpened):
            nodes[event.node] = NodeView(
                node=event.node,
                parent=event.parent,
                name=event.name,
                statement=event.statement,
                status=NodeStatus.OPEN,
            )
        elif isinstance(event, NodeEnded):
            nodes[event.node] = nodes[event.node].model_copy(
                update={"status": event.status, "level": event.level, "reason": event.reason}
            )
    return tuple(nodes.values())
