import json
import os
import re
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lemmata.domain import CheckerIdentity, CheckStatus, Level, Position
from lemmata.lean_env.checker import TacticResult
from lemmata.lean_env.cli import CliChecker
from lemmata.lean_env.messages import ReplOutput
from lemmata.lean_env.repl import Failure, ReplSpec
from lemmata.lean_env.scanner import line_column
from lemmata.lean_env.warm import Body, WarmRepl, cut, option_line

DOUBLE = Path(__file__).resolve().parent.parent / "doubles" / "repl.py"


def spec(options: tuple[str, ...] = (), **variables: str) -> ReplSpec:
    identity = CheckerIdentity(name="repl", level=Level.CHECKED, options=options)
    program = (sys.executable, "-I", "-S", str(DOUBLE))
    return ReplSpec(program, {"PATH": os.environ["PATH"], **variables}, identity)


@asynccontextmanager
async def started(
    imports: tuple[str, ...] = ("import A",), options: tuple[str, ...] = (), **variables: str
) -> AsyncIterator[WarmRepl]:
    repl = await WarmRepl.start(spec(options, **variables), imports)
    try:
        assert await repl.ready(20) is None
        yield repl
    finally:
        await repl.aclose()


def body(text: str) -> Body:
    found = cut(text)
    assert isinstance(found, Body)
    return found


def requests(log: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines() if line.startswith("{")]


# --- texts are cut


@pytest.mark.parametrize(
    ("text", "imports", "rest", "start"),
    [
        ("", ("import Init",), "", (1, 0)),
        ("theorem t", ("import Init",), "theorem t", (1, 0)),
        ("import Mathlib\nopen Nat\n", ("import Mathlib",), "\nopen Nat\n", (1, 14)),
        ("import A import  B.«c d» def x := 1", ("import A", "import B.«c d»"), " def x := 1", (1, 24)),
        ("/- import Z\n-/ import /- Y -/ A -- X\nimport B\n\nend", ("import A", "import B"), "\n\nend", (3, 8)),
        ("public import A\n", ("public import A",), "\n", (1, 15)),
        ("/-! α 𝔸 -/ import A\n", ("import A",), "\n", (1, 19)),
    ],
)
def test_a_text_is_cut_behind_its_imports(
    text: str, imports: tuple[str, ...], rest: str, start: tuple[int, int]
) -> None:
    found = body(text)
    assert (found.imports, found.text, (found.start.line, found.start.column)) == (imports, rest, start)


@given(
    st.sampled_from(["", "import A", "-- é𝔸\nimport A -- x\nimport B", "import A import B "]),
    st.text("a⊢𝔸\n\r ", max_size=60),
)
@settings(deadline=None, max_examples=300)
def test_every_position_of_the_body_is_found_in_the_whole_text(head: str, tail: str) -> None:
    text = head + tail
    found = body(text)
    offset = len(text) - len(found.text)
    for place in range(len(found.text) + 1):
        assert found.place(line_column(found.text, place)) == line_column(text, offset + place)


def test_what_has_no_position_gets_none() -> None:
    nowhere = Position(line=0, column=0)
    assert body("import A\nx").place(nowhere) == nowhere


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("prelude\n", "it starts with `prelude`, which a warm REPL does not take"),
        ("module\nimport A", "it starts with `module`, which a warm REPL does not take"),
        ("theorem \ud800", "it holds what is no text: it cannot be encoded as UTF-8"),
    ],
)
def test_what_a_warm_repl_cannot_take(text: str, reason: str) -> None:
    assert cut(text) == reason


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("#eval 1", True),
        ("run_cmd foo", True),
        ("def x : BaseIO Unit", True),
        ("unsafeCast x", True),
        ("@[command_elab foo]", True),
        ("initialize x : Nat ← pure 1", True),
        ("@[implemented_by f] def g", True),
        ("by native_decide", True),
        ("-- #eval IO\ntheorem t : True := trivial", False),
        ("theorem initial (h : relabel) : unsafety := by simp", False),
        ("#check Nat\nlocal macro_rules | `($x ^ $y) => `(HPow.hPow $x $y)", False),
    ],
)
def test_a_text_that_may_run_code_is_seen(text: str, expected: bool) -> None:
    assert body(text).runs_code == expected


