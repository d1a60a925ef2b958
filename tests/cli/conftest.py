"""A session that plays back a script, and the command line run in this process."""

import json
import os
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pytest

from lemmata.cli.main import main
from lemmata.configs.schema import Config
from lemmata.domain import Level, NodeStatus, Problem, RunStatus, Usage, Verdict
from lemmata.events import CallFinished, Event, NodeEnded, NodeOpened, PhaseEntered, RunStarted
from lemmata.store import Run, RunResult, Store

VOUCHED = "checked by Lean 4.35.0, embedded core"


@dataclass
class ScriptedSession:
    """Records what it is asked, sends its events, then answers."""

    events: list[Event] = field(default_factory=list)
    result: RunResult | None = None
    verdicts: Mapping[str, Verdict | Exception] = field(default_factory=dict)
    before: Callable[[], Awaitable[None]] | None = None
    """Awaited after the events, before the answer."""
    config: Config | None = None
    asked: list[Any] = field(default_factory=list)
    closed: bool = False

    def __call__(self, config: Config, *, progress: Callable[[str], None] | None = None) -> Self:
        self.config = config
        if progress:
            progress("preparing")
        return self

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.closed = True

    async def prove(self, problem: Problem, *, on_event: Callable[[Event], None] | None = None) -> RunResult:
        self.asked.append(problem)
        return await self._play(on_event)

    async def resume(
        self,
        run: str | Path,
        *,
        budget: Mapping[str, float] | None = None,
        on_event: Callable[[Event], None] | None = None,
    ) -> RunResult:
        self.asked.append((run, budget))
        return await self._play(on_event)

    async def verify(
        self, submission: str | Path, *, against: str | Path | None = None, name: str | None = None
    ) -> Verdict:
        self.asked.append((submission, against, name))
        answer = self.verdicts[Path(submission).name]
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def _play(self, on_event: Callable[[Event], None] | None) -> RunResult:
        for event in self.events:
            if on_event:
                on_event(event)
        if self.before:
            await self.before()
        assert self.result is not None
        return self.result


@dataclass(frozen=True)
class Call:
    """What one call of the command line came to."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The one JSON object on stdout."""
        (line,) = self.out.splitlines()
        return json.loads(line)

    @property
    def lines(self) -> list[Any]:
        """All JSON objects on stdout."""
        return [json.loads(line) for line in self.out.splitlines()]


@pytest.fixture
def lemmata(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Callable[..., Call]:
    """Run one command in an empty folder, with no variables of ours set."""
    monkeypatch.chdir(tmp_path)
    for name in [n for n in os.environ if n.startswith("LEMMATA_") and n not in ("LEMMATA_CACHE", "LEMMATA_DATA")]:
        monkeypatch.delenv(name)

    def call(*args: str | Path, session: ScriptedSession | None = None) -> Call:
        code = main([str(a) for a in args], opener=session)
        captured = capsys.readouterr()
        return Call(code, captured.out, captured.err)

    return call


@pytest.fixture
def session() -> ScriptedSession:
    return ScriptedSession()


@pytest.fixture
def problem() -> Problem:
    return Problem(name="t", preamble="-- ℕ\n", lead="", statement="theorem t : 1 = 1", proof=" := sorry", suffix="\n")


@pytest.fixture
def run(tmp_path: Path, problem: Problem) -> Run:
    """A run that has a closed node and no result."""
    run, log = Store(tmp_path / "runs").create(problem, "seed: 0\n", strategy="offline", checker="Lean 4.35.0")
    with log:
        log.append(NodeOpened(node="n", parent=None, name="t", statement="theorem t : 1 = 1", depth=0))
        log.append(PhaseEntered(node="n", phase="automate"))
        log.append(CallFinished(key="k", result={}, used=Usage(checks=1, check_seconds=0.5)))
        log.append(NodeEnded(node="n", status=NodeStatus.CLOSED, level=Level.CHECKED, reason="rfl"))
    return run


@pytest.fixture
def started(problem: Problem) -> RunStarted:
    return RunStarted(
        seq=1, time=100.0, run="r1", version="0", problem=problem, strategy="offline",
        checker="Lean 4.35.0, embedded core", holder="me",
    )  # fmt: skip


@pytest.fixture
def result(tmp_path: Path) -> RunResult:
    return RunResult(
        run="r1",
        folder=str(tmp_path / "runs" / "r1"),
        theorem="t",
        status=RunStatus.FOUND,
        level=Level.CHECKED,
        vouched_by=VOUCHED,
        reason="portfolio: rfl",
        proof="-- ℕ\ntheorem t : 1 = 1 := rfl\n",
        usage=Usage(checks=2, check_seconds=0.25),
        seconds=0.5,
    )
