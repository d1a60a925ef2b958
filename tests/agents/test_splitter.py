"""Outlines and splits without a model; what is proposed compiles up to its lemmas."""

from collections.abc import Callable

import pytest

from lemmata.agents.offline.informal_reasoner import OfflineInformalReasoner
from lemmata.agents.offline.splitter import OfflineSplitter, lemma_text
from lemmata.agents.protocols import NodeReport, Outline, ReasonRequest, SplitReply, SplitRequest
from lemmata.domain import CheckStatus, Problem
from lemmata.lean_env.checker import Workbench
from lemmata.tools.term_parser import parse_goal

pytestmark = pytest.mark.embedded
MakeProblem = Callable[..., Problem]

LOOP = (
    "def total : Nat → Nat\n  | 0 => 0\n  | n + 1 => (n + 1) + total n\n\n"
    "def loop : Nat → Nat → Nat\n  | 0, acc => acc\n  | n + 1, acc => loop n (acc + (n + 1))\n\n"
)
CHAIN = (
    "inductive Chain (α : Type) where\n  | empty : Chain α\n  | link : α → Chain α → Chain α\n\n"
    "def Chain.append {α : Type} : Chain α → Chain α → Chain α\n"
    "  | .empty, b => b\n  | .link x a, b => .link x (a.append b)\n\n"
    "def Chain.reverse {α : Type} : Chain α → Chain α\n"
    "  | .empty => .empty\n  | .link x a => a.reverse.append (.link x .empty)\n\n"
)


async def outline(problem: Problem, bench: Workbench) -> Outline:
    return await OfflineInformalReasoner().reason(ReasonRequest(problem=problem), bench)


async def split(problem: Problem, bench: Workbench, *moves: str, **more: object) -> SplitReply:
    request = SplitRequest.model_validate(
        {"problem": problem, "outline": Outline(text="", moves=moves), "prefix": "aux_", **more}
    )
    return await OfflineSplitter().split(request, bench)


async def compiles(problem: Problem, reply: SplitReply, bench: Workbench) -> bool:
    assert reply.main is not None
    helpers = tuple(f"{d.statement} := by\n  sorry" for d in reply.lemmas)
    result = await bench.check(problem.with_proof(reply.main.body + "\n", helpers))
    return result.status in (CheckStatus.OK, CheckStatus.HOLES)


@pytest.mark.parametrize(
    ("statement", "move", "words"),
    [
        ("(p q : Prop) : p → p ∧ q", "split and", "Show the parts"),
        ("(p q : Prop) : p ↔ q", "split iff", "both directions"),
        ("(p q r : Prop) (h : p ∨ q) : r", "cases h", "cases of h"),
        ("(n m : Nat) : n + m = m", "induction n generalizing m", "a base and a step"),
        ("(a b : Nat) : a * (b + 1) * 1 = a * b + a", "through a * b + a", "both sides are"),
    ],
)
async def test_the_shape_of_the_goal_gives_the_plan(
    problem: MakeProblem, bench: Workbench, statement: str, move: str, words: str
) -> None:
    plan = await outline(problem(statement), bench)
    assert move in plan.moves
    assert words in plan.text


async def test_an_accumulator_is_generalized_by_what_holds_on_instances(problem: MakeProblem, bench: Workbench) -> None:
    plan = await outline(problem("(n : Nat) : loop n 0 = total n", LOOP), bench)
    assert plan.moves[0] == "lemma (n acc : Nat) : loop n acc = acc + total n"
    assert not any("acc * total" in m for m in plan.moves)


async def test_laws_of_own_functions_are_guessed(problem: MakeProblem, bench: Workbench) -> None:
    plan = await outline(problem("(α : Type) (a : Chain α) : a.reverse.reverse = a", CHAIN), bench)
    law = "Chain.reverse (Chain.append x y) = Chain.append (Chain.reverse y) (Chain.reverse x)"
    assert f"lemma {{α : Type _}} (x y : Chain α) : {law}" in plan.moves
    assert not any("reverse (Chain.append x y) = Chain.append (Chain.reverse x)" in m for m in plan.moves)


async def test_no_plan_where_lean_shows_no_goal(problem: MakeProblem, bench: Workbench) -> None:
    assert (await outline(problem("(n : Nat) : unheard n"), bench)).moves == ()


async def test_a_split_with_a_guessed_lemma(problem: MakeProblem, bench: Workbench) -> None:
    given = problem("(n : Nat) : loop n 0 = total n", LOOP)
    claim = "(n acc : Nat) : loop n acc = acc + total n"
    reply = await split(given, bench, "lemma (x : Nat) : loop 0 x = x", f"lemma {claim}")
    assert [d.statement for d in reply.lemmas] == [f"theorem aux_2 {claim}"]
    assert await compiles(given, reply, bench)
    failed = NodeReport(name="aux_2", statement=reply.lemmas[0].statement, refuted=True, reason="false")
    again = await split(given, bench, f"lemma {claim}", reports=(failed,))
    assert again == SplitReply()


@pytest.mark.parametrize(
    ("statement", "move", "lemmas"),
    [
        ("(p q r : Prop) (h : r) : r → p ∧ q", "split and", 2),
        ("(p q : Prop) : p ↔ q", "split iff", 2),
        ("(p q r : Prop) (h : p ∨ q) : r", "cases h", 2),
        ("(n m : Nat) : n * m = m * n", "induction n generalizing m", 2),
        ("(a b : Nat) : a * (b + 1) = a * b + a", "through a * b + a", 2),
    ],
)
async def test_parts_become_lemmas(
    problem: MakeProblem, bench: Workbench, statement: str, move: str, lemmas: int
) -> None:
    given = problem(statement)
    reply = await split(given, bench, move)
    assert len(reply.lemmas) == lemmas
    assert all(d.name.startswith("aux_") for d in reply.lemmas)
    assert await compiles(given, reply, bench)


async def test_the_next_move_where_one_does_not_apply_or_has_failed(problem: MakeProblem, bench: Workbench) -> None:
    given = problem("(n m : Nat) : n * m = m * n")
    reply = await split(given, bench, "dance", "split and", "cases h", "induction n", "induction m")
    assert reply.idea == "induction n"
    step = NodeReport(name="x", statement=reply.lemmas[1].statement, refuted=False, reason="stuck")
    other = await split(given, bench, "induction n", "induction m", reports=(step,))
    assert other.idea == "induction m"
    assert (await split(given, bench, "induction n", "induction m", round=1)).idea == "induction m"


async def test_a_closed_lemma_keeps_its_name(problem: MakeProblem, bench: Workbench) -> None:
    given = problem("(p q : Prop) : p ↔ q")
    first = await split(given, bench, "split iff")
    again = await split(given, bench, "split iff", closed=first.lemmas[:1], prefix="new_")
    assert [d.name for d in again.lemmas] == ["aux_1", "new_2"]


def test_goals_with_names_that_cannot_be_written_are_no_lemmas() -> None:
    assert lemma_text(parse_goal("inst✝ : Decidable p\nh : p\n⊢ q")) == "[Decidable p] (h : p) : q"
    assert lemma_text(parse_goal("h✝ : p\n⊢ q")) is None
    assert lemma_text(parse_goal("x : Nat := 3\n⊢ q")) is None
    assert lemma_text(parse_goal("⊢ q")) == ": q"
