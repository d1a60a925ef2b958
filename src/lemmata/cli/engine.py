"""From a command to the session that does its work: one event loop, and an interruption that says how to go on."""

from __future__ import annotations

import asyncio
import shlex
import signal
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeVar

from lemmata.cli import output
from lemmata.cli.exits import Interrupted
from lemmata.errors import InfrastructureError

if TYPE_CHECKING:
    import typer

    from lemmata.configs.schema import Config
    from lemmata.domain import Problem, Verdict
    from lemmata.events import Event
    from lemmata.store import RunResult

T = TypeVar("T")


class Engine(Protocol):
    """What commands need of a session; see `lemmata.api.Session`."""

    async def prove(
        self, problem: Problem, *, on_event: Callable[[Event], None] | None = None
    ) -> RunResult:
        """Look for a proof."""
        ...

    async def resume(
        self,
        run: str | Path,
        *,
        budget: Mapping[str, float] | None = None,
        on_event: Callable[[Event], None] | None = None,
    ) -> RunResult:
        """Take a run up again."""
        ...

    async def verify(
        self, submission: str | Path, *, against: str | Path | None = None, name: str | None = None
    ) -> Verdict:
        """Judge a finished file."""
        ...


class Opener(Protocol):
    """Makes a session; `lemmata.api.Session` is one."""

    def __call__(
        self, config: Config, *, progress: Callable[[str], None] | None = None
    ) -> AbstractAsyncContextManager[Engine]:
        """A session with these settings, which tells `progress` in words what it waits for."""
        ...


def drive(
    ctx: typer.Context,
    config: Config,
    work: Callable[[Engine], Awaitable[T]],
    *,
    tell: Callable[[str], None] | None = None,
    run: Callable[[], str] = lambda: "",
) -> T:
    """Do `work` in a session, to its end or until SIGINT or SIGTERM.

    Args:
        ctx: carries what opens the session.
        config: settings of the session.
        work: what to do.
        tell: told in words when there is something to wait for.
        run: the id of the run that an interruption leaves behind, "" where there is none.

    Raises:
        Interrupted: with the command that goes on, where there is a run.
    """

    async def session() -> T:
        task = asyncio.current_task()
        assert task is not None
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
        async with _opener(ctx)(config, progress=tell) as engine:
            return await work(engine)

    try:
        return asyncio.run(session())
    except (KeyboardInterrupt, asyncio.CancelledError):
        left = run()
        how = f"; the state is saved, go on with: {resume_command(left, config.runs)}" if left else ""
        raise Interrupted("interrupted" + how) from None
    except InfrastructureError:
        if left := run():
            output.note(f"when it is mended, go on with: {resume_command(left, config.runs)}")
        raise


def resume_command(run: str, runs: Path) -> str:
    """What to type to take a run up again."""
    where = "" if runs == Path("runs") else f" --runs {shlex.quote(str(runs))}"
    return f"lemmata resume {shlex.quote(run)}{where}"


def _opener(ctx: typer.Context) -> Opener:
    given: Opener | None = ctx.obj["opener"]
    if given is not None:
        return given
    from lemmata.api import Session

    return partial(Session, progress=output.note)
