import pytest

from lemmata.domain import Level, NodeStatus, Usage
from lemmata.errors import RunError
from lemmata.events import CallFinished, CallLost, CallStarted, EventLog, LogRepaired, NodeEnded, read_events


def started(key):
    return CallStarted(key=key, thread="t", step="s", call="check", input="x", reserved=Usage(check_seconds=5))


def test_an_event_gets_number_and_time_and_is_read_back(tmp_path):
    path = tmp_path / "events.jsonl"
    seen = []
    with EventLog(path, listener=seen.append, clock=lambda: 7.5) as log:
        log.append(started("a"))
        log.append(NodeEnded(node="n", status=NodeStatus.CLOSED, level=Level.CHECKED, reason="r"))
    events = list(read_events(path))
    assert [(e.seq, e.time) for e in events] == [(1, 7.5), (2, 7.5)]
    assert events == seen


def test_a_finished_call_is_served_and_counted_once(tmp_path):
    path = tmp_path / "events.jsonl"
    with EventLog(path) as log:
        log.append(started("a"))
        done = log.append(CallFinished(key="a", result={"x": 1}, used=Usage(check_seconds=2)))
        assert log.finished("a") == done
        with pytest.raises(ValueError, match="finished already"):
            log.append(CallFinished(key="a", result={}, used=Usage()))
    with EventLog(path) as log:
        assert log.finished("a") == done
        assert log.finished("b") is None
        assert log.spent == Usage(check_seconds=2)
        assert log.under_way == ()


def test_a_call_without_an_end_is_under_way_until_it_is_lost(tmp_path):
    with EventLog(tmp_path / "e") as log:
        log.append(started("a"))
        assert [c.key for c in log.under_way] == ["a"]
        log.append(CallLost(key="a", used=Usage(check_seconds=3)))
        assert log.under_way == ()
        assert log.spent.check_seconds == 3


@pytest.mark.parametrize("torn", [b'{"v":1,"seq":2', b"\x00\x00\x00\n", b'{"v":1}'])
def test_a_torn_last_line_is_cut_off_and_reported(tmp_path, torn):
    path = tmp_path / "e"
    with EventLog(path) as log:
        log.append(started("a"))
    path.write_bytes(path.read_bytes() + torn)
    assert len(list(read_events(path))) == 1
    with EventLog(path) as log:
        log.append(started("b"))
    events = list(read_events(path))
    assert [e.seq for e in events] == [1, 2, 3]
    assert events[1] == LogRepaired(seq=2, time=events[1].time, bytes_cut=len(torn))


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda lines: [lines[1], lines[0]], "event number 2 where 1"),
        (lambda lines: ["nonsense", lines[0]], "not an event"),
        (lambda lines: [lines[0].replace('"v":1', '"v":9')], "version 9"),
    ],
)
def test_other_damage_is_refused_with_its_line(tmp_path, damage, message):
    path = tmp_path / "e"
    with EventLog(path) as log:
        log.append(started("a"))
        log.append(started("b"))
    path.write_text("\n".join(damage(path.read_text().splitlines())) + "\n")
    with pytest.raises(RunError, match=message):
        EventLog(path)


def test_a_refused_hold_leaves_the_log_as_it_was(tmp_path):
    path = tmp_path / "e"
    path.write_bytes(b"torn")

    def no(fd):
        raise RunError("held")

    with pytest.raises(RunError):
        EventLog(path, hold=no)
    assert path.read_bytes() == b"torn"
