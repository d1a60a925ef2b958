import asyncio
from contextlib import AsyncExitStack
from itertools import pairwise

import pytest

from lemmata.lean_env.turns import PATIENCE, Turns, TurnStats


def queue_of(places: int, slots: asyncio.Semaphore, bound: int) -> Turns[None]:
    return Turns(places, slots, bound, lambda _: False)


async def test_who_comes_first_is_served_first() -> None:
    turns = queue_of(1, asyncio.Semaphore(1), 100)
    order: list[int] = []

    async def visit(number: int) -> None:
        async with turns.take(None, 20) as refusal:
            assert refusal is None
            order.append(number)
            await asyncio.sleep(0)

    async with asyncio.TaskGroup() as group:
        for number in range(50):
            group.create_task(visit(number))
    assert order == [*range(50)]
    stats = turns.stats
    assert (stats.served, stats.most_waiting, stats.waiting, stats.working, stats.late) == (50, 49, 0, 0, 0)
    assert stats.waited_seconds >= stats.longest_wait > 0


async def test_no_more_at_once_than_there_are_places_and_slots() -> None:
    slots = asyncio.Semaphore(3)
    many, most = 0, 0
    turns = queue_of(5, slots, 100)

    async def visit() -> None:
        nonlocal many, most
        async with turns.take(None, 20):
            many += 1
            most = max(many, most)
            await asyncio.sleep(0)
            many -= 1

    async with slots, asyncio.TaskGroup() as group:  # somebody else holds one of the slots
        for _ in range(20):
            group.create_task(visit())
    assert most == 2


async def test_time_spent_waiting_counts() -> None:
    turns = queue_of(1, slots := asyncio.Semaphore(1), 100)
    async with turns.take(None, 20), turns.take(None, 0.05) as refusal:
        assert refusal == "no worker was free within 0.1 s"
    async with slots, turns.take(None, 0) as refusal:
        assert refusal is not None
    async with turns.take(None, 0) as refusal:
        assert refusal is None, "there is no need to wait"
    assert turns.stats.late == 2
    assert turns.stats.served == 2


async def test_a_full_queue_refuses_at_once() -> None:
    turns = queue_of(1, asyncio.Semaphore(1), 1)
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(turns.take(None, 20))
        async with asyncio.TaskGroup() as group:
            waiting = group.create_task(turns.take(None, 20).__aenter__())
            while not turns.stats.waiting:  # noqa: ASYNC110 - it only has to begin
                await asyncio.sleep(0)
            async with turns.take(None, 20) as refusal:
                assert refusal == "1 others wait already"
            waiting.cancel()
    assert turns.stats == TurnStats(
        most_waiting=1,
        served=1,
        late=1,
        waited_seconds=turns.stats.waited_seconds,
        longest_wait=turns.stats.longest_wait,
    )


async def test_whoever_gives_up_waiting_takes_nothing_with_them() -> None:
    turns = queue_of(1, slots := asyncio.Semaphore(1), 10)
    async with slots, asyncio.TaskGroup() as group:
        tasks = [group.create_task(turns.take(None, 20).__aenter__()) for _ in range(3)]
        while turns.stats.waiting < 3:  # noqa: ASYNC110 - it only has to begin
            await asyncio.sleep(0)
        for task in tasks:
            task.cancel()
    async with turns.take(None, 1) as refusal:
        assert refusal is None


async def test_quiet_is_when_the_last_has_left() -> None:
    turns = queue_of(2, asyncio.Semaphore(2), 10)
    await turns.quiet()
    async with asyncio.TaskGroup() as group:
        async with turns.take(None, 20):
            quiet = group.create_task(turns.quiet())
            async with turns.take(None, 20):
                await asyncio.sleep(0)
            await asyncio.sleep(0)
            assert not quiet.done()
        async with asyncio.timeout(20):
            await quiet


async def test_an_exception_gives_the_turn_back() -> None:
    turns = queue_of(1, asyncio.Semaphore(1), 10)
    with pytest.raises(ZeroDivisionError):
        async with turns.take(None, 1):
            raise ZeroDivisionError
    async with turns.take(None, 1) as refusal:
        assert refusal is None


async def test_who_needs_no_preparation_goes_first_but_nobody_is_passed_over_for_ever() -> None:
    served: list[str] = []
    turns: Turns[str] = Turns(1, asyncio.Semaphore(1), 100, lambda need: bool(served) and need == served[-1][0])

    async def visit(name: str) -> None:
        async with turns.take(name[0], 20):
            served.append(name)
            await asyncio.sleep(0)

    names = [f"{need}{number}" for number in range(12) for need in "ab"]
    async with asyncio.TaskGroup() as group:
        for name in names:
            group.create_task(visit(name))
    assert served[:10] == [f"a{number}" for number in range(PATIENCE + 1)] + ["b0"]
    for need in "ab":
        assert [x for x in served if x[0] == need] == [x for x in names if x[0] == need]
    switches = sum(x[0] != y[0] for x, y in pairwise(served))
    assert switches < 6


async def test_a_turn_that_comes_too_late_is_passed_on() -> None:
    turns = queue_of(1, asyncio.Semaphore(1), 10)
    stack = AsyncExitStack()
    await stack.enter_async_context(turns.take(None, 20))
    async with asyncio.TaskGroup() as group:
        late, next_one = (group.create_task(turns.take(None, 20).__aenter__()) for _ in range(2))
        while turns.stats.waiting < 2:  # noqa: ASYNC110 - it only has to begin
            await asyncio.sleep(0)
        await stack.aclose()
        late.cancel()
    assert late.cancelled()
    assert next_one.result() is None
