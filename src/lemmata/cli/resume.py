"""`lemmata resume`: take a run up where it stopped."""

from __future__ import annotations

import typer

from lemmata.cli import options
from lemmata.cli.exits import Exit


def resume(
    ctx: typer.Context,
    run: options.RunName = None,
    budget_seconds: options.Seconds = None,
    budget_check_seconds: options.CheckSeconds = None,
    budget_samples: options.Samples = None,
    budget_tokens: options.Tokens = None,
    budget_dollars: options.Dollars = None,
    runs: options.Runs = None,
    as_json: options.Json = False,
    verbose: options.Verbose = False,
) -> Exit:
    """Take a run up where it stopped.

    Nothing that was finished is done again. `--budget-...` raises a limit of the whole run; what was spent counts.
    """
    from lemmata.cli.board import Board
    from lemmata.cli.engine import drive
    from lemmata.cli.progress import progress
    from lemmata.cli.prove import report
    from lemmata.store import Store

    limits = options.budget(budget_seconds, budget_check_seconds, budget_samples, budget_tokens, budget_dollars)
    config = options.settings({"runs": runs, **limits})
    found = options.chosen(Store(config.runs), run, quiet=as_json)
    given = {key.removeprefix("budget."): value for key, value in limits.items() if value is not None}
    with progress(config.budget, Board.of(found.events()), quiet=as_json, verbose=verbose) as watch:
        result = drive(
            ctx,
            config,
            lambda engine: engine.resume(found.folder, budget=given or None, on_event=watch),
            tell=watch.tell,
            run=lambda: run or found.id,
        )
    return report(result, config, as_json=as_json)
