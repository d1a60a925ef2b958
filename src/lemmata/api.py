"""The Python API: one session, or one call."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any, Final, Self

from lemmata.agents.protocols import Team
from lemmata.aio import collect
from lemmata.configs.loader import dump, load_config
from lemmata.configs.schema import Config
from lemmata.domain import CheckResult, CheckStatus, Problem, RunStatus, Usage, Verdict, VerifyStatus
from lemmata.errors import ConfigError, InfrastructureError, MissingError, SourceError, UsageError
from lemmata.events import EventLog, Listener, RunResumed
from lemmata.lean_env.brief import Brief, Refused, read
from lemmata.lean_env.cache import cache_folder
from lemmata.lean_env.checker import Checker
from lemmata.lean_env.fingerprint import snapshot
from lemmata.lean_env.last_word import judge
from lemmata.lean_env.result_cache import cached
from lemmata.lean_env.scanner import offset_of
from lemmata.lean_env.select import Selected, select_checker
from lemmata.lean_env.slots import default_slots, process_mb
from lemmata.lean_env.source import parse
from lemmata.lean_env.target import decode, read_bytes, read_target, read_text
from lemmata.log import RunLog
from lemmata.store import CONFIG, LOG, Run, RunResult, Store, me


class Session:
    """An async context in which theorems are worked on; it holds the checkers, and releases them at its end."""

    def __init__(
        self,
        config: Config | None = None,
        *,
        team: Team | None = None,
        progress: Callable[[str], None] | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """Take a configuration (by default the one of files, environment and defaults). Nothing is started yet.

        Args:
            config: settings.
            team: who works on theorems; by default the team of the strategy.
            progress: told in words when there is something to wait for.
            clock: gives the time of each event, in seconds since the epoch.
        """
        self._team = team
        self._open = False
        self._clock = clock
        self.config = config or load_config()
        self._progress = progress
        self._slots: asyncio.Semaphore | None = None
        self._selected: dict[object, Selected] = {}

    async def __aenter__(self) -> Self:
        self._open = True
        return self

    async def __aexit__(self, *_: object) -> None:
        self._open = False
        for selected in self._selected.values():
            await selected.aclose()

    async def prove(self, problem: Problem, *, on_event: Listener | None = None) -> RunResult:
        """Look for a proof in a new run.

        Raises:
            SourceError: the statement does not compile; the message is Lean's.
            MissingError: no checker here has what the file imports.
            InfrastructureError: something outside broke; the run says so and can be resumed.
        """
        config = self.config
        lean = await self._lean(problem.text, config, problem.file)
        if warning := await intake(problem, lean.checker, config):
            self._tell(warning)
        _import_driver()
        with RunLog(on_event) as lines:
            run, log = Store(config.runs).create(
                problem,
                dump(config),
                strategy=config.strategy,
                checker=lean.checker.identity.description,
                listener=lines,
                clock=self._clock,
            )
            with log:
                lines.open(run.path(LOG), run.id)
                return await self._drive(run, log, config, problem, lean)

    async def resume(
        self, run: str | Path, *, budget: Mapping[str, float] | None = None, on_event: Listener | None = None
    ) -> RunResult:
        """Take a run up where it stopped; one that is finished gives its result.

        Args:
            run: id in the runs folder, or path.
            budget: new limits by name (`seconds`, `check_seconds`, `samples`, `tokens`, `dollars`).
            on_event: called with each new event.

        Raises:
            RunError: there is no such run, it was changed, or another process holds it.
            UsageError: more was used before than the new limits allow; the run stays as it is.
        """
        opened = Store(self.config.runs).find(run)
        with RunLog(on_event) as lines, opened.hold(lines, clock=self._clock) as log:
            result, problem = opened.result, opened.problem
            if result and not _goes_on(result, budget):
                return result
            config = raised(load_config(files=[opened.path(CONFIG)], environment={}), budget or {})
            _import_driver()
            if budget:
                _refuse_spent(config, log, opened)
            lean = await self._lean(problem.text, config, problem.file)
            lines.open(opened.path(LOG), opened.id)
            log.append(RunResumed(holder=me(), spent=log.spent))
            if budget:
                opened.write(CONFIG, dump(config))
            return await self._drive(opened, log, config, problem, lean)

    async def _drive(
        self, run: Run, log: EventLog, config: Config, problem: Problem, lean: Selected
    ) -> RunResult:
        from lemmata.agents.team import offline_team
        from lemmata.graphs.driver import Driver
        from lemmata.tools.premises import remember

        team = self._team or offline_team()
        result = await Driver(run=run, log=log, config=config, problem=problem, team=team, lean=lean).drive()
        if result.constants and (complaint := await remember(problem.name, problem.statement, result.constants)):
            self._tell(complaint)
        return result

    def _tell(self, words: str) -> None:
        if self._progress:
            self._progress(words)

    async def verify(
        self, submission: str | Path, *, against: str | Path | None = None, name: str | None = None
    ) -> Verdict:
        """Judge a finished file, with `against` also whether it states what that challenge states.

        Raises:
            SourceError: there is no such file, or the challenge itself cannot be used.
        """
        content = read_bytes(submission)
        try:
            text = decode(content, str(submission))
        except SourceError as error:
            return Verdict.refuse(str(submission), str(error))
        challenge = None if against is None else read_text(against)
        try:
            lean = await self._lean(text if challenge is None else challenge, self.config, against or submission)
        except MissingError as error:
            brief = Brief(text, str(submission), challenge, str(against or "challenge"), name)
            told = await asyncio.to_thread(read, brief)  # what bytes refuse needs no Lean
            if isinstance(told, Refused):
                return told.verdict(str(submission))
            return Verdict.refuse(str(submission), str(error), status=VerifyStatus.UNSUPPORTED)
        return await judge(
            text,
            lean,
            self.config.verify,
            name=name,
            challenge=challenge,
            file=str(submission),
            challenge_file=None if against is None else str(against),
        )

    async def _lean(self, text: str, config: Config, file: str | Path | None) -> Selected:
        """What has what the text imports, made once for all texts and settings that are alike in that."""
        if not self._open:
            raise UsageError("the session is not open: use it inside `async with Session(...) as session:`")
        imports = parse(text).imports
        near = _folder(file)
        key = (imports, near, config.checker, config.lean.model_dump_json(), config.kimina)
        if self._slots is None:  # for all checkers of the session; how many, the first file's imports say
            self._slots = asyncio.Semaphore(config.lean.slots or default_slots(process_mb(imports)))
        if key not in self._selected:
            found = await select_checker(
                config.checker,
                imports=imports,
                near=near,
                lean=config.lean,
                kimina=config.kimina,
                slots=self._slots,
                progress=self._progress,
            )
            if found.passed_over or found.checker.identity.name != "embedded":
                self._tell(found.why)
            self._selected[key] = await self._remembering(found) if config.lean.cache else found
        return self._selected[key]

    async def _remembering(self, lean: Selected) -> Selected:
        """The same, whose checker knows what was checked before."""
        library = ""
        if lean.compiler and not lean.checker.identity.core:  # a core's hash is in the identity
            library = (await asyncio.to_thread(snapshot, lean.compiler.toolchain)).sha256()
        return lean._replace(
            checker=cached(lean.checker, cache_folder() / "results", library=library, progress=self._progress)
        )


def _folder(file: str | Path | None) -> Path | None:
    """Where a file lies; None for one that lies nowhere."""
    return Path(file).absolute().parent if file and str(file) != "-" else None


async def intake(problem: Problem, checker: Checker, config: Config) -> str | None:
    """Compile the statement with its proof as a hole; a warning where it may not say what was meant.

    Raises SourceError with Lean's message if it does not compile.
    """
    hole = " := by sorry" + "\n" * problem.proof.count("\n")  # so that what follows keeps its lines
    strict = problem.preamble.rstrip() + f"\n{_STRICT}\n" + problem.declaration + " := by sorry"
    result, bound = await collect(
        partial(checker.check, text, config.lean.timeout) for text in (problem.with_proof(hole), strict)
    )
    if result.status is CheckStatus.UNSUPPORTED:
        raise MissingError(f"{problem.file or problem.name}: {result.reason}")
    if not result.status.verdict:
        raise InfrastructureError(f"{problem.file or problem.name}: no verdict on the statement: {result.reason}")
    if strange := _letters(strict, bound):
        small = set(strange) <= {"ℕ", "ℤ"} and bound.checker.core is not None
        mathlib = "`import Mathlib` gives it, with a Lean that has it"
        how = "`--set lean.letters=true` makes it Nat or Int" if small else mathlib
        raise SourceError(
            f"the statement uses {', '.join(strange)}, which nothing defines here: {how}",
            file=problem.file or problem.name,
            line=problem.preamble.count("\n") + 1,
        )
    if result.errors:
        first = result.errors[0]
        begun = (problem.preamble + problem.lead).count("\n") + 1
        inside = begun <= first.start.line <= begun + (problem.statement + problem.proof).count("\n")
        what = "the statement" if inside else "the file"
        small = result.checker.core is not None
        hint = "\n(the embedded Lean has a small library; what is not in it needs a Lean toolchain)" if small else ""
        raise SourceError(
            f"{what} does not compile: {first.text}{hint}", file=problem.file or problem.name, line=first.start.line
        )
    if bound.errors:
        first_line = bound.errors[0].text.split("\n")[0]
        return f"warning: Lean binds names of the statement that nothing defines: {first_line}"
    return None


def _letters(text: str, result: CheckResult) -> tuple[str, ...]:
    """Mathlib's letters for numbers where Lean complains of just them."""
    places = (text[offset_of(text, e.start) : offset_of(text, e.end or e.start)] for e in result.errors)
    return tuple(dict.fromkeys(place for place in places if place in _NUMBERS))


