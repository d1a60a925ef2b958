"""Polynomials with integer coefficients over opaque atoms: enough to normalise products and to solve for a witness."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Final, TypeAlias

from lemmata.tools.terms import Num, Op, Term, children, show

Monomial: TypeAlias = tuple[str, ...]
"""Atoms with repetition, sorted."""
Polynomial: TypeAlias = Mapping[Monomial, int]
_MOST_TERMS: Final = 200
_LARGEST_POWER: Final = 6


def polynomial(term: Term, *, integers: bool = True) -> Polynomial:
    """Normal form of a term. Over ℕ a subtraction is an atom: it does not distribute."""
    match term:
        case Num(value):
            return _clean({(): value})
        case Op("+", (a, b)):
            return add(polynomial(a, integers=integers), polynomial(b, integers=integers))
        case Op("-", (a, b)) if integers:
            return add(polynomial(a), scale(polynomial(b), -1))
        case Op("-", (a,)) if integers:
            return scale(polynomial(a), -1)
        case Op("*", (a, b)):
            return multiply(polynomial(a, integers=integers), polynomial(b, integers=integers))
        case Op("^", (a, Num(k))) if k <= _LARGEST_POWER:
            result: Polynomial = {(): 1}
            for _ in range(k):
                result = multiply(result, polynomial(a, integers=integers))
            return result
        case Op(":", (a, _)):
            return polynomial(a, integers=integers)
        case _:
            return {(show(term),): 1}


def add(p: Polynomial, q: Polynomial) -> Polynomial:
    """P + q."""
    total = Counter(dict(p))
    for m, c in q.items():
        total[m] += c
    return _clean(total)


def scale(p: Polynomial, factor: int) -> Polynomial:
    """Factor · p."""
    return _clean({m: factor * c for m, c in p.items()})


def multiply(p: Polynomial, q: Polynomial) -> Polynomial:
    """P · q, cut to nothing where it would grow beyond what is useful here."""
    if len(p) * len(q) > _MOST_TERMS:
        return {}
    total: Counter[Monomial] = Counter()
    for m, c in p.items():
        for n, d in q.items():
            total[tuple(sorted(m + n))] += c * d
    return _clean(total)


def _clean(p: Mapping[Monomial, int]) -> Polynomial:
    return {m: c for m, c in p.items() if c}


def divide(p: Polynomial, q: Polynomial) -> Polynomial | None:
    """P / q where it leaves no remainder, else None."""
    if not q:
        return None
    lead = max(q, key=lambda m: (len(m), m))
    quotient: Polynomial = {}
    for _ in range(_MOST_TERMS):
        if not p:
            return quotient
        top = max(p, key=lambda m: (len(m), m))
        rest = Counter(top)
        rest.subtract(Counter(lead))
        if p[top] % q[lead] or any(k < 0 for k in rest.values()):
            return None
        step = {tuple(sorted(rest.elements())): p[top] // q[lead]}
        quotient = add(quotient, step)
        p = add(p, scale(multiply(step, q), -1))
    return None


def spell(p: Polynomial) -> str:
    """Lean text of a polynomial; every atom is put in parentheses where it needs them."""
    if not p:
        return "0"
    pieces = []
    # over ℕ, `-a + b` would not be `b - a`
    first_positive = min((m for m, c in p.items() if c > 0), key=_rank, default=None)
    for m, c in sorted(p.items(), key=lambda item: (item[0] != first_positive, _rank(item[0]))):
        factors = [a if a.isidentifier() else f"({a})" for a in m]
        if abs(c) != 1 or not factors:
            factors.insert(0, str(abs(c)))
        pieces.append(("-" if c < 0 else "+", " * ".join(factors)))
    first, *rest = pieces
    return ("-" if first[0] == "-" else "") + first[1] + "".join(f" {s} {t}" for s, t in rest)


def _rank(monomial: Monomial) -> tuple[int, Monomial]:
    return -len(monomial), monomial


def solve(unknown: str, left: Term, right: Term, known: Mapping[Monomial, Polynomial]) -> str | None:
    """A term w with left = right for unknown := w, where the equation is linear in it and divides without remainder.

    Args:
        unknown: name of the variable to solve for.
        left: left side.
        right: right side.
        known: rewrite rules for monomials, as `rewrites` makes them, put in first.
    """
    equation = reduce(add(polynomial(left), scale(polynomial(right), -1)), known)
    slope = {tuple(a for a in m if a != unknown): c for m, c in equation.items() if unknown in m}
    if not slope or any(m.count(unknown) > 1 or _hides(m, unknown) for m in equation):
        return None
    rest = {m: -c for m, c in equation.items() if unknown not in m}
    quotient = divide(rest, slope)
    return None if quotient is None else spell(quotient)


def rewrites(equations: Iterable[tuple[Term, Term]], *, variables: bool) -> dict[Monomial, Polynomial]:
    """For each equation, one of its monomials with coefficient ±1 and what that equals.

    With `variables` a single atom that occurs nowhere else in the equation, else the monomial of highest degree.
    """
    rules: dict[Monomial, Polynomial] = {}
    for left, right in equations:
        equation = add(polynomial(left), scale(polynomial(right), -1))
        units = [m for m, c in equation.items() if abs(c) == 1 and m]
        if variables:
            units = [m for m in units if len(m) == 1 and sum(m[0] in n for n in equation) == 1]
        if units:
            lead = max(units, key=len)
            sign = equation[lead]
            rules[lead] = {m: -sign * c for m, c in equation.items() if m != lead}
    return rules


def reduce(p: Polynomial, rules: Mapping[Monomial, Polynomial]) -> Polynomial:
    """Rewrite monomials that a rule divides, a bounded number of times."""
    for _ in range(20):
        for m, lead in ((m, lead) for m in p for lead in rules if _divides(lead, m)):
            rest = Counter(m)
            rest.subtract(Counter(lead))
            other = {n: c for n, c in p.items() if n != m}
            p = add(other, multiply({tuple(sorted(rest.elements())): p[m]}, rules[lead]))
            break
        else:
            return p
    return p


def _divides(lead: Monomial, m: Monomial) -> bool:
    return not Counter(lead) - Counter(m)


def _hides(monomial: Monomial, unknown: str) -> bool:
    return any(unknown in atom.replace("(", " ").replace(")", " ").split() for atom in monomial if atom != unknown)


def atoms(terms: Iterable[Term]) -> tuple[str, ...]:
    """Atoms that occur in a product or a power anywhere in the terms, sorted."""
    found: set[str] = set()
    for term in terms:
        _collect(term, found)
    return tuple(sorted(found))


def _collect(term: Term, found: set[str]) -> None:
    if isinstance(term, Op) and term.symbol in ("*", "^"):
        found.update(a for m in polynomial(term) for a in m)
    for child in children(term):
        _collect(child, found)


def nonlinear(terms: Iterable[Term]) -> bool:
    """Whether some product of two atoms occurs."""
    return any(_nonlinear(t) for t in terms)


def _nonlinear(term: Term) -> bool:
    here = isinstance(term, Op) and term.symbol in ("*", "^") and any(len(m) > 1 for m in polynomial(term))
    return here or any(_nonlinear(c) for c in children(term))


def distribution(goal_terms: Iterable[Term], *, integers: bool) -> tuple[str, ...]:
    """Rewrite rules that bring every product to one order of factors: numerals first, then atoms as sorted.

    Commutation is stated for the pairs that occur, because the general law also moves numerals inside.
    """
    terms = tuple(goal_terms)
    space = "Int" if integers else "Nat"
    factors = atoms(terms)
    names = [f if f.isidentifier() else f"({f})" for f in factors]
    rules = [f"{space}.mul_add", f"{space}.add_mul", f"{space}.mul_assoc"]
    if integers:
        rules += ["Int.mul_sub", "Int.sub_mul", "Int.neg_mul", "Int.mul_neg"]
    if any("^" in show(t) for t in terms):
        rules += [f"{space}.pow_succ", f"{space}.pow_zero", f"{space}.one_mul"]
    literals = sorted({str(t.value) for term in terms for t in _numerals(term) if t.value > 1})
    for i, b in enumerate(names):
        for a in [*literals, *names[:i]]:
            rules += [f"{space}.mul_comm {b} {a}", f"{space}.mul_left_comm {b} {a}"]
    return tuple(dict.fromkeys([*rules, f"{space}.mul_one", f"{space}.one_mul"]))


def _numerals(term: Term) -> list[Num]:
    own = [term] if isinstance(term, Num) else []
    return own + [n for c in children(term) for n in _numerals(c)]
