"""Turns at something scarce: first come, first served, but for those who can be served where others cannot yet.

To serve somebody may take a long preparation, or none if it was made for somebody else before. Whoever needs none may
go first; whoever was passed over a few times goes next in any case.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Hashable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Final, Generic, TypeVar

from lemmata.domain import Model

PATIENCE: Final = 8
"""How often somebody may be passed over."""

Need = TypeVar("Need", bound=Hashable)


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


@dataclass(eq=False)
class _Waiting(Generic[Need]):
    need: Need
    turn: asyncio.Future[None]
    passed: int = field(default=0)


class Turns(Generic[Need]):
    """A bounded queue for a number of places, and then for a slot that others want too."""

    def __init__(self, places: int, slots: asyncio.Semaphore, bound: int, ready: Callable[[Need], bool]) -> None:
        """Nobody waits yet.

        Args:
            places: how many may have their turn at once.
            slots: what each needs besides, shared with whoever else holds it.
            bound: how many may wait.
            ready: whether what somebody needs is prepared.
        """
        self._free, self._slots, self._bound, self._ready = places, slots, bound, ready
        self._queue: list[_Waiting[Need]] = []
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
    async def take(self, need: Need, timeout: float) -> AsyncIterator[str | None]:
        """Have a turn for as long as the context lasts, once it comes.

        What it gives is None; or why it did not come within `timeout` seconds, in words.
        """
        async with AsyncExitStack() as stack:
            refusal = await self._enter(stack, need, timeout)
            if refusal is not None:
                self._late += 1
            yield refusal

    async def quiet(self) -> None:
        """Wait until nobody waits and nobody has a turn."""
        await self._quiet.wait()

    async def _enter(self, stack: AsyncExitStack, need: Need, timeout: float) -> str | None:
        began = time.monotonic()
        if self._waiting >= self._bound:
            return f"{self._bound} others wait already"
        self._waiting += 1
        self._most_waiting = max(self._waiting, self._most_waiting)
        self._quiet.clear()
        try:
            async with asyncio.timeout(timeout):
                await self._place(need)
                stack.callback(self._give_back)
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

    async def _place(self, need: Need) -> None:
        if self._free:
            self._free -= 1
            return
        waiting = _Waiting(need, asyncio.get_running_loop().create_future())
        self._queue.append(waiting)
        try:
            await waiting.turn
        except asyncio.CancelledError:
            if waiting.turn.cancelled():
                self._queue.remove(waiting)
            else:
                self._give_back()  # the turn came, but too late
            raise

    def _give_back(self) -> None:
        queue = [w for w in self._queue if not w.turn.done()]  # some may have been cancelled just now
        if not queue:
            self._free += 1
            return
        chosen = first = queue[0]
        if first.passed < PATIENCE:
            chosen = next((w for w in queue if self._ready(w.need)), first)
        for other in queue[: queue.index(chosen)]:
            other.passed += 1
        self._queue.remove(chosen)
        chosen.turn.set_result(None)

    def _left(self) -> None:
        self._working -= 1
        self._settle()

    def _settle(self) -> None:
        if not self._waiting and not self._working:
            self._quiet.set()
