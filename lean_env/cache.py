"""The folder of things made once on this machine, and how they are made: by one process, whole or not at all."""

from __future__ import annotations

import asyncio
import errno
import fcntl
import hashlib
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Final

from lemmata.errors import InfrastructureError

_POLL_SECONDS: Final = 0.05


def cache_folder() -> Path:
    """`$LEMMATA_CACHE`, else `$XDG_CACHE_HOME/lemmata`, else `~/.cache/lemmata`. It need not exist."""
    if own := os.environ.get("LEMMATA_CACHE"):
        return Path(own).absolute()
    # An XDG path that is not absolute is to be ignored, as the specification has it.
    base = Path(os.environ.get("XDG_CACHE_HOME", ""))
    return (base if base.is_absolute() else Path("~/.cache").expanduser()) / "lemmata"


async def build_once(
    folder: Path, is_whole: Callable[[Path], bool], build: Callable[[Path], Awaitable[None]]
) -> None:
    """Make sure that `folder` is there and whole.

    Of several processes one builds, in a sibling folder that takes its place when done; the others wait for it.
    What a killed process left behind is never taken for whole, and a damaged folder is replaced.

    Args:
        folder: what to make; its parent holds a lock file of its name beside it.
        is_whole: whether a folder is complete and undamaged; it decides alone.
        build: fills an empty folder.

    Raises:
        InfrastructureError: the cache cannot be written to.
    """
    if is_whole(folder):
        return
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        async with _locked(folder.with_name(folder.name + ".lock")):
            if not is_whole(folder):
                with _replaced(folder) as fresh:
                    await build(fresh)
    except OSError as error:
        raise InfrastructureError(
            f"cannot write to the cache {folder.parent}: {error.strerror or error}; "
            "set LEMMATA_CACHE to a folder that can be written to"
        ) from error


def file_hash(path: Path) -> str:
    """Hex sha256 of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def _replaced(folder: Path) -> Iterator[Path]:
    """An empty folder that takes the place of `folder` at the end, on disk before it does; nothing on an exception."""
    prefix = f".{folder.name}."
    for stale in folder.parent.glob(f"{prefix}*"):  # of a builder that was killed: the lock is ours now
        shutil.rmtree(stale, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=prefix, dir=folder.parent) as room:
        fresh = Path(room, "new")
        fresh.mkdir()
        yield fresh
        for path in (*fresh.rglob("*"), fresh):
            _sync(path)
        if folder.exists():
            folder.rename(Path(room, "old"))
        fresh.rename(folder)
    _sync(folder.parent)


@asynccontextmanager
async def _locked(path: Path) -> AsyncIterator[None]:
    """Hold a lock among processes; it goes with its holder. It is polled, so that a wait can be cancelled."""
    with path.open("ab") as file:
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except OSError as error:
                if error.errno not in (errno.EWOULDBLOCK, errno.EACCES):
                    raise
            await asyncio.sleep(_POLL_SECONDS)
        yield


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
