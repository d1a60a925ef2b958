"""Servers that share work: the least loaded is asked, what passes is asked again, who is down is left alone."""

from __future__ import annotations

import asyncio
import time
from collections import Counter, deque
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import Final, TypeVar

from tenacity import AsyncRetrying, RetryCallState, retry_if_exception_type, wait_random_exponential

from lemmata.errors import InfrastructureError
from lemmata.lean_env.endpoint import Endpoint, Fault, Trouble, http_client

T = TypeVar("T")

ATTEMPTS: Final[Mapping[Trouble, int | None]] = {
    Trouble.BUSY: None,
    Trouble.CRASHED: 2,  # twice, and it is the text that does it
    Trouble.COLD: 2,
    Trouble.SILENT: 1,  # the time is over
    Trouble.DOWN: None,
}
"""How often a question is put that meets each trouble; None: as long as there is time."""

HEALTH_SECONDS: Final = 5.0
COOL_DOWN: Final = 1.0
"""Seconds until a server that went down is tried again, doubled each time up to `COOL_DOWN_MOST`."""
COOL_DOWN_MOST: Final = 60.0
CRASHES: Final = 5
"""So many crashes in a row, whatever was asked, and the server itself is the cause."""
_PAUSE: Final = wait_random_exponential(multiplier=0.5, max=8)


class Clock:
    """The time, and how to wait; tests bring one that does not wait."""

    def now(self) -> float:
        """Seconds since some moment."""
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await asyncio.sleep(seconds)


class Patience:
    """How long one question may take, from when a server first has room for it."""

    def __init__(self, seconds: float, clock: Clock) -> None:
        self.seconds, self._clock = seconds, clock
        self._end: float | None = None

    @property
    def left(self) -> float:
        """Seconds that remain; the first look starts the clock."""
        if self._end is None:
            self._end = self._clock.now() + self.seconds
        return self._end - self._clock.now()

    @contextmanager
    def paused(self) -> Iterator[None]:
        """What is done meanwhile takes none of it."""
        left = self.left
        try:
            yield
        finally:
            self._end = self._clock.now() + left


@dataclass(eq=False)
class Server:
    """One of the servers, and what is known of it."""

    endpoint: Endpoint
    under_way: int = 0
    up: bool = False
    """Whether it answered when it was last tried out; only then does it get work."""
    tried: bool = False
    """Whether somebody is trying it out just now."""
    not_before: float = 0.0
    """When it may be tried again, or has room again."""
    falls: int = 0
    """How often in a row it was found down."""
    crashes: int = 0
    """How often in a row it broke on a question."""
    life: int = 0
    """How often it came up: what was learnt of it before may no longer hold."""
    trouble: str = "not asked yet"

    @property
    def url(self) -> str:
        """Its base URL."""
        return self.endpoint.url


