"""The event log: append-only JSON lines that are the truth about a run. Checkpoints are only cursors into it."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated, Any, Literal, Self, TypeVar

from pydantic import Field, TypeAdapter, ValidationError

from lemmata.domain import Level, Model, NodeStatus, Problem, RunStatus, Usage
from lemmata.errors import RunError

LOG_VERSION = 1


class EventBase(Model):
    """What every event has. `seq` and `time` (seconds since the epoch) are set when it is appended."""

    v: int = LOG_VERSION
    seq: int = 0
    time: float = 0.0


class RunStarted(EventBase):
    """First event of a run."""

    kind: Literal["run_started"] = "run_started"
    run: str
    version: str
    """Of lemmata."""
    problem: Problem
    strategy: str
    checker: str
    """In words, as `CheckerIdentity.description`."""
    holder: str
    """The process that holds the run, for people."""


class RunResumed(EventBase):
    """Another process took the run up again."""

    kind: Literal["run_resumed"] = "run_resumed"
    holder: str
    spent: Usage
    """Everything used before, lost calls included."""


class CallStarted(EventBase):
    """A call to the world is about to be sent. `key` names it: thread, step, ordinal in the step, hash of the input."""

    kind: Literal["call_started"] = "call_started"
    key: str
    thread: str
    step: str
    call: str
    """`check`, `verify`, later `model`."""
    input: str
    """What is sent."""
    reserved: Usage


class CallFinished(EventBase):
    """A call's result, written before it is acted on. A key is finished at most once."""

    kind: Literal["call_finished"] = "call_finished"
    key: str
    result: dict[str, Any]
    used: Usage


class CallLost(EventBase):
    """A call that was under way when its process ended or its work was cancelled; `used` is what it may have cost."""

    kind: Literal["call_lost"] = "call_lost"
    key: str
    used: Usage


class PhaseEntered(EventBase):
    """A node enters a step of its graph."""

    kind: Literal["phase_entered"] = "phase_entered"
    node: str
    phase: str


class PhaseLeft(EventBase):
    """A node leaves a step of its graph after so many seconds."""

    kind: Literal["phase_left"] = "phase_left"
    node: str
    phase: str
    seconds: float


class NodeOpened(EventBase):
    """Work on a node of a blueprint begins; the root is the theorem itself."""

    kind: Literal["node_opened"] = "node_opened"
    node: str
    parent: str | None
    name: str
    statement: str
    depth: int


class NodeEnded(EventBase):
    """Work on a node ended."""

    kind: Literal["node_ended"] = "node_ended"
    node: str
    status: NodeStatus
    level: Level | None
    reason: str


class BlueprintChanged(EventBase):
    """A node got a blueprint, or a new one after failures."""

    kind: Literal["blueprint_changed"] = "blueprint_changed"
    node: str
    round: int
    idea: str
    lemmas: tuple[str, ...]


class LogRepaired(EventBase):
    """A torn last line was cut off when the run was resumed."""

    kind: Literal["log_repaired"] = "log_repaired"
    bytes_cut: int


class RunFinished(EventBase):
    """The run has its result."""

    kind: Literal["run_finished"] = "run_finished"
    status: RunStatus
    level: Level | None
    reason: str


Event = Annotated[
    RunStarted
    | RunResumed
    | CallStarted
    | CallFinished
    | CallLost
    | PhaseEntered
    | PhaseLeft
    | NodeOpened
    | NodeEnded
    | BlueprintChanged
    | LogRepaired
    | RunFinished,
    Field(discriminator="kind"),
]

E = TypeVar("E", bound=EventBase)
Listener = Callable[[Event], None]
_EVENT: TypeAdapter[Event] = TypeAdapter(Event)


def read_events(path: Path) -> Iterator[Event]:
    """The events of a log, without repairing it: a torn last line is left out. Raises RunError on any other damage."""
    for number, line in enumerate(_whole_lines(path.read_bytes()), 1):
        yield _parse(line, path, number)


class EventLog:
    """An open log. Every append is on disk before it returns."""

    def __init__(
        self,
        path: Path,
        *,
        listener: Listener | None = None,
        hold: Callable[[int], None] | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """Open and repair a log, made where there is none; call `close` after use.

        `hold` gets the open file before anything is read, to lock it. Raises RunError if the log is damaged.
        """
        self._clock = clock
        self._listener = listener
        self._results: dict[str, CallFinished] = {}
        self._under_way: dict[str, CallStarted] = {}
        self._seq = 0
        self.spent = Usage()
        """What all calls so far used."""
        self.last_time = 0.0
        """Time of the newest event."""
        self._fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o644)
        try:
            if hold is not None:
                hold(self._fd)
            self._load(path)
        except BaseException:
            os.close(self._fd)
            raise

    def _load(self, path: Path) -> None:
        data = path.read_bytes()
        lines = _whole_lines(data)
        for number, line in enumerate(lines, 1):
            self._note(_parse(line, path, number))
        kept = sum(len(line) + 1 for line in lines)
        if kept < len(data):
            os.ftruncate(self._fd, kept)
            os.fsync(self._fd)
            self.append(LogRepaired(bytes_cut=len(data) - kept))

    def _note(self, event: Event) -> None:
        self._seq, self.last_time = event.seq, event.time
        match event:
            case CallStarted():
                self._under_way[event.key] = event
            case CallFinished():
                self._under_way.pop(event.key, None)
                self._results[event.key] = event
                self.spent += event.used
            case CallLost():
                self._under_way.pop(event.key, None)
                self.spent += event.used
            case _:
                pass

    def append(self, event: E) -> E:
        """Write one event with its number and time, durable when this returns; the event as written."""
        written = event.model_copy(update={"seq": self._seq + 1, "time": round(self._clock(), 6)})
        if isinstance(written, CallFinished) and written.key in self._results:
            raise ValueError(f"call {written.key} is finished already")
        line = memoryview(written.model_dump_json().encode() + b"\n")
        while line:
            line = line[os.write(self._fd, line) :]
        os.fdatasync(self._fd)
        self._note(written)  # type: ignore[arg-type]
        if self._listener is not None:
            self._listener(written)  # type: ignore[arg-type]
        return written

    def finished(self, key: str) -> CallFinished | None:
        """The recorded result of a call."""
        return self._results.get(key)

    @property
    def under_way(self) -> tuple[CallStarted, ...]:
        """Calls that were started and have no end."""
        return tuple(self._under_way.values())

    def close(self) -> None:
        """Close the file; locks on it end."""
        os.close(self._fd)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _whole_lines(data: bytes) -> list[bytes]:
    """The lines of a log without a torn last one: cut short, or without meaning because it was half on disk."""
    lines = data.split(b"\n")
    torn = lines.pop()
    if not torn and lines and not _is_json(lines[-1]):
        lines.pop()
    return lines


def _is_json(line: bytes) -> bool:
    try:
        json.loads(line)
    except ValueError:
        return False
    return True


def _parse(line: bytes, path: Path, number: int) -> Event:
    try:
        event = _EVENT.validate_json(line)
    except ValidationError as error:
        raise RunError(f"{path}:{number}: not an event of this version of lemmata; the run cannot be used") from error
    if event.v != LOG_VERSION:
        raise RunError(f"{path}:{number}: event log of version {event.v}, this lemmata reads version {LOG_VERSION}")
    if event.seq != number:
        raise RunError(f"{path}:{number}: event number {event.seq} where {number} was expected; the log was edited")
    return event
