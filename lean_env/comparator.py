"""Lean's comparator: the statement and all it uses, the axioms, and the kernel again, over exported text.

From Lean 4.35 on it comes with the toolchain (`lake comparator`) and takes exports, which are made here from the
modules that were compiled already. The older program compiles both texts itself, in a copy of the Lake project.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from lemmata.lean_env.agreement import Agreement, Case, Stance, ask, environment
from lemmata.lean_env.export import Exporter, ExportError
from lemmata.lean_env.scratch import scratch

NAME: Final = "comparator"
# What it compares always, besides the theorems: the constants that the kernel computes with.
_PRIMITIVES: Final = (  # noqa: SIM905
    "Nat Nat.add Nat.sub Nat.mul Nat.pow Nat.gcd Nat.div Nat.mod Nat.beq Nat.ble Nat.land Nat.lor Nat.xor "
    "Nat.shiftLeft Nat.shiftRight String String.mk String.ofList Char Char.ofNat List Quot Quot.mk Quot.lift Quot.ind "
    "eagerReduce optParam autoParam semiOutParam outParam"
).split()
NOTHING: Final = "there is no challenge to compare with: not asked"
_OWN_SANDBOX: Final = "bubblewrap"
_LIBRARIES: Final = ("LemmataChallenge", "LemmataSolution")


def _config(case: Case, challenge: str, solution: str) -> dict[str, Any]:
    return {
        "challenge_module": challenge,
        "solution_module": solution,
        "theorem_names": [*case.targets],
        "permitted_axioms": [*case.axioms],
        "enable_nanoda": False,
    }


@dataclass(frozen=True)
class ToolchainComparator:
    """`lake comparator` of the toolchain that compiled the case."""

    lake: Path
    exporter: Exporter

    @property
    def name(self) -> str:
        """See `IndependentChecker`."""
        return NAME

    @property
    def version(self) -> str | None:
        """See `IndependentChecker`."""
        return self.exporter.version

    async def judge(self, case: Case) -> Agreement:
        """Export both modules and have them compared; nothing of the submission is run."""
        if case.judged.challenge is None:
            return self._says(Stance.NO_VERDICT, NOTHING)
        modules = case.judged.challenge, case.judged.submission
        with scratch() as run:
            folder = Path(run)
            exports = folder / "challenge.ndjson", folder / "solution.ndjson"
            wanted = [*dict.fromkeys([*case.targets, *case.axioms, *_PRIMITIVES])]
            try:
                for module, export in zip(modules, exports, strict=True):
                    await self.exporter.export(case, module, wanted, export)
            except ExportError as error:
                return self._says(Stance.NO_VERDICT, str(error))
            config = folder / "config.json"
            config.write_text(json.dumps(_config(case, "Challenge", "Solution")), encoding="utf-8")
            command = [self.lake, "comparator", "--config", config]
            command += ["--challenge-from-export", exports[0], "--solution-from-export", exports[1]]
            if case.judged.confinement is not None and case.judged.confinement.name == _OWN_SANDBOX:
                command.append("--inadvisably-no-sandbox")  # it is in one; there is none inside another
            stance, how = await ask(command, case, folder, environment(case.judged.toolchain))
        return self._says(stance, how)

    def _says(self, stance: Stance, evidence: str) -> Agreement:
        return Agreement(checker=NAME, version=self.version, stance=stance, evidence=evidence)


@dataclass(frozen=True)
class ProjectComparator:
    """The `comparator` program of older toolchains, in a copy of a Lake project."""

    program: Path
    version: str | None
    lake: Path
    project: Path

    @property
    def name(self) -> str:
        """See `IndependentChecker`."""
        return NAME

    async def judge(self, case: Case) -> Agreement:
        """Let it compile and compare both texts.

        It compiles them as two modules, so the names of private declarations differ: such a case is not given to it.
        """
        if case.challenge is None:
            return self._says(Stance.NO_VERDICT, NOTHING)
        if "private" in case.challenge or "private" in case.submission:
            why = "it compiles challenge and submission as two modules, in which private names differ: not asked"
            return self._says(Stance.NO_VERDICT, why)
        with scratch() as run:
            folder = Path(run)
            try:
                await asyncio.to_thread(self._lay_out, case, (case.challenge, case.submission), folder)
            except OSError as error:
                why = f"its project cannot be laid out: {error}"
                return self._says(Stance.NO_VERDICT, why)
            command = [self.lake, "env", self.program, folder / "config.json"]
            env = environment(case.judged.toolchain)
            del env["LEAN_PATH"]  # Lake's own is the project's
            sandbox = case.judged.confinement
            let_in = replace(case.judged, confinement=sandbox and sandbox.reading([self.project]))
            stance, how = await ask(command, replace(case, judged=let_in), folder, env)
        return self._says(stance, how)

    def _says(self, stance: Stance, evidence: str) -> Agreement:
        return Agreement(checker=NAME, version=self.version, stance=stance, evidence=evidence)

    def _lay_out(self, case: Case, texts: tuple[str, str], folder: Path) -> None:
        """The project's own files by links, its configuration with two libraries more, and what it has built."""
        config = next((f for f in ("lakefile.lean", "lakefile.toml") if (self.project / f).is_file()), None)
        if config is None:
            raise FileNotFoundError(f"there is no lakefile in {self.project}")
        for entry in self.project.iterdir():
            if entry.name not in (".lake", ".git", config):
                (folder / entry.name).symlink_to(entry)
        (folder / ".lake").mkdir()
        for built in (self.project / ".lake").glob("*"):
            (folder / ".lake" / built.name).symlink_to(built)
        form = "lean_lib {}\n" if config.endswith(".lean") else '[[lean_lib]]\nname = "{}"\n'
        text = (self.project / config).read_text(encoding="utf-8")
        libraries = "\n".join(form.format(library) for library in _LIBRARIES)
        (folder / config).write_text(f"{text}\n\n{libraries}", encoding="utf-8")
        for library, source in zip(_LIBRARIES, texts, strict=True):
            (folder / f"{library}.lean").write_text(source, encoding="utf-8")
        (folder / "config.json").write_text(json.dumps(_config(case, *_LIBRARIES)), encoding="utf-8")


def lacks(path: str | None = None) -> tuple[str, ...]:
    """What the older program needs and the PATH does not have."""
    programs = {"landrun": "COMPARATOR_LANDRUN", "lean4export": "COMPARATOR_LEAN4EXPORT", "git": ""}
    return tuple(p for p, variable in programs.items() if not (os.environ.get(variable) or shutil.which(p, path=path)))
