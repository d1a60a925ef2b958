"""LeanDojo, an optional extra: what a repository traced with it says of premises, and tactics run by it.

The traced data are read without the package. Its tactic-level interaction is one more `RunsTactics`, with limits that
are checked before anything is started: Python below 3.13, Lean up to 4.20, a repository that is traced already, and
GitHub within reach (the package asks it even for a local repository).

The interaction was never run against a traced repository here: what is tested is everything up to the package's own
calls, and these with a stand-in for it.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from lemmata.domain import Model, Position
from lemmata.errors import InfrastructureError, MissingError, UsageError
from lemmata.lean_env import process
from lemmata.lean_env.checker import TacticResult
from lemmata.lean_env.declaration import Declaration, holes
from lemmata.lean_env.extras import how_to_get
from lemmata.lean_env.scanner import Span
from lemmata.lean_env.source import LeanFile, parse

NEWEST_LEAN: Final = (4, 20)
"""The newest Lean that lean-dojo can trace."""
GITHUB: Final = ("api.github.com", 443)
_CONNECT_SECONDS: Final = 10.0
_TRACES: Final = (".lake/build/ir", "build/ir")
_VERSION: Final = re.compile(r":v?(\d+)\.(\d+)")


class TracedPremise(Model):
    """A declaration that some traced proof or term uses, where it is defined."""

    name: str
    module: str
    path: str
    """Of the source file, relative to the traced repository."""
    start: Position
    """Where its name stands."""
    end: Position


def traces(folder: Path) -> tuple[Path, ...]:
    """The files that a trace left in a repository, sorted; none where it is not traced."""
    return tuple(sorted(path for where in _TRACES for path in (folder / where).rglob("*.ast.json")))


def traced_premises(folder: Path) -> Iterator[TracedPremise]:
    """The premises of a traced repository, each once, those without a position left out.

    Raises:
        UsageError: a file is not what lean-dojo writes.
    """
    seen: set[str] = set()
    for path in traces(folder):
        try:
            listed = json.loads(path.read_bytes())["premises"]
            found = [_premise(entry) for entry in listed if entry["defPos"] and entry["fullName"] not in seen]
        except (ValueError, KeyError, TypeError) as error:
            raise UsageError(f"{path} is no trace of lean-dojo: {type(error).__name__}: {error}") from error
        except OSError as error:
            raise UsageError(f"{path} cannot be read: {error.strerror or error}") from error
        for premise in found:
            if premise.name not in seen:
                seen.add(premise.name)
                yield premise


def _premise(entry: dict[str, Any]) -> TracedPremise:
    return TracedPremise(
        name=entry["fullName"],
        module=entry["modName"],
        path=entry["defPath"],
        start=Position(**entry["defPos"]),
        end=Position(**(entry["defEndPos"] or entry["defPos"])),
    )


async def check_requirements(repository: Path, *, github: tuple[str, int] = GITHUB) -> None:
    """Make sure that lean-dojo can work on a repository.

    Raises:
        MissingError: what it needs is not here: a Python, the package, a program, the network.
        UsageError: the repository is none that it can work on.
    """
    if sys.version_info >= (3, 13):
        raise MissingError("lean-dojo runs tactics on Python 3.11 and 3.12 only; make an environment with one of them")
    _check_package()
    for program in ("git", "lake"):
        if shutil.which(program) is None:
            raise MissingError(f"lean-dojo needs the program {program}, which is not on the PATH")
    _check_repository(repository)
    await _check_network(github)


def _check_package() -> None:
    if find_spec("lean_dojo") is not None:
        return
    if find_spec("lean_dojo_v2") is not None:
        raise MissingError(
            f"lean-dojo-v2 is here, but it traces only and cannot run tactics; install lean-dojo: {how_to_get('dojo')}"
        )
    raise MissingError(f"lean-dojo is not here; it runs tactics on traced repositories: {how_to_get('dojo')}")


def _check_repository(repository: Path) -> None:
    try:
        toolchain = (repository / "lean-toolchain").read_text(encoding="utf-8").strip()
    except OSError:
        raise UsageError(f"{repository}: expected a Lean repository, with a file lean-toolchain") from None
    version = _VERSION.search(toolchain)
    if version and (int(version[1]), int(version[2])) > NEWEST_LEAN:
        newest = ".".join(map(str, NEWEST_LEAN))
        raise UsageError(f"{repository} uses {toolchain}, and lean-dojo works with Lean up to {newest}")
    if not (repository / ".git").exists():
        raise UsageError(f"{repository}: expected a git repository: lean-dojo knows traces by their commit")
    if not traces(repository):
        raise UsageError(
            f"{repository} is not traced: trace it with lean_dojo.trace first (hours for Mathlib, and 32 GB of memory)"
        )


async def _check_network(github: tuple[str, int]) -> None:
    try:
        async with asyncio.timeout(_CONNECT_SECONDS):
            _, writer = await asyncio.open_connection(*github)
    except OSError as error:  # a time-out is one
        raise MissingError(
            f"lean-dojo asks GitHub even for a local repository, and {github[0]} cannot be reached"
            f" ({error or 'no answer'}); use the REPL for tactics: --checker repl"
        ) from error
    writer.close()
    with suppress(OSError):
        await writer.wait_closed()


class DojoTactics:
    """Runs tactics through lean-dojo; see `RunsTactics`. Only whole proofs of theorems that stand in a traced file.

    Untested here against a real trace. Lean checks no axioms in it and has no heartbeat limit, only time: what closes
    is to be checked in its whole text, as everywhere.
    """

    def __init__(self, repository: Path, file: Path, *, github: tuple[str, int] = GITHUB) -> None:
        """Nothing is started or asked before the first text.

        Args:
            repository: a traced git repository.
            file: the file in it that texts come from, relative to it.
            github: host and port of what must be within reach.
        """
        self._repository, self._file = repository, file
        self._github = github
        self._ready = False

    async def run_tactics(
        self, text: str, hole: int, tactics: Sequence[str], timeout: float
    ) -> tuple[TacticResult, ...]:
        """Try tactics in place of a theorem's proof; see `RunsTactics.run_tactics`.

        Raises:
            MissingError: what lean-dojo needs is not here.
            UsageError: the repository is none that it can work on.
            InfrastructureError: it failed.
        """
        if not self._ready:
            await check_requirements(self._repository, github=self._github)
            self._ready = True
        theorem = await asyncio.to_thread(self._theorem, text, hole)
        if theorem is None:
            reason = f"lean-dojo runs tactics only in place of a whole proof of a theorem of {self._file}"
            return tuple(TacticResult(tactic=tactic, closed=False, reason=reason) for tactic in tactics)
        request = {
            "repository": str(self._repository.absolute()),
            "file": self._file.as_posix(),
            "theorem": theorem,
            "tactics": list(tactics),
            "timeout": max(1, int(timeout)),
        }
        finished = await process.run(
            [sys.executable, "-P", "-m", "lemmata.lean_env.dojo_program"],
            cwd=self._repository,
            env=dict(os.environ),
            timeout=timeout,
            stdin=json.dumps(request).encode(),
        )
        answers = _answers(finished.stdout)
        if not answers and not finished.timed_out:
            last = finished.stderr.strip().rpartition("\n")[2]
            how = f"lean-dojo failed (exit {finished.returncode}): {last or 'no message'}"
            raise InfrastructureError(how + _token())
        late = f"not reached in {timeout:g} s" if finished.timed_out else "lean-dojo ended before it"
        unreached = (TacticResult(tactic=tactic, closed=False, reason=late) for tactic in tactics[len(answers) :])
        return (*answers, *unreached)

    def _theorem(self, text: str, hole: int) -> str | None:
        """The theorem whose whole proof is the hole, if it stands so in the traced file as well."""
        source = parse(text)
        places = holes(source.mask.text, Span(0, len(text)))
        if hole >= len(places):
            return None
        whole = [d for d in source.theorems if d.proof.end == places[hole].end and _HOLE.fullmatch(d.proof.of(text))]
        try:
            traced = parse((self._repository / self._file).read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError) as error:
            raise UsageError(f"{self._repository / self._file} cannot be read: {error}") from error
        same = [d.full_name for d in traced.theorems if whole and _upto(traced, d) == _upto(source, whole[0])]
        return same[0] if same else None


def _token() -> str:
    """What a token does: lean-dojo logs in with it when it is imported, and a wrong one ends it there."""
    if "GITHUB_ACCESS_TOKEN" not in os.environ:
        return ""
    return "; GITHUB_ACCESS_TOKEN is set: see that it is valid, or unset it"


_HOLE: Final = re.compile(r"(?:by\s+)?sorry")


def _upto(source: LeanFile, found: Declaration) -> str:
    return source.text[: found.statement.end]


def _answers(output: str) -> tuple[TacticResult, ...]:
    """The results among the lines of a program's output; a torn last line is none."""
    lines = [line for line in output.splitlines(keepends=True) if line.startswith("{") and line.endswith("\n")]
    return tuple(TacticResult.model_validate_json(line) for line in lines)
