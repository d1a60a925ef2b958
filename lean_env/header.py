"""What a Lean file says before its first command: `module`, `prelude`, and its imports."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from lemmata.lean_env.scanner import mask

_PART: Final = r"(?:«[^»\n]+»|[^\W\d][\w'!?]*)"
_END: Final = r"(?![\w'!?.])"
_MODULE: Final = re.compile(rf"\s*module{_END}")
_PRELUDE: Final = re.compile(rf"\s*prelude{_END}")
_IMPORT: Final = re.compile(
    rf"\s*(?:(?:public|private|meta|runtime)\s+)*import\s+(?:all\s+)?({_PART}(?:\.{_PART})*)"
)


class Header(NamedTuple):
    """The header of a Lean file."""

    module: bool
    """Whether it takes part in the module system."""
    prelude: bool
    """Whether it does without `Init`."""
    imports: tuple[str, ...]
    """Names of the modules it imports, as written, without `«»`."""


class SplitText(NamedTuple):
    """A Lean file cut behind its header."""

    header: Header
    lines: tuple[str, ...]
    """Each import as written, modifiers included, without comments."""
    end: int
    """Offset behind the last import, or `prelude`, or `module`; 0 where there is no header."""


def read_header(text: str) -> Header:
    """The header of a text; comments are passed over, and whatever is not a header ends it."""
    return split_header(text).header


def split_header(text: str) -> SplitText:
    """The header of a text, and where it ends."""
    code = mask(text)
    position = 0
    flags = []
    for pattern in (_MODULE, _PRELUDE):
        found = pattern.match(code, position)
        flags.append(found is not None)
        position = found.end() if found else position
    names, lines = [], []
    while found := _IMPORT.match(code, position):
        name = text[slice(*found.span(1))]
        names.append(name.replace("«", "").replace("»", ""))
        lines.append(" ".join((*code[position : found.start(1)].split(), name)))
        position = found.end()
    return SplitText(Header(flags[0], flags[1], tuple(names)), tuple(lines), position)
