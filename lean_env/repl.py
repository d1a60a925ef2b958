"""One process of the Lean REPL: what it is asked, one line of JSON at a time, and what it answers.

Where the REPL says anything that no request asked for, or no longer answers, its process is ended: what it says after
that cannot be told from what somebody else says in its name.
"""

from __future__ import annotations

import asyncio
import json
import signal
from collections.abc import Mapping
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

from lemmata.domain import CheckerIdentity, CheckStatus, Model
from lemmata.lean_env.messages import BackendError, ReplReply, from_repl
from lemmata.lean_env.pipes import PipeEnd, Tail, drain, fill
from lemmata.lean_env.process import Confinement, kill_group, launch
from lemmata.lean_env.scratch import scratch
from lemmata.lean_env.watch import Allowance

MEMORY_MB: Final = 4096
WORKER_USES: Final = 200
HEADER_SECONDS: Final = 600.0
REPLY_LIMIT: Final = 16 << 20
"""Bytes of the longest reply that is read."""
STDERR_LIMIT: Final = 64 << 10
GRACE_SECONDS: Final = 2.0
"""How long a process has to end after it was asked to, before it is killed."""
_END: Final = b"\n\n"
_WATCH_SECONDS: Final = 0.1
_POLL_SECONDS: Final = 0.005
_DYING_SECONDS: Final = 1.0
"""How long a process that closed its output has to end by itself, so that its own end can be told."""
_SAID: Final = 500
_WRAPPED: Final = 128


@dataclass(frozen=True)
class ReplSpec:
    """How a REPL is started, and what it is."""

    program: tuple[str, ...]
    """The REPL's own program (not `lake env repl`) and its arguments."""
    environment: Mapping[str, str]
    """Its whole environment, as `lake env` gives it; paths in it are absolute: it runs in a folder of its own.

    `LEAN_SYSROOT` should be among them, else every request starts a `lean` that is asked for it.
    """
    identity: CheckerIdentity
    """Who speaks: name `repl`, level `checked`; its `options` are set in every worker."""
    memory_mb: int | None = MEMORY_MB
    """What one worker may use of memory of its own, in MiB."""
    worker_uses: int = WORKER_USES
    """Texts after which a worker is replaced: it never frees what it was told."""
    header_seconds: float = HEADER_SECONDS
    """How long imports may take to load: seconds as a rule, minutes from a slow disk."""
    confinement: Confinement | None = None
    """What keeps it away from the rest of the machine, if anything."""


class Failure(Model):
    """Why there is no answer."""

    status: CheckStatus
    """`timeout`, `crashed` or `unsupported`."""
    reason: str


def command(text: str, env: int | None = None, *, all_tactics: bool = False) -> dict[str, object]:
    """The request to elaborate a text, in the environment `env` or in none; then the text may import."""
    request: dict[str, object] = {"cmd": text}
    if env is not None:
        request["env"] = env
    if all_tactics:
        request["allTactics"] = True
    return request


def tactic_step(tactic: str, proof_state: int) -> dict[str, object]:
    """The request to run one tactic in a proof state."""
    return {"tactic": tactic, "proofState": proof_state}


def encode(request: Mapping[str, object]) -> bytes:
    """A request as the REPL reads it: one physical line and one blank one.

    The REPL joins lines without their newlines, and dies of a second blank line. Not escaped is what JSON lets stand:
    older Leans do not read the two escapes of a character beyond U+FFFF.
    """
    return json.dumps(request, ensure_ascii=False).encode() + _END


