"""The verifier from end to end: honest submissions are accepted, attacks are refused, the caller's mistakes raise."""

import asyncio
import shutil
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from lemmata.cli import exits
from lemmata.domain import Check, CheckResult, CheckStatus, Level, Verdict, VerifyStatus, sha256
from lemmata.errors import SourceError
from lemmata.lean_env.cli import CliChecker, CompileResult
from lemmata.lean_env.judge import JudgeCase, Judgement, JudgeStatus
from lemmata.lean_env.process import Confinement
from lemmata.lean_env.reader import Reader
from lemmata.lean_env.toolchain import Toolchain
from lemmata.lean_env.verifier import verify

pytestmark = pytest.mark.embedded
PAIRS = Path(__file__).parent.parent / "verify_pairs"
HONEST = sorted((PAIRS / "honest").iterdir())
CHEATS = sorted((PAIRS / "cheat").iterdir())
READER = Reader()  # what it has read of the core serves all pairs
ADD = "theorem target (a b : Nat) : a + b = b + a := "


def test_there_are_two_dozen_pairs() -> None:
    assert (len(HONEST), len(CHEATS)) == (12, 12)


async def verdict_of(checker: CliChecker, folder: Path) -> Verdict:
    return await verify(
        (folder / "submission.lean").read_text(encoding="utf-8"),
        checker=checker,
        challenge=(folder / "challenge.lean").read_text(encoding="utf-8"),
        file="submission.lean",
        timeout=60,
        judges=(READER,),
    )


@pytest.mark.parametrize("folder", HONEST, ids=[f.name for f in HONEST])
async def test_an_honest_pair_is_accepted(folder: Path, embedded: CliChecker) -> None:
    verdict = await verdict_of(embedded, folder)
    assert (verdict.status, verdict.reasons) == (VerifyStatus.ACCEPTED, ())
    assert (verdict.level, exits.of_verdict(verdict)) == (Level.CHECKED, 3)
    certificate = verdict.certificate
    assert certificate is not None
    assert certificate.vouched_by == "checked by Lean 4.35.0, embedded core"
    assert certificate.compared[0].startswith("the statement of ")
    assert "proved" not in verdict.model_dump_json()


@pytest.mark.parametrize("folder", CHEATS, ids=[f.name for f in CHEATS])
async def test_a_cheating_pair_is_refused(folder: Path, embedded: CliChecker) -> None:
    verdict = await verdict_of(embedded, folder)
    assert verdict.status is VerifyStatus.REFUSED
    assert (verdict.level, verdict.certificate, exits.of_verdict(verdict)) == (None, None, 1)
    said = (folder / "reason.txt").read_text(encoding="utf-8").strip()
    assert any(said in reason for reason in verdict.reasons), verdict.reasons


async def test_the_certificate_says_what_was_done(embedded: CliChecker) -> None:
    submission, challenge = ADD + "Nat.add_comm a b\n", ADD + "sorry\n"
    verdict = await verify(submission, checker=embedded, challenge=challenge, file="mine.lean", timeout=60)
    certificate = verdict.certificate
    assert certificate is not None
    assert verdict.file == "mine.lean"
    assert verdict.seconds > 0
    assert (certificate.theorem, certificate.axioms) == ("target", ())
    assert certificate.text_sha256 == sha256(submission)
    assert certificate.challenge_sha256 == sha256(challenge)
    assert certificate.checker == embedded.identity
    assert certificate.filled_sha256 is None
    assert certificate.compared == (
        "the statement of target, and what it uses, with the challenge's",
        "1 declaration checked again by the kernel",
        "axioms within those allowed",
    )
    assert certificate.checks[3:] == (
        Check(what="axioms", by="lemmata", evidence="it rests on: none"),
        Check(
            what="kernel",
            by="the kernel of Lean 4.35.0",
            evidence="1 declaration passed again, in a process of its own",
        ),
    )
    assert certificate.sandbox == "none"
    assert certificate.notes == (
        "it was compiled in no sandbox",
        "the level stays checked: the library is the embedded core, not Lean's own",
    )
    made = datetime.fromisoformat(certificate.time)
    assert made.tzinfo == UTC
    assert made.microsecond == 0


async def test_alone_nothing_is_compared_and_every_theorem_is_meant(embedded: CliChecker) -> None:
    text = "theorem first : True := trivial\ntheorem last (p : Prop) : p ∨ ¬p := Classical.em p\ndef n := 0\n"
    verdict = await verify(text, checker=embedded, timeout=60)
    certificate = verdict.certificate
    assert certificate is not None
    assert (certificate.theorem, certificate.challenge_sha256) == ("first, last", None)
    assert certificate.axioms == ("Classical.choice", "Quot.sound", "propext")
    assert len(certificate.compared) == 2
    assert [check.what for check in certificate.checks] == ["text", "compiled", "axioms", "kernel"]
    assert "it was compared with nothing: its own statements are what was judged" in certificate.notes
    named = await verify(text, checker=embedded, timeout=60, name="first")
    assert named.certificate is not None
    assert (named.certificate.theorem, named.certificate.axioms) == ("first", ())


