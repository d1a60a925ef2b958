"""One submission through everything that can refuse it: bytes, compiler, inspector, independent checkers.

Verification and the self-test go the same way through here; what a passed trial is worth is for `verifier` to say.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Final

from lemmata.domain import CheckResult, CheckStatus, VerifyStatus
from lemmata.errors import SourceError
from lemmata.lean_env.answers import Filled
from lemmata.lean_env.brief import Brief, Layer, Reading, Refused, read
from lemmata.lean_env.cache import file_hash
from lemmata.lean_env.compiler import Compiler
from lemmata.lean_env.fingerprint import Snapshot, snapshot
from lemmata.lean_env.independent import Agreement, Case, IndependentChecker, ask_all, refusal
from lemmata.lean_env.judge import Inspector, JudgeCase, Judgement, JudgeStatus, Module
from lemmata.lean_env.scratch import scratch
from lemmata.lean_env.terms import Name, parse_name

MODULE: Final = "Main"
"""Challenge and submission are compiled under this name, because private names contain it."""
CONTROL: Final = ("theorem control : True := sorry\n", "theorem control : True := trivial\n")
"""A challenge and its proof: an independent checker that refuses it does not work here."""
UNUSABLE: Final = "the challenge cannot be used: "
_SHOWN_ERRORS: Final = 3
COMPILED: Final = MappingProxyType({
    CheckStatus.TIMEOUT: VerifyStatus.TIMEOUT,
    CheckStatus.CRASHED: VerifyStatus.CRASHED,
    CheckStatus.UNSUPPORTED: VerifyStatus.UNSUPPORTED,
})  # fmt: skip
_JUDGED: Final = MappingProxyType({
    JudgeStatus.TIMEOUT: VerifyStatus.TIMEOUT,
    JudgeStatus.CRASHED: VerifyStatus.CRASHED,
    JudgeStatus.UNSUPPORTED: VerifyStatus.UNSUPPORTED,
})  # fmt: skip


class ChallengeTimeoutError(SourceError):
    """The challenge was not compiled in time: nothing is known of the submission."""


@dataclass(frozen=True)
class Passed:
    """A trial that nothing refused, with what was found."""

    targets: tuple[Name, ...]
    judgement: Judgement
    inspector: Inspector
    """Who judged."""
    challenge: str | None
    filled: Filled | None
    """The challenge with the answers in it; None where there is no challenge."""
    toolchain_sha256: str
    compiled: CheckResult
    agreements: tuple[Agreement, ...] = ()
    remarks: tuple[str, ...] = ()
    """What is worth a word and refuses nothing."""
    imports: tuple[str, ...] = ()
    """The modules that the submission imports."""


@dataclass(frozen=True)
class Trial:
    """A brief, and who tries it."""

    brief: Brief
    compiler: Compiler
    inspectors: Sequence[Inspector]
    """The first that can judge modules of this toolchain with these imports does."""
    deadline: float
    """By the monotonic clock."""
    independent: Sequence[IndependentChecker] = ()
    cache: Path | None = None
    """Folder of what is kept between calls; None is this user's."""

    async def run(self) -> Passed | Refused:
        """Try it.

        Raises:
            SourceError: the challenge does not compile, has no such theorem, or leaves open what its statement means.
        """
        text = await asyncio.to_thread(read, self.brief)
        if isinstance(text, Refused):
            return text
        if lack := await self._unsupported(text.submission.imports):
            return Refused(Layer.SUPPORT, (lack,), VerifyStatus.UNSUPPORTED)
        able, lacks = await self._able(text.submission.imports)
        if not able:
            return Refused(Layer.SUPPORT, lacks, VerifyStatus.UNSUPPORTED)
        with scratch() as ours, scratch() as theirs:
            return await self._judge(text, able, Path(ours), Path(theirs))

    async def _unsupported(self, imports: tuple[str, ...]) -> str | None:
        lean = self.compiler.toolchain
        lacks = await asyncio.to_thread(lean.lacks, imports)
        return f"imports {', '.join(lacks)}, which {lean.identity.description} does not have" if lacks else None

    async def _able(self, imports: tuple[str, ...]) -> tuple[list[Inspector], tuple[str, ...]]:
        """The inspectors that can judge modules with these imports, and why the others cannot."""
        able, lacks = [], []
        for inspector in self.inspectors:
            lack = await inspector.lacks(self.compiler.toolchain, imports)
            if lack is None:
                able.append(inspector)
            else:
                lacks.append(lack)
        return able, ("; ".join(lacks) or "nothing here can judge what it compiles to",)

    async def _judge(self, text: Reading, able: Sequence[Inspector], ours: Path, theirs: Path) -> Passed | Refused:
        before = await asyncio.to_thread(snapshot, self.compiler.toolchain)
        challenge = None
        if text.filled is not None:
            found = await self._challenge(text.filled, theirs)
            if isinstance(found, Refused):
                return found
            challenge = found
            if text.tie and (refused := await self._tied(text.tie)):
                return refused
        kept = _hashes(challenge)
        olean, compiled = await self.compiler.compile(text.plain, ours, MODULE, self._left)
        if olean is None or compiled.status not in (CheckStatus.OK, CheckStatus.HOLES):
            status = COMPILED.get(compiled.status, VerifyStatus.REFUSED)
            return Refused(Layer.COMPILER, complaints(compiled), status)
        if _hashes(challenge) != kept:
            return Refused(Layer.LIBRARY, ("the compiled challenge was changed while it was compiled",))
        if refused := await self._changed(before):
            return refused
        case = JudgeCase(
            toolchain=self.compiler.toolchain,
            module=MODULE,
            challenge=challenge,
            submission=Module.at(olean),
            targets=text.targets,
            allow=tuple(map(parse_name, self.brief.allow)),
            timeout=self._left,
            answers=text.filled.names if text.filled else (),
            confinement=self.compiler.confinement,
        )
        inspector, judgement = await self._inspected(able, case)
        if refused := self._refusal(judgement, text):
            return refused
        agreements = await self._agreements(case, text)
        if final := refusal(agreements):
            return Refused(Layer.INDEPENDENT, (f"{final.checker} refuses it: {final.evidence}",))
        if refused := await self._changed(before):
            return refused
        return Passed(
            targets=text.targets,
            judgement=judgement,
            inspector=inspector,
            challenge=self.brief.challenge,
            filled=text.filled,
            toolchain_sha256=await asyncio.to_thread(before.sha256, self.cache),
            compiled=compiled,
            agreements=agreements,
            remarks=text.remarks,
            imports=text.submission.imports,
        )

    async def _inspected(self, able: Sequence[Inspector], case: JudgeCase) -> tuple[Inspector, Judgement]:
        """The word of the first inspector that can read what was compiled."""
        first, *others = able
        judgement = await first.inspect(replace(case, timeout=self._left))
        if judgement.status is JudgeStatus.UNSUPPORTED and others:
            return await self._inspected(others, case)
        return first, judgement

    async def _challenge(self, filled: Filled, folder: Path) -> Module | Refused:
        olean, result = await self.compiler.compile(filled.compiled, folder, MODULE, self._left)
        if olean is not None:
            return Module.at(olean)
        if result.status is CheckStatus.UNSUPPORTED:
            return Refused(Layer.SUPPORT, complaints(result), VerifyStatus.UNSUPPORTED)
        if filled.answers:
            said = (f"the challenge, with the answers in it, is not accepted: {c}" for c in complaints(result))
            return Refused(Layer.COMPILER, tuple(said), COMPILED.get(result.status, VerifyStatus.REFUSED))
        errors = result.errors
        why = errors[0].text.strip() if errors else complaints(result)[0]
        kind = ChallengeTimeoutError if result.status is CheckStatus.TIMEOUT else SourceError
        raise self._unfit(why, errors[0].start.line if errors else None, kind)

    async def _tied(self, tie: str) -> Refused | None:
        """A refusal where the answers change what the statement means."""
        with scratch() as folder:
            _, result = await self.compiler.compile(tie, Path(folder), MODULE, self._left)
        return otherwise("answers", result)

    def _unfit(self, why: str, line: int | None = None, kind: type[SourceError] = SourceError) -> SourceError:
        return kind(f"{UNUSABLE}{why}", file=self.brief.challenge_file, line=line)

    def _refusal(self, judgement: Judgement, text: Reading) -> Refused | None:
        if judgement.status is JudgeStatus.OK:
            return None
        if judgement.status is JudgeStatus.UNFIT:
            if text.filled and text.filled.answers:
                said = (f"the challenge, with the answers in it: {reason}" for reason in judgement.reasons)
                return Refused(Layer.AXIOMS, tuple(said))
            raise self._unfit("; ".join(judgement.reasons))
        status = _JUDGED.get(judgement.status, VerifyStatus.REFUSED)
        return Refused(_layer(judgement, self.brief.allow), (*judgement.reasons, *text.remarks), status)

    async def _agreements(self, case: JudgeCase, text: Reading) -> tuple[Agreement, ...]:
        if not self.independent:
            return ()
        challenge = text.filled.compiled if text.filled else None
        case = replace(case, timeout=self._left)
        with scratch() as folder, scratch() as beyond_doubt:

            async def control() -> Case | None:
                return await self._control(case, Path(beyond_doubt))

            asked = Case(case, challenge, text.plain, Path(folder))
            return await ask_all(asked, self.independent, control)

    async def _control(self, case: JudgeCase, folder: Path) -> Case | None:
        """A case that every independent checker that works must agree to."""
        modules: list[Module] = []
        for text in CONTROL:
            (room := folder / str(len(modules))).mkdir()
            olean, _ = await self.compiler.compile(text, room, MODULE, self._left)
            if olean is None:
                return None
            modules.append(Module.at(olean))
        (room := folder / "room").mkdir()
        names = (parse_name("control"),)
        trivial = replace(
            case, challenge=modules[0], submission=modules[1], targets=names, answers=(), timeout=self._left
        )
        return Case(trivial, *CONTROL, room)

    async def _changed(self, before: Snapshot) -> Refused | None:
        if await asyncio.to_thread(snapshot, self.compiler.toolchain) == before:
            return None
        return Refused(Layer.LIBRARY, ("the library that judges it was changed while it was compiled",))

    @property
    def _left(self) -> float:
        """Seconds that are left."""
        return max(self.deadline - time.monotonic(), 0.001)


