"""Logs: JSON lines, one event name and its fields, the run's id bound once. For people who look for a cause.

Nothing is set up globally: a logger belongs to the stream it was made for.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TextIO, cast

import structlog

from lemmata.events import (
    BlueprintChanged,
    CallFinished,
    CallLost,
    CallStarted,
    Event,
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


@contextmanager
def run_log(path: Path, run: str) -> Iterator[FilteringBoundLogger]:
    """The log of one run, `run.log`, appended to and closed at the end."""
    with path.open("a", encoding="utf-8", buffering=1) as stream:
        yield logger(stream, run=run)


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
