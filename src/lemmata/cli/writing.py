"""`--write`: put a proof into the user's file, after showing what would change."""

from __future__ import annotations

import difflib
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from lemmata.cli import output
from lemmata.cli.asking import ask, somebody_there
from lemmata.cli.folders import writable
from lemmata.errors import UsageError
from lemmata.files import write_atomic
from lemmata.lean_env.target import STDIN, split_target

if TYPE_CHECKING:
    from lemmata.store import RunResult


@dataclass(frozen=True)
class Original:
    """The user's file as it was before any work."""

    file: str
    """As the user named it."""
    text: str

    def with_own_line_ends(self, text: str) -> str:
        """A text with this file's line ends; where those differ among themselves, with its own."""
        crlf = self.text.count("\r\n")
        if not crlf or crlf < self.text.count("\n"):
            return text
        return text.replace("\r\n", "\n").replace("\n", "\r\n")


def original(target: str | None, *, yes: bool) -> Original:
    """The file that a target names (it was read already), to be written to in the end.

    Raises:
        UsageError: there is no file that can be written to, or nobody to ask; said before any work is done.
    """
    file = STDIN if target is None else split_target(target).file
    if file == STDIN:
        raise UsageError("--write needs a FILE to write to; the proof of a statement or of stdin goes to stdout")
    if not yes and not somebody_there():
        raise UsageError("--write asks before it writes, and stdin is not a terminal: add --yes")
    path = Path(file).resolve()
    if not os.access(path, os.W_OK) or not writable(path.parent):
        raise UsageError(f"{file}: cannot be written: leave --write out, or give it and its folder write permission")
    return Original(file, path.read_bytes().decode())


def write_back(
    before: Original, result: RunResult, *, yes: bool, ask: Callable[[str], bool] = ask
) -> bool:
    """Show the difference, ask unless `yes`, and replace the file whole; whether it was written.

    Raises:
        UsageError: the file is not what it was when the run began, or cannot be written.
    """
    assert result.proof is not None
    path = Path(before.file).resolve()  # a link stays a link
    text = before.with_own_line_ends(result.proof)
    if text == before.text:
        output.note(f"{before.file} has this proof already: nothing to write")
        return False
    output.note(diff(before.text, text, before.file))
    if not yes and not ask(f"Write this to {before.file}? ({result.vouched_by})"):
        output.note("not written")
        return False
    if not path.is_file() or path.read_bytes() != before.text.encode():
        raise UsageError(f"{before.file}: changed since the run began, not written; the proof is in {result.folder}")
    try:
        write_atomic(path, text)
    except OSError as error:
        raise UsageError(f"{before.file}: cannot be written: {error.strerror}; it is unchanged") from None
    output.note(f"written to {before.file}")
    return True


def diff(before: str, after: str, name: str) -> str:
    """A unified diff."""
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), name, f"{name} (new)", lineterm="")
    return "\n".join(lines)
