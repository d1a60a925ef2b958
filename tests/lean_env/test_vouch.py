"""What is said of a submission where only a server checks: its bytes, one more check, and what is not known."""

import re

import pytest

from lemmata.domain import (
    CheckerIdentity,
    CheckResult,
    CheckStatus,
    Diagnostic,
    Hole,
    Level,
    Position,
    Severity,
    VerifyStatus,
    sha256,
)
from lemmata.lean_env.source import problem
from lemmata.lean_env.vouch import vouch, vouch_refutation

CHALLENGE = "import Mathlib\n\ntheorem t (a b : ℕ) : a + b = b + a := sorry\n"
SUBMISSION = CHALLENGE.replace("sorry", "by ring")
AT = Position(line=3, column=0)


class Server:
    """A checker that answers as told, and remembers the texts."""

    def __init__(self, *statuses: CheckStatus, level: Level = Level.CHECKED, **more: object) -> None:
        self._identity = CheckerIdentity(name="kimina", level=level, lean_version="4.27.0")
        said = ({"status": status, "checker": self._identity, **more} for status in statuses or (CheckStatus.OK,))
        self._results = [CheckResult.model_validate(one) for one in said]
        self.texts: list[str] = []

    @property
    def identity(self) -> CheckerIdentity:
        return self._identity

    async def check(self, text: str, timeout: float, *, goals: bool = False) -> CheckResult:
        assert not goals
        if "as_given_" in text or "for_any_answer" in text:  # what ties the statement: open where it was given
            return CheckResult(status=CheckStatus.HOLES, checker=self.identity)
        self.texts.append(text)
        return self._results.pop(0) if len(self._results) > 1 else self._results[0]

    async def aclose(self) -> None:
        pass


async def test_a_server_vouches_for_what_it_can_see() -> None:
    server = Server()
    verdict = await vouch(SUBMISSION, checker=server, timeout=9, challenge=CHALLENGE, file="mine.lean")
    certificate = verdict.certificate
    assert certificate is not None
    assert (verdict.file, verdict.level, certificate.level) == ("mine.lean", Level.CHECKED, Level.CHECKED)
    assert (certificate.theorem, certificate.axioms, certificate.toolchain_sha256) == ("t", None, None)
    assert certificate.vouched_by == "checked by Lean 4.27.0"
    assert (certificate.text_sha256, certificate.challenge_sha256) == (sha256(SUBMISSION), sha256(CHALLENGE))
    assert certificate.compared == ("the statement's bytes and meaning with the challenge's",)
    assert [check.what for check in certificate.checks] == ["text", "compiled"]
    assert any("the kernel was not asked again" in note for note in certificate.notes)
    assert len(certificate.notes) == 3


async def test_each_check_is_a_new_one() -> None:
    server = Server()
    for _ in range(2):
        await vouch(SUBMISSION, checker=server, timeout=9)
    first, second = server.texts
    assert first.startswith(SUBMISSION)
    assert first != second
    assert first.removeprefix(SUBMISSION).startswith("\n-- ")


async def test_without_a_challenge_nothing_is_compared() -> None:
    verdict = await vouch(SUBMISSION, checker=Server(), timeout=9)
    assert verdict.certificate is not None
    assert (verdict.certificate.challenge_sha256, verdict.certificate.compared) == (None, ())


async def test_answers_are_named() -> None:
    challenge = "abbrev t_solution : Nat := sorry\ntheorem t : t_solution = 3 := sorry\n"
    submission = challenge.replace("sorry", "3", 1).replace("sorry", "rfl")
    verdict = await vouch(submission, checker=Server(), timeout=9, challenge=challenge)
    assert verdict.certificate is not None
    assert verdict.certificate.filled_sha256 == sha256(challenge.replace("sorry", "3", 1))
    assert verdict.certificate.notes[0].startswith("the answer t_solution := 3")


async def test_a_simulator_gives_no_more_than_it_has() -> None:
    verdict = await vouch(SUBMISSION, checker=Server(level=Level.SIMULATED), timeout=9)
    assert verdict.level is Level.SIMULATED


