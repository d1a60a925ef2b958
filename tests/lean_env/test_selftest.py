"""The self-test of a toolchain: what it tries, when it fails, and that it is kept."""

from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from lemmata.aio import collect
from lemmata.domain import Level
from lemmata.lean_env.brief import Layer
from lemmata.lean_env.cli import CliChecker
from lemmata.lean_env.judge import JudgeCase, Judgement
from lemmata.lean_env.reader import Reader
from lemmata.lean_env.selftest import CASES, selftest
from lemmata.lean_env.verifier import verify

pytestmark = pytest.mark.embedded


class Lenient(Reader):
    """An inspector that takes holes for proofs."""

    async def inspect(self, case: JudgeCase) -> Judgement:
        return await super().inspect(replace(case, allow=(("sorryAx",), *case.allow)))


class Counting(Reader):
    """An inspector that counts."""

    inspected = 0

    async def inspect(self, case: JudgeCase) -> Judgement:
        self.inspected += 1
        return await super().inspect(case)


def test_there_are_five_cheats_and_five_twins_and_a_cheat_for_each_layer() -> None:
    layers = [case.layer for case in CASES]
    assert layers.count(None) == 5
    assert len(layers) == 10
    assert {Layer.STATEMENT, Layer.AXIOMS, Layer.KERNEL} == {layer for layer in layers if layer}


async def test_a_good_toolchain_passes_and_is_not_tried_again(embedded: CliChecker, tmp_path: Path) -> None:
    result = await selftest(embedded, (Reader(),), cache=tmp_path)
    assert (result.passed, result.reasons) == (True, ())
    assert len(result.toolchain_sha256) == 64
    (kept,) = (tmp_path / "selftests").glob("*/result.json")
    changed = result.model_copy(update={"toolchain_sha256": "0"})
    kept.write_text(changed.model_dump_json(), encoding="utf-8")
    assert await selftest(embedded, (Reader(),), cache=tmp_path) == changed  # as it was kept
    kept.write_text("{", encoding="utf-8")
    assert await selftest(embedded, (Reader(),), cache=tmp_path, cases=CASES[:0]) == result  # other cases, other place
    assert await selftest(embedded, (Reader(),), cache=tmp_path, cases=CASES[5:6], fresh=True) == result


async def test_a_judge_that_is_too_lenient_fails_and_nothing_is_kept(whole: CliChecker, tmp_path: Path) -> None:
    result = await selftest(whole, (Lenient(),), cache=tmp_path)
    assert (result.passed, result.reasons) == (False, ("a hole in a helper was not refused",))
    assert list((tmp_path / "selftests").glob("*/result.json")) == []
    text = "theorem t : True := trivial\n"
    verdict = await verify(text, checker=whole, timeout=60, judges=(Lenient(),), cache=tmp_path)
    assert verdict.certificate is not None
    assert verdict.level is Level.CHECKED
    note = "the level stays checked: the self-test of this toolchain failed: a hole in a helper was not refused"
    assert note in verdict.certificate.notes


async def test_where_nothing_can_be_kept_it_is_tried_all_the_same(embedded: CliChecker, tmp_path: Path) -> None:
    (tmp_path / "selftests").write_text("in the way")
    assert (await selftest(embedded, (Reader(),), cache=tmp_path, cases=CASES[5:6])).passed


async def test_many_who_ask_at_once_wait_for_one(embedded: CliChecker, tmp_path: Path) -> None:
    counting = Counting()
    asked = [partial(selftest, embedded, (counting,), cache=tmp_path, cases=CASES[5:7]) for _ in range(4)]
    assert all(result.passed for result in await collect(asked))
    assert counting.inspected == 2


async def test_a_judge_that_refuses_everything_fails(embedded: CliChecker, tmp_path: Path) -> None:
    result = await selftest(embedded, (), cache=tmp_path, cases=(CASES[1], CASES[5]))
    why = "nothing here can judge what it compiles to"
    assert result.reasons == (
        f"an axiom of its own was refused for another reason: {why}",
        f"a term, which is honest, was refused: {why}",
    )


async def test_a_challenge_that_does_not_compile_is_a_reason(embedded: CliChecker, tmp_path: Path) -> None:
    broken = CASES[5]._replace(challenge="theorem target : x.y = 0 := sorry")
    result = await selftest(embedded, (Reader(),), cache=tmp_path, cases=(broken,))
    (reason,) = result.reasons
    assert reason.startswith("a term: the challenge cannot be used: Unknown identifier `x.y`")
