"""Verdicts kept by content: the same text is not checked twice by the same checker, whoever asks, and when."""

from __future__ import annotations

import asyncio
import hashlib
import sqlite3
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Final, TypeVar, cast

from pydantic import ValidationError

from lemmata.domain import SCHEMA_VERSION, CheckerIdentity, CheckResult
from lemmata.lean_env.checker import Checker, NamesConstants, RunsTactics, TacticResult

T = TypeVar("T")

FILE: Final = "results.sqlite"
LIMIT: Final = 256 << 20
"""Bytes of results that are kept; the file is a little larger."""
LARGEST: Final = 1 << 20
"""Bytes of the largest result that is kept."""
_WAIT_SECONDS: Final = 2.0
"""How long another process may hold the file before the cache is passed by, this once."""
_FRESH_SECONDS: Final = 60.0
"""A use that soon after another one is not written down."""
_TRIMS: Final = 64
"""A look at the whole size after each such part of the limit was written."""
_ROOM: Final = 0.9
"""What part of the limit is left after trimming."""
_BUSY: Final = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
_SCHEMA: Final = (
    "CREATE TABLE IF NOT EXISTS results (key TEXT PRIMARY KEY, result TEXT, size INT, used REAL) WITHOUT ROWID"
)
_TRIM: Final = """
DELETE FROM results WHERE key IN (
  SELECT key FROM (SELECT key, SUM(size) OVER (ORDER BY used DESC, key) AS newer FROM results) WHERE newer > ?
)"""


