"""Everything that can be set, with its bounds. Where a value came from is the loader's business."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, BeforeValidator, Field, field_validator
from pydantic_core import PydanticCustomError
from pydantic_settings import NoDecode

from lemmata.domain import Model

STANDARD_AXIOMS: Final = ("propext", "Quot.sound", "Classical.choice")

_BASE_URL: Final = re.compile(r"https?://[^\s/?#@]+(/[^\s?#]*)?")

Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]
Count = Annotated[int, Field(gt=0)]


Strategy = Literal["auto", "offline"]
"""A named choice of edges and numbers."""
CheckerChoice = Literal["auto", "embedded", "cli", "repl", "kimina"]
"""Which Lean checks: the first that has what the file imports; the embedded one; the `lean` of a Lake project, of
`lean.home` or the PATH; the project's REPL, kept warm; a Kimina server."""
SandboxChoice = Literal["auto", "required", "off"]
"""`auto`: the strongest that works here; `required`: bubblewrap or nothing is run; `off`: plain limits."""


def _off(value: object) -> object:
    """YAML reads a plain `off` as false."""
    return "off" if value is False else value


def _no_hole(axioms: tuple[str, ...]) -> tuple[str, ...]:
    if any(re.sub("[«»]", "", name).removeprefix("_root_.") == "sorryAx" for name in axioms):
        raise ValueError("should not name sorryAx: what rests on it is not proved")
    return axioms


class BudgetConfig(Model):
    """What a run may use. None means no limit."""

    seconds: Positive | None = 600.0
    """Wall-clock seconds, over all resumptions."""
    check_seconds: Positive | None = None
    """Seconds that checks take, added up over those that ran at the same time."""
    samples: Count | None = None
    """Candidates asked of a prover."""
    tokens: Count | None = None
    """Tokens in and out, over all models."""
    dollars: Positive | None = None
    """Cost of all model calls."""


class LeanConfig(Model):
    """How Lean is run."""

    slots: Count | None = None
    """Checks at the same time; None takes what memory and cores allow."""
    timeout: Positive = 20.0
    """Wall-clock seconds a check may take."""
    memory_mb: Annotated[int, Field(ge=256)] = 4096
    """Memory that one check may use, in MiB."""
    home: Path | None = None
    """Folder of a Lean toolchain (holds `bin/lean`); None takes that of the Lake project, or looks on the PATH. Also
    set by `LEMMATA_LEAN_HOME`."""
    project: Path | None = None
    """Folder of a Lake project; None takes that of the file, upwards, else `~/.lemmata/lean`. Also set by
    `LEMMATA_LEAN_PROJECT`."""
    options: dict[str, bool | int | str] | None = None
    """Options of Lean for every text, by name; None asks Lake for those of the project. What would make a verdict
    worthless (`debug.*`, `warn.*`) is refused."""
    repl: Path | None = None
    """The REPL's program; None takes the one that the project was built with, else the one that `lemmata lean setup`
    built. Also set by `LEMMATA_LEAN_REPL`."""
    worker_uses: Count = 200
    """Checks after which a REPL is replaced: it never frees what it was told."""
    letters: bool = False
    """Let the embedded Lean know ℕ and ℤ, as files written for Mathlib use them."""
    sandbox: Annotated[SandboxChoice, BeforeValidator(_off)] = "auto"
    """Where Lean runs."""
    cache: bool = True
    """Keep verdicts by content, and take them from there."""


class KiminaConfig(Model):
    """Servers that check. Snippets leave this machine."""

    urls: Annotated[tuple[str, ...], NoDecode] = ()
    """Base URLs, a list or separated by commas; work goes to the one with the least under way. Also set by
    `LEMMATA_KIMINA_URL`."""
    key_file: Path | None = None
    """File with the key; None reads `LEMMATA_KIMINA_API_KEY`, else no key is sent."""
    concurrency: Count = 8
    """Requests at the same time, for each server."""

    @field_validator("urls", mode="before")
    @classmethod
    def _listed(cls, urls: object) -> object:
        """A list may be written as one line, as variables are."""
        if not isinstance(urls, str):
            return urls
        try:
            return json.loads(urls) if urls.lstrip().startswith("[") else re.split(r"[,\s]+", urls.strip(", \n"))
        except ValueError:
            return (urls,)  # no list after all; what is no URL is refused below

    @field_validator("urls")
    @classmethod
    def _base_urls(cls, urls: tuple[str, ...]) -> tuple[str, ...]:
        for url in urls:
            if not _BASE_URL.fullmatch(url):
                raise PydanticCustomError("base_url", "Input should be base URLs like http://HOST:8000")
        return tuple(dict.fromkeys(url.rstrip("/") for url in urls))


class SearchConfig(Model):
    """How a proof is looked for."""

    depth: Annotated[int, Field(ge=0)] = 3
    """How deep blueprints may nest; 0 never splits."""
    rounds: Annotated[int, Field(ge=0)] = 2
    """How often a blueprint with stuck or refuted nodes is rewritten."""
    repairs: Annotated[int, Field(ge=0)] = 2
    """Rounds in which the prover gets its failed candidates back with what is wrong with them."""
    samples: Count = 8
    """Candidates a round."""
    salvage_checks: Annotated[int, Field(ge=0)] = 12
    """Checks that turning a failed candidate into a skeleton may take; 0 never tries."""
    refute: bool = True
    """Look for a counterexample before proving."""
    node_seconds: Positive | None = None
    """Wall-clock seconds one node of a blueprint may take; None leaves it to the budget."""
    first_wins: bool = False
    """Take the first candidate that passes, not the lowest in order: faster, but no longer the same every time."""


class VerifyConfig(Model):
    """What a verification demands."""

    timeout: Positive = 120.0
    """Wall-clock seconds for each file."""
    allow: Annotated[tuple[str, ...], AfterValidator(_no_hole)] = STANDARD_AXIOMS
    """Axioms that a proof may use."""
    external_kernels: dict[str, Annotated[tuple[str, ...], Field(min_length=1)]] = Field(default_factory=dict)
    """Commands of kernels that check again what Lean accepted, by name. `{export}` stands for the file that
    `lean4export` wrote, `{config}` for a file of settings as nanoda takes it. Exit code 0 agrees, 1 refuses."""


class Config(Model):
    """A whole configuration."""

    strategy: Strategy = "offline"
    """`auto` stands for the best strategy that works here: today always `offline`."""
    checker: CheckerChoice = "auto"
    """Which Lean checks; `auto` decides by what the file imports."""
    seed: int = 0
    """Everything random follows from it."""
    budget: BudgetConfig = BudgetConfig()
    """What a run may use."""
    lean: LeanConfig = LeanConfig()
    """How Lean is run."""
    kimina: KiminaConfig = KiminaConfig()
    """Servers that check."""
    search: SearchConfig = SearchConfig()
    """How a proof is looked for."""
    verify: VerifyConfig = VerifyConfig()
    """What a verification demands."""
    runs: Path = Path("runs")
    """Folder of runs; it holds nothing else. Also set by `LEMMATA_RUNS`."""

    @field_validator("strategy")
    @classmethod
    def _resolve(cls, strategy: Strategy) -> Strategy:
        """A configuration names what really runs, so that it can be replayed."""
        return "offline" if strategy == "auto" else strategy
