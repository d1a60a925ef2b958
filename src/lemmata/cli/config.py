"""`lemmata config`: the settings that hold."""

from __future__ import annotations

import typer

from lemmata.cli import options, output
from lemmata.cli.exits import Exit

app = typer.Typer(help="The settings that hold.", rich_markup_mode=None)


@app.callback()
def _root() -> None:
    pass


@app.command()
def show(
    strategy: options.Strategy = None,
    checker: options.Checker = None,
    sets: options.Sets = None,
    files: options.Files = None,
    runs: options.Runs = None,
    as_json: options.Json = False,
) -> Exit:
    """Print the merged settings as YAML.

    The text can be given to `-c` again.
    """
    from lemmata.configs.loader import dump

    config = options.settings({"strategy": strategy, "checker": checker, "runs": runs}, sets, files)
    if as_json:
        output.result_json(config)
    else:
        output.result(dump(config).rstrip("\n"))
    return Exit.PROVED
