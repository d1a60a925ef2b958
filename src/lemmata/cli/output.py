"""What commands print: results on stdout, all else on stderr; a failure in one way, whatever failed."""

from __future__ import annotations

import json
import sys
import unicodedata
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, Literal

from lemmata.cli.exits import Exit

if TYPE_CHECKING:
    from pydantic import BaseModel

Kind = Literal["usage", "infrastructure", "interrupted", "bug"]
_CODES: Final[Mapping[Exit, Kind]] = {
    Exit.USAGE: "usage",
    Exit.INFRASTRUCTURE: "infrastructure",
    Exit.INTERRUPTED: "interrupted",
    Exit.BUG: "bug",
}


def result(text: str) -> None:
    """A part of the result, for people."""
    print(text, file=sys.stdout, flush=True)  # noqa: T201


def result_json(value: BaseModel | Mapping[str, Any]) -> None:
    """A result for programs: one JSON object on one line."""
    plain = value if isinstance(value, Mapping) else value.model_dump(mode="json")
    result(json.dumps(plain, ensure_ascii=False))


def note(text: str) -> None:
    """Something to know besides the result."""
    print(plain(text), file=sys.stderr, flush=True)  # noqa: T201


def plain(text: str) -> str:
    """A text with its control characters spelt out: what a file holds must not move the reader's cursor."""
    return "".join(c if c in "\n\t" or unicodedata.category(c) != "Cc" else ascii(c)[1:-1] for c in text)


def failure(code: Exit, message: str) -> dict[str, Any]:
    """A failure for programs."""
    return {"status": "failed", "kind": _CODES[code], "message": message}


def fail(code: Exit, message: str, *, as_json: bool) -> Exit:
    """Say once what went wrong, and give the exit code back."""
    note(f"lemmata: {message}")
    if as_json:
        result_json(failure(code, message))
    return code
