"""One `Diagnostic` for everything that speaks for Lean: `lean --json`, the REPL, Kimina.

Nothing here raises on what a process or a server wrote: what is not a message is kept as `raw` text, what is not
an answer is a `BackendError`. Positions are taken as given: line from 1, column from 0 in code points.
"""

from __future__ import annotations

import json
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from lemmata.domain import Diagnostic, Hole, Model, Position, Severity

_SORRY_TEXTS: Final = ("declaration uses 'sorry'", "declaration uses `sorry`")
_BLANKS: Final = " \t\r\n"  # what Lean's `String.trim` takes off; the REPL has already done it
_NOWHERE: Final = Position(line=0, column=0)


class BackendError(Model):
    """An answer that says nothing about the text: the backend refused, timed out, or did not speak its protocol."""

    message: str


class LeanOutput(Model):
    """What `lean --json` wrote to its standard output."""

    diagnostics: tuple[Diagnostic, ...] = ()
    raw: tuple[str, ...] = ()
    """Lines that are no message, in order: a crash's text, a torn last line, what child processes wrote."""


class ReplOutput(Model):
    """A REPL's answer to a command or to a tactic step."""

    diagnostics: tuple[Diagnostic, ...] = ()
    holes: tuple[Hole, ...] = ()
    """With their first goals; in tactic mode the REPL gives no place, there both positions are 0:0."""
    env: int | None = None
    """Id of the environment after the command; None where the server keeps none."""
    proof_state: int | None = None
    """Tactic mode: id of the state after the step."""
    proof_status: str | None = None
    """Tactic mode: the REPL's own words. No goals left does not mean done, only `Completed` does."""
    goals: tuple[str, ...] = ()
    """Tactic mode: the goals that remain."""
    hole_states: tuple[int | None, ...] = ()
    """For each hole the id of the proof state in it, where tactics can be run."""
    constants: tuple[str, ...] = ()
    """The constants that the tactics used, sorted, where that was asked for."""


ReplReply = ReplOutput | BackendError


class KiminaItem(Model):
    """A Kimina server's answer about one snippet."""

    id: str
    reply: ReplReply
    seconds: float | None = None
    timed_out: bool = False
    """Whether the server says that it gave up waiting for Lean; its words are all there is."""


def from_lean_json(line: str | dict[str, object]) -> Diagnostic:
    """The message in one line of `lean --json` (or in the object it encodes).

    Raises:
        ValueError: it is not a message.
    """
    try:
        wire = json.loads(line) if isinstance(line, str) else line
    except RecursionError as error:
        raise ValueError("nested too deeply for a message") from error
    return _WireMessage.model_validate(wire).diagnostic


def parse_lean_stdout(stdout: str) -> LeanOutput:
    """Everything `lean --json` wrote, one JSON object a line; no line is lost and none is an error."""
    diagnostics: list[Diagnostic] = []
    raw: list[str] = []
    for line in stdout.split("\n"):  # not splitlines: a message may hold U+2028 and its like
        if not line.strip():
            continue
        try:
            diagnostics.append(from_lean_json(line))
        except ValueError:
            raw.append(line.rstrip("\r"))
    return LeanOutput(diagnostics=tuple(diagnostics), raw=tuple(raw))


def from_repl(response: object) -> ReplReply:
    """A REPL's answer, decoded from its JSON. `{"message": ..}` is its only error shape."""
    if not isinstance(response, dict) or not response:
        return BackendError(message=f"not an answer of the REPL: {_shown(response)}")
    try:
        if "message" in response:
            return BackendError(message=_WireError.model_validate(response).message.strip(_BLANKS))
        return _WireReply.model_validate(response).output
    except ValidationError as error:
        return BackendError(message=f"not an answer of the REPL ({_first(error)}): {_shown(response)}")


def from_kimina(payload: object) -> tuple[KiminaItem, ...] | BackendError:
    """The body of a Kimina server's answer to a check, both of the current and of the older interface.

    Items come in the order given; match them by id. An error of the whole request is a `BackendError`.
    """
    if isinstance(payload, dict) and "detail" in payload:
        detail = payload["detail"]
        return BackendError(message=detail if isinstance(detail, str) else _shown(detail))
    try:
        return tuple(item.item for item in _WireBatch.model_validate(payload).results)
    except ValidationError as error:
        return BackendError(message=f"not an answer of a Kimina server ({_first(error)}): {_shown(payload)}")


