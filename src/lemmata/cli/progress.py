"""Progress of a run on stderr, driven by its events alone: a live tree on a terminal, plain lines elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from types import TracebackType
from typing import TYPE_CHECKING, Self, TextIO

from lemmata.cli import output, words
from lemmata.cli.board import Board
from lemmata.domain import Level, NodeStatus
from lemmata.events import (
    BlueprintChanged,
    Event,
    LogRepaired,
    NodeEnded,
    NodeOpened,
    RunResumed,
    RunStarted,
)

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.tree import Tree

    from lemmata.configs.schema import BudgetConfig
    from lemmata.store import NodeView


class Progress:
    """Follows a run without a word; the base of those that show it."""

    def __init__(self, board: Board | None = None) -> None:
        self.board = board or Board()

    def __call__(self, event: Event) -> None:
        """Take note of one event."""
        self.board = self.board.after(event)

    def tell(self, text: str) -> None:
        """Say something that is no event."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        return None


class PlainProgress(Progress):
    """A line for everything that changes what is known."""

    def __init__(self, stream: TextIO, board: Board | None = None) -> None:
        super().__init__(board)
        self._stream = stream

    def __call__(self, event: Event) -> None:
        """Print a line about an event, if it is one that people wait for."""
        super().__call__(event)
        text = line(event, self.board)
        if text is not None:
            print(f"[{self.board.seconds():6.1f} s] {output.plain(text)}", file=self._stream, flush=True)

    def tell(self, text: str) -> None:
        """Print it as it is."""
        print(text, file=self._stream, flush=True)


class LogProgress(Progress):
    """Every event as a line of the log."""

    def __init__(self, stream: TextIO, board: Board | None = None) -> None:
        from lemmata.log import log_event, logger

        super().__init__(board)
        self._log, self._log_event = logger(stream), log_event

    def __call__(self, event: Event) -> None:
        """Log an event, under the run's id once it is known."""
        super().__call__(event)
        self._log_event(self._log.bind(run=self.board.run), event)

    def tell(self, text: str) -> None:
        """Log it under a name of its own."""
        self._log.info("waiting", text=text)


class LiveProgress(Progress):
    """The blueprint as a tree that changes in place, with counters above it."""

    def __init__(
        self,
        console: Console,
        limits: BudgetConfig,
        board: Board | None = None,
        *,
        clock: Callable[[], float] = time.time,
        per_second: float = 8,
    ) -> None:
        from rich.live import Live

        super().__init__(board)
        self._limits, self._clock = limits, clock
        self._live = Live(
            console=console, get_renderable=self.render, refresh_per_second=per_second, transient=False
        )

    def __enter__(self) -> Self:
        self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._live.stop()

    def tell(self, text: str) -> None:
        """Print it above the tree."""
        self._live.console.print(text, markup=False, highlight=False)

    def render(self) -> RenderableType:
        """The tree and the counters as they stand; reads one frozen board, so that it may run in a thread."""
        from rich.console import Group
        from rich.text import Text

        board = self.board
        if not board.run:
            return Text("starting", style="dim")
        # Counters first: of a tree that is higher than the terminal the end is cut off.
        return Group(Text(counters(board, self._limits, self._clock()), style="dim"), _rich_tree(board))


def progress(limits: BudgetConfig, board: Board | None = None, *, quiet: bool, verbose: bool) -> Progress:
    """The right one for this call: nothing for programs, the log where asked for, else by whether it is a terminal.

    `board` is what is known of the run already.
    """
    if verbose:
        return LogProgress(sys.stderr, board)
    if quiet:
        return Progress(board)
    if not sys.stderr.isatty():
        return PlainProgress(sys.stderr, board)
    from rich.console import Console

    return LiveProgress(Console(stderr=True), limits, board)


def line(event: Event, board: Board) -> str | None:
    """What people want to know of an event while they wait; None where that is nothing."""
    match event:
        case RunStarted():
            return f"run {event.run}: {event.problem.name}, strategy {event.strategy}, {event.checker}"
        case RunResumed():
            told = f"run {board.run} resumed after {words.costs(event.spent, board.seconds())}"
            match len(board.under_way):
                case 0:
                    return told
                case 1:
                    return f"{told}; 1 call that was under way is made again"
                case several:
                    return f"{told}; {several} calls that were under way are made again"
        case LogRepaired():
            return f"cut off {event.bytes_cut} bytes of a line that was half written"
        case NodeOpened(parent=str()):
            return f"{words.MARKS[NodeStatus.OPEN]} {event.name}: {words.one_line(event.statement)}"
        case NodeEnded() if event.node in board.nodes:
            return words.node_label(board.nodes[event.node])
        case BlueprintChanged():
            name = board.nodes[event.node].name if event.node in board.nodes else event.node
            return f"{name}: {event.idea or 'split'}: {', '.join(event.lemmas)}"
        case _:
            return None


def counters(board: Board, limits: BudgetConfig, now: float) -> str:
    """Closed nodes and what is used of the budget, in a line."""
    views = board.nodes.values()
    closed = sum(v.status is NodeStatus.CLOSED for v in views)
    parts = [
        f"{closed}/{len(views)} closed",
        f"{board.used.checks} checks",
        _of(board.seconds(now), limits.seconds, " s"),
        _of(board.used.check_seconds, limits.check_seconds, " s of checks"),
    ]
    if limits.samples is not None:
        parts.append(_of(board.used.samples, limits.samples, " samples"))
    if board.used.tokens_out or limits.tokens is not None:
        parts.append(_of(board.used.tokens_in + board.used.tokens_out, limits.tokens, " tokens"))
    if board.used.dollars or limits.dollars is not None:
        limit = "" if limits.dollars is None else f" of ${limits.dollars:.2f}"
        parts.append(f"${board.used.dollars:.2f}{limit}")
    return ", ".join(parts)


def _of(used: float, limit: float | None, unit: str) -> str:
    shown = f"{used:.0f}" if limit is None else f"{used:.0f} of {limit:g}"
    return shown + unit


_STYLES = {
    NodeStatus.OPEN: "yellow",
    NodeStatus.CLOSED: "green",
    NodeStatus.REFUTED: "red",
    NodeStatus.STUCK: "red",
    NodeStatus.DROPPED: "dim",
}


def _rich_tree(board: Board) -> Tree:
    from rich.text import Text
    from rich.tree import Tree

    head = Tree(Text(f"{board.theorem}: strategy {board.strategy}, {board.checker}"))
    below = words.children(board.nodes.values())

    def grow(tree: Tree, parent: str | None) -> None:
        for view in below.get(parent, ()):
            label = Text(output.plain(words.node_label(view, board.phases.get(view.node, ""))), style=_style(view))
            grow(tree.add(label), view.node)

    grow(head, None)
    return head


def _style(view: NodeView) -> str:
    strong = view.level is not None and view.level.at_least(Level.CERTIFIED)
    return _STYLES[view.status] + (" bold" if strong else "")