class Servers:
    """Some servers that are all alike."""

    def __init__(
        self,
        urls: Sequence[str],
        *,
        key: str | None = None,
        concurrency: int = 8,
        clock: Clock | None = None,
        progress: Callable[[str], None] | None = None,
    ) -> None:
        """Take their base URLs; none is asked anything yet.

        Args:
            urls: base URLs without a slash at the end.
            key: sent to each as a bearer token; never shown.
            concurrency: requests at the same time, for each.
            clock: the time.
            progress: told in words who goes down and who is back.
        """
        self._clock = clock or Clock()
        self._concurrency = concurrency
        self._progress = progress or (lambda _: None)
        self._client = http_client(urls)
        self._servers = [Server(Endpoint(url, self._client, key)) for url in urls]
        self._waiting: deque[asyncio.Future[Server]] = deque()

    async def ask(self, work: Callable[[Server, Patience], Awaitable[T]], seconds: float) -> T:
        """Put a question to the server with the least under way, and again as `ATTEMPTS` has it.

        Args:
            work: asks one server.
            seconds: for all attempts and the pauses between them, from when a server first has room.

        Raises:
            Fault: that of the last attempt.
            ConfigError: as `Endpoint.post`.
            InfrastructureError: no server can be used, or as `Endpoint.post`.
        """
        patience = Patience(seconds, self._clock)
        met: Counter[Trouble] = Counter()

        async def attempt() -> T:
            async with self._one() as server:
                return await work(server, patience)

        def stop(state: RetryCallState) -> bool:
            fault = _fault(state)
            met[fault.trouble] += 1
            most = ATTEMPTS[fault.trouble]
            hopeless = not any(s.life for s in self._servers) and all(s.falls for s in self._servers)
            return hopeless or (most is not None and met[fault.trouble] >= most) or patience.left < state.upcoming_sleep

        retrying = AsyncRetrying(
            retry=retry_if_exception_type(Fault),
            wait=lambda state: _fault(state).after + _PAUSE(state),
            stop=stop,
            sleep=self._clock.sleep,
            reraise=True,
        )
        try:
            return await retrying(attempt)
        except Fault as fault:
            if fault.trouble is Trouble.DOWN:
                raise InfrastructureError(f"no server can be used: {self.troubles}") from None
            raise

    async def aclose(self) -> None:
        """Close all connections."""
        await self._client.aclose()

    @property
    def troubles(self) -> str:
        """What keeps each from working, in words."""
        return "; ".join(f"{s.url} ({'has no room' if s.up else s.trouble})" for s in self._servers)

    @asynccontextmanager
    async def _one(self) -> AsyncIterator[Server]:
        """A server with room, tried out if need be; what happens to the work in it is remembered."""
        server = await self._acquire()
        trial = not server.up
        try:
            if trial:
                await self._try_out(server)
                trial = False
            yield server
            server.falls = server.crashes = 0
        except Fault as fault:
            self._blame(server, fault, fell=trial or server.up)
            raise
        finally:
            server.under_way -= 1
            self._hand_over()

    async def _try_out(self, server: Server) -> None:
        """Whether anybody is there; until it has answered nobody else is sent to it."""
        try:
            await server.endpoint.get("/health", HEALTH_SECONDS)
        except Fault as fault:
            raise Fault(Trouble.DOWN, fault.what, fault.after) from None
        finally:
            server.tried = False
        if server.life:
            self._progress(f"the server {server.url} is back")
        server.up = True
        server.life += 1
        self._hand_over()

    async def _acquire(self) -> Server:
        if not self._waiting and (server := self._pick()):
            return server
        if not self._hope:
            raise self._nobody()
        waiter: asyncio.Future[Server] = asyncio.get_running_loop().create_future()
        self._waiting.append(waiter)
        try:
            return await waiter
        except asyncio.CancelledError:
            if waiter.done() and not waiter.cancelled() and waiter.exception() is None:  # it came at the same moment
                server = waiter.result()
                server.under_way -= 1
                server.tried = False
                self._hand_over()
            raise

    def _pick(self) -> Server | None:
        """Take a place at a server: at one that is to be tried again, else at that with the least under way."""
        now = self._clock.now()
        room = [s for s in self._servers if s.under_way < self._concurrency]
        due = [s for s in room if not s.up and not s.tried and s.not_before <= now]
        ready = [s for s in room if s.up]
        if due:
            due[0].tried = True
        elif not ready:
            return None
        server = due[0] if due else min(ready, key=lambda s: (s.not_before > now, s.under_way))
        server.under_way += 1
        return server

    def _hand_over(self) -> None:
        """Give places to those who wait, first come first served; no hope is an answer as well."""
        while self._waiting:
            waiter = self._waiting[0]
            if not waiter.done():
                if server := self._pick():
                    waiter.set_result(server)
                elif self._hope:
                    return
                else:
                    waiter.set_exception(self._nobody())
            self._waiting.popleft()

    @property
    def _hope(self) -> bool:
        return any(s.up or s.tried for s in self._servers)

    def _nobody(self) -> Fault:
        soonest = min(s.not_before for s in self._servers)
        return Fault(Trouble.DOWN, self.troubles, max(0.0, soonest - self._clock.now()))

    def _blame(self, server: Server, fault: Fault, *, fell: bool) -> None:
        """Draw from a fault what it means for who gets work next; `fell`: nobody has drawn that yet."""
        now = self._clock.now()
        server.crashes += fault.trouble is Trouble.CRASHED
        if fault.trouble is Trouble.BUSY:
            server.not_before = now + max(fault.after, COOL_DOWN)
        broken = fault.trouble in (Trouble.DOWN, Trouble.SILENT) or server.crashes >= CRASHES
        if broken and fell:
            if server.up:
                self._progress(f"the server {server.url} is left alone for a while: {fault.what}")
            server.up, server.trouble, server.crashes = False, fault.what, 0
            server.not_before = now + max(fault.after, min(COOL_DOWN * 2 ** min(server.falls, 10), COOL_DOWN_MOST))
            server.falls += 1


def _fault(state: RetryCallState) -> Fault:
    error = state.outcome.exception() if state.outcome else None
    assert isinstance(error, Fault)
    return error
