"""A program: run tactics through lean-dojo. One request in JSON on its input; a result a tactic, a line each.

It is a process of its own because the package, when imported, reads `.env` files, runs git and may log in at GitHub,
and because it changes the working directory. Untested here against a real trace.
"""

from __future__ import annotations

import json
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

from lemmata.domain import Diagnostic, Position, Severity
from lemmata.lean_env.checker import TacticResult

_NOWHERE = Position(line=0, column=0)


def as_result(tactic: str, state: Any) -> TacticResult:
    """What lean-dojo answered to one tactic, told by the name of its class."""
    match type(state).__name__:
        case "ProofFinished":
            return TacticResult(tactic=tactic, closed=True)
        case "TacticState":
            goals = tuple(goal.strip() for goal in state.pp.split("\n\n"))
            return TacticResult(tactic=tactic, closed=False, goals=goals)
        case "LeanError":
            error = Diagnostic(severity=Severity.ERROR, start=_NOWHERE, text=state.error)
            return TacticResult(tactic=tactic, closed=False, diagnostics=(error,))
        case "ProofGivenUp":
            return TacticResult(tactic=tactic, closed=False, reason="it leaves a hole")
        case name:
            return TacticResult(tactic=tactic, closed=False, reason=f"no answer: {name}")


def main() -> None:
    """Answer the request on standard input. What fails ends the program with its traceback."""
    request = json.load(sys.stdin)
    lean_dojo = import_module("lean_dojo")
    repository = lean_dojo.LeanGitRepo.from_path(request["repository"])
    if not lean_dojo.is_available_in_cache(repository):
        sys.exit("the trace is not in lean-dojo's cache: trace this commit with lean_dojo.trace")
    theorem = lean_dojo.Theorem(repository, Path(request["file"]), request["theorem"])
    with lean_dojo.Dojo(theorem, timeout=request["timeout"]) as (dojo, state):
        for tactic in request["tactics"]:
            print(as_result(tactic, dojo.run_tac(state, tactic)).model_dump_json(), flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
