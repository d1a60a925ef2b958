"""The entry point. It imports next to nothing before it can be interrupted: ^C comes as early as anybody likes."""

from __future__ import annotations

import os
import signal
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from lemmata.cli.engine import Opener


def main(args: Sequence[str] | None = None, *, opener: Opener | None = None) -> int:
    """Run one command and return its exit code.

    Args:
        args: what follows `lemmata`; None takes the process's own.
        opener: makes the session that does the work, in place of `lemmata.api.Session`.
    """
    words = list(sys.argv[1:] if args is None else args)
    if args is None and signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, lambda *_: _end(as_json="--json" in words))
        _load(words)
        signal.signal(signal.SIGINT, signal.default_int_handler)
    from lemmata.cli.border import run

    return run(words, opener)


def _load(words: Sequence[str]) -> None:
    """Import what the commands need; to be asked for help needs less."""
    import lemmata.cli.border

    if words and not words[0].startswith("-") and "--help" not in words:
        import asyncio  # noqa: F401

        import lemmata.configs.loader
        import lemmata.store  # noqa: F401


def _end(*, as_json: bool) -> None:
    """End on the spot: nothing is begun, and an exception would get lost or misread in the middle of an import."""
    os.write(2, b"lemmata: interrupted\n")
    if as_json:
        os.write(1, b'{"status": "failed", "kind": "interrupted", "message": "interrupted"}\n')
    os._exit(130)
