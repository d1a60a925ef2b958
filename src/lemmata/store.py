"""Run folders: one folder a run, whole from the moment it has its name, held by one process at a time."""

from __future__ import annotations

import fcntl
import os
import re
import secrets
import shutil
import socket
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from pydantic import Field, ValidationError

from lemmata._version import __version__
from lemmata.domain import SCHEMA_VERSION, Certificate, Level, Model, NodeStatus, Problem, RunStatus, Usage
from lemmata.errors import RunError, UsageError
from lemmata.events import Event, EventLog, Listener, RunResumed, RunStarted, read_events
from lemmata.files import sync_folder, write_atomic

PROBLEM, CONFIG, EVENTS, LOG, STATE = "problem.lean", "config.yaml", "events.jsonl", "run.log", "state.sqlite"
PROOF, BEST, CERTIFICATE, RESULT = "proof.lean", "best.lean", "certificate.json", "result.json"


class NodeView(Model):
    """A node of a run's blueprint as shown to people; the root is the theorem itself."""

    node: str
    parent: str | None
    name: str
    statement: str
    status: NodeStatus
    level: Level | None = None
    reason: str = ""


class RunResult(Model):
    """What a run came to: the content of `result.json`."""

    schema_version: int = SCHEMA_VERSION
    run: str
    folder: str
    theorem: str
    status: RunStatus
    level: Level | None = None
    vouched_by: str | None = None
    """In words; set exactly when there is a level."""
    reason: str
    proof: str | None = None
    """The whole verified text that the certificate's hash covers; for refuted, the proof of the negation."""
    limit: str | None = None
    """The budget's limit that ended the run (`seconds`, `samples`, ...); None where nothing was left to try."""
    best: str | None = None
    """For not found and interrupted: the file with the fewest holes so far."""
    usage: Usage = Usage()
    seconds: float = 0.0
    """Wall seconds of all sessions of the run."""
    phases: dict[str, float] = Field(default_factory=dict)
    """Seconds by step, summed over nodes (nodes work at once, so the sum may pass `seconds`)."""
    blueprint: tuple[NodeView, ...] = ()
    certificate: Certificate | None = None
    constants: tuple[str, ...] = ()
    """What the tactics of the found proof used, sorted; empty where the checker cannot tell."""

    @property
    def found(self) -> bool:
        """Whether there is a verified proof; its strength is `level`."""
        return self.status is RunStatus.FOUND


class RunSummary(Model):
    """One line about a run for lists; `status` is None while it has no result."""

    run: str
    folder: str
    theorem: str
    status: RunStatus | None
    level: Level | None
    started: float


class Run:
    """An open or readable run folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.id = folder.name

    def path(self, name: str) -> Path:
        """A file of the run."""
        return self.folder / name

    def events(self) -> Iterator[Event]:
        """All events so far."""
        return read_events(self.path(EVENTS))

    @property
    def started(self) -> RunStarted:
        """The first event. Raises RunError where the folder holds no run."""
        try:
            first = next(self.events(), None)
        except OSError as error:
            raise RunError(f"{self.folder}: not a run of lemmata (no readable {EVENTS})") from error
        if not isinstance(first, RunStarted):
            raise RunError(f"{self.folder}: not a run of lemmata ({EVENTS} does not begin with run_started)")
        return first

    @property
    def problem(self) -> Problem:
        """The problem, after checking that `problem.lean` is still its text."""
        problem = self.started.problem
        path = self.path(PROBLEM)
        if not path.is_file() or path.read_bytes() != problem.text.encode():
            raise RunError(f"{path}: not the text that the run began with; the run cannot be resumed")
        return problem

    @property
    def config_text(self) -> str:
        """The merged settings that the run began with, YAML."""
        path = self.path(CONFIG)
        if not path.is_file():
            raise RunError(f"{path}: missing; the run cannot be resumed")
        return path.read_text(encoding="utf-8")

    @property
    def result(self) -> RunResult | None:
        """The result, or None while there is none. Raises RunError where it cannot be read."""
        path = self.path(RESULT)
        if not path.is_file():
            return None
        try:
            return RunResult.model_validate_json(path.read_bytes())
        except ValidationError as error:
            raise RunError(f"{path}: not a result of this version of lemmata") from error

    def hold(self, listener: Listener | None = None, *, clock: Callable[[], float] = time.time) -> EventLog:
        """Open the event log for writing and hold the run; closing the log lets go.

        Raises RunError, naming the holder, where another process has it.
        """
        log_path = self.path(EVENTS)
        if not log_path.is_file():
            raise RunError(f"{self.folder}: not a run of lemmata (no {EVENTS})")
        return EventLog(log_path, listener=listener, hold=self._lock, clock=clock)

    @property
    def holder(self) -> str:
        """Who held the run last, in words."""
        last = "another process"
        for event in self.events():
            if isinstance(event, RunStarted | RunResumed):
                last = event.holder
        return last

    def _lock(self, fd: int) -> None:
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise RunError(f"{self.folder}: {self.holder} is working on this run") from error

    def write(self, name: str, text: str) -> None:
        """Write one of the run's files, whole or not at all."""
        write_atomic(self.path(name), text)


