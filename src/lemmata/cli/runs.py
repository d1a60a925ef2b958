"""`lemmata runs`: the runs of a folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lemmata.cli import options, output
from lemmata.cli.exits import Exit

if TYPE_CHECKING:
    from lemmata.store import RunSummary


def runs(runs: options.Runs = None, as_json: options.Json = False) -> Exit:
    """List the runs of a folder, oldest first."""
    from lemmata.store import Store

    store = Store(options.settings({"runs": runs}).runs)
    found = store.list()
    for summary in found:
        if as_json:
            output.result_json(summary)
        else:
            output.result(_line(summary))
    if not found and not as_json:
        output.note(f"no runs in {store.root}")
    return Exit.PROVED


def _line(summary: RunSummary) -> str:
    status = "unfinished" if summary.status is None else str(summary.status)
    level = f" ({summary.level})" if summary.level else ""
    return f"{summary.run}  {status + level:<20}  {summary.theorem}"
