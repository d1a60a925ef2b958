"""What may still be used. Asked before every call: the worst case is reserved, what was used is settled after."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from typing import Final, NamedTuple

from lemmata.configs.schema import BudgetConfig
from lemmata.domain import Usage
from lemmata.errors import LimitReached

_MEASURES: Final[dict[str, Callable[[Usage], float]]] = {
    "check_seconds": lambda u: u.check_seconds,
    "samples": lambda u: u.samples,
    "tokens": lambda u: u.tokens_in + u.tokens_out,
    "dollars": lambda u: u.dollars,
}
_SLACK: Final = 1e-9
"""Sums of floats may miss a limit by a rounding error."""


def measured(used: Usage) -> dict[str, float]:
    """What was used, by the name of the limit that bounds it."""
    return {"seconds": used.seconds} | {limit: measure(used) for limit, measure in _MEASURES.items()}


class Fit(NamedTuple):
    """How long a check may run."""

    seconds: float
    cut: LimitReached | None
    """The limit that allows no more than that, where one is narrower than what was asked for."""


class Budget:
    """Limits of one scope (a run, a node) inside those of its parents. Wall seconds run from its making."""

    def __init__(
        self,
        limits: BudgetConfig,
        *,
        scope: str = "run",
        spent: Usage | None = None,
        parent: Budget | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`spent` is what was used before, its `seconds` the wall seconds of earlier sessions."""
        self.limits = limits
        self.scope = scope
        self.spent = spent or Usage()
        self.reserved = Usage()
        self._parent = parent
        self._clock = clock
        self._started = clock()
        self._settled: asyncio.Condition = parent._settled if parent else asyncio.Condition()

    def child(self, limits: BudgetConfig, scope: str) -> Budget:
        """A narrower scope; whatever it uses counts here as well."""
        return Budget(limits, scope=scope, parent=self, clock=self._clock)

    @property
    def seconds(self) -> float:
        """Wall seconds so far, earlier sessions included."""
        return self.spent.seconds + self._clock() - self._started

    @property
    def usage(self) -> Usage:
        """Everything used so far."""
        return self.spent.model_copy(update={"seconds": round(self.seconds, 3)})

    def fit(self, seconds: float) -> Fit:
        """The longest a check of at most `seconds` may run. Raises LimitReached where nothing is left."""
        bound = None
        for scope in self._scopes():
            for limit, allowed, used in (
                ("seconds", scope.limits.seconds, scope.seconds),
                ("check_seconds", scope.limits.check_seconds, scope.spent.check_seconds),
            ):
                if allowed is None:
                    continue
                reached = LimitReached(limit, allowed, scope.scope)
                if used >= allowed - _SLACK:
                    raise reached
                if allowed - used < seconds:
                    seconds, bound = allowed - used, reached
        return Fit(seconds, bound)

    @asynccontextmanager
    async def spend(self, need: Usage) -> AsyncIterator[Callable[[Usage], None]]:
        """Reserve `need` while the block runs; the block says what was used, else all of it counts as used.

        Waits where the need fits only once other reservations are settled. Raises LimitReached where it never will.
        """
        await self._reserve(need)
        used = need

        def settle(actual: Usage) -> None:
            nonlocal used
            used = actual

        try:
            yield settle
        finally:
            for scope in self._scopes():
                scope.reserved -= need
                scope.spent += used
            async with self._settled:
                self._settled.notify_all()

    async def _reserve(self, need: Usage) -> None:
        async with self._settled:
            await self._settled.wait_for(lambda: self._fits(need))
            for scope in self._scopes():
                scope.reserved += need

    def _fits(self, need: Usage) -> bool:
        """Whether the need fits now; raises LimitReached where it cannot fit later either."""
        now = True
        for scope in self._scopes():
            if scope.limits.seconds is not None and scope.seconds >= scope.limits.seconds:
                raise LimitReached("seconds", scope.limits.seconds, scope.scope)
            for limit, measure in _MEASURES.items():
                allowed, wanted = getattr(scope.limits, limit), measure(need)
                if allowed is None or not wanted:
                    continue
                if measure(scope.spent) + wanted > allowed + _SLACK:
                    raise LimitReached(limit, allowed, scope.scope)
                now = now and measure(scope.spent) + measure(scope.reserved) + wanted <= allowed + _SLACK
        return now

    def _scopes(self) -> Iterator[Budget]:
        scope: Budget | None = self
        while scope is not None:
            yield scope
            scope = scope._parent
