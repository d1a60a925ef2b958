"""The prover without a model on theorems of its own kind, each with a bounded number of checks."""

from collections.abc import Callable

import pytest

from lemmata.agents.offline.prover import OfflineProver
from lemmata.agents.protocols import Feedback, ProveRequest
from lemmata.domain import Candidate, CheckStatus, Problem, Proof
from lemmata.lean_env.checker import Workbench

pytestmark = [pytest.mark.embedded, pytest.mark.slow]
MakeProblem = Callable[..., Problem]

SUM = "def f : Nat → Nat\n  | 0 => 0\n  | n + 1 => f n + (n + 1)\n\n"
FIB = "def fib : Nat → Nat\n  | 0 => 0\n  | 1 => 1\n  | n + 2 => fib n + fib (n + 1)\n\n"
EVEN = "def Even (n : Nat) : Prop := ∃ k, n = 2 * k\n\n"
RULES = "inductive Ev : Nat → Prop where\n  | zero : Ev 0\n  | step (n : Nat) : Ev n → Ev (n + 2)\n\n"
POINT = "structure Point where\n  x : Nat\n  y : Nat\n\n"
BOX = "structure Box where\n  x : Nat\n\n"
UNTYPED = RULES.replace("(n : Nat)", "(n)").replace(" where", "")
NEVER = "inductive Never : Nat → Prop\n\n"
TREE = (
    "inductive Tree where\n  | leaf : Tree\n  | node : Tree → Nat → Tree → Tree\n\n"
    "def mirror : Tree → Tree\n  | .leaf => .leaf\n  | .node l x r => .node (mirror r) x (mirror l)\n\n"
)

THEOREMS = {
    "distribute": ("(p q r : Prop) : p ∧ (q ∨ r) ↔ (p ∧ q) ∨ (p ∧ r)", "", ("constructor",)),
    "witness": ("(α : Type) (p q : α → Prop) (h : ∀ x, p x → q x) : (∃ x, p x) → ∃ x, q x", "", ("obtain", "refine")),
    "either": ("(α : Type) (p q : α → Prop) : (∃ x, p x ∨ q x) ↔ (∃ x, p x) ∨ ∃ x, q x", "", ("constructor", "obtain")),
    "not all": ("(α : Type) (p : α → Prop) : ¬(∀ x, ¬p x) → ∃ x, p x", "", ()),
    "peirce": ("(p q : Prop) : ((p → q) → p) → p", "", ("by_cases",)),
    "gauss": ("(n : Nat) : 2 * f n = n * (n + 1)", SUM, ("induction n", "omega")),
    "even sum": ("(n m : Nat) (h : Even n) (g : Even m) : Even (n + m)", EVEN, ("⟨k + k1, ?_⟩",)),
    "even product": ("(n : Nat) : Even (n * (n + 1))", EVEN, ("induction n", "⟨k + n + 1, ?_⟩")),
    "binomial": ("(a b : Nat) : (a + b) * (a + b) = a * a + 2 * (a * b) + b * b", "", ("Nat.mul_add",)),
    "conjugates": ("(a b : Int) : (a - b) * (a + b) = a ^ 2 - b ^ 2", "", ("Int.sub_mul",)),
    "divides": ("(a b c : Nat) (h : a ∣ b) (g : b ∣ c) : a ∣ c", "", ("⟨k * k1, ?_⟩",)),
    "mirror": ("(x : Tree) : mirror (mirror x) = x", TREE, ("induction x", "mirror")),
    "fibonacci": ("(n : Nat) : fib n ≤ fib (n + 1)", FIB, ("induction n",)),
    "beyond": (": ∀ n : Nat, ∃ p, p > n", "", ("⟨n + 1, ?_⟩",)),
    "beyond both": ("(a b : Nat) : ∃ c, a < c ∧ b ≤ c", "", ("⟨a + 1 + b, ?_⟩",)),
    "image": ("(α β : Type) (f : α → β) (g : β → α) (h : ∀ x, f (g x) = x) : ∀ y, ∃ x, f x = y", "", ("⟨g y, ?_⟩",)),
    "inverse": (
        "(α β : Type) (f : α → β) (g : β → α) (h : ∀ x, g (f x) = x) (x y : α) : f x = f y → x = y",
        "",
        ("congrArg g",),
    ),
    "difference": ("(a b : Nat) (h : a ≤ b) : ∃ c, b = a + c", "", ("⟨b - a, ?_⟩",)),
    "positive product": ("(a b : Int) (h : 0 < a) (g : 0 < b) : 0 < a * b", "", ("Int.mul_pos",)),
    "even beyond": (": ∀ n : Nat, ∃ m, m > n ∧ m % 2 = 0", "", ("⟨2 * (n + 1), ?_⟩",)),
    "square": ("(a : Int) : 0 ≤ a * a", "", ("mul_self_nonneg a",)),
    "means": ("(a b : Int) : 2 * a * b ≤ a * a + b * b", "", ("mul_self_nonneg (a - b)",)),
    "means of naturals": ("(a b : Nat) : 2 * a * b ≤ a * a + b * b", "", ("Nat.le_total",)),
    "equal squares": ("(a b : Int) : a * a = b * b → a = b ∨ a = -b", "", ("Int.mul_eq_zero",)),
    "square by four": ("(n : Nat) : n * n % 4 = 0 ∨ n * n % 4 = 1", "", ("Nat.mul_mod",)),
    "no square by three": ("(n : Nat) : n ^ 2 % 3 ≠ 2", "", ("Nat.pow_mod",)),
    "three in a row": ("(n : Nat) : 6 ∣ n * (n + 1) * (n + 2)", "", ("Nat.dvd_of_mod_eq_zero",)),
    "no rule": (": ¬ Ev 3", UNTYPED, ("rcases h with _ | ⟨n, h⟩",)),
    "last rule": ("(n : Nat) : Ev (n + 2) → Ev n", RULES, ("rcases h with _ | ⟨n1, h⟩",)),
    "no rule at all": ("(n : Nat) (h : Never n) : n = 3", NEVER, ("cases h",)),
    "option": ("(α : Type) (o : Option α) : o = none ∨ ∃ a, o = some a", "", ("rcases o with _ | ⟨a⟩",)),
    "fields": ("(p q : Point) : p.x = q.x → p.y = q.y → p = q", POINT, ("obtain ⟨x, y⟩ := p",)),
    "field": ("(p q : Box) : p.x = q.x → p = q", BOX, ("obtain ⟨x⟩ := p",)),
    "pair": ("(α β : Type) (p q : α × β) : p.1 = q.1 → p.2 = q.2 → p = q", "", ("obtain ⟨a, b⟩ := p",)),
    "filter": ("(p : Nat → Bool) (xs : List Nat) : (xs.filter p).length ≤ xs.length", "", ("List.filter", "split")),
    "diagonal": ("(α : Type) (f : α → α → Prop) : ∃ p, ∀ x, f x ≠ p", "", ("⟨fun x => ¬f x x, ?_⟩", "congrFun h x")),
    "rules": ("(m n : Nat) (h : Ev m) (k : Ev n) : Ev (m + n)", RULES, ("induction",)),
}