def is_sorry_warning(diagnostic: Diagnostic) -> bool:
    """Whether Lean says here that a declaration uses `sorry`.

    The tag decides; the text only where there is no tag (the REPL, Lean before 4.15), in both of its spellings.
    """
    if diagnostic.kind is not None:
        return diagnostic.kind == "hasSorry"
    return diagnostic.severity is Severity.WARNING and diagnostic.text in _SORRY_TEXTS


def first_goal(text: str) -> str:
    """The first of the goals in a text as Lean prints them: hypotheses a line each, then the target.

    The tag of a goal (`case zero`) is left out. Lines that continue another one are indented.
    """
    kept: list[str] = []
    for line in text.strip("\n").split("\n"):
        if kept and any(x.startswith("⊢") for x in kept) and not line.startswith(" "):
            break
        kept.append(line)
    return "\n".join(kept[1:] if len(kept) > 1 and kept[0].startswith("case ") else kept)


def _encodable(text: str) -> str:
    """The text without lone surrogates, which JSON can spell and no file can hold."""
    return text.encode("utf-8", "replace").decode()


_Text = Annotated[str, AfterValidator(_encodable)]


class _Wire(BaseModel):
    """Data from outside: unknown fields are ignored, types are not coerced."""

    model_config = ConfigDict(frozen=True, extra="ignore", strict=True)


class _WirePosition(_Wire):
    line: int = Field(ge=0)
    column: int = Field(ge=0)

    @property
    def position(self) -> Position:
        return Position(line=self.line, column=self.column)


class _WireMessage(_Wire):
    severity: Literal["info", "information", "trace", "warning", "error"]
    pos: _WirePosition
    endPos: _WirePosition | None = None
    data: _Text
    kind: _Text | None = None
    caption: _Text | None = None

    @property
    def diagnostic(self) -> Diagnostic:
        severity = self.severity if self.severity in ("warning", "error") else "info"
        text = f"{self.caption}:\n{self.data}" if self.caption else self.data  # as Lean itself prints it
        return Diagnostic(
            severity=Severity(severity),
            start=self.pos.position,
            end=self.endPos.position if self.endPos else None,
            text=text.strip(_BLANKS),
            kind=self.kind if self.kind not in ("", "[anonymous]") else None,
        )


class _WireSorry(_Wire):
    goal: _Text | None = None
    pos: _WirePosition | None = None
    endPos: _WirePosition | None = None
    proofState: int | None = None

    @property
    def hole(self) -> Hole:
        start = self.pos.position if self.pos else _NOWHERE
        end = self.endPos.position if self.endPos else start
        return Hole(start=start, end=end, goal=None if self.goal is None else first_goal(self.goal.strip(_BLANKS)))


class _WireError(_Wire):
    message: _Text


class _WireTactic(_Wire):
    usedConstants: list[_Text] = []


class _WireReply(_Wire):
    messages: list[_WireMessage] = []
    sorries: list[_WireSorry] = []
    tactics: list[_WireTactic] = []
    env: int | None = None
    proofState: int | None = None
    proofStatus: _Text | None = None
    goals: list[_Text] = []

    @property
    def output(self) -> ReplOutput:
        return ReplOutput(
            diagnostics=tuple(m.diagnostic for m in self.messages),
            holes=tuple(s.hole for s in self.sorries),
            env=self.env,
            proof_state=self.proofState,
            proof_status=self.proofStatus,
            goals=tuple(self.goals),
            hole_states=tuple(s.proofState for s in self.sorries),
            constants=tuple(sorted({name for t in self.tactics for name in t.usedConstants})),
        )


class _WireItem(_Wire):
    id: _Text | int | None = None
    custom_id: _Text | int | None = None
    time: float | None = None
    error: _Text | None = None
    response: dict[str, object] | None = None

    @property
    def item(self) -> KiminaItem:
        name = self.custom_id if self.id is None else self.id
        reply = from_repl(self.response) if self.error is None else BackendError(message=self.error)
        inner = (self.response or {}).get("time")  # the older interface puts it there
        seconds = inner if self.time is None and isinstance(inner, float) else self.time
        timed_out = self.error is not None and "timed out" in self.error
        return KiminaItem(id="" if name is None else str(name), reply=reply, seconds=seconds, timed_out=timed_out)


class _WireBatch(_Wire):
    results: list[_WireItem]


def _first(error: ValidationError) -> str:
    """Where a value first departs from its shape, and how."""
    problem = error.errors(include_url=False, include_input=False)[0]
    return f"{'.'.join(str(x) for x in problem['loc']) or 'answer'}: {problem['msg']}"


def _shown(value: object) -> str:
    """The start of a value, for a message."""
    text = repr(value)
    return text if len(text) <= 200 else text[:200] + "…"
