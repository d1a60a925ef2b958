"""A checker over Kimina servers: a snippet a request, and no answer taken that does not show that it was asked for."""

from __future__ import annotations

import asyncio
import math
import os
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeVar

from lemmata.configs.schema import KiminaConfig
from lemmata.domain import CheckerIdentity, CheckResult, CheckStatus, Hole, Level, Severity
from lemmata.errors import ConfigError, InfrastructureError
from lemmata.lean_env.endpoint import Fault, Trouble
from lemmata.lean_env.messages import is_sorry_warning
from lemmata.lean_env.prefixed import Prefixed, prefixed
from lemmata.lean_env.servers import Clock, Patience, Server, Servers
from lemmata.lean_env.snippet import Answer, Late, ask, fresh_name, unsupported, without_odd_comments

T = TypeVar("T")

KEY_VARIABLE: Final = "LEMMATA_KIMINA_API_KEY"
WAIT_SECONDS: Final = 60.0
"""How long a server may look for a free Lean before it says that it is busy (its own default)."""
HEADER_SECONDS: Final = 120.0
"""How long a server may take to load the imports of a header that it has not been asked for."""
_PRELUDE: Final = "import Init"
"""What Lean imports unasked. A snippet without an import would share its environment with other people's."""
_VERSION: Final = re.compile(r'"(\d+\.\d+\.\d+[^"\s]*)"')
_STATUSES: Final = {
    Trouble.BUSY: CheckStatus.TIMEOUT,
    Trouble.SILENT: CheckStatus.TIMEOUT,
    Trouble.COLD: CheckStatus.TIMEOUT,
    Trouble.CRASHED: CheckStatus.CRASHED,
}


@dataclass(frozen=True)
class _Meeting:
    """What one life of a server was found to do with a header."""

    life: int
    version: str | None
    """Of its Lean; None where it does not have what the header imports."""


