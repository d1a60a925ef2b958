"""A call that cannot be understood, in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import typer


def told(error: typer.TyperException, words: Sequence[str], app: typer.Typer) -> str:
    """What is wrong with a call, and where its command is explained.

    Args:
        error: what was raised while the call was read.
        words: the call, without the name of the program.
        app: all commands.
    """
    return f"{_what(error).rstrip('.')} (see `{_command(words, app)} --help`)"


def _what(error: typer.TyperException) -> str:
    from pydantic import ValidationError

    from lemmata.configs.loader import expected

    if isinstance(error, typer.BadParameter) and error.param and isinstance(error.__cause__, ValidationError):
        details = error.__cause__.errors()[0]
        return f"{error.param.opts[0]} {details['input']}: should be {expected(details)}"
    return error.format_message()


def _command(words: Sequence[str], app: typer.Typer) -> str:
    """The command that a call names, as far as there is one."""
    command: Any = typer.main.get_command(app)
    path = ["lemmata"]
    for word in words:
        command = getattr(command, "commands", {}).get(word)
        if command is None:
            break
        path.append(word)
    return " ".join(path)
