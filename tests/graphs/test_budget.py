import asyncio

import pytest

from lemmata.aio import collect
from lemmata.configs.schema import BudgetConfig
from lemmata.domain import Usage
from lemmata.errors import LimitReached
from lemmata.graphs.budget import Budget, measured
from lemmata.testing import some


class Clock:
    def __init__(self):
        self.now = 100.0

    def __call__(self):
        return self.now


def limits(**given):
    return BudgetConfig(**{"seconds": None, **given})


async def use(budget, need, used=None):
    async with budget.spend(need) as settle:
        if used is not None:
            settle(used)


@pytest.mark.parametrize(
    ("limit", "need"),
    [
        ("samples", Usage(samples=3)),
        ("tokens", Usage(tokens_in=2, tokens_out=1)),
        ("dollars", Usage(dollars=3.0)),
        ("check_seconds", Usage(check_seconds=3.0)),
    ],
)
async def test_what_does_not_fit_is_refused_before_it_is_used(limit, need):
    budget = Budget(limits(**{limit: 5}))
    await use(budget, need)
    with pytest.raises(LimitReached) as refused:
        await use(budget, need)
    assert (refused.value.limit, refused.value.allowed, refused.value.scope) == (limit, 5, "run")
    assert budget.spent == need
    assert budget.reserved == Usage()


async def test_what_was_used_counts_and_not_what_was_reserved():
    budget = Budget(limits(dollars=10))
    for _ in range(3):
        await use(budget, Usage(dollars=8), Usage(dollars=0.5))
    assert budget.spent.dollars == 1.5


async def test_an_unsettled_reservation_counts_whole():
    budget = Budget(limits(dollars=10))
    with pytest.raises(RuntimeError):
        async with budget.spend(Usage(dollars=4)):
            raise RuntimeError
    assert budget.spent.dollars == 4


async def test_a_need_that_fits_later_waits_for_the_others():
    budget = Budget(limits(samples=10))
    order = []
    inside, asked = asyncio.Event(), asyncio.Event()

    async def first():
        async with budget.spend(Usage(samples=8)) as settle:
            inside.set()
            await asked.wait()
            order.append("first")
            settle(Usage(samples=2))

    async def second():
        await inside.wait()
        asked.set()
        async with budget.spend(Usage(samples=8)):
            order.append("second")

    await collect([first, second])
    assert order == ["first", "second"]
    assert budget.spent.samples == 10


async def test_a_child_is_bound_by_itself_and_by_its_parents():
    clock = Clock()
    run = Budget(limits(samples=10, seconds=100), clock=clock)
    node = run.child(limits(samples=4), "node a")
    await use(node, Usage(samples=4))
    with pytest.raises(LimitReached) as refused:
        await use(node, Usage(samples=1))
    assert refused.value.scope == "node a"
    await use(run, Usage(samples=5))
    with pytest.raises(LimitReached) as refused:
        await use(run.child(limits(samples=4), "node b"), Usage(samples=2))
    assert refused.value.scope == "run"
    clock.now += 100
    with pytest.raises(LimitReached, match="the run's budget of 100 seconds is used up"):
        await use(node, Usage())


async def test_a_check_gets_the_time_that_is_left():
    clock = Clock()
    budget = Budget(limits(seconds=60, check_seconds=30), spent=Usage(seconds=10, check_seconds=5), clock=clock)
    assert budget.fit(20) == (20, None)
    clock.now += 35
    assert budget.fit(20)[0] == 15
    await use(budget, Usage(check_seconds=20))
    fit = budget.fit(20)
    assert (fit.seconds, some(fit.cut).limit, some(fit.cut).allowed) == (5, "check_seconds", 30)
    await use(budget, Usage(check_seconds=5))
    with pytest.raises(LimitReached, match="30 check seconds"):
        budget.fit(20)
    assert budget.usage == Usage(seconds=45, check_seconds=30)
    clock.now += 15
    with pytest.raises(LimitReached, match="60 seconds"):
        budget.fit(20)


def test_every_limit_has_its_measure():
    used = Usage(seconds=1, check_seconds=2, samples=3, tokens_in=4, tokens_out=5, dollars=6)
    assert measured(used) == {"seconds": 1, "check_seconds": 2, "samples": 3, "tokens": 9, "dollars": 6}
    assert set(measured(used)) == set(BudgetConfig.model_fields)
