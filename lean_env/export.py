"""Compiled modules as text that other kernels read (`leanexport` of newer toolchains, else `lean4export`)."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from lemmata.lean_env.agreement import Case, Stance, ask, bring, environment
from lemmata.lean_env.judge import Module
from lemmata.lean_env.scratch import scratch

_TO_FILE: Final = ("/bin/sh", "-c", 'exec "$0" "$@" > out.ndjson')


class ExportError(Exception):
    """A module could not be exported; the message says why."""


@dataclass(frozen=True)
class Exporter:
    """A program that prints a theorem with everything that it rests on."""

    program: Path
    version: str | None
    """Of the Lean that it was built with."""

    async def submission(self, case: Case) -> Path:
        """The export of the submission's targets, made once for each case.

        Raises:
            ExportError: there is none.
        """
        made = case.folder / "submission.ndjson"
        if not made.exists():
            await self.export(case, case.judged.submission, case.targets, made)
        return made

    async def export(self, case: Case, module: Module, wanted: Iterable[str], target: Path) -> None:
        """Write the export of some constants to the file `target`; see `submission`."""
        with scratch() as run:
            folder = Path(run)
            modules = await asyncio.to_thread(bring, module, case.judged.module, folder / "modules")
            command = [*_TO_FILE, self.program, case.judged.module, "--", *wanted]
            stance, how = await ask(command, case, folder, environment(case.judged.toolchain, modules))
            if stance is not Stance.AGREED:
                raise ExportError(f"nothing could be exported for it: {how}")
            await asyncio.to_thread(shutil.move, folder / "out.ndjson", target)
