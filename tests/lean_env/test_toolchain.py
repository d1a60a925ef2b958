import os
import sys
from pathlib import Path

import pytest

from lemmata.domain import Level
from lemmata.errors import InfrastructureError, MissingError
from lemmata.lean_env.toolchain import find_toolchain, parse_version

DOUBLE = Path(__file__).resolve().parent.parent / "doubles" / "lean.py"


def make_lean(home: Path, body: str | None = None) -> Path:
    """A toolchain's folder with a stand-in for `lean`."""
    program = home / "bin" / "lean"
    program.parent.mkdir(parents=True)
    (home / "lib" / "lean").mkdir(parents=True)
    (home / "lib" / "lean" / "Init.olean").touch()
    body = body or f'export DOUBLE_HOME="{home}"\nexec "{sys.executable}" -I -S "{DOUBLE}" "$@"'
    program.write_text(f"#!/bin/sh\n{body}\n", encoding="utf-8")
    program.chmod(0o755)
    return program


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine without Lean."""
    for name in ("LEMMATA_LEAN_HOME", "LEAN_PATH"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PATH", "/usr/bin:/bin")


async def test_a_home_that_is_named_wins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("asked", "environment", "path"):
        make_lean(tmp_path / name)
    monkeypatch.setenv("PATH", f"{tmp_path / 'path' / 'bin'}:/usr/bin:/bin")
    assert (await find_toolchain()).program == tmp_path / "path" / "bin" / "lean"
    monkeypatch.setenv("LEMMATA_LEAN_HOME", str(tmp_path / "environment"))
    assert (await find_toolchain()).program == tmp_path / "environment" / "bin" / "lean"
    assert (await find_toolchain(tmp_path / "asked")).program == tmp_path / "asked" / "bin" / "lean"


async def test_it_says_which_lean_it_is(tmp_path: Path) -> None:
    make_lean(tmp_path)
    toolchain = await find_toolchain(tmp_path)
    assert toolchain.folders == (tmp_path / "lib" / "lean",)
    assert toolchain.library == tmp_path / "lib" / "lean" / "libleanshared.so"
    identity = toolchain.identity
    assert (identity.name, identity.level, identity.core) == ("cli", Level.CHECKED, None)
    assert (identity.lean_version, identity.lean_commit) == ("4.99.0-rc1", "0123abcd")
    assert identity.description == "Lean 4.99.0-rc1"


async def test_a_shim_is_followed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = make_lean(tmp_path / "toolchain")
    shim = make_lean(tmp_path / "elan", body=f'exec "{real}" "$@"')
    monkeypatch.setenv("PATH", f"{shim.parent}:/usr/bin:/bin")
    assert (await find_toolchain()).program == real


async def test_modules_are_found_on_the_path_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_lean(tmp_path / "lean")
    project = tmp_path / "project"
    (project / "Mathlib").mkdir(parents=True)
    for module in ("Mathlib/Order.olean", "Init.olean"):
        (project / module).touch()
    monkeypatch.setenv("LEAN_PATH", f"{project}:")
    toolchain = await find_toolchain(tmp_path / "lean")
    assert toolchain.environment["LEAN_PATH"] == f"{project}:"
    assert toolchain.find_module("Mathlib.Order") == project / "Mathlib" / "Order.olean"
    assert toolchain.find_module("Init") == project / "Init.olean"
    assert toolchain.lacks(["Init", "Mathlib", "Mathlib.Order", "Lean"]) == ("Mathlib", "Lean")


async def test_without_lean_it_says_how_to_get_it(tmp_path: Path) -> None:
    with pytest.raises(MissingError, match="LEMMATA_LEAN_HOME"):
        await find_toolchain()
    with pytest.raises(MissingError, match=str(tmp_path / "bin" / "lean")):
        await find_toolchain(tmp_path)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("echo 'error: no default toolchain' >&2; exit 1", r"exit code 1\): error: no default toolchain"),
        ("exit 0", "it said nothing"),
        ("echo on stdout; exit 2", "on stdout"),
        ("echo hello", r"bin/lean is no Lean: asked for its version it says 'hello'"),
    ],
)
async def test_a_lean_that_does_not_answer_is_broken(tmp_path: Path, body: str, said: str) -> None:
    make_lean(tmp_path, body=body)
    with pytest.raises(InfrastructureError, match=said) as caught:
        await find_toolchain(tmp_path)
    assert str(tmp_path) in str(caught.value)


async def test_the_environment_is_passed_on_only_where_lean_needs_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_lean(tmp_path)
    monkeypatch.setenv("SECRET_KEY", "hush")
    environment = (await find_toolchain(tmp_path)).environment
    assert "SECRET_KEY" not in environment
    assert environment["PATH"] == os.environ["PATH"]


def test_versions_are_read_in_every_spelling() -> None:
    assert parse_version("Lean (version 4.9.0, commit 8f9843a4a5fe, Release)") == ("4.9.0", "8f9843a4a5fe")
    assert parse_version("Lean (version 4.33.0-rc2, arm64-apple, commit 0a, Release)") == ("4.33.0-rc2", "0a")
    assert parse_version("Lean (version 4.0.0)") == ("4.0.0", None)
    assert parse_version("something else") == (None, None)
