"""The entry point. It imports nothing before it can be interrupted: ^C comes as early as anybody likes."""

from __future__ import annotations

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
    try:
        from lemmata.cli.border import run

        return run(words, opener)
    except KeyboardInterrupt:
        from lemmata.cli import output
        from lemmata.cli.exits import Exit

        return output.fail(Exit.INTERRUPTED, "interrupted", as_json="--json" in words)
