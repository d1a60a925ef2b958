import asyncio
import json
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from lemmata.cli import lean_findings
from lemmata.cli.finding import Finding, State
from lemmata.cli.lean_findings import of_lean
from lemmata.configs.schema import Config, KiminaConfig, LeanConfig

DOUBLES = Path(__file__).resolve().parent.parent / "doubles"
Look = Callable[..., Awaitable[dict[str, Finding]]]


@pytest.fixture
def look(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Look:
    """Looks for a Lean on a machine that has none but what a test puts there; by name."""
    for name in ("LEMMATA_LEAN_HOME", "LEMMATA_LEAN_PROJECT", "LEMMATA_LEAN_REPL", "LEAN_PATH", "ELAN_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(lean_findings, "PATIENCE", 30.0)

    async def examine(lean: LeanConfig | None = None, *urls: str) -> dict[str, Finding]:
        config = Config(lean=lean or LeanConfig(), kimina=KiminaConfig(urls=urls))
        return {f.name: f for f in await of_lean(config)}

    return examine


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A toolchain of stand-ins."""
    folder = tmp_path / "toolchain"
    (folder / "bin").mkdir(parents=True)
    (folder / "lib" / "lean").mkdir(parents=True)
    for name in ("lean", "lake"):
        program = folder / "bin" / name
        start = f'export DOUBLE_HOME="{folder}"\nexec "{sys.executable}" -I -S "{DOUBLES / name}.py" "$@"'
        program.write_text(f"#!/bin/sh\n{start}\n", encoding="utf-8")
        program.chmod(0o755)
    return folder


@pytest.fixture
def project(home: Path, tmp_path: Path) -> Path:
    """A Lake project without Mathlib."""
    root = tmp_path / "project"
    root.mkdir()
    (root / "lean-toolchain").write_text(str(home), encoding="utf-8")
    (root / "lakefile.toml").write_text("[leanOptions]\nautoImplicit = false\n", encoding="utf-8")
    return root


async def test_a_bare_machine(look: Look, tmp_path: Path) -> None:
    found = await look()
    assert list(found) == ["toolchain", "Lake project", "REPL", "Kimina", "disk", "memory"]
    missing = [name for name, finding in found.items() if finding.state is State.MISSING]
    assert missing == ["toolchain", "Lake project", "REPL", "Kimina"]
    assert "lemmata lean setup" in found["Lake project"].get
    assert not any(f.checks for f in found.values())
    assert found["disk"].found.endswith(f"MiB free at {tmp_path}")


async def test_a_project_is_shown_with_its_options_and_what_it_lacks(look: Look, home: Path, project: Path) -> None:
    finding = (await look(LeanConfig(project=project)))["Lake project"]
    assert (finding.state, finding.checks) == (State.HERE, True)
    assert finding.found == f"{project}, Lean 4.99.0-rc1, options: autoImplicit=false"
    assert finding.means == f"the Lake project {project} does not have Mathlib"
    (home / "lib" / "lean" / "Mathlib.olean").touch()
    (project / "lakefile.toml").write_text("name = [", encoding="utf-8")
    found = await look(LeanConfig(project=project, home=home))
    assert found["Lake project"].means.startswith("has Mathlib; Lake did not tell the options of")
    assert found["toolchain"].means == "takes files that import Mathlib"
    assert (found["REPL"].state, found["REPL"].checks) == (State.MISSING, False)


async def test_the_repl_of_a_project(look: Look, project: Path, tmp_path: Path) -> None:
    repl = tmp_path / "repl"
    repl.touch(0o755)
    finding = (await look(LeanConfig(project=project, repl=repl)))["REPL"]
    assert (finding.state, finding.found) == (State.HERE, str(repl))
    finding = (await look(LeanConfig(project=project, repl=tmp_path / "nowhere")))["REPL"]
    assert (finding.state, finding.stops) == (State.BROKEN, True)
    assert "there is no REPL that can be run at" in finding.means


async def test_a_project_that_cannot_be_used_says_why(
    look: Look, project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (project / "lake-double.json").write_text(json.dumps({"env": "fail"}), encoding="utf-8")
    finding = (await look(LeanConfig(project=project)))["Lake project"]
    assert (finding.state, finding.checks, finding.stops) == (State.BROKEN, False, True)
    assert "unexpected identifier" in finding.means
    assert "LEMMATA_LEAN_PROJECT" in finding.found
    monkeypatch.chdir(project)
    finding = (await look())["Lake project"]
    assert (finding.state, finding.stops, finding.found) == (State.BROKEN, False, "cannot be used")
    finding = (await look(LeanConfig(project=tmp_path)))["Lake project"]
    assert "is no Lake project" in finding.means
    finding = (await look(LeanConfig(project=project, options={"debug.skipKernelTC": True})))["Lake project"]
    assert "debug.skipKernelTC may not be set" in finding.means


async def test_nothing_is_waited_for_longer_than_a_glance(
    look: Look, home: Path, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lean_findings, "PATIENCE", 0.3)
    (project / "lake-double.json").write_text(json.dumps({"env": "hang"}), encoding="utf-8")
    (home / "bin" / "lean").write_text("#!/bin/sh\nsleep 60\n", encoding="utf-8")
    found = await look(LeanConfig(project=project, home=home))
    assert found["Lake project"].found == f"{project}, Lake gave no answer within 0.3 s"
    assert (found["toolchain"].state, found["toolchain"].checks) == (State.BROKEN, False)


async def test_servers_are_asked_whether_they_are_there(look: Look) -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        line = await reader.readline()
        status = b"200 OK" if b"GET /health " in line else b"404 Not Found"
        writer.write(b"HTTP/1.1 " + status + b"\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        finding = (await look(None, f"{url}/"))["Kimina"]
        assert (finding.state, finding.checks, finding.found) == (State.HERE, True, url)
        nowhere = LeanConfig(home=Path("/nonexistent"))
        assert not (await look(nowhere, url))["toolchain"].stops, "the server comes first"
        assert (await look(nowhere))["toolchain"].stops
        finding = (await look(None, f"{url}/elsewhere"))["Kimina"]
        assert (finding.state, finding.found) == (State.BROKEN, f"{url}/elsewhere answered 404")
    finding = (await look(None, url))["Kimina"]
    assert (finding.state, finding.checks) == (State.BROKEN, False)
    assert f"{url} cannot be reached: " in finding.found


async def test_little_memory_is_told(look: Look, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lean_findings, "machine_memory_mb", lambda: 4000)
    assert "less than a Lean with all of Mathlib takes" in (await look())["memory"].means
    monkeypatch.setattr(lean_findings, "machine_memory_mb", lambda: 64000)
    assert (await look(LeanConfig(slots=7)))["memory"].means.startswith("7 checks with Mathlib at once")


async def test_independent_checkers_are_named_where_something_is_known_of_them(
    look: Look, home: Path, project: Path
) -> None:
    foreign = project / ".lake" / "packages" / "SafeVerify" / ".lake" / "build" / "bin" / "safe_verify"
    foreign.parent.mkdir(parents=True)
    foreign.touch(0o755)
    finding = (await look(LeanConfig(project=project)))["independent"]
    assert finding.state is State.MISSING
    assert "safe_verify is not used" in finding.get
    (project / ".lake" / "packages" / "SafeVerify" / "lean-toolchain").write_text("v4.99.0-rc1", encoding="utf-8")
    finding = (await look(LeanConfig(project=project)))["independent"]
    assert (finding.state, finding.means) == (State.HERE, "level `confirmed`")
