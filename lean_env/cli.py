"""A checker over any `lean --json`: a process for every check, bounded, and gone when the check ends."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from lemmata.domain import CheckerIdentity, CheckResult, CheckStatus, Diagnostic, Hole, Severity
from lemmata.errors import InfrastructureError
from lemmata.lean_env.compiler import CompileResult
from lemmata.lean_env.header import read_header
from lemmata.lean_env.messages import LeanOutput, is_sorry_warning, parse_lean_stdout
from lemmata.lean_env.probe import probe
from lemmata.lean_env.process import Child, Confinement, Finished, run, start
from lemmata.lean_env.scratch import scratch
from lemmata.lean_env.spares import Spares
from lemmata.lean_env.toolchain import Toolchain

MEMORY_MB: Final = 4096
COMPILE_SECONDS: Final = 60.0
_LEAST_SECONDS: Final = 1.0
"""For the question after the goals, when the check itself has used up its time."""
_THREADS: Final = 2
"""Of Lean itself, a check; every one reserves a gigabyte of address space. Checks run side by side instead."""
_KILLED_BY: Final = 128
"""A shell reports a death by signal as this plus the signal's number, and so may a wrapper around `lean`."""


class CliChecker:
    """Checks Lean text with a toolchain's own command line."""

    def __init__(
        self,
        toolchain: Toolchain,
        *,
        slots: asyncio.Semaphore | None = None,
        memory_mb: int = MEMORY_MB,
        spares: int = 0,
        confinement: Confinement | None = None,
    ) -> None:
        """Take a toolchain.

        Args:
            toolchain: the Lean to run.
            slots: how many checks may run at once, shared with whoever else holds it; by default one a processor.
            memory_mb: limit of a check's own memory in MiB.
            spares: how many processes are started ahead and wait for a text, from the first check to `aclose`; a check
                is then shorter by the start of Lean. Each still serves one check.
            confinement: what keeps Lean away from the rest of the machine, if anything.
        """
        self._confinement = confinement
        self.toolchain = toolchain
        self._slots = slots or asyncio.Semaphore(os.cpu_count() or 1)
        self._memory_mb = memory_mb
        self._spares = Spares(self._start, spares)
        self._running = 0
        self._idle = asyncio.Event()
        self._idle.set()
        self._closed = False

    @property
    def identity(self) -> CheckerIdentity:
        """Which Lean, and for the embedded one which core."""
        return self.toolchain.identity

    @property
    def sandbox(self) -> str:
        """What Lean runs in."""
        return self._confinement.name if self._confinement else "none"

    @property
    def confinement(self) -> Confinement | None:
        """What keeps Lean away from the rest of the machine, if anything."""
        return self._confinement

    async def check(self, text: str, timeout: float, *, goals: bool = False) -> CheckResult:
        """Check a whole text in a fresh process; see `Checker.check`.

        Raises:
            InfrastructureError: it is closed.
        """
        if lack := self._lack(text):
            return CheckResult(status=CheckStatus.UNSUPPORTED, checker=self.identity, reason=lack)
        result = await self._check(text, timeout)
        if not goals or result.status is not CheckStatus.HOLES:
            return result
        question = probe(text)
        answer = await self._check(question.text, max(timeout - result.seconds, _LEAST_SECONDS))
        return result.model_copy(
            update={
                "holes": question.goals(answer.diagnostics) or result.holes,
                "seconds": result.seconds + answer.seconds,
            }
        )

    async def compile(
        self, text: str, folder: Path, module: str = "Main", timeout: float = COMPILE_SECONDS
    ) -> CompileResult:
        """Compile a whole text to `folder/<module>.olean`, its source beside it.

        Args:
            text: a complete Lean file.
            folder: an existing folder of the caller's; it becomes Lean's root, so the module's name is `module`.
            module: name of the module; with dots it lies in subfolders.
            timeout: wall-clock limit in seconds.

        Raises:
            InfrastructureError: it is closed.
        """
        if lack := self._lack(text):
            return CompileResult(None, CheckResult(status=CheckStatus.UNSUPPORTED, checker=self.identity, reason=lack))
        source = Path(*module.split(".")).with_suffix(".lean")
        olean = (folder / source).with_suffix(".olean")
        olean.parent.mkdir(parents=True, exist_ok=True)
        olean.unlink(missing_ok=True)
        (folder / source).write_bytes(_encoded(text))
        async with self._slot():
            finished = await run(
                [*self._argv, "-o", olean.relative_to(folder), source],
                cwd=folder,
                env=self.toolchain.environment,
                timeout=timeout,
                memory_mb=self._memory_mb,
                confinement=self._confinement,
            )
        result = _result(text, finished, self.identity)
        accepted = result.status in (CheckStatus.OK, CheckStatus.HOLES) and olean.is_file()
        return CompileResult(olean if accepted else None, result)

    async def aclose(self) -> None:
        """Take no more checks and wait for those under way (each ends by its own limit, or when it is cancelled)."""
        self._closed = True
        await self._idle.wait()
        await self._spares.aclose()

    async def _check(self, text: str, timeout: float) -> CheckResult:
        async with self._slot(), self._spares.take() as child:
            child.send(_encoded(text))
            await self._spares.refill()
            finished = await child.finish(timeout)
        return _result(text, finished, self.identity)

    @asynccontextmanager
    async def _start(self) -> AsyncIterator[Child]:
        """A Lean that waits for a whole text on its standard input, in a folder of its own."""
        with scratch() as folder:
            environment = self.toolchain.environment
            async with start(
                [*self._argv, "--stdin"],
                cwd=Path(folder),
                env=environment,
                memory_mb=self._memory_mb,
                confinement=self._confinement,
            ) as child:
                yield child

    @property
    def _argv(self) -> tuple[str | Path, ...]:
        options = (f"-D{option}" for option in self.identity.options)
        return self.toolchain.program, "--json", f"-j{_THREADS}", "--root=.", *options

    def _lack(self, text: str) -> str | None:
        """What keeps this Lean from taking the text, in words: decided from its header before Lean is asked."""
        header = read_header(text)
        who = self.identity.description
        if self.identity.core and (header.prelude or header.module):
            return f"it starts with `{'module' if header.module else 'prelude'}`, which {who} does not take"
        if missing := self.toolchain.lacks(header.imports):
            return f"it imports {', '.join(missing)}, which {who} does not have"
        return None

    @asynccontextmanager
    async def _slot(self) -> AsyncIterator[None]:
        if self._closed:
            raise InfrastructureError(f"the checker {self.identity.name} is closed")
        self._running += 1
        self._idle.clear()
        try:
            async with self._slots:
                yield
        finally:
            self._running -= 1
            if not self._running:
                self._idle.set()


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")  # what is no text is Lean's to refuse


