import asyncio
import fcntl
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from lemmata.errors import InfrastructureError
from lemmata.lean_env.cache import build_once, cache_folder


def is_whole(folder: Path) -> bool:
    return (folder / "deep" / "file").is_file() and (folder / "deep" / "file").read_text(encoding="utf-8") == "whole"


class Builder:
    """Counts how often it is asked."""

    def __init__(self, text: str = "whole") -> None:
        self.calls, self.text = 0, text

    async def __call__(self, folder: Path) -> None:
        self.calls += 1
        (folder / "deep").mkdir()
        await asyncio.sleep(0)
        (folder / "deep" / "file").write_text(self.text, encoding="utf-8")


def names(folder: Path) -> set[str]:
    return {p.name for p in folder.iterdir()}


async def test_it_is_built_once(tmp_path: Path) -> None:
    build, folder = Builder(), tmp_path / "cache" / "key"
    for _ in range(2):
        await build_once(folder, is_whole, build)
    assert build.calls == 1
    assert is_whole(folder)
    assert names(folder.parent) == {"key", "key.lock"}


async def test_two_at_once_build_it_once(tmp_path: Path) -> None:
    build = Builder()
    async with asyncio.TaskGroup() as group:
        for _ in range(4):
            group.create_task(build_once(tmp_path / "key", is_whole, build))
    assert build.calls == 1


async def test_two_processes_build_it_once(tmp_path: Path) -> None:
    script = f"""
        import asyncio, os, sys
        from pathlib import Path
        from lemmata.lean_env.cache import build_once
        async def build(folder):
            sys.stdout.write("built")
            (folder / "file").touch()
            await asyncio.sleep(0.2)
        asyncio.run(build_once(Path({str(tmp_path / "key")!r}), lambda f: (f / "file").is_file(), build))
    """
    argv = [sys.executable, "-c", textwrap.dedent(script)]
    running = [subprocess.Popen(argv, stdout=subprocess.PIPE) for _ in range(3)]  # noqa: ASYNC220
    assert b"".join(p.communicate(timeout=60)[0] for p in running) == b"built"
    assert [p.returncode for p in running] == [0, 0, 0]


@pytest.mark.parametrize("damage", ["missing", "cut", "file"])
async def test_what_is_damaged_is_built_anew(tmp_path: Path, damage: str) -> None:
    build, folder = Builder(), tmp_path / "key"
    if damage == "file":
        folder.write_text("not a folder", encoding="utf-8")
    else:
        await build_once(folder, is_whole, build)
        file = folder / "deep" / "file"
        file.unlink() if damage == "missing" else file.write_text("who", encoding="utf-8")
    await build_once(folder, is_whole, build)
    assert is_whole(folder)
    assert names(tmp_path) == {"key", "key.lock"}


async def test_a_build_that_fails_leaves_nothing(tmp_path: Path) -> None:
    async def fail(folder: Path) -> None:
        (folder / "half").touch()
        raise InfrastructureError("no")

    with pytest.raises(InfrastructureError, match=r"^no$"):
        await build_once(tmp_path / "key", is_whole, fail)
    assert names(tmp_path) == {"key.lock"}
    await build_once(tmp_path / "key", is_whole, Builder())


async def test_what_a_killed_builder_left_is_cleared_away(tmp_path: Path) -> None:
    (tmp_path / ".key.abc" / "new").mkdir(parents=True)
    (tmp_path / ".other.abc").mkdir()
    await build_once(tmp_path / "key", is_whole, Builder())
    assert names(tmp_path) == {"key", "key.lock", ".other.abc"}


async def test_a_wait_for_the_lock_can_be_cancelled(tmp_path: Path) -> None:
    build = Builder()
    with (tmp_path / "key.lock").open("ab") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.2):
                await build_once(tmp_path / "key", is_whole, build)
    assert build.calls == 0
    await build_once(tmp_path / "key", is_whole, build)
    assert build.calls == 1


async def test_a_cache_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()  # a file where the folder should be: nobody can write there, root neither
    with pytest.raises(InfrastructureError, match=r"cannot write to the cache .*/file: .*LEMMATA_CACHE"):
        await build_once(tmp_path / "file" / "key", is_whole, Builder())


def test_the_folder_is_the_users(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LEMMATA_CACHE", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    assert cache_folder() == tmp_path / ".cache" / "lemmata"
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")
    assert cache_folder() == tmp_path / ".cache" / "lemmata"
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    assert cache_folder() == tmp_path / "xdg" / "lemmata"
    monkeypatch.setenv("LEMMATA_CACHE", str(tmp_path / "own"))
    assert cache_folder() == tmp_path / "own"