class ReplWorker:
    """A REPL. It serves one request at a time."""

    def __init__(
        self,
        process: asyncio.subprocess.Process,
        writer: asyncio.WriteTransport,
        replies: _Replies,
        errors: Tail,
        allowance: Allowance,
        stack: AsyncExitStack,
    ) -> None:
        self._process, self._writer, self._replies, self._errors = process, writer, replies, errors
        self._allowance, self._stack = allowance, stack

    @classmethod
    async def start(cls, spec: ReplSpec) -> Self:
        """Start a process; see `process.launch`.

        Raises:
            MissingError: there is no such program.
            InfrastructureError: no process can be started.
        """
        async with AsyncExitStack() as stack:
            folder = Path(stack.enter_context(scratch()))
            replies, errors = _Replies(REPLY_LIMIT), Tail(STDERR_LIMIT)
            stdout, stderr = await drain(stack, replies), await drain(stack, errors)
            stdin, writer = await fill(stack)
            process = await launch(
                spec.program,
                cwd=folder,
                env=spec.environment,
                stdin=stdin,
                stdout=stdout,
                stderr=stderr,
                memory_mb=spec.memory_mb,
                confinement=spec.confinement,
            )
            stack.push_async_callback(_end, process)
            for ours in (stdin, stdout, stderr):
                ours.close()
            allowance = Allowance(memory_mb=spec.memory_mb, folder=folder if spec.confinement else None)
            return cls(process, writer, replies, errors, allowance, stack.pop_all())

    @property
    def usable(self) -> bool:
        """Whether it may be asked (again): it lives, and said nothing that no request asked for."""
        return self._process.returncode is None and not self._replies.closed.done() and self._replies.fault is None

    @property
    def excess(self) -> str | None:
        """What it takes too much of, in words."""
        return self._allowance.excess(self._process.pid)

    @property
    def last_words(self) -> str:
        """The end of what it wrote to its standard error."""
        return self._errors.text

    def post(self, request: Mapping[str, object]) -> None:
        """Ask, without waiting for the answer.

        Raises:
            UnicodeEncodeError: the request holds what is no text (a lone surrogate).
        """
        data = encode(request)
        self._replies.expect()
        self._writer.write(data)

    async def reply(self, timeout: float) -> ReplReply | Failure | None:
        """The answer to what was posted; None if it is not there within `timeout` seconds, then it may still come.

        After a `Failure` the process is gone.
        """
        failure = await self._wait(timeout)
        if failure is not None:
            await self.aclose()
            return failure
        if self._replies.frame is None:
            return None
        answer = _decoded(bytes(self._replies.frame))
        if isinstance(answer, Failure):
            await self.aclose()
        return answer

    async def request(self, request: Mapping[str, object], timeout: float) -> ReplReply | Failure:
        """Ask, and wait for the answer. After a `Failure`, or when it is cancelled, the process is gone."""
        try:
            self.post(request)
            if (answer := await self.reply(timeout)) is not None:
                return answer
        except asyncio.CancelledError:
            await self.aclose()
            raise
        await self.aclose()
        return Failure(status=CheckStatus.TIMEOUT, reason=f"no answer within {timeout:.1f} s")

    async def aclose(self) -> None:
        """End the process and all that it started: first asked to, after two seconds killed."""
        await self._stack.aclose()

    async def _wait(self, timeout: float) -> Failure | None:
        """Wait until the answer is there, or the time is up; what came in between, if anything did."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + timeout
        replies = self._replies
        while replies.fault is None and replies.frame is None and (left := deadline - loop.time()) > 0:
            if replies.closed.done() or self._process.returncode is not None:
                return await self._death()
            await replies.news(min(left, _WATCH_SECONDS))
            if replies.frame is None and (excess := self.excess):
                return _crash(excess)
        return _crash(replies.fault) if replies.fault else None

    async def _death(self) -> Failure:
        """How it died, in its own last words."""
        await asyncio.wait({self._errors.closed}, timeout=_DYING_SECONDS)
        loop = asyncio.get_running_loop()
        deadline = loop.time() + _DYING_SECONDS
        while self._process.returncode is None and loop.time() < deadline:  # noqa: ASYNC110 - asyncio is told later
            await asyncio.sleep(_POLL_SECONDS)
        said = self.last_words.strip()[-_SAID:]
        how = _described(self._process.returncode)
        return _crash(f"{how}: {said}" if said else how)


class _Replies(PipeEnd):
    """The protocol stream: what is between a request and the next blank line is its answer, all else is a fault."""

    def __init__(self, limit: int) -> None:
        super().__init__()
        self._limit, self._buffer = limit, bytearray()
        self._expecting = False
        self._news: asyncio.Future[None] | None = None
        self.frame: bytearray | None = None
        """The answer to the last request, without its blank line."""
        self.fault: str | None = None
        """What was wrong with the stream; nothing more is read from it then."""

    def expect(self) -> None:
        """A request is about to be sent."""
        self.frame, self._expecting = None, True

    async def news(self, seconds: float) -> None:
        """Wait until there is something more to look at (an answer, a fault, the end), or the time is up."""
        loop = asyncio.get_running_loop()
        self._news = loop.create_future()
        timer = loop.call_later(seconds, self._wake)
        try:
            await self._news
        finally:
            timer.cancel()

    def _wake(self) -> None:
        if self._news and not self._news.done():
            self._news.set_result(None)

    def data_received(self, data: bytes) -> None:
        if self.fault is not None:
            return
        if not self._expecting:
            self._arrived(f"it wrote what no request asked for: {_shown(data)}")
            return
        searched = max(len(self._buffer) - 1, 0)
        self._buffer += data
        end = self._buffer.find(_END, searched)
        if max(end, len(self._buffer) - len(_END)) > self._limit:
            self._arrived(f"its answer is longer than the {self._limit >> 20} MiB that are read")
        elif end >= 0:
            self.frame, rest = self._buffer[:end], bytes(self._buffer[end + len(_END) :])
            self._buffer, self._expecting = bytearray(), False
            self._arrived(f"it wrote what no request asked for: {_shown(rest)}" if rest else None)

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self._arrived(None)

    def _arrived(self, fault: str | None) -> None:
        if fault is not None:
            self.fault, self._buffer = fault, bytearray()
        self._wake()


async def _end(process: asyncio.subprocess.Process) -> None:
    """Ask a process group to end, kill what is left of it, and wait for its leader's end."""
    kill_group(process.pid, signal.SIGTERM)
    try:
        async with asyncio.timeout(GRACE_SECONDS):
            await process.wait()
    except TimeoutError:
        pass
    finally:
        kill_group(process.pid)
    await process.wait()


def _decoded(frame: bytes) -> ReplReply | Failure:
    """An answer. That the REPL could not do what it was asked is one as well; what only looks like one is not."""
    try:
        value = json.loads(frame) if frame.startswith(b"{") else None
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        return _crash(f"not an answer of the REPL: {_shown(frame)}")
    answer = from_repl(value)
    if isinstance(answer, BackendError) and not isinstance(value.get("message"), str):
        return _crash(answer.message)
    return answer


def _described(code: int | None) -> str:
    """How a process ended. What wraps it tells a death by signal as 128 plus the signal's number."""
    if code is None:
        return "it closed its output"
    number = -code if code < 0 else code - _WRAPPED
    with suppress(ValueError):
        return f"killed by {signal.Signals(number).name}"
    return f"it ended with exit code {code}"


def _crash(reason: str) -> Failure:
    return Failure(status=CheckStatus.CRASHED, reason=reason)


def _shown(data: bytes) -> str:
    text = data[:200].decode(errors="replace")
    return repr(text + "…" if len(data) > 200 else text)