@pytest.mark.parametrize(
    ("submission", "said"),
    [
        ("def n := 0", "there is no theorem in it"),
        ("theorem t : True := by sorry", "t is not complete: it rests on `sorry`, the axiom sorryAx"),
        ("theorem t : 1 = 2 := sorry\ntheorem u : 1 = 1 := rfl", "t is not complete: it rests on `sorry`"),
        ("-- x\n" * 1_000_000, "it has over 1,000,000 characters"),
        ("theorem t (p : Prop) (h : p) : p := x", "line 1: Unknown identifier `x`"),
        ("theorem t : True := trivial\ntheorem t : True := trivial", "t is declared more than once (lines 1, 2)"),
        ("prelude\ntheorem t : True := True.intro", "`prelude` changes what a file starts from"),
        ("/- theorem t : True := trivial", "there is no theorem in it"),
    ],
)
async def test_what_is_wrong_with_a_submission_is_data(submission: str, said: str, embedded: CliChecker) -> None:
    verdict = await verify(submission, checker=embedded, timeout=60)
    assert verdict.status is VerifyStatus.REFUSED
    assert any(said in r for r in verdict.reasons), verdict.reasons


async def test_a_name_that_is_not_there_is_data(embedded: CliChecker) -> None:
    verdict = await verify("theorem N.t : True := trivial", checker=embedded, timeout=60, name="t")
    assert (verdict.status, verdict.reasons) == (VerifyStatus.REFUSED, ("there is no t; there is N.t",))


async def test_many_errors_are_cut(embedded: CliChecker) -> None:
    text = "".join(f"theorem t{n} : False := x{n}\n" for n in range(5))
    verdict = await verify(text, checker=embedded, timeout=60)
    assert len(verdict.reasons) == 4
    assert verdict.reasons[-1] == "and 2 more errors"


async def test_an_option_that_hides_warnings_is_no_reason_alone(embedded: CliChecker) -> None:
    verdict = await verify("set_option warn.sorry false\ntheorem t : True := trivial", checker=embedded, timeout=60)
    assert verdict.certificate is not None
    assert verdict.certificate.notes[-1] == "line 1: the option warn.sorry hides warnings"


async def test_axioms_beyond_those_allowed_are_named(embedded: CliChecker) -> None:
    verdict = await verify("theorem t (p : Prop) : p ∨ ¬p := Classical.em p", checker=embedded, timeout=60, allow=())
    assert verdict.reasons == tuple(f"t rests on the axiom {a}" for a in ("Classical.choice", "Quot.sound", "propext"))


SLOW = """\
def slow : Nat → Nat → Nat
  | 0, a => a + 1
  | n + 1, a => slow n (slow n a)
theorem target : slow 60 0 = 0 := by decide +kernel
"""


async def test_a_submission_that_runs_on_is_stopped(embedded: CliChecker) -> None:
    verdict = await verify(SLOW, checker=embedded, timeout=1)
    assert verdict.status is VerifyStatus.TIMEOUT
    assert verdict.reasons[0].startswith("timeout: no answer within")
    assert verdict.seconds < 10


class Scripted:
    """A compiler whose modules are given: the challenge's is compiled as it is, everything else is `module`."""

    def __init__(self, lean: CliChecker, module: bytes | CheckResult, toolchain: Toolchain | None = None) -> None:
        self._lean, self._module = lean, module
        self._toolchain = toolchain or lean.toolchain
        self.writes: tuple[Path, bytes] | None = None
        """What a submission writes while it is compiled."""

    @property
    def toolchain(self) -> Toolchain:
        return self._toolchain

    @property
    def sandbox(self) -> str:
        return "bubblewrap"

    @property
    def confinement(self) -> Confinement | None:
        return None

    async def compile(self, text: str, folder: Path, module: str = "Main", timeout: float = 60) -> CompileResult:
        if "sorry" in text:
            return await self._lean.compile(text, folder, module, timeout)
        if self.writes:
            self.writes[0].write_bytes(self.writes[1])
        if isinstance(self._module, CheckResult):
            return CompileResult(None, self._module)
        (folder / "Main.olean").write_bytes(self._module)
        return CompileResult(folder / "Main.olean", CheckResult(status=CheckStatus.OK, checker=self._lean.identity))