def _result(text: str, finished: Finished, identity: CheckerIdentity) -> CheckResult:
    output = parse_lean_stdout(finished.stdout)
    failed = any(d.severity is Severity.ERROR for d in output.diagnostics)
    holes = _holes(text, [d for d in output.diagnostics if is_sorry_warning(d)])
    no_verdict = _no_verdict(finished, failed=failed)
    if no_verdict is not None:
        status, reason = no_verdict, _reason(finished, output)
    else:
        status = CheckStatus.ERRORS if failed else CheckStatus.HOLES if holes else CheckStatus.OK
        reason = None
    return CheckResult(
        status=status,
        diagnostics=output.diagnostics,
        holes=holes,
        seconds=finished.seconds,
        checker=identity,
        reason=reason,
    )


def _no_verdict(finished: Finished, *, failed: bool) -> CheckStatus | None:
    """What kept Lean from a verdict, or None: exit code and signal decide, and whether an error was reported."""
    if finished.timed_out:
        return CheckStatus.TIMEOUT
    code = finished.returncode
    if code is None or code < 0 or code >= _KILLED_BY:
        return CheckStatus.CRASHED
    if code != 0 and not failed:
        return CheckStatus.CRASHED
    if code == 0 and finished.truncated:  # an error or a `sorry` may be in what was dropped
        return CheckStatus.CRASHED
    return None


def _reason(finished: Finished, output: LeanOutput) -> str:
    """Why there is no verdict, in words, with the start of what Lean wrote where a message should be."""
    if finished.timed_out:
        return f"no answer within {finished.seconds:.1f} s"
    if finished.excess:
        return finished.excess
    code = finished.returncode or 0
    if code < 0:
        how = f"killed by {signal.Signals(-code).name}"
    elif code == 0:
        how = "it wrote more than is kept"
    else:
        how = f"exit code {code} without a verdict"
    said = "\n".join((*output.raw, finished.stderr)).strip()[:500]
    return f"{how}: {said}" if said else how


def _holes(text: str, warnings: list[Diagnostic]) -> tuple[Hole, ...]:
    """Whether there are holes, Lean's warnings say; where, the text. A hole that it hides is put where Lean warns."""
    if not warnings:
        return ()
    located = tuple(hole for hole, _ in probe(text).sites)
    return located or tuple(Hole(start=w.start, end=w.end or w.start) for w in warnings)
