"""Which declarations of an index a proof may need, in order: candidates and what speaks for each.

Candidates come from the full-text index, from what the proofs of similar theorems mention, and from what proofs
mention most. A weighted sum of a few signals orders them.
"""

from __future__ import annotations

import math
import sqlite3
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from heapq import nlargest
from operator import itemgetter
from typing import Final, NamedTuple

from lemmata.tools.premise_index import ACCEPTED
from lemmata.tools.premise_words import Statement

_POSTINGS: Final = 14_000
"""Places of words that one search may visit: what bounds its time. The rarest words go first."""
_MATCHES: Final = 150
"""Full-text matches that are looked at."""
_NEIGHBOURS: Final = 60
"""Similar theorems whose proofs are looked at."""
_VOTED: Final = 250
"""Declarations that these proofs mention and that are looked at."""
_POOL: Final = 1500
"""Declarations that proofs mention most; they are always looked at."""
_KEPT: Final = 20_000
"""Declarations whose words stay in memory after a search."""
_MANY: Final = math.log1p(1000)
"""What counts as being mentioned often in any library, however small."""
_HYPOTHESIS: Final = 0.5
"""What a word of a hypothesis weighs, against one of the target."""


class Signals(NamedTuple):
    """What speaks for a candidate, each from 0 to 1."""

    named: float
    """How much of its name the query says, by the rarity of the words."""
    alike: float
    """Cosine of the words of both statements, by their rarity."""
    matched: float
    """Its full-text rank (bm25), against the best."""
    voted: float
    """How strongly the proofs of similar theorems mention it, against the best."""
    popular: float
    """How often proofs mention it, as a logarithm, against the most (at least a thousand times)."""
    current: float
    """0 where it is deprecated."""


WEIGHTS: Final = Signals(named=2.0, alike=3.5, matched=1.0, voted=3.0, popular=5.5, current=1.0)
"""Fitted to the theorems of Mathlib's Archive and to a sample of Mathlib, over what their own proofs mention."""


FOR_WORDS: Final = Signals(named=4.0, alike=2.0, matched=4.0, voted=0.0, popular=1.0, current=1.0)
"""For a query of words: what is asked for is what they name."""


class _Entry(NamedTuple):
    """The words of a declaration, with what a comparison needs of them."""

    name: frozenset[str]
    name_weight: float
    words: frozenset[str]
    """Of its statement."""
    norm: float
    popularity: int
    candidate: bool
    """Whether it can be a premise; else it only tells what such theorems need."""
    current: bool


