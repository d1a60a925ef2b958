from lemmata.agents.offline.knowledge import Constructor, read, statement_term
from lemmata.domain import Problem
from lemmata.tools.terms import show

PREAMBLE = """/-- def hidden : Nat := 0 -/
inductive Tree where
  | leaf
  | node (l : Tree) (v : Nat) (r : Tree) : Tree
deriving DecidableEq

inductive Even : Nat → Prop where
  | zero : Even 0
  | step (n : Nat) : Even n → Even (n + 2)

open Nat
@[simp] def fib : Nat → Nat
  | 0 => 0
  | .succ .zero => 1
  | n + 2 => fib n + fib (n + 1)

def go (n acc : Nat) : Nat := match n with
  | 0 => acc
  | k + 1 => go k (acc + k)

def Odd (n : Nat) : Prop := ∃ k, n = 2 * k + 1
theorem foo {p : Prop} (h : p) : p ∧ p := by
  exact ⟨h, h⟩
theorem odd_one : Odd 1 := ⟨0, rfl⟩
"""


def _read(preamble: str):  # type: ignore[no-untyped-def]
    return read(Problem(name="t", preamble=preamble, lead="", statement="theorem t : True", proof=""))


def test_definitions_with_their_arms_and_types() -> None:
    fib, go, odd = _read(PREAMBLE).definitions
    assert (fib.name, fib.domain, fib.result, fib.recursive) == ("fib", ("Nat",), "Nat", True)
    assert fib.arms == (((), 0), ((), 0), (("n",), 2))
    assert (go.domain, go.result, go.arms[1]) == (("Nat", "Nat"), "Nat", (("k",), 1))
    assert (odd.result, odd.recursive) == ("Prop", False)


def test_types_with_their_constructors() -> None:
    knowledge = _read(PREAMBLE)
    assert knowledge.constructors("Tree") == (
        Constructor("leaf", ()),
        Constructor("node", (("l", "Tree"), ("v", "Nat"), ("r", "Tree"))),
    )
    assert knowledge.constructors("Even")[1] == Constructor("step", (("n", "Nat"), ("t1", "Even n")))
    assert [c.name for c in knowledge.constructors("Nat")] == ["zero", "succ"]
    assert knowledge.constructors("Unheard") == ()


def test_lemmas_closed_over_their_binders() -> None:
    foo, odd = _read(PREAMBLE).lemmas
    assert (foo.name, show(foo.statement)) == ("foo", "∀ {p : Prop} (h : p), p ∧ p")
    assert show(odd.statement) == "Odd 1"


def test_what_cannot_be_read_is_left_out() -> None:
    assert statement_term(" (n : Nat") is None
    assert statement_term(" n := 3") is None
    assert statement_term(" n m : p") is None
    assert _read("").definitions == ()
    assert _read("theorem odd ( : p\ndef\n").lemmas == ()


def test_structures_have_one_constructor() -> None:
    knowledge = _read("structure P (α : Type) where\n  (x y : Nat)\n  z : α := w\n  deriving Repr\ndef a := 1\n")
    assert knowledge.constructors("P") == (Constructor("mk", (("x", "Nat"), ("y", "Nat"), ("z", "α"))),)


def test_implicit_arguments_are_not_written() -> None:
    knowledge = _read("inductive T\n  | c {n : Nat} (m) (h : p n) : T\n")
    assert knowledge.constructors("T") == (Constructor("c", (("m", ""), ("h", "p n"))),)
