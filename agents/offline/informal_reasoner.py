"""The reasoner without a model: reads the goal and says in which ways it could be split."""

from __future__ import annotations

from collections.abc import Iterator

from lemmata.agents.offline.conjectures import conjectures
from lemmata.agents.offline.induction import inductions
from lemmata.agents.offline.knowledge import Knowledge, read
from lemmata.agents.offline.polynomials import polynomial, spell
from lemmata.agents.offline.search import initial_goal
from lemmata.agents.offline.steps import Move, Names, named
from lemmata.agents.protocols import Outline, ReasonRequest
from lemmata.lean_env.checker import Workbench
from lemmata.tools.terms import Bind, Goal, Op, Term, show


class OfflineInformalReasoner:
    """Plans by the shape of the goal.

    Moves: `split and`, `split iff`, `cases H`, `lemma BINDERS : CLAIM`, `through TERM`, `induction X ..`.
    """

    async def reason(self, request: ReasonRequest, bench: Workbench) -> Outline:
        """The moves that apply, best first; none where the goal cannot be read."""
        goal = await initial_goal(request.problem, bench)
        if goal is None:
            return Outline(text="Lean shows no goal here.")
        knowledge = read(request.problem)
        guesses = await conjectures(request.problem, goal, knowledge, bench)
        moves = [
            *_connectives(goal),
            *(f"lemma {g.text}" for g in guesses),
            *_intermediate(goal),
            *(m.tactic.removesuffix(" with") for m in split_inductions(goal, knowledge)),
        ]
        return Outline(text=_words(goal, moves), moves=tuple(dict.fromkeys(moves)))


def split_inductions(goal: Goal, knowledge: Knowledge) -> tuple[Move, ...]:
    """Inductions on a goal, cheapest first, also on what it says of all."""
    found = [m for m in inductions(goal, knowledge, Names.of(goal, knowledge)) if m.tactic.startswith("induction")]
    return tuple(sorted(found, key=lambda m: m.cost))


def _connectives(goal: Goal) -> Iterator[str]:
    target = goal.target
    while True:
        match target:
            case Bind("∀", _, body):
                target = body
            case Op("→", (_, right)):
                target = right
            case _:
                break
    if isinstance(target, Op) and target.symbol in ("∧", "↔"):
        yield "split and" if target.symbol == "∧" else "split iff"
    yield from (f"cases {n}" for n, t in named(goal) if isinstance(t, Op) and t.symbol == "∨")


def _intermediate(goal: Goal) -> Iterator[str]:
    """The normal form that both sides of an equation should have."""
    if isinstance(goal.target, Op) and goal.target.symbol == "=":
        left, right = goal.target.args
        middle = spell(polynomial(left))
        if _is_product(left) and _is_product(right) and middle == spell(polynomial(right)):
            yield f"through {middle}"


def _is_product(term: Term) -> bool:
    return isinstance(term, Op) and term.symbol in ("*", "^", "+", "-")


def _words(goal: Goal, moves: list[str]) -> str:
    lines = [f"To show: {show(goal.target)}."]
    for move in moves:
        kind, _, rest = move.partition(" ")
        match kind:
            case "split":
                lines.append("Show the parts one by one." if rest == "and" else "Show both directions.")
            case "cases":
                lines.append(f"Go through the cases of {rest}.")
            case "lemma":
                lines.append(f"It may help to know: {rest}.")
            case "through":
                lines.append(f"Show that both sides are {rest}.")
            case _:
                lines.append(f"By {move}: a base and a step.")
    return "\n".join(lines)
