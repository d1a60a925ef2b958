"""Structured concurrency in one place: everything that runs at once ends before the call returns."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from contextvars import Context
from typing import TypeVar

T = TypeVar("T")


async def collect(calls: Iterable[Callable[[], Awaitable[T]]]) -> list[T]:
    """Call all at once and return their results in the order given.

    The first exception cancels the others and is raised as it is (not in a group). Each runs in an empty context, so
    that a graph called inside a step of another is a graph of its own, not a part of it.
    """
    results = await race(calls, lambda _: False)
    return [value for value in results if not isinstance(value, Stopped)]


class Stopped:
    """Stands for the result of what was stopped because it was no longer wanted."""


async def race(
    calls: Iterable[Callable[[], Awaitable[T]]], enough: Callable[[T], bool], *, first_wins: bool = False
) -> list[T | Stopped]:
    """Call all at once until one is `enough`, then stop those after it in order (with `first_wins`, all others).

    What comes before it in order is waited for, so that the answer does not depend on speed. Results in the order
    given; exceptions as in `collect`.
    """

    async def run(number: int, call: Callable[[], Awaitable[T]]) -> T:
        value = await call()
        if enough(value):
            for other in tasks[:number] if first_wins else ():
                other.cancel()
            for other in tasks[number + 1 :]:
                other.cancel()
        return value

    tasks: list[asyncio.Task[T]] = []
    try:
        async with asyncio.TaskGroup() as group:
            for number, call in enumerate(calls):
                tasks.append(group.create_task(run(number, call), context=Context()))
    except BaseExceptionGroup as errors:
        raise errors.exceptions[0] from None
    return [Stopped() if task.cancelled() else task.result() for task in tasks]
