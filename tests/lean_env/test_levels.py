"""What an accepted submission is worth: levels, axioms beyond Lean's, answers, independent checkers."""

from pathlib import Path

import pytest

from lemmata.cli import exits
from lemmata.domain import Check, Level, VerifyStatus, sha256
from lemmata.lean_env.agreement import Agreement, Case, Stance
from lemmata.lean_env.brief import Brief
from lemmata.lean_env.cli import CliChecker
from lemmata.lean_env.judge import JudgeCase, Judgement
from lemmata.lean_env.reader import Reader
from lemmata.lean_env.terms import show
from lemmata.lean_env.verifier import try_brief, verify

pytestmark = pytest.mark.embedded
ADD = "theorem target (a b : Nat) : a + b = b + a := "
SLOW = """\
def slow : Nat → Nat → Nat
  | 0, a => a + 1
  | n + 1, a => slow n (slow n a)
theorem target : slow 60 0 = 0 := by decide +kernel
"""


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the self-test of the whole toolchain is kept: it runs once for all."""
    return tmp_path_factory.mktemp("cache")


async def test_lean_with_its_own_library_certifies(whole: CliChecker, cache: Path) -> None:
    submission, challenge = ADD + "Nat.add_comm a b\n", ADD + "sorry\n"
    verdict = await verify(submission, checker=whole, challenge=challenge, timeout=60, cache=cache)
    certificate = verdict.certificate
    assert certificate is not None
    assert (verdict.level, exits.of_verdict(verdict)) == (Level.CERTIFIED, 0)
    assert certificate.vouched_by == "certified by Lean 4.35.0"
    assert certificate.notes == ("it was compiled in no sandbox",)
    (kept,) = (cache / "selftests").glob("*/result.json")
    assert f'"{certificate.toolchain_sha256}"' in kept.read_text(encoding="utf-8")
    again = await verify(submission, checker=whole, timeout=60, cache=cache)
    assert again.level is Level.CERTIFIED


async def test_a_brief_that_is_not_sieved_is_never_certified(whole: CliChecker, cache: Path) -> None:
    brief = Brief(ADD + "Nat.add_comm a b", challenge=ADD + "sorry", sieved=False)
    verdict = await try_brief(brief, whole, 60, cache=cache)
    assert verdict.certificate is not None
    assert verdict.level is Level.CHECKED
    assert verdict.certificate.notes[-1] == "the level stays checked: the bytes were not looked at"


class Forgetful(Reader):
    """An inspector that cannot have the kernel asked again."""

    async def inspect(self, case: JudgeCase) -> Judgement:
        judgement = await super().inspect(case)
        return judgement.model_copy(update={"replayed": None, "kernel": "it has no replay"})


async def test_without_a_replay_nothing_is_certified(whole: CliChecker, cache: Path) -> None:
    text = "theorem t : True := trivial"
    verdict = await verify(text, checker=whole, judges=(Forgetful(),), timeout=60, cache=cache)
    certificate = verdict.certificate
    assert certificate is not None
    assert verdict.level is Level.CHECKED
    assert [check.what for check in certificate.checks] == ["text", "compiled", "axioms"]
    assert certificate.compared == ("axioms within those allowed",)
    assert certificate.notes[-1] == "the level stays checked: the kernel was not asked again: it has no replay"


class Friend:
    """An independent checker that answers as told, and remembers what it was asked."""

    name, version = "friend", "4.35.0"

    def __init__(self, *stances: Stance) -> None:
        self._stances = list(stances)
        self.asked: list[tuple[str, ...]] = []

    async def judge(self, case: Case) -> Agreement:
        assert case.judged.submission.olean.is_file()
        self.asked.append(tuple(map(show, case.judged.targets)))
        return Agreement(checker=self.name, version=self.version, stance=self._stances.pop(0), evidence="it ran")


async def test_an_independent_checker_that_agrees_confirms(whole: CliChecker, cache: Path) -> None:
    friend = Friend(Stance.AGREED)
    submission, challenge = ADD + "Nat.add_comm a b\n", ADD + "sorry\n"
    verdict = await verify(
        submission, checker=whole, challenge=challenge, timeout=60, independent=(friend,), cache=cache
    )
    assert verdict.certificate is not None
    assert (verdict.level, verdict.certificate.vouched_by) == (Level.CONFIRMED, "confirmed by Lean 4.35.0 and friend")
    assert verdict.certificate.checks[-1] == Check(what="friend", by="friend (Lean 4.35.0)", evidence="agreed: it ran")
    assert friend.asked == [("target",)]


async def test_a_refusal_of_an_independent_checker_is_final_unless_it_refuses_everything(
    embedded: CliChecker, cache: Path
) -> None:
    submission, challenge = ADD + "Nat.add_comm a b\n", ADD + "sorry\n"
    for stances, accepted in (((Stance.REFUSED, Stance.AGREED), False), ((Stance.REFUSED, Stance.REFUSED), True)):
        friend = Friend(*stances)
        verdict = await verify(
            submission, checker=embedded, challenge=challenge, timeout=60, independent=(friend,), cache=cache
        )
        assert verdict.accepted == accepted
        assert friend.asked == [("target",), ("control",)]
        assert verdict.reasons == (() if accepted else ("friend refuses it: it ran",))


async def test_extra_axioms_are_shown_loudly(whole: CliChecker, cache: Path) -> None:
    given = "axiom magic (p : Prop) : p\n"
    challenge, proved = given + ADD + "sorry\n", given + ADD + "magic _\n"
    refused = await verify(proved, checker=whole, challenge=challenge, timeout=60, cache=cache)
    assert refused.reasons == ("target rests on the axiom magic",)
    allow = ("propext", "Quot.sound", "Classical.choice", "magic", "unused")
    verdict = await verify(proved, checker=whole, challenge=challenge, timeout=60, allow=allow, cache=cache)
    certificate = verdict.certificate
    assert certificate is not None
    assert certificate.vouched_by == "certified by Lean 4.35.0, on the extra axioms magic"
    assert certificate.axioms == ("magic",)
    assert certificate.notes[:2] == (
        "it rests on axioms that are not Lean's, allowed by name: magic",
        "axioms that were allowed and not used: unused",
    )


async def test_an_axiom_that_is_allowed_must_be_the_challenge_s(embedded: CliChecker) -> None:
    brief = Brief(
        "axiom magic (p : Prop) : p\n" + ADD + "magic _", challenge=ADD + "sorry", allow=("magic",), sieved=False
    )
    verdict = await try_brief(brief, embedded, 60)
    assert verdict.reasons == ("declares the axiom magic itself",)


ASKED = "abbrev n_solution : Nat := sorry\ntheorem target : n_solution + 1 = 4 := sorry\n"


async def test_an_answer_is_filled_in_and_left_to_a_person(embedded: CliChecker) -> None:
    submission = ASKED.replace("sorry", "3", 1).replace("sorry", "rfl")
    verdict = await verify(submission, checker=embedded, challenge=ASKED, timeout=60)
    certificate = verdict.certificate
    assert certificate is not None
    assert certificate.challenge_sha256 == sha256(ASKED)
    assert certificate.filled_sha256 == sha256(ASKED.replace("sorry", "3", 1))
    assert certificate.notes[0].startswith("the answer n_solution := 3 is the submission's: a person must judge")
    wrong = await verify(submission.replace("3", "2"), checker=embedded, challenge=ASKED, timeout=60)
    assert wrong.status is VerifyStatus.REFUSED
    assert wrong.reasons[0].startswith("line 2: ")


async def test_an_answer_that_runs_on_is_the_submission_s_fault(embedded: CliChecker) -> None:
    slow, _, _ = SLOW.rpartition("theorem")
    challenge = slow + "abbrev n_solution : 0 = 0 := sorry\ntheorem target : n_solution = n_solution := sorry\n"
    answer = "(fun _ => rfl) (by decide +kernel : slow 60 0 = 0)"
    submission = challenge.replace("sorry", answer, 1).replace("sorry", "rfl")
    verdict = await verify(submission, checker=embedded, challenge=challenge, timeout=2)
    assert verdict.status is VerifyStatus.TIMEOUT
    assert verdict.reasons[0].startswith("the challenge, with the answers in it, is not accepted: timeout: no answer")


async def test_an_answer_may_not_rest_on_a_hole_though_the_statement_does_not_mention_it(
    embedded: CliChecker,
) -> None:
    challenge = "abbrev n_solution : Nat := sorry\ntheorem target : (1 : Nat) = 1 := sorry\n"
    submission = challenge.replace("sorry", "«sorryAx» Nat false", 1).replace("sorry\n", "rfl\n")
    verdict = await verify(submission, checker=embedded, challenge=challenge, timeout=60)
    assert verdict.reasons == ("an answer rests on the axioms sorryAx",)
    missing = await verify(challenge, checker=embedded, challenge=challenge, timeout=60)
    assert missing.reasons == ("it gives no answer for n_solution",)
