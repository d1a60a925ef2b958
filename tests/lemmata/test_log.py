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
from lemmata.log import log_event, logger, run_log

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


def test_the_log_of_a_run_is_appended_to(tmp_path: Path) -> None:
    for number in range(2):
        with run_log(tmp_path / "run.log", "r") as log:
            log.debug("ℕ", number=number)
    lines = [json.loads(line) for line in (tmp_path / "run.log").read_text(encoding="utf-8").splitlines()]
    assert [(line["event"], line["number"], line["run"]) for line in lines] == [("ℕ", 0, "r"), ("ℕ", 1, "r")]


def test_exceptions_are_part_of_their_line(tmp_path: Path) -> None:
    with run_log(tmp_path / "run.log", "r") as log:
        try:
            raise ValueError("no")
        except ValueError:
            log.exception("failed")
    (line,) = (tmp_path / "run.log").read_text().splitlines()
    assert "ValueError: no" in json.loads(line)["exception"]


def test_nothing_global_is_configured() -> None:
    assert not structlog.is_configured()
