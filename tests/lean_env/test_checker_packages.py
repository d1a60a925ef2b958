from collections.abc import Sequence
from pathlib import Path

import pytest

from lemmata.errors import InfrastructureError
from lemmata.lean_env.checker_packages import brought, packages


@pytest.mark.parametrize(
    ("lean", "expected"), [("v4.34.0", False), ("v4.9.0", False), ("v4.35.0-rc1", True), ("v5.0.0", True)]
)
def test_newer_toolchains_bring_checkers(lean: str, expected: bool) -> None:
    assert brought(lean) is expected


def test_safe_verify_is_for_projects_with_mathlib(tmp_path: Path) -> None:
    assert [p.checker for p in packages(tmp_path, "v4.30.0", mathlib=False)] == ["comparator"]
    assert [p.checker for p in packages(tmp_path, "v4.30.0", mathlib=True)] == ["comparator", "SafeVerify"]


async def test_a_failure_leaves_the_project_as_it_was(tmp_path: Path) -> None:
    (wanted,) = packages(tmp_path, "v4.30.0", mathlib=False)

    async def nothing(argv: Sequence[str], cwd: Path) -> None:
        (cwd / "lake-manifest.json").write_text("{}", encoding="utf-8")
        raise InfrastructureError("no network")

    with pytest.raises(InfrastructureError, match=r"no `lakefile\.toml`"):
        await wanted.add(nothing)
    lakefile = tmp_path / "lakefile.toml"
    lakefile.write_text('name = "mine"\n', encoding="utf-8")
    with pytest.raises(InfrastructureError, match="no network"):
        await wanted.add(nothing)
    assert lakefile.read_text(encoding="utf-8") == 'name = "mine"\n'
    assert not (tmp_path / "lake-manifest.json").exists()
    (tmp_path / "lakefile.lean").touch()
    with pytest.raises(InfrastructureError, match=r"no `lakefile\.toml`"):
        await wanted.add(nothing)
