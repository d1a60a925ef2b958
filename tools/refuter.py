"""Looks for an instance that refutes a statement, and has Lean prove the negation.

Python only proposes instances. The statement is written once more as `∀ binders, target`; Lean ties that text to the
theorem as given (`example : (∀ binders, target) := @T`) in the same check in which it tries the instances.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from lemmata.domain import CheckResult, CheckStatus, Model, Problem
from lemmata.lean_env import source
from lemmata.lean_env.checker import Workbench
from lemmata.lean_env.declaration import Declaration
from lemmata.lean_env.refutation import given
from lemmata.tools.automation import MARK, alternative, marks
from lemmata.tools.inductives import LISTS, read_inductives
from lemmata.tools.models import Instance, Variable, instances
from lemmata.tools.term_parser import parse_goal, parse_term
from lemmata.tools.terms import RELATIONS, App, Bind, Binder, Name, Op, Term, show, show_binder, subterms

_TIMEOUT: Final = 4.0
_ATTEMPTS: Final = 2
_SURE: Final = 4
_BLIND: Final = 32
_ENDINGS: Final = (
    "decide",
    "simp",
    "omega",
    "intros; omega",
    "simp; omega",
    "clear counterexample; simp_all",
    "intro x; exact ⟨x + 1, by omega⟩",
    "rintro ⟨x, h⟩; have h0 := h 0; have h1 := h 1; have h2 := h (x + 1); omega",
    "clear counterexample; rintro ⟨x, h⟩; have h0 := h 0; have h1 := h 1; simp_all",
)
"""How Lean may see that a hypothesis holds in an instance, or that the target does not."""
_DATA: Final = "intro h; cases h"
"""Tells different terms of a data type apart."""


class Refutation(Model):
    """An instance that refutes a statement, and Lean's proof of the negation."""

    instance: str
    """In words: `n = 3, m = 0`."""
    text: str
    """A complete Lean file. Its last theorem proves the negation of the statement."""
    name: str
    """Full name of that theorem."""
    result: CheckResult
    """What the checker said of `text`: no error, no hole."""


async def refute(problem: Problem, bench: Workbench, *, seed: int = 0) -> Refutation | None:
    """Search small models of the statement, and ask Lean to confirm what is found.

    At most four checks, none where everything could be read and nothing was found.

    Args:
        problem: the statement.
        bench: where to check.
        seed: draws the functions and predicates over finite types that are tried.
    """
    declared = _declared(problem)
    if declared is None:
        return None
    statement = await _statement(problem, declared, bench)
    if statement is None:
        return None
    closed, variables, target = statement
    data = {**LISTS, **read_inductives(problem.preamble)}
    found = await asyncio.to_thread(_promising, instances(variables, target, data, seed))
    more = (_DATA,) if len(data) > len(LISTS) else ()  # on numbers it may run deep
    tried = [_Trial(i, (*(_ENDINGS if k < _SURE else _ENDINGS[:1]), *more)) for k, i in enumerate(found)]
    if not tried:
        return None
    negation = _negation(declared.name or "", problem.text)
    opening = f"theorem {negation} : ¬({closed}) := by\n  intro counterexample\n"
    winner = await _search(problem, closed, opening, tried, bench)
    if winner is None:
        return None
    text = f"{given(problem)}{opening}  {winner[1]}\n"
    result = await bench.check(text)
    if result.status is not CheckStatus.OK:
        return None
    name = f"{declared.namespace}.{negation}" if declared.namespace and not negation.startswith("_root_.") else negation
    return Refutation(instance=winner[0], text=text, name=name.removeprefix("_root_."), result=result)


def _declared(problem: Problem) -> Declaration | None:
    """The theorem itself, with its parts; offsets are into `preamble + lead + statement`."""
    found = source.parse(problem.preamble + problem.declaration).declarations
    return found[-1] if found and found[-1].theorem and found[-1].name else None


def _negation(name: str, text: str) -> str:
    negation = f"{name[:-1]}_negation»" if name.endswith("»") else f"{name}_negation"
    while negation.rpartition(".")[2].strip("«»") in text:
        negation = f"{negation[:-1]}'»" if negation.endswith("»") else f"{negation}'"
    return negation


async def _statement(
    problem: Problem, declared: Declaration, bench: Workbench
) -> tuple[str, list[Variable], Term] | None:
    """The statement closed by `∀`, its variables, and its target, as written or, with `variable`s, as Lean shows it."""
    text = problem.preamble + problem.declaration
    if "variable" in problem.preamble:
        result = await bench.check(problem.with_proof(" := by\n  sorry\n", suffix=False), goals=True)
        goal = parse_goal((result.holes[-1].goal or "") if result.holes else "")
        if any("✝" in n for h in goal.hypotheses for n in h.names):
            return None
        binders = [f"({' '.join(h.names)} : {show(_lowest(h.type) or h.type)})" for h in goal.hypotheses]
        variables = [Variable(n, t) for n, t in goal.types.items()]
        target = goal.target
        written = show(target)
    else:
        binders, variables = [], []
        for b in declared.binders:
            if b.type is None:
                return None
            kind = parse_term(b.type.of(text))
            names = b.names or ("_",)
            lowest = _lowest(kind)
            binders.append(show_binder(Binder(b.names, lowest, b.bracket)) if lowest else b.span.of(text))
            variables += [Variable(n, kind, b.bracket == "[") for n in names]
        written = declared.target.of(text)
        target = parse_term(written)
    closed = f"∀ {' '.join(binders)}, {written}" if binders else written
    more, target = _peel(target, {v.name: v.type for v in variables})
    return closed, variables + more, target


