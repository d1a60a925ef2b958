from lemmata.domain import Problem, Usage
from lemmata.events import CallFinished, LogRepaired, RunResumed
from lemmata.graphs.driver import sessions
from lemmata.store import Store

PROBLEM = Problem(name="t", preamble="", lead="", statement="theorem t : True", proof=" := sorry", suffix="\n")


def test_sessions_last_while_something_happens(tmp_path):
    times = iter([100.0, 112.0, 500.0, 501.0, 504.5, 900.0])
    run, log = Store(tmp_path).create(PROBLEM, "", strategy="offline", checker="x", clock=lambda: next(times))
    with log:
        assert sessions(run) == (0.0,)
        log.append(CallFinished(key="k", result={}, used=Usage()))
        assert sessions(run) == (12.0,)
        log.append(LogRepaired(bytes_cut=3))
        assert sessions(run) == (12.0,), "what the next process mends, nobody waited for"
        log.append(RunResumed(holder="me", spent=Usage()))
        log.append(CallFinished(key="l", result={}, used=Usage()))
        assert sessions(run) == (12.0, 3.5)
        log.append(RunResumed(holder="me", spent=Usage()))
        assert sessions(run) == (12.0, 3.5, 0.0)
