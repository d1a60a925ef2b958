"""What every checker of a Lake project with Mathlib must do, on a real one; skipped where there is none."""

from collections.abc import AsyncIterator

import pytest

from lemmata.configs.schema import CheckerChoice, LeanConfig
from lemmata.domain import CheckStatus, Level, Position, VerifyStatus
from lemmata.lean_env.checker import RunsTactics
from lemmata.lean_env.project import Project
from lemmata.lean_env.provision import find_repl
from lemmata.lean_env.select import Selected, select_checker
from lemmata.lean_env.verifier import verify

pytestmark = pytest.mark.mathlib
SECONDS = 300.0
"""The first import of Mathlib on a cold disk takes its time."""
HEADER = "import Mathlib\n\nopen Real\n\n"
STATEMENT = "theorem am_gm (a b : ℝ) : 2 * a * b ≤ a ^ 2 + b ^ 2"
PROOF = " := by\n  nlinarith [sq_nonneg (a - b)]\n"


@pytest.fixture(params=["cli", "repl"])
async def lean(mathlib_project: Project, request: pytest.FixtureRequest) -> AsyncIterator[Selected]:
    kind: CheckerChoice = request.param
    if kind == "repl" and find_repl(mathlib_project) is None:
        pytest.skip(f"no REPL for {mathlib_project.root}: `lemmata lean setup` builds one, LEMMATA_LEAN_REPL names one")
    config = LeanConfig(project=mathlib_project.root, memory_mb=16384)
    selected = await select_checker(kind, imports=("Mathlib",), lean=config)
    yield selected
    await selected.aclose()


async def test_auto_takes_the_project(mathlib_project: Project) -> None:
    selected = await select_checker(imports=("Mathlib",), near=mathlib_project.root)
    assert str(mathlib_project.root) in selected.why
    assert selected.compiler is not None
    assert selected.checker.identity.lean_version == mathlib_project.toolchain.identity.lean_version
    await selected.aclose()


def test_lake_tells_everything(mathlib_project: Project) -> None:
    assert mathlib_project.notes == ()
    assert mathlib_project.toolchain.environment["LEAN_SYSROOT"]
    assert mathlib_project.toolchain.find_module("Mathlib.Tactic.Ring") is not None
    assert mathlib_project.toolchain.find_module("Init") is not None


async def test_an_honest_proof_is_accepted(lean: Selected) -> None:
    result = await lean.checker.check(HEADER + STATEMENT + PROOF, SECONDS)
    assert (result.status, result.errors, result.holes) == (CheckStatus.OK, (), ())


async def test_an_error_is_where_the_whole_text_has_it(lean: Selected) -> None:
    text = HEADER + "-- ℝ 𝔸\n" + STATEMENT + " := by\n  have h : a ≤ b := by linarith\n  nlinarith [h]\n"
    result = await lean.checker.check(text, SECONDS)
    assert result.status is CheckStatus.ERRORS
    assert result.errors[0].start == Position(line=7, column=text.splitlines()[6].index("linarith"))
    assert result.errors[0].text.startswith("linarith failed")


async def test_holes_come_with_their_goals(lean: Selected) -> None:
    text = HEADER + STATEMENT + " := by\n  have h : 0 ≤ (a - b) ^ 2 := sorry\n  nlinarith [h]\n"
    result = await lean.checker.check(text, SECONDS, goals=True)
    assert result.status is CheckStatus.HOLES
    (hole,) = result.holes
    column = text.splitlines()[5].index("sorry")
    assert (hole.start, hole.end) == (Position(line=6, column=column), Position(line=6, column=column + 5))
    assert hole.goal == "a b : ℝ\n⊢ 0 ≤ (a - b) ^ 2"


async def test_the_options_of_the_project_hold(lean: Selected) -> None:
    result = await lean.checker.check(HEADER + "theorem t (a : α) : a = a := rfl\n", SECONDS)
    strict = "autoImplicit=false" in lean.checker.identity.options
    assert result.status is (CheckStatus.ERRORS if strict else CheckStatus.OK)


async def test_one_text_leaves_nothing_to_the_next(lean: Selected) -> None:
    first = await lean.checker.check(HEADER + "theorem helper : 1 + 1 = 2 := by norm_num\n", SECONDS)
    assert first.status is CheckStatus.OK
    second = await lean.checker.check(HEADER + "theorem user : 1 + 1 = 2 := helper\n", SECONDS)
    assert second.status is CheckStatus.ERRORS
    third = await lean.checker.check("import Mathlib\n\ntheorem pi_pos' : 0 < π := Real.pi_pos\n", SECONDS)
    assert third.status is CheckStatus.ERRORS, "an `open` of one text is not the next one's"


async def test_what_runs_for_ever_is_ended(lean: Selected) -> None:
    result = await lean.checker.check(HEADER + "#eval (do repeat pure () : IO Unit)\n", 20)
    assert result.status is CheckStatus.TIMEOUT
    assert (await lean.checker.check(HEADER + STATEMENT + PROOF, SECONDS)).status is CheckStatus.OK


async def test_tactics_are_tried_in_a_holes_state(lean: Selected) -> None:
    if not isinstance(lean.checker, RunsTactics):
        pytest.skip("this checker has no tactic mode")
    tried = await lean.checker.run_tactics(
        HEADER + STATEMENT + " := by sorry\n", 0, ["nlinarith [sq_nonneg (a - b)]", "simp"], SECONDS
    )
    assert [t.closed for t in tried] == [True, False]


async def test_a_theorem_is_verified(lean: Selected) -> None:
    assert lean.compiler is not None
    challenge = HEADER + STATEMENT + " := by sorry\n"
    verdict = await verify(HEADER + STATEMENT + PROOF, checker=lean.compiler, challenge=challenge, timeout=2 * SECONDS)
    assert verdict.status is VerifyStatus.ACCEPTED, verdict.reasons
    assert verdict.certificate is not None
    assert verdict.certificate.level.at_least(Level.CHECKED)
    assert set(verdict.certificate.axioms or ()) <= {"propext", "Classical.choice", "Quot.sound"}
    changed = HEADER + "theorem am_gm (a b : ℝ) (h : False) : 2 * a * b ≤ a ^ 2 + b ^ 2 := h.elim\n"
    refused = await verify(changed, checker=lean.compiler, challenge=challenge, timeout=2 * SECONDS)
    assert refused.status is VerifyStatus.REFUSED