# --- the header


async def test_imports_and_options_are_loaded_once(tmp_path: Path) -> None:
    log = tmp_path / "log"
    options = ("autoImplicit=false", "maxHeartbeats=400000", 'pp.x="q\\')
    async with started(("import A", "import B.«c d»"), options, LOG=str(log)) as repl:
        assert await repl.ready(0) is None
        assert repl.lack is None
        assert isinstance(await repl.ask(body("import A\ntheorem t"), 20), ReplOutput)
    lines = ["import A", "import B.«c d»", "set_option autoImplicit false", "set_option maxHeartbeats 400000"]
    first, second, third = requests(log)
    assert first == {"cmd": "\n".join((*lines, 'set_option pp.x "\\"q\\\\"'))}
    assert second == {"cmd": "\ntheorem t", "env": 0}
    assert re.fullmatch(r"#check lemmata_[0-9a-f]{16}", str(third["cmd"]))
    assert third["env"] == 0


@pytest.mark.parametrize(
    ("imports", "options", "lack"),
    [
        (("import A", "import Missing.X"), (), "its imports cannot be loaded: unknown: import Missing.X"),
        (("import Missing.X",), ("no.such=1",), "its imports cannot be loaded: unknown: import Missing.X"),
        (("public import A",), (), "its imports cannot be loaded: unknown: public import A"),
        (("import A",), ("x=1", "no.such=1"), "Lean does not take the option no.such=1: unknown: set_option no.such 1"),
    ],
)
async def test_a_header_that_lean_does_not_take(imports: tuple[str, ...], options: tuple[str, ...], lack: str) -> None:
    async with started(imports, options) as repl:
        assert repl.lack == lack
        assert repl.usable


async def test_a_header_that_takes_long_is_waited_for_again() -> None:
    repl = await WarmRepl.start(spec(), ("import Slow.N400",))
    try:
        late = await repl.ready(0.05)
        assert late == Failure(status=CheckStatus.TIMEOUT, reason="its imports were not loaded within 0.1 s")
        assert repl.usable
        assert await repl.ready(20) is None
    finally:
        await repl.aclose()


@pytest.mark.parametrize("seconds", [0.0, 600.0])
async def test_a_header_that_takes_too_long_is_given_up(seconds: float) -> None:
    repl = await WarmRepl.start(replace(spec(), header_seconds=seconds), ("import Hang",))
    assert repl.usable == (seconds > 0)
    await repl.aclose()


async def test_a_header_that_kills_the_process() -> None:
    repl = await WarmRepl.start(spec(), ("import Dies",))
    died = await repl.ready(20)
    assert died == Failure(status=CheckStatus.CRASHED, reason="it ended with exit code 1: cannot load Dies")
    await repl.aclose()


# --- texts


async def test_each_text_is_checked_on_the_header_alone(tmp_path: Path) -> None:
    log = tmp_path / "log"
    async with started(LOG=str(log)) as repl:
        for text in ("namespace X", "theorem t : 1 = 1 := by sorry", "end X"):
            assert isinstance(await repl.ask(body(text), 20), ReplOutput)
        assert repl.uses == 3
    assert [r.get("env") for r in requests(log)] == [None, 0, 0, 0, 0, 0, 0]
    nonces = [r["cmd"] for r in requests(log) if str(r["cmd"]).startswith("#check")]
    assert len({*nonces}) == 3