async def test_a_compiler_that_dies_is_no_verdict(embedded: CliChecker) -> None:
    died = CheckResult(status=CheckStatus.CRASHED, checker=embedded.identity, reason="killed by SIGABRT")
    verdict = await verify(ADD + "x", checker=Scripted(embedded, died), timeout=60)
    assert (verdict.status, verdict.reasons) == (VerifyStatus.CRASHED, ("crashed: killed by SIGABRT",))


async def test_what_structure_does_not_see_the_kernel_does(
    compile_module: Callable[[str], bytes], embedded: CliChecker
) -> None:
    module = await asyncio.to_thread(
        compile_module, "set_option debug.skipKernelTC true\ntheorem target : (0 : Nat) = 1 := by decide +kernel"
    )
    verdict = await verify(
        "theorem target : (0 : Nat) = 1 := rfl",
        checker=Scripted(embedded, module),
        challenge="theorem target : (0 : Nat) = 1 := sorry",
        timeout=60,
    )
    assert verdict.status is VerifyStatus.REFUSED
    assert verdict.reasons == ("the kernel, asked again: target._proof_1_1: application type mismatch",)


async def test_a_replay_that_runs_on_or_dies_is_no_verdict(
    compile_module: Callable[[str], bytes], embedded: CliChecker, tmp_path: Path
) -> None:
    slow = "theorem target : ∀ x < 2000, ∀ y < 2000, x * y = y * x := by decide +kernel"
    module = await asyncio.to_thread(compile_module, "set_option debug.skipKernelTC true\n" + slow)
    statement = "theorem target : ∀ x < 2000, ∀ y < 2000, x * y = y * x := trivial"
    verdict = await verify(statement, checker=Scripted(embedded, module), timeout=3)
    assert verdict.status is VerifyStatus.TIMEOUT
    assert verdict.reasons[0].startswith("the kernel, asked again: no answer in")
    (tmp_path / "libleanshared.so").write_bytes(b"")
    broken = embedded.toolchain.model_copy(update={"library": tmp_path / "libleanshared.so"})
    verdict = await verify(statement, checker=Scripted(embedded, module, broken), timeout=60)
    assert (verdict.status, verdict.reasons) == (
        VerifyStatus.CRASHED,
        ("the kernel, asked again: its process died (exit 1)",),
    )


async def test_a_missing_import_is_unsupported(embedded: CliChecker) -> None:
    text = "import Mathlib.Tactic\n" + ADD
    expected = ("imports Mathlib.Tactic, which Lean 4.35.0, embedded core does not have",)
    for challenge in (None, text + "sorry"):
        verdict = await verify(text + "by ring", checker=embedded, challenge=challenge, timeout=60)
        assert (verdict.status, verdict.reasons) == (VerifyStatus.UNSUPPORTED, expected)
    extra = await verify(text + "by ring", checker=embedded, challenge=ADD + "sorry", timeout=60)
    assert extra.status is VerifyStatus.REFUSED
    assert extra.reasons == ("line 1: `import Mathlib.Tactic` changes what the file starts from",)


async def test_a_challenge_with_another_header_is_unsupported(embedded: CliChecker) -> None:
    challenge = "prelude\ntheorem target : ∀ (p : Prop) (_ : p), p := fun _ h => h"
    verdict = await verify(challenge, checker=embedded, challenge=challenge, timeout=60)
    assert verdict.status is VerifyStatus.UNSUPPORTED
    assert "prelude" in verdict.reasons[0]


async def test_a_library_of_another_lean_is_unsupported(embedded_toolchain: Toolchain, tmp_path: Path) -> None:
    (tmp_path / "Init.olean").write_bytes(b"olean of another version")
    other = embedded_toolchain.model_copy(update={"folders": (tmp_path,)})
    verdict = await verify(ADD + "sorry", checker=CliChecker(other), timeout=60)
    assert verdict.status is VerifyStatus.UNSUPPORTED
    assert "not an .olean file" in verdict.reasons[0]
    other = embedded_toolchain.model_copy(update={"library": tmp_path / "libleanshared.so"})
    verdict = await verify(ADD + "sorry", checker=CliChecker(other), timeout=60)
    assert verdict.status is VerifyStatus.UNSUPPORTED
    assert "cannot be asked again" in verdict.reasons[0]


@pytest.mark.parametrize(
    ("challenge", "said"),
    [
        ("def n := 0", "no theorem found"),
        (ADD + "sorry\ntheorem other : True := sorry", "2 theorems have no complete proof"),
        ("theorem target : Foo.bar = 0 := sorry", "lean:1: the challenge cannot be used: Unknown identifier `Foo.bar`"),
        ("def n : Nat := sorry\ntheorem target : n = 0 := sorry", "nothing says what is to be proved"),
        ("private theorem target : 0 = 0 := sorry", "theorem target is private and cannot be a target"),
    ],
)
async def test_what_is_wrong_with_the_challenge_is_the_caller_s_mistake(
    challenge: str, said: str, embedded: CliChecker
) -> None:
    hole, _, _ = challenge.rpartition("sorry")
    with pytest.raises(SourceError) as raised:
        await verify(
            hole + "«sorryAx» _ false",
            checker=embedded,
            challenge=challenge,
            challenge_file="challenge.lean",
            timeout=60,
        )
    assert said in str(raised.value)
    assert raised.value.file == "challenge.lean"


