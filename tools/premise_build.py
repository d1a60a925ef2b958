"""Bringing an index of premises up to date with folders of Lean files: what is new or has changed is read again.

A build may be killed at any time; the next one goes on where it stopped. Files are read in processes of their own,
which end when their input does, and so never outlive this one.
"""

from __future__ import annotations

import asyncio
import fcntl
import json
import os
import sqlite3
import stat
import sys
import time
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator, Callable, Collection, Iterator, Sequence
from contextlib import asynccontextmanager, closing, contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any, Final, NamedTuple, TypeVar

from lemmata.aio import collect
from lemmata.domain import Model
from lemmata.errors import InfrastructureError, UsageError
from lemmata.lean_env.cache import file_hash
from lemmata.lean_env.dojo import traces
from lemmata.tools import premise_index
from lemmata.tools.premise_index import ACCEPTED, connect, transaction
from lemmata.tools.premise_scan import Row
from lemmata.tools.premise_traced import traced_rows

_BATCH: Final = 48
"""Files of one transaction."""
T = TypeVar("T")
_TRACE: Final = "(trace)"
"""Stands for the files of a trace; no source has this path."""
_LINE_LIMIT: Final = 1 << 28
"""Bytes of one worker's answer."""


class BuildReport(Model):
    """What a build did."""

    index: str
    files: int
    """Lean files that the index now holds."""
    read: int
    """Files that were new or had changed."""
    removed: int
    """Files that are no longer there."""
    declarations: int
    theorems: int
    """Those of them that are theorems or lemmas of a file."""
    unreadable: tuple[str, ...] = ()
    """Files that could not be read, each with the reason."""
    seconds: float


class Progress(Model):
    """Where a build stands."""

    done: int
    total: int
    declarations: int
    """Read so far."""
    seconds: float


class _File(NamedTuple):
    root: str
    path: str
    """Relative to `root`, with `/`."""
    size: int
    mtime_ns: int

    @property
    def place(self) -> Path:
        return Path(self.root, self.path)

    @property
    def module(self) -> str:
        return self.path.removesuffix(".lean").replace("/", ".")


async def build(
    index: Path,
    folders: Sequence[Path],
    *,
    fresh: bool = False,
    workers: int = 2,
    progress: Callable[[Progress], None] | None = None,
) -> BuildReport:
    """Bring an index up to date with the Lean files below some folders; unless `fresh`, what it holds of others stays.

    Args:
        index: its file, made if need be.
        folders: where to look. Module names count from the Lake project around a folder, else from the folder.
        fresh: whether what the index holds of other folders is taken out.
        workers: processes that read.
        progress: told after every few files.

    Raises:
        UsageError: a folder is not there or has no Lean files, or another build is at work.
        InfrastructureError: the index cannot be written to, or a reading process died.

    Cancelling it ends the processes; what was finished stays.
    """
    started = time.monotonic()
    await _in_thread(partial(_refuse_empty, folders))
    try:
        index.parent.mkdir(parents=True, exist_ok=True)
        with _held(index), closing(connect(index, make=True)) as database:
            work = _Build(database, progress, started)
            changed, removed = await _in_thread(partial(work.plan, folders, fresh=fresh))
            await work.read(changed, workers)
            for root in _roots(folders):
                await _in_thread(partial(work.trace, root))
            await _in_thread(partial(premise_index.settle, database))
            counts = work.counts()
    except sqlite3.Error as error:
        raise InfrastructureError(f"cannot write to the index {index}: {error}") from error
    except OSError as error:
        raise InfrastructureError(f"cannot write to the index {index}: {error.strerror or error}") from error
    return BuildReport(
        index=str(index),
        read=len(changed),
        removed=removed,
        unreadable=tuple(work.unreadable),
        seconds=time.monotonic() - started,
        **counts,
    )


@contextmanager
def _held(index: Path) -> Iterator[None]:
    """Keep other builds away. The lock goes with its holder."""
    with index.with_name(index.name + ".lock").open("ab") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise UsageError(f"another build is at work on the index {index}") from None
        yield


