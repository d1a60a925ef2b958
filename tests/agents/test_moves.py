import pytest

from lemmata.agents.offline.closers import LEAVES, closers
from lemmata.agents.offline.knowledge import Knowledge, read
from lemmata.agents.offline.moves import forced, moves, propositions, spine
from lemmata.agents.offline.steps import Move, Names
from lemmata.agents.offline.witnesses import instances, match, telescope, witnesses
from lemmata.domain import Problem
from lemmata.tools.term_parser import parse_goal, parse_term
from lemmata.tools.terms import Name, show

PREAMBLE = """inductive Tree where
  | leaf
  | node (l : Tree) (r : Tree)
inductive Even : Nat → Prop where
  | zero : Even 0
  | step (n : Nat) : Even n → Even (n + 2)
def size : Tree → Nat
  | .leaf => 1
  | .node l r => size l + size r
def fib : Nat → Nat
  | 0 => 0
  | 1 => 1
  | n + 2 => fib n + fib (n + 1)
def Odd (n : Nat) : Prop := ∃ k, n = 2 * k + 1
theorem fib_le (n : Nat) : fib n ≤ fib (n + 1) := sorry
theorem size_eq (x : Tree) : size x = size x := rfl
"""
KNOWN = read(Problem(name="t", preamble=PREAMBLE, lead="", statement="theorem t : True", proof=""))


def tactics(goal: str, knowledge: Knowledge = KNOWN) -> list[str]:
    return [m.tactic for m in moves(parse_goal(goal), knowledge, limit=99)]


@pytest.mark.parametrize(
    ("goal", "tactic"),
    [
        ("⊢ ∀ (n m : Nat), n = m → p", "intro n m h"),
        ("n : Nat\n⊢ ∀ (n : Nat), q n → ∃ x, x = n", "intro n1 h"),
        ("⊢ ¬p", "intro h"),
        ("⊢ a ≠ b", "intro h"),
        ("⊢ p ∧ q → r", "intro h\nobtain ⟨h1, h2⟩ := h"),
        ("h : ∃ x y, p x ∧ q y\n⊢ r", "obtain ⟨x, y, h1, h2⟩ := h"),
        ("h : (∃ x, p x) ∧ a ∣ b\n⊢ r", "obtain ⟨⟨x, h1⟩, ⟨k, h2⟩⟩ := h"),
        ("h : a ∣ b\n⊢ r", "obtain ⟨k, h1⟩ := h"),
        ("⊢ p ∧ q ∧ r", "refine ⟨?_, ?_, ?_⟩"),
        ("⊢ p ↔ q", "constructor"),
        ("h : Odd n\n⊢ Odd (n + 2)", "unfold Odd at h ⊢"),
        ("⊢ ∀ [Decidable p], p", "intro inst"),
    ],
)
def test_what_must_be_done(goal: str, tactic: str) -> None:
    move = forced(parse_goal(goal), KNOWN)
    assert move is not None
    assert move.tactic == tactic


@pytest.mark.parametrize("goal", ["⊢ p", "h : 2 ∣ n\n⊢ p", "h✝ : p ∧ q\n⊢ r", "h : p ↔ q\n⊢ r", "⊢ p ∨ q"])
def test_what_need_not_be_done(goal: str) -> None:
    assert forced(parse_goal(goal), KNOWN) is None


