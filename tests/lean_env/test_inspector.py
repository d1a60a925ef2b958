"""What the inspection of compiled modules accepts and refuses. No judgement here looks at any text."""

from collections.abc import Callable, Iterable

import pytest

from lemmata.lean_env.inspector import Comparison, Inspection, World, inspect, unfit
from lemmata.lean_env.library import Library
from lemmata.lean_env.olean import BadOlean
from lemmata.lean_env.terms import Kind, Name, parse_name
from lemmata.lean_env.toolchain import Toolchain
from lemmata.lean_env.verifier import AXIOMS

pytestmark = pytest.mark.embedded
Inspector = Callable[..., Inspection]


@pytest.fixture
def inspected(compile_module: Callable[[str], bytes], embedded_toolchain: Toolchain) -> Inspector:
    """Compiles submission and challenge (None: nothing is compared) and inspects the submission."""

    def run(
        submission: str, challenge: str | None = None, *, name: str = "target", allow: Iterable[str] = AXIOMS
    ) -> Inspection:
        library = Library(embedded_toolchain.folders)
        world = None if challenge is None else World(compile_module(challenge), library)
        axioms = [parse_name(a) for a in allow]
        return inspect(compile_module(submission), parse_name(name), library, allow=axioms, challenge=world)

    return run


def test_an_attack_is_seen_in_the_compiled_file_alone(attack: dict[str, str], inspected: Inspector) -> None:
    target = "my.target" if "my.target" in attack["challenge"] else "target"
    found = inspected(attack["submission"], attack["challenge"], name=target)
    if attack["judge"] == "inspector":
        assert any(attack["said"] in reason for reason in found.reasons), found
    else:  # the statement is right and the axioms are clean: only the kernel sees it
        assert found.reasons == ()


ADD = "theorem target (a b : Nat) : a + b = b + a := "
P = "def P : Nat → Prop\n  | 0 => True\n  | n + 1 => n = n\n"
HONEST = {
    "as it is": (ADD + "sorry", ADD + "Nat.add_comm a b"),
    "a helper before it": (
        ADD + "sorry",
        "theorem h (a b : Nat) : b + a = a + b := Nat.add_comm b a\n" + ADD + "(h a b).symm",
    ),
    "a definition kept": (
        "def P (n : Nat) : Prop := n = n\ntheorem target : P 0 := sorry",
        "theorem h (n : Nat) : n = n := rfl\ndef P (n : Nat) : Prop := n = n\ntheorem target : P 0 := h 0",
    ),
    "universes renamed": (
        "theorem target.{u, v} (α : Type u) (β : Type v) (a : α) (b : β) : (a, b) = (a, b) := sorry",
        "theorem target.{w, x} (α : Type w) (β : Type x) (a : α) (b : β) : (a, b) = (a, b) := rfl",
    ),
    "universes exchanged by name": (
        "def K.{u, v} (α : Type u) (_ : Type v) : Type u := α\n"
        "theorem target.{u, v} (α : Type u) (β : Type v) (a : K α β) : a = a := sorry",
        "def K.{v, u} (α : Type v) (_ : Type u) : Type v := α\n"
        "theorem target.{v, u} (α : Type v) (β : Type u) (a : K α β) : a = a := rfl",
    ),
    "universes renamed across their order by name": (
        "structure I.{u, v, w} (α : Type u) (β : Type v) (γ : Type w) where\n  f : α → β → γ\n"
        "theorem target.{u, v, w} (α : Type u) (β : Type v) (γ : Type w) (i : I α β γ) : i = i := sorry",
        "structure I.{z, y, x} (α : Type z) (β : Type y) (γ : Type x) where\n  f : α → β → γ\n"
        "theorem target.{z, y, x} (α : Type z) (β : Type y) (γ : Type x) (i : I α β γ) : i = i := rfl",
    ),
    "bound variables renamed": (
        "theorem target (p : Prop) : ∀ x : p, ∃ y : p, x = y := sorry",
        "theorem target (q : Prop) : ∀ a : q, ∃ b : q, a = b := fun a => ⟨a, rfl⟩",
    ),
    "binders made implicit": (
        "theorem target (p : Prop) (h : p) : p := sorry",
        "theorem target {p : Prop} (h : p) : p := h",
    ),
    "an auxiliary definition that a helper made first": (
        P + "theorem target : P 0 := sorry",
        "def Q : Nat → Prop\n  | 0 => True\n  | n + 1 => n = n\n" + P + "theorem target : P 0 := trivial",
    ),
    "a proof inside the statement that is another": (
        "theorem small : 0 < 2 := by decide\ntheorem target : (⟨0, small⟩ : Fin 2) = ⟨0, small⟩ := sorry",
        "theorem small : 0 < 2 := Nat.succ_pos 1\ntheorem target : (⟨0, small⟩ : Fin 2) = ⟨0, small⟩ := rfl",
    ),
    "unsafe code beside it": (
        ADD + "sorry",
        "unsafe def f (n : Nat) : Nat := f n\npartial def g (n : Nat) : Nat := g n\n" + ADD + "Nat.add_comm a b",
    ),
    "forged messages that change nothing": (
        ADD + "sorry",
        ADD + "Nat.add_comm a b\n#print \"'target' depends on axioms: [sorryAx]\"",
    ),
}


