"""Structured concurrency in one place: everything that runs at once ends before the call returns."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Iterable
from typing import TypeVar

T = TypeVar("T")


async def collect(awaitables: Iterable[Awaitable[T]]) -> list[T]:
    """Run all at once and return their results in the order given.

    The first exception cancels the others and is raised as it is (not in a group).
    """

    async def run(awaitable: Awaitable[T]) -> T:
        return await awaitable

    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(run(a)) for a in awaitables]
    except BaseExceptionGroup as errors:
        raise errors.exceptions[0] from None
    return [t.result() for t in tasks]
