"""Commands over a scripted session: what they ask of it, print, and exit with."""

import asyncio
import io
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from lemmata.configs.schema import STANDARD_AXIOMS
from lemmata.domain import Level, NodeStatus, Problem, RunStatus, Usage, Verdict, VerifyStatus
from lemmata.errors import InfrastructureError, MissingError, RunError, SourceError
from lemmata.events import NodeEnded, RunResumed, RunStarted
from lemmata.store import Run, RunResult

Lemmata = Callable[..., Any]
STATEMENT = "theorem t : 1 = 1"


def test_a_proof_goes_to_stdout_and_words_to_stderr(
    lemmata: Lemmata, session: Any, result: RunResult, started: RunStarted
) -> None:
    session.result, session.events = result, [started]
    call = lemmata("prove", "--statement", STATEMENT, session=session)
    assert (call.code, call.out) == (3, result.proof)
    assert call.err.splitlines() == [
        "preparing",
        "[   0.0 s] run r1: t, strategy offline, Lean 4.35.0, embedded core",
        "found, checked by Lean 4.35.0, embedded core",
        f"2 checks (0.2 s), 0.5 s; run {result.folder}",
    ]
    (problem,) = session.asked
    assert (problem.statement, problem.file) == (STATEMENT, None)
    assert session.closed


def test_the_text_of_the_run_folder_is_what_is_printed(lemmata: Lemmata, session: Any, result: RunResult) -> None:
    folder = Path(result.folder)
    folder.mkdir(parents=True)
    (folder / "proof.lean").write_text(f"{result.proof}-- checked by Lean 4.35.0, embedded core\n")
    session.result = result
    call = lemmata("prove", "--statement", STATEMENT, session=session)
    assert call.out == f"{result.proof}-- checked by Lean 4.35.0, embedded core\n"


@pytest.mark.parametrize(
    ("change", "code", "told"),
    [
        ({"level": Level.CERTIFIED}, 0, "proved, "),
        ({"status": RunStatus.REFUTED, "reason": "n = 0"}, 4, "refuted, checked by Lean 4.35.0, embedded core: n = 0"),
        ({"status": RunStatus.FAILED, "level": None, "proof": None, "reason": "broken"}, 5, "failed: broken"),
        (
            {"status": RunStatus.NOT_FOUND, "level": None, "proof": None, "best": "-- best\n", "reason": "over"},
            1,
            "not found: over",
        ),
        (
            {"status": RunStatus.INTERRUPTED, "level": None, "proof": None, "reason": "signal"},
            130,
            "to go on: lemmata resume r1\n",
        ),
    ],
)
def test_every_outcome_has_its_code(
    change: dict[str, Any], code: int, told: str, lemmata: Lemmata, session: Any, result: RunResult
) -> None:
    session.result = result.model_copy(update=change)
    call = lemmata("prove", "--statement", STATEMENT, session=session)
    assert call.code == code
    assert told in call.err
    assert call.out == (session.result.proof or session.result.best or "")
    assert ("proved" in call.err + call.out) == (code == 0)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"status": RunStatus.NOT_FOUND, "limit": "check_seconds"}, "lemmata resume r1 --budget-check-seconds MORE"),
        ({"status": RunStatus.NOT_FOUND, "limit": "seconds"}, "lemmata resume r1 --budget-seconds MORE"),
        ({"status": RunStatus.NOT_FOUND}, None),
        ({"status": RunStatus.INTERRUPTED}, "lemmata resume r1"),
        ({"status": RunStatus.FAILED}, "lemmata resume r1"),
        ({"status": RunStatus.REFUTED}, None),
        ({"status": RunStatus.FOUND}, None),
    ],
)
def test_a_run_is_only_taken_up_where_that_can_help(
    change: dict[str, Any], told: str | None, lemmata: Lemmata, session: Any, result: RunResult
) -> None:
    session.result = result.model_copy(update=change)
    lines = lemmata("prove", "--statement", STATEMENT, session=session).err.splitlines()
    assert [text for text in lines if text.startswith("to go on")] == ([f"to go on: {told}"] if told else [])


