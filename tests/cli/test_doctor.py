import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from lemmata.cli import doctor
from lemmata.cli.finding import Finding, State
from lemmata.cli.findings import EXTRAS, _extra, _folder, examine
from lemmata.lean_env.embedded import available


def fake_lean(home: Path, answer: str) -> None:
    """A toolchain that answers every question in the same way."""
    (home / "bin").mkdir(parents=True)
    program = home / "bin" / "lean"
    program.write_text(f"#!/bin/sh\n{answer}\n")
    program.chmod(0o755)


async def found(name: str, environment: dict[str, str], runs: Path | None = None) -> list[Finding]:
    return [f for f in await examine(environment, runs) if f.name == name]


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        ('case $1 in --version) echo "Lean (version 4.9.0, commit abc)";; *) echo /nowhere;; esac', State.HERE),
        ("echo broken >&2; exit 3", State.BROKEN),
        ("echo it is broken", State.BROKEN),
    ],
)
async def test_a_toolchain_is_asked(answer: str, state: State, tmp_path: Path) -> None:
    fake_lean(tmp_path, answer)
    (finding,) = await found("toolchain", {"LEMMATA_LEAN_HOME": str(tmp_path)})
    assert (finding.state, finding.checks) == (state, state is State.HERE)
    assert ("Lean 4.9.0" if state is State.HERE else "broken") in finding.text


