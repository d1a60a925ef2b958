"""Terms for an existence to hold of, and instances of what the context says of all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import Final

from lemmata.agents.offline.polynomials import rewrites, solve
from lemmata.tools.term_parser import parse_term
from lemmata.tools.terms import (
    App,
    Bind,
    Goal,
    Name,
    Num,
    Op,
    Opaque,
    Term,
    children,
    head_name,
    infix,
    show,
    substitute,
    subterms,
)

_MOST: Final = 6
_UNKNOWN: Final = "?w"


def witnesses(goal: Goal) -> tuple[str, ...]:
    """Texts to put for the first unknown of an existence (or the quotient of a divisibility), best first."""
    match goal.target:
        case Bind("∃", binders, body):
            unknown, kind = _UNKNOWN, binders[0].type
            body = substitute(body, {binders[0].names[0]: Name(unknown)})
        case Op("∣", (divisor, multiple)):
            unknown, kind = _UNKNOWN, None
            body = Op("=", (multiple, Op("*", (divisor, Name(unknown)))))
        case _:
            return ()
    found = [*_matched(goal, unknown, body), *_solved(goal, unknown, body)]
    if isinstance(goal.target, Bind):
        sort = show(kind) if kind is not None else _guess(goal, unknown, body)
        found += [*_bounds(goal, unknown, body), *_functions(goal, parse_term(sort))]
        found += [n for n, t in goal.types.items() if "✝" not in n and (not sort or show(t) == sort)]
        found += _images(goal, sort)
        if sort in ("Nat", "Int", "ℕ", "ℤ", ""):
            found += ["0", "1", "2"]
    return tuple(dict.fromkeys(found))[:_MOST]


def _solved(goal: Goal, unknown: str, body: Term) -> Iterator[str]:
    """From an equation of the body that is linear in the unknown, hypotheses put in first."""
    facts = [h.type.args for h in goal.hypotheses if isinstance(h.type, Op) and h.type.symbol == "="]
    pairs = [(left, right) for left, right in facts]
    rules = [rewrites(pairs, variables=True), rewrites(pairs, variables=False), {}]
    for t in subterms(body):
        if isinstance(t, Op) and t.symbol == "=" and unknown in _names(t):
            for known in rules:
                answer = solve(unknown, t.args[0], t.args[1], known)
                if answer is not None:
                    yield answer


def _matched(goal: Goal, unknown: str, body: Term) -> Iterator[str]:
    """From a hypothesis that is an instance of a part of the body."""
    for part in _conjuncts(body):
        for h in goal.hypotheses:
            found = match(part, h.type, {unknown}, {})
            if found is not None and unknown in found:
                yield show(found[unknown])


def _bounds(goal: Goal, unknown: str, body: Term) -> Iterator[str]:
    """From the inequalities of the body that have the unknown alone on one side: what is just within them."""
    low: dict[str, None] = {}
    for t in subterms(body):
        if not (isinstance(t, Op) and t.symbol in ("<", "≤", ">", "≥") and Name(unknown) in t.args):
            continue
        left, right = t.args
        other, above = (right, t.symbol in ">≥") if left == Name(unknown) else (left, t.symbol in "<≤")
        if all(n in goal.types for n in _names(other)):
            if above:
                low[show(infix("+", other, Num(1)) if t.symbol in "<>" else other)] = None
            elif t.symbol in "≤≥":
                yield show(other)
    for modulus in {t.args[1] for t in subterms(body) if isinstance(t, Op) and t.symbol == "%"}:
        yield from (show(infix("*", modulus, parse_term(bound))) for bound in low)
    if len(low) > 1:
        yield show(parse_term(" + ".join(low)))
    yield from low


def _functions(goal: Goal, kind: Term) -> Iterator[str]:
    """Functions that differ from every row of a table of the context, and the one that changes nothing."""
    if not (isinstance(kind, Op) and kind.symbol == "→"):
        return
    domain, result = kind.args
    other = {"Prop": "¬{}", "Bool": "!{}", "Nat": "{} + 1", "Int": "{} + 1"}.get(show(result))
    for n, t in goal.types.items():
        if other and "✝" not in n and t == Op("→", (domain, kind)):
            yield f"fun x => {other.format(f'{n} x x')}"
    if domain == result:
        yield "fun x => x"


def _images(goal: Goal, sort: str) -> Iterator[str]:
    """Values of the context's functions at what the context has for them."""
    for f, kind in goal.types.items():
        if isinstance(kind, Op) and kind.symbol == "→" and show(kind.args[1]) == sort and "✝" not in f:
            yield from (f"{f} {n}" for n, t in goal.types.items() if t == kind.args[0] and "✝" not in n)


def type_of(term: Term, types: Mapping[str, Term]) -> str:
    """Type of a context name or of one applied; empty where it is not known."""
    kind = types.get(head_name(term))
    for _ in term.args if isinstance(term, App) else ():
        kind = kind.args[1] if isinstance(kind, Op) and kind.symbol == "→" else None
    return "" if kind is None else show(kind)


