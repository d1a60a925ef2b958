"""Children that are started ahead of need: a Lean takes longer to start than to check a short text."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from typing import NamedTuple

from lemmata.lean_env.process import Child


class _Spare(NamedTuple):
    child: Child
    stack: AsyncExitStack


class Spares:
    """Started children that wait for their input. Each serves once, so nothing of one check reaches another."""

    def __init__(self, start: Callable[[], AbstractAsyncContextManager[Child]], count: int) -> None:
        """Nothing is started yet.

        Args:
            start: starts a child, and ends it on leaving.
            count: how many are kept.
        """
        self._start, self._count = start, count
        self._ready: list[_Spare] = []
        self._refilling = asyncio.Lock()

    @asynccontextmanager
    async def take(self) -> AsyncIterator[Child]:
        """A child of one's own: the one that waits longest, or a new one where none waits."""
        spare = None
        while self._ready and spare is None:
            spare = self._ready.pop(0)
            if not spare.child.alive:  # killed from outside while it waited
                await spare.stack.aclose()
                spare = None
        spare = spare or await self._started()
        async with spare.stack:
            yield spare.child

    async def refill(self) -> None:
        """Start as many as are missing. They get ready by themselves, beside whatever else goes on."""
        async with self._refilling:
            while len(self._ready) < self._count:
                self._ready.append(await self._started())

    async def aclose(self) -> None:
        """End all that wait."""
        while self._ready:
            await self._ready.pop().stack.aclose()

    async def _started(self) -> _Spare:
        async with AsyncExitStack() as stack:
            child = await stack.enter_async_context(self._start())
            return _Spare(child, stack.pop_all())
