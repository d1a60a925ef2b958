"""Options that several commands share, and how they become a configuration. Nothing heavy is imported here."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, get_args

import typer

from lemmata.cli import output
from lemmata.errors import RunError, UsageError

if TYPE_CHECKING:
    from lemmata.configs.schema import Config
    from lemmata.store import Run, Store

StrategyName = Literal["auto", "offline"]
CheckerName = Literal["auto", "embedded", "cli", "repl", "kimina"]

# Texts: an impossible one is explained where all settings are, with the nearest possible one.
Strategy = Annotated[
    str | None,
    typer.Option(
        metavar="|".join(get_args(StrategyName)),
        help="How to look for a proof.",
        autocompletion=lambda: list(get_args(StrategyName)),
    ),
]
Checker = Annotated[
    str | None,
    typer.Option(
        metavar="|".join(get_args(CheckerName)),
        help="Which Lean checks.",
        autocompletion=lambda: list(get_args(CheckerName)),
    ),
]
Sandboxed = Annotated[
    bool, typer.Option("--require-sandbox", help="Run Lean in bubblewrap or not at all (lean.sandbox=required).")
]
Axioms = Annotated[
    list[str] | None,
    typer.Option(
        "--allow-axiom",
        metavar="NAME",
        help="Let the proof rest on this axiom as well; whatever vouches for it then says so.",
    ),
]
Sets = Annotated[list[str] | None, typer.Option("--set", metavar="KEY=VALUE", help="One setting, e.g. search.depth=1.")]
# Whether a path can be read is asked where it is: `readable=False` keeps typer from telling it in words of its own.
Files = Annotated[
    list[Path] | None,
    typer.Option("--config", "-c", metavar="FILE", readable=False, help="Settings in a YAML file."),
]
Runs = Annotated[Path | None, typer.Option(metavar="DIR", readable=False, help="Folder of runs.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON, one object a line.")]
Verbose = Annotated[bool, typer.Option("--verbose", "-v", help="Log to stderr, JSON lines.")]
RunName = Annotated[
    str | None, typer.Argument(metavar="RUN", help="A run's id or path; without it the newest of the folder.")
]

Seconds = Annotated[float | None, typer.Option("--budget-seconds", help="Wall-clock seconds.")]
CheckSeconds = Annotated[float | None, typer.Option("--budget-check-seconds", help="Seconds of checks, added up.")]
Samples = Annotated[int | None, typer.Option("--budget-samples", help="Candidates asked of provers.")]
Tokens = Annotated[int | None, typer.Option("--budget-tokens", help="Tokens in and out.")]
Dollars = Annotated[float | None, typer.Option("--budget-dollars", help="Cost of model calls.")]


def budget(
    seconds: float | None, check_seconds: float | None, samples: int | None, tokens: int | None, dollars: float | None
) -> dict[str, float | None]:
    """The `--budget-*` options by the name of their setting; None where one was not given."""
    return {
        "budget.seconds": seconds,
        "budget.check_seconds": check_seconds,
        "budget.samples": samples,
        "budget.tokens": tokens,
        "budget.dollars": dollars,
    }


def sandbox(required: bool) -> dict[str, str | None]:
    """The `--require-sandbox` option as a setting; None where it was not given."""
    return {"lean.sandbox": "required" if required else None}


def allowing(config: Config, axioms: list[str] | None) -> Config:
    """The same with more axioms that a proof may rest on. Raises UsageError for what is no name."""
    names = [name.strip() for name in axioms or ()]
    for name in names:
        if not name or "," in name or len(name.split()) > 1:
            raise UsageError(f"--allow-axiom takes the name of one axiom, not {name!r}; it may be given several times")
    from lemmata.lean_env.terms import parse_name

    if any(parse_name(name)[-1:] == ("sorryAx",) for name in names):
        raise UsageError("--allow-axiom sorryAx: what rests on a hole is not proved")
    allow = tuple(dict.fromkeys((*config.verify.allow, *names)))
    return config.model_copy(update={"verify": config.verify.model_copy(update={"allow": allow})})


def settings(
    flags: Mapping[str, object], sets: list[str] | None = None, files: list[Path] | None = None
) -> Config:
    """The merged configuration of a call; `flags` by dotted key, None where not given. Raises ConfigError."""
    from lemmata.configs.loader import load_config

    return load_config(files=files or (), sets=sets or (), flags=flags)


def left_out(error: RunError) -> None:
    """Tell of a folder among the runs that is none, or a damaged one."""
    output.note(f"left out: {error}")


def chosen(store: Store, run: str | None, *, quiet: bool) -> Run:
    """The run that is meant, the newest where none is named; said unless `quiet`. Raises RunError if there is none."""
    if run is not None:
        return store.find(run)
    newest = max(store.list(left_out=left_out), key=lambda summary: summary.started, default=None)
    if newest is None:
        raise RunError(f"no runs in {store.root}: expected RUN, a run's id or path")
    if not quiet:
        output.note(f"the newest run: {newest.run}")
    return store.find(newest.folder)
