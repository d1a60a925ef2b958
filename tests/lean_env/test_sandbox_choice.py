"""Which sandbox is taken, and what is said where the one that is asked for is not there."""

from pathlib import Path

import pytest

from lemmata.errors import MissingError
from lemmata.lean_env.sandbox import Bubblewrap, find_sandbox, lacking


async def test_off_is_no_sandbox() -> None:
    assert await find_sandbox("off") is None


async def test_a_sandbox_that_is_required_and_missing_is_an_error_with_its_remedy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(MissingError, match=r"no bubblewrap \(`bwrap`\) here: .*apt install bubblewrap"):
        await find_sandbox("required")
    assert not isinstance(await find_sandbox("auto"), Bubblewrap)


async def test_a_bubblewrap_that_does_not_work_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = tmp_path / "bwrap"
    broken.write_text("#!/bin/sh\necho setting up uid map: Permission denied >&2\nexit 1\n", encoding="utf-8")
    broken.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert not isinstance(await find_sandbox("auto"), Bubblewrap)
    with pytest.raises(MissingError, match=rf"{broken} does not work here \(setting up uid .*: user namespaces must"):
        await find_sandbox("required")


async def test_an_older_bubblewrap_does_with_less(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    works = await find_sandbox()
    if not isinstance(works, Bubblewrap):
        pytest.skip(str(await lacking()))
    older = tmp_path / "bwrap"
    older.write_text(
        f'#!/bin/sh\ncase " $* " in *" --disable-userns "*) exit 1;; esac\nexec {works.program} "$@"\n',
        encoding="utf-8",
    )
    older.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    found = await find_sandbox()
    assert isinstance(found, Bubblewrap)
    assert await lacking() is None
    assert (found.program, "--disable-userns" in found.isolation) == (str(older), False)