def _lowest(kind: Term) -> Term | None:
    """`Type` for a type of types in some universe: an instance of the statement is enough to refute it."""
    match kind:
        case App(Name("Type" | "Sort"), _):
            return Name("Type")
        case _:
            return None


def _peel(target: Term, types: dict[str, Term]) -> tuple[list[Variable], Term]:
    """The variables and hypotheses that a target itself begins with; `types` are those of the variables before it."""
    found: list[Variable] = []
    while True:
        match target:
            case Bind("∀", binders, body):
                for b in binders:
                    for n in b.names or ("_",):
                        types[n] = b.type or _guess(n, body, types)
                        found.append(Variable(n, types[n], b.bracket == "["))
                target = body
            case Op("→", (left, right)):
                found.append(Variable("_", left))
                target = right
            case _:
                return found, target


def _guess(name: str, body: Term, types: dict[str, Term]) -> Term:
    """The type of a bound variable that is written without one: from the first use that tells, else `Nat`."""
    for term in subterms(body):
        match term:
            case App(Name(head), args) if head in types and Name(name) in args:
                kind = types[head]
                for _ in range(args.index(Name(name))):
                    kind = kind.args[1] if isinstance(kind, Op) and kind.symbol == "→" else kind
                if isinstance(kind, Op) and kind.symbol == "→":
                    return kind.args[0]
            case Op(symbol, (Name(a), Name(b))) if symbol in RELATIONS and name in (a, b):
                other = b if a == name else a
                if other in types:
                    return types[other]
    return Name("Nat")


def _promising(found: Iterable[Instance]) -> list[Instance]:
    """The first few that refute as far as can be computed; where none does, more of those that cannot be read."""
    blind: list[Instance] = []
    sure: list[Instance] = []
    for instance in found:
        if instance.sure:
            sure.append(instance)
        elif len(blind) < _BLIND:
            blind.append(instance)
        if len(sure) == _SURE:
            break
    return sure or blind


@dataclass
class _Trial:
    """A tactic that derives a contradiction from the statement at one instance, each obligation in several ways."""

    instance: Instance
    endings: Sequence[str]
    text: str = field(init=False)
    places: dict[int, tuple[int, str]] = field(init=False, default_factory=dict)
    """Column in `text` of an ending's trace: which obligation, which ending."""

    def __post_init__(self) -> None:
        self.text = "exact absurd (@counterexample"
        for argument in self.instance.arguments:
            self.text += " "
            if argument is None:
                self._oblige()
            else:
                self.text += argument
        self.text += ") "
        self._oblige()

    def _oblige(self) -> None:
        number = len({n for n, _ in self.places.values()})
        self.text += "(by first"
        for ending in self.endings:
            self.text += " | " + alternative(ending)
            self.places[len(self.text) - 1 - len(MARK)] = (number, ending)
        self.text += " | fail)"  # an alternative that leaves a goal would end the whole, were it the last

    def tactic(self, columns: Iterable[int]) -> str | None:
        """The same with the endings that left their traces at these columns; None where one left none."""
        won = dict(self.places[c] for c in sorted(columns, reverse=True) if c in self.places)
        number, arguments = 0, []
        for argument in (*self.instance.arguments, None):
            if argument is None:
                if number not in won:
                    return None
                argument = f"(by {won[number]})"
                number += 1
            arguments.append(argument)
        *given, last = arguments
        return f"exact absurd ({' '.join(['@counterexample', *given])}) {last}"


async def _search(
    problem: Problem, closed: str, opening: str, tried: Sequence[_Trial], bench: Workbench
) -> tuple[str, str] | None:
    """The first instance at which Lean proves the negation, with the tactic for it; the statement is tied here."""
    given = problem.with_proof(" := by\n  sorry\n", suffix=False)
    head = f"{given}\nexample : {closed} := @{problem.name}\n\n{opening}  first\n"
    indent, first = "    | ", head.count("\n") + 1
    for _ in range(_ATTEMPTS):
        result = await bench.check(head + "".join(f"{indent}({t.text})\n" for t in tried), timeout=_TIMEOUT)
        if result.status is CheckStatus.HOLES:
            columns: dict[int, list[int]] = {}
            for mark in marks(result):
                columns.setdefault(mark.start.line - first, []).append(mark.start.column - len(indent) - 1)
            for index, trial in enumerate(tried):
                if index in columns and (tactic := trial.tactic(columns[index])):
                    return trial.instance.words, tactic
        # an alternative that recurses too deeply ends the whole; all before it failed
        broken = max((e.start.line - first for e in result.errors), default=-1)
        tried = tried[broken + 1 :]
        if broken < 0 or not tried:
            break
    return None