@pytest.mark.parametrize("case", HONEST)
def test_an_honest_submission_passes(case: str, inspected: Inspector) -> None:
    challenge, submission = HONEST[case]
    assert inspected(submission, challenge) == Inspection(kind=Kind.THEOREM, same_statement=True)


def test_classical_axioms_pass_and_are_listed(inspected: Inspector) -> None:
    statement = "theorem target (p : Prop) : p ∨ ¬p := "
    found = inspected(statement + "Classical.em p", statement + "sorry")
    assert (found.reasons, found.axioms) == ((), ("Classical.choice", "Quot.sound", "propext"))
    strict = inspected(statement + "Classical.em p", statement + "sorry", allow=["propext"])
    assert strict.reasons == (
        "target rests on the axiom Classical.choice",
        "target rests on the axiom Quot.sound",
    )


def test_an_allowed_axiom_must_be_the_challenge_s(inspected: Inspector) -> None:
    allow = [*AXIOMS, "oracle"]
    challenge = "axiom oracle : (1 : Nat) = 1\ntheorem target : (0 : Nat) = 1 := sorry"
    proof = "\ntheorem target : (0 : Nat) = 1 := "
    kept = inspected("axiom oracle : (1 : Nat) = 1" + proof + "by have := oracle; exact sorry", challenge, allow=allow)
    assert kept.reasons == ("target is not complete: it rests on `sorry`, the axiom sorryAx",)
    for against in (challenge, "theorem target : (0 : Nat) = 1 := sorry", None):
        found = inspected("axiom oracle : (0 : Nat) = 1" + proof + "oracle", against, allow=allow)
        assert found.reasons == ("declares the axiom oracle itself",)
    used = inspected("axiom oracle : (1 : Nat) = 1\ntheorem target : (1 : Nat) = 1 := oracle",
                     "axiom oracle : (1 : Nat) = 1\ntheorem target : (1 : Nat) = 1 := sorry", allow=allow)  # fmt: skip
    assert (used.reasons, used.axioms) == ((), ("oracle",))


def test_without_a_challenge_nothing_is_compared(inspected: Inspector) -> None:
    found = inspected("theorem target : 2 + 2 = 4 := rfl")
    assert (found.same_statement, found.reasons) == (None, ())


def test_without_a_challenge_the_library_must_be_there(inspected: Inspector) -> None:
    found = inspected("prelude\ntheorem target : ∀ (p : Prop) (_ : p), p := fun _ h => h")
    assert found.reasons == ("does not import Init (`prelude`)",)


