from lemmata.cli.board import Board
from lemmata.domain import Level, NodeStatus, RunStatus, Usage
from lemmata.events import (
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

OPENED = NodeOpened(node="r/t", parent=None, name="t", statement="theorem t : True", depth=0)
ENDED = NodeEnded(node="r/t", status=NodeStatus.CLOSED, level=Level.CHECKED, reason="trivial")


def test_events_add_up(started: RunStarted) -> None:
    events: list[Event] = [
        started,
        OPENED,
        PhaseEntered(node="r/t", phase="automate"),
        CallFinished(key="k", result={}, used=Usage(checks=1, check_seconds=2)),
        CallLost(key="l", used=Usage(checks=1, check_seconds=1)),
        PhaseLeft(node="r/t", phase="automate", seconds=1),
    ]
    board = Board.of(events)
    assert (board.run, board.theorem, board.strategy, board.since) == ("r1", "t", "offline", 100.0)
    assert (board.used.checks, board.used.check_seconds) == (2, 3.0)
    assert board.phases == {"r/t": "automate"}
    assert board.nodes["r/t"].status is NodeStatus.OPEN
    assert not board.finished
    after = Board.of([*events, ENDED, RunFinished(status=RunStatus.FOUND, level=Level.CHECKED, reason="")])
    assert after.nodes["r/t"].status is NodeStatus.CLOSED
    assert (after.nodes["r/t"].level, after.nodes["r/t"].reason, after.finished) == (Level.CHECKED, "trivial", True)
    assert board.nodes["r/t"].status is NodeStatus.OPEN, "a board never changes"


def test_a_resumed_run_counts_from_what_was_spent(started: RunStarted) -> None:
    spent = CallFinished(time=160.0, key="k", result={}, used=Usage(checks=1))
    resumed = RunResumed(time=500.0, holder="me", spent=Usage(checks=3))
    board = Board.of([started, spent, resumed, CallFinished(time=507.0, key="m", result={}, used=Usage(checks=1))])
    assert (board.used.checks, board.before, board.since) == (4, 60.0, 500.0)
    assert (board.seconds(), board.seconds(510.0)) == (67.0, 70.0)


def test_calls_without_an_end_are_under_way(started: RunStarted) -> None:
    calls = [CallStarted(key=k, thread="t", step="s", call="check", input="", reserved=Usage()) for k in "abc"]
    ends: list[Event] = [CallFinished(key="a", result={}, used=Usage()), CallLost(key="b", used=Usage())]
    assert Board.of([started, *calls, *ends]).under_way == {"c"}


def test_the_end_of_an_unknown_node_is_passed_over(started: RunStarted) -> None:
    assert Board.of([started, ENDED]).nodes == {}


def test_what_mends_the_log_is_no_part_of_a_session(started: RunStarted) -> None:
    worked = CallFinished(time=112.0, key="k", result={}, used=Usage())
    resumed = RunResumed(time=501.0, holder="me", spent=Usage())
    board = Board.of([started, worked, LogRepaired(time=500.0, bytes_cut=3), resumed])
    assert (board.before, board.seconds()) == (12.0, 12.0)