async def test_of_several_theorems_of_a_challenge_the_open_one_is_meant(embedded: CliChecker) -> None:
    before, after = "theorem easy : True := trivial\n", "\ntheorem done : True := trivial\n"
    challenge, proved = (before + ADD + proof + after for proof in ("sorry", "Nat.add_comm a b"))
    verdict = await verify(proved, checker=embedded, challenge=challenge, timeout=60)
    assert verdict.certificate is not None
    assert verdict.certificate.theorem == "target"
    named = await verify(challenge, checker=embedded, challenge=challenge, name="easy", timeout=60)
    assert named.certificate is not None
    assert named.certificate.theorem == "easy"


async def test_a_proof_in_the_challenge_does_not_matter(embedded: CliChecker) -> None:
    verdict = await verify(ADD + "by omega", checker=embedded, challenge=ADD + "Nat.add_comm a b", timeout=60)
    assert verdict.accepted


async def test_cancelling_stops_it(embedded: CliChecker) -> None:
    task = asyncio.ensure_future(verify(SLOW, checker=embedded, timeout=60))
    await asyncio.wait([task], timeout=1)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await asyncio.wait_for(embedded.aclose(), 5)  # nothing of it is under way


async def test_a_submission_that_changes_what_judges_it_is_refused(
    compile_module: Callable[[str], bytes], embedded: CliChecker, tmp_path: Path
) -> None:
    folder = Path(shutil.copytree(embedded.toolchain.folders[0], tmp_path / "library"))
    module = await asyncio.to_thread(compile_module, "theorem target : True := trivial")
    compiler = Scripted(embedded, module, embedded.toolchain.model_copy(update={"folders": (folder,)}))
    compiler.writes = folder / "Init.olean", (folder / "Init.olean").read_bytes()
    verdict = await verify("theorem target : True := trivial", checker=compiler, timeout=60)
    assert verdict.status is VerifyStatus.REFUSED
    assert verdict.reasons == ("the library that judges it was changed while it was compiled",)
    compiler.writes = None
    verdict = await verify("theorem target : True := trivial", checker=compiler, timeout=60)
    assert verdict.certificate is not None
    assert verdict.certificate.sandbox == "bubblewrap"
    assert "it was compiled in no sandbox" not in verdict.certificate.notes


async def test_a_long_file_with_many_theorems_is_read_once(embedded: CliChecker) -> None:
    text = "".join(f"theorem t{n} : {n} = {n} := rfl\n" for n in range(100))
    counted = Counting()
    verdict = await verify(text, checker=embedded, timeout=60, judges=(counted,))
    assert verdict.certificate is not None
    assert len(verdict.certificate.theorem.split(", ")) == 100
    assert counted.cases == [100]


class Counting(Reader):
    """An inspector that counts the theorems that it is asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.cases: list[int] = []

    async def inspect(self, case: JudgeCase) -> Judgement:
        self.cases.append(len(case.targets))
        return await super().inspect(replace(case))


class Blind(Reader):
    """An inspector that finds out late that it cannot read what was compiled, or says so at once."""

    def __init__(self, lack: str | None = None) -> None:
        super().__init__()
        self._lack = lack

    async def lacks(self, toolchain: Toolchain, imports: Sequence[str]) -> str | None:
        return self._lack

    async def inspect(self, case: JudgeCase) -> Judgement:
        return Judgement(status=JudgeStatus.UNSUPPORTED, by="nobody", reasons=("it cannot read this",))


async def test_where_one_inspector_cannot_read_the_next_is_asked(embedded: CliChecker) -> None:
    text = "theorem t : True := trivial"
    for first in (Blind(), Blind("it is blind")):
        verdict = await verify(text, checker=embedded, timeout=60, judges=(first, Reader()))
        assert verdict.accepted
    blind = await verify(text, checker=embedded, timeout=60, judges=(Blind(), Blind("it is blind")))
    assert (blind.status, blind.reasons) == (VerifyStatus.UNSUPPORTED, ("it cannot read this",))
    none = await verify(text, checker=embedded, timeout=60, judges=(Blind("no eyes"), Blind("no light")))
    assert (none.status, none.reasons) == (VerifyStatus.UNSUPPORTED, ("no eyes; no light",))
