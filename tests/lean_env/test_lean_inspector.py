"""What is believed of a Lean that judges, and what is not. The Lean is a double that plays every part."""

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from lemmata.domain import CheckerIdentity, Level
from lemmata.lean_env.judge import JudgeCase, Judgement, JudgeStatus, Module
from lemmata.lean_env.lean_inspector import LeanInspector, program
from lemmata.lean_env.toolchain import Toolchain

DOUBLES = Path(__file__).resolve().parent.parent / "doubles"
FOUND: dict[str, Any] = {"name": "target", "kind": "theorem", "same_statement": True, "axioms": ["propext"]}
OK: dict[str, Any] = {"status": "ok", "findings": [FOUND], "declarations": "3", "replayed": True, "reasons": []}
UNREPLAYED = {**OK, "replayed": False}


def script(path: Path, double: str) -> None:
    """An executable file that is a double."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f'#!/bin/sh\nexec {sys.executable} -I -S {DOUBLES / double} "$@"\n', encoding="utf-8")
    path.chmod(0o755)


@pytest.fixture
def lean(tmp_path: Path) -> Toolchain:
    """A toolchain with Lean's library, as far as files of that name go."""
    library = tmp_path / "lib"
    for name in ("Init", "Lean", "Lean/Replay", "Mathlib"):
        path = library / f"{name}.olean"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    script(tmp_path / "bin" / "lean", "inspecting_lean.py")
    return Toolchain(
        program=tmp_path / "bin" / "lean",
        library=library / "libleanshared.so",
        folders=(library,),
        environment={"PATH": os.environ["PATH"]},
        identity=CheckerIdentity(name="cli", level=Level.CHECKED, lean_version="4.36.0"),
    )


Ask = Callable[..., Any]


@pytest.fixture
def ask(lean: Toolchain, tmp_path: Path) -> Ask:
    """Lets a Lean that plays a part judge."""

    async def judged(
        play: str, verdict: dict[str, Any] = OK, *, compared: bool = True, timeout: float = 20, **environment: str
    ) -> Judgement:
        folder = tmp_path / "modules"
        for role in ("challenge", "submission"):
            (folder / role).mkdir(parents=True, exist_ok=True)
            (folder / role / "Main.olean").write_bytes(b"module")
        added = {"PLAY": play, "VERDICT": json.dumps(verdict), **environment}
        case = JudgeCase(
            toolchain=lean.model_copy(update={"environment": {**lean.environment, **added}}),
            module="Main",
            challenge=Module.at(folder / "challenge" / "Main.olean") if compared else None,
            submission=Module.at(folder / "submission" / "Main.olean"),
            targets=(("target",),),
            allow=(("propext",), ("my", 3, "axiom")),
            timeout=timeout,
        )
        return await LeanInspector().inspect(case)

    return judged


async def test_an_honest_answer(ask: Ask, tmp_path: Path) -> None:
    asked = tmp_path / "asked.json"
    found: Judgement = await ask("honest", ASKED=str(asked))
    assert found.status is JudgeStatus.OK
    assert (found.by, found.replayed, found.kernel) == ("Lean 4.36.0", 3, "the kernel of Lean 4.36.0")
    assert [(f.name, f.kind, f.same_statement, f.axioms) for f in found.findings] == [
        ("target", "theorem", True, ("propext",))
    ]
    question = json.loads(asked.read_text(encoding="utf-8"))
    assert question["targets"] == [["target"]]
    assert question["allow"] == [["propext"], ["my", 3, "axiom"]]
    assert question["files"] == {"challenge": True, "submission": True}
    assert len(question["nonce"]) == 32


async def test_without_a_challenge_nothing_is_compared(ask: Ask, tmp_path: Path) -> None:
    asked = tmp_path / "asked.json"
    alone = {**OK, "findings": [{**FOUND, "same_statement": None}]}
    found: Judgement = await ask("honest", alone, compared=False, ASKED=str(asked))
    assert found.status is JudgeStatus.OK
    assert json.loads(asked.read_text(encoding="utf-8"))["challenge"] is None
    assert (await ask("honest", OK, compared=False)).status is JudgeStatus.REFUSED


@pytest.mark.parametrize(
    "play", ["silent", "deaf", "forged", "stripped", "twice", "noisy", "unended", "garbage", "extra", "flood"]
)
async def test_anything_but_one_line_with_the_nonce_is_a_refusal(ask: Ask, play: str) -> None:
    found: Judgement = await ask(play)
    assert found.status is JudgeStatus.REFUSED
    assert "there is no answer to what was asked" in found.reasons[0]
    assert found.findings == ()


@pytest.mark.parametrize(("play", "how"), [("late", "exit 1"), ("crash", "exit 134"), ("die", "exit -6")])
async def test_a_process_that_dies_says_nothing_of_the_submission(ask: Ask, play: str, how: str) -> None:
    found: Judgement = await ask(play)
    assert found.status is JudgeStatus.CRASHED
    assert how in found.reasons[0]


