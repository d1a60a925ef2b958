"""`lemmata premises`: make an index of what a library declares, and search it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from lemmata.cli import options, output
from lemmata.cli.exits import Exit, Interrupted

if TYPE_CHECKING:
    from lemmata.tools.premise_build import BuildReport, Progress
    from lemmata.tools.premises import Premise

app = typer.Typer(help="What a library declares: index it, search it.", rich_markup_mode=None)

_TOLD_EVERY: Final = 2.0
"""Seconds between two lines of progress."""
Index = Annotated[Path | None, typer.Option(metavar="PATH", help="The index; without it the one in the cache folder.")]


@app.callback()
def _root() -> None:
    pass


@app.command()
def build(
    folders: Annotated[list[Path], typer.Argument(metavar="DIR...", help="Folders with Lean sources.")],
    index: Index = None,
    fresh: Annotated[bool, typer.Option("--fresh", help="Keep nothing of other folders.")] = False,
    as_json: options.Json = False,
) -> Exit:
    """Index the declarations of Lean sources.

    Builds of several folders add up in one index; --fresh takes out what it holds of others, --index names another.
    Only what is new or has changed is read; an interrupted build goes on where it stopped.
    """
    import asyncio
    import signal

    from lemmata.tools.premise_build import build as bring_up_to_date
    from lemmata.tools.premise_index import default_index

    async def work() -> BuildReport:
        task = asyncio.current_task()
        assert task is not None
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
        return await bring_up_to_date(
            index or default_index(), folders, fresh=fresh, progress=None if as_json else _teller()
        )

    try:
        report = asyncio.run(work())
    except (KeyboardInterrupt, asyncio.CancelledError):
        raise Interrupted("interrupted; the same command goes on where this one stopped") from None
    for unreadable in report.unreadable:
        output.note(f"left out: {unreadable}")
    if as_json:
        output.result_json(report)
    else:
        output.result(_told(report))
    return Exit.PROVED


def _teller() -> Callable[[Progress], None]:
    """Tells where a build stands, not too often."""
    told = 0.0

    def tell(progress: Progress) -> None:
        nonlocal told
        if progress.seconds - told >= _TOLD_EVERY or progress.done == progress.total:
            told = progress.seconds
            output.note(
                f"{progress.done} of {progress.total} files, {progress.declarations} declarations,"
                f" {progress.seconds:.0f} s"
            )

    return tell


def _told(report: BuildReport) -> str:
    return (
        f"{report.declarations} declarations, {report.theorems} of them theorems, from {report.files} files"
        f" ({report.read} read, {report.removed} removed) in {report.seconds:.1f} s: {report.index}"
    )


@app.command()
def search(
    query: Annotated[str, typer.Argument(metavar="QUERY", help="A statement, a goal (`h : P ⊢ Q`), or words.")],
    limit: Annotated[int, typer.Option("-n", metavar="N", min=1, help="How many at most.")] = 20,
    index: Index = None,
    kind: Annotated[
        str | None, typer.Option(metavar="KIND", help="Only such declarations: theorem, def, instance ...")
    ] = None,
    as_json: options.Json = False,
) -> Exit:
    """Find premises for a statement, a goal or some words, best first. Exit code 1: nothing fits."""
    import asyncio

    from lemmata.tools.premises import Premises

    async def found() -> tuple[Premise, ...]:
        premises = Premises(index)
        try:
            return await premises.search(query, limit, kind=kind)
        finally:
            await premises.aclose()

    premises = asyncio.run(found())
    for premise in premises:
        if as_json:
            output.result_json(premise)
        else:
            for line in _lines(premise):
                output.result(output.plain(line))
    if premises:
        return Exit.PROVED
    output.note("nothing found")
    return Exit.NOT_FOUND


def _lines(premise: Premise) -> Iterator[str]:
    """A premise for people: its name, where it stands, its statement."""
    old = ", deprecated" if premise.deprecated else ""
    yield f"{premise.name}  ({premise.kind} in {premise.module}, line {premise.line}{old})"
    yield from (f"  {line}" for line in premise.statement.splitlines())
