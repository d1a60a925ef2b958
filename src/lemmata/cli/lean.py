"""`lemmata lean`: a Lean on this machine."""

from __future__ import annotations

import signal
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from lemmata.cli import output
from lemmata.cli.asking import ask, choose, somebody_there
from lemmata.cli.exits import Exit, Interrupted
from lemmata.errors import UsageError

if TYPE_CHECKING:
    from lemmata.lean_env.setup import Setup

Elan = Literal["installer", "distribution"]

app = typer.Typer(help="A Lean on this machine.", rich_markup_mode=None)


@app.callback()
def _root() -> None:
    pass


@app.command()
def setup(
    lean: Annotated[str | None, typer.Option(metavar="VERSION", help="Lean's version, e.g. v4.35.0.")] = None,
    mathlib: Annotated[
        str | None, typer.Option(metavar="REV|none", help="Mathlib's revision; by default the release for that Lean.")
    ] = None,
    folder: Annotated[
        Path | None, typer.Option("--dir", metavar="DIR", help="The Lake project; by default ~/.lemmata/lean.")
    ] = None,
    elan: Annotated[
        Elan | None,
        typer.Option(help="How elan comes: for you alone, or as a package for the whole machine. By default asked."),
    ] = None,
    checkers: Annotated[
        bool, typer.Option("--checkers", help="Add independent checkers where the toolchain brings none (untested).")
    ] = False,
    yes: Annotated[
        bool, typer.Option("--yes", "-y", help="Do not ask before downloading; elan comes by its installer.")
    ] = False,
) -> Exit:
    """Install Lean, Mathlib and the REPL, as far as they are not here.

    Every step is named with its size before anything is done; interrupted, it goes on where it stopped.
    """
    import asyncio

    from lemmata.lean_env.project import HOME
    from lemmata.lean_env.setup import Setup

    plan = Setup.of(_usable(folder or HOME), lean, mathlib, tell=output.note, checkers=checkers)
    try:
        return asyncio.run(_set_up(plan, elan, yes=yes))
    except (KeyboardInterrupt, asyncio.CancelledError):
        raise Interrupted("interrupted; what is done stays done: run it again to go on") from None


def _usable(folder: Path) -> Path:
    """The folder, which must be one or can be made."""
    from lemmata.cli.folders import nearest, writable

    folder = folder.expanduser().absolute()
    if not (there := nearest(folder)).is_dir():
        raise UsageError(f"--dir {folder}: {there} is no folder")
    if not writable(folder):
        raise UsageError(f"--dir {folder}: nothing can be written to {there}")
    return folder


async def _set_up(plan: Setup, elan: Elan | None, *, yes: bool) -> Exit:
    import asyncio

    from lemmata.lean_env.project import HOME
    from lemmata.lean_env.step import done, perform

    task = asyncio.current_task()
    assert task is not None
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    way = await _way_of_elan(plan, elan, yes=yes)
    plan = replace(plan, elan_by=way or plan.elan_by)
    if way is None or not await _agreed(plan, yes=yes):
        output.note("nothing was done")
        return Exit.PROVED
    for number, step in enumerate(plan.steps, 1):
        if await done(step):
            continue
        output.note(f"[{number}/{len(plan.steps)}] {step.name}: {step.what}")
        await perform(step, output.note)
    output.result(f"ready: {plan.root}")
    if plan.root != HOME.expanduser():
        output.note(f"for files elsewhere: export LEMMATA_LEAN_PROJECT={plan.root}")
    return Exit.PROVED


async def _way_of_elan(plan: Setup, elan: Elan | None, *, yes: bool) -> Elan | None:
    """How elan is to come where it is not here; None where the user leaves."""
    from lemmata.lean_env import installer
    from lemmata.lean_env.step import done

    ways: tuple[Elan, ...] = ("installer", "distribution")
    if await done(plan.steps[0]):
        return ways[0]
    if elan is not None:
        installer.insist(elan)
        return elan
    if yes or not somebody_there() or not installer.offers_package():
        return ways[0]
    for way in ways:
        output.note(f"{way:<13} {installer.words(way)}")
    said = choose("How is elan to be installed?", ways)
    return next((way for way in ways if way == said), None)


async def _agreed(plan: Setup, *, yes: bool) -> bool:
    """Show what is to be done, and whether the user wants it; nothing is asked where nothing is left."""
    from lemmata.lean_env.step import EXISTING, done

    left = [step for step in plan.steps if not await done(step)]
    for step in plan.steps:
        output.note(f"{'to do' if step in left else 'done':<6} {step.name:<13} {step.what}")
    for note in await plan.notes():
        output.note(note)
    if not left or yes:
        return True
    output.note(EXISTING)
    if not somebody_there():
        raise UsageError("this asks before it downloads, and stdin is not a terminal: add --yes")
    return ask("Sizes are estimates. Go on?")
