"""`lemmata verify`: judge finished files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from lemmata.cli import exits, options, output
from lemmata.cli.exits import Exit
from lemmata.errors import InfrastructureError, UsageError

if TYPE_CHECKING:
    from lemmata.cli.engine import Engine
    from lemmata.domain import Verdict


def verify(
    ctx: typer.Context,
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", readable=False, help="Finished Lean files.")],
    against: Annotated[
        Path | None,
        typer.Option(metavar="CHALLENGE", readable=False, help="File with the statement that must have been proved."),
    ] = None,
    name: Annotated[str | None, typer.Option(metavar="NAME", help="The theorem that is meant.")] = None,
    checker: options.Checker = None,
    require_sandbox: options.Sandboxed = False,
    allow_axiom: options.Axioms = None,
    sets: options.Sets = None,
    config_files: options.Files = None,
    as_json: options.Json = False,
) -> Exit:
    """Judge finished files.

    Is the statement the one asked for, is the proof whole, which axioms does it use?
    One result a file. With several files the exit code is that of the worst.
    """
    from lemmata.cli.engine import drive

    config = options.settings({"checker": checker, **options.sandbox(require_sandbox)}, sets, config_files)
    config = options.allowing(config, allow_axiom)

    async def all_files(engine: Engine) -> list[Exit]:
        return [await _one(engine, file, against, name, as_json=as_json) for file in files]

    return exits.worst(drive(ctx, config, all_files, tell=None if as_json else output.note))


async def _one(engine: Engine, file: Path, against: Path | None, name: str | None, *, as_json: bool) -> Exit:
    """Judge one file and print the answer; an error that concerns it does not stop the others."""
    from lemmata.cli import words

    try:
        verdict = await engine.verify(file, against=against, name=name)
    except (UsageError, InfrastructureError) as error:
        code = exits.of_error(error)
        output.note(f"lemmata: {error}")
        if as_json:
            output.result_json(failed_fields(file, code, str(error)))
        return code
    if as_json:
        output.result_json(as_fields(verdict))
    else:
        output.result(output.plain(words.verdict(verdict)))
    return exits.of_verdict(verdict)


def failed_fields(file: Path, code: Exit, message: str) -> dict[str, Any]:
    """What programs get in place of a verdict: a failure that has what they look for in every line."""
    failure = output.failure(code, message)
    return {"file": str(file), "accepted": False, "level": None, "reasons": [message], **failure}


def as_fields(verdict: Verdict) -> dict[str, Any]:
    """A verdict for programs."""
    fields = verdict.model_dump(mode="json")
    return {"file": fields.pop("file"), "accepted": verdict.accepted, **fields}
