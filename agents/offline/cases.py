"""Case analysis: on connectives, `if` and `match`, and on what an inductive type's constructors may have made."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lemmata.agents.offline.knowledge import Constructor, Knowledge
from lemmata.agents.offline.steps import Move, Names, named
from lemmata.tools.term_parser import parse_term
from lemmata.tools.terms import App, Bind, Goal, Name, Num, Op, Term, free, head_name, substitute, subterms


def is_equivalence(term: Term) -> bool:
    """Whether it is `p ↔ q`."""
    return isinstance(term, Op) and term.symbol == "↔"


def destruct(name: str, kind: Term, names: Names) -> str | None:
    """Pattern that takes a conjunction, an existence, an equivalence or a divisibility apart; None for others."""
    match kind:
        case Op("∧" | "↔", _) | Bind("∃", _, _):
            return f"⟨{', '.join(_parts(name, kind, names))}⟩"
        case Op("∣", (divisor, _)) if not isinstance(divisor, Num):
            return f"⟨{names.fresh('k')}, {names.fresh('h' + name.removeprefix('h'))}⟩"
        case _:
            return None


def _parts(name: str, kind: Term, names: Names) -> list[str]:
    match kind:
        case Op("∧", (left, right)):
            return [destruct(name, left, names) or names.fresh(name), *_parts(name, right, names)]
        case Op("↔", _):
            return [names.fresh(name), names.fresh(name)]
        case Bind("∃", binders, body):
            bound = []
            for n in (n for b in binders for n in b.names):
                bound.append(names.fresh(n))
                body = substitute(body, {n: Name(bound[-1])})
            return [*bound, *_parts(name, body, names)]
        case _:
            return [destruct(name, kind, names) or names.fresh(name)]


def cases(goal: Goal, knowledge: Knowledge, names: Names) -> Iterator[Move]:
    """A disjunction in the context; an `if` or a `match` in the target or a hypothesis."""
    for name, kind in named(goal):
        if isinstance(kind, Op) and kind.symbol == "∨":
            yield Move(f"rcases {name} with {_alternatives(name, kind)}", cost=0.2)
        if _branches(kind):
            yield Move(f"split at {name}", cost=0.8)
        if is_equivalence(kind):
            yield Move(f"obtain {destruct(name, kind, names)} := {name}", cost=0.7)
        if isinstance(kind, Op) and kind.symbol == "∣":
            yield Move(f"obtain ⟨{names.fresh('k')}, {names.fresh(name)}⟩ := {name}", cost=0.9)
    if _branches(goal.target):
        yield Move("split", cost=0.6)


def _alternatives(name: str, kind: Term) -> str:
    if isinstance(kind, Op) and kind.symbol == "∨":
        return f"{name} | {_alternatives(name, kind.args[1])}"
    return name


def _branches(term: Term) -> bool:
    return any((isinstance(t, Op) and t.symbol == "if") or "match " in getattr(t, "text", "") for t in subterms(term))


def inversions(goal: Goal, knowledge: Knowledge, names: Names) -> Iterator[Move]:
    """Hypotheses and data of an inductive type taken apart; constructors that cannot have made them fall away."""
    records = []
    for name, kind in named(goal):
        constructors = _constructors(kind, knowledge)
        if dict(knowledge.types).get(head_name(kind)) == ():
            yield Move(f"cases {name}", cost=0.1)
        if len(constructors) == 1 and not _recursive(kind, constructors):
            records.append(f"obtain {_made(name, kind, constructors[0], names)} := {name}")
        elif constructors and (cost := _cost(name, kind, constructors, goal)):
            patterns = [_made(name, kind, c, Names(set(names.taken))) for c in constructors]
            yield Move(f"rcases {name} with {' | '.join(patterns).replace('⟨⟩', '_')}", cost=cost)
    if records:
        yield Move("\n".join(records), cost=0.5)


def _constructors(kind: Term, knowledge: Knowledge) -> tuple[Constructor, ...]:
    if isinstance(kind, Op) and kind.symbol == "×":
        return (Constructor("mk", (("a", ""), ("b", ""))),)
    # for the others, `induction` has a rule of its own
    known = head_name(kind) in dict(knowledge.types) or head_name(kind) == "Option"
    return knowledge.constructors(head_name(kind)) if known else ()


def _cost(name: str, kind: Term, constructors: Sequence[Constructor], goal: Goal) -> float:
    """Cheap where a constructor may fall away or nothing recurs; 0 where induction is the better way."""
    indices = kind.args if isinstance(kind, App) else ()
    fact = not any(name in free(t) for t in [goal.target, *(h.type for h in goal.hypotheses)])
    if fact and not all(isinstance(i, Name) for i in indices):
        return 0.6
    if not _recursive(kind, constructors):
        return 0.8
    return 1.9 if fact and indices else 0.0


def _recursive(kind: Term, constructors: Sequence[Constructor]) -> bool:
    return any(head_name(kind) in free(parse_term(t)) for c in constructors for _, t in c.arguments)


def _made(name: str, kind: Term, constructor: Constructor, names: Names) -> str:
    """Pattern of a value that the constructor made; what is of the same type keeps the name."""
    own, parts = head_name(kind), []
    inner = Names(names.taken - {name})
    for argument, text in constructor.arguments:
        same = head_name(parse_term(text)) == own != ""
        parts.append(inner.fresh(name if same else argument))
    names.taken |= set(parts)
    return f"⟨{', '.join(parts)}⟩"
