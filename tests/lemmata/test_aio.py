import asyncio
from functools import partial

import pytest

from lemmata.aio import Stopped, collect, race


async def value(x, *, after=None, says=None):
    if after is not None:
        await after.wait()
    if says is not None:
        says.set()
    return x


async def fail():
    raise ValueError("broken")


async def test_collect_keeps_the_order_given():
    gate = asyncio.Event()
    assert await collect([partial(value, 1, after=gate), partial(value, 2, says=gate)]) == [1, 2]
    assert await collect([]) == []


async def test_the_first_exception_cancels_the_others_and_is_raised_bare():
    never = asyncio.Event()
    ended = []

    async def wait():
        try:
            await never.wait()
        finally:
            ended.append(True)

    with pytest.raises(ValueError, match="broken"):
        await collect([wait, fail, partial(value, 3)])
    assert ended == [True]


async def test_race_waits_for_what_comes_before_and_stops_what_comes_after():
    gate, never = asyncio.Event(), asyncio.Event()
    results = await race(
        [partial(value, 1, after=gate), partial(value, 10, says=gate), partial(value, 11, after=never)],
        lambda x: x >= 10,
    )
    assert results[:2] == [1, 10]
    assert isinstance(results[2], Stopped)


async def test_first_wins_stops_all_others():
    never = asyncio.Event()
    results = await race([partial(value, 1, after=never), partial(value, 10)], lambda x: x >= 10, first_wins=True)
    assert isinstance(results[0], Stopped)
    assert results[1] == 10


async def test_race_stops_what_has_not_begun_yet():
    results = await race([partial(value, 10), partial(value, 1)], lambda x: x >= 10)
    assert results[0] == 10
    assert isinstance(results[1], Stopped)


async def test_cancelling_the_caller_cancels_all():
    never, running = asyncio.Event(), asyncio.Event()

    async def wait():
        running.set()
        await never.wait()

    async with asyncio.TaskGroup() as group:
        task = group.create_task(collect([wait]))
        await running.wait()
        task.cancel()
    assert task.cancelled()
