"""`lemmata prove`: look for a proof of one theorem."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lemmata.cli import options, output
from lemmata.cli.exits import Exit, Interrupted
from lemmata.errors import UsageError

if TYPE_CHECKING:
    from lemmata.configs.schema import Config
    from lemmata.domain import Problem
    from lemmata.store import RunResult


def prove(
    ctx: typer.Context,
    target: Annotated[
        str | None, typer.Argument(metavar="TARGET", help="FILE, FILE:name, FILE#L42, or - for stdin.")
    ] = None,
    statement: Annotated[
        str | None, typer.Option(metavar="TEXT", help='In place of TARGET: "theorem t ... : ...".')
    ] = None,
    answer: Annotated[
        str | None, typer.Option(metavar="TEXT", help="Lean term for an `abbrev ..._solution := sorry`.")
    ] = None,
    strategy: options.Strategy = None,
    checker: options.Checker = None,
    require_sandbox: options.Sandboxed = False,
    allow_axiom: options.Axioms = None,
    budget_seconds: options.Seconds = None,
    budget_check_seconds: options.CheckSeconds = None,
    budget_samples: options.Samples = None,
    budget_tokens: options.Tokens = None,
    budget_dollars: options.Dollars = None,
    sets: options.Sets = None,
    files: options.Files = None,
    runs: options.Runs = None,
    as_json: options.Json = False,
    write: Annotated[bool, typer.Option("--write", help="Write the proof into FILE, after showing a diff.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Write without asking.")] = False,
    verbose: options.Verbose = False,
) -> Exit:
    """Look for a proof of a theorem.

    The proof, as Lean text, is the result on stdout; stderr shows the progress.
    """
    from lemmata.cli import writing
    from lemmata.cli.engine import drive
    from lemmata.cli.progress import progress

    limits = options.budget(budget_seconds, budget_check_seconds, budget_samples, budget_tokens, budget_dollars)
    config = options.settings(
        {"strategy": strategy, "checker": checker, "runs": runs, **options.sandbox(require_sandbox), **limits},
        sets,
        files,
    )
    config = options.allowing(config, allow_axiom)
    problem = _problem(target, statement, answer)
    original = writing.original(target, yes=yes) if write else None
    with progress(config.budget, quiet=as_json, verbose=verbose) as watch:
        result = drive(
            ctx,
            config,
            lambda engine: engine.prove(problem, on_event=watch),
            tell=watch.tell,
            run=lambda: watch.board.run,
        )
    code = report(result, config, as_json=as_json)
    if original and result.found:
        writing.write_back(original, result, yes=yes)
    return code


def _problem(target: str | None, statement: str | None, answer: str | None) -> Problem:
    from lemmata.lean_env.target import read_target, statement_problem

    if target is not None and statement is None:
        problem = read_target(target, stdin=_stdin, answer=answer)
    elif statement is not None and target is None:
        problem = statement_problem(statement, answer=answer)
    elif target is not None:
        raise UsageError("both a TARGET and --statement were given: expected only one of them")
    else:
        raise UsageError('expected either a TARGET (FILE, FILE:name, FILE#L42, -) or --statement "theorem t ... : ..."')
    # What the proof is later compared with must be Lean that compiles: a bare statement gets a hole.
    return problem if problem.proof else problem.model_copy(update={"proof": " := sorry"})


def _stdin() -> bytes:
    """Standard input to its end; at a terminal somebody must be told that it is waited for."""
    if sys.stdin.isatty():
        output.note("reading the theorem from standard input; end with Ctrl-D")
    try:
        return sys.stdin.buffer.read()
    except KeyboardInterrupt:
        raise Interrupted("interrupted") from None


def report(result: RunResult, config: Config, *, as_json: bool) -> Exit:
    """Print what a run came to, and give its exit code."""
    from lemmata.cli import exits, words
    from lemmata.cli.engine import resume_command

    if as_json:
        output.result_json(result)
    else:
        if text := lean_text(result):
            output.result(text.rstrip("\n"))
        output.note(words.headline(result))
        for note in words.reserves(result.certificate):
            output.note(f"note: {note}")
        output.note(f"{words.costs(result.usage, result.seconds)}; run {result.folder}")
        if (needed := to_go_on(result)) is not None:
            output.note(f"to go on: {' '.join([resume_command(result.run, config.runs), *needed])}")
    return exits.of_run(result.status, result.level)


def to_go_on(result: RunResult) -> tuple[str, ...] | None:
    """What `lemmata resume` needs besides the run to get further; None where it could not."""
    from lemmata.domain import RunStatus

    if result.status in (RunStatus.INTERRUPTED, RunStatus.FAILED):
        return ()
    if result.status is RunStatus.NOT_FOUND and result.limit is not None:
        return (f"--budget-{result.limit.replace('_', '-')}", "MORE")
    return None


def lean_text(result: RunResult) -> str | None:
    """The Lean text of a result as its run's folder has it, with the comment that says what vouches for it."""
    from lemmata.store import BEST, PROOF

    file = Path(result.folder, BEST if result.proof is None else PROOF)
    if file.is_file():
        return file.read_text(encoding="utf-8")
    return result.proof or result.best
