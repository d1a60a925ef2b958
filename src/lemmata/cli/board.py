"""What the events of a run add up to so far: a pure fold, shown live and by `lemmata show`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from lemmata.domain import NodeStatus, Usage
from lemmata.events import (
    CallFinished,
    CallLost,
    CallStarted,
    Event,
    LogRepaired,
    NodeEnded,
    NodeOpened,
    PhaseEntered,
    RunFinished,
    RunResumed,
    RunStarted,
)
from lemmata.store import NodeView


@dataclass(frozen=True)
class Board:
    """The state of a run as its events tell it."""

    run: str = ""
    """Its id; "" before the first event."""
    theorem: str = ""
    strategy: str = ""
    checker: str = ""
    """In words."""
    nodes: Mapping[str, NodeView] = field(default_factory=dict)
    phases: Mapping[str, str] = field(default_factory=dict)
    """The step that each open node is in."""
    under_way: frozenset[str] = frozenset()
    """Keys of the calls that have no end yet."""
    used: Usage = field(default_factory=Usage)
    """By finished and lost calls."""
    since: float = 0.0
    """When this session of the run began, seconds since the epoch."""
    last: float = 0.0
    """When its newest event was."""
    before: float = 0.0
    """Wall seconds of earlier sessions."""
    finished: bool = False

    @classmethod
    def of(cls, events: Iterable[Event]) -> Board:
        """The board after all these events."""
        board = cls()
        for event in events:
            board = board.after(event)
        return board

    def after(self, event: Event) -> Board:
        """The board one event later."""
        return replace(self._fold(event), last=self.last if isinstance(event, LogRepaired) else event.time)

    def seconds(self, now: float | None = None) -> float:
        """Wall seconds of all sessions, this one until `now` or its newest event."""
        return self.before + max(0.0, (self.last if now is None else now) - self.since)

    def _fold(self, event: Event) -> Board:
        match event:
            case RunStarted():
                return replace(
                    self,
                    run=event.run,
                    theorem=event.problem.name,
                    strategy=event.strategy,
                    checker=event.checker,
                    since=event.time,
                )
            case RunResumed():
                return replace(self, used=event.spent, before=self.seconds(), since=event.time, finished=False)
            case NodeOpened():
                return self._with(
                    NodeView(
                        node=event.node,
                        parent=event.parent,
                        name=event.name,
                        statement=event.statement,
                        status=NodeStatus.OPEN,
                    )
                )
            case NodeEnded() if event.node in self.nodes:
                ended = {"status": event.status, "level": event.level, "reason": event.reason}
                return self._with(self.nodes[event.node].model_copy(update=ended))
            case PhaseEntered():
                return replace(self, phases={**self.phases, event.node: event.phase})
            case CallStarted():
                return replace(self, under_way=self.under_way | {event.key})
            case CallFinished() | CallLost():
                return replace(self, under_way=self.under_way - {event.key}, used=self.used + event.used)
            case RunFinished():
                return replace(self, finished=True)
            case _:
                return self

    def _with(self, view: NodeView) -> Board:
        return replace(self, nodes={**self.nodes, view.node: view})