def _hashes(module: Module | None) -> list[str]:
    return [file_hash(file) if file.is_file() else "" for file in module.files] if module else []


def _layer(judgement: Judgement, allow: Sequence[str]) -> Layer:
    """What an inspector's refusal is about, by what it found."""
    found = judgement.findings
    if any(f.kind not in (None, "theorem") for f in found):
        return Layer.KIND
    if any(f.same_statement is False for f in found):
        return Layer.STATEMENT
    if any(set(f.axioms) - set(allow) for f in found):
        return Layer.AXIOMS
    return Layer.KIND if any(f.kind is None for f in found) else Layer.KERNEL


def otherwise(what: str, tie: CheckResult) -> Refused | None:
    """A refusal where Lean did not take a file that ties a statement to what it meant without these parts of it."""
    if tie.status is CheckStatus.HOLES:
        return None
    said = tuple(f"with its {what} the statement means something else: {c}" for c in complaints(tie))
    return Refused(Layer.STATEMENT, said, COMPILED.get(tie.status, VerifyStatus.REFUSED))


def complaints(result: CheckResult) -> tuple[str, ...]:
    """Why a text did not compile."""
    if result.reason:
        return (result.reason if result.status is CheckStatus.UNSUPPORTED else f"{result.status}: {result.reason}",)
    errors = result.errors
    shown = [f"line {e.start.line}: {e.text.strip()}" for e in errors[:_SHOWN_ERRORS]]
    rest = [f"and {len(errors) - _SHOWN_ERRORS} more errors"] if len(errors) > _SHOWN_ERRORS else []
    return (*shown, *rest) or ("it was compiled to nothing",)
