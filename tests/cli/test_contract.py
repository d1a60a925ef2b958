"""`docs/contract.md` says what the code does."""

import re
from pathlib import Path
from typing import get_args

import pytest

from lemmata.cli import exits, options, output, verify
from lemmata.cli.doctor import as_fields as doctor_fields
from lemmata.cli.exits import Exit
from lemmata.cli.finding import Finding, State
from lemmata.configs import schema
from lemmata.domain import Certificate, Level, NodeStatus, RunStatus, Usage, Verdict, VerifyStatus
from lemmata.store import NodeView, RunResult, RunSummary
from lemmata.tools.premise_build import BuildReport
from lemmata.tools.premises import Premise

PAGE = Path(__file__).resolve().parents[2] / "docs" / "contract.md"
Row = dict[str, str]


def tables() -> dict[str, list[Row]]:
    """The rows of each table, by the first word of its head, a row as cell by column."""
    found: dict[str, list[Row]] = {}
    for block in re.findall(r"(?:^\|.*\n)+", PAGE.read_text(encoding="utf-8"), re.MULTILINE):
        head, _, *rows = ([cell.strip() for cell in line.strip("|\n").split("|")] for line in block.splitlines())
        found[head[0]] = [dict(zip(head, row, strict=True)) for row in rows]
    return found


TABLES = tables()


def code(cell: str) -> str:
    return cell.strip("`")


def test_exit_codes() -> None:
    assert {row["name"]: int(row["code"]) for row in TABLES["code"]} == {e.name.lower(): e.value for e in Exit}


def test_the_order_of_the_worst() -> None:
    (listed,) = re.findall(r"exits with the worst: ([\d, ]+)\.", PAGE.read_text(encoding="utf-8"))
    order = [Exit(int(c)) for c in listed.split(", ")]
    assert all(exits.worst([a, b]) is a for i, a in enumerate(order) for b in order[i:])


def test_levels_stand_in_order() -> None:
    assert [code(row["level"]) for row in TABLES["level"]] == [level.value for level in Level]


@pytest.mark.parametrize("kind", ["run", "verify", "node"])
def test_statuses(kind: str) -> None:
    listed = {code(row["status"]): row["exit code"] for row in TABLES["of"] if row["of"] == kind}
    enum = {"run": RunStatus, "verify": VerifyStatus, "node": NodeStatus}[kind]
    assert list(listed) == [status.value for status in enum]
    for status, cell in listed.items():
        below, above = (_exit(kind, status, level) for level in (Level.CHECKED, Level.CERTIFIED))
        expected = f"{above:d}" if below == above else f"{above:d} from `certified` on, else {below:d}"
        assert cell == ("" if kind == "node" else expected)


def _exit(kind: str, status: str, level: Level) -> Exit:
    match kind:
        case "run":
            return exits.of_run(RunStatus(status), level)
        case "verify":
            return exits.of_verdict(Verdict(file="f", status=VerifyStatus(status), level=level))
        case _:
            return Exit.PROVED


def test_checkers_and_strategies() -> None:
    listed = [(code(row["option"]), code(row["value"])) for row in TABLES["option"]]
    assert listed == [
        *(("--checker", c) for c in get_args(schema.CheckerChoice)),
        *(("--strategy", s) for s in get_args(schema.Strategy)),
    ]


def test_the_command_line_offers_what_the_settings_allow() -> None:
    assert get_args(options.CheckerName) == get_args(schema.CheckerChoice)
    assert get_args(options.StrategyName) == get_args(schema.Strategy)


def test_json_fields() -> None:
    listed = {row["command"]: [code(f) for f in row["fields"].split()] for row in TABLES["command"]}
    assert listed == {
        "prove": list(RunResult.model_fields),
        "blueprint": list(NodeView.model_fields),
        "usage": list(Usage.model_fields),
        "certificate": list(Certificate.model_fields),
        "verify": list(verify.as_fields(Verdict.refuse("f", "r"))),
        "runs": list(RunSummary.model_fields),
        "doctor": list(doctor_fields(())),
        "findings": list(Finding.model_fields),
        "premises build": list(BuildReport.model_fields),
        "premises search": list(Premise.model_fields),
        "failure": list(output.failure(Exit.USAGE, "")),
    }


def test_a_failed_file_of_verify_has_what_every_line_has() -> None:
    text = PAGE.read_text(encoding="utf-8")
    (listed,) = re.findall(r"for one file of `verify` it also has (.*)\.", text)
    extra = set(verify.failed_fields(Path("f"), Exit.USAGE, "m")) - set(output.failure(Exit.USAGE, "m"))
    assert set(re.findall(r"`(\w+)`", listed)) == extra
    assert extra < set(verify.as_fields(Verdict.refuse("f", "r")))


def test_limits() -> None:
    (listed,) = re.findall(r"that ended the run \((.*);", PAGE.read_text(encoding="utf-8"))
    assert sorted(re.findall(r"`(\w+)`", listed.partition(";")[0])) == sorted(schema.BudgetConfig.model_fields)


def test_kinds_of_failure() -> None:
    listed = {code(row["kind"]): int(row["exit code"]) for row in TABLES["kind"]}
    assert listed == {kind: exit.value for exit, kind in output._CODES.items()}
    assert set(listed) == set(get_args(output.Kind))


def test_states_of_a_finding() -> None:
    text = PAGE.read_text(encoding="utf-8")
    (listed,) = re.findall(r"`state` of a finding is (.*)\.", text)
    assert re.findall(r"`(\w+)`", listed) == [state.value for state in State]
