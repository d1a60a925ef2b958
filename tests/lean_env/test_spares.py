import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from lemmata.errors import InfrastructureError
from lemmata.lean_env.process import Child, start
from lemmata.lean_env.spares import Spares

ECHO = "import os, sys; print(sys.stdin.read(), os.getpid())"


class Nursery:
    """Starts children and remembers them; the scripts are taken in turn, the last one for ever."""

    def __init__(self, *scripts: str) -> None:
        self.scripts, self.children = list(scripts), list[Child]()

    @asynccontextmanager
    async def __call__(self) -> AsyncIterator[Child]:
        script = self.scripts.pop(0) if len(self.scripts) > 1 else self.scripts[0]
        async with start([sys.executable, "-I", "-S", "-c", script], cwd=Path("/"), env={}) as child:
            self.children.append(child)
            yield child


async def serve(spares: Spares, word: str) -> list[str]:
    async with spares.take() as child:
        child.send(word.encode())
        await spares.refill()
        return (await child.finish(20)).stdout.split()


@pytest.mark.parametrize("count", [0, 1, 2])
async def test_every_child_serves_once(count: int) -> None:
    nursery = Nursery(ECHO)
    spares = Spares(nursery, count)
    answers = [await serve(spares, word) for word in "abc"]
    assert [word for word, _ in answers] == ["a", "b", "c"]
    assert len({pid for _, pid in answers}) == 3
    assert [c.alive for c in nursery.children] == [False] * 3 + [True] * count
    await spares.aclose()
    assert not any(c.alive for c in nursery.children)


async def test_many_at_once_never_share() -> None:
    nursery = Nursery(ECHO)
    spares = Spares(nursery, 2)
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(serve(spares, str(n))) for n in range(6)]
    assert [t.result()[0] for t in tasks] == [str(n) for n in range(6)]
    assert sum(c.alive for c in nursery.children) == 2
    await spares.aclose()


async def test_one_that_died_while_it_waited_is_passed_over() -> None:
    nursery = Nursery("", ECHO)
    spares = Spares(nursery, 1)
    await spares.refill()
    await nursery.children[0].finish(20)
    assert (await serve(spares, "a"))[0] == "a"
    await spares.aclose()


async def test_a_child_that_cannot_be_started_is_an_error_of_the_one_who_asks() -> None:
    @asynccontextmanager
    async def fail() -> AsyncIterator[Child]:
        raise InfrastructureError("no more processes")
        yield

    with pytest.raises(InfrastructureError, match="no more"):
        async with Spares(fail, 1).take():
            pass


async def test_a_cancelled_check_ends_its_child() -> None:
    nursery = Nursery("import time; time.sleep(60)")
    spares = Spares(nursery, 1)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.5):
            await serve(spares, "a")
    assert [c.alive for c in nursery.children] == [False, True]
    await spares.aclose()
    assert [c.alive for c in nursery.children] == [False, False]