def test_json_is_the_whole_result_and_stderr_is_silent(
    lemmata: Lemmata, session: Any, result: RunResult, started: RunStarted
) -> None:
    session.result, session.events = result, [started]
    call = lemmata("prove", "--statement", STATEMENT, "--json", session=session)
    assert (call.code, call.err) == (3, "")
    assert RunResult.model_validate(call.json) == result
    assert "ℕ" in call.out, "text stays readable"


def test_verbose_logs_to_stderr(lemmata: Lemmata, session: Any, result: RunResult, started: RunStarted) -> None:
    session.result, session.events = result, [started]
    call = lemmata("prove", "--statement", STATEMENT, "--json", "-v", session=session)
    assert '"event": "run_started"' in call.err
    assert '"text": "preparing", "event": "waiting"' in call.err
    assert call.json["run"] == "r1"


def test_options_become_settings(lemmata: Lemmata, session: Any, result: RunResult, tmp_path: Path) -> None:
    (tmp_path / "c.yaml").write_text("seed: 7\nbudget: {seconds: 1}\n")
    session.result = result
    lemmata(
        "prove", "--statement", STATEMENT, "-c", "c.yaml", "--set", "search.depth=1", "--checker", "embedded",
        "--budget-seconds", "5", "--budget-check-seconds", "6", "--budget-samples", "7", "--budget-tokens", "8",
        "--budget-dollars", "9", "--runs", "elsewhere", "--strategy", "auto", "--require-sandbox", session=session,
    )  # fmt: skip
    config = session.config
    assert config.budget.model_dump() == {
        "seconds": 5.0, "check_seconds": 6.0, "samples": 7, "tokens": 8, "dollars": 9.0,
    }  # fmt: skip
    assert (config.seed, config.search.depth, config.checker, config.runs) == (7, 1, "embedded", Path("elsewhere"))
    assert (config.strategy, config.lean.sandbox) == ("offline", "required")
    lemmata("prove", "--statement", STATEMENT, session=session)
    assert session.config.lean.sandbox == "auto"


def test_a_file_is_the_target(lemmata: Lemmata, session: Any, result: RunResult, tmp_path: Path) -> None:
    (tmp_path / "a.lean").write_text("theorem a : 1 = 1 := sorry\ntheorem b : 2 = 2 := sorry\n")
    session.result = result
    lemmata("prove", "a.lean:b", session=session)
    lemmata("prove", "a.lean#L1", session=session)
    assert [(p.name, p.file) for p in session.asked] == [("b", "a.lean"), ("a", "a.lean")]


class Stdin(io.TextIOWrapper):
    def __init__(self, buffer: io.BytesIO, *, terminal: bool) -> None:
        super().__init__(buffer)
        self.terminal = terminal

    def isatty(self) -> bool:
        return self.terminal


class Leaving(io.BytesIO):
    def read(self, size: int | None = -1, /) -> bytes:
        raise KeyboardInterrupt