async def test_a_process_that_hangs(ask: Ask) -> None:
    found: Judgement = await ask("hang", timeout=0.5)
    assert (found.status, found.reasons) == (JudgeStatus.TIMEOUT, ("no answer in 0.5 s",))


@pytest.mark.parametrize("status", ["refused", "unfit"])
async def test_its_refusals_are_passed_on(ask: Ask, status: str) -> None:
    said = {**OK, "status": status, "findings": [], "reasons": ["there is no target"]}
    found: Judgement = await ask("honest", said)
    assert (found.status, found.reasons) == (JudgeStatus(status), ("there is no target",))
    assert (found.replayed, found.kernel) == (None, None)
    silent: Judgement = await ask("honest", {**said, "reasons": []})
    assert silent.reasons == ("it gives no reason",)


@pytest.mark.parametrize(
    "wrong",
    [
        {"findings": []},
        {"findings": [FOUND, FOUND]},
        {"findings": [{**FOUND, "kind": "axiom"}]},
        {"findings": [{**FOUND, "kind": None}]},
        {"findings": [{**FOUND, "same_statement": False}]},
        {"findings": [{**FOUND, "same_statement": None}]},
        {"findings": [{**FOUND, "axioms": ["propext", "sorryAx"]}]},
        {"reasons": ["but it is wrong"]},
    ],
)
async def test_an_acceptance_that_contradicts_itself_is_a_refusal(ask: Ask, wrong: dict[str, Any]) -> None:
    found: Judgement = await ask("honest", {**OK, **wrong})
    assert (found.status, found.reasons) == (JudgeStatus.REFUSED, ("its answer contradicts itself",))


@pytest.mark.parametrize(
    "wrong",
    [{"status": "fine"}, {"declarations": 3}, {"declarations": "-3"}, {"replayed": "yes"}, {"reasons": "none"}],
)
async def test_an_answer_of_another_shape_is_no_answer(ask: Ask, wrong: dict[str, Any]) -> None:
    found: Judgement = await ask("honest", {**OK, **wrong})
    assert found.status is JudgeStatus.REFUSED
    assert "there is no answer" in found.reasons[0]


async def test_a_lean_without_a_replay(ask: Ask) -> None:
    found: Judgement = await ask("honest", UNREPLAYED)
    assert (found.status, found.replayed) == (JudgeStatus.OK, None)
    assert found.kernel == "Lean 4.36.0 has nothing to replay declarations with"


@pytest.mark.parametrize(
    ("code", "status", "replayed", "words"),
    [
        (0, JudgeStatus.OK, 3, "leanchecker of Lean 4.36.0"),
        (1, JudgeStatus.REFUSED, None, "found a problem in Main"),
        (134, JudgeStatus.OK, None, "gave no verdict"),
        (-9, JudgeStatus.OK, None, "gave no verdict"),
        (99, JudgeStatus.OK, None, "gave no verdict"),
    ],
)
async def test_the_exit_code_of_a_checker_that_replays_decides(
    ask: Ask, lean: Toolchain, code: int, status: JudgeStatus, replayed: int | None, words: str
) -> None:
    script(lean.program.with_name("leanchecker"), "leanchecker.py")
    found: Judgement = await ask("honest", UNREPLAYED, timeout=3 if code == 99 else 20, CHECKER=str(code))
    assert (found.status, found.replayed) == (status, replayed)
    assert words in " ".join([found.kernel or "", *found.reasons])


async def test_what_it_cannot_judge(lean: Toolchain, tmp_path: Path) -> None:
    inspector = LeanInspector()
    assert await inspector.lacks(lean, ["Init", "Mathlib"]) is None
    assert await inspector.lacks(lean, ["Batteries"]) == "Lean 4.36.0 does not have Batteries"
    (lean.folders[0] / "Lean.olean").unlink()
    assert await inspector.lacks(lean, []) == "Lean 4.36.0 does not have Lean"
    parts = Module(tmp_path / "Main.olean", tmp_path / "Main.olean.server", tmp_path / "Main.olean.private")
    case = JudgeCase(lean, "Main", None, parts, targets=(("target",),), allow=(), timeout=20)
    assert (await inspector.inspect(case)).status is JudgeStatus.UNSUPPORTED


def test_the_program_imports_what_the_toolchain_has(lean: Toolchain) -> None:
    assert program(lean).startswith("import Lean\nimport Lean.Replay\n/-!")
    replay = lean.folders[0] / "Lean" / "Replay.olean"
    replay.unlink()
    assert program(lean).startswith("import Lean\n/-!")
    other = lean.folders[0] / "LeanChecker" / "Replay.olean"
    other.parent.mkdir()
    other.touch()
    assert program(lean).startswith("import Lean\nimport LeanChecker.Replay\n/-!")
