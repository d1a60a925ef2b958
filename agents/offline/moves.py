"""Steps that a goal suggests: what to try next, each with what it costs. Lean decides what becomes of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from lemmata.agents.offline.cases import cases, destruct, inversions, is_equivalence
from lemmata.agents.offline.closers import integral, regrouping
from lemmata.agents.offline.induction import complete, inductions
from lemmata.agents.offline.knowledge import Knowledge
from lemmata.agents.offline.squares import factors
from lemmata.agents.offline.steps import Move, Names, named
from lemmata.agents.offline.witnesses import instances, witnesses
from lemmata.tools.term_parser import parse_term
from lemmata.tools.terms import (
    RELATIONS,
    App,
    Bind,
    Binder,
    Goal,
    Name,
    Op,
    Term,
    free,
    head_name,
    show,
    substitute,
)


def forced(goal: Goal, knowledge: Knowledge) -> Move | None:
    """The step that is right whatever comes after: unfold, introduce, take apart, split a conjunction."""
    names = Names.of(goal, knowledge)
    if unfolding := _unfold(goal, knowledge):
        return Move(unfolding, cost=0.1)
    lines: list[str] = []
    context = named(goal)
    new, target = _introduce(goal.target, names)
    if new:
        lines.append("intro " + " ".join(n for n, _ in new))
    for name, kind in [*context, *new]:
        pattern = None if is_equivalence(kind) else destruct(name, kind, names)
        if pattern is not None:
            lines.append(f"obtain {pattern} := {name}")
    if lines:
        return Move("\n".join(lines), cost=0.1)
    if isinstance(target, Op) and target.symbol in ("∧", "↔"):
        parts = _width(target)
        return Move("constructor" if parts == 2 else f"refine ⟨{', '.join(['?_'] * parts)}⟩", cost=0.1)
    return None


def _unfold(goal: Goal, knowledge: Knowledge) -> str:
    """`unfold P at h ⊢` for own predicates that are no recursions."""
    own = {d.name for d in knowledge.definitions if d.result == "Prop" and not d.recursive}
    found: dict[str, list[str]] = {}
    for place, term in [*named(goal), ("⊢", goal.target)]:
        for name in free(term):
            if name in own:
                found.setdefault(name, []).append(place)
    return "\n".join(f"unfold {name} at {' '.join(places)}" for name, places in found.items())


def _introduce(target: Term, names: Names) -> tuple[list[tuple[str, Term]], Term]:
    """Names and types that `intro` gives, and what is left as the target."""
    new: list[tuple[str, Term]] = []
    while True:
        match target:
            case Bind("∀", binders, body):
                for b in binders:
                    for n in b.names or ("inst",):
                        fresh = names.fresh(n)
                        new.append((fresh, b.type or Name("_")))
                        if fresh != n:
                            body = substitute(body, {n: Name(fresh)})
                target = body
            case Op("→", (left, right)):
                new.append((names.fresh("h"), left))
                target = right
            case Op("¬", (inner,)):
                new.append((names.fresh("h"), inner))
                return new, Name("False")
            case Op("≠", (left, right)):
                new.append((names.fresh("h"), Op("=", (left, right))))
                return new, Name("False")
            case _:
                return new, target


def _width(term: Term) -> int:
    if isinstance(term, Op) and term.symbol == "∧":
        return 1 + _width(term.args[1])
    return 2 if isinstance(term, Op) and term.symbol == "↔" else 1


def moves(goal: Goal, knowledge: Knowledge, *, limit: int = 28) -> tuple[Move, ...]:
    """Steps that may be right, cheapest first."""
    names = Names.of(goal, knowledge)
    found = [m for rule in _RULES for m in rule(goal, knowledge, names)]
    unique = {m.trial: m for m in sorted(found, key=lambda m: -m.cost)}
    return tuple(sorted(unique.values(), key=lambda m: m.cost)[:limit])


def _disjunction(goal: Goal, knowledge: Knowledge, names: Names) -> Iterator[Move]:
    if isinstance(goal.target, Op) and goal.target.symbol == "∨":
        yield Move("left", cost=0.6)
        yield Move("right", cost=0.6)
        first = goal.target.args[0]
        yield Move(f"by_cases {names.fresh('hc')} : {show(first)}", cost=1.4)


def _classical(goal: Goal, knowledge: Knowledge, names: Names) -> Iterator[Move]:
    """Excluded middle for the propositions of a goal, and proof by contradiction."""
    atoms = propositions(goal)
    if atoms and len(atoms) <= 4:
        split = " <;> ".join(f"by_cases {names.fresh('h' + _word(a))} : {a}" for a in atoms)
        yield Move(f"{split} <;> simp_all", cost=0.9)
    for a in atoms[:3]:
        yield Move(f"by_cases {names.fresh('h' + _word(a))} : {a}", cost=2.0)
    for _, kind in named(goal):
        match kind:
            case Op("¬", (Bind("∀", binders, body),)):
                exists = Bind("∃", binders, Op("¬", (body,)))
                yield Move(f"by_cases {names.fresh('hn')} : {show(exists)}", cost=1.2)
            case _:
                pass
    if _may_need_contradiction(goal):
        assumed = names.fresh("hn")
        yield Move(f"apply Classical.byContradiction\nintro {assumed}", cost=2.2)


def _may_need_contradiction(goal: Goal) -> bool:
    """Whether the target is no equation over a type without arithmetic: there nothing is won by denying it."""
    target = goal.target
    if isinstance(target, Op) and target.symbol == "=":
        return any(t in (Name("Nat"), Name("Int")) for t in goal.types.values())
    return target != Name("False")


def _word(text: str) -> str:
    return text if text.isidentifier() and len(text) <= 2 else "c"


def propositions(goal: Goal) -> list[str]:
    """Texts of the atomic propositions below the connectives, in order."""
    found: dict[str, None] = {}
    for term in [*(h.type for h in goal.hypotheses), goal.target]:
        _atomic(term, goal, found)
    return list(found)


def _atomic(term: Term, goal: Goal, found: dict[str, None], *, inside: bool = False) -> None:
    if isinstance(term, Op) and term.symbol in ("∧", "∨", "¬", "→", "↔"):
        for a in term.args:
            _atomic(a, goal, found, inside=True)
        return
    known = goal.types
    closed = inside and isinstance(term, App) and set(free(term)) <= set(known)
    if closed or known.get(head_name(term)) == Name("Prop"):
        found[show(term)] = None


def _existence(goal: Goal, knowledge: Knowledge, names: Names) -> Iterator[Move]:
    """Witnesses for an existence or a divisibility."""
    for i, witness in enumerate(witnesses(goal)):
        yield Move(f"refine ⟨{witness}, ?_⟩", cost=0.4 + 0.1 * i)


def _backward(goal: Goal, knowledge: Knowledge, names: Names) -> Iterator[Move]:
    """Hypotheses and lemmas whose conclusion may be the target."""
    sources = [*named(goal), *((x.name, x.statement) for x in knowledge.lemmas)]
    for name, kind in sources:
        premises, conclusion = spine(kind)
        if (premises or isinstance(kind, Bind)) and _may_be(conclusion, goal.target):
            yield Move(f"apply {name}", cost=0.8)
        if conclusion == Name("False") and premises and goal.target != Name("False"):
            yield Move(f"exfalso\napply {name}", cost=1.6)


def spine(kind: Term) -> tuple[list[Term], Term]:
    """Premises and conclusion of nested implications, negations and ∀."""
    premises: list[Term] = []
    while True:
        match kind:
            case Bind("∀", _, body):
                kind = body
            case Op("→", (left, right)):
                premises.append(left)
                kind = right
            case Op("¬", (inner,)):
                return [*premises, inner], Name("False")
            case Op("≠", (left, right)):
                return [*premises, Op("=", (left, right))], Name("False")
            case _:
                return premises, kind


def _may_be(conclusion: Term, target: Term) -> bool:
    if isinstance(conclusion, Op) and isinstance(target, Op):
        orders = {"<": "<", ">": "<", "≤": "≤", "≥": "≤"}
        return orders.get(conclusion.symbol, conclusion.symbol) == orders.get(target.symbol, target.symbol)
    return head_name(conclusion) == head_name(target) != ""


def _forward(goal: Goal, knowledge: Knowledge, names: Names) -> Iterator[Move]:
    """Consequences of hypotheses: implications whose premise is there, ∀ at terms of the context."""
    for fact in instances(goal):
        yield Move(f"have {names.fresh('hf')} := {fact}", cost=0.9)
    for name, kind in named(goal):
        match kind:
            case Op("¬", (Bind("∃", (Binder((x,), _, _),), body),)):
                claim = show(Bind("∀", (Binder((x,)),), Op("¬", (body,))))
                yield Move(f"have {names.fresh(name)} : {claim} := fun {x} hx => {name} ⟨{x}, hx⟩", cost=0.9)
            case _:
                pass


def _rewriting(goal: Goal, knowledge: Knowledge, names: Names) -> Iterator[Move]:
    """Equations of own functions, of hypotheses and of lemmas, used on the target."""
    own = _own(goal, knowledge)
    for name in own:
        yield Move(f"rw [{name}]", cost=1.0)
    if own:
        yield Move(f"simp only [{', '.join(own)}]", cost=0.9)
        yield Move(f"simp [{', '.join(own)}]", cost=1.2)
    yield from (Move(f"rw [{rule}]", cost=0.8) for rule in regrouping(goal))
    equations = [n for n, k in named(goal) if _equation(k)]
    lemmas = [x.name for x in knowledge.lemmas if _equation(x.statement)]
    for name in [*equations, *lemmas]:
        yield Move(f"rw [{name}]", cost=1.1)
        yield Move(f"rw [← {name}]", cost=1.7)


def _own(goal: Goal, knowledge: Knowledge, *, everywhere: bool = False) -> list[str]:
    terms: Iterable[Term] = [goal.target, *(h.type for h in goal.hypotheses)] if everywhere else [goal.target]
    used = {n for t in terms for n in free(t)}
    return [*(d.name for d in knowledge.definitions if d.name in used), *(n for n in _BRANCHING if n in used)]


def _equation(kind: Term) -> bool:
    conclusion = spine(kind)[1]
    return isinstance(conclusion, Op) and conclusion.symbol in ("=", "↔")


_BRANCHING: Final = ("List.filter", "List.filterMap", "List.takeWhile", "List.dropWhile", "List.find?", "List.erase")
"""Functions of the core whose equation goes by what a test says, so that `simp` does not use it unasked."""

_CORE: Mapping[str, tuple[str, ...]] = {
    "≤": ("Nat.mul_le_mul", "Nat.mul_le_mul_left", "Nat.mul_le_mul_right", "Nat.pow_le_pow_left"),
    "<": ("Nat.mul_pos", "Nat.pos_pow_of_pos", "Nat.pow_pos", "Nat.mul_lt_mul_of_pos_left"),
    "∣": ("Nat.dvd_add", "Nat.dvd_mul_left", "Nat.dvd_mul_right"),
    "=": ("Nat.le_antisymm", "Nat.dvd_antisymm"),
}


_CORE_INT: Mapping[str, tuple[str, ...]] = {
    "≤": ("Int.mul_nonneg", "Int.mul_le_mul_of_nonneg_left", "Int.mul_le_mul_of_nonneg_right"),
    "<": ("Int.mul_pos", "Int.mul_lt_mul_of_pos_left"),
    "∣": ("Int.dvd_add", "Int.dvd_mul_left", "Int.dvd_mul_right"),
}


def _rules(goal: Goal, knowledge: Knowledge, names: Names) -> Iterator[Move]:
    """Rules of an own inductive predicate: backward on the target, forward from what the context has of it."""
    predicate = head_name(goal.target)
    for c in dict(knowledge.types).get(predicate, ()):
        yield Move(f"apply {predicate}.{c.name}", cost=0.7)
        facts = [n for n, t in named(goal) if head_name(t) == predicate]
        for fact in facts[-2:]:
            own = [head_name(parse_term(t)) == predicate for _, t in c.arguments]
            if any(own):
                arguments = " ".join(fact if yes else "_" for yes in own)
                yield Move(f"have {names.fresh('hr')} := {predicate}.{c.name} {arguments}", cost=0.9)


def _library(goal: Goal, knowledge: Knowledge, names: Names) -> Iterator[Move]:
    """Core lemmas by the relation of the target."""
    yield from factors(goal, names)
    if isinstance(goal.target, Op) and goal.target.symbol in RELATIONS:
        if not any(t in (Name("Nat"), Name("Int")) for t in goal.types.values()):
            return
        symbol = {">": "<", "≥": "≤"}.get(goal.target.symbol, goal.target.symbol)
        for i, name in enumerate((_CORE_INT if integral(goal) else _CORE).get(symbol, ())):
            yield Move(f"apply {name}", cost=2.5 + 0.1 * i)


_RULES = (
    _rules, cases, inversions, _disjunction, _existence, _backward, _forward, _rewriting, inductions, _classical,
    complete, _library,
)  # fmt: skip