def _root(folder: Path) -> Path:
    """The Lake project that a folder belongs to, else the folder."""
    marks = ("lakefile.lean", "lakefile.toml", "lean-toolchain")
    return next((f for f in (folder, *folder.parents) if any((f / mark).is_file() for mark in marks)), folder)


def _roots(folders: Sequence[Path]) -> tuple[str, ...]:
    return tuple(sorted({str(_root(folder.absolute())) for folder in folders}))


def _refuse_empty(folders: Sequence[Path]) -> None:
    for folder in folders:
        if not folder.is_dir():
            raise UsageError(f"{folder}: no such folder; expected one with Lean files")
        if next(_lean_files(folder), None) is None:
            raise UsageError(f"{folder}: no Lean files there")


def _lean_files(folder: Path) -> Iterator[_File]:
    """The Lean files below a folder, hidden folders (`.lake`, `.git`) left out."""
    folder = folder.absolute()
    root = _root(folder)
    for where, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            if name.endswith(".lean") and name != "lakefile.lean":
                path = Path(where, name)
                with suppress(FileNotFoundError):  # gone since, or a link to nowhere
                    status = path.stat()
                    if stat.S_ISREG(status.st_mode):
                        yield _File(str(root), path.relative_to(root).as_posix(), status.st_size, status.st_mtime_ns)


