"""The index of premises on disk: one SQLite file with a full-text table of words.

Every transaction leaves it whole. What follows from all declarations together, how common each word is and which
theorem's proof mentions which declaration, is worked out by `settle` when anything has changed.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from lemmata.errors import UsageError
from lemmata.lean_env.cache import cache_folder
from lemmata.tools.premise_scan import Row

SCHEMA: Final = 1
"""Version of the tables and of the words in them; an index of another version is built anew."""
ACCEPTED: Final = "accepted"
"""Kind of a theorem that was not read from a file: its accepted proof was noted, to know what such theorems need."""
_TABLES: Final = """
CREATE TABLE files (
  id INTEGER PRIMARY KEY, root TEXT, path TEXT, size INTEGER, mtime_ns INTEGER, sha256 TEXT, UNIQUE (root, path));
CREATE TABLE declarations (
  id INTEGER PRIMARY KEY, file INTEGER, module TEXT, name TEXT, kind TEXT, statement TEXT, docstring TEXT, line INTEGER,
  mentions TEXT, scope TEXT, deprecated INTEGER, popularity INTEGER DEFAULT 0);
CREATE INDEX declarations_file ON declarations (file);
CREATE INDEX declarations_name ON declarations (name);
CREATE VIRTUAL TABLE words USING fts5 (name, target, hypotheses, docstring, tokenize = 'unicode61 remove_diacritics 0');
CREATE TABLE used (theorem INTEGER, constant INTEGER, PRIMARY KEY (theorem, constant)) WITHOUT ROWID;
CREATE TABLE frequency (word TEXT PRIMARY KEY, rows INTEGER) WITHOUT ROWID;
CREATE TABLE state (settled INTEGER);
INSERT INTO state VALUES (1);
"""


def default_index() -> Path:
    """Where the index is, if no other place is named."""
    return cache_folder() / "premises" / "premises.db"


def connect(path: Path, *, make: bool = False) -> sqlite3.Connection:
    """Open an index; with `make` a new one in place of none or of one of another version.

    Raises:
        UsageError: there is none, or one of another version, or the file is none.
    """
    if not make and not path.is_file():
        raise UsageError(f"no index of premises at {path}: make one with `lemmata premises build DIR`")
    try:
        found = _opened(path)
        version = found.execute("PRAGMA user_version").fetchone()[0]
        if version == SCHEMA:
            return found
        tables = found.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    except sqlite3.DatabaseError as error:
        raise UsageError(f"{path} is no index of premises: {error}") from error
    if tables and not version:
        raise UsageError(f"{path} is no index of premises: it is a database of something else")
    if not make:
        found.close()
        raise UsageError(f"the index {path} is of another version: build it anew with `lemmata premises build DIR`")
    if tables:
        found.close()
        for suffix in ("", "-wal", "-shm"):
            Path(f"{path}{suffix}").unlink(missing_ok=True)
        found = _opened(path)
    found.executescript(f"BEGIN;{_TABLES}PRAGMA user_version = {SCHEMA};COMMIT")
    return found


def _opened(path: Path) -> sqlite3.Connection:
    if path.exists() and not os.access(path, os.W_OK):
        return sqlite3.connect(f"{path.absolute().as_uri()}?immutable=1", uri=True, check_same_thread=False)
    found = sqlite3.connect(path, timeout=60, isolation_level=None, check_same_thread=False)
    found.execute("PRAGMA journal_mode = WAL")  # a search may run while a build does
    found.execute("PRAGMA synchronous = NORMAL")
    return found


@contextmanager
def transaction(database: sqlite3.Connection) -> Iterator[None]:
    """All that is written inside, or nothing of it."""
    database.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        database.execute("ROLLBACK")
        raise
    database.execute("COMMIT")


def add(database: sqlite3.Connection, file: int | None, module: str, row: Row) -> int:
    """Add one declaration; its number."""
    values = (file, module, *row[:5], row.mentions, row.scope, row.deprecated)
    columns = "file, module, name, kind, statement, docstring, line, mentions, scope, deprecated"
    marks = ", ".join("?" * len(values))
    number = database.execute(f"INSERT INTO declarations ({columns}) VALUES ({marks})", values).lastrowid
    words = (number, row.name_words, row.target_words, row.hypothesis_words, row.docstring)
    database.execute("INSERT INTO words (rowid, name, target, hypotheses, docstring) VALUES (?, ?, ?, ?, ?)", words)
    return number or 0


def forget(database: sqlite3.Connection, condition: str, value: object) -> None:
    """Take out the declarations whose column is as the condition (`file = ?`) says."""
    chosen = f"SELECT id FROM declarations WHERE {condition}"
    database.execute(f"DELETE FROM words WHERE rowid IN ({chosen})", (value,))
    database.execute(f"DELETE FROM used WHERE theorem IN ({chosen})", (value,))
    database.execute(f"DELETE FROM declarations WHERE {condition}", (value,))


def settle(database: sqlite3.Connection) -> None:
    """Work out what follows from all declarations together, if anything has changed."""
    if database.execute("SELECT settled FROM state").fetchone()[0]:
        return
    with transaction(database):
        database.execute("DELETE FROM used")
        database.executemany("INSERT INTO used VALUES (?, ?)", _uses(database))
        database.execute("UPDATE declarations SET popularity = 0 WHERE popularity > 0")
        database.execute(
            "UPDATE declarations SET popularity = counted.n FROM"
            " (SELECT constant, count(*) AS n FROM used GROUP BY constant) AS counted WHERE id = counted.constant"
        )
        database.execute("INSERT INTO words (words) VALUES ('optimize')")
        database.execute("DELETE FROM frequency")
        database.execute("CREATE VIRTUAL TABLE temp.vocabulary USING fts5vocab ('main', 'words', 'row')")
        database.execute("INSERT INTO frequency SELECT term, doc FROM temp.vocabulary")
        database.execute("DROP TABLE temp.vocabulary")
        database.execute("UPDATE state SET settled = 1")


def _uses(database: sqlite3.Connection) -> Iterator[tuple[int, int]]:
    """Each theorem with each declaration that its proof mentions, as far as names tell."""
    listed = "SELECT name, id FROM declarations WHERE kind != ? ORDER BY kind = 'to_additive' DESC, id DESC"
    names = dict(database.execute(listed, (ACCEPTED,)))  # of one name, what was written comes before what was guessed
    mentioned = "SELECT id, mentions, scope FROM declarations WHERE mentions != ''"
    for theorem, mentions, scope in database.execute(mentioned):
        spaces = tuple(f"{space}." for space in scope.split())
        found = {resolve(mention, spaces, names) for mention in mentions.split()}
        yield from ((theorem, constant) for constant in found if constant is not None and constant != theorem)


def resolve(mention: str, spaces: Sequence[str], names: Mapping[str, int]) -> int | None:
    """The declaration that a name means in some namespaces (each with its dot): of `eq_comm.mp`, `eq_comm`."""
    while "." in mention or "_" in mention:
        for space in (*spaces, ""):
            if (found := names.get(space + mention)) is not None:
                return found
        mention = mention.rpartition(".")[0]
    return None