class KiminaChecker:
    """Checks Lean text on Kimina servers. Snippets leave this machine; what comes back is worth `checked`."""

    def __init__(
        self,
        urls: Sequence[str],
        *,
        key: str | None = None,
        options: Sequence[str] = (),
        concurrency: int = 8,
        wait: float = WAIT_SECONDS,
        clock: Clock | None = None,
        progress: Callable[[str], None] | None = None,
    ) -> None:
        """Take servers; none is asked anything yet.

        Args:
            urls: base URLs, at least one; all of them run the same Lean.
            key: what they ask for, if they do; never shown.
            options: options of Lean for every text, each `name=value`.
            concurrency: requests at the same time, for each server.
            wait: seconds beyond Lean's own time that a check may take: the server's queue, and pauses between attempts.
            clock: the time; tests bring their own.
            progress: told in words who goes down and who is back.

        Raises:
            ConfigError: there is no server, or one is no URL.
        """
        if not urls:
            raise ConfigError("no Kimina server is named: set kimina.urls or LEMMATA_KIMINA_URL to their base URLs")
        self._options = tuple(sorted(options))
        self._identity = CheckerIdentity(
            name="kimina", level=Level.CHECKED, options=self._options, servers=tuple(sorted(urls))
        )
        self._wait = wait
        self._servers = Servers(urls, key=key, concurrency=concurrency, clock=clock, progress=progress)
        self._meetings: dict[tuple[str, tuple[str, ...]], _Meeting] = {}
        self._locks: dict[tuple[str, tuple[str, ...]], asyncio.Lock] = {}
        self._running = 0
        self._idle = asyncio.Event()
        self._idle.set()
        self._closed = False

    @property
    def identity(self) -> CheckerIdentity:
        """Which Lean, once a server has been asked (`lacks` asks)."""
        return self._identity

    async def lacks(self, imports: Sequence[str]) -> tuple[str, ...]:
        """Those of some modules that the servers do not have; asks a server, and so finds out its Lean's version.

        Raises:
            ConfigError: a server refuses the key or an option of Lean, or is none.
            InfrastructureError: no server can be used, or it is closed.
        """
        if await self._has(imports):
            return ()
        missing = [name for name in imports if not await self._has((name,))]
        return tuple(missing or imports)

    async def check(self, text: str, timeout: float, *, goals: bool = False) -> CheckResult:
        """Check a whole text; see `Checker.check`.

        `timeout` is for Lean itself, in whole seconds, rounded up; a busy server's queue comes on top, up to `wait`.
        Until a server has room the check waits for its turn.

        Raises:
            ConfigError: as `lacks`.
            InfrastructureError: as `lacks`.
        """
        text = without_odd_comments(text)
        cut = prefixed(text, self._options)
        if why := unsupported(text, cut):
            return self._no_verdict(CheckStatus.UNSUPPORTED, why)
        lines = cut.imports or (_PRELUDE,)
        limit = max(1, math.ceil(timeout))

        async def put(server: Server, patience: Patience) -> CheckResult:
            with patience.paused():
                meeting = await self._meet(server, lines)
            if not meeting.version:
                missing = ", ".join(line.removeprefix("import ") for line in lines)
                return self._no_verdict(CheckStatus.UNSUPPORTED, f"it imports {missing}, which {server.url} lacks")
            if patience.left <= 0:
                raise Fault(Trouble.BUSY, f"no server had room within {patience.seconds:.0f} s")
            try:
                answer = await ask(server.endpoint, lines, cut.body, limit, patience.left)
            except Fault as fault:
                if fault.trouble is Trouble.COLD:  # have its Lean for this header loaded with time enough
                    self._meetings.pop((server.url, lines), None)
                raise
            if isinstance(answer, Late):
                return self._no_verdict(CheckStatus.TIMEOUT, f"no answer within {limit} s", answer.seconds)
            return _result(cut, answer, self.identity, goals=goals)

        try:
            return await self._put(put, self._wait + 2 * limit)
        except Fault as fault:
            return self._no_verdict(_STATUSES[fault.trouble], fault.what)

    async def aclose(self) -> None:
        """Take no more checks, wait for those under way (each ends by its own limit), and close the connections."""
        self._closed = True
        await self._idle.wait()
        await self._servers.aclose()

    async def _has(self, imports: Sequence[str]) -> bool:
        lines = tuple(f"import {name}" for name in imports) or (_PRELUDE,)

        async def meet(server: Server, _: Patience) -> _Meeting:
            return await self._meet(server, lines)

        try:
            return (await self._put(meet, self._wait)).version is not None
        except Fault as fault:
            raise InfrastructureError(f"no Kimina server answers: {fault.what}") from None

    async def _put(self, work: Callable[[Server, Patience], Awaitable[T]], seconds: float) -> T:
        if self._closed:
            raise InfrastructureError("the checker kimina is closed")
        self._running += 1
        self._idle.clear()
        try:
            return await self._servers.ask(work, seconds)
        finally:
            self._running -= 1
            if not self._running:
                self._idle.set()

    async def _meet(self, server: Server, lines: tuple[str, ...]) -> _Meeting:
        """Make sure, once in a server's life, that it has a header, loaded, and that it tells wrong from right."""
        key = server.url, lines
        async with self._locks.setdefault(key, asyncio.Lock()):
            if not server.up:  # who was first found that out
                raise Fault(Trouble.DOWN, server.trouble)
            meeting = self._meetings.get(key)
            if meeting is None or meeting.life != server.life:
                meeting = _Meeting(server.life, await self._introduce(server, lines))
                self._meetings[key] = meeting
            return meeting

    async def _introduce(self, server: Server, lines: tuple[str, ...]) -> str | None:
        """The version of its Lean, asked under a header and the options together with something that is wrong."""
        unknown = fresh_name()
        cut = prefixed(f"#eval Lean.versionString\n#check {unknown}\n", self._options)
        try:
            answer = await ask(server.endpoint, lines, cut.body, int(HEADER_SECONDS), self._wait + 2 * HEADER_SECONDS)
        except Fault as fault:
            trouble = fault.trouble if fault.trouble in (Trouble.BUSY, Trouble.DOWN) else self._to_blame(server)
            raise Fault(trouble, f"{fault.what} ({'; '.join(lines)})", fault.after) from None
        if isinstance(answer, Late):
            what = f"it did not get ready within {answer.seconds:.0f} s ({'; '.join(lines)})"
            raise Fault(self._to_blame(server), what)
        said = answer.output.diagnostics
        wrong = {d.start.line - answer.above: d.text for d in said if d.severity is Severity.ERROR}
        if cut.options + 2 not in wrong:
            raise Fault(Trouble.DOWN, "it accepts what is wrong")
        versions = [found[1] for d in said if (found := _VERSION.fullmatch(d.text))]
        if versions:
            self._take_version(server.url, versions[0])
            for number, option in enumerate(self._options, 1):
                if number in wrong:
                    raise ConfigError(f"the Lean of {server.url} does not take the option {option}: {wrong[number]}")
        return versions[0] if versions else None

    def _to_blame(self, server: Server) -> Trouble:
        """What a failed introduction means: for a server that has met another header in this life, it is the header."""
        works = any(url == server.url and meeting.life == server.life for (url, _), meeting in self._meetings.items())
        return Trouble.CRASHED if works else Trouble.DOWN

    def _take_version(self, url: str, version: str) -> None:
        if self._identity.lean_version not in (None, version):
            raise ConfigError(
                f"{url} runs Lean {version}, the Kimina server asked first {self._identity.lean_version}: "
                "name servers that run the same Lean"
            )
        self._identity = self._identity.model_copy(update={"lean_version": version})

    def _no_verdict(self, status: CheckStatus, reason: str, seconds: float = 0.0) -> CheckResult:
        return CheckResult(status=status, checker=self._identity, reason=reason, seconds=seconds)