@pytest.mark.parametrize(
    ("order", "reason"),
    [
        ('reply {"env": 0}', "its answer is not one to what it was asked"),  # an old environment
        ('reply {"messages": []}', "its answer is not one to what it was asked"),
        ('reply {"message": "Unknown environment."}', "the REPL refused: Unknown environment."),
        ("lie", "its answer to a question of ours was not Lean's: somebody else may have answered"),
    ],
)
async def test_answers_that_only_look_right_are_refused(order: str, reason: str) -> None:
    async with started() as repl:
        answer = await repl.ask(body(f"-- do: {order}"), 20)
        assert answer == Failure(status=CheckStatus.CRASHED, reason=reason)
        assert not repl.usable


@pytest.mark.parametrize("env", [1, 7])
async def test_an_answer_put_before_the_real_one_is_found_out(env: int) -> None:
    async with started() as repl:
        answer = await repl.ask(body(f'-- do: before {{"env": {env}}}'), 20)
        assert isinstance(answer, Failure)
        assert answer.status is CheckStatus.CRASHED
        assert not repl.usable


async def test_a_text_that_may_run_code_is_the_last_one() -> None:
    async with started() as repl:
        assert isinstance(await repl.ask(body("#eval 1"), 20), ReplOutput)
        assert not repl.usable


async def test_the_time_limit_holds_for_the_question_as_well() -> None:
    async with started() as repl:
        answer = await repl.ask(body("-- do: lie\n-- do: sleep 300"), 0.2)
        assert isinstance(answer, Failure)
        assert answer.status is CheckStatus.TIMEOUT


# --- tactics


async def test_tactics_run_in_the_state_of_a_hole() -> None:
    async with started() as repl:
        opened = await repl.open(body("theorem t : True := by sorry"), 20)
        assert isinstance(opened, ReplOutput)
        (state,) = opened.hole_states
        assert state is not None
        found = [await repl.step(state, tactic, 20) for tactic in ("rfl", "part", "simp", "fake", "bad", "unsaid")]
        assert [isinstance(x, TacticResult) and x.closed for x in found] == [True, False, False, False, False, False]
        assert await repl.confirm(20) is None
    _, part, simp, fake, bad, _ = [x for x in found if isinstance(x, TacticResult)]
    assert part.goals == ()
    assert simp.goals == ("⊢ False",)
    assert [d.text for d in fake.diagnostics] == ["Unknown identifier `fake`"]
    assert [d.text for d in bad.diagnostics] == ["Lean error:\n<input>:1:1: unknown tactic"]


async def test_a_tactic_state_that_is_not_new_is_refused() -> None:
    async with started() as repl:
        opened = await repl.open(body("theorem t : True := by sorry"), 20)
        assert isinstance(opened, ReplOutput)
        answer = await repl.step(0, "stale", 20)
        assert answer == Failure(status=CheckStatus.CRASHED, reason="its answer is not one to what it was asked")


async def test_a_tactic_that_may_run_code_is_for_the_last_text() -> None:
    async with started() as repl:
        await repl.open(body("theorem t : True := by sorry"), 20)
        assert isinstance(await repl.step(0, "run_tac pure ()", 20), TacticResult)
        assert not repl.usable


@pytest.mark.embedded
async def test_a_real_lean_answers_the_question_as_it_is_expected_to(embedded: CliChecker) -> None:
    result = await embedded.check("#check lemmata_0123456789abcdef", 60)
    (error,) = result.errors
    assert (error.start, error.end) == (Position(line=1, column=7), Position(line=1, column=31))
    assert "lemmata_0123456789abcdef" in error.text
    for option in ("autoImplicit=true", "relaxedAutoImplicit=true", "maxHeartbeats=400000"):
        text = f"{option_line(option)}\n#check lemmata_0"
        assert [e.start.line for e in (await embedded.check(text, 60)).errors] == [2], "the option is taken"
    unknown = await embedded.check(f"{option_line('no.such=true')}\n", 60)
    assert [e.start.line for e in unknown.errors] == [1]
