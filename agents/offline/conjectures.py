"""Helper lemmas by guess: laws of the file's own functions and generalizations of a goal, sieved on small instances."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, product
from typing import Final

from lemmata.agents.offline.knowledge import Definition, Knowledge
from lemmata.domain import Problem
from lemmata.lean_env.checker import Workbench
from lemmata.tools.automation import alternative, marks
from lemmata.tools.term_parser import parse_term
from lemmata.tools.terms import (
    App,
    Bind,
    Goal,
    Name,
    Num,
    Op,
    Term,
    apply,
    free,
    head_name,
    infix,
    show,
    substitute,
    subterms,
)

_MOST_GUESSES: Final = 80
_MOST_INSTANCES: Final = 12
_MOST_KEPT: Final = 8
_NUMERALS: Final = ("0", "1", "2", "3")
_TIMEOUT: Final = 10.0
_SIEVE: Final = alternative("and_intros <;> (first | rfl | decide)")


@dataclass(frozen=True, slots=True)
class Conjecture:
    """An equation or inequality with its variables and their types."""

    variables: tuple[tuple[str, str], ...]
    claim: Term

    @property
    def text(self) -> str:
        """`(x y : T) (z : U) : claim`, as it stands in a statement after the name."""
        groups: dict[str, list[str]] = {}
        for n, t in self.variables:
            groups.setdefault(t, []).append(n)
        open_types = dict.fromkeys(v for t in groups for v in _type_variables(t))
        binders = [f"{{{v} : Type _}}" for v in open_types]
        binders += [f"({' '.join(names)} : {t})" for t, names in groups.items()]
        return " ".join([*binders, f": {show(self.claim)}"])


def _type_variables(kind: str) -> tuple[str, ...]:
    """Names in a type that stand for any type: those in lower case or Greek, by custom."""
    return tuple(n for n in free(parse_term(kind)) if (not n[:1].isascii() and n not in "ℕℤ") or n[:1].islower())


async def conjectures(problem: Problem, goal: Goal, knowledge: Knowledge, bench: Workbench) -> tuple[Conjecture, ...]:
    """Guesses that hold on small instances, those about the goal first; one check sieves them all."""
    guesses: dict[str, Conjecture] = {}
    itself = _normal(goal.target, goal.types)
    known = {show(x.statement.body if isinstance(x.statement, Bind) else x.statement) for x in knowledge.lemmas}
    for guess in [*_generalizations(goal, knowledge), *_laws(goal, knowledge)]:
        text = show(guess.claim)
        trivial = isinstance(guess.claim, Op) and guess.claim.args[0] == guess.claim.args[-1]
        same = _normal(guess.claim, (n for n, _ in guess.variables)) == itself
        if text not in known and not trivial and not same:
            guesses.setdefault(guess.text, guess)
    chosen = list(guesses.values())[:_MOST_GUESSES]
    lines = [(g, tests) for g in chosen if (tests := _instances(g, knowledge))]
    if not lines:
        return ()
    prefix = problem.preamble.rstrip("\n") + "\n\n"
    first = prefix.count("\n") + 1
    text = prefix + "".join(
        f"example : {' ∧ '.join(f'({t})' for t in tests)} := by first | {_SIEVE} | sorry\n"
        for _, tests in lines
    )
    result = await bench.check(text, timeout=_TIMEOUT)
    right = {m.start.line - first for m in marks(result)}
    return tuple(g for i, (g, _) in enumerate(lines) if i in right)[:_MOST_KEPT]


def _normal(term: Term, variables: Iterable[str]) -> Term:
    """The term with its variables numbered as they come: equal for two that differ in names only."""
    chosen = set(variables)
    names = [n for n in free(term) if n in chosen]
    return substitute(term, {n: Name(f"?{i}") for i, n in enumerate(names)})


def _instances(guess: Conjecture, knowledge: Knowledge) -> tuple[str, ...]:
    """The claim at small values of its variables; empty where a type has none."""
    pools = [values(t, knowledge) for _, t in guess.variables]
    if not pools or not all(pools):
        return ()
    chosen = _spread(list(product(*pools)))
    names = [n for n, _ in guess.variables]
    return tuple(show(substitute(guess.claim, dict(zip(names, c, strict=True)))) for c in chosen)


def _spread(items: list[tuple[Term, ...]]) -> list[tuple[Term, ...]]:
    step = max(1, len(items) // _MOST_INSTANCES)
    # an odd step visits all residues of the inner variables
    return items[:: step | 1][: _MOST_INSTANCES + 1] if step > 1 else items


def values(kind: str, knowledge: Knowledge, depth: int = 2) -> list[Term]:
    """A few closed terms of a type, small ones first."""
    if kind in ("Nat", "Int", "ℕ", "ℤ"):
        return [parse_term(n) for n in _NUMERALS]
    if kind == "Bool":
        return [Name("true"), Name("false")]
    if kind in _type_variables(kind):
        return [Num(0), Num(1)]
    found: list[Term] = []
    own = head_name(parse_term(kind))
    for c in dict(knowledge.types).get(own, ()):
        name = Name(f"{own}.{c.name}")
        if not c.arguments:
            found.append(name)
        elif depth:
            pools = [values(t, knowledge, depth - 1)[:2] for _, t in c.arguments]
            found += [apply(name, *chosen) for chosen in islice(product(*pools), 4)]
    if _type_variables(kind):
        found = [Op(":", (v, _at_numbers(kind))) for v in found]
    return found[:5]


def _at_numbers(kind: str) -> Term:
    return substitute(parse_term(kind), {v: Name("Nat") for v in _type_variables(kind)})


# -- laws


def _laws(goal: Goal, knowledge: Knowledge) -> Iterator[Conjecture]:
    """Laws of the functions that the goal names, then of the others."""
    used = set(free(goal.target))
    own = [d for d in knowledge.definitions if d.domain and d.result != "Prop"]
    own.sort(key=lambda d: d.name not in used)
    binary = [d for d in own if len(d.domain) == 2 and d.domain[0] == d.domain[1] == d.result]
    unary = [d for d in own if len(d.domain) == 1]
    for g in binary:
        yield from _binary(g, knowledge)
    for f in unary:
        yield from _unary(f, binary, knowledge)
    for f, g in product(unary, unary):
        if f.name != g.name and f.domain == g.domain:
            kind = f.domain[0]
            yield _guess([("x", kind)], _call(f, "x"), _call(g, "x"))
            if f.result == g.result == kind:
                yield _guess([("x", kind)], apply(Name(f.name), _call(g, "x")), apply(Name(g.name), _call(f, "x")))
            elif g.result == kind:
                yield _guess([("x", kind)], apply(Name(f.name), _call(g, "x")), _call(f, "x"))


def _binary(g: Definition, knowledge: Knowledge) -> Iterator[Conjecture]:
    kind, name = g.result, Name(g.name)
    x, y, z = Name("x"), Name("y"), Name("z")
    for e in _smallest(kind, knowledge):
        yield _guess([("x", kind)], apply(name, x, e), x)
        yield _guess([("x", kind)], apply(name, e, x), x)
    for step in _steps(kind, knowledge):
        yield _guess([("x", kind), ("y", kind)], apply(name, step(x), y), step(apply(name, x, y)))
        yield _guess([("x", kind), ("y", kind)], apply(name, x, step(y)), step(apply(name, x, y)))
    three = [("x", kind), ("y", kind), ("z", kind)]
    yield _guess(three, apply(name, apply(name, x, y), z), apply(name, x, apply(name, y, z)))
    yield _guess(three[:2], apply(name, x, y), apply(name, y, x))
    if kind in ("Nat", "Int"):
        for symbol in ("+", "*"):
            yield _guess(three[:2], apply(name, x, y), infix(symbol, x, y))
        for inner, outer in product(("+", "*"), ("+", "*")):
            yield _guess(
                three, apply(name, x, infix(inner, y, z)), infix(outer, apply(name, x, y), apply(name, x, z))
            )
            yield _guess(
                three, apply(name, infix(inner, x, y), z), infix(outer, apply(name, x, z), apply(name, y, z))
            )
        yield _guess(three, apply(name, x, infix("*", y, z)), apply(name, apply(name, x, y), z))


def _smallest(kind: str, knowledge: Knowledge) -> list[Term]:
    own = head_name(parse_term(kind))
    if kind in ("Nat", "Int"):
        return [Num(0)]
    nullary: list[Term] = [Name(f"{own}.{c.name}") for c in dict(knowledge.types).get(own, ()) if not c.arguments]
    return nullary[:1]


def _steps(kind: str, knowledge: Knowledge) -> list[_Step]:
    """Constructors with one argument, as functions on terms."""
    if kind in ("Nat", "ℕ"):
        return [_Step(None)]
    simple = [c for c in dict(knowledge.types).get(kind, ()) if len(c.arguments) == 1 and c.arguments[0][1] == kind]
    return [_Step(f"{kind}.{c.name}") for c in simple]


@dataclass(frozen=True, slots=True)
class _Step:
    constructor: str | None

    def __call__(self, term: Term) -> Term:
        return infix("+", term, Num(1)) if self.constructor is None else apply(Name(self.constructor), term)


def _unary(f: Definition, binary: Sequence[Definition], knowledge: Knowledge) -> Iterator[Conjecture]:
    kind, x, y = f.domain[0], Name("x"), Name("y")
    two = [("x", kind), ("y", kind)]
    fx, fy, name = _call(f, "x"), _call(f, "y"), Name(f.name)
    if f.result == kind:
        yield _guess(two[:1], apply(name, fx), x)
        yield _guess(two[:1], apply(name, fx), fx)
    for g in binary:
        if g.result == kind:
            both = apply(name, apply(Name(g.name), x, y))
            if f.result == kind:
                yield _guess(two, both, apply(Name(g.name), fx, fy))
                yield _guess(two, both, apply(Name(g.name), fy, fx))
            if f.result in ("Nat", "Int"):
                yield _guess(two, both, infix("+", fx, fy))
                yield _guess(two, both, infix("*", fx, fy))
    if kind in ("Nat", "Int"):
        for inner, outer in product(("+", "*"), ("+", "*")):
            yield _guess(two, apply(name, infix(inner, x, y)), infix(outer, fx, fy))
    if f.result == "Nat":
        yield _guess(two[:1], Num(0), fx, "<")
        if kind == "Nat":
            yield _guess(two[:1], fx, apply(name, infix("+", x, Num(1))), "≤")
            yield _guess(two[:1], x, fx, "≤")


def _call(f: Definition, argument: str) -> Term:
    return apply(Name(f.name), Name(argument))


def _guess(variables: Sequence[tuple[str, str]], left: Term, right: Term, symbol: str = "=") -> Conjecture:
    used = {*free(left), *free(right)}
    return Conjecture(tuple(v for v in variables if v[0] in used), infix(symbol, left, right))


# -- generalizations of the goal


def _generalizations(goal: Goal, knowledge: Knowledge) -> Iterator[Conjecture]:
    """An argument that stays fixed in a call made a variable, the other side combined with it."""
    if not (isinstance(goal.target, Op) and goal.target.symbol == "="):
        return
    functions = knowledge.functions
    context = _variables(goal)
    for left, right in (goal.target.args, goal.target.args[::-1]):
        definition = functions.get(head_name(left))
        if definition is None or not isinstance(left, App) or len(definition.domain) != len(left.args):
            continue
        for i, argument in enumerate(left.args):
            if isinstance(argument, Name) and argument.text in context:
                continue
            acc = _fresh("acc", goal)
            call = App(left.head, (*left.args[:i], Name(acc), *left.args[i + 1 :]))
            variables = [*((n, t) for n, t in context.items() if n in free(goal.target)), (acc, definition.domain[i])]
            for whole in _combined(Name(acc), right, definition, knowledge):
                yield _guess(variables, call, whole)


def _variables(goal: Goal) -> Mapping[str, str]:
    return {n: show(t) for n, t in goal.types.items() if "✝" not in n and show(t) not in ("Prop", "Type")}


def _fresh(base: str, goal: Goal) -> str:
    name = base
    while name in goal.types or name in free(goal.target):
        name += "'"
    return name


def _combined(acc: Term, value: Term, definition: Definition, knowledge: Knowledge) -> Iterator[Term]:
    if definition.result in ("Nat", "Int"):
        for symbol in ("+", "*"):
            yield infix(symbol, acc, value)
        if any(isinstance(t, Op) and t.symbol == "*" for t in subterms(value)):
            yield infix("+", value, acc)
    for g in knowledge.definitions:
        if len(g.domain) == 2 and g.domain[0] == g.domain[1] == g.result == definition.result:
            yield apply(Name(g.name), value, acc)
            yield apply(Name(g.name), acc, value)
