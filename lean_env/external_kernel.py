"""Kernels that are not Lean's own, asked about the exported text of what a theorem rests on.

They check that every declaration is well typed. Statement and axioms are compared by others.
"""

from __future__ import annotations

import asyncio
import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from lemmata.lean_env.agreement import Agreement, Case, Codes, Stance, ask, environment
from lemmata.lean_env.export import Exporter, ExportError
from lemmata.lean_env.scratch import scratch

EXPORT: Final = "{export}"
"""Stands for the exported file in a command."""
CONFIG: Final = "{config}"
"""Stands for a file of settings as nanoda takes it."""
BUNDLED: Final[dict[str, tuple[str, ...]]] = {
    "nanoda": ("nanoda_bin", CONFIG),
    "lean4lean": ("lean4lean", "--import", EXPORT),
    "con-leche": ("con-leche", "--verified", EXPORT),
    "con-ron": ("con-ron", "--verified", EXPORT),
    "leanchecker": ("leanchecker", "--from-export", EXPORT),
}
"""Kernels that come with toolchains from 4.35 on, and how each is called."""
_LEANS_OWN: Final = frozenset({"leanchecker"})
_CODES: Final = Codes(refused=frozenset({1, 101}))
"""101: a program in Rust (nanoda) that stops at what it does not accept. 2 and 3: declined, or called wrongly."""


@dataclass(frozen=True)
class ExternalKernel:
    """One kernel, behind an exporter of the Lean that compiled the case."""

    name: str
    command: tuple[str, ...]
    """With `{export}` or `{config}` where the file goes; without either the export is its last argument."""
    exporter: Exporter

    @property
    def version(self) -> str | None:
        """See `IndependentChecker`."""
        return self.exporter.version

    async def judge(self, case: Case) -> Agreement:
        """Export the submission's targets and let the kernel check them; see `IndependentChecker`."""
        try:
            export = await self.exporter.submission(case)
        except ExportError as error:
            return self._says(Stance.NO_VERDICT, str(error))
        with scratch() as run:
            folder = Path(run)
            copy, config = folder / "submission.ndjson", folder / "config.json"
            await asyncio.to_thread(shutil.copyfile, export, copy)
            config.write_text(json.dumps(_nanoda(case, copy)), encoding="utf-8")
            places = {EXPORT: str(copy), CONFIG: str(config)}
            words = self.command if places.keys() & {*self.command} else (*self.command, EXPORT)
            command = [places.get(word, word) for word in words]
            stance, how = await ask(command, case, folder, environment(case.judged.toolchain), _CODES)
        return self._says(stance, how)

    def _says(self, stance: Stance, evidence: str) -> Agreement:
        independent = self.name not in _LEANS_OWN
        return Agreement(
            checker=self.name, version=self.version, stance=stance, evidence=evidence, confirms=independent
        )


def _nanoda(case: Case, export: Path) -> dict[str, object]:
    return {
        "export_file_path": str(export),
        "use_stdin": False,
        "permitted_axioms": [*case.axioms],
        "unpermitted_axiom_hard_error": True,
        "nat_extension": True,
        "string_extension": True,
    }
