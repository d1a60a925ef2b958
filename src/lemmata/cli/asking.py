"""A question to the user, and whether anybody is there to answer it."""

from __future__ import annotations

import sys

from lemmata.cli import output


def ask(question: str) -> bool:
    """Whether the user says yes. The question goes to stderr; to leave with ^C is to say no."""
    output.note(f"{question} [y/N]")
    try:
        return sys.stdin.readline().strip().lower() in ("y", "yes")
    except KeyboardInterrupt:  # to be asked and to leave is to say no; the terminal shows ^C
        output.note("")
        return False


def somebody_there() -> bool:
    """Whether a question could be answered."""
    return sys.stdin.isatty()
