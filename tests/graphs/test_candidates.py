import pytest

from lemmata.configs.schema import BudgetConfig
from lemmata.domain import Candidate, CheckStatus, Level, Problem, Proof
from lemmata.events import EventLog
from lemmata.graphs.budget import Budget
from lemmata.graphs.calls import Recorder
from lemmata.graphs.candidates import accepts, first_accepted, text_of
from lemmata.testing import FakeChecker, Gate

GIVEN = Problem(name="t", preamble="theorem a : True := by\n  sorry\n\n", lead="", statement="theorem t : True",
                proof=" := sorry")


def candidate(body, *helpers):
    return Candidate(proof=Proof(body=body, helpers=helpers), origin=body)


@pytest.fixture
def bench(tmp_path):
    def make(checker):
        return Recorder(log=log, checker=checker, timeout=10).bench("t", "s", Budget(BudgetConfig()))

    with EventLog(tmp_path / "e") as log:
        yield make


@pytest.mark.parametrize(
    ("proof", "accepted"),
    [
        (Proof(body=" := trivial"), True),
        (Proof(body=" := sorry"), False),
        (Proof(body=" := h", helpers=("theorem h : True := sorry",)), False),
        (Proof(body=" := bad"), False),
    ],
)
async def test_holes_of_given_lemmas_do_not_count_and_all_others_do(proof, accepted):
    text = text_of(GIVEN, proof)
    result = await FakeChecker().check(text, 1)
    assert accepts(GIVEN, text, result) == accepted


async def test_holes_without_a_place_are_not_accepted():
    text = text_of(GIVEN, Proof(body=" := trivial"))
    result = await FakeChecker().check(text, 1)
    assert not accepts(GIVEN, text, result.model_copy(update={"holes": ()}))


async def test_the_lowest_in_order_wins_not_the_first_to_arrive(bench):
    gate = Gate()

    async def hold_the_first(text):
        if "one" in text:
            await gate()
        else:
            gate.opened.set()

    winner, level, failed = await first_accepted(
        GIVEN, (candidate(" := bad"), candidate(" := one"), candidate(" := two")),
        bench(FakeChecker(before=hold_the_first)),
    )
    assert winner == candidate(" := one")
    assert level is Level.CHECKED
    assert [f.candidate.origin for f in failed] == [" := bad"]


async def test_first_wins_takes_what_arrives(bench):
    gate = Gate()

    async def hold_the_first(text):
        if "one" in text:
            await gate()

    winner, _, failed = await first_accepted(
        GIVEN, (candidate(" := one"), candidate(" := two")), bench(FakeChecker(before=hold_the_first)), first_wins=True
    )
    assert winner == candidate(" := two")
    assert failed == ()


async def test_no_verdict_is_not_a_verdict(bench):
    checker = FakeChecker(decide=lambda text: CheckStatus.CRASHED)
    winner, level, failed = await first_accepted(GIVEN, (candidate(" := one"),), bench(checker))
    assert (winner, level) == (None, None)
    assert failed[0].result.status is CheckStatus.CRASHED
