import io
import json
import sys
from typing import Any

import pytest
from rich.console import Console

from lemmata.cli.board import Board
from lemmata.cli.progress import LiveProgress, LogProgress, PlainProgress, Progress, counters, progress
from lemmata.configs.schema import BudgetConfig
from lemmata.domain import Level, NodeStatus, Usage
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
    RunResumed,
    RunStarted,
)


@pytest.fixture
def events(started: RunStarted) -> list[Event]:
    return [
        started,
        NodeOpened(time=100.0, node="r/t", parent=None, name="t", statement="theorem t : A ∧ B", depth=0),
        CallStarted(time=100.5, key="k", thread="r/t", step="s", call="check", input="x" * 999, reserved=Usage()),
        CallFinished(time=101, key="k", result={"status": "ok"}, used=Usage(checks=1, check_seconds=0.5)),
        BlueprintChanged(time=101.5, node="r/t", round=0, idea="split and", lemmas=("t_1", "t_2")),
        NodeOpened(time=101.5, node="r/t/1", parent="r/t", name="t_1", statement="theorem t_1 : A", depth=1),
        NodeOpened(time=101.5, node="r/t/2", parent="r/t", name="t_2", statement="theorem t_2 :\n  B", depth=1),
        PhaseEntered(time=101.6, node="r/t/2", phase="automate"),
        NodeEnded(time=112.25, node="r/t/1", status=NodeStatus.CLOSED, level=Level.CHECKED, reason="omega"),
    ]


def shown(view: Progress, events: list[Event]) -> None:
    with view:
        for event in events:
            view(event)


def test_plain_lines(events: list[Event]) -> None:
    stream = io.StringIO()
    shown(PlainProgress(stream), events)
    assert stream.getvalue().splitlines() == [
        "[   0.0 s] run r1: t, strategy offline, Lean 4.35.0, embedded core",
        "[   1.5 s] t: split and: t_1, t_2",
        "[   1.5 s] ○ t_1: theorem t_1 : A",
        "[   1.5 s] ○ t_2: theorem t_2 : B",
        "[  12.2 s] ● t_1  closed, checked: omega",
    ]


@pytest.mark.parametrize(
    ("under_way", "told"),
    [
        ([], ""),
        (["k"], "; 1 call that was under way is made again"),
        (["k", "l"], "; 2 calls that were under way are made again"),
    ],
)
def test_plain_lines_of_a_resumed_run(under_way: list[str], told: str) -> None:
    stream = io.StringIO()
    shown(
        PlainProgress(stream, Board(run="r9", before=9, since=5, last=5, under_way=frozenset(under_way))),
        [
            LogRepaired(time=5, bytes_cut=7),
            RunResumed(time=5, holder="me", spent=Usage(checks=2)),
            *(CallLost(time=5, key=key, used=Usage()) for key in under_way),
            BlueprintChanged(time=5, node="r/x", round=1, idea="", lemmas=("a",)),
            NodeEnded(time=5, node="r/x", status=NodeStatus.STUCK, level=None, reason=""),
        ],
    )
    assert [text.partition("] ")[2] for text in stream.getvalue().splitlines()] == [
        "cut off 7 bytes of a line that was half written",
        f"run r9 resumed after 2 checks (0.0 s), 9.0 s{told}",
        "r/x: split: a",
    ]


def test_the_live_tree(events: list[Event]) -> None:
    out = io.StringIO()
    console = Console(file=out, width=80, force_terminal=False, color_system=None)
    view = LiveProgress(console, BudgetConfig(seconds=60), clock=lambda: 113.0)
    console.print(view.render())
    assert out.getvalue() == "starting\n"
    shown(view, events)
    view.tell("preparing [once]")
    text = out.getvalue()
    assert text.endswith("preparing [once]\n")
    assert "t: strategy offline, Lean 4.35.0, embedded core" in text
    assert "├── ● t_1  closed, checked: omega" in text
    assert "└── ○ t_2  automate" in text
    assert "1/3 closed, 1 checks, 13 of 60 s, 0 s of checks" in text


def test_a_stronger_level_stands_out(events: list[Event]) -> None:
    view = LiveProgress(Console(file=io.StringIO()), BudgetConfig())
    ended = NodeEnded(node="r/t/2", status=NodeStatus.CLOSED, level=Level.CERTIFIED, reason="")
    shown(view, [*events, ended])
    out = io.StringIO()
    Console(file=out, force_terminal=True, color_system="standard").print(view.render())
    assert "\x1b[1;32m● t_2" in out.getvalue()
    assert "\x1b[32m● t_1" in out.getvalue()


def test_every_event_is_a_line_of_the_log(events: list[Event]) -> None:
    stream = io.StringIO()
    shown(LogProgress(stream), events)
    lines = [json.loads(text) for text in stream.getvalue().splitlines()]
    assert [entry["event"] for entry in lines] == [event.kind for event in events]
    assert {entry["run"] for entry in lines} == {"r1"}


def test_counters_show_what_is_limited_or_used() -> None:
    board = Board(used=Usage(samples=3, tokens_in=10, tokens_out=5, dollars=0.5), before=7, since=10)
    limits = BudgetConfig(seconds=None, check_seconds=9, samples=8, tokens=100, dollars=2)
    assert counters(board, limits, 12) == (
        "0/0 closed, 0 checks, 9 s, 0 of 9 s of checks, 3 of 8 samples, 15 of 100 tokens, $0.50 of $2.00"
    )
    assert counters(board, BudgetConfig(seconds=60), 9) == (
        "0/0 closed, 0 checks, 7 of 60 s, 0 s of checks, 15 tokens, $0.50"
    )


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("stream", "options", "kind"),
    [
        (io.StringIO, {"quiet": False, "verbose": False}, PlainProgress),
        (Terminal, {"quiet": False, "verbose": False}, LiveProgress),
        (Terminal, {"quiet": True, "verbose": False}, Progress),
        (Terminal, {"quiet": True, "verbose": True}, LogProgress),
    ],
)
def test_the_right_kind_is_chosen(
    stream: type[io.StringIO], options: dict[str, Any], kind: type[Progress], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stderr", stream())
    assert type(progress(BudgetConfig(), **options)) is kind
