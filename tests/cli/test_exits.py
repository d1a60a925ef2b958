from itertools import product

import pytest

from lemmata.cli.exits import _RUNS, _VERDICTS, Exit, Interrupted, of_error, of_run, of_verdict, worst
from lemmata.domain import Level, RunStatus, Verdict, VerifyStatus
from lemmata.errors import ConfigError, LemmataError, LimitReached, MissingError, RunError, SourceError


def test_the_tables_know_every_status() -> None:
    assert set(_RUNS) == set(RunStatus)
    assert set(_VERDICTS) == set(VerifyStatus)


@pytest.mark.parametrize(
    ("status", "level", "code"),
    [
        ("found", "simulated", 3),
        ("found", "checked", 3),
        ("found", "certified", 0),
        ("found", "confirmed", 0),
        ("found", None, 3),
        ("refuted", "checked", 4),
        ("refuted", "certified", 4),
        ("not_found", None, 1),
        ("interrupted", None, 130),
        ("failed", None, 5),
    ],
)
def test_runs(status: str, level: str | None, code: int) -> None:
    assert of_run(RunStatus(status), Level(level) if level else None) == code


@pytest.mark.parametrize(
    ("status", "level", "code"),
    [
        ("accepted", "checked", 3),
        ("accepted", "certified", 0),
        ("refused", None, 1),
        ("timeout", None, 1),
        ("crashed", None, 1),
        ("unsupported", None, 5),
    ],
)
def test_verdicts(status: str, level: str | None, code: int) -> None:
    assert of_verdict(Verdict(file="f", status=VerifyStatus(status), level=Level(level) if level else None)) == code


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (SourceError("x"), 2),
        (ConfigError("x"), 2),
        (RunError("x"), 2),
        (MissingError("x"), 5),
        (Interrupted("x"), 130),
        (LimitReached("seconds", 1), 70),
        (LemmataError("x"), 70),
    ],
)
def test_errors(error: LemmataError, code: int) -> None:
    assert of_error(error) == code


def test_the_worst_of_several() -> None:
    order = [Exit(c) for c in (5, 2, 1, 4, 3, 0)]
    for (i, a), (j, b) in product(enumerate(order), repeat=2):
        assert worst([a, b]) == order[min(i, j)]
    assert worst([]) == 0
    assert worst(list(Exit)) == 130
