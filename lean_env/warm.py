"""A REPL that has loaded a header's imports, and checks texts on top of them, each as if it were the first.

Every text is elaborated in the environment of the header, never in that of another text. But it may run code in the
process of the REPL. So what it ends with is believed only when a question with a fresh name in it, asked after it, is
answered as Lean would; and a text that looks as if it ran code is the last one of its process. Neither makes sure: a
program that reads our questions can answer them. What a warm REPL says is `checked` and no more.
"""

from __future__ import annotations

import re
import secrets
import time
from typing import Final, NamedTuple, Self

from lemmata.domain import CheckStatus, Diagnostic, Position, Severity
from lemmata.lean_env.checker import TacticResult
from lemmata.lean_env.header import split_header
from lemmata.lean_env.messages import BackendError, ReplOutput
from lemmata.lean_env.repl import Failure, ReplSpec, ReplWorker, command, tactic_step
from lemmata.lean_env.scanner import line_column, mask

_CLOSED: Final = "Completed"
"""What the REPL says where the goal of a hole is closed and the kernel took the proof. For no goals left it has other
words too: `Incomplete: contains metavariable(s)`, `Incomplete: contains sorry`, `Error: kernel type check failed`."""
_NOWHERE: Final = Position(line=0, column=0)
_LITERAL: Final = re.compile(r"true|false|\d+")
_RUNS_CODE: Final = re.compile(
    r"#eval|\b(?:\w*IO|unsafe(?:[A-Z]\w*)?|implemented_by|extern|(?:\w+_)?init(?:ialize)?|run_\w+|(?:\w+_)?elab\w*"
    r"|simproc\w*|native_decide)\b"
)


class Body(NamedTuple):
    """A text cut for a warm REPL."""

    imports: tuple[str, ...]
    """What is loaded before it, a line each; the key of a warm REPL."""
    text: str
    """All that follows the imports."""
    start: Position
    """Where that begins in the whole text."""
    runs_code: bool
    """Whether it looks as if it ran code of its own while it is checked."""

    def place(self, position: Position) -> Position:
        """Where a position of the body is in the whole text; one without a place stays so."""
        if position.line == 0:
            return position
        column = position.column + (self.start.column if position.line == 1 else 0)
        return Position(line=position.line + self.start.line - 1, column=column)


def cut(text: str) -> Body | str:
    """A text cut behind its imports; or why a REPL cannot take it, in words."""
    parts = split_header(text)
    if parts.header.module or parts.header.prelude:
        return f"it starts with `{'module' if parts.header.module else 'prelude'}`, which a warm REPL does not take"
    try:
        text.encode()
    except UnicodeEncodeError:
        return "it holds what is no text: it cannot be encoded as UTF-8"
    body = text[parts.end :]
    runs_code = bool(_RUNS_CODE.search(mask(body)))
    return Body(parts.lines or ("import Init",), body, line_column(text, parts.end), runs_code)