async def test_a_missing_toolchain_says_what_that_means(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LEMMATA_LEAN_HOME", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    (finding,) = await found("toolchain", {})
    assert (finding.state, finding.checks, finding.stops) == (State.MISSING, False, False)
    assert finding.means
    assert "LEMMATA_LEAN_HOME" in finding.get


@pytest.mark.parametrize(
    ("variable", "names", "code"),
    [
        ("LEMMATA_LEAN_HOME", ["toolchain"], 5),
        ("LEMMATA_LEAN_PROJECT", ["Lake project"], 5),
        ("LEMMATA_BUDGET__SECONDS", ["settings"], 2),
        ("LEMMATA_SEEED", ["settings", "variable"], 2),
        ("LEMMATA_RUNS", ["runs"], 2),
    ],
)
def test_what_stops_every_run_is_broken_and_named(
    lemmata: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, variable: str, names: list[str], code: int
) -> None:
    monkeypatch.setenv(variable, "/proc/nonexistent")
    call = lemmata("doctor", "--json")
    assert (call.code, call.json["able"]) == (5, False)
    findings = [f for f in call.json["findings"] if f["stops"]]
    assert [(f["name"], f["state"]) for f in findings] == [(name, "broken") for name in names]
    said = " ".join(f["found"] + f["get"] for f in findings)
    assert variable in said or "budget.seconds" in said
    assert lemmata("prove", "--statement", "theorem t : 1 = 1").code == code


def test_what_is_broken_and_may_be_passed_over_stops_nothing(
    lemmata: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    fake_lean(tmp_path, "echo hello")
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:/usr/bin:/bin")
    findings = lemmata("doctor", "--json").json["findings"]
    (toolchain,) = (f for f in findings if f["name"] == "toolchain")
    assert (toolchain["state"], toolchain["checks"], toolchain["stops"]) == ("broken", False, False)
    assert "is no Lean" in toolchain["means"]


async def test_variables_are_shown_and_unknown_ones_explained() -> None:
    findings = await found("variable", {"LEMMATA_SEED": "3", "LEMMATA_SEEED": "4", "LEMMATA_XYZZY": "", "PATH": "x"})
    assert [(f.state, f.found, f.means.partition(":")[0], f.get) for f in findings] == [
        (State.HERE, "LEMMATA_SEED=3", "", ""),
        (State.BROKEN, "LEMMATA_SEEED", "no such variable", "did you mean LEMMATA_SEED?"),
        (State.BROKEN, "LEMMATA_XYZZY", "unknown, has no effect", "unset it"),
    ]


async def test_a_key_is_not_shown() -> None:
    (finding,) = await found("variable", {"LEMMATA_KIMINA_API_KEY": "hunter2"})
    assert finding.found == "LEMMATA_KIMINA_API_KEY=(not shown)"


async def test_impossible_settings_are_a_finding() -> None:
    (finding,) = await found("settings", {"LEMMATA_BUDGET__SECONDS": "-1"})
    assert finding.state is State.BROKEN
    assert "budget.seconds = '-1'" in finding.found


async def test_folders_are_looked_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("LEMMATA_CACHE", str(tmp_path / "file" / "cache"))
    (cache,) = await found("cache", {})
    assert (cache.state, cache.get) == (State.BROKEN, "set LEMMATA_CACHE to a folder that can be written to")
    (runs,) = await found("runs", {}, tmp_path / "new" / "runs")
    assert runs.state is State.HERE
    assert "made when needed" in runs.found
    (there,) = await found("runs", {"LEMMATA_RUNS": str(tmp_path)})
    assert there.found.startswith(f"{tmp_path}, ")


@pytest.mark.parametrize("where", ["file/cache", "/proc/cache"])
def test_an_embedded_lean_that_cannot_be_prepared_does_not_check(
    where: str, lemmata: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if available() or not Path("/proc").is_dir():
        pytest.skip("needs the embedded Lean, and a /proc")
    (tmp_path / "file").touch()
    (tmp_path / "bin").mkdir()
    cache = tmp_path / where
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setenv("LEMMATA_CACHE", str(cache))
    call = lemmata("doctor", "--json")
    assert (call.code, call.json["able"]) == (5, False)
    (finding,) = (f for f in call.json["findings"] if f["name"] == "embedded Lean")
    assert finding["state"] == "broken"
    assert str(cache) in finding["found"]
    assert "LEMMATA_CACHE" in finding["get"]
    home = tmp_path / "lean"
    fake_lean(home, 'case $1 in --version) echo "Lean (version 4.9.0, commit abc)";; *) echo /nowhere;; esac')
    monkeypatch.setenv("LEMMATA_LEAN_HOME", str(home))
    assert lemmata("doctor").code == 0, "another Lean is here"


def test_little_room_is_told(tmp_path: Path) -> None:
    finding = _folder("cache", tmp_path, "make room", room_mb=10**12)
    assert finding.state is State.BROKEN
    assert "MiB free" in finding.found


def test_extras_are_found_without_being_imported() -> None:
    assert _extra("x", "json", "nothing").state is State.HERE
    finding = _extra("x", "no_such_module_here", "no x")
    assert (finding.state, finding.means) == (State.MISSING, "no x")
    assert finding.get == "`pip install '.[x]'` in the checkout"
    assert _extra("lean", "no_such_module_here", "").get.startswith("pip install 'lean-interact")


async def test_every_extra_and_the_sandbox_are_looked_for() -> None:
    names = [f.name for f in await examine({})]
    assert {f"extra {name}" for name in EXTRAS} <= set(names)
    assert {"python", "lemmata", "embedded Lean", "sandbox"} <= set(names)


async def test_a_machine_without_bubblewrap_says_what_that_means(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    (finding,) = await found("sandbox", {})
    assert finding.state is State.MISSING
    assert finding.found.startswith("no bubblewrap, ")
    assert finding.means
    assert "apt install bubblewrap" in finding.get


def test_the_command_prints_it(lemmata: Callable[..., Any]) -> None:
    call = lemmata("doctor", "--json")
    assert call.code == (0 if call.json["able"] else 5)
    if available() is None:
        assert call.json["able"]
    text = lemmata("doctor").out
    assert all(f["found"] in text for f in call.json["findings"] if "MiB" not in f["found"])


def test_without_a_checker_the_code_is_5() -> None:
    finding = Finding(name="toolchain", state=State.MISSING, found="no `lean`", means="a", get="b")
    assert doctor.code((finding,)) == 5
    able = finding.model_copy(update={"checks": True})
    assert doctor.code((finding, able)) == 0
    assert doctor.code((finding.model_copy(update={"stops": True}), able)) == 5
    assert finding.text.splitlines() == ["missing  toolchain      no `lean`", " " * 24 + "a; b"]


def test_the_environment_is_left_alone(lemmata: Callable[..., Any]) -> None:
    before = dict(os.environ)
    lemmata("doctor")
    assert dict(os.environ) == before
