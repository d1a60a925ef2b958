"""`lemmata runs`: the runs of a folder."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from lemmata.cli import options, output
from lemmata.cli.exits import Exit

if TYPE_CHECKING:
    from lemmata.store import RunSummary, Store


def runs(runs: options.Runs = None, as_json: options.Json = False) -> Exit:
    """List the runs of a folder, oldest first."""
    from lemmata.store import Store

    store = Store(options.settings({"runs": runs}).runs)
    found = store.list(left_out=options.left_out)
    if as_json:
        for summary in found:
            output.result_json(summary)
    else:
        for line in table([(s.run, _state(store, s), s.theorem) for s in found]):
            output.result(line)
        if not found:
            output.note(f"no runs in {store.root}")
    return Exit.PROVED


def table(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Rows as lines with their columns below each other."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        yield "  ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)).rstrip()


def _state(store: Store, summary: RunSummary) -> str:
    from lemmata.cli.folders import held

    if held(store.find(summary.folder)):
        return "running"
    status = "unfinished" if summary.status is None else str(summary.status)
    return status + (f" ({summary.level})" if summary.level else "")