class WarmRepl:
    """A worker, its header, and whether that is there already."""

    def __init__(self, worker: ReplWorker, spec: ReplSpec, imports: tuple[str, ...]) -> None:
        self.imports = imports
        self.lack: str | None = None
        """Why it can check nothing under this header, in words: Lean does not take the header."""
        self.uses = 0
        """How many texts it was given."""
        self._worker, self._options = worker, spec.identity.options
        self._late = time.monotonic() + spec.header_seconds
        self._env: int | None = None
        self._newest = -1
        self._newest_state = -1
        self._tainted = False

    @classmethod
    async def start(cls, spec: ReplSpec, imports: tuple[str, ...]) -> Self:
        """Start a worker that loads the imports by itself from here on.

        Raises:
            MissingError: there is no such program.
            InfrastructureError: no process can be started.
        """
        worker = await ReplWorker.start(spec)
        worker.post(command("\n".join((*imports, *map(option_line, spec.identity.options)))))
        return cls(worker, spec, imports)

    @property
    def usable(self) -> bool:
        """Whether it may be given a text (another one)."""
        late = self._env is None and time.monotonic() > self._late
        return self._worker.usable and not self._tainted and not late

    @property
    def overgrown(self) -> bool:
        """Whether it holds more memory than it may."""
        return self._worker.excess is not None

    async def ready(self, timeout: float) -> Failure | None:
        """Wait until the header is loaded. One that is only late goes on loading, and can be asked again."""
        if self._env is not None:
            return None
        answer = await self._worker.reply(timeout)
        if answer is None:
            return Failure(status=CheckStatus.TIMEOUT, reason=f"its imports were not loaded within {timeout:.1f} s")
        if isinstance(answer, ReplOutput) and answer.env is not None:
            self._env = self._newest = answer.env
            self.lack = self._refusal(answer)
            return None
        return answer if isinstance(answer, Failure) else await self._fail(_unfit(answer))

    async def ask(self, body: Body, timeout: float, *, all_tactics: bool = False) -> ReplOutput | Failure:
        """What Lean says of a text, in positions of its body. After a `Failure`, or when cancelled, it is of no use."""
        deadline = time.monotonic() + timeout
        self.uses += 1
        self._tainted |= body.runs_code
        answer = await self._command(body.text, timeout, all_tactics=all_tactics)
        if isinstance(answer, Failure):
            return answer
        return await self.confirm(deadline - time.monotonic()) or answer

    async def open(self, body: Body, timeout: float) -> ReplOutput | Failure:
        """Elaborate a text to run tactics in its holes; nothing that comes of it is believed before `confirm`."""
        self.uses += 1
        self._tainted |= body.runs_code
        return await self._command(body.text, timeout)

    async def step(self, state: int, tactic: str, timeout: float) -> TacticResult | Failure:
        """What a tactic does in a proof state of the last text."""
        self._tainted |= bool(_RUNS_CODE.search(mask(tactic)))
        answer = await self._worker.request(tactic_step(tactic, state), timeout)
        if isinstance(answer, Failure):
            return answer
        if isinstance(answer, BackendError):
            error = Diagnostic(severity=Severity.ERROR, start=_NOWHERE, text=answer.message)
            return TacticResult(tactic=tactic, closed=False, diagnostics=(error,))
        if answer.proof_state is None or answer.proof_state <= self._newest_state:
            return await self._fail(_unfit(answer))
        self._newest_state = answer.proof_state
        failed = any(d.severity is Severity.ERROR for d in answer.diagnostics)
        closed = not (failed or answer.goals or answer.holes) and answer.proof_status == _CLOSED
        return TacticResult(tactic=tactic, closed=closed, goals=answer.goals, diagnostics=answer.diagnostics)

    async def confirm(self, timeout: float) -> Failure | None:
        """Make sure that Lean still answers, and to us: ask about a name that nobody could foresee."""
        name = f"lemmata_{secrets.token_hex(8)}"
        question = "#check "
        answer = await self._command(question + name, timeout)
        if isinstance(answer, Failure):
            return answer
        errors = [d for d in answer.diagnostics if d.severity is Severity.ERROR]
        start, end = Position(line=1, column=len(question)), Position(line=1, column=len(question + name))
        if len(errors) == 1 and (errors[0].start, errors[0].end) == (start, end) and name in errors[0].text:
            return None if not answer.holes else await self._fail(_unfit(answer))
        return await self._fail("its answer to a question of ours was not Lean's: somebody else may have answered")

    async def aclose(self) -> None:
        """End the process."""
        await self._worker.aclose()

    async def _command(self, text: str, timeout: float, *, all_tactics: bool = False) -> ReplOutput | Failure:
        """An answer that has all that one to a command has: above all a new environment."""
        answer = await self._worker.request(command(text, self._env, all_tactics=all_tactics), timeout)
        if isinstance(answer, Failure):
            return answer
        if isinstance(answer, BackendError) or answer.env is None or answer.env <= self._newest:
            return await self._fail(_unfit(answer))
        self._newest = answer.env
        self._newest_state = max((s for s in answer.hole_states if s is not None), default=self._newest_state)
        return answer

    async def _fail(self, reason: str) -> Failure:
        await self._worker.aclose()
        return Failure(status=CheckStatus.CRASHED, reason=reason)

    def _refusal(self, answer: ReplOutput) -> str | None:
        """What Lean did not take of the header. Where an import fails, so may options that it would have defined."""
        errors = [d for d in answer.diagnostics if d.severity is Severity.ERROR]
        if not errors:
            return None
        number = errors[0].start.line - len(self.imports) - 1
        if 0 <= number < len(self._options):
            return f"Lean does not take the option {self._options[number]}: {errors[0].text}"
        return f"its imports cannot be loaded: {errors[0].text}"


def option_line(option: str) -> str:
    """The command that sets an option given as `name=value`."""
    name, _, value = option.partition("=")
    return f"set_option {name} {value if _LITERAL.fullmatch(value) else _quoted(value)}"


def _quoted(value: str) -> str:
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _unfit(answer: ReplOutput | BackendError) -> str:
    if isinstance(answer, BackendError):
        return f"the REPL refused: {answer.message}"
    return "its answer is not one to what it was asked"