class Library:
    """What all searches of one index share, read once when made. Its methods block."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database
        size = 1 + database.execute("SELECT count(*) FROM declarations").fetchone()[0]
        self.frequency: dict[str, int] = dict(database.execute("SELECT word, rows FROM frequency"))
        self._unknown = math.log(1 + size)
        self._rarity = {word: math.log(1 + size / (1 + rows)) for word, rows in self.frequency.items()}
        most = "SELECT id FROM declarations WHERE popularity > 0 ORDER BY popularity DESC, id LIMIT ?"
        self._kept: dict[int, _Entry] = {}
        self.pool = self.entries([number for (number,) in database.execute(most, (_POOL,))])
        self._most = math.log1p(max((entry.popularity for entry in self.pool.values()), default=0))

    def rank(self, query: Statement, weights: Signals = WEIGHTS) -> list[tuple[float, int]]:
        """All candidates as score and number, best first; none where the index has no word of the query."""
        signals = self.signals(query)
        scored = ((sum(map(float.__mul__, found, weights)), number) for number, found in signals.items())
        return sorted(scored, key=lambda pair: (-pair[0], pair[1]))

    def signals(self, query: Statement, without: Collection[int] = ()) -> dict[int, Signals]:
        """All candidates with what speaks for each. `without`: declarations that are left aside."""
        asked = _Words(query, self._rarity, self._unknown)
        if self.frequency.keys().isdisjoint(asked.weights):
            return {}  # what proofs mention often would fit as well as ever
        matches = {n: rank for n, rank in self.matches(asked.weights).items() if n not in without}
        found = self.entries(matches)
        alike = {n: asked.cosine(e.words, e.norm) for n, e in found.items()}
        votes = {n: vote for n, vote in self._votes(alike).items() if n not in without}
        found |= self.entries(n for n in votes if n not in found)
        found |= {n: e for n, e in self.pool.items() if n not in without}
        best, most = max(matches.values(), default=0.0) or 1.0, max(votes.values(), default=0.0) or 1.0
        return {
            n: Signals(
                named=asked.share(e.name, e.name_weight),
                alike=alike[n] if n in alike else asked.cosine(e.words, e.norm),
                matched=matches.get(n, 0.0) / best,
                voted=votes.get(n, 0.0) / most,
                popular=math.log1p(e.popularity) / max(self._most, _MANY),
                current=float(e.current),
            )
            for n, e in found.items()
            if e.candidate
        }

    def matches(self, words: Iterable[str]) -> dict[int, float]:
        """The best full-text matches of a query's rarest words, each with its rank (higher is better)."""
        chosen = " OR ".join(f'"{word}"' for word in self._affordable(words))
        query = (
            "SELECT rowid, bm25(words, 4.0, 2.0, 1.0, 0.5) AS worse FROM words WHERE words MATCH ?"
            f" ORDER BY worse LIMIT {_MATCHES}"
        )
        return {n: -worse for n, worse in self._database.execute(query, (chosen,))} if chosen else {}

    def _affordable(self, words: Iterable[str]) -> Iterator[str]:
        places = 0
        known = {word: self.frequency[word] for word in words if word in self.frequency}
        for word in sorted(known, key=lambda word: (known[word], word)):
            places += known[word]
            if places > _POSTINGS and places > known[word]:
                return
            yield word

    def _votes(self, alike: Mapping[int, float]) -> dict[int, float]:
        """What the proofs of the most similar theorems mention, by how similar those are."""
        neighbours = sorted(alike, key=lambda n: (-alike[n], n))[:_NEIGHBOURS]
        query = f"SELECT theorem, constant FROM used WHERE theorem IN ({_listed(neighbours)})"
        votes: defaultdict[int, float] = defaultdict(float)
        for theorem, constant in self._database.execute(query):
            votes[constant] += alike[theorem] ** 2
        return dict(nlargest(_VOTED, votes.items(), key=itemgetter(1)))

    def entries(self, numbers: Iterable[int]) -> dict[int, _Entry]:
        """The words of some declarations."""
        numbers = list(numbers)
        found = {n: self._kept[n] for n in numbers if n in self._kept}
        query = (
            "SELECT d.id, w.name, w.target, w.hypotheses, d.popularity, d.kind, d.deprecated FROM declarations d"
            f" JOIN words w ON w.rowid = d.id WHERE d.id IN ({_listed(n for n in numbers if n not in found)})"
        )
        for number, name, target, hypotheses, popularity, kind, deprecated in self._database.execute(query):
            own, words = frozenset(name.split()), frozenset(target.split()).union(hypotheses.split())
            found[number] = _Entry(
                name=own,
                name_weight=sum(map(self._known, own)),
                words=words,
                norm=math.hypot(*map(self._known, words)),
                popularity=popularity,
                candidate=kind != ACCEPTED,
                current=not deprecated,
            )
        if len(self._kept) > _KEPT:
            self._kept = dict(self.pool)
        self._kept |= found
        return found

    def _known(self, word: str) -> float:
        return self._rarity.get(word, self._unknown)


class _Words:
    """The words of a query with their weights: how rare each is, less for those of hypotheses."""

    def __init__(self, query: Statement, rarity: Mapping[str, float], unknown: float) -> None:
        self._rarity = {word: rarity.get(word, unknown) for word in (*query.hypotheses, *query.target)}
        less = {word: _HYPOTHESIS * self._rarity[word] for word in query.hypotheses}
        self.weights = less | {word: self._rarity[word] for word in query.target}
        self._products = {word: weight * self._rarity[word] for word, weight in self.weights.items()}
        self._norm = math.hypot(*self.weights.values())
        self._all = frozenset(self.weights)

    def cosine(self, words: frozenset[str], norm: float) -> float:
        """How alike some words are to these."""
        return sum(map(self._products.__getitem__, words & self._all)) / (self._norm * norm or 1.0)

    def share(self, words: frozenset[str], weight: float) -> float:
        """How much of some words is among these."""
        return sum(map(self._rarity.__getitem__, words & self._all)) / (weight or 1.0)


def _listed(numbers: Iterable[int]) -> str:
    return ",".join(map(str, numbers))
