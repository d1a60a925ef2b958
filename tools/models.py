"""Small models of a statement's variables: values that Python computes with and their Lean texts."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, product
from typing import Final

from lemmata.tools.evaluator import BOOL, INT, NAT, PROP, TYPE, Evaluator, Model, Sort, Unreadable, Value, read_sort
from lemmata.tools.inductives import Inductive
from lemmata.tools.terms import Term, free

CARRIERS: Final = (2, 1, 3, 0)
"""Sizes of the finite types put for type variables, in this order."""
_MOST: Final = 2000
_STEPS: Final = 200_000
_TABLES: Final = 40
_DEPTH: Final = 3
_DATA: Final = 12
_NUMBERS: Final = (*range(41), 50, 64, 100)


@dataclass(frozen=True, slots=True)
class Variable:
    """One bound name of a statement: a variable, an instance (in square brackets) or a hypothesis."""

    name: str
    type: Term
    instance: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """A value with its Lean text."""

    text: str
    value: Value


@dataclass(frozen=True, slots=True)
class Instance:
    """One model: an argument for every variable in order, None where Lean has to prove a hypothesis."""

    arguments: tuple[str | None, ...]
    words: str
    """`n = 3, m = 0`."""
    sure: bool
    """Every hypothesis was read and is true there, the target was read and is false."""


def instances(
    variables: Sequence[Variable], target: Term, data: Mapping[str, Inductive], seed: int
) -> Iterator[Instance]:
    """Models in which nothing that could be read keeps the statement from being false, small ones first.

    At most a few thousand models are looked at.

    Args:
        variables: what the statement binds, in order.
        target: what it says of them.
        data: the data types of the file, by name.
        seed: draws functions and predicates over finite types where there are many.
    """
    if _uses_unread(variables, target, _types(data)):
        return
    left = _MOST
    sizes = CARRIERS if any(read_sort(v.type, {}) == TYPE for v in variables) else CARRIERS[:1]
    for size in sizes:
        choices = _Choices(data, size, random.Random(seed)).of(variables)
        judge = _Judge(variables, target, choices, _types(data))
        for picked in _by_sum([c for _, c in choices.values()], left):
            left -= 1
            if judge.steps <= 0:
                break
            values = dict(zip(choices, picked, strict=True))
            sure = judge(values)
            if sure is not None:
                words = ", ".join(f"{n} = {_bare(c.text)}" for n, c in values.items())
                texts = (values[v.name].text if v.name in values else None for v in variables)
                arguments = tuple("inferInstance" if v.instance else t for v, t in zip(variables, texts, strict=True))
                yield Instance(arguments, words, sure)


def _uses_unread(variables: Sequence[Variable], target: Term, types: Model) -> bool:
    """Whether some variable is of a type that cannot be read and is no hypothesis: what follows speaks of it."""
    model = dict(types)
    later = [*(v.type for v in variables), target]
    for k, v in enumerate(variables):
        sort = read_sort(v.type, model)
        if sort is not None:
            model[v.name] = (sort, Sort("Fin", CARRIERS[0]) if sort == TYPE else 0)
        elif not v.instance and any(v.name in free(t) for t in later[k + 1 :]):
            return True
    return False


def _bare(text: str) -> str:
    return text[1:-1] if text.startswith("(") else text


class _Judge:
    """Says of a model: None where the statement holds, else whether all of it could be read. Remembers its answers."""

    def __init__(
        self,
        variables: Sequence[Variable],
        target: Term,
        choices: Mapping[str, tuple[Sort, list[Choice]]],
        types: Model,
    ) -> None:
        hypotheses = [v.type for v in variables if v.name not in choices and not v.instance]
        terms = [(h, True) for h in hypotheses] + [(target, False)]
        self._parts = [(t, expected, [n for n in free(t) if n in choices]) for t, expected in terms]
        self._sorts = {n: s for n, (s, _) in choices.items()}
        self._types = types
        self._known: dict[tuple[object, ...], bool | None] = {}
        self.steps = _STEPS
        """How much may still be evaluated."""

    def __call__(self, values: Mapping[str, Choice]) -> bool | None:
        sure = True
        for i, (term, expected, names) in enumerate(self._parts):
            key = (i, *(values[n].text for n in names))
            if key not in self._known:
                self._known[key] = self._holds(term, values)
            if self._known[key] is not expected:
                if self._known[key] is not None:
                    return None
                sure = False
        return sure

    def _holds(self, term: Term, values: Mapping[str, Choice]) -> bool | None:
        model = dict(self._types) | {n: (self._sorts[n], c.value) for n, c in values.items()}
        evaluator = Evaluator(model)
        before = evaluator.steps
        try:
            return evaluator.holds(term)
        except Unreadable:
            return None
        finally:
            self.steps -= before - evaluator.steps


def _types(data: Mapping[str, Inductive]) -> dict[str, tuple[Sort, Value]]:
    return {name: (TYPE, Sort("Data", name=name)) for name in data}


@dataclass
class _Choices:
    """What the variables may be, when type variables are types of `size` elements."""

    data: Mapping[str, Inductive]
    size: int
    rng: random.Random

    def of(self, variables: Sequence[Variable]) -> dict[str, tuple[Sort, list[Choice]]]:
        """Values of each variable that is no hypothesis, smallest first."""
        found: dict[str, tuple[Sort, list[Choice]]] = {}
        model = _types(self.data)
        for v in variables:
            sort = None if v.instance else read_sort(v.type, model)
            if sort is not None:  # else a hypothesis, or Lean will say that no proof is a value of it
                values = list(self.values(sort))
                found[v.name] = (sort, values)
                model[v.name] = (sort, values[0].value if values else 0)
        return found

    def values(self, sort: Sort) -> Iterable[Choice]:
        """Values of one type, smallest first."""
        match sort.kind:
            case "Type":
                return [Choice(f"(Fin {self.size})", Sort("Fin", self.size))]
            case "Prop":
                return (Choice("True", True), Choice("False", False))
            case "Bool":
                return (Choice("true", True), Choice("false", False))
            case "Nat":
                return (Choice(str(n), n) for n in _NUMBERS)
            case "Int":
                return (Choice(str(n) if n >= 0 else f"({n})", n) for k in range(21) for n in {k: 0, -k: 0})
            case "Fin":
                return (Choice(str(n), n) for n in range(sort.size))
            case "Data":
                texts = sorted(set(self.terms(sort, _DEPTH)), key=lambda t: (len(t), t))
                return (Choice(t, t) for t in texts[:_DATA])
            case _:
                return _functions(sort, self.rng)

    def terms(self, sort: Sort, depth: int) -> list[str]:
        """Closed terms of a data type, built from at most so many constructors deep."""
        declared = self.data[sort.name]
        model = _types(self.data) | {p: (TYPE, s) for p, s in zip(declared.parameters, sort.domain, strict=False)}
        found = []
        for constructor in declared.constructors:
            sorts = [read_sort(a, model) for a in constructor.arguments]
            if depth > 0 and all(sorts):
                parts = [self._arguments(s, depth - 1) for s in sorts if s is not None]
                found += [f"({' '.join([constructor.name, *p])})" if p else constructor.name for p in product(*parts)]
        return found

    def _arguments(self, sort: Sort, depth: int) -> list[str]:
        if sort.kind == "Data":
            return self.terms(sort, depth)[:_DATA]
        return [c.text for c in islice(self.values(sort), 2)]


# -- functions and predicates

_PREDICATES: Final[Sequence[tuple[str, Callable[[int], int]]]] = (
    ("{0} = 0", lambda x: x == 0), ("{0} ≠ 0", lambda x: x != 0), ("{0} = 1", lambda x: x == 1),
    ("{0} < 2", lambda x: x < 2), ("{0} % 2 = 0", lambda x: x % 2 == 0),
)  # fmt: skip
_COMPARISONS: Final[Sequence[tuple[str, Callable[[int, int], int]]]] = (
    ("{0} ≤ {1} + 1 ∧ {1} ≤ {0} + 1", lambda x, y: abs(x - y) <= 1),
    ("{0} = {1}", lambda x, y: x == y), ("{0} < {1}", lambda x, y: x < y), ("{0} ≤ {1}", lambda x, y: x <= y),
    ("{0} ≠ {1}", lambda x, y: x != y), ("{0} = {1} + 1", lambda x, y: x == y + 1),
    ("{0} + 1 = {1}", lambda x, y: x + 1 == y), ("{0} = 0", lambda x, _: x == 0), ("{1} = 0", lambda _, y: y == 0),
)  # fmt: skip
_OPERATIONS: Final[Sequence[tuple[str, Callable[[int], int]]]] = (
    ("{0}", lambda x: x), ("0", lambda _: 0), ("{0} + 1", lambda x: x + 1), ("2 * {0}", lambda x: 2 * x),
    ("{0} * {0}", lambda x: x * x), ("if {0} = 0 then 1 else 0", lambda x: int(x == 0)), ("{0} / 2", lambda x: x // 2),
)  # fmt: skip
_NAMES: Final = "xyz"


def _functions(sort: Sort, rng: random.Random) -> Iterator[Choice]:
    """Tables over finite types, a few well-known functions over numbers."""
    sizes = [_size(s) for s in sort.domain]
    result = sort.result
    if result is None or len(sizes) > len(_NAMES):
        return
    if all(s is not None for s in sizes) and (outcomes := _outcomes(result)):
        yield from _tables(sort, [s or 0 for s in sizes], outcomes, rng)
        return
    if result == PROP:
        yield from (_function(len(sizes), str(t), lambda *_, t=t: t) for t in (True, False))
        known: Sequence[tuple[str, Callable[..., int]]] = _PREDICATES if len(sizes) == 1 else _COMPARISONS
        if set(sort.domain) <= {NAT, INT} and len(sizes) <= 2:
            yield from (_function(len(sizes), text, function) for text, function in known)
    elif result in (NAT, INT) and sort.domain == (result,):
        yield from (_function(1, text, function) for text, function in _OPERATIONS)


def _function(arity: int, pattern: str, function: Callable[..., int]) -> Choice:
    return Choice(f"(fun {' '.join(_NAMES[:arity])} => {pattern.format(*_NAMES)})", function)


def _size(sort: Sort) -> int | None:
    return sort.size if sort.kind == "Fin" else 2 if sort in (PROP, BOOL) else None


def _outcomes(sort: Sort) -> Sequence[int]:
    size = _size(sort)
    return range(size if size is not None else 3) if sort.result is None else ()


def _tables(sort: Sort, sizes: list[int], outcomes: Sequence[int], rng: random.Random) -> Iterator[Choice]:
    """Every function of a small finite type, or some of them drawn at random."""
    if any(s in (PROP, BOOL) for s in sort.domain) or (0 in sizes and sort.result != PROP):
        return
    places = list(product(*map(range, sizes)))
    if len(outcomes) ** len(places) <= _TABLES:
        rows: list[tuple[int, ...]] = list(product(outcomes, repeat=len(places)))
        rng.shuffle(rows)
    else:
        rows = [tuple(rng.choices(outcomes, k=len(places))) for _ in range(_TABLES)]
    for row in rows:
        table = dict(zip(places, row, strict=True))
        yield _function(len(sizes), _table_text(table, sort.result), lambda *x, t=table: t.get(x, 0))


def _table_text(table: dict[tuple[int, ...], int], result: Sort | None) -> str:
    def here(place: tuple[int, ...]) -> str:
        return " ∧ ".join(f"{n} = {k}" for n, k in zip(_NAMES, place, strict=False))

    if result == PROP:
        true = [here(place) for place, value in table.items() if value]
        return "True" if len(true) == len(table) else " ∨ ".join(true) or "False"
    texts = ("false", "true") if result == BOOL else tuple(map(str, range(10)))
    if len(set(table.values())) == 1:
        return texts[next(iter(table.values()))]
    *cases, last = table.items()
    return "".join(f"if {here(place)} then {texts[value]} else " for place, value in cases) + texts[last[1]]


# -- search


def _by_sum(lists: Sequence[Sequence[Choice]], most: int) -> Iterator[tuple[Choice, ...]]:
    """Tuples of the product, those of small total index first, at most so many."""
    behind = [sum(len(c) - 1 for c in lists[k:]) for k in range(len(lists) + 1)]

    def of_sum(k: int, total: int) -> Iterator[tuple[Choice, ...]]:
        if k == len(lists):
            yield ()
            return
        for i in range(max(0, total - behind[k + 1]), min(total, len(lists[k]) - 1) + 1):
            for rest in of_sum(k + 1, total - i):
                yield (lists[k][i], *rest)

    if not all(lists):
        return
    for total in range(behind[0] + 1):
        for picked in of_sum(0, total):
            if most <= 0:
                return
            most -= 1
            yield picked