def test_a_constant_of_the_library_may_not_be_declared_again(
    compile_module: Callable[[str], bytes], embedded_toolchain: Toolchain
) -> None:
    module = compile_module("theorem Nat.le_refk (n : Nat) : n ≤ n := Nat.le_refl n")
    renamed = module.replace(b"le_refk\0", b"le_refl\0")
    found = inspect(renamed, ("Nat", "le_refl"), Library(embedded_toolchain.folders), allow=[])
    assert found.reasons == ("declares Nat.le_refl of the library again",)


def test_a_constant_that_is_nowhere_is_named(
    compile_module: Callable[[str], bytes],
    forged: Callable[[bytes, Name, Name], bytes],
    embedded_toolchain: Toolchain,
) -> None:
    module = compile_module("def Yes.{unknown} (_ : Sort unknown) : Prop := True\ntheorem target : Yes Nat := trivial")
    module = forged(module, ("Yes",), ("unknown",))
    found = inspect(module, ("target",), Library(embedded_toolchain.folders), allow=[])
    assert found.reasons == ("refers to unknown, which is nowhere",)


def test_a_field_of_another_structure_is_another(
    compile_module: Callable[[str], bytes], embedded_toolchain: Toolchain
) -> None:
    text = "structure {} where\n  n : Nat\ndef f (x : {}) : Nat := x.1\ntheorem target : ∃ g : Nat → Nat, g = g := {}"
    library = Library(embedded_toolchain.folders)
    theirs = World(compile_module(text.format("A", "A", "⟨id, rfl⟩")), library)
    ours = World(compile_module(text.format("B", "B", "⟨id, rfl⟩")), library)
    assert Comparison(ours, theirs).difference(("f",)) == "the statement uses B where the challenge's uses A"
    assert Comparison(ours, theirs).difference(("target",)) is None
    assert Comparison(ours, theirs).difference(("B",)) == "the challenge has no B"


def test_a_module_file_is_refused(inspected: Inspector) -> None:
    found = inspected("module\nprelude\npublic theorem target : ∀ (p : Prop) (_ : p), p := fun _ h => h")
    assert found.reasons == ("a `module` file: its proofs are in another file",)


def test_a_damaged_file_is_a_reason(embedded_toolchain: Toolchain) -> None:
    library = Library(embedded_toolchain.folders)
    assert inspect(b"olean", ("target",), library, allow=[]).reasons == ("not an .olean file",)


@pytest.mark.parametrize(
    ("challenge", "said"),
    [
        ("theorem other : True := sorry", "there is no target"),
        ("def target : Nat := 0", "target is not a theorem but a definition"),
        ("inductive target where | a", "target is not a theorem but an inductive"),
        ("theorem target : (sorry : Prop) := sorry", "the statement of target is open itself"),
        ("def n : Nat := sorry\ntheorem target : n + 17 = 34 := sorry", "uses n, which is not defined without `sorry`"),
        (
            "def n : Nat := sorry\ndef m := n\ntheorem target : m + 17 = 34 := sorry",
            "uses n, which is not defined without `sorry`",
        ),
    ],
)
def test_a_challenge_that_states_nothing_is_unfit(
    challenge: str, said: str, compile_module: Callable[[str], bytes], embedded_toolchain: Toolchain
) -> None:
    fault = unfit(World(compile_module(challenge), Library(embedded_toolchain.folders)), ("target",))
    assert fault is not None
    assert said in fault


def test_an_open_lemma_in_a_statement_is_no_fault(
    compile_module: Callable[[str], bytes], embedded_toolchain: Toolchain
) -> None:
    challenge = "theorem small : 0 < 2 := sorry\ntheorem target : (⟨0, small⟩ : Fin 2) = ⟨0, small⟩ := sorry"
    assert unfit(World(compile_module(challenge), Library(embedded_toolchain.folders)), ("target",)) is None


def test_an_import_that_is_nowhere_is_named(
    compile_module: Callable[[str], bytes], embedded_toolchain: Toolchain
) -> None:
    library = Library(embedded_toolchain.folders[:0])
    with pytest.raises(BadOlean, match="imports Init, which is not in the library"):
        World(compile_module("theorem target : True := trivial"), library)
