"""What makes products of integers comparable: squares are not negative, and a product is zero if a factor is."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import Final

from lemmata.agents.offline.polynomials import distribution, nonlinear
from lemmata.agents.offline.steps import Move, Names
from lemmata.tools.terms import Goal, Name, Num, Op, Term, free, infix, show

_ORDERS: Final = frozenset("<≤>≥")
_MOST: Final = 3


def squares(goal: Goal) -> Iterator[str]:
    """An inequality between products of integers, from squares of the variables, their sums and differences."""
    variables = _variables(goal, ("Int", "ℤ"))
    if not variables:
        return
    pairs = [infix(s, Name(a), Name(b)) for a, b in combinations(variables, 2) for s in "-+"]
    alone: list[Term] = [Name(v) for v in variables]
    shifted = [infix(s, v, Num(1)) for v in alone for s in "-+"] if len(variables) == 1 else []
    bases = [*alone, *shifted, *pairs]
    yield from (_from_squares(goal, [b]) for b in bases)
    if len(bases) > 1:
        yield _from_squares(goal, bases)
    if len(variables) == _MOST:
        yield _from_squares(goal, [p for p in pairs if p.symbol == "-"])


def _variables(goal: Goal, kinds: tuple[str, ...]) -> list[str]:
    """Variables of an inequality with products; none where the target is something else or has too many."""
    target = goal.target
    if not (isinstance(target, Op) and target.symbol in _ORDERS and nonlinear([target])):
        return []
    found = [v for v in free(target) if v in goal.types and show(goal.types[v]) in kinds]
    return found if len(found) <= _MOST else []


def _from_squares(goal: Goal, bases: list[Term]) -> str:
    names = Names({n for h in goal.hypotheses for n in h.names})
    facts = {names.fresh("hs"): b for b in bases}
    laws = distribution([goal.target, *(infix("*", b, b) for b in bases)], integers=True)
    given = [f"have {n} := Int.mul_self_nonneg {_argument(b)}" for n, b in facts.items()]
    return "; ".join([*given, f"simp only [{', '.join(laws)}] at {' '.join(facts)} ⊢", "omega"])


def _argument(term: Term) -> str:
    return show(term) if isinstance(term, Name) else f"({show(term)})"


def factors(goal: Goal, names: Names) -> Iterator[Move]:
    """For equations of which one must hold, the product of their differences; for naturals, the larger as a sum."""
    match goal.target:
        case Op("∨", (Op("=", (a, b)), Op("=", (c, d)))) if _integer(goal):
            product = show(infix("*", infix("-", a, b), infix("-", c, d)))
            vanishes = f"Int.mul_eq_zero.mp (?_ : {product} = 0)"
            yield Move(f"refine ({vanishes}).imp (fun _ => by omega) (fun _ => by omega)", cost=0.5)
        case _:
            pass
    for left, right in combinations(_variables(goal, ("Nat", "ℕ")), 2):
        k = names.fresh("k")
        larger = f"(Nat.le_total {left} {right}).imp Nat.exists_eq_add_of_le Nat.exists_eq_add_of_le"
        yield Move(f"obtain ⟨{k}, rfl⟩ | ⟨{k}, rfl⟩ := {larger}", cost=1.8)


def _integer(goal: Goal) -> bool:
    return any(goal.types.get(v) in (Name("Int"), Name("ℤ")) for v in free(goal.target))
