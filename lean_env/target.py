"""What the user points at, read into a problem: `FILE`, `FILE:name`, `FILE#L42`, `-`, or a bare statement."""

from __future__ import annotations

import codecs
import re
import stat
import sys
from collections.abc import Callable
from difflib import get_close_matches
from pathlib import Path
from typing import Final, NamedTuple

from lemmata.domain import Problem
from lemmata.errors import SourceError
from lemmata.lean_env.source import parse, problem

STDIN: Final = "-"
_LINE: Final = re.compile(r"(?P<file>.+)#L(?P<line>\d+)\Z", re.DOTALL)


class Target(NamedTuple):
    """A target as written: which file, and which theorem in it."""

    file: str
    """A path, or `-` for standard input."""
    name: str | None = None
    line: int | None = None


def read_target(
    spec: str, *, stdin: Callable[[], bytes] = lambda: sys.stdin.buffer.read(), answer: str | None = None
) -> Problem:
    """Read the theorem that a target names.

    Args:
        spec: `FILE`, `FILE:name`, `FILE#L42`, or `-` for standard input (`-:name`, `-#L42`). A file whose own name
            looks like one of these is taken as that file.
        stdin: Reads standard input to its end; called for `-` only.
        answer: Lean text for the `.._solution` definition that the file leaves open.

    Raises:
        SourceError: There is no such file or theorem, or it cannot be read or used.
    """
    target = split_target(spec)
    text = decode(stdin() if target.file == STDIN else read_bytes(target.file), target.file)
    if not text.strip(" \t\r\n"):
        raise SourceError("the file is empty: expected a Lean theorem", file=_title(target.file))
    return problem(text, file=_title(target.file), name=target.name, line=target.line, answer=answer)


def split_target(spec: str) -> Target:
    """Split a target into file and theorem. A path that exists wins over any reading of its `:` or `#L`."""
    if not spec:
        raise SourceError("the target is empty: expected FILE, FILE:name, FILE#L42 or -")
    if spec == STDIN or _exists(spec):
        return Target(spec)
    if found := _LINE.match(spec):
        return Target(found["file"], line=int(found["line"]))
    file, colon, name = spec.rpartition(":")
    return Target(file, name=name) if colon and file and name else Target(spec)


def statement_problem(statement: str, header: str = "", *, answer: str | None = None) -> Problem:
    """Make a problem of a statement given on its own.

    Args:
        statement: `theorem NAME .. : PROPOSITION`, with or without `:= sorry`, `:= by` or a proof.
        header: Lean text to stand before it (imports, `open`, definitions).
        answer: Lean text for the `.._solution` definition that the header leaves open.

    Raises:
        SourceError: It is no single theorem with a name.
    """
    text = statement.strip()
    if not text:
        raise SourceError(f"the statement is empty: {_EXPECTED}")
    found = parse(text).declarations
    first = next(iter(found), None)
    if first is None or not any(d.theorem for d in found):
        given = f"a statement that begins with `{first.keyword}`" if first else "a statement without `theorem NAME`"
        raise SourceError(f"{given} cannot be a target: {_EXPECTED}")
    if len(found) > 1:
        raise SourceError(f"{len(found)} declarations are given, not one statement: {_EXPECTED}")
    if first.name is None:
        raise SourceError(f"the {first.keyword} has no name: {_EXPECTED}")
    before = header if not header or header.endswith("\n") else header + "\n"
    line = before.count("\n") + text.count("\n", 0, first.command.lead.at.start) + 1
    return problem(f"{before}{text}\n", line=line, answer=answer)


LARGEST: Final = 16 << 20
"""Bytes of a file that is read as Lean."""
_EXPECTED: Final = "expected `theorem NAME binders : PROPOSITION`"


def read_text(file: str | Path) -> str:
    """Read a Lean file whole.

    Raises:
        SourceError: There is no such file, or it is not a file of UTF-8 text.
    """
    return decode(read_bytes(file), str(file))


def decode(content: bytes, file: str) -> str:
    """Decode a Lean file: UTF-8, line ends kept.

    Raises:
        SourceError: It is not UTF-8, and the message names line and byte; or it begins with a byte order mark.
    """
    if content.startswith(codecs.BOM_UTF8):
        raise SourceError(
            "begins with a byte order mark, which is no Lean: save the file as UTF-8 without it (`tail -c +4` cuts it)",
            file=_title(file),
            line=1,
        )
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        raise SourceError(
            f"not UTF-8 text (byte {error.start} is 0x{content[error.start]:02x}): expected a Lean file",
            file=_title(file),
            line=content.count(b"\n", 0, error.start) + 1,
        ) from None


def read_bytes(file: str | Path) -> bytes:
    """Read a file whole.

    Raises:
        SourceError: There is no such file, or it cannot be read.
    """
    path, file = Path(file), str(file)
    try:
        about = path.stat()
        if not (stat.S_ISREG(about.st_mode) or stat.S_ISDIR(about.st_mode)):
            raise SourceError("not a plain file; standard input goes by the name `-`", file=file)
        if about.st_size > LARGEST:
            raise SourceError(f"over {LARGEST >> 20} MiB, expected a Lean file", file=file)
        return path.read_bytes()
    except IsADirectoryError:
        raise SourceError("a folder, expected a Lean file", file=file) from None
    except FileNotFoundError:
        raise SourceError(f"no such file{_nearest(path)}", file=file) from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise SourceError(f"cannot be read: {reason}", file=file) from None


def _exists(file: str) -> bool:
    try:
        return Path(file).exists()
    except OSError:  # a name too long for the system
        return False


def _nearest(path: Path) -> str:
    try:
        names = [found.name for found in path.parent.iterdir() if found.suffix == ".lean"]
    except OSError:
        return ""
    near = get_close_matches(path.name, names, n=1)
    return f"; nearest: {path.parent / near[0]}" if near else ""


def _title(file: str) -> str:
    return "standard input" if file == STDIN else file