@pytest.mark.parametrize(
    ("goal", "tactic"),
    [
        ("h : p ∨ q ∨ r\n⊢ s", "rcases h with h | h | h"),
        ("h : p ↔ q\n⊢ s", "obtain ⟨h1, h2⟩ := h"),
        ("h : 2 ∣ n\n⊢ s", "obtain ⟨k, h1⟩ := h"),
        ("⊢ (if p then a else b) = c", "split"),
        ("h : (match n with | 0 => a | _ => b) = c\n⊢ q", "split at h"),
        ("⊢ p ∨ q", "left"),
        ("p q : Prop\n⊢ ((p → q) → p) → p", "by_cases hp : p <;> by_cases hq : q <;> simp_all"),
        ("h : ¬∀ x, p x\n⊢ q", "by_cases hn : ∃ x, ¬p x"),
        ("h : ¬∃ x, p x\n⊢ q", "have h1 : ∀ x, ¬p x := fun x hx => h ⟨x, hx⟩"),
        ("h : p\n⊢ q", "apply Classical.byContradiction\nintro hn"),
        ("h : ∀ x, p x → q x\n⊢ q a", "apply h"),
        ("h : p → False\n⊢ q", "exfalso\napply h"),
        ("h : a ≠ b\n⊢ False", "apply h"),
        ("α : Type\na : α\nh : ∀ (x : α), p x → q x\nhp : p a\n⊢ r", "have hf := h a hp"),
        ("n : Nat\n⊢ n < 2 ^ n", "induction n with"),
        ("n m : Nat\n⊢ n + m = m + n", "induction n generalizing m with"),
        ("x : Tree\n⊢ size x = size x", "induction x with"),
        ("n : Nat\n⊢ 0 ≤ fib n", "induction n using fib.induct with"),
        ("n : Nat\nh : Even n\n⊢ n ≠ 1", "induction h with"),
        ("n : Nat\nh : Even n\n⊢ Even (n + 2)", "apply Even.step"),
        ("n : Nat\nh : Even n\n⊢ Even (n + 4)", "have hr := Even.step _ h"),
        ("n : Nat\n⊢ fib n = 0", "rw [fib]"),
        ("n : Nat\nh : n = 3\n⊢ n < 4", "rw [← h]"),
        ("n : Nat\n⊢ fib n ≤ 3", "apply fib_le"),
        ("a b : Nat\n⊢ a * b ≤ b * a", "apply Nat.mul_le_mul"),
        ("xs : List Nat\n⊢ List.length (List.filter p (x :: xs)) = 0", "rw [List.filter]"),
        ("h : Even 1\n⊢ False", "rcases h with _ | ⟨n, h⟩"),
        ("b : Bool\n⊢ (b || true) = true", "cases b with"),
    ],
)
def test_what_may_be_done(goal: str, tactic: str) -> None:
    assert tactic in tactics(goal)


def test_moves_come_cheapest_first_and_are_bounded() -> None:
    found = moves(parse_goal("n m : Nat\nh : n = m ∨ m < n\n⊢ fib n ≤ fib m ∨ n = 3"), KNOWN, limit=5)
    assert len(found) == 5
    assert [m.cost for m in found] == sorted(m.cost for m in found)


def test_complete_induction_states_its_claim() -> None:
    found = [m for m in moves(parse_goal("n : Nat\n⊢ p n"), KNOWN) if m.tactic.startswith("suffices")]
    assert found[0].tactic.split("\n") == [
        "suffices strong : ∀ m n, n < m → p n from strong (n + 1) n (by omega)",
        "intro m",
        "induction m with",
    ]
    assert found[0].arms == ("zero", "succ m ih")


def test_arms_name_what_comes_back() -> None:
    (tree,) = [m for m in moves(parse_goal("x : Tree\n⊢ size x = 1"), KNOWN) if m.tactic == "induction x with"]
    assert tree.arms == ("leaf", "node l r ih_l ih_r")
    assert tree.trial == "induction x with | leaf => ?_ | node l r ih_l ih_r => ?_"
    assert Move("a\nb").trial == "a; b"


def test_names_stay_fresh() -> None:
    names = Names.of(parse_goal("h h1 : p\n⊢ x = y"), KNOWN)
    assert [names.fresh(n) for n in ("h", "x", "z✝", "✝")] == ["h2", "x1", "z", "x2"]


@pytest.mark.parametrize(
    ("goal", "found"),
    [
        ("k l n m : Nat\nh : n = 2 * k\ng : m = 2 * l\n⊢ ∃ k, n + m = 2 * k", "k + l"),
        ("a b k : Nat\nh : b = a * k\n⊢ a ∣ b * c", "c * k"),
        ("α : Type\na : α\nh : p a\n⊢ ∃ x, p x", "a"),
        ("n : Nat\n⊢ ∃ x, n < x", "n"),
        ("⊢ ∃ (x : Nat), x * x = x", "0"),
        ("p : α → Prop\na : α\nn : Nat\n⊢ ∃ x, p x ∨ q", "a"),
        ("n : Nat\n⊢ ∃ p, p > n", "n + 1"),
        ("a b : Nat\n⊢ ∃ c, a < c ∧ b ≤ c", "a + 1 + b"),
        ("n m : Nat\n⊢ ∃ x, x ≤ n * m", "n * m"),
        ("f : α → α → Prop\n⊢ ∃ p, ∀ x, f x ≠ p", "fun x => ¬f x x"),
        ("f : Nat → Nat → Nat\n⊢ ∃ (g : Nat → Nat), ∀ x, g ≠ f x", "fun x => f x x + 1"),
        ("⊢ ∃ (g : α → α), ∀ x, g x = x", "fun x => x"),
    ],
)
def test_witnesses(goal: str, found: str) -> None:
    assert found in witnesses(parse_goal(goal))


