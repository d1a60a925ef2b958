"""A question to the user, and whether anybody is there to answer it."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from lemmata.cli import output


def ask(question: str) -> bool:
    """Whether the user says yes. The question goes to stderr; to leave with ^C is to say no."""
    output.note(f"{question} [y/N]")
    try:
        return sys.stdin.readline().strip().lower() in ("y", "yes")
    except KeyboardInterrupt:  # to be asked and to leave is to say no; the terminal shows ^C
        output.note("")
        return False


def choose(question: str, ways: Sequence[str]) -> str | None:
    """Which of some ways the user takes: the first where they just press Enter; None where they leave or name none."""
    output.note(f"{question} [{'/'.join(ways)}; Enter: {ways[0]}]")
    try:
        line = sys.stdin.readline()
    except KeyboardInterrupt:
        output.note("")
        return None
    said = line.strip().lower()
    return next((way for way in ways if line and way.startswith(said)), None)


def somebody_there() -> bool:
    """Whether a question could be answered."""
    return sys.stdin.isatty()
