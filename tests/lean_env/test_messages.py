import json
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lemmata.domain import Diagnostic, Hole, Position, Severity
from lemmata.lean_env.messages import (
    BackendError,
    KiminaItem,
    LeanOutput,
    ReplOutput,
    first_goal,
    from_kimina,
    from_lean_json,
    from_repl,
    is_sorry_warning,
    parse_lean_stdout,
)

WIRE: dict[str, object] = {
    "caption": "",
    "data": "declaration uses `sorry`\n",
    "endPos": {"column": 21, "line": 3},
    "fileName": "A.lean",
    "isSilent": False,
    "keepFullRange": False,
    "kind": "hasSorry",
    "pos": {"column": 8, "line": 3},
    "severity": "warning",
}


def rows(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def slice_of(text: str, start: Position, end: Position) -> str:
    lines = text.split("\n")
    if start.line == end.line:
        return lines[start.line - 1][start.column : end.column]
    middle = lines[start.line : end.line - 1]
    return "\n".join([lines[start.line - 1][start.column :], *middle, lines[end.line - 1][: end.column]])


# --- lean --json


def test_a_line_of_lean_json_becomes_a_diagnostic() -> None:
    expected = Diagnostic(
        severity=Severity.WARNING,
        start=Position(line=3, column=8),
        end=Position(line=3, column=21),
        text="declaration uses `sorry`",
        kind="hasSorry",
    )
    assert from_lean_json(json.dumps(WIRE)) == expected
    assert from_lean_json(WIRE) == expected


@pytest.mark.parametrize(
    ("severity", "expected"),
    [
        ("information", Severity.INFO),
        ("info", Severity.INFO),
        ("trace", Severity.INFO),
        ("warning", Severity.WARNING),
        ("error", Severity.ERROR),
    ],
)
def test_severities(severity: str, expected: Severity) -> None:
    assert from_lean_json(WIRE | {"severity": severity}).severity is expected


def test_old_and_sparse_messages() -> None:
    old = from_lean_json({"severity": "error", "pos": {"line": 0, "column": 0}, "data": " \r\nx\n"})
    assert (old.end, old.kind, old.text) == (None, None, "x")
    assert from_lean_json(WIRE | {"endPos": None, "kind": "[anonymous]"}).kind is None
    assert from_lean_json(WIRE | {"caption": "note", "data": "x"}).text == "note:\nx"


@pytest.mark.parametrize(
    "line",
    [
        "",
        "PANIC at f",
        "[1]",
        "3",
        "null",
        json.dumps(WIRE)[:-1],
        json.dumps(WIRE | {"severity": "fatal"}),
        json.dumps(WIRE | {"pos": {"line": "3", "column": 8}}),
        json.dumps(WIRE | {"pos": {"line": -1, "column": 8}}),
        json.dumps(WIRE | {"data": None}),
        '{"a":' * 100_000,
        '{"a":' + "9" * 5000 + "}",
    ],
)
def test_what_is_no_message_is_a_value_error_and_kept_as_raw(line: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - several subclasses, all meant
        from_lean_json(line)
    good = json.dumps(WIRE)
    output = parse_lean_stdout(f"{good}\n{line}\r\n\n{good}\n")
    assert output == LeanOutput(diagnostics=(from_lean_json(good),) * 2, raw=(line,) if line else ())


def test_a_message_may_hold_any_line_separator() -> None:
    line = json.dumps(WIRE | {"data": "a\u2028b\x85c\nd"}, ensure_ascii=False)
    assert [d.text for d in parse_lean_stdout(line).diagnostics] == ["a\u2028b\x85c\nd"]


def test_a_lone_surrogate_does_not_get_in() -> None:
    assert from_lean_json(json.dumps(WIRE | {"data": "\ud800x\U0001d538"})).text == "?x\U0001d538"
    assert from_repl({"message": "\ud800"}) == BackendError(message="?")


@given(st.lists(st.one_of(st.text(), st.just(json.dumps(WIRE)), st.just(json.dumps(WIRE)[:40]))))
@settings(deadline=None, max_examples=300)
def test_no_line_is_lost(lines: list[str]) -> None:
    stdout = "\n".join(lines)
    output = parse_lean_stdout(stdout)
    kept = [line for line in stdout.split("\n") if line.strip()]
    assert len(output.diagnostics) == kept.count(json.dumps(WIRE))
    assert output.raw == tuple(line.rstrip("\r") for line in kept if line != json.dumps(WIRE))


# --- the sorry warning


@pytest.mark.parametrize("text", ["declaration uses 'sorry'", "declaration uses `sorry`"])
def test_both_spellings_of_the_sorry_warning(text: str) -> None:
    place = Position(line=1, column=0)
    warning = Diagnostic(severity=Severity.WARNING, start=place, text=text)
    assert is_sorry_warning(warning)
    assert is_sorry_warning(warning.model_copy(update={"text": "other words", "kind": "hasSorry"}))
    assert is_sorry_warning(warning.model_copy(update={"severity": Severity.ERROR, "kind": "hasSorry"}))
    assert not is_sorry_warning(warning.model_copy(update={"severity": Severity.INFO}))
    assert not is_sorry_warning(warning.model_copy(update={"kind": "linter.unusedVariables"}))
    assert not is_sorry_warning(warning.model_copy(update={"text": f"'{text}'"}))


# --- goals


@pytest.mark.parametrize(
    ("text", "goal"),
    [
        ("⊢ p", "⊢ p"),
        ("n : Nat\n⊢ n =\n    0", "n : Nat\n⊢ n =\n    0"),
        ("case zero\nh :\n  p\n⊢ q\ncase succ\n⊢ r", "h :\n  p\n⊢ q"),
        ("⊢ a\n\n⊢ b", "⊢ a"),
        ("case h : Nat\n⊢ a\n", "⊢ a"),
        ("no goals", "no goals"),
        ("", ""),
    ],
)
def test_the_first_of_several_goals_without_its_tag(text: str, goal: str) -> None:
    assert first_goal(text) == goal


# --- REPL


def test_a_command_reply_has_diagnostics_and_holes_with_goals() -> None:
    reply = from_repl(
        {
            "sorries": [
                {
                    "proofState": 0,
                    "pos": {"line": 1, "column": 18},
                    "goal": "⊢ Nat\n",
                    "endPos": {"line": 1, "column": 23},
                }
            ],
            "messages": [
                {"severity": "info", "pos": {"line": 1, "column": 4}, "endPos": None, "data": "declaration uses"}
            ],
            "env": 3,
        }
    )
    assert reply == ReplOutput(
        diagnostics=(
            Diagnostic(severity=Severity.INFO, start=Position(line=1, column=4), text="declaration uses"),
        ),
        holes=(Hole(start=Position(line=1, column=18), end=Position(line=1, column=23), goal="⊢ Nat"),),
        env=3,
        hole_states=(0,),
    )


def test_a_tactic_reply_has_status_and_goals_and_holes_without_a_place() -> None:
    reply = from_repl(
        {
            "sorries": [{"proofState": 4, "goal": "⊢ True"}],
            "proofStatus": "Incomplete: open goals remain",
            "proofState": 5,
            "goals": ["⊢ A", "⊢ B"],
        }
    )
    assert isinstance(reply, ReplOutput)
    assert (reply.proof_state, reply.proof_status) == (5, "Incomplete: open goals remain")
    assert reply.goals == ("⊢ A", "⊢ B")
    assert reply.holes == (Hole(start=Position(line=0, column=0), end=Position(line=0, column=0), goal="⊢ True"),)


def test_the_error_shape_of_the_repl_is_its_own_value() -> None:
    assert from_repl({"message": "Unknown environment.\n"}) == BackendError(message="Unknown environment.")


@pytest.mark.parametrize(
    "response", [None, {}, [], "x", {"env": "0"}, {"messages": [{"severity": "error"}]}, {"messages": "a" * 1000}]
)
def test_what_is_no_reply_is_a_backend_error_and_short(response: object) -> None:
    reply = from_repl(response)
    assert isinstance(reply, BackendError)
    assert reply.message.startswith("not an answer of the REPL")
    assert len(reply.message) < 400


# --- Kimina


def test_a_kimina_batch_keeps_ids_times_and_errors() -> None:
    message = {"severity": "error", "pos": {"line": 2, "column": 0}, "data": "no"}
    items = from_kimina(
        {
            "results": [
                {"id": "a", "time": 1.5, "response": {"messages": [message], "env": 0}},
                {"custom_id": 7, "error": None, "response": {"time": 2.5}},
                {"id": "c", "time": 1, "error": "Lean REPL command timed out in 1 seconds"},
                {"id": "d", "response": {}},
                {"response": {"env": 0, "time": "x"}},
            ]
        }
    )
    error = Diagnostic(severity=Severity.ERROR, start=Position(line=2, column=0), text="no")
    assert isinstance(items, tuple)
    assert items[:3] == (
        KiminaItem(id="a", reply=ReplOutput(diagnostics=(error,), env=0), seconds=1.5),
        KiminaItem(id="7", reply=ReplOutput(), seconds=2.5),
        KiminaItem(
            id="c",
            reply=BackendError(message="Lean REPL command timed out in 1 seconds"),
            seconds=1.0,
            timed_out=True,
        ),
    )
    assert isinstance(items[3].reply, BackendError)
    assert items[4] == KiminaItem(id="", reply=ReplOutput(env=0))


@pytest.mark.parametrize(
    ("payload", "message"),
    [
        ({"detail": "Invalid API key"}, "Invalid API key"),
        ({"detail": [{"loc": ["body"]}]}, "[{'loc': ['body']}]"),
        ("Internal Server Error", "not an answer of a Kimina server"),
        ({"status": "ok"}, "not an answer of a Kimina server"),
        ({"results": [{"id": "a", "response": 3}]}, "not an answer of a Kimina server"),
    ],
)
def test_an_error_of_the_whole_request_is_a_backend_error(payload: object, message: str) -> None:
    reply = from_kimina(payload)
    assert isinstance(reply, BackendError)
    assert reply.message.startswith(message)


# --- recorded data


@pytest.mark.data
def test_all_repl_transcripts_parse_and_their_holes_point_at_sorry(data: Path) -> None:
    replies, placed = 0, 0
    for row in rows(data / "repl_transcripts.jsonl"):
        requests, responses = row["requests"], row["responses"]
        assert isinstance(requests, list)
        assert isinstance(responses, list)
        for request, response in zip(requests, responses, strict=False):
            reply = from_repl(response)
            replies += 1
            if "message" in response:
                assert reply == BackendError(message=response["message"].strip())
                continue
            assert isinstance(reply, ReplOutput)
            assert [d.text for d in reply.diagnostics] == [m["data"] for m in response.get("messages", [])]
            goals = [s["goal"] for s in response.get("sorries", [])]
            assert [h.goal for h in reply.holes] == [re.sub(r"\Acase .*\n", "", g) for g in goals]
            assert list(reply.goals) == response.get("goals", [])
            for hole in reply.holes:
                if "cmd" in request and hole.end != hole.start and not request.get("rootGoals"):
                    assert slice_of(request["cmd"], hole.start, hole.end) == "sorry"
                    placed += 1
    assert (replies, placed > 40) == (217, True)


@pytest.mark.data
def test_the_recorded_sorry_warnings_of_the_repl_are_recognised(data: Path) -> None:
    found = 0
    for row in rows(data / "repl_transcripts.jsonl"):
        assert isinstance(row["responses"], list)
        for response in row["responses"]:
            reply = from_repl(response)
            diagnostics = reply.diagnostics if isinstance(reply, ReplOutput) else ()
            for diagnostic in diagnostics:
                assert is_sorry_warning(diagnostic) == diagnostic.text.startswith("declaration uses")
                found += is_sorry_warning(diagnostic)
    assert found == 48


@pytest.mark.data
def test_all_recorded_runs_of_lean_json_parse(data: Path) -> None:
    for name, runs, messages, raw in [("lean_cli_transcripts.jsonl", 34, 143, 1), ("transcripts.jsonl", 75, 56, 0)]:
        path = data / name if name.startswith("lean_cli") else data.parent / "lean_core" / name
        seen, left, sorries = 0, 0, 0
        transcripts = rows(path)
        assert len(transcripts) == runs
        for row in transcripts:
            source, stdout = str(row["source"]), str(row["stdout"])
            output = parse_lean_stdout(stdout)
            seen += len(output.diagnostics)
            left += bool(output.raw)
            sorries += sum(map(is_sorry_warning, output.diagnostics))
            assert len(output.diagnostics) + len(output.raw) == len([x for x in stdout.split("\n") if x])
            for diagnostic in output.diagnostics:
                if diagnostic.kind == "lean.unknownIdentifier._namedError" and diagnostic.end:
                    name_in_text = slice_of(source, diagnostic.start, diagnostic.end)
                    assert f"`{name_in_text}`" in diagnostic.text
        assert (seen, left) == (messages, raw)
        assert sorries >= 1


@pytest.mark.data
def test_all_recorded_answers_of_kimina_parse(data: Path) -> None:
    items, errors, whole = 0, 0, 0
    for row in rows(data / "kimina_examples.jsonl"):
        reply = from_kimina(row["response"])
        if isinstance(reply, BackendError):
            whole += 1
            continue
        items += len(reply)
        errors += sum(isinstance(i.reply, BackendError) for i in reply)
        assert all(i.id for i in reply)
    assert (items, errors, whole) == (117, 7, 12)