_NUMBERS: Final = frozenset("ℕℤℚℝℂ")
_STRICT: Final = "set_option autoImplicit false"


def raised(config: Config, budget: Mapping[str, float]) -> Config:
    """A configuration with new limits. Raises ConfigError on a limit that there is not."""
    unknown = set(budget) - set(type(config.budget).model_fields)
    if unknown:
        raise ConfigError(f"budget.{min(unknown)}: no such limit")
    return config.model_copy(update={"budget": config.budget.model_copy(update=dict(budget))})


def _refuse_spent(config: Config, log: EventLog, run: Run) -> None:
    """Raise UsageError where a limit leaves nothing to go on with."""
    from lemmata.graphs.budget import measured
    from lemmata.graphs.driver import sessions

    for limit, spent in measured(log.spent + Usage(seconds=sum(sessions(run)))).items():
        allowed = getattr(config.budget, limit)
        if allowed is not None and not allowed > spent:
            raise UsageError(f"budget.{limit} = {allowed:g}: {round(spent, 3)} are spent already; name more than that")


def _import_driver() -> None:
    """Import what only proving needs: a second that a run's events would count and its result would not."""
    import lemmata.graphs.driver  # noqa: F401


def _goes_on(result: RunResult, budget: Mapping[str, float] | None) -> bool:
    """Whether there is something left to do on a run that has a result."""
    if result.status in (RunStatus.FOUND, RunStatus.REFUTED):
        return False
    return bool(budget) or result.status in (RunStatus.INTERRUPTED, RunStatus.FAILED)


