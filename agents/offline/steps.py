"""What a step of a search is, and the names it may introduce."""

from __future__ import annotations

from dataclasses import dataclass, field

from lemmata.agents.offline.knowledge import Knowledge
from lemmata.tools.terms import Goal, Term, free


@dataclass(frozen=True, slots=True)
class Move:
    """A tactic, one or several lines. With `arms` it ends in `with` and has one arm for every goal it leaves."""

    tactic: str
    arms: tuple[str, ...] = ()
    cost: float = 1.0

    @property
    def trial(self) -> str:
        """The move on one line, its arms left as goals."""
        line = "; ".join(self.tactic.split("\n"))
        return line + "".join(f" | {a} => ?_" for a in self.arms)


@dataclass(slots=True)
class Names:
    """Fresh names for what a move introduces."""

    taken: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, goal: Goal, knowledge: Knowledge) -> Names:
        """All names that the goal and the file use count as taken."""
        used = {n for h in goal.hypotheses for n in h.names} | set(free(goal.target))
        used |= {d.name for d in knowledge.definitions} | {x.name for x in knowledge.lemmas}
        return cls(used)

    def fresh(self, base: str) -> str:
        """`base`, or with the first number that makes it new; taken from now on."""
        base = base.rstrip("✝¹²³⁴⁵⁶⁷⁸⁹⁰") or "x"
        name, i = base, 0
        while name in self.taken:
            i += 1
            name = f"{base}{i}"
        self.taken.add(name)
        return name


def named(goal: Goal) -> list[tuple[str, Term]]:
    """Names that a tactic can use, with their types."""
    return [(n, h.type) for h in goal.hypotheses for n in h.names if "✝" not in n]
