"""Logs: JSON lines, one event name and its fields, the run's id bound once. For people who look for a cause.

Nothing is set up globally: a logger belongs to the stream it was made for.
"""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self, TextIO, cast

import structlog

from lemmata.events import (
    BlueprintChanged,
    CallFinished,
    CallLost,
    CallStarted,
    Event,
    Listener,
    NodeEnded,
    NodeOpened,
    RunStarted,
)

if TYPE_CHECKING:
    from structlog.typing import FilteringBoundLogger

_LONG: Final = 200


def logger(stream: TextIO, **bound: Any) -> FilteringBoundLogger:
    """A logger that writes JSON lines to a stream."""
    made = structlog.wrap_logger(
        structlog.WriteLogger(stream),
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger("debug"),
        context_class=dict,
        cache_logger_on_first_use=False,
        **bound,
    )
    return cast("FilteringBoundLogger", made)


class RunLog:
    """A listener that writes each event to the log of its run, `run.log`, and passes it on.

    Events that come before the log's folder is known wait for it.
    """

    def __init__(self, listener: Listener | None = None) -> None:
        """Take whom to pass events on to."""
        self._listener = listener
        self._waiting: list[Event] = []
        self._closing = ExitStack()
        self._log: FilteringBoundLogger | None = None

    def open(self, path: Path, run: str) -> FilteringBoundLogger:
        """Append to the log at `path` from now on, under the run's id. Raises OSError."""
        stream = self._closing.enter_context(path.open("a", encoding="utf-8", buffering=1))
        self._log = logger(stream, run=run)
        for event in self._waiting:
            log_event(self._log, event)
        self._waiting.clear()
        return self._log

    def __call__(self, event: Event) -> None:
        """Log one event and pass it on."""
        if self._log is None:
            self._waiting.append(event)
        else:
            log_event(self._log, event)
        if self._listener is not None:
            self._listener(event)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._closing.close()


def log_event(log: FilteringBoundLogger, event: Event) -> None:
    """One line about an event of a run, without the long texts in it (the event log has them)."""
    log.info(event.kind, seq=event.seq, **_fields(event))


def _fields(event: Event) -> dict[str, Any]:
    match event:
        case RunStarted():
            return {"theorem": event.problem.name, "strategy": event.strategy, "checker": event.checker}
        case CallStarted():
            return {"key": event.key, "call": event.call, "thread": event.thread, "step": event.step}
        case CallFinished():
            status = event.result.get("status")
            return {"key": event.key, "status": status, "seconds": event.used.check_seconds}
        case CallLost():
            return {"key": event.key}
        case NodeOpened():
            return {"node": event.node, "parent": event.parent, "statement": _short(event.statement)}
        case NodeEnded():
            return {
                "node": event.node, "status": event.status, "vouched": event.level, "reason": _short(event.reason),
            }  # fmt: skip
        case BlueprintChanged():
            return {"node": event.node, "round": event.round, "idea": event.idea, "lemmas": event.lemmas}
        case _:
            return event.model_dump(mode="json", exclude={"v", "seq", "time", "kind", "key"})


def _short(text: str) -> str:
    return text if len(text) <= _LONG else text[: _LONG - 1] + "…"
