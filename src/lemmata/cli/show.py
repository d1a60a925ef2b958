"""`lemmata show`: what a run came to, or where it stands."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from lemmata.cli import options, output
from lemmata.cli.exits import Exit
from lemmata.errors import UsageError

if TYPE_CHECKING:
    from lemmata.store import Run, RunResult


def show(
    run: options.RunName = None,
    runs: options.Runs = None,
    as_json: options.Json = False,
    events: Annotated[bool, typer.Option("--events", help="Print the event log, one JSON object a line.")] = False,
) -> Exit:
    """Show what a run came to, or where it stands."""
    from lemmata.store import Store, summary

    if as_json and events:
        raise UsageError("--json and --events do not go together: --events prints JSON lines as well")
    found = options.chosen(Store(options.settings({"runs": runs}).runs), run, quiet=as_json)
    if events:
        for event in found.events():
            output.result_json(event)
    elif as_json:
        output.result_json(found.result or summary(found))
    else:
        for text in _lines(found, found.result):
            output.result(text)
    return Exit.PROVED


def _lines(run: Run, result: RunResult | None) -> Iterator[str]:
    from lemmata.cli import words
    from lemmata.cli.board import Board
    from lemmata.cli.folders import held
    from lemmata.cli.prove import lean_text

    board = Board.of(run.events())
    yield f"run       {run.id}"
    yield f"folder    {run.folder}"
    yield f"theorem   {board.theorem}"
    yield f"strategy  {board.strategy}"
    yield f"checker   {board.checker}"
    yield f"outcome   {'running' if held(run) else words.headline(result) if result else 'none yet'}"
    used = words.costs(result.usage, result.seconds) if result else words.costs(board.used, board.seconds())
    yield f"used      {used}"
    for phase, seconds in (result.phases if result else {}).items():
        yield f"  {phase:<12}{seconds:8.1f} s"
    nodes = result.blueprint if result else tuple(board.nodes.values())
    if nodes:
        yield "blueprint"
        yield from ("  " + line for line in words.tree(nodes))
    text = lean_text(result) if result else None
    if text:
        yield ""
        yield text.rstrip("\n")