def test_no_witness_is_made_of_what_is_bound_inside() -> None:
    assert not any("y" in w for w in witnesses(parse_goal("n : Nat\n⊢ ∃ x, ∀ (y : Nat), x > y")))


def test_an_equation_of_functions_is_tried_at_points() -> None:
    found = closers(parse_goal("α : Type\nx : α\nh : f x = fun y => ¬f y y\n⊢ False"), Knowledge())
    assert "exact absurd (congrFun h x) (by simp)" in found


def test_nothing_to_witness() -> None:
    assert witnesses(parse_goal("⊢ p")) == ()


def test_matching() -> None:
    pattern, term = parse_term("p x ∧ q x y"), parse_term("p (f 1) ∧ q (f 1) 2")
    assert match(pattern, term, {"x", "y"}, {}) == {"x": parse_term("f 1"), "y": parse_term("2")}
    assert match(pattern, parse_term("p 1 ∧ q 2 3"), {"x", "y"}, {}) is None
    assert match(pattern, parse_term("p 1 ∨ q 1 3"), {"x", "y"}, {}) is None
    assert match(parse_term("f x"), parse_term("f 1 2"), {"x"}, {}) is None


def test_facts_that_follow_are_new() -> None:
    goal = parse_goal("α : Type\na b : α\nh : ∀ (x : α), p x\ng : p a → q\nhp : p a\n⊢ r")
    assert instances(goal) == ("h b", "g hp")
    assert telescope(parse_term("∀ x, p x → ¬q"))[1:] == ([parse_term("p x"), Name("q")], Name("False"))


def test_premises_and_conclusion() -> None:
    premises, conclusion = spine(parse_term("∀ x, p x → a ≠ b"))
    assert [show(p) for p in premises] == ["p x", "a = b"]
    assert conclusion == Name("False")


def test_atoms_of_a_proposition() -> None:
    assert propositions(parse_goal("p : Prop\nn : Nat\n⊢ p ∧ q n → ∃ x, x = n")) == ["p"]
    assert propositions(parse_goal("p : Prop\nn : Nat\nq : Nat → Prop\n⊢ p ∧ q n → True")) == ["p", "q n"]


def test_closing_tactics_follow_the_goal() -> None:
    plain = closers(parse_goal("⊢ p"), Knowledge())
    assert plain[: len(LEAVES)] == LEAVES
    own = closers(parse_goal("n : Nat\nih : fib n = n\n⊢ fib (n + 1) * n = 2"), KNOWN)
    assert "simp [fib, ih]" in own
    assert "apply fib_le <;> assumption" in own
    products = closers(parse_goal("a b : Int\nh : a = b * b\n⊢ a * a = b ^ 4"), Knowledge())
    assert any(t.startswith("simp only [h, Int.mul_add") for t in products)
    assert any(t.endswith("at h ⊢; omega") for t in products)
    shifted = closers(parse_goal("n m : Nat\nh : Even (n + m)\n⊢ Even (m + n)"), KNOWN)
    assert "rw [show m + n = n + m by omega]; assumption" in shifted


def test_factors_that_an_equation_brings_in_can_be_reordered() -> None:
    goal = parse_goal("n : Nat\nih : fib n * n = 1\n⊢ fib (n + 1) * n = 2")
    assert any("Nat.mul_comm n (fib n)" in t for t in closers(goal, KNOWN))
    assert "Nat.mul_one" in next(t for t in closers(parse_goal("⊢ fib (a * (b + 1)) = 2 * a"), KNOWN) if "mul_add" in t)
