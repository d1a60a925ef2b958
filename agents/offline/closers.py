"""Tactics that may close a goal at once, chosen by what the goal is made of."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from lemmata.agents.offline.knowledge import Knowledge
from lemmata.agents.offline.polynomials import distribution, nonlinear
from lemmata.agents.offline.residues import residues
from lemmata.agents.offline.squares import squares
from lemmata.agents.offline.witnesses import type_of
from lemmata.tools.terms import App, Bind, Goal, Name, Num, Op, Term, free, head_name, infix, show, subterms

LEAVES: Final[tuple[str, ...]] = ("assumption", "rfl", "omega", "simp_all", "decide")
"""Tried on every goal a move leaves; each fails fast as a rule."""

SAFE_LEAVES: Final[tuple[str, ...]] = ("assumption", "rfl", "omega")
"""Those of them that do not loop."""


def closers(goal: Goal, knowledge: Knowledge) -> tuple[str, ...]:
    """Tactics worth a try on this goal, cheapest first."""
    rules = (
        _by_definition(goal, knowledge), _arithmetic(goal, knowledge), _shifted(goal), _transitive(goal),
        residues(goal), squares(goal), _pointwise(goal),
        _applied(goal),
    )  # fmt: skip
    return tuple(dict.fromkeys([*LEAVES, *(t for rule in rules for t in rule)]))


def _by_definition(goal: Goal, knowledge: Knowledge) -> Iterator[str]:
    terms = [goal.target, *(h.type for h in goal.hypotheses)]
    used = {n for t in terms for n in free(t)}
    own = [d.name for d in knowledge.definitions if d.name in used]
    lemmas = [x.name for x in knowledge.lemmas]
    equations = [n for h in goal.hypotheses for n in h.names if "✝" not in n and _rewrites(h.type)]
    if own:
        yield f"simp [{', '.join(own)}]"
        if equations:
            yield f"simp [{', '.join([*own, *equations])}]"
        yield f"simp_all [{', '.join(own)}]"
        yield f"simp only [{', '.join(own)}]; omega"
        yield f"simp [{', '.join(own)}]; omega"
        yield f"simp only [{', '.join(own)}] at *; omega"
        yield f"simp_all [{', '.join(own)}]; omega"
    else:
        yield "simp_all; omega"
    if lemmas and regrouping(goal):
        yield f"simp only [{', '.join([*regrouping(goal), *own, *lemmas, *equations])}]"
    if lemmas:
        yield from (f"apply {x}" for x in lemmas)
        yield from (f"apply {x} <;> assumption" for x in lemmas)
        yield f"simp [{', '.join([*own, *lemmas])}]"
        yield f"simp_all [{', '.join([*own, *lemmas])}]"
        if equations:
            yield f"simp [{', '.join([*own, *equations, *lemmas])}]; omega"


def _rewrites(kind: Term) -> bool:
    return any(isinstance(t, Op) and t.symbol in ("=", "↔") for t in subterms(kind))


def _arithmetic(goal: Goal, knowledge: Knowledge) -> Iterator[str]:
    """Products brought to a normal form on both sides; what is left is linear in them."""
    terms = [goal.target, *(h.type for h in goal.hypotheses if _relation(h.type))]
    if not any(isinstance(t, Op) and t.symbol in ("*", "^") for x in terms for t in subterms(x)):
        return
    integers = integral(goal)
    used = {n for t in terms for n in free(t)}
    own = [d.name for d in knowledge.definitions if d.name in used]
    names = [n for h in goal.hypotheses for n in h.names if "✝" not in n and _relation(h.type) and _products(h.type)]
    values = [n for h in goal.hypotheses for n in h.names if "✝" not in n and _value(h.type)]
    places = f" at {' '.join([*names, '⊢'])}" if names else ""
    laws = distribution([*terms, *_unfolded(terms, own)], integers=integers)
    rules = ", ".join([*own, *laws])
    yield f"simp only [{rules}]"
    if values:
        yield f"simp only [{', '.join([*values, rules])}]"
        yield f"simp only [{', '.join([*values, rules])}]; omega"
    equations = [n for n in names if isinstance(goal.types[n], Op) and getattr(goal.types[n], "symbol", "") == "="]
    if equations:
        yield f"simp only [{', '.join([*regrouping(goal), *own, *equations, *laws])}]"
    if own or nonlinear(terms) or "^" in "".join(map(show, terms)):
        yield f"simp only [{rules}]; omega"
        if places:
            yield f"simp only [{rules}]{places}; omega"
            yield f"simp only [{rules}] at *; omega"


def _unfolded(terms: list[Term], own: list[str]) -> Iterator[Term]:
    """For each call `f a (x + 1)` the product `f a x * a * x`: its factors are what the equation of f may multiply."""
    for call in (s for t in terms for s in subterms(t) if isinstance(s, App) and head_name(s) in own):
        for i, argument in enumerate(call.args):
            if isinstance(argument, Op) and argument.symbol == "+" and argument.args[1] == Num(1):
                before = argument.args[0]
                product: Term = App(call.head, (*call.args[:i], before, *call.args[i + 1 :]))
                for factor in (*call.args, before):
                    product = infix("*", product, factor) if isinstance(factor, Name) else product
                yield product


def _shifted(goal: Goal) -> Iterator[str]:
    """A hypothesis that is the target but for an argument that arithmetic makes the same."""
    target = goal.target
    for h in goal.hypotheses:
        if isinstance(target, App) and isinstance(h.type, App) and h.type.head == target.head != h.type:
            pairs = [(a, b) for a, b in zip(target.args, h.type.args, strict=False) if a != b]
            if len(h.type.args) == len(target.args) and len(pairs) == 1 and any(isinstance(x, Op) for x in pairs[0]):
                yield f"rw [show {show(pairs[0][0])} = {show(pairs[0][1])} by omega]; assumption"


def _transitive(goal: Goal) -> Iterator[str]:
    """An inequality of the context followed by one that holds of all."""
    if isinstance(goal.target, Op) and goal.target.symbol == "≤":
        first = [n for h in goal.hypotheses for n in h.names if isinstance(h.type, Op) and h.type.symbol == "≤"]
        laws = [n for h in goal.hypotheses for n in h.names if isinstance(h.type, Bind)]
        yield from (f"exact Nat.le_trans {a} ({b} _)" for a in first for b in laws)


def _pointwise(goal: Goal) -> Iterator[str]:
    """An equation with a `fun` that fails at a point of the context."""
    if goal.target != Name("False"):
        return
    points = [n for n, t in goal.types.items() if "✝" not in n and isinstance(t, Name | App) and t != Name("Type")]
    for h in goal.hypotheses:
        sides = h.type.args if isinstance(h.type, Op) and h.type.symbol == "=" else ()
        if any(isinstance(s, Bind) and s.symbol == "fun" for s in sides):
            yield from (f"exact absurd (congrFun {h.names[0]} {p}) (by simp)" for p in reversed(points))


def _applied(goal: Goal) -> Iterator[str]:
    """An equation with a function of the context applied to both sides, made simple by what is said of all."""
    laws = [n for h in goal.hypotheses for n in h.names if isinstance(h.type, Bind) and _equation(h.type.body)]
    if not laws or not _equation(goal.target):
        return
    for h in goal.hypotheses:
        domain = type_of(h.type.args[0], goal.types) if isinstance(h.type, Op) and _equation(h.type) else ""
        for f, kind in goal.types.items():
            if isinstance(kind, Op) and kind.symbol == "→" and show(kind.args[0]) == domain:
                yield f"simpa [{', '.join(laws)}] using congrArg {f} {h.names[0]}"


def _equation(kind: Term) -> bool:
    return isinstance(kind, Op) and kind.symbol == "="


def _relation(kind: Term) -> bool:
    return isinstance(kind, Op) and kind.symbol in ("=", "<", "≤", ">", "≥", "∣", "≠")


def _products(kind: Term) -> bool:
    return any(isinstance(t, Op) and t.symbol in ("*", "^") for t in subterms(kind))


def _value(kind: Term) -> bool:
    """Whether it says what a variable is."""
    return isinstance(kind, Op) and kind.symbol == "=" and isinstance(kind.args[0], Name)


def integral(goal: Goal) -> bool:
    """Whether the goal speaks of integers."""
    names = {n for n in free(goal.target) if goal.types.get(n) in (Name("Int"), Name("ℤ"))}
    return bool(names) or "Int" in free(goal.target)


def regrouping(goal: Goal) -> dict[str, None]:
    """Laws that bring an argument such as `x + (y + 1)` or `x * (y + 1)` to the form that equations match."""
    found: dict[str, None] = {}
    for call in subterms(goal.target):
        for argument in call.args if isinstance(call, App) else ():
            match argument:
                case Op("+", (_, Op("+", _))):
                    found["← Nat.add_assoc"] = None
                case Op("*", (_, Op("+", _))):
                    found |= {"Nat.mul_add": None, "Nat.mul_one": None}
                case Op("*", (Op("+", _), _)):
                    found |= {"Nat.add_mul": None, "Nat.one_mul": None}
                case Op("+", (Op("+", (_, Num(_))), right)) if not isinstance(right, Num):
                    found["Nat.add_right_comm"] = None
                case _:
                    pass
    return found