async def aprove(target: str | Path | Problem, *, on_event: Listener | None = None, **settings: Any) -> RunResult:
    """Look for a proof of one theorem.

    Args:
        target: `FILE`, `FILE:name`, `FILE#L42`, or a problem.
        on_event: called with each event of the run.
        **settings: settings by dotted name with `__` for dots, e.g. `checker="embedded"`, `budget__seconds=60`.
    """
    config = load_config(flags={name.replace("__", "."): value for name, value in settings.items()})
    problem = target if isinstance(target, Problem) else read_target(str(target))
    async with Session(config) as session:
        return await session.prove(problem, on_event=on_event)


def prove(target: str | Path | Problem, *, on_event: Listener | None = None, **settings: Any) -> RunResult:
    """The same as `aprove`, for code that is not async. Raises UsageError inside a running event loop."""
    _refuse_running_loop("aprove")
    return asyncio.run(aprove(target, on_event=on_event, **settings))


def verify(
    submission: str | Path, *, against: str | Path | None = None, name: str | None = None, **settings: Any
) -> Verdict:
    """Judge a finished file; see `Session.verify`. Settings as for `aprove`."""
    _refuse_running_loop("Session.verify")
    config = load_config(flags={key.replace("__", "."): value for key, value in settings.items()})

    async def judged() -> Verdict:
        async with Session(config) as session:
            return await session.verify(submission, against=against, name=name)

    return asyncio.run(judged())


def _refuse_running_loop(instead: str) -> None:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return
    raise UsageError(f"an event loop is running here: await lemmata.{instead} instead")


__all__ = ["Run", "Session", "aprove", "prove", "verify"]