class ResultStore:
    """Texts by key in an SQLite file that several processes share, bounded: what was not used longest goes first.

    Used from one thread. Every method may raise `sqlite3.Error`, the first also OSError.
    """

    def __init__(
        self, folder: Path, *, limit: int = LIMIT, wait: float = _WAIT_SECONDS, clock: Callable[[], float] = time.time
    ) -> None:
        """Take the folder; it is made, and the file opened, at the first use.

        Args:
            folder: of the file.
            limit: bytes that are kept.
            wait: seconds to wait for another process.
            clock: what tells what was used last, for all processes.
        """
        self.file = folder / FILE
        self._limit, self._wait, self._clock = limit, wait, clock
        self._connection: sqlite3.Connection | None = None
        self._unlooked = 0

    def get(self, key: str) -> str | None:
        """What is kept under a key; that counts as a use."""
        database = self._open()
        row: tuple[str, float] | None = database.execute(
            "SELECT result, used FROM results WHERE key = ?", (key,)
        ).fetchone()
        if row is None:
            return None
        if row[1] < (now := self._clock()) - _FRESH_SECONDS:
            with suppress(sqlite3.OperationalError):  # the text is here all the same
                database.execute("UPDATE results SET used = ? WHERE key = ?", (now, key))
        return row[0]

    def put(self, key: str, text: str) -> None:
        """Keep a text; one that is too large is not kept."""
        size = len(key) + len(text.encode())
        if size > LARGEST:
            return
        database = self._open()
        database.execute("INSERT OR REPLACE INTO results VALUES (?, ?, ?, ?)", (key, text, size, self._clock()))
        self._unlooked += size
        if self._unlooked > self._limit // _TRIMS:
            self._trim(database)

    def close(self) -> None:
        """Close the file, if it is open."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _open(self) -> sqlite3.Connection:
        if self._connection is None:
            self.file.parent.mkdir(parents=True, exist_ok=True)
            # Every statement is a transaction of its own.
            database = sqlite3.connect(self.file, timeout=self._wait, isolation_level=None, check_same_thread=False)
            try:
                for pragma in ("journal_mode = WAL", "synchronous = NORMAL", f"journal_size_limit = {LARGEST * 4}"):
                    database.execute(f"PRAGMA {pragma}")
                database.execute(_SCHEMA)
                self._trim(database)
            except sqlite3.Error:
                database.close()
                raise
            self._connection = database
        return self._connection

    def _trim(self, database: sqlite3.Connection) -> None:
        (size,) = database.execute("SELECT TOTAL(size) FROM results").fetchone()
        if size > self._limit:
            database.execute(_TRIM, (self._limit * _ROOM,))
        self._unlooked = 0


class CachedChecker:
    """A checker that answers from what was answered before. Made by `cached`."""

    def __init__(
        self,
        checker: Checker,
        store: ResultStore,
        *,
        library: str = "",
        progress: Callable[[str], None] | None = None,
    ) -> None:
        """See `cached`; `store` is where verdicts are kept."""
        self._checker, self._store, self._library = checker, store, library
        self._progress = progress or (lambda _: None)
        self._thread = ThreadPoolExecutor(1, "results")
        self._usable, self._closed = True, False
        self._under_way: dict[str, asyncio.Future[CheckResult | None]] = {}

    @property
    def identity(self) -> CheckerIdentity:
        """That of the checker within."""
        return self._checker.identity

    async def check(self, text: str, timeout: float, *, goals: bool = False) -> CheckResult:
        """Check a whole text, unless a verdict on it is known; see `Checker.check`.

        A known one comes back as it was, with `cached` set and no seconds. Of two checks of the same text at the same
        time the second waits for the first; if that brings no verdict, it is made as well. Nothing but the checker
        within ever fails a check.
        """
        key = self._key(self.identity, text, goals)
        if (known := await self._known(key)) is not None:
            return known
        first = self._under_way.get(key)
        if first is None:
            return await self._first(key, text, timeout, goals=goals)
        result = await asyncio.shield(first)
        if result is None:
            return await self._checker.check(text, timeout, goals=goals)
        return _as_known(result)

    async def aclose(self) -> None:
        """Release what the checker within holds, then the file."""
        try:
            await self._checker.aclose()
        finally:
            if not self._closed:
                self._usable, self._closed = False, True
                with suppress(sqlite3.Error):
                    await asyncio.get_running_loop().run_in_executor(self._thread, self._store.close)
                self._thread.shutdown(wait=False)

    async def _first(self, key: str, text: str, timeout: float, *, goals: bool) -> CheckResult:
        """Check a text that nobody else checks just now, and keep the verdict."""
        done = self._under_way[key] = asyncio.get_running_loop().create_future()
        try:
            result = await self._checker.check(text, timeout, goals=goals)
            if result.status.verdict:
                done.set_result(result)
                # Kept under the name of who spoke: a server may only now have said which Lean it runs.
                name = self._key(result.checker, text, goals)
                await self._do(lambda: self._store.put(name, result.model_dump_json()))
            return result
        finally:
            del self._under_way[key]
            if not done.done():
                done.set_result(None)

    async def _known(self, key: str) -> CheckResult | None:
        kept = await self._do(lambda: self._store.get(key))
        if kept is None:
            return None
        try:
            result = CheckResult.model_validate_json(kept)
        except ValidationError:  # of another version, or not ours; it is replaced
            return None
        return _as_known(result) if result.status.verdict and result.checker == self.identity else None

    def _key(self, identity: CheckerIdentity, text: str, goals: bool) -> str:
        """Everything that a verdict depends on, hashed."""
        whole = "\n".join((str(SCHEMA_VERSION), identity.model_dump_json(), self._library, str(goals), text))
        return hashlib.sha256(whole.encode("utf-8", "surrogatepass")).hexdigest()

    async def _do(self, work: Callable[[], T]) -> T | None:
        """Have something done with the file, in its thread; None if it cannot be."""
        if not self._usable:
            return None
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, work)
        except ValueError:  # half a character, which no file can hold
            return None
        except (sqlite3.Error, OSError) as error:
            if self._usable and not _busy(error):
                self._usable = False
                self._progress(
                    f"verdicts are not kept: {self._store.file} cannot be used ({error}); if it is damaged, remove it"
                )
            return None


class _CachedTactics(CachedChecker):
    async def run_tactics(
        self, text: str, hole: int, tactics: Sequence[str], timeout: float
    ) -> tuple[TacticResult, ...]:
        """Pass it on; see `RunsTactics`."""
        return await cast(RunsTactics, self._checker).run_tactics(text, hole, tactics, timeout)


class _CachedConstants(CachedChecker):
    async def used_constants(self, text: str, timeout: float) -> tuple[str, ...]:
        """Pass it on; see `NamesConstants`."""
        return await cast(NamesConstants, self._checker).used_constants(text, timeout)


class _CachedBoth(_CachedTactics, _CachedConstants):
    pass


_KINDS: Final = {
    (False, False): CachedChecker,
    (True, False): _CachedTactics,
    (False, True): _CachedConstants,
    (True, True): _CachedBoth,
}


def cached(
    checker: Checker,
    folder: Path,
    *,
    library: str = "",
    limit: int = LIMIT,
    progress: Callable[[str], None] | None = None,
) -> CachedChecker:
    """A checker with the same abilities that keeps verdicts in a folder, for every process that uses it.

    Args:
        checker: what checks; it belongs to the new one, which closes it.
        folder: where the file is; made if need be. Where it cannot be used, checks go on without.
        library: one line that tells the checker's library from others where its identity does not: two projects may
            have the same Lean and different Mathlibs (`fingerprint.snapshot(toolchain).sha256()`).
        limit: bytes that are kept.
        progress: told in words, once, that verdicts are not kept.
    """
    kind = _KINDS[isinstance(checker, RunsTactics), isinstance(checker, NamesConstants)]
    return kind(checker, ResultStore(folder, limit=limit), library=library, progress=progress)


def _as_known(result: CheckResult) -> CheckResult:
    return result.model_copy(update={"cached": True, "seconds": 0.0})


def _busy(error: Exception) -> bool:
    """Whether another process holds the file: that passes."""
    return getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF in _BUSY
