"""SafeVerify: is every constant of the challenge in the submission, with the same type; its axioms; and a replay."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from lemmata.lean_env.agreement import Agreement, Case, Stance, ask, bring, environment
from lemmata.lean_env.scratch import scratch

NAME: Final = "SafeVerify"
_AXIOMS: Final = frozenset({"propext", "Quot.sound", "Classical.choice"})
_REPORT: Final = "out.json"
_SHOWN: Final = 3


@dataclass(frozen=True)
class SafeVerify:
    """The `safe_verify` program. It maps the submission into its memory, so it should run confined."""

    program: Path
    version: str | None

    @property
    def name(self) -> str:
        """See `IndependentChecker`."""
        return NAME

    async def judge(self, case: Case) -> Agreement:
        """Have the two compiled modules compared; see `IndependentChecker`."""
        if case.judged.challenge is None:
            return self._says(Stance.NO_VERDICT, "there is no challenge to compare with: not asked")
        if extra := {*case.axioms} - _AXIOMS:
            why = f"it knows the three standard axioms only, not {', '.join(sorted(extra))}: not asked"
            return self._says(Stance.NO_VERDICT, why)
        with scratch() as run:
            folder = Path(run)
            oleans = []
            for role, module in (("challenge", case.judged.challenge), ("submission", case.judged.submission)):
                modules = await asyncio.to_thread(bring, module, case.judged.module, folder / role)
                oleans.append(modules / f"{case.judged.module}.olean")
            command = [self.program, "--disallow-partial", "-s", folder / _REPORT, *oleans]
            stance, how = await ask(command, case, folder, environment(case.judged.toolchain))
            said = _failures(folder / _REPORT) if stance is Stance.REFUSED else ""
        return self._says(stance, f"{how}{said}")

    def _says(self, stance: Stance, evidence: str) -> Agreement:
        return Agreement(checker=NAME, version=self.version, stance=stance, evidence=evidence)


def _failures(report: Path) -> str:
    """What its report says is wrong, for people; the exit code has decided."""
    try:
        entries: Any = json.loads(report.read_text(encoding="utf-8"))
        found = [e["failureMode"] for e in entries if e["failureMode"] is not None]
    except (OSError, ValueError, KeyError, TypeError):
        return ""
    shown = "; ".join(json.dumps(f, ensure_ascii=False) for f in found[:_SHOWN])
    return f" ({shown})" if shown else ""