@pytest.mark.parametrize("name", THEOREMS)
async def test_found_and_accepted(problem: MakeProblem, bench: Workbench, name: str) -> None:
    statement, preamble, steps = THEOREMS[name]
    given = problem(statement, preamble)
    reply = await OfflineProver((16,)).prove(ProveRequest(problem=given), bench)
    (candidate,) = reply.candidates
    result = await bench.check(given.with_proof(candidate.proof.body + "\n"))
    assert result.status is CheckStatus.OK
    assert not result.diagnostics, "a script has no unused rewrite rules"
    for step in steps:
        assert step in candidate.proof.body


async def test_nothing_is_found_for_what_is_false(problem: MakeProblem, bench: Workbench) -> None:
    reply = await OfflineProver((4, 5)).prove(ProveRequest(problem=problem("(p q : Prop) : p ∨ q → p")), bench)
    assert reply.candidates == ()
    assert not reply.exhausted


async def test_rounds_end(problem: MakeProblem, bench: Workbench) -> None:
    reply = await OfflineProver((4,)).prove(ProveRequest(problem=problem(": 1 = 1"), round=1), bench)
    assert reply == type(reply)(exhausted=True)


async def test_what_failed_is_not_proposed_again(problem: MakeProblem, bench: Workbench) -> None:
    given = problem(": 1 = 1")
    (first,) = (await OfflineProver((4,)).prove(ProveRequest(problem=given), bench)).candidates
    feedback = Feedback(candidate=first, result=await bench.check(given.with_proof(first.proof.body)))
    again = await OfflineProver((4, 4)).prove(ProveRequest(problem=given, round=1, feedback=(feedback,)), bench)
    assert again.candidates == ()
    assert again.exhausted


async def test_the_same_every_time(problem: MakeProblem, bench: Workbench) -> None:
    given = problem("(p q r : Prop) : (p → q) → (q → r) → p → r ∧ q")
    replies = [await OfflineProver((6,)).prove(ProveRequest(problem=given), bench) for _ in range(2)]
    assert replies[0] == replies[1]
    assert replies[0].candidates == (
        Candidate(proof=Proof(body=replies[0].candidates[0].proof.body), origin="search"),
    )
