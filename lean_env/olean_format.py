"""The header of an `.olean` file: which Lean wrote it, and whether that Lean's files can be read.

It is 88 bytes: `olean`, a version of the header itself, flags, the Lean version (33 bytes) and the commit (40 bytes)
that wrote it, and the address that the file expects to be mapped to. `struct olean_header` in `src/library/module.cpp`:

- Version 2 is what every Lean from 4.27 to 4.35 writes. Version 1 was an older Lean's; version 3 holds snapshots with
  closures (4.32 on, `CompactedRegion.save`) and is no module.
- Bit 0 of the flags: big numbers are GMP's (every release for Linux), else Lean's own (`-DUSE_GMP=OFF`).

What the bytes behind the header mean is the same in all versions that are read: `ModuleData`, `Import`, `Level`,
`Expr`, `Literal`, `ReducibilityHints`, `ConstantVal` and all kinds of `ConstantInfo` have the same fields in the same
order in Lean's sources of 2025 (before 4.27), of 4.28.0, 4.31 and 4.35 (`src/Lean/Environment.lean`, `Setup.lean`,
`Level.lean`, `Expr.lean`, `Declaration.lean`), as far as those could be had, and `src/runtime/compact.cpp` lays out
objects alike. Only files of 4.35.0 were at hand to test with: `Format.tested`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

MARKER: Final = b"olean"
VERSION: Final = 2
SIZE: Final = 88
"""Bytes of the header."""
KNOWN: Final = range(27, 36)
"""The `x` of each Lean 4.x whose files are read, releases and their candidates."""
TESTED: Final = frozenset({"4.35.0"})
"""Versions whose files were at hand when the reader was written."""
_GMP: Final = 1


class BadOlean(Exception):
    """Not a compiled module that can be judged; the message says why."""


@dataclass(frozen=True, slots=True)
class Format:
    """How a file is written."""

    lean: str
    """The Lean that wrote it: `4.35.0`."""
    commit: str
    gmp: bool
    """Whether big numbers are GMP's, else Lean's own."""

    @property
    def tested(self) -> bool:
        """Whether the reader was tested on files of this Lean, and not only written after its sources."""
        return self.lean in TESTED


def read_format(head: bytes) -> Format:
    """The format of a file that begins with these bytes.

    Raises:
        BadOlean: it is no `.olean`, or of a Lean that nothing is known about; the message names it.
    """
    if len(head) < SIZE or head[:5] != MARKER:
        raise BadOlean("not an .olean file")
    version, flags, lean, commit = head[5], head[6], _text(head[7:40]), _text(head[40:80])
    if version != VERSION:
        raise BadOlean(f"an .olean with a header of version {version}, which is not known")
    if flags & ~_GMP:
        raise BadOlean(f"an .olean with unknown flags ({flags})")
    release = re.fullmatch(r"4\.(\d{1,3})\.\d{1,3}(-rc\d{1,3})?", lean)
    if release is None or int(release[1]) not in KNOWN:
        raise BadOlean(f"an .olean of Lean {lean or '?'}; those of 4.{KNOWN[0]} to 4.{KNOWN[-1]} can be read")
    return Format(lean, commit, bool(flags & _GMP))


def supported(source: Path | bytes) -> Format | None:
    """The format of a file, or of its first bytes, if such files can be read."""
    try:
        return read_format(source if isinstance(source, bytes) else read_head(source))
    except BadOlean:
        return None


def refusal(source: Path | bytes) -> str | None:
    """Why a file, or one that begins with these bytes, cannot be read, in words; None if it can."""
    try:
        read_format(source if isinstance(source, bytes) else read_head(source))
    except BadOlean as error:
        return str(error)
    return None


def read_head(path: Path) -> bytes:
    """The first bytes of a file.

    Raises:
        BadOlean: the file cannot be read.
    """
    try:
        with path.open("rb") as file:
            return file.read(SIZE)
    except OSError as error:
        raise BadOlean(f"{path} cannot be read: {error.strerror}") from None


def _text(padded: bytes) -> str:
    """Printable characters before the padding."""
    return "".join(chr(b) for b in padded.split(b"\0")[0] if 32 < b < 127)