def kimina_checker(
    config: KiminaConfig,
    *,
    options: Sequence[str] = (),
    environment: Mapping[str, str] | None = None,
    progress: Callable[[str], None] | None = None,
) -> KiminaChecker:
    """The checker that is configured; see `KiminaChecker`.

    Args:
        config: the servers.
        options: options of Lean for every text, each `name=value`.
        environment: variables, for the key; None takes the process's own.
        progress: told in words who goes down and who is back.

    Raises:
        ConfigError: there is no server, one is no URL, or the key cannot be read or sent.
    """
    key = _key(config.key_file, os.environ if environment is None else environment)
    return KiminaChecker(config.urls, key=key, options=options, concurrency=config.concurrency, progress=progress)


def _key(file: Path | None, environment: Mapping[str, str]) -> str | None:
    if file is None:
        source, key = KEY_VARIABLE, environment.get(KEY_VARIABLE, "")
    else:
        try:
            source, key = str(file), file.read_text(encoding="utf-8", errors="replace")
        except OSError as error:
            raise ConfigError(f"kimina.key_file: cannot read {file}: {error.strerror}") from None
        if not key.strip():
            raise ConfigError(f"kimina.key_file: {file} is empty")
    key = key.strip()
    if not re.fullmatch(r"[!-~]*", key):
        raise ConfigError(f"{source}: a key is one word of ASCII characters")
    return key or None


def _result(cut: Prefixed, answer: Answer, identity: CheckerIdentity, *, goals: bool) -> CheckResult:
    diagnostics = tuple(cut.diagnostic(d, answer.above) for d in answer.output.diagnostics)
    holes = tuple(cut.hole(h, answer.above) for h in answer.output.holes)
    warned = (Hole(start=d.start, end=d.end or d.start) for d in diagnostics if is_sorry_warning(d))
    holes = holes if goals else tuple(h.model_copy(update={"goal": None}) for h in holes)
    holes = holes or tuple(warned)
    failed = any(d.severity is Severity.ERROR for d in diagnostics)
    return CheckResult(
        status=CheckStatus.ERRORS if failed else CheckStatus.HOLES if holes else CheckStatus.OK,
        diagnostics=diagnostics,
        holes=holes,
        seconds=answer.seconds,
        checker=identity,
    )
