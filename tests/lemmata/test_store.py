import os
import subprocess
import sys

import pytest

from lemmata.domain import Problem, RunStatus
from lemmata.errors import RunError, UsageError
from lemmata.events import RunFinished, RunStarted
from lemmata.store import EVENTS, PROBLEM, RESULT, RunResult, Store, new_id

PROBLEM_ = Problem(name="A.t", preamble="", lead="", statement="theorem t : True", proof=" := by\n  sorry\n")


def make(root):
    return Store(root).create(PROBLEM_, "seed: 0\n", strategy="offline", checker="fake")


def test_a_run_is_whole_from_the_moment_it_has_its_name(tmp_path):
    run, log = make(tmp_path / "runs")
    log.close()
    assert {p.name for p in (tmp_path / "runs").iterdir()} == {run.id}
    assert run.problem == PROBLEM_
    assert run.config_text == "seed: 0\n"
    assert isinstance(run.started, RunStarted)
    assert run.result is None


def test_a_result_is_read_back_and_listed(tmp_path):
    store = Store(tmp_path)
    run, log = make(tmp_path)
    log.append(RunFinished(status=RunStatus.NOT_FOUND, level=None, reason="r"))
    log.close()
    result = RunResult(run=run.id, folder=str(run.folder), theorem="t", status=RunStatus.NOT_FOUND, reason="r")
    run.write(RESULT, result.model_dump_json())
    assert run.result == result
    assert [(s.run, s.status) for s in store.list()] == [(run.id, RunStatus.NOT_FOUND)]
    assert store.find(run.id).folder == store.find(run.folder).folder == run.folder.resolve()


HOLD = """
import sys
from lemmata.errors import RunError
from lemmata.store import Run
from pathlib import Path
try:
    Run(Path(sys.argv[1])).hold().close()
    print("held")
except RunError as error:
    print(error)
"""


def test_one_process_holds_a_run_and_the_error_names_it(tmp_path):
    run, log = make(tmp_path)

    def ask():
        done = subprocess.run(
            [sys.executable, "-c", HOLD, run.folder], capture_output=True, text=True, timeout=60, check=True
        )
        return done.stdout.strip()

    assert f"process {os.getpid()} " in ask()
    log.close()
    assert ask() == "held"


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda run: run.path(PROBLEM).write_text("other"), "not the text"),
        (lambda run: run.path("config.yaml").unlink(), "missing"),
    ],
)
def test_a_changed_run_cannot_be_resumed(tmp_path, damage, message):
    run, log = make(tmp_path)
    log.close()
    damage(run)
    with pytest.raises(RunError, match=message):
        _ = (run.problem, run.config_text)


def test_foreign_folders_are_refused(tmp_path):
    (tmp_path / "other").mkdir()
    with pytest.raises(RunError, match="not a run"):
        Store(tmp_path).find("other")
    (tmp_path / "other" / EVENTS).write_text("")
    with pytest.raises(RunError, match="does not begin"):
        Store(tmp_path).find("other")
    with pytest.raises(RunError, match="no such run"):
        Store(tmp_path).find("absent")
    (tmp_path / "other" / EVENTS).unlink()
    from lemmata.store import Run

    with pytest.raises(RunError, match="not a run"):
        Run(tmp_path / "other").hold()


def test_a_damaged_result_is_refused(tmp_path):
    run, log = make(tmp_path)
    log.close()
    run.write(RESULT, "{}")
    with pytest.raises(RunError, match="not a result"):
        _ = run.result


def test_an_unwritable_store_is_the_users_mistake(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match=r"cannot be written: .*; name another with --runs or LEMMATA_RUNS"):
        make(tmp_path / "file")
    assert Store(tmp_path / "absent").list() == ()


def test_ids_sort_by_time_and_are_plain():
    assert new_id("A.«b c»").split("-")[2] == "A_b_c"
    assert new_id("«»").split("-")[2] == "theorem"