@pytest.mark.parametrize(
    ("server", "status", "said"),
    [
        (Server(CheckStatus.HOLES, holes=(Hole(start=AT, end=AT),)), VerifyStatus.REFUSED,
         "it is not complete: a hole in line 3"),
        (Server(CheckStatus.ERRORS, diagnostics=(Diagnostic(severity=Severity.ERROR, start=AT, text="no"),)),
         VerifyStatus.REFUSED, "line 3: no"),
        (Server(CheckStatus.TIMEOUT, reason="9 s"), VerifyStatus.TIMEOUT, "timeout: 9 s"),
        (Server(CheckStatus.CRASHED, reason="it died"), VerifyStatus.CRASHED, "crashed: it died"),
        (Server(CheckStatus.UNSUPPORTED, reason="no Mathlib"), VerifyStatus.UNSUPPORTED, "no Mathlib"),
    ],
)  # fmt: skip
async def test_what_it_does_not_take_is_refused(server: Server, status: VerifyStatus, said: str) -> None:
    verdict = await vouch(SUBMISSION, checker=server, timeout=9)
    assert (verdict.status, verdict.reasons, verdict.certificate) == (status, (said,), None)


async def test_bytes_are_looked_at_before_the_server_is_asked() -> None:
    server = Server()
    for submission, challenge, said in (
        ("theorem t : True := trivial", CHALLENGE, "line 1: does not import Mathlib, which the challenge does"),
        (SUBMISSION.replace("ring", "native_decide"), CHALLENGE, "line 3: `native_decide` runs code while"),
        ("#eval 1\ntheorem t : True := trivial", None, "line 1: `#eval` runs code while"),
        ("-- x\n" * 1_000_000, None, "it has over 1,000,000 characters"),
    ):
        verdict = await vouch(submission, checker=server, timeout=9, challenge=challenge)
        assert verdict.status is VerifyStatus.REFUSED
        assert verdict.reasons[0].startswith(said)
    assert server.texts == []


EVIDENCE = "import Mathlib\n\ntheorem t_negation : ¬(∀ (a b : ℕ), a + b = b) := by\n  push_neg; exact ⟨1, 1, by simp⟩\n"
FALSE = CHALLENGE.replace("b + a", "b")


async def refuted(server: Server, evidence: str = EVIDENCE) -> tuple[VerifyStatus, tuple[str, ...]]:
    stated = problem(FALSE)
    verdict = await vouch_refutation(evidence, name="t_negation", challenge=stated, checker=server, timeout=9)
    assert (verdict.certificate is not None) == verdict.accepted
    return verdict.status, verdict.reasons


class Attentive(Server):
    """A server that refuses a wrong last line."""

    async def check(self, text: str, timeout: float, *, goals: bool = False) -> CheckResult:
        if not text.endswith(" : _root_.False := _root_.True.intro\n"):
            return await super().check(text, timeout)
        start = Position(line=text.count("\n"), column=0)
        error = Diagnostic(severity=Severity.ERROR, start=start, text="type mismatch")
        return CheckResult(status=CheckStatus.ERRORS, diagnostics=(error,), checker=self.identity)


async def test_of_a_refutation_the_server_is_asked_whether_it_contradicts_the_challenge() -> None:
    server = Attentive(CheckStatus.HOLES, CheckStatus.OK)
    assert await refuted(server) == (VerifyStatus.ACCEPTED, ())
    tie, evidence = server.texts
    assert re.search(r"theorem _root_\.contradiction_\w+ : _root_\.False := @_root_\.t_negation @_root_\.t\n$", tie)
    assert evidence.startswith(EVIDENCE)


async def test_a_server_that_takes_a_wrong_last_line_did_not_come_to_it() -> None:
    status, reasons = await refuted(Server(CheckStatus.HOLES))
    assert (status, reasons) == (VerifyStatus.REFUSED, ("t_negation does not refute t: what ties them is not reached",))


async def test_a_refutation_that_refutes_something_else_is_refused() -> None:
    error = Diagnostic(severity=Severity.ERROR, start=AT, text="type mismatch")
    server = Server(CheckStatus.ERRORS, diagnostics=(error,))
    assert await refuted(server) == (
        VerifyStatus.REFUSED,
        ("t_negation does not refute t: line 3: type mismatch",),
    )
    assert await refuted(Server(CheckStatus.TIMEOUT, reason="9 s")) == (
        VerifyStatus.TIMEOUT,
        ("t_negation does not refute t: timeout: 9 s",),
    )
    (status, (reason,)) = await refuted(Server(), EVIDENCE.replace("t_negation", "other"))
    assert (status, reason.partition(":")[0]) == (VerifyStatus.REFUSED, "there is no refutation in it")
    (status, (reason,)) = await refuted(Server(), EVIDENCE.replace("simp", "sorry"))
    assert (status, reason) == (VerifyStatus.REFUSED, "line 4: `sorry` leaves something open")
