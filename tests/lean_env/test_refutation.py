"""Refutations: the theorem must hold, and contradict the challenge."""

from pathlib import Path

import pytest

from lemmata.domain import Level, Verdict, VerifyStatus, sha256
from lemmata.lean_env.cli import CliChecker
from lemmata.lean_env.reader import Reader
from lemmata.lean_env.refutation import contradiction, given, verify_refutation
from lemmata.lean_env.source import problem
from lemmata.lean_env.verifier import ChallengeTimeoutError

pytestmark = pytest.mark.embedded
READER = Reader()
CHALLENGE = "/-- Never. -/\n@[simp] theorem t (n : Nat) (h : 0 < n) : n < 5 := sorry\n"
PROOF = " := by\n  intro h\n  have := h 9 (by decide)\n  revert this\n  decide\n"
EVIDENCE = "theorem t_negation : ¬(∀ (n : Nat) (h : 0 < n), n < 5)" + PROOF


async def refuted(evidence: str, embedded: CliChecker, challenge: str = CHALLENGE, name: str = "t_negation") -> Verdict:
    return await verify_refutation(
        evidence, name=name, challenge=problem(challenge), checker=embedded, timeout=60, judges=(READER,)
    )


async def test_a_refutation_is_tied_to_the_challenge(embedded: CliChecker) -> None:
    verdict = await refuted(EVIDENCE, embedded)
    certificate = verdict.certificate
    assert certificate is not None, verdict.reasons
    assert (certificate.theorem, certificate.axioms) == ("t_negation", ())
    assert certificate.text_sha256 == sha256(EVIDENCE)
    stated = problem(EVIDENCE, name="t_negation")
    assert certificate.challenge_sha256 == sha256(contradiction(problem(CHALLENGE), stated))
    assert certificate.compared[0] == "the statement of t_negation, and what it uses, with the challenge's"


async def test_a_refutation_can_be_certified(whole: CliChecker, tmp_path: Path) -> None:
    verdict = await verify_refutation(
        EVIDENCE, name="t_negation", challenge=problem(CHALLENGE), checker=whole, timeout=60, cache=tmp_path
    )
    assert verdict.level is Level.CERTIFIED


@pytest.mark.parametrize(
    ("challenge", "evidence"),
    [
        ("theorem t {α : Type u} (a b : α) : a = b := sorry",
         "theorem t_negation : ¬(∀ (α : Type) (a b : α), a = b) := fun h => Nat.noConfusion (h Nat 0 1)"),
        ("universe u\ntheorem t (α : Sort u) : α → False := sorry",
         "universe u\ntheorem t_negation : ¬(∀ (α : Type), α → False) := fun h => h Nat 0"),
        ("variable (p : Prop)\ntheorem t (h : p ∨ True) : p := sorry",
         "variable (p : Prop)\n"
         "theorem t_negation : ¬(∀ (p : Prop) (_ : p ∨ True), p) := fun h => h False (.inr trivial)"),
        ("theorem wide : 1 = 2 := sorry\ntheorem t : 1 = 2 := wide", "\ntheorem t_negation : 1 ≠ 2 := by decide"),
        ("namespace N\ndef Small (n : Nat) : Prop := n < 5\ntheorem t (n : Nat) : Small n := sorry\nend N",
         "namespace N\ndef Small (n : Nat) : Prop := n < 5\n"
         "theorem helper : ¬Small 9 := by\n  show ¬9 < 5\n  decide\n"
         "theorem t_negation : ¬(∀ (n : Nat), Small n) := fun h => helper (h 9)"),
    ],
    ids=["universes", "sorts", "variables", "a theorem that is open", "a namespace"],
)  # fmt: skip
async def test_what_contradicts_the_challenge_passes(challenge: str, evidence: str, embedded: CliChecker) -> None:
    stated = problem(challenge, name="t")
    assert evidence.startswith(given(stated))
    name = "N.t_negation" if "namespace" in challenge else "t_negation"
    verdict = await verify_refutation(
        evidence, name=name, challenge=stated, checker=embedded, timeout=60, judges=(READER,)
    )
    assert verdict.reasons == ()


@pytest.mark.parametrize(
    ("evidence", "expected"),
    [
        ("theorem t_negation : ¬False := id", "t_negation does not refute t: "),
        ("theorem t_negation : ∃ n : Nat, ¬n < 5 := ⟨9, by decide⟩", "t_negation does not refute t: "),
        (
            "def F : Prop := ∀ (n : Nat) (h : 0 < n), n < 5\ntheorem t_negation : ¬F" + PROOF,
            "t_negation does not refute",
        ),
        (EVIDENCE.replace(PROOF, " := sorry"), "line 1: `sorry` leaves something open"),
        (EVIDENCE.replace(PROOF, " := «sorryAx» _ false"), "t_negation is not complete: it rests on `sorry`"),
        ("axiom no : False\ntheorem t_negation : ¬(∀ (n : Nat) (h : 0 < n), n < 5) := no.elim", "line 1: an axiom"),
        ("instance : LT Nat := ⟨fun _ _ => False⟩\n" + EVIDENCE, "line 1: an instance can give"),
        ("theorem t_negation (h : 0 = 0 := by run_tac x) : ¬(∀ (n : Nat) (h : 0 < n), n < 5)" + PROOF,
         "line 1: `run_tac` runs code"),
        ("@[coe] " + EVIDENCE, "line 1: the attribute `coe` may not be given"),
        ("def t_negation := 0", "there is no refutation in it: def t_negation cannot be a target"),
        ("theorem other : True := trivial", "there is no refutation in it: no theorem is named t_negation"),
        (EVIDENCE + "theorem more : True := trivial", "line 6: nothing may be added after the theorem"),
    ],
)  # fmt: skip
async def test_what_does_not_is_refused(evidence: str, expected: str, embedded: CliChecker) -> None:
    verdict = await refuted(evidence, embedded)
    assert verdict.status is VerifyStatus.REFUSED
    assert any(reason.startswith(expected) for reason in verdict.reasons), verdict.reasons


async def test_what_precedes_the_statement_is_kept(embedded: CliChecker) -> None:
    challenge = "def Small (n : Nat) : Prop := n < 5\ntheorem t (n : Nat) : Small n := sorry\n"
    changed = "def Small (n : Nat) : Prop := n < 0\n"
    evidence = changed + "theorem t_negation : ¬(∀ (n : Nat), Small n) := fun h => absurd (h 0) (by decide)"
    verdict = await refuted(evidence, embedded, challenge)
    assert verdict.reasons[0].startswith("line 1: differs from the challenge here")


async def test_no_time_for_it_is_the_caller_s_to_handle(embedded: CliChecker) -> None:
    with pytest.raises(ChallengeTimeoutError):
        await verify_refutation(
            EVIDENCE,
            name="t_negation",
            challenge=problem(CHALLENGE),
            checker=embedded,
            timeout=0.001,
            judges=(READER,),
        )