def _guess(goal: Goal, unknown: str, body: Term) -> str:
    """Type of an unknown whose binder does not show it: that of a context name it is compared or applied with."""
    types = goal.types
    for t in subterms(body):
        if isinstance(t, App) and Name(unknown) in t.args and head_name(t) in types:
            kind: Term = types[head_name(t)]
            for a in t.args:
                if not (isinstance(kind, Op) and kind.symbol == "→"):
                    break
                if a == Name(unknown):
                    return show(kind.args[0])
                kind = kind.args[1]
    for t in subterms(body):
        if isinstance(t, Op) and t.symbol in ("=", "≠") and Name(unknown) in t.args:
            for side in t.args:
                if found := type_of(side, types):
                    return found
    for t in subterms(body):
        if isinstance(t, Op) and t.symbol in ("=", "<", "≤", ">", "≥") and unknown in _names(t):
            for n in _names(t):
                if show(types.get(n, Name(""))) in ("Nat", "Int"):
                    return show(types[n])
    return ""


def _names(term: Term) -> list[str]:
    return [t.text for t in subterms(term) if isinstance(t, Name)]


def _conjuncts(term: Term) -> list[Term]:
    if isinstance(term, Op) and term.symbol == "∧":
        return [*_conjuncts(term.args[0]), *_conjuncts(term.args[1])]
    return [term]


def match(
    pattern: Term, term: Term, unknowns: set[str], found: Mapping[str, Term]
) -> dict[str, Term] | None:
    """Values of the unknowns that make the pattern the term, added to `found`; None where there are none."""
    if isinstance(pattern, Name) and pattern.text in unknowns:
        if pattern.text in found:
            return dict(found) if found[pattern.text] == term else None
        return {**found, pattern.text: term}
    if isinstance(pattern, Name | Num | Opaque | Bind):
        return dict(found) if pattern == term else None
    if type(pattern) is not type(term) or getattr(pattern, "symbol", "") != getattr(term, "symbol", ""):
        return None
    ours, theirs = children(pattern), children(term)
    if len(ours) != len(theirs):
        return None
    result: dict[str, Term] | None = dict(found)
    for a, b in zip(ours, theirs, strict=True):
        if result is None:
            return None
        result = match(a, b, unknowns, result)
    return result


def instances(goal: Goal, most: int = _MOST) -> tuple[str, ...]:
    """Terms `h t hp` that prove something new from a hypothesis about all, or from an implication."""
    facts = [(n, h.type) for h in goal.hypotheses for n in h.names if "✝" not in n]
    present = {t for _, t in facts}
    found: dict[str, None] = {}
    for name, kind in facts:
        for text, fact in _instantiate(name, kind, facts, goal):
            if fact not in present:
                found[text] = None
    return tuple(found)[:most]


def _instantiate(
    name: str, kind: Term, facts: Sequence[tuple[str, Term]], goal: Goal
) -> Iterator[tuple[str, Term]]:
    binders, premises, conclusion = telescope(kind)
    unknowns = {n for n, _ in binders}
    rewrites_itself = isinstance(conclusion, Op) and conclusion.symbol == "=" and not premises
    if rewrites_itself or not (binders or premises):
        return
    partial: list[tuple[dict[str, Term], list[str]]] = [({}, [])]
    for premise in premises:
        grown = []
        for values, proofs in partial:
            for fact_name, fact in facts:
                extended = match(premise, fact, unknowns, values)
                if extended is not None:
                    grown.append((extended, [*proofs, fact_name]))
        partial = grown[:_MOST]
    for values, proofs in partial:
        for complete in _complete(values, binders, goal):
            arguments = [_argument(show(complete[n])) for n, _ in binders]
            yield " ".join([name, *arguments, *proofs]), substitute(conclusion, complete)


def _complete(
    values: dict[str, Term], binders: Sequence[tuple[str, Term | None]], goal: Goal
) -> Iterator[dict[str, Term]]:
    """Values for the unknowns that the premises leave open, from names of the context of the same type."""
    missing = [(n, t) for n, t in binders if n not in values]
    choices = [[Name(c) for c, k in goal.types.items() if "✝" not in c and k == t] for _, t in missing]
    for chosen in list(product(*choices))[:_MOST]:
        yield {**values, **{n: c for (n, _), c in zip(missing, chosen, strict=True)}}


def telescope(kind: Term) -> tuple[list[tuple[str, Term | None]], list[Term], Term]:
    """Bound names with their types, premises, and conclusion of `∀ .., .. → ..`; only ∀ first, then →."""
    binders: list[tuple[str, Term | None]] = []
    premises: list[Term] = []
    while isinstance(kind, Bind) and kind.symbol == "∀":
        binders += [(n, b.type) for b in kind.binders for n in b.names]
        kind = kind.body
    while True:
        match kind:
            case Op("→", (left, right)):
                premises.append(left)
                kind = right
            case Op("¬", (inner,)):
                return binders, [*premises, inner], Name("False")
            case _:
                return binders, premises, kind


def _argument(text: str) -> str:
    return text if " " not in text else f"({text})"
