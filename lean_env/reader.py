"""The inspector of our own: compiled modules read as data (`inspector`), the kernel asked again (`replay`).

It needs nothing of Lean but its native code, so it judges where Lean's own library is not. It reads the library in
Python, so it serves small ones only: a core, a project without Mathlib.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from lemmata.lean_env.inspector import Inspection, World, inspect_all, unfit
from lemmata.lean_env.judge import Finding, JudgeCase, Judgement, JudgeStatus, Module
from lemmata.lean_env.kernel import unknown
from lemmata.lean_env.library import Library
from lemmata.lean_env.olean import BadOlean
from lemmata.lean_env.region import UNTRUSTED
from lemmata.lean_env.replay import ReplayStatus, replay
from lemmata.lean_env.terms import Name, parse_name, show
from lemmata.lean_env.toolchain import Toolchain

MOST_BYTES: Final = 512 << 20
"""Of the library's modules that are imported. Names are read of all of them (half a second for 140 MB with 55,000
constants), and further only what a theorem rests on (some 20 MB a second): see `benchmarks/library.py`."""
BY: Final = "lemmata"
_STATUS: Final = {
    ReplayStatus.OK: JudgeStatus.OK,
    ReplayStatus.REFUSED: JudgeStatus.REFUSED,
    ReplayStatus.TIMEOUT: JudgeStatus.TIMEOUT,
    ReplayStatus.CRASHED: JudgeStatus.CRASHED,
}


class Reader:
    """Judges modules over a small library. It keeps what it has read of it."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        """Take the bound on the bytes of modules that may be imported."""
        self._most_bytes = most_bytes
        self._library: Library | None = None

    async def lacks(self, toolchain: Toolchain, imports: Sequence[str]) -> str | None:
        """See `Inspector.lacks`."""
        who = toolchain.identity.description
        if not toolchain.library.is_file():
            return f"the kernel of {who} cannot be asked again: there is no {toolchain.library}"
        try:
            names = [("Init",), *map(parse_name, imports)]
            library = self._of(toolchain)
            size = await asyncio.to_thread(library.closure_bytes, names, self._most_bytes)
            if why := unknown(library.module(("Init",)).format.lean):
                return why
        except BadOlean as error:
            return f"the library of {who} cannot be judged: {error}"
        if size > self._most_bytes:
            return f"what is imported of the library of {who} is too large to be read here"
        return None

    async def inspect(self, case: JudgeCase) -> Judgement:
        """See `Inspector.inspect`."""
        deadline = time.monotonic() + case.timeout
        try:
            async with asyncio.timeout(case.timeout):
                # Read once: what is looked at is what is replayed, whoever may still be writing there.
                module = await asyncio.to_thread(_bytes, case.submission)
                judgement = await asyncio.to_thread(_look, case, module, self._of(case.toolchain))
        except BadOlean as error:
            return Judgement(status=JudgeStatus.REFUSED, by=BY, reasons=(str(error),))
        except TimeoutError:
            reason = "what was compiled is too large to be judged in time"
            return Judgement(status=JudgeStatus.TIMEOUT, by=BY, reasons=(reason,))
        if judgement.status is not JudgeStatus.OK:
            return judgement
        return await self._replayed(replace(case, timeout=max(deadline - time.monotonic(), 0.001)), module, judgement)

    async def _replayed(self, case: JudgeCase, module: Sequence[bytes], judgement: Judgement) -> Judgement:
        lean = case.toolchain
        again = await replay(module, lean.library, lean.folders, case.timeout, confinement=case.confinement)
        if again.status is ReplayStatus.UNSUPPORTED:
            return judgement.model_copy(update={"kernel": again.reason})
        reasons = (f"the kernel, asked again: {again.reason}",) if again.reason else ()
        kernel = f"the kernel of Lean {lean.identity.lean_version}"
        found = {"status": _STATUS[again.status], "replayed": again.checked, "kernel": kernel, "reasons": reasons}
        return judgement.model_copy(update=found)

    def _of(self, toolchain: Toolchain) -> Library:
        if self._library is None or self._library.folders != toolchain.folders:
            self._library = Library(toolchain.folders)
        return self._library


def _bytes(module: Module) -> list[bytes]:
    """Its files, cut off behind what is too large anyway."""
    try:
        return [_head(file, UNTRUSTED.largest + 1) for file in module.files]
    except OSError as error:
        raise BadOlean(f"{module.olean.name} cannot be read: {error.strerror}") from None


def _head(file: Path, size: int) -> bytes:
    with file.open("rb") as source:
        return source.read(size)


def _look(case: JudgeCase, module: Sequence[bytes], library: Library) -> Judgement:
    """Judge everything but the kernel's part."""
    challenge = None
    if case.challenge is not None:
        try:
            challenge = World(_bytes(case.challenge), library)
            faults = [fault for target in case.targets if (fault := unfit(challenge, target))]
        except BadOlean as error:
            faults = [str(error)]
        if faults:
            return Judgement(status=JudgeStatus.UNFIT, by=BY, reasons=tuple(faults))
    said = inspect_all(module, case.targets, library, allow=case.allow, challenge=challenge)
    reasons = tuple(dict.fromkeys(reason for one in said.values() for reason in one.reasons))
    status = JudgeStatus.REFUSED if reasons else JudgeStatus.OK
    findings = tuple(_finding(target, one) for target, one in said.items())
    judgement = Judgement(status=status, by=BY, findings=findings, reasons=reasons)
    return judgement if reasons or not case.answers else _with_answers(judgement, case, World(module, library))


def _finding(target: Name, one: Inspection) -> Finding:
    return Finding(name=show(target), kind=one.kind, same_statement=one.same_statement, axioms=one.axioms)


def _with_answers(judgement: Judgement, case: JudgeCase, world: World) -> Judgement:
    """The axioms of the answers count as the proof's do."""
    try:
        axioms = world.axioms(case.answers)
    except BadOlean as error:
        return judgement.model_copy(update={"status": JudgeStatus.REFUSED, "reasons": (str(error),)})
    if excess := sorted(map(show, axioms - set(case.allow))):
        reason = f"an answer rests on the axioms {', '.join(excess)}"
        return judgement.model_copy(update={"status": JudgeStatus.REFUSED, "reasons": (reason,)})
    return judgement
