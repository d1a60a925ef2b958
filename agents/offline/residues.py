"""Divisibility and remainders of products: by the remainders that each variable may have."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from lemmata.agents.offline.polynomials import nonlinear
from lemmata.agents.offline.steps import Names
from lemmata.tools.terms import Goal, Name, Num, Op, Term, free, show, subterms

_MOD: Final = {"Nat": "mod", "Int": "emod"}
_MOST: Final = 30
"""How many combinations of remainders are gone through."""


def residues(goal: Goal) -> Iterator[str]:
    """All remainders of the variables by the modulus of the target, or of a hypothesis against it."""
    facts = [(n, h.type) for h in goal.hypotheses for n in h.names if "✝" not in n]
    places = [("", goal.target)] if goal.target != Name("False") else facts
    for place, statement in places:
        for modulus, term in dict.fromkeys(_remainders(statement)):
            space = _space(term, goal)
            variables = [v for v in free(term) if v in goal.types]
            divides = isinstance(statement, Op) and statement.symbol == "∣"
            if space and variables and modulus ** len(variables) <= _MOST and not (place and divides):
                start = f"apply {space}.dvd_of_{_MOD[space]}_eq_zero; " if divides else ""
                end = f" at {place}" if place else ""
                yield start + _by_cases(space, modulus, term, goal) + end


def _remainders(statement: Term) -> Iterator[tuple[int, Term]]:
    for t in subterms(statement):
        match t:
            case Op("%", (term, Num(m))) | Op("∣", (Num(m), term)) if m > 1 and nonlinear([term]):
                yield m, term
            case _:
                pass


def _space(term: Term, goal: Goal) -> str:
    """The numbers that all variables of a term are, where they are the same."""
    kinds = {show(goal.types[v]) for v in free(term) if v in goal.types}
    return {"Nat": "Nat", "ℕ": "Nat", "Int": "Int", "ℤ": "Int"}.get(kinds.pop(), "") if len(kinds) == 1 else ""


def _by_cases(space: str, modulus: int, term: Term, goal: Goal) -> str:
    """`rcases .. <;> rcases .. <;> simp [..]`: one case for every choice of remainders."""
    names = Names({n for h in goal.hypotheses for n in h.names})
    facts = {names.fresh(f"h{v}"): v for v in free(term) if v in goal.types}
    signs = {t.symbol for t in subterms(term) if isinstance(t, Op)}
    power = "Nat.pow_mod" if space == "Nat" else "Int.pow_succ"
    laws = {"+": f"{space}.add_{_MOD[space]}", "-": "Int.sub_emod", "^": power}
    steps = []
    for h, v in facts.items():
        claim = " ∨ ".join(f"{v} % {modulus} = {r}" for r in range(modulus))
        steps.append(f"rcases (by omega : {claim}) with {' | '.join([h] * modulus)}")
    used = [f"{space}.mul_{_MOD[space]}", *(law for sign, law in laws.items() if sign in signs)]
    return " <;> ".join([*steps, f"simp [{', '.join([*used, *facts])}]"])
