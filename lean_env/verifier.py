"""Verification of a submission: is this file a proof of what the challenge states?

In this order: the submission is refused if its text holds what it may not (`structure`); challenge and submission are
compiled apart, each in a fresh process, as the same module; the two compiled modules are compared as data
(`inspector`); every declaration of the submission goes through the kernel once more (`replay`). What Lean prints is
shown, never believed.

Known limits:
- The library is trusted as it stands, and so are Lean's compiler front end (for what the *challenge* means) and its
  kernel: the replay uses the same kernel again. The embedded core is not Lean's own library, hence its level `checked`.
- A submission's tactics run when it is compiled, with limits on time, memory and output but in no sandbox. What could
  run code of its own then is refused before.
- Only the target is asked for. Other theorems that the challenge leaves open may be missing, or differ, unless the
  statement or the proof uses them.
- Compiled modules of Lean 4.35.0 are read, without the module system.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Final

from lemmata.domain import Certificate, CheckerIdentity, CheckResult, CheckStatus, Verdict, VerifyStatus, sha256
from lemmata.errors import SourceError
from lemmata.lean_env.compiler import Compiler
from lemmata.lean_env.inspector import Inspection, World, inspect, unfit
from lemmata.lean_env.library import Library
from lemmata.lean_env.olean import BadOlean
from lemmata.lean_env.replay import Replay, ReplayStatus, replay
from lemmata.lean_env.scratch import scratch
from lemmata.lean_env.source import LeanFile, parse, problem
from lemmata.lean_env.structure import remarks
from lemmata.lean_env.terms import Name, parse_name, show

AXIOMS: Final = ("propext", "Quot.sound", "Classical.choice")
"""What a proof may rest on."""
MODULE: Final = "Main"
"""Both are compiled under this name, because private names contain it."""
LARGEST: Final = 4_000_000
"""Characters of a submission. Reading one so long takes a second or two."""
_SHOWN_ERRORS: Final = 3
_STATUS: Final[Mapping[CheckStatus | ReplayStatus, VerifyStatus]] = MappingProxyType({
    CheckStatus.TIMEOUT: VerifyStatus.TIMEOUT,
    CheckStatus.CRASHED: VerifyStatus.CRASHED,
    CheckStatus.UNSUPPORTED: VerifyStatus.UNSUPPORTED,
    ReplayStatus.TIMEOUT: VerifyStatus.TIMEOUT,
    ReplayStatus.CRASHED: VerifyStatus.CRASHED,
})  # fmt: skip


class ChallengeTimeoutError(SourceError):
    """The challenge was not compiled in time: nothing is known of the submission."""


async def verify(
    submission: str,
    *,
    checker: Compiler,
    timeout: float,
    name: str | None = None,
    challenge: str | None = None,
    file: str = "-",
    challenge_file: str | None = None,
    allow: Iterable[str] = AXIOMS,
) -> Verdict:
    """Judge a submission. Whatever is wrong with it is data, in the verdict's reasons.

    Args:
        submission: the whole text. The certificate's hash is of just this text.
        checker: what compiles it; its library and its kernel judge it.
        timeout: wall-clock limit in seconds of everything together.
        name: the theorem. By default the challenge's target (the theorem that it leaves open, or its only one; of
            several open ones none is meant); without a challenge every theorem of the submission that is not private.
            With a challenge as much of the name's end as is unique there.
        challenge: the whole text whose statement counts; a proof in it, or a `sorry`, does not matter. None compares
            nothing, and the certificate says so (`challenge_sha256`, `compared`).
        file: what to call the submission.
        challenge_file: what to call the challenge in messages.
        allow: names of the axioms that the proof may rest on.

    Raises:
        SourceError: the challenge does not compile, has no such theorem, or leaves open what its statement means.
    """
    started = time.monotonic()
    if len(submission) > LARGEST:
        return Verdict.refuse(file, f"it has over {LARGEST:,} characters")
    against = None if challenge is None else parse(challenge, challenge_file or "challenge")
    case = _Case(parse(submission, file), against, checker, started + timeout)
    outcome = await case.judge(name, tuple(allow))
    return outcome.model_copy(update={"seconds": time.monotonic() - started})


@dataclass(frozen=True)
class _Challenge:
    source: LeanFile
    name: Name
    world: World


class _Case:
    """One submission, with what it is judged against."""

    def __init__(self, submission: LeanFile, challenge: LeanFile | None, checker: Compiler, deadline: float) -> None:
        self.submission, self.challenge = submission, challenge
        self.checker, self.deadline = checker, deadline
        self.library = Library(checker.toolchain.folders)

    async def judge(self, name: str | None, allow: tuple[str, ...]) -> Verdict:
        if missing := self._unsupported():
            return self._refuse(missing, status=VerifyStatus.UNSUPPORTED)
        challenge = None
        if self.challenge is not None:
            theirs = await self._compile(self.challenge)
            if theirs.result.status is CheckStatus.UNSUPPORTED:
                return self._refuse(*_complaints(theirs.result), status=VerifyStatus.UNSUPPORTED)
            challenge = await self._read_challenge(self.challenge, theirs, name)
        targets = (challenge.name,) if challenge else self._own_targets(name)
        if not targets:
            return self._refuse("there is no theorem in it")
        said = {r for target in targets for r in remarks(self.submission, self.challenge, target)}
        notes = [str(r) for r in sorted(said)]
        if any(r.refuses for r in said):
            return self._refuse(*notes)
        compiled = await self._compile(self.submission)
        if compiled.result.status not in (CheckStatus.OK, CheckStatus.HOLES) or compiled.module is None:
            return self._refuse(*_complaints(compiled.result), status=_STATUS.get(compiled.result.status))
        try:
            async with asyncio.timeout(self._left):
                found = [await self._inspect(compiled.module, t, allow, challenge) for t in targets]
        except TimeoutError:
            return self._refuse("what was compiled is too large to be judged in time", status=VerifyStatus.TIMEOUT)
        if any(f.reasons for f in found):
            return self._refuse(*dict.fromkeys(r for f in found for r in f.reasons), *notes)
        again = await replay(compiled.module, self.checker.toolchain.library, self.library.folders, self._left)
        if again.status is not ReplayStatus.OK:
            return self._refuse(f"the kernel, asked again: {again.reason}", status=_STATUS.get(again.status))
        return self._accept(targets, {a for f in found for a in f.axioms}, again, challenge)

    async def _inspect(
        self, module: bytes, target: Name, allow: tuple[str, ...], challenge: _Challenge | None
    ) -> Inspection:
        world = challenge.world if challenge else None
        allowed = [parse_name(a) for a in allow]
        return await asyncio.to_thread(inspect, module, target, self.library, allow=allowed, challenge=world)

    @property
    def _left(self) -> float:
        """Seconds that are left."""
        return max(self.deadline - time.monotonic(), 0.001)

    def _unsupported(self) -> str | None:
        """What keeps this checker from judging anything, or a file with these imports."""
        lean = self.checker.toolchain
        identity = lean.identity
        if lacks := lean.lacks((self.challenge or self.submission).imports):
            return f"imports {', '.join(lacks)}, which {identity.description} does not have"
        if not lean.library.is_file():
            return f"the kernel of {identity.description} cannot be asked again: there is no {lean.library}"
        try:
            self.library.closure([("Init",)])
        except BadOlean as error:
            return f"the library of {identity.description} cannot be judged: {error}"
        return None

    def _own_targets(self, name: str | None) -> tuple[Name, ...]:
        """The theorem asked for; without a name all that others can use."""
        public = (d for d in self.submission.theorems if "private" not in d.command.lead.modifiers)
        names = [name] if name else [d.full_name for d in public if d.full_name]
        return tuple(dict.fromkeys(map(parse_name, names)))

    async def _read_challenge(self, source: LeanFile, compiled: _Compiled, name: str | None) -> _Challenge:
        target = parse_name(problem(source.text, file=source.file, name=name).name)
        if compiled.module is None:
            errors = compiled.result.errors
            why = errors[0].text.strip() if errors else _complaints(compiled.result)[0]
            line = errors[0].start.line if errors else None
            kind = ChallengeTimeoutError if compiled.result.status is CheckStatus.TIMEOUT else SourceError
            raise kind(f"the challenge cannot be used: {why}", file=source.file, line=line)
        try:
            world = await asyncio.to_thread(World, compiled.module, self.library)
            fault = unfit(world, target)
        except BadOlean as error:
            raise SourceError(f"the challenge cannot be used: {error}", file=source.file) from None
        if fault is not None:
            raise SourceError(f"the challenge cannot be used: {fault}", file=source.file)
        return _Challenge(source, target, world)

    async def _compile(self, source: LeanFile) -> _Compiled:
        with scratch() as folder:
            olean, result = await self.checker.compile(source.text, Path(folder), MODULE, self._left)
            return _Compiled(await asyncio.to_thread(olean.read_bytes) if olean else None, result)

    def _refuse(self, *reasons: str, status: VerifyStatus | None = None) -> Verdict:
        return Verdict.refuse(self.submission.file or "-", *reasons, status=status or VerifyStatus.REFUSED)

    def _accept(
        self, names: tuple[Name, ...], axioms: set[str], again: Replay, challenge: _Challenge | None
    ) -> Verdict:
        identity = self.checker.toolchain.identity
        count = "1 declaration" if again.checked == 1 else f"{again.checked} declarations"
        compared = [f"{count} checked again by the kernel", "axioms within those allowed"]
        if challenge is not None:
            compared.insert(0, f"the statement of {show(names[0])}, and what it uses, with the challenge's")
        certificate = Certificate(
            level=identity.level,
            theorem=", ".join(map(show, names)),
            checker=identity,
            vouched_by=vouched_by(identity),
            text_sha256=sha256(self.submission.text),
            challenge_sha256=sha256(challenge.source.text) if challenge else None,
            compared=tuple(compared),
            axioms=tuple(sorted(axioms)),
            sandbox=self.checker.sandbox,
            time=datetime.now(UTC).isoformat(timespec="seconds"),
        )
        return Verdict(
            file=self.submission.file or "-",
            status=VerifyStatus.ACCEPTED,
            level=identity.level,
            certificate=certificate,
        )


def vouched_by(identity: CheckerIdentity) -> str:
    """What vouches for an accepted text, in words: `checked by Lean 4.35.0, embedded core`."""
    return f"{identity.level} by {identity.description}"


@dataclass(frozen=True)
class _Compiled:
    module: bytes | None
    result: CheckResult


def _complaints(result: CheckResult) -> tuple[str, ...]:
    """Why a text did not compile."""
    if result.reason:
        return (result.reason if result.status is CheckStatus.UNSUPPORTED else f"{result.status}: {result.reason}",)
    errors = result.errors
    shown = [f"line {e.start.line}: {e.text.strip()}" for e in errors[:_SHOWN_ERRORS]]
    rest = [f"and {len(errors) - _SHOWN_ERRORS} more errors"] if len(errors) > _SHOWN_ERRORS else []
    return (*shown, *rest) or ("it was compiled to nothing",)
