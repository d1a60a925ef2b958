"""Premises: declarations of a library that a proof may use, found for a statement, a goal or some words."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final, Protocol, TypeVar

from lemmata.domain import Model
from lemmata.errors import InfrastructureError, UsageError
from lemmata.lean_env.commands import DECLARATIONS
from lemmata.tools.premise_index import ACCEPTED, add, connect, default_index, forget, transaction
from lemmata.tools.premise_ranking import FOR_WORDS, WEIGHTS, Library
from lemmata.tools.premise_scan import Row
from lemmata.tools.premise_traced import KIND as TRACED
from lemmata.tools.premise_words import is_words, name_words, query_words

T = TypeVar("T")
_QUERY_LIMIT: Final = 20_000
"""Characters of a query that are read."""
KINDS: Final = tuple(sorted(DECLARATIONS - {"example"} | {"alias", "to_additive", TRACED}))
"""What can be asked for; what they mean is told at `Premise.kind`."""
_STANDS_FOR: Final = {"theorem": frozenset({"theorem", "lemma", "alias", "to_additive"})}
"""What a kind stands for besides itself."""


class Premise(Model):
    """A declaration that was found."""

    name: str
    kind: str
    """Its keyword; `alias`, `to_additive` for what that attribute makes, shown with its source's statement, or `traced`
    for what only a trace names."""
    statement: str
    docstring: str
    module: str
    line: int
    """From 1, in the file of the module."""
    deprecated: bool = False
    score: float
    """Higher is better; it compares results of one search only."""


class Retriever(Protocol):
    """Finds premises."""

    async def search(self, query: str, limit: int = 20, *, kind: str | None = None) -> tuple[Premise, ...]:
        """The premises that fit a query best, best first; none where no word of it is known.

        Args:
            query: a declaration, a goal (`h : P ⊢ Q`), a term, or words.
            limit: how many at most.
            kind: only declarations of this kind; `theorem` stands for lemmas, aliases and additive twins as well.
        """
        ...


async def remember(theorem: str, statement: str, constants: Sequence[str], index: Path | None = None) -> str | None:
    """Note what an accepted proof used, where there is an index; what went wrong, in words, if anything.

    Args: see `Premises.note_used`.
    """
    if not constants or not (index or default_index()).is_file():
        return None
    try:
        premises = Premises(index)
        try:
            await premises.note_used(theorem, statement, constants)
        finally:
            await premises.aclose()
    except (UsageError, InfrastructureError) as error:  # a proof is not lost for an index
        return f"what the proof used is not noted among the premises: {error}"
    return None


class Premises:
    """The retriever over an index that `premise_build.build` makes."""

    def __init__(self, index: Path | None = None) -> None:
        """Open an index, the default one if none is named.

        Raises:
            UsageError: there is none, or it is of another version; the message says how to make one.
        """
        self._index = index or default_index()
        self._database = connect(self._index)
        self._version: int | None = None
        self._closed = False
        self._library: Library | None = None
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="premises")

    async def search(self, query: str, limit: int = 20, *, kind: str | None = None) -> tuple[Premise, ...]:
        """See `Retriever.search`; it runs off the event loop, one search after the other.

        Raises:
            UsageError: there is no such kind, or the first build of the index was cut short.
            InfrastructureError: the index cannot be read.
        """
        return await self._run(lambda: self._search(query[:_QUERY_LIMIT], limit, kind))

    async def note_used(self, theorem: str, statement: str, constants: Sequence[str]) -> None:
        """Keep which constants an accepted proof used, so that statements like its own find them.

        Args:
            theorem: its full name; what was noted under it before is replaced.
            statement: the theorem without its proof.
            constants: full names; those that the index does not hold count once it does.

        Raises:
            InfrastructureError: the index cannot be written to.
        """
        await self._run(lambda: self._note(theorem, statement, constants))

    async def used(self, theorem: str) -> tuple[str, ...]:
        """The constants noted for an accepted proof, sorted; empty where none were."""
        return await self._run(lambda: self._noted(theorem))

    async def aclose(self) -> None:
        """Let go of the index; a second call does nothing."""
        if not self._closed:
            self._closed = True
            await self._run(self._database.close)
            self._thread.shutdown()

    async def _run(self, call: Callable[[], T]) -> T:
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, call)
        except sqlite3.Error as error:
            raise InfrastructureError(f"the index of premises {self._index} cannot be used: {error}") from error

    def _search(self, query: str, limit: int, kind: str | None) -> tuple[Premise, ...]:
        if kind is not None and kind not in KINDS:
            raise UsageError(f"no declaration is of the kind {kind!r}: expected one of {', '.join(KINDS)}")
        kinds = _STANDS_FOR.get(kind, frozenset({kind})) if kind else None
        found: dict[str, Premise] = {}
        for score, number in self._current().rank(query_words(query), FOR_WORDS if is_words(query) else WEIGHTS):
            if len(found) >= limit:
                break
            premise = self._premise(number, score)
            if kinds is None or premise.kind in kinds:
                found.setdefault(premise.name, premise)
        return tuple(found.values())

    def _current(self) -> Library:
        """What searches share, read again after the index has changed (but not while a build is at work)."""
        (version,) = self._database.execute("PRAGMA data_version").fetchone()
        (settled,) = self._database.execute("SELECT settled FROM state").fetchone()
        if not settled and not self._database.execute("SELECT 1 FROM frequency").fetchone():
            raise UsageError(f"the index {self._index} is not finished: run `lemmata premises build DIR` again")
        if self._library is None or (settled and version != self._version):
            self._library, self._version = Library(self._database), version
        return self._library

    def _premise(self, number: int, score: float) -> Premise:
        columns = ("name", "kind", "statement", "docstring", "module", "line", "deprecated")
        query = f"SELECT {', '.join(columns)} FROM declarations WHERE id = ?"
        found = self._database.execute(query, (number,)).fetchone()
        return Premise(**dict(zip(columns, found, strict=True)), score=score)

    def _note(self, theorem: str, statement: str, constants: Sequence[str]) -> None:
        words = query_words(statement)
        row = Row(
            name=theorem,
            kind=ACCEPTED,
            statement=statement,
            docstring="",
            line=0,
            name_words=" ".join(name_words(theorem)),
            target_words=" ".join(words.target),
            hypothesis_words=" ".join(words.hypotheses),
            mentions=" ".join(sorted(set(constants))),
            scope="",
            deprecated=False,
        )
        with transaction(self._database):
            forget(self._database, f"kind = '{ACCEPTED}' AND name = ?", theorem)
            number = add(self._database, None, "", row)
            self._database.execute(
                "INSERT INTO used SELECT ?, min(id) FROM declarations WHERE kind != ?"
                f" AND name IN ({', '.join('?' * len(set(constants)))}) GROUP BY name",
                (number, ACCEPTED, *set(constants)),
            )

    def _noted(self, theorem: str) -> tuple[str, ...]:
        query = "SELECT mentions FROM declarations WHERE kind = ? AND name = ?"
        noted = self._database.execute(query, (ACCEPTED, theorem)).fetchone()
        return tuple(noted[0].split()) if noted else ()
