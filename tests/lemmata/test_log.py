import io
import json
from pathlib import Path

import structlog

from lemmata.domain import Level, NodeStatus, Problem, RunStatus, Usage
from lemmata.events import (
    BlueprintChanged,
    CallFinished,
    CallLost,
    CallStarted,
    Event,
    LogRepaired,
    NodeEnded,
    NodeOpened,
    PhaseEntered,
    PhaseLeft,
    RunFinished,
    RunResumed,
    RunStarted,
)
from lemmata.log import RunLog, log_event, logger

PROBLEM = Problem(name="t", preamble="", lead="", statement="theorem t : ℕ", proof="")
EVENTS: list[Event] = [
    RunStarted(run="r", version="0", problem=PROBLEM, strategy="offline", checker="Lean", holder="me"),
    RunResumed(holder="me", spent=Usage(checks=1)),
    CallStarted(key="k", thread="r/t", step="s", call="check", input="x" * 9999, reserved=Usage()),
    CallFinished(key="k", result={"status": "ok", "long": "x" * 9999}, used=Usage(check_seconds=0.5)),
    CallLost(key="l", used=Usage()),
    PhaseEntered(node="r/t", phase="automate"),
    PhaseLeft(node="r/t", phase="automate", seconds=1),
    NodeOpened(node="r/t", parent=None, name="t", statement="x" * 9999, depth=0),
    NodeEnded(node="r/t", status=NodeStatus.CLOSED, level=Level.CHECKED, reason="omega"),
    BlueprintChanged(node="r/t", round=0, idea="split", lemmas=("a", "b")),
    LogRepaired(bytes_cut=3),
    RunFinished(status=RunStatus.FOUND, level=Level.CHECKED, reason="x"),
]


def test_every_event_is_one_short_line() -> None:
    stream = io.StringIO()
    log = logger(stream, run="r")
    for event in EVENTS:
        log_event(log, event)
    lines = stream.getvalue().splitlines()
    entries = [json.loads(line) for line in lines]
    assert [entry["event"] for entry in entries] == [event.kind for event in EVENTS]
    assert all(len(line) < 600 for line in lines)
    assert all(entry["run"] == "r" and entry["level"] == "info" and entry["timestamp"] for entry in entries)
    by_name = {entry["event"]: entry for entry in entries}
    assert by_name["call_finished"]["status"] == "ok"
    assert by_name["node_ended"]["vouched"] == "checked"
    assert by_name["blueprint_changed"]["lemmas"] == ["a", "b"]
    assert by_name["phase_left"]["seconds"] == 1.0


def test_a_run_log_is_appended_to_and_passes_events_on(tmp_path: Path) -> None:
    path, seen = tmp_path / "run.log", list[Event]()
    for _ in range(2):
        with RunLog(seen.append) as log:
            log(EVENTS[0])
            log.open(path, "r").debug("ℕ")
            log(EVENTS[-1])
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert [line["event"] for line in lines] == ["run_started", "ℕ", "run_finished"] * 2
    assert {line["run"] for line in lines} == {"r"}
    assert seen == [EVENTS[0], EVENTS[-1]] * 2


def test_a_run_log_needs_neither_a_file_nor_a_listener() -> None:
    with RunLog() as log:
        log(EVENTS[0])


def test_exceptions_are_part_of_their_line(tmp_path: Path) -> None:
    path = tmp_path / "run.log"
    with RunLog() as runs:
        try:
            raise ValueError("no")
        except ValueError:
            runs.open(path, "r").exception("failed")
    (line,) = path.read_text().splitlines()
    assert "ValueError: no" in json.loads(line)["exception"]


def test_nothing_global_is_configured() -> None:
    assert not structlog.is_configured()
