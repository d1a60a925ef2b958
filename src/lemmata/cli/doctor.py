"""`lemmata doctor`: what is here, what is missing, what that means and how to get it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lemmata.cli import options, output
from lemmata.cli.exits import Exit

if TYPE_CHECKING:
    from lemmata.cli.finding import Finding


def doctor(runs: options.Runs = None, as_json: options.Json = False) -> Exit:
    """Say what is here and what is missing.

    And what that means, and how to get it. The exit code is 5 where no Lean can check, or where every run stops at
    something that is broken.
    """
    import asyncio
    import os

    from lemmata.cli.findings import examine

    findings = asyncio.run(examine(os.environ, runs))
    if as_json:
        output.result_json(as_fields(findings))
    else:
        for finding in findings:
            output.result(finding.text)
    return code(findings)


def code(findings: tuple[Finding, ...]) -> Exit:
    """The exit code: whether anything here can check, and nothing is in its way."""
    return Exit.PROVED if _able(findings) else Exit.INFRASTRUCTURE


def as_fields(findings: tuple[Finding, ...]) -> dict[str, Any]:
    """What was found, for programs."""
    return {"able": _able(findings), "findings": [f.model_dump(mode="json") for f in findings]}


def _able(findings: tuple[Finding, ...]) -> bool:
    """Whether any Lean here can check, and nothing keeps it from that."""
    return any(f.checks for f in findings) and not any(f.stops for f in findings)
