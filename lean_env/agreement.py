"""Second opinions: what an independent checker is asked, and what it answers.

Its exit code decides, never its words.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Final, NamedTuple, Protocol

from lemmata.domain import Check, Model
from lemmata.errors import InfrastructureError
from lemmata.lean_env.judge import JudgeCase, Module
from lemmata.lean_env.process import Finished, run
from lemmata.lean_env.terms import show
from lemmata.lean_env.toolchain import Toolchain

MEMORY_MB: Final = 8192
"""MiB of memory that an independent checker may use."""
_LONGEST_NAME: Final = 100_000
_EVIDENCE: Final = 600
"""Characters of a program's last words that are kept."""


class Stance(StrEnum):
    """What an independent checker says."""

    AGREED = "agreed"
    REFUSED = "refused"
    """Final, whatever the others say."""
    NO_VERDICT = "no verdict"
    """It could not be asked, died, or ran out of time: nothing follows from it."""


class Agreement(Model):
    """The answer of one independent checker."""

    checker: str
    """`comparator`, `SafeVerify`, or a kernel's name."""
    version: str | None
    """Of the Lean that it was built with; None where nobody can tell."""
    stance: Stance
    evidence: str
    """What was run and how it ended, in words."""
    confirms: bool = True
    """Whether its agreement makes a proof `confirmed`; not so of one that is Lean's own kernel once more."""

    @property
    def check(self) -> Check:
        """As an entry of a certificate."""
        by = self.checker if self.version is None else f"{self.checker} (Lean {self.version})"
        return Check(what=self.checker, by=by, evidence=f"{self.stance}: {self.evidence}")


@dataclass(frozen=True)
class Case:
    """What is asked: a challenge and a submission, as texts and as compiled modules."""

    judged: JudgeCase
    """The modules, the theorems, the axioms, the Lean; its confinement is what checkers run in. They get copies of
    what they need, in the one folder that they may write to."""
    challenge: str | None
    """The whole text, with holes; None compares nothing."""
    submission: str
    """The whole text."""
    folder: Path
    """Of the caller, for what several checkers need. No checker runs in it."""

    @property
    def targets(self) -> tuple[str, ...]:
        """The theorems' names as programs take them."""
        return tuple(show(name, _LONGEST_NAME) for name in self.judged.targets)

    @property
    def axioms(self) -> tuple[str, ...]:
        """Names of the axioms that are allowed."""
        return tuple(show(name, _LONGEST_NAME) for name in self.judged.allow)


class IndependentChecker(Protocol):
    """Judges a case by itself, with a program that is not ours."""

    @property
    def name(self) -> str:
        """What it is called in a certificate."""
        ...

    @property
    def version(self) -> str | None:
        """The Lean that it was built with, as far as is known."""
        ...

    async def judge(self, case: Case) -> Agreement:
        """Ask it. Whatever goes wrong with it is no verdict; it raises nothing but cancellation."""
        ...


Control = Callable[[], Awaitable[Case | None]]
"""Makes a case that is beyond doubt (an honest proof of something trivial); None where it cannot be made."""


async def ask_all(
    case: Case, checkers: Iterable[IndependentChecker], control: Control | None = None
) -> tuple[Agreement, ...]:
    """Ask each checker, one after the other, until one refuses or the case's time is over.

    A checker that refuses the control as well is broken here: its refusal is no verdict, and says so.
    """
    said: list[Agreement] = []
    deadline = time.monotonic() + case.judged.timeout
    for checker in checkers:
        left = max(deadline - time.monotonic(), 0.001)
        answer = await checker.judge(replace(case, judged=replace(case.judged, timeout=left)))
        if answer.stance is Stance.REFUSED and control is not None:
            answer = await _doubted(answer, checker, control)
        said.append(answer)
        if answer.stance is Stance.REFUSED:
            break
    return tuple(said)


