from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import typer

from lemmata import __version__
from lemmata.cli.app import app
from lemmata.cli.exits import Exit
from lemmata.configs.loader import load_config
from lemmata.configs.schema import Config
from lemmata.domain import RunStatus
from lemmata.errors import MissingError
from lemmata.store import RunResult

Lemmata = Callable[..., Any]


@pytest.mark.parametrize("command", ["prove", "resume", "verify", "show", "runs", "config show"])
def test_what_cannot_be_read_is_told_in_our_words(command: str) -> None:
    found: Any = typer.main.get_command(app)
    for word in command.split():
        found = found.commands[word]
    described = {p.name: p.type_descriptor for p in found.params if hasattr(p, "type_descriptor")}
    paths = {name: told.parameter_info for name, told in described.items() if "Path" in str(told.annotation)}
    assert paths
    assert not [name for name, told in paths.items() if told.readable], "typer would tell in words of its own"


def test_version(lemmata: Lemmata) -> None:
    assert (lemmata("--version").code, lemmata("--version").out) == (0, f"lemmata {__version__}\n")


def test_help_names_every_command(lemmata: Lemmata) -> None:
    call = lemmata("--help")
    assert call.code == 0
    for command in ("prove", "resume", "verify", "show", "runs", "doctor", "config", "lean"):
        assert f"\n  {command} " in call.out
        assert lemmata(command, "--help").out.startswith(f"Usage: lemmata {command} ")


def test_help_names_every_exit_code(lemmata: Lemmata) -> None:
    epilog = " ".join(lemmata("--help").out.partition("Exit codes: ")[2].split())
    assert [int(part.split()[0]) for part in epilog.rstrip(".").split(", ")] == list(Exit)


def test_a_bare_call_shows_help_as_a_mistake(lemmata: Lemmata) -> None:
    call = lemmata()
    assert (call.code, call.out) == (2, "")
    assert call.err.startswith("Usage: lemmata ")


def test_mistakes_in_the_call_are_json_too(lemmata: Lemmata) -> None:
    call = lemmata("prove", "--frobnicate", "--json")
    assert (call.code, call.json["status"], call.json["kind"]) == (2, "failed", "usage")
    assert "--frobnicate" in call.json["message"]


def test_config_show_can_be_replayed(lemmata: Lemmata, tmp_path: Path) -> None:
    call = lemmata("config", "show", "--set", "search.depth=1", "--checker", "cli", "--runs", "there")
    assert call.code == 0
    (tmp_path / "c.yaml").write_text(call.out)
    again = load_config(files=[tmp_path / "c.yaml"], environment={})
    assert (again.search.depth, again.checker, again.runs) == (1, "cli", Path("there"))
    assert lemmata("config", "show", "-c", "c.yaml").out == call.out


def test_config_show_as_json(lemmata: Lemmata) -> None:
    assert Config.model_validate(lemmata("config", "show", "--json").json) == Config()


def test_verify_without_a_checker_is_5(lemmata: Lemmata, session: Any) -> None:
    session.verdicts = {"a.lean": MissingError("no Lean here: pip install it")}
    call = lemmata("verify", "a.lean", session=session)
    assert (call.code, call.out) == (5, "")
    assert call.err.endswith("lemmata: no Lean here: pip install it\n")


@pytest.mark.parametrize("text", ["proof", "best"])
def test_an_empty_result_prints_nothing(text: str, lemmata: Lemmata, session: Any, result: RunResult) -> None:
    gone = {"status": RunStatus.NOT_FOUND, "level": None, "proof": None, "best": None, text: ""}
    session.result = result.model_copy(update=gone)
    call = lemmata("prove", "--statement", "theorem t : True", session=session)
    assert (call.code, call.out) == (1, "")
