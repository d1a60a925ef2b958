"""Turns at something scarce: who comes first is served first, and how long people waited is known."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from lemmata.domain import Model


class TurnStats(Model):
    """How a queue stands, and what it has seen."""

    waiting: int = 0
    working: int = 0
    """Those whose turn it is."""
    most_waiting: int = 0
    served: int = 0
    """Those who had their turn."""
    late: int = 0
    """Those whose time was up before their turn came, or who found the queue full."""
    waited_seconds: float = 0.0
    """Of all who had their turn."""
    longest_wait: float = 0.0
    """In seconds."""


class Turns:
    """A bounded queue, first come, first served, for a number of places and then for a slot that others want too."""

    def __init__(self, places: int, slots: asyncio.Semaphore, bound: int) -> None:
        """Nobody waits yet.

        Args:
            places: how many may have their turn at once.
            slots: what each needs besides, shared with whoever else holds it.
            bound: how many may wait.
        """
        self._places, self._slots, self._bound = asyncio.Semaphore(places), slots, bound
        self._quiet = asyncio.Event()
        self._quiet.set()
        self._waiting = self._working = self._most_waiting = self._served = self._late = 0
        self._waited = self._longest = 0.0

    @property
    def stats(self) -> TurnStats:
        """How it stands."""
        return TurnStats(
            waiting=self._waiting,
            working=self._working,
            most_waiting=self._most_waiting,
            served=self._served,
            late=self._late,
            waited_seconds=self._waited,
            longest_wait=self._longest,
        )

    @asynccontextmanager
    async def take(self, timeout: float) -> AsyncIterator[str | None]:
        """Have a turn for as long as the context lasts, once it comes.

        What it gives is None; or why it did not come within `timeout` seconds, in words.
        """
        async with AsyncExitStack() as stack:
            refusal = await self._enter(stack, timeout)
            if refusal is not None:
                self._late += 1
            yield refusal

    async def quiet(self) -> None:
        """Wait until nobody waits and nobody has a turn."""
        await self._quiet.wait()

    async def _enter(self, stack: AsyncExitStack, timeout: float) -> str | None:
        began = time.monotonic()
        if self._waiting >= self._bound:
            return f"{self._bound} others wait already"
        self._waiting += 1
        self._most_waiting = max(self._waiting, self._most_waiting)
        self._quiet.clear()
        try:
            async with asyncio.timeout(timeout):
                await stack.enter_async_context(self._places)
                await stack.enter_async_context(self._slots)
            self._working += 1
            stack.callback(self._left)
        except TimeoutError:
            return f"no worker was free within {timeout:.1f} s"
        finally:
            self._waiting -= 1
            self._settle()
        waited = time.monotonic() - began
        self._served += 1
        self._waited += waited
        self._longest = max(waited, self._longest)
        return None

    def _left(self) -> None:
        self._working -= 1
        self._settle()

    def _settle(self) -> None:
        if not self._waiting and not self._working:
            self._quiet.set()
