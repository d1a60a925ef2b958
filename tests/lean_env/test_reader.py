"""The inspector of our own: what it can judge, and what it says of what it judges."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from lemmata.lean_env.judge import JudgeCase, Judgement, JudgeStatus, Module
from lemmata.lean_env.reader import Reader
from lemmata.lean_env.toolchain import Toolchain

pytestmark = pytest.mark.embedded

ADD = "theorem target (a b : Nat) : a + b = b + a := "
CHALLENGE = ADD + "sorry"
Case = Callable[..., JudgeCase]


@pytest.fixture
def case(compile_module: Callable[[str], bytes], embedded_toolchain: Toolchain, tmp_path: Path) -> Case:
    """A case from texts; without a challenge nothing is compared."""

    def module(name: str, text: str) -> Module:
        (tmp_path / name).mkdir()
        (olean := tmp_path / name / "Main.olean").write_bytes(compile_module(text))
        return Module.at(olean)

    def made(submission: str, challenge: str | None = None, *, answers: tuple[str, ...] = ()) -> JudgeCase:
        return JudgeCase(
            toolchain=embedded_toolchain,
            module="Main",
            challenge=None if challenge is None else module("challenge", challenge),
            submission=module("submission", submission),
            targets=(("target",),),
            allow=(("propext",), ("Quot", "sound"), ("Classical", "choice")),
            timeout=60,
            answers=tuple((a,) for a in answers),
        )

    return made


async def test_it_can_judge_a_small_library(embedded_toolchain: Toolchain) -> None:
    assert await Reader().lacks(embedded_toolchain, ["Init.Core"]) is None


async def test_what_it_cannot_judge_is_named(embedded_toolchain: Toolchain, tmp_path: Path) -> None:
    async def lacks(folder: Path, *imports: str, reader: Reader | None = None) -> str | None:
        toolchain = embedded_toolchain.model_copy(update={"folders": (folder,)})
        return await (reader or Reader()).lacks(toolchain, imports)

    core = embedded_toolchain.folders[0]
    assert await lacks(core, reader=Reader(most_bytes=1000)) == (
        "what is imported of the library of Lean 4.35.0, embedded core is too large to be read here"
    )
    assert "imports Mathlib, which is not in the library" in str(await lacks(core, "Mathlib"))
    assert "imports Init, which is not in the library" in str(await lacks(tmp_path))
    other = (core / "Init.olean").read_bytes().replace(b"4.35.0", b"4.34.0", 1)
    for module in [f.relative_to(core) for f in core.rglob("*.olean")]:
        (tmp_path / module).parent.mkdir(exist_ok=True)
        (tmp_path / module).write_bytes((core / module).read_bytes().replace(b"4.35.0", b"4.34.0", 1))
    assert (tmp_path / "Init.olean").read_bytes() == other
    assert await lacks(tmp_path) == "the kernel of Lean 4.34.0 cannot be called; that of 4.35.0 can"
    (tmp_path / "Init.olean").write_bytes(other.replace(b"4.34.0", b"4.26.0"))
    assert "an .olean of Lean 4.26.0; those of 4.27 to 4.35 can be read" in str(await lacks(tmp_path))
    without = embedded_toolchain.model_copy(update={"library": tmp_path / "libleanshared.so"})
    assert "cannot be asked again" in str(await Reader().lacks(without, []))


def inspected(case: JudgeCase) -> Judgement:
    return asyncio.run(Reader().inspect(case))


def test_a_proof_is_judged_and_replayed(case: Case) -> None:
    judged = inspected(case(ADD + "Nat.add_comm a b", CHALLENGE))
    assert (judged.status, judged.by, judged.reasons) == (JudgeStatus.OK, "lemmata", ())
    assert (judged.replayed, judged.kernel) == (1, "the kernel of Lean 4.35.0")
    (finding,) = judged.findings
    assert (finding.name, finding.kind, finding.same_statement) == ("target", "theorem", True)


def test_a_hole_is_refused_before_any_replay(case: Case) -> None:
    judged = inspected(case(CHALLENGE, CHALLENGE))
    assert (judged.status, judged.replayed) == (JudgeStatus.REFUSED, None)
    assert "sorryAx" in judged.reasons[0]


def test_what_only_the_kernel_sees_is_refused(case: Case) -> None:
    cheat = "set_option debug.skipKernelTC true\ntheorem target : (0 : Nat) = 1 := by decide +kernel"
    judged = inspected(case(cheat))
    assert judged.status is JudgeStatus.REFUSED
    assert judged.reasons[0].startswith("the kernel, asked again: target")


def test_a_challenge_that_states_nothing_is_unfit(case: Case) -> None:
    judged = inspected(case(ADD + "Nat.add_comm a b", "theorem other : True := trivial"))
    assert (judged.status, judged.reasons) == (JudgeStatus.UNFIT, ("there is no target",))


def test_a_challenge_that_is_damaged_is_unfit(case: Case, tmp_path: Path) -> None:
    sound = case(ADD + "Nat.add_comm a b")
    (damaged := tmp_path / "Main.olean").write_bytes(b"olean")
    judged = inspected(replace(sound, challenge=Module(damaged)))
    assert (judged.status, judged.reasons) == (JudgeStatus.UNFIT, ("not an .olean file",))


def test_a_submission_that_is_gone_or_too_large_is_refused(case: Case, tmp_path: Path) -> None:
    sound = case(ADD + "Nat.add_comm a b")
    gone = inspected(replace(sound, submission=Module(tmp_path / "Gone.olean")))
    assert (gone.status, gone.reasons) == (
        JudgeStatus.REFUSED, ("Gone.olean cannot be read: No such file or directory",)
    )  # fmt: skip
    with sound.submission.olean.open("r+b") as file:
        file.truncate(1 << 30)  # a hole: it takes no room
    large = inspected(sound)
    assert (large.status, large.reasons) == (JudgeStatus.REFUSED, ("67,108,865 bytes, over 67,108,864",))


def test_an_answer_rests_on_allowed_axioms_as_well(case: Case) -> None:
    text = "axiom oracle : Nat\nnoncomputable def answer : Nat := oracle\n" + ADD + "Nat.add_comm a b"
    judged = inspected(case(text, answers=("answer",)))
    assert (judged.status, judged.reasons) == (JudgeStatus.REFUSED, ("an answer rests on the axioms oracle",))


def test_an_answer_that_is_nowhere_is_refused(case: Case) -> None:
    judged = inspected(case(ADD + "Nat.add_comm a b", answers=("answer",)))
    assert (judged.status, judged.reasons) == (JudgeStatus.REFUSED, ("refers to answer, which is nowhere",))


def test_a_replay_that_runs_on_is_no_verdict(case: Case) -> None:
    slow = "theorem target : ∀ x < 2000, ∀ y < 2000, x * y = y * x := by decide +kernel"
    endless = replace(case("set_option debug.skipKernelTC true\n" + slow), timeout=2)
    judged = inspected(endless)
    assert judged.status is JudgeStatus.TIMEOUT
    assert judged.reasons[0].startswith("the kernel, asked again: no answer in")
