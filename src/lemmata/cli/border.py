"""The border between the command line and everything behind it: here errors become one message and a code."""

from __future__ import annotations

import io
import sys
import traceback
from collections.abc import Sequence
from typing import TYPE_CHECKING

import typer

from lemmata.cli import exits, output
from lemmata.cli.app import app
from lemmata.cli.exits import Exit
from lemmata.cli.mistakes import told
from lemmata.errors import LemmataError

if TYPE_CHECKING:
    from lemmata.cli.engine import Opener


def run(words: Sequence[str], opener: Opener | None) -> int:
    """Run one command and return its exit code.

    Args:
        words: what follows `lemmata`.
        opener: see `lemmata.cli.main.main`.
    """
    as_json = "--json" in words
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # Lean text is UTF-8 whatever the locale says
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        code = app(list(words), prog_name="lemmata", standalone_mode=False, obj={"opener": opener})
        return int(code or Exit.PROVED)
    except typer.TyperException as error:
        return output.fail(Exit.USAGE, told(error, words, app), as_json=as_json)
    except LemmataError as error:
        return output.fail(exits.of_error(error), str(error), as_json=as_json)
    except KeyboardInterrupt:
        return output.fail(Exit.INTERRUPTED, "interrupted", as_json=as_json)
    except Exception as error:  # noqa: BLE001  (the border: a bug must not look like one of the other exit codes)
        traceback.print_exc()
        return output.fail(Exit.BUG, f"a defect of lemmata: {type(error).__name__}: {error}", as_json=as_json)
