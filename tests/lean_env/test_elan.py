from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lemmata.errors import MissingError
from lemmata.lean_env import elan
from lemmata.lean_env.toolchain import find_toolchain


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """Where elan keeps two releases, a candidate and a nightly."""
    for name in ("v4.9.0", "v4.27.0", "v4.28.0-rc1", "nightly-2026-01-01"):
        (tmp_path / "elan" / "toolchains" / f"leanprover--lean4---{name}" / "bin").mkdir(parents=True)
    (tmp_path / "elan" / "bin").mkdir()
    return {"ELAN_HOME": str(tmp_path / "elan")}


def here(environment: dict[str, str], name: str) -> Path:
    return Path(environment["ELAN_HOME"]) / "toolchains" / f"leanprover--lean4---{name}"


@pytest.mark.parametrize(
    ("setting", "expected"),
    [
        (None, "v4.28.0-rc1"),
        ('default_toolchain = "leanprover/lean4:stable"', "v4.28.0-rc1"),
        ('default_toolchain = "leanprover/lean4:v4.9.0"', "v4.9.0"),
        ('default_toolchain = "leanprover/lean4:v4.99.0"', None),
        ("default_toolchain = 3", "v4.28.0-rc1"),
        ("default_toolchain = [", "v4.28.0-rc1"),
    ],
)
def test_the_toolchain_outside_of_projects(
    environment: dict[str, str], setting: str | None, expected: str | None
) -> None:
    if setting is not None:
        (Path(environment["ELAN_HOME"]) / "settings.toml").write_text(setting, encoding="utf-8")
    assert elan.default(environment) == (here(environment, expected) if expected else None)
    named = environment | {"ELAN_TOOLCHAIN": "leanprover/lean4:v4.27.0"}
    assert elan.default(named) == here(environment, "v4.27.0")


async def test_a_shim_is_not_run(
    environment: dict[str, str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("LEMMATA_LEAN_HOME", raising=False)
    shim = tmp_path / "elan" / "bin" / "lean"
    shim.write_text(f"#!/bin/sh\ntouch {tmp_path}/downloaded\n", encoding="utf-8")
    shim.chmod(0o755)
    monkeypatch.setenv("PATH", f"{shim.parent}:/usr/bin:/bin")
    monkeypatch.setenv("ELAN_HOME", environment["ELAN_HOME"])
    with pytest.raises(MissingError, match="is not installed, and it is not downloaded unseen"):
        await find_toolchain()
    real = here(environment, "v4.28.0-rc1") / "bin" / "lean"
    real.write_text('#!/bin/sh\ncase $1 in --version) echo "Lean (version 4.28.0-rc1)";; *) echo /nowhere;; esac\n')
    real.chmod(0o755)
    assert (await find_toolchain()).program == real
    assert not (tmp_path / "downloaded").exists()


def test_what_is_a_shim(environment: dict[str, str], tmp_path: Path) -> None:
    for folder in ("own", "packaged"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "lean").touch()
    assert not elan.is_shim(tmp_path / "own" / "lean", environment)
    (tmp_path / "packaged" / "elan").touch()
    assert elan.is_shim(tmp_path / "packaged" / "lean", environment)
    (tmp_path / "own" / "lake").symlink_to(tmp_path / "packaged" / "elan")
    assert elan.is_shim(tmp_path / "own" / "lake", environment)
    assert elan.is_shim(tmp_path / "elan" / "bin" / "lean", environment)


@given(st.lists(st.tuples(st.integers(0, 99), st.integers(0, 99), st.integers(0, 99)), min_size=2, max_size=2))
def test_releases_stand_in_order(versions: list[tuple[int, int, int]]) -> None:
    one, other = (elan.release(f"v{a}.{b}.{c}") for a, b, c in versions)
    assert (one < other) == (versions[0] < versions[1])
    a, b, c = versions[0]
    assert elan.release(f"{a}.{b}.{c}-rc1") < elan.release(f"{a}.{b}.{c}-rc2") < elan.release(f"{a}.{b}.{c}")
    assert elan.release("nightly-2026-01-01") <= one
