"""What the answers of several independent checkers come to."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from lemmata.domain import CheckerIdentity, Level
from lemmata.lean_env.agreement import Agreement, Case, Stance, ask_all, confirmed, refusal
from lemmata.lean_env.judge import JudgeCase, Module
from lemmata.lean_env.toolchain import Toolchain

OURS = "4.35.0"


@pytest.fixture
def case(tmp_path: Path) -> Case:
    """Something to ask about."""
    lean = Toolchain(
        program=tmp_path / "lean",
        library=tmp_path / "libleanshared.so",
        folders=(tmp_path,),
        environment={},
        identity=CheckerIdentity(name="cli", level=Level.CHECKED, lean_version=OURS),
    )
    module = Module.at(tmp_path / "Main.olean")
    judged = JudgeCase(lean, "Main", module, module, targets=(("target",),), allow=(), timeout=20)
    return Case(judged, "challenge", "submission", tmp_path)


class Says:
    """A checker whose answers are known."""

    version = None

    def __init__(self, name: str, stance: Stance, honest: Stance = Stance.AGREED, *, confirms: bool = True) -> None:
        self.name, self.stance, self.honest, self.confirms = name, stance, honest, confirms
        self.left: list[float] = []

    async def judge(self, case: Case) -> Agreement:
        self.left.append(case.judged.timeout)
        stance = self.honest if case.submission == "honest" else self.stance
        return Agreement(checker=self.name, version=self.version, stance=stance, evidence="so", confirms=self.confirms)


Control = Callable[[], Any]


@pytest.fixture
def control(case: Case) -> Control:
    async def honest() -> Case:
        return replace(case, submission="honest")

    return honest


async def test_the_first_refusal_ends_it(case: Case, control: Control) -> None:
    last = Says("c", Stance.AGREED)
    said = await ask_all(case, [Says("a", Stance.AGREED), Says("b", Stance.REFUSED), last], control)
    assert [a.stance for a in said] == [Stance.AGREED, Stance.REFUSED]
    assert not confirmed(said)
    refused = refusal(said)
    assert refused is not None
    assert refused.checker == "b"
    assert last.left == []


async def test_one_that_refuses_everything_says_nothing(case: Case, control: Control) -> None:
    broken = Says("broken", Stance.REFUSED, honest=Stance.REFUSED)
    said = await ask_all(case, [broken, Says("b", Stance.AGREED)], control)
    assert [a.stance for a in said] == [Stance.NO_VERDICT, Stance.AGREED]
    assert "refuses an honest proof" in said[0].evidence
    assert confirmed(said)


@pytest.mark.parametrize("honest", [Stance.NO_VERDICT, Stance.AGREED])
async def test_a_refusal_stands_unless_the_control_is_refused(case: Case, control: Control, honest: Stance) -> None:
    async def none() -> None:
        return None

    for doubt in (control, none, None):
        said = await ask_all(case, [Says("a", Stance.REFUSED, honest=honest)], doubt)
        assert [a.stance for a in said] == [Stance.REFUSED]


async def test_agreement_of_one_confirms(case: Case) -> None:
    said = await ask_all(case, [Says("a", Stance.NO_VERDICT), Says("b", Stance.AGREED)])
    assert confirmed(said)
    assert not confirmed(said[:1])
    assert not confirmed(())


async def test_the_same_kernel_again_confirms_nothing(case: Case) -> None:
    said = await ask_all(case, [Says("leanchecker", Stance.AGREED, confirms=False)])
    assert refusal(said) is None
    assert not confirmed(said)


async def test_they_share_the_time(case: Case) -> None:
    checkers = [Says("a", Stance.AGREED), Says("b", Stance.AGREED)]
    await ask_all(case, checkers)
    (first,), (second,) = (c.left for c in checkers)
    assert 20 >= first > second > 0


def test_as_an_entry_of_a_certificate() -> None:
    said = Agreement(checker="nanoda", version=OURS, stance=Stance.AGREED, evidence="`nanoda` ended")
    assert said.check.model_dump() == {
        "what": "nanoda",
        "by": f"nanoda (Lean {OURS})",
        "evidence": "agreed: `nanoda` ended",
    }
    assert said.model_copy(update={"version": None}).check.by == "nanoda"