async def _doubted(answer: Agreement, checker: IndependentChecker, control: Control) -> Agreement:
    honest = await control()
    if honest is None or (await checker.judge(honest)).stance is not Stance.REFUSED:
        return answer
    why = f"it refuses an honest proof of `True` as well, so it does not work here ({answer.evidence})"
    return answer.model_copy(update={"stance": Stance.NO_VERDICT, "evidence": why})


def refusal(said: Sequence[Agreement]) -> Agreement | None:
    """The refusal among the answers, if there is one."""
    return next((a for a in said if a.stance is Stance.REFUSED), None)


def confirmed(said: Sequence[Agreement]) -> bool:
    """Whether the answers make what is certified `confirmed`: an independent one agreed and none refused."""
    return refusal(said) is None and any(a.stance is Stance.AGREED and a.confirms for a in said)


class Codes(NamedTuple):
    """What the exit codes of a program mean; all that are not named are no verdict."""

    agreed: frozenset[int] = frozenset({0})
    refused: frozenset[int] = frozenset({1})


_CODES: Final = Codes()


async def ask(
    argv: Iterable[object], case: Case, folder: Path, env: Mapping[str, str], codes: Codes = _CODES
) -> tuple[Stance, str]:
    """Run a checker's program in `folder`; its stance by the exit code, and how it ended in words.

    Args:
        argv: the program and its arguments. What they name by absolute paths it may read.
        case: its time and its confinement hold.
        folder: where it runs, and may write.
        env: its whole environment.
        codes: what its exit codes mean.
    """
    words = [str(a) for a in argv]
    try:
        ended = await run(
            words,
            cwd=folder,
            env=env,
            timeout=case.judged.timeout,
            memory_mb=MEMORY_MB,
            confinement=case.judged.confinement and case.judged.confinement.reading(_needed(words, env)),
        )
    except InfrastructureError as error:
        return Stance.NO_VERDICT, str(error)
    command = " ".join([Path(words[0]).name, *words[1:]]).replace(f"{folder}{os.sep}", "")
    how = _ending(ended)
    if ended.returncode in codes.agreed:
        return Stance.AGREED, f"`{command}` {how}"
    said = (ended.stderr.strip() or ended.stdout.strip())[-_EVIDENCE:]
    stance = Stance.REFUSED if ended.returncode in codes.refused else Stance.NO_VERDICT
    return stance, f"`{command}` {how}: {said or 'it said nothing'}"


def _needed(words: Sequence[str], env: Mapping[str, str]) -> list[Path]:
    """The files that a command names, for a confinement to let in; of programs also what lies beside them."""
    named = [shutil.which(words[0], path=env.get("PATH")) or words[0], *words[1:]]
    paths = [path.resolve() for path in map(Path, named) if path.is_absolute()]
    return [*paths, *(path.parent for path in paths if os.access(path, os.X_OK) and path.is_file())]


def _ending(ended: Finished) -> str:
    if ended.timed_out:
        return f"gave no answer in {ended.seconds:.0f} s"
    if ended.out_of_memory or ended.returncode is None:
        return "needed too much memory"
    if ended.returncode < 0:
        return f"was killed by signal {-ended.returncode}"
    return f"ended with exit code {ended.returncode}"


def environment(toolchain: Toolchain, *before: Path) -> dict[str, str]:
    """The environment of a judge: the toolchain's, its programs first, with folders of modules `before` its library.

    A panic ends it: nothing said after one can be believed.
    """
    programs = dict.fromkeys([str(toolchain.program.parent), *os.get_exec_path(toolchain.environment)])
    return {
        **toolchain.environment,
        "PATH": os.pathsep.join(programs),
        "LEAN_PATH": os.pathsep.join(map(str, (*before, *toolchain.folders))),
        "LEAN_ABORT_ON_PANIC": "1",
    }


def bring(module: Module, name: str, folder: Path) -> Path:
    """Copy a compiled module with all its parts into a new folder, under a name; that folder."""
    folder.mkdir()
    for part in module.files:
        suffix = part.name.removeprefix(module.olean.name)
        shutil.copyfile(part, folder / f"{name}.olean{suffix}")
    return folder