class Store:
    """The folder that holds runs."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def create(
        self,
        problem: Problem,
        config_text: str,
        *,
        strategy: str,
        checker: str,
        listener: Listener | None = None,
        clock: Callable[[], float] = time.time,
    ) -> tuple[Run, EventLog]:
        """Make a run and hold it, a hidden sibling until it is whole. Raises UsageError if it cannot be written."""
        run_id = new_id(problem.name)
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            draft = self.root / f".{run_id}.new"
            draft.mkdir()
        except OSError as error:
            how = "name another with --runs or LEMMATA_RUNS"
            raise UsageError(f"{self.root}: the runs folder cannot be written: {error.strerror}; {how}") from error
        try:
            part = Run(draft)
            part.write(PROBLEM, problem.text)
            part.write(CONFIG, config_text)
            log = EventLog(part.path(EVENTS), listener=listener, hold=part._lock, clock=clock)
        except BaseException:
            shutil.rmtree(draft, ignore_errors=True)
            raise
        try:
            log.append(
                RunStarted(
                    run=run_id, version=__version__, problem=problem, strategy=strategy, checker=checker, holder=me()
                )
            )
            sync_folder(draft)
            draft.rename(self.root / run_id)
            sync_folder(self.root)
        except BaseException:
            log.close()
            shutil.rmtree(draft, ignore_errors=True)
            raise
        return Run(self.root / run_id), log

    def find(self, run: str | Path) -> Run:
        """A run by its id in this store, or by its path. Raises RunError where there is none."""
        for folder in (self.root / run, Path(run)):
            if folder.is_dir():
                found = Run(folder.resolve())
                found.started  # noqa: B018  (raises where the folder is something else)
                return found
        raise RunError(f"{run}: no such run; `lemmata runs` lists those in {self.root}")

    def list(self, *, left_out: Callable[[RunError], None] | None = None) -> tuple[RunSummary, ...]:
        """All runs of the store, oldest first. `left_out` is told of each folder that is none, or a damaged one."""
        return tuple(self._summaries(left_out or (lambda error: None)))

    def _summaries(self, left_out: Callable[[RunError], None]) -> Iterator[RunSummary]:
        for folder in sorted(self.root.iterdir()) if self.root.is_dir() else ():
            if folder.is_dir() and not folder.name.startswith("."):
                try:
                    yield summary(Run(folder))
                except RunError as error:
                    left_out(error)


def summary(run: Run) -> RunSummary:
    """One line about a run."""
    started, result = run.started, run.result
    return RunSummary(
        run=run.id,
        folder=str(run.folder),
        theorem=started.problem.name,
        status=result.status if result else None,
        level=result.level if result else None,
        started=started.time,
    )


def new_id(theorem: str, now: datetime | None = None) -> str:
    """A run id that sorts by time: `20261121-151500-even_or_odd-3fa9`."""
    stamp = (now or datetime.now(UTC)).strftime("%Y%m%d-%H%M%S")
    return f"{stamp}-{re.sub(r'[^A-Za-z0-9_]+', '_', theorem)[:40].strip('_') or 'theorem'}-{secrets.token_hex(2)}"


def me() -> str:
    """This process, in words."""
    return f"process {os.getpid()} on {socket.gethostname()}"


__all__ = ["NodeView", "Run", "RunResult", "RunSummary", "Store", "me", "new_id"]