@asynccontextmanager
async def _reader() -> AsyncIterator[Process]:
    """A process that reads Lean files; killed at the end."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-P", "-m", "lemmata.tools.premise_scan",
        stdin=PIPE, stdout=PIPE, stderr=DEVNULL, limit=_LINE_LIMIT, start_new_session=True,
    )  # fmt: skip
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def _ask(reader: Process, file: _File) -> dict[str, Any]:
    """What one file declares, its hash, or why it cannot be read."""
    assert reader.stdin is not None
    assert reader.stdout is not None
    with suppress(ConnectionError):  # it died: the missing answer tells
        reader.stdin.write(f"{json.dumps(str(file.place))}\n".encode())
        await reader.stdin.drain()
    line = await reader.stdout.readline()
    if not line.endswith(b"\n"):
        raise InfrastructureError(f"the process that read {file.place} died (exit {await reader.wait()})")
    answer: dict[str, Any] = json.loads(line)
    return answer


async def _in_thread(call: Callable[[], T]) -> T:
    """Work off the event loop; a cancelled caller waits until it is done, for it uses what the caller will close."""
    future = asyncio.get_running_loop().run_in_executor(None, call)
    try:
        return await asyncio.shield(future)
    except asyncio.CancelledError:
        await asyncio.wait([future])
        raise


class _Build:
    """One build over an open index."""

    def __init__(
        self, database: sqlite3.Connection, progress: Callable[[Progress], None] | None, started: float
    ) -> None:
        self._database, self._progress, self._started = database, progress, started
        self._done = self._total = self._declarations = 0
        self.unreadable: list[str] = []

    def plan(self, folders: Sequence[Path], *, fresh: bool) -> tuple[list[_File], int]:
        """The files to read, and how many have gone; these are taken out."""
        there = {file[:2]: file for folder in folders for file in _lean_files(folder)}
        places = tuple(f"{folder.absolute().as_posix().rstrip('/')}/" for folder in folders)
        listed = self._database.execute(
            "SELECT root, path, id, size, mtime_ns, sha256 FROM files WHERE path != ?", (_TRACE,)
        )
        known = {(root, path): rest for root, path, *rest in listed}
        gone = [key for key in known if key not in there and (fresh or f"{key[0]}/{key[1]}".startswith(places))]
        changed = []
        with transaction(self._database):
            for key in gone:
                self._forget(known[key][0])
            if fresh:
                self._forget_traces(but=_roots(folders))
            for key, file in there.items():
                number, size, mtime_ns, sha256 = known.get(key, (None, None, None, None))
                if (size, mtime_ns) == (file.size, file.mtime_ns):
                    continue
                if size == file.size and sha256 == file_hash(file.place):
                    self._database.execute("UPDATE files SET mtime_ns = ? WHERE id = ?", (file.mtime_ns, number))
                else:
                    changed.append(file)
            if gone or changed:
                self._database.execute("UPDATE state SET settled = 0")
        self._total = len(changed)
        return changed, len(gone)

    async def read(self, files: Sequence[_File], workers: int) -> None:
        """Read files in some processes, and take each few of them in together."""
        waiting = iter([files[at : at + _BATCH] for at in range(0, len(files), _BATCH)])
        writing = asyncio.Lock()

        async def work() -> None:
            async with _reader() as reader:
                for batch in waiting:
                    found = [(file, await _ask(reader, file)) for file in batch]
                    async with writing:
                        await _in_thread(partial(self._take, found))
                        self._tell()

        await collect([work] * min(workers, -(-len(files) // _BATCH)))

    def _tell(self) -> None:
        if self._progress:
            seconds = time.monotonic() - self._started
            self._progress(
                Progress(done=self._done, total=self._total, declarations=self._declarations, seconds=seconds)
            )

    def _take(self, found: Sequence[tuple[_File, dict[str, Any]]]) -> None:
        with transaction(self._database):
            for file, answer in found:
                self._replace(file, answer)
        self._done += len(found)
        self._declarations += sum(len(answer["rows"]) for _, answer in found)

    def _replace(self, file: _File, answer: dict[str, Any]) -> None:
        known = self._database.execute("SELECT id FROM files WHERE root = ? AND path = ?", file[:2]).fetchone()
        if known:
            self._forget(known[0])
        if answer["error"]:
            self.unreadable.append(f"{file.place}: {answer['error']}")  # and tried again next time
            return
        insert = "INSERT INTO files (root, path, size, mtime_ns, sha256) VALUES (?, ?, ?, ?, ?)"
        number = self._database.execute(insert, (*file, answer["sha256"])).lastrowid
        for row in answer["rows"]:
            premise_index.add(self._database, number, file.module, Row(*row))

    def trace(self, root: str) -> None:
        """Take in what a trace of a repository names and no source shows, if the trace is new."""
        found = [path.stat() for path in traces(Path(root))]
        newest = max((status.st_mtime_ns for status in found), default=0)
        file = _File(root, _TRACE, sum(status.st_size for status in found), newest)
        query = "SELECT id, size, mtime_ns FROM files WHERE root = ? AND path = ?"
        number, *before = self._database.execute(query, file[:2]).fetchone() or (None, 0, 0)
        if before == [file.size, file.mtime_ns]:
            return
        with transaction(self._database):
            if number is not None:
                self._forget(number)
            if found:
                insert = "INSERT INTO files (root, path, size, mtime_ns) VALUES (?, ?, ?, ?)"
                number = self._database.execute(insert, file).lastrowid
                for module, row in traced_rows(Path(root)):
                    known = "SELECT 1 FROM declarations WHERE name = ? AND kind != ?"
                    if not self._database.execute(known, (row.name, ACCEPTED)).fetchone():
                        premise_index.add(self._database, number, module, row)
            self._database.execute("UPDATE state SET settled = 0")

    def _forget_traces(self, *, but: Collection[str]) -> None:
        for number, root in self._database.execute("SELECT id, root FROM files WHERE path = ?", (_TRACE,)).fetchall():
            if root not in but:
                self._forget(number)
                self._database.execute("UPDATE state SET settled = 0")

    def _forget(self, number: int) -> None:
        premise_index.forget(self._database, "file = ?", number)
        self._database.execute("DELETE FROM files WHERE id = ?", (number,))

    def counts(self) -> dict[str, int]:
        """How much the index holds."""
        kinds = dict(self._database.execute("SELECT kind, count(*) FROM declarations GROUP BY kind"))
        return {
            "files": self._database.execute("SELECT count(*) FROM files WHERE path != ?", (_TRACE,)).fetchone()[0],
            "declarations": sum(kinds.values()) - kinds.get(ACCEPTED, 0),
            "theorems": kinds.get("theorem", 0) + kinds.get("lemma", 0),
        }
