"""`show`, `runs` and what they make of damaged and foreign folders, over a real store."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from lemmata.domain import Level, NodeStatus, Problem, RunStatus
from lemmata.store import PROOF, RESULT, NodeView, Run, RunResult, Store

Lemmata = Callable[..., Any]


@pytest.fixture
def finished(run: Run, result: RunResult) -> RunResult:
    node = NodeView(
        node="n", parent=None, name="t", statement="", status=NodeStatus.CLOSED, level=Level.CHECKED, reason="rfl"
    )
    result = result.model_copy(
        update={"run": run.id, "folder": str(run.folder), "blueprint": (node,), "phases": {"automate": 0.25}}
    )
    run.write(RESULT, result.model_dump_json())
    run.write(PROOF, f"{result.proof}-- {result.vouched_by}\n")
    return result


def test_show_tells_all(lemmata: Lemmata, finished: RunResult) -> None:
    call = lemmata("show", finished.run)
    assert (call.code, call.err) == (0, "")
    assert call.out.splitlines() == [
        f"run       {finished.run}",
        f"folder    {finished.folder}",
        "theorem   t",
        "strategy  offline",
        "checker   Lean 4.35.0",
        "outcome   found, checked by Lean 4.35.0, embedded core",
        "used      2 checks (0.2 s), 0.5 s",
        "  automate         0.2 s",
        "blueprint",
        "  ● t  closed, checked: rfl",
        "",
        "-- ℕ",
        "theorem t : 1 = 1 := rfl",
        "-- checked by Lean 4.35.0, embedded core",
    ]


def test_show_of_an_unfinished_run_says_where_it_stands(lemmata: Lemmata, run: Run) -> None:
    call = lemmata("show", run.folder)
    assert call.code == 0
    outcome, used, *blueprint = call.out.splitlines()[5:]
    assert outcome == "outcome   none yet"
    assert used.startswith("used      1 checks (0.5 s), ")
    assert blueprint == ["blueprint", "  ● t  closed, checked: rfl"]
    assert lemmata("show", run.id, "--json").json["status"] is None


def test_show_as_json_is_the_result(lemmata: Lemmata, finished: RunResult) -> None:
    assert RunResult.model_validate(lemmata("show", finished.run, "--json").json) == finished


def test_show_events_is_the_log(lemmata: Lemmata, run: Run) -> None:
    lines = lemmata("show", run.id, "--events").lines
    assert [line["kind"] for line in lines] == [event.kind for event in run.events()]
    assert [line["seq"] for line in lines] == [1, 2, 3, 4, 5]


def test_show_takes_one_form(lemmata: Lemmata, run: Run) -> None:
    call = lemmata("show", run.id, "--events", "--json")
    assert (call.code, call.json["kind"]) == (2, "usage")


def test_runs_lists_them(lemmata: Lemmata, finished: RunResult, tmp_path: Path, problem: Problem) -> None:
    other, log = Store(tmp_path / "runs").create(problem, "", strategy="offline", checker="x")
    log.close()
    out = lemmata("runs").out.splitlines()
    assert sorted(out) == sorted(
        [f"{finished.run}  found (checked)  t", f"{other.id}  unfinished       t"]
    )
    listed = {line["run"]: line["status"] for line in lemmata("runs", "--json").lines}
    assert listed == {finished.run: RunStatus.FOUND, other.id: None}


@pytest.mark.parametrize("form", [[], ["--json"]])
def test_what_is_no_run_among_the_runs_is_told_and_left_out(
    form: list[str], lemmata: Lemmata, run: Run, problem: Problem, tmp_path: Path
) -> None:
    damaged, log = Store(tmp_path / "runs").create(problem, "", strategy="offline", checker="x")
    log.close()
    damaged.write(RESULT, "{}")
    (tmp_path / "runs" / "junk").mkdir()
    call = lemmata("runs", *form)
    assert call.code == 0
    assert [line.split()[0] for line in call.out.splitlines()] == ([run.id] if not form else ['{"run":'])
    assert call.err.splitlines() == [
        f"left out: runs/{damaged.id}/result.json: not a result of this version of lemmata",
        "left out: runs/junk: not a run of lemmata (no readable events.jsonl)",
    ]
    newest = lemmata("show")
    assert newest.out.startswith(f"run       {run.id}\n")
    assert newest.err.splitlines() == [*call.err.splitlines(), f"the newest run: {run.id}"]


def test_a_run_that_is_worked_on_is_running(lemmata: Lemmata, run: Run) -> None:
    with run.hold():
        assert lemmata("runs").out == f"{run.id}  running  t\n"
        assert "\noutcome   running\n" in lemmata("show", run.id).out
    assert lemmata("runs").out == f"{run.id}  unfinished  t\n"
    with run.hold():
        pass  # having looked holds nothing


@pytest.mark.parametrize("command", ["show", "resume"])
def test_without_a_name_the_newest_run_is_meant(
    command: str, lemmata: Lemmata, run: Run, result: RunResult, session: Any, tmp_path: Path, problem: Problem
) -> None:
    newer, log = Store(tmp_path / "runs").create(
        problem, "", strategy="offline", checker="x", clock=lambda: run.started.time + 1
    )
    log.close()
    session.result = result
    call = lemmata(command, session=session)
    assert call.code == (0 if command == "show" else 3)
    assert call.err.splitlines()[0] == f"the newest run: {newer.id}"
    assert (f"run       {newer.id}\n" in call.out) if command == "show" else session.asked == [(newer.folder, None)]
    assert "newest" not in lemmata(command, "--json", session=session).err


@pytest.mark.parametrize("command", ["show", "resume"])
def test_without_runs_there_is_no_newest(command: str, lemmata: Lemmata) -> None:
    call = lemmata(command)
    assert (call.code, call.err) == (2, "lemmata: no runs in runs: expected RUN, a run's id or path\n")


def test_no_runs_are_no_mistake(lemmata: Lemmata) -> None:
    call = lemmata("runs", "--runs", "nowhere")
    assert (call.code, call.out, call.err) == (0, "", "no runs in nowhere\n")
    assert lemmata("runs", "--json").out == ""


@pytest.mark.parametrize("command", ["show", "resume"])
@pytest.mark.parametrize(
    ("damage", "message"),
    [
        ("missing", "no such run"),
        ("foreign", "not a run of lemmata"),
        ("edited", "not an event of this version"),
        ("beginning", "does not begin with run_started"),
    ],
)
def test_a_folder_that_is_no_run(command: str, damage: str, message: str, lemmata: Lemmata, run: Run) -> None:
    log = run.path("events.jsonl")
    lines = log.read_text().splitlines(keepends=True)
    match damage:
        case "missing":
            run = Run(run.folder.with_name("gone"))
        case "foreign":
            log.unlink()
        case "edited":
            log.write_text("".join([lines[0].replace("run_started", "run_begun"), *lines[1:]]))
        case _:
            log.write_text("".join(lines[1:]).replace('"seq":2', '"seq":1').replace('"seq":3', '"seq":2')
                           .replace('"seq":4', '"seq":3').replace('"seq":5', '"seq":4'))  # fmt: skip
    call = lemmata(command, run.id if damage == "missing" else run.folder)
    assert (call.code, call.out) == (2, "")
    assert message in call.err
    assert call.err.count("\n") == 1
