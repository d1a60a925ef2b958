"""The commands, one file each. What they need is imported when they run, so that help and completion are quick."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from lemmata._version import __version__
from lemmata.cli import config, doctor, lean, premises, prove, resume, runs, show, verify
from lemmata.cli.exits import Exit, Interrupted


@contextmanager
def _in_words() -> Iterator[None]:
    try:
        yield
    except KeyboardInterrupt:  # of which typer would make a bare exit code
        raise Interrupted("interrupted") from None


class _Commands(TyperGroup):
    """All commands; an interruption with which none of them dealt ends in words, as any other does."""

    def make_context(self, *args: Any, **kwargs: Any) -> Any:
        with _in_words():
            return super().make_context(*args, **kwargs)

    def invoke(self, *args: Any, **kwargs: Any) -> Any:
        with _in_words():
            return super().invoke(*args, **kwargs)


app = typer.Typer(
    cls=_Commands,
    help="Prove Lean 4 theorems by cutting them into lemmata; everything says what vouches for it.",
    epilog="Exit codes: 0 proved, 1 not found, 2 mistake in the call, 3 found (vouched for below `certified`), "
    "4 refuted, 5 something is missing or broken, 70 a defect of lemmata, 130 interrupted.",
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"lemmata {__version__}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def _root(
    ctx: typer.Context,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    if ctx.invoked_subcommand is None:
        typer.echo(ctx.get_help(), err=True)
        raise typer.Exit(Exit.USAGE)


app.command()(prove.prove)
app.command()(resume.resume)
app.command()(verify.verify)
app.command()(show.show)
app.command()(runs.runs)
app.command()(doctor.doctor)
app.add_typer(premises.app, name="premises")
app.add_typer(config.app, name="config")
app.add_typer(lean.app, name="lean")