@pytest.mark.parametrize("terminal", [True, False])
def test_a_terminal_is_told_that_it_is_waited_for(
    terminal: bool, lemmata: Lemmata, session: Any, result: RunResult, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", Stdin(io.BytesIO(f"{STATEMENT} := sorry".encode()), terminal=terminal))
    session.result = result
    call = lemmata("prove", "-", session=session)
    assert call.code == 3
    told = "reading the theorem from standard input; end with Ctrl-D"
    assert (call.err.splitlines()[0] == told) == (told in call.err) == terminal


def test_who_gives_no_theorem_has_interrupted(lemmata: Lemmata, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", Stdin(Leaving(), terminal=False))
    call = lemmata("prove", "-")
    assert (call.code, call.err) == (130, "lemmata: interrupted\n")


def test_an_interruption_says_how_to_go_on(lemmata: Lemmata, session: Any, started: RunStarted) -> None:
    async def interrupted() -> None:
        os.kill(os.getpid(), signal.SIGTERM)
        await asyncio.Event().wait()

    session.events, session.before = [started], interrupted
    call = lemmata("prove", "--statement", STATEMENT, "--runs", "my runs", "--json", session=session)
    assert call.code == 130
    message = "interrupted; the state is saved, go on with: lemmata resume r1 --runs 'my runs'"
    assert call.err == f"lemmata: {message}\n"
    assert call.json == {"status": "failed", "kind": "interrupted", "message": message}
    assert session.closed


def test_ctrl_c_before_there_is_a_run(lemmata: Lemmata, session: Any) -> None:
    async def interrupted() -> None:
        os.kill(os.getpid(), signal.SIGINT)
        await asyncio.Event().wait()

    session.before = interrupted
    call = lemmata("prove", "--statement", STATEMENT, session=session)
    assert (call.code, call.err) == (130, "preparing\nlemmata: interrupted\n")


def test_resume_raises_the_budget(lemmata: Lemmata, session: Any, result: RunResult, run: Run) -> None:
    session.result = result
    assert lemmata("resume", run.id, session=session).code == 3
    assert lemmata("resume", run.folder, "--budget-seconds", "90", "--budget-samples", "4", session=session).code == 3
    assert session.asked == [(run.folder, None), (run.folder, {"seconds": 90.0, "samples": 4})]


def test_resume_goes_on_from_what_is_known(lemmata: Lemmata, session: Any, result: RunResult, run: Run) -> None:
    session.result = result
    session.events = [
        RunResumed(time=time.time() + 99, holder="me", spent=Usage(checks=1, check_seconds=0.5)),
        NodeEnded(time=time.time() + 100, node="n", status=NodeStatus.STUCK, level=None, reason="x"),
    ]
    lines = lemmata("resume", run.id, session=session).err.splitlines()
    assert f"] run {run.id} resumed after 1 checks (0.5 s), " in lines[1]
    assert lines[2].endswith("] ! t  stuck: x")


def test_an_interrupted_resume_says_how_to_go_on(lemmata: Lemmata, session: Any, run: Run) -> None:
    async def interrupted() -> None:
        os.kill(os.getpid(), signal.SIGINT)
        await asyncio.Event().wait()

    session.before = interrupted
    call = lemmata("resume", run.id, session=session)
    assert (call.code, call.out) == (130, "")
    assert call.err.endswith(f"go on with: lemmata resume {run.id}\n")


def test_resume_refuses_an_impossible_budget(lemmata: Lemmata, session: Any, run: Run) -> None:
    call = lemmata("resume", run.id, "--budget-seconds", "-1", session=session)
    assert call.code == 2
    assert call.err == "lemmata: budget.seconds = -1.0: should be greater than 0 (--budget-seconds)\n"
    assert session.asked == []


def accepted(file: str, level: Level = Level.CHECKED) -> Verdict:
    return Verdict(file=file, status=VerifyStatus.ACCEPTED, level=level)


VERDICTS = {
    "ok.lean": accepted("ok.lean"),
    "certified.lean": accepted("certified.lean", Level.CERTIFIED),
    "bad.lean": Verdict.refuse("bad.lean", "it uses `sorry`"),
    "import.lean": Verdict.refuse("import.lean", "imports Mathlib", status=VerifyStatus.UNSUPPORTED),
    "gone.lean": SourceError("cannot read this file", file="gone.lean"),
    "broken.lean": InfrastructureError("the checker is broken"),
}


@pytest.mark.parametrize(
    ("files", "code"),
    [
        (["certified.lean"], 0),
        (["ok.lean"], 3),
        (["ok.lean", "certified.lean"], 3),
        (["ok.lean", "bad.lean"], 1),
        (["bad.lean", "gone.lean", "ok.lean"], 2),
        (["gone.lean", "import.lean"], 5),
        (["broken.lean", "ok.lean"], 5),
    ],
)
def test_verify_exits_with_the_worst(files: list[str], code: int, lemmata: Lemmata, session: Any) -> None:
    session.verdicts = VERDICTS
    call = lemmata("verify", *files, "--json", session=session)
    assert call.code == code
    assert [line["file"] for line in call.lines] == files, "one line a file, whatever became of it"
    assert [line["accepted"] for line in call.lines] == [f in ("ok.lean", "certified.lean") for f in files]


def test_verify_tells_people_and_passes_options_on(lemmata: Lemmata, session: Any) -> None:
    session.verdicts = VERDICTS
    call = lemmata(
        "verify", "ok.lean", "bad.lean", "gone.lean", "--against", "c.lean", "--name", "n", "--checker", "cli",
        "--set", "verify.timeout=9", "--require-sandbox", "--allow-axiom", "choice", "--allow-axiom", "N.fun'",
        session=session,
    )  # fmt: skip
    assert session.config.verify.allow == (*STANDARD_AXIOMS, "choice", "N.fun'")
    assert call.out == "ok.lean: accepted, checked\nbad.lean: refused\n  it uses `sorry`\n"
    assert call.err == "preparing\nlemmata: gone.lean: cannot read this file\n"
    assert [asked[1:] for asked in session.asked] == [(Path("c.lean"), "n")] * 3
    assert (session.config.checker, session.config.verify.timeout) == ("cli", 9.0)
    assert session.config.lean.sandbox == "required"


@pytest.mark.parametrize("name", ["", "a b", "a,b"])
def test_an_axiom_is_allowed_by_its_name(name: str, lemmata: Lemmata, session: Any) -> None:
    for command in (["verify", "ok.lean"], ["prove", "--statement", "theorem t : True"]):
        call = lemmata(*command, "--allow-axiom", name, session=session)
        assert (call.code, session.asked) == (2, [])
        assert "--allow-axiom takes the name of one axiom" in call.err


@pytest.mark.parametrize(
    ("error", "code", "kind"),
    [(RunError("r"), 2, "usage"), (MissingError("m"), 5, "infrastructure"), (ZeroDivisionError("z"), 70, "bug")],
)
def test_errors_become_one_message_and_a_code(
    error: Exception, code: int, kind: str, lemmata: Lemmata, session: Any, run: Run
) -> None:
    async def fail() -> None:
        raise error

    session.before = fail
    call = lemmata("resume", run.id, "--json", session=session)
    assert call.code == code
    assert (call.json["status"], call.json["kind"]) == ("failed", kind)
    assert call.err.endswith(f"lemmata: {call.json['message']}\n")
    assert ("Traceback" in call.err) == (kind == "bug")


def test_write_puts_the_proof_into_the_file(
    lemmata: Lemmata, session: Any, result: RunResult, problem: Problem, tmp_path: Path
) -> None:
    file = tmp_path / "a.lean"
    file.write_text(problem.text)
    session.result = result
    call = lemmata("prove", "a.lean", "--write", "--yes", session=session)
    assert call.code == 3
    assert file.read_text() == result.proof
    assert "-theorem t : 1 = 1 := sorry\n+theorem t : 1 = 1 := rfl\n" in call.err


def test_write_is_refused_before_any_work(
    lemmata: Lemmata, session: Any, problem: Problem, tmp_path: Path
) -> None:
    (tmp_path / "a.lean").write_text(problem.text)
    for args, expected in [
        (("--statement", STATEMENT, "--write", "--yes"), "needs a FILE"),
        (("a.lean", "--write"), "add --yes"),
    ]:
        call = lemmata("prove", *args, session=session)
        assert call.code == 2
        assert expected in call.err
    assert session.asked == []


def test_nothing_is_written_where_nothing_is_found(
    lemmata: Lemmata, session: Any, result: RunResult, problem: Problem, tmp_path: Path
) -> None:
    (tmp_path / "a.lean").write_text(problem.text)
    session.result = result.model_copy(update={"status": RunStatus.REFUTED})
    assert lemmata("prove", "a.lean", "--write", "--yes", session=session).code == 4
    assert (tmp_path / "a.lean").read_text() == problem.text


def test_a_broken_run_says_how_to_go_on(lemmata: Lemmata, session: Any, started: RunStarted) -> None:
    async def fail() -> None:
        raise InfrastructureError("the disk is full")

    session.events, session.before = [started], fail
    call = lemmata("prove", "--statement", STATEMENT, session=session)
    assert call.code == 5
    assert call.err.splitlines()[-2:] == [
        "when it is mended, go on with: lemmata resume r1",
        "lemmata: the disk is full",
    ]


def test_a_submission_cannot_forge_its_verdict(lemmata: Lemmata, session: Any) -> None:
    session.verdicts = {"bad.lean": Verdict.refuse("bad.lean", "said \x1b[2K\rbad.lean: accepted\nbad.lean: accepted")}
    out = lemmata("verify", "bad.lean", session=session).out
    assert out == "bad.lean: refused\n  said \\x1b[2K\\rbad.lean: accepted\n  bad.lean: accepted\n"
