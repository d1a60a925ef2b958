"""One snippet at one Kimina server: how it is sent, and what is believed of the answer."""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from lemmata.domain import Severity
from lemmata.lean_env.endpoint import Endpoint, Fault, Trouble
from lemmata.lean_env.messages import BackendError, ReplOutput, from_kimina
from lemmata.lean_env.prefixed import Prefixed
from lemmata.lean_env.scanner import Trivia, scan

_PATH: Final = "/api/check"
_SHOWN: Final = 500
_UNFAITHFUL: Final = re.compile("[\v\f\x1c-\x1e\x85\u2028\u2029\ud800-\udfff]|\r(?!\n)")
"""What the server takes for the end of a line and Lean does not, and what JSON cannot carry."""


@dataclass(frozen=True)
class Answer:
    """What Lean said of a snippet."""

    output: ReplOutput
    """Without the line that shows that it was asked for."""
    above: int
    """The line before the body, as the server counts: some count the header's lines, some do not."""
    seconds: float


@dataclass(frozen=True)
class Late:
    """Lean took the time it had."""

    seconds: float


async def ask(server: Endpoint, lines: Sequence[str], body: str, limit: int, seconds: float) -> Answer | Late:
    """Have one snippet checked: a header, a line that only an answer to it can show, a body.

    Args:
        server: whom to ask.
        lines: the header, at least one import.
        body: what follows it.
        limit: seconds that Lean may take, for the header and for the body.
        seconds: until an answer must have come.

    Raises:
        Fault: no answer that can be believed.
    """
    name = fresh_name()
    code = "\n".join((*lines, f'#print "{name}"', body))
    question = {"snippets": [{"id": name, "code": code}], "timeout": limit}
    started = time.monotonic()
    reply = from_kimina(await server.post(_PATH, question, seconds))
    if isinstance(reply, BackendError):
        raise Fault(Trouble.CRASHED, reply.message)
    if [item.id for item in reply] != [name]:
        raise Fault(Trouble.CRASHED, "it answered another question")
    item = reply[0]
    taken = time.monotonic() - started if item.seconds is None else item.seconds
    if isinstance(item.reply, BackendError):
        if item.timed_out and "header" not in item.reply.message:
            return Late(taken)
        raise Fault(Trouble.COLD if item.timed_out else Trouble.CRASHED, item.reply.message[:_SHOWN])
    said = item.reply.diagnostics
    mark = next((d for d in said if d.severity is Severity.INFO and d.text == name), None)
    if mark is None:
        raise Fault(Trouble.CRASHED, "nothing in its answer shows that the question was read")
    rest = item.reply.model_copy(update={"diagnostics": tuple(d for d in said if d is not mark)})
    return Answer(rest, mark.start.line, taken)


def fresh_name() -> str:
    """A name that stands in no text."""
    return f"lemmata_{secrets.token_hex(8)}"


def without_odd_comments(text: str) -> str:
    """The text with blanks for what the server would take for the end of a line inside a comment."""
    if not _UNFAITHFUL.search(text):
        return text
    characters = list(text)
    for hidden in scan(text).hidden:
        if hidden.kind is Trivia.COMMENT:
            characters[slice(*hidden.span)] = _UNFAITHFUL.sub(" ", hidden.span.of(text))
    return "".join(characters)


def unsupported(text: str, cut: Prefixed) -> str | None:
    """Why a text cannot be sent as it is, in words."""
    if not cut.plain:
        return f"its header has more than plain imports ({'; '.join(cut.imports)}), which Kimina servers do not take"
    if odd := _UNFAITHFUL.search(text):
        return f"it holds U+{ord(odd.group()):04X}, which Kimina servers do not read as Lean does"
    return None
