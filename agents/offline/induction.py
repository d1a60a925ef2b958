"""Induction: on variables of inductive types, along the recursion of an own function, complete induction on ℕ."""

from __future__ import annotations

from collections.abc import Iterator

from lemmata.agents.offline.knowledge import Knowledge
from lemmata.agents.offline.steps import Move, Names, named
from lemmata.tools.term_parser import parse_term
from lemmata.tools.terms import App, Goal, Name, Term, free, head_name, show, subterms


def inductions(goal: Goal, knowledge: Knowledge, names: Names) -> Iterator[Move]:
    """Induction on variables of inductive types, alone and with the other variables generalized."""
    data = _data(goal, knowledge)
    relevant = [v for v, _ in data if v in free(goal.target)]
    for i, (v, kind) in enumerate((v, k) for v, k in data if v in relevant):
        arms = tuple(_arms(kind, knowledge, Names(names.taken - {v}), v, inductive=True))
        others = [o for o in relevant if o != v]
        cost = 1.5 + 0.2 * i + (0.0 if _recurses(v, goal, knowledge) else 0.4)
        yield Move(f"induction {v} with", arms, cost)
        if others:
            yield Move(f"induction {v} generalizing {' '.join(others)} with", arms, cost + 0.3)
        if (kind_name := head_name(kind)) in ("Nat", "ℕ", "Bool"):
            inner = tuple(_arms(kind, knowledge, Names(names.taken - {v}), v, inductive=False))
            yield Move(f"cases {v} with", inner, 2.4 if kind_name != "Bool" else 1.0)
    yield from _functional(goal, knowledge, names)
    for v, kind in data:
        if v not in relevant and isinstance(kind, App) and goal.types.get(v) == kind:
            # a hypothesis of an own inductive predicate: induction along its rules
            yield Move(f"induction {v} with", tuple(_arms(kind, knowledge, names, v, inductive=True)), 1.4)


def _data(goal: Goal, knowledge: Knowledge) -> list[tuple[str, Term]]:
    named = [(n, h.type) for h in goal.hypotheses for n in h.names if "✝" not in n and h.value is None]
    return [(n, k) for n, k in named if knowledge.constructors(head_name(k))]


def _recurses(v: str, goal: Goal, knowledge: Knowledge) -> bool:
    """Whether an own recursive function looks into the variable."""
    own = {d.name: d.fixed for d in knowledge.definitions if d.recursive}
    calls = [t for t in subterms(goal.target) if isinstance(t, App) and head_name(t) in own]
    return any(Name(v) in t.args[own[head_name(t)] :] for t in calls)


def _arms(kind: Term, knowledge: Knowledge, names: Names, variable: str, *, inductive: bool) -> Iterator[str]:
    own = head_name(kind)
    for c in knowledge.constructors(own):
        fresh = Names(set(names.taken))
        mine = [head_name(parse_term(t)) == own for _, t in c.arguments]
        single = sum(mine) == 1
        pairs = list(zip(c.arguments, mine, strict=True))
        arguments = [(fresh.fresh(variable if yes and single else n), yes) for (n, _), yes in pairs]
        hypotheses = [fresh.fresh("ih" if single else f"ih_{n}") for n, yes in arguments if yes and inductive]
        yield " ".join([c.name, *(n for n, _ in arguments), *hypotheses])


def _functional(goal: Goal, knowledge: Knowledge, names: Names) -> Iterator[Move]:
    """Induction along the recursion of an own function with several arms."""
    functions = knowledge.functions
    for t in subterms(goal.target):
        definition = functions.get(head_name(t)) if isinstance(t, App) else None
        if definition is None or not isinstance(t, App) or len(definition.arms) < 3 or not definition.recursive:
            continue
        arguments = [a.text for a in t.args if isinstance(a, Name) and a.text in goal.types]
        if len(arguments) != len(t.args):
            continue
        arms = []
        for i, (variables, calls) in enumerate(definition.arms, 1):
            fresh = Names(names.taken - set(arguments))
            inner = [fresh.fresh(v) for v in variables]
            arms.append(" ".join([f"case{i}", *inner, *(fresh.fresh("ih") for _ in range(calls))]))
        yield Move(f"induction {', '.join(arguments)} using {definition.name}.induct with", tuple(arms), 1.6)


def complete(goal: Goal, knowledge: Knowledge, names: Names) -> Iterator[Move]:
    """Complete induction on a natural number."""
    for v, kind in _data(goal, knowledge):
        dependent = [n for n, t in named(goal) if v in free(t)]
        if head_name(kind) not in ("Nat", "ℕ") or v not in free(goal.target) or dependent:
            continue
        claim = show(goal.target)
        bound, strong, ih = (names.fresh(n) for n in ("m", "strong", "ih"))
        yield Move(
            f"suffices {strong} : ∀ {bound} {v}, {v} < {bound} → {claim} from {strong} ({v} + 1) {v} (by omega)\n"
            f"intro {bound}\ninduction {bound} with",
            ("zero", f"succ {bound} {ih}"),
            3.0,
        )
