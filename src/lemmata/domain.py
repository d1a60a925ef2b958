"""The frozen types that all rooms share. Data only: no I/O, no behaviour beyond small derived facts."""

from __future__ import annotations

import hashlib
from enum import StrEnum
from typing import Final, Self

from pydantic import BaseModel, ConfigDict, Field

SCHEMA_VERSION: Final = 2


class Model(BaseModel):
    """A frozen value that refuses unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Level(StrEnum):
    """How strongly a proof is vouched for, weakest first. Only the last two may be called proved."""

    SIMULATED = "simulated"
    """The arithmetic simulator accepted it."""
    CHECKED = "checked"
    """A warm checker, a server, or a Lean with a library that is not its own accepted it."""
    CERTIFIED = "certified"
    """Fresh process, text on disk, statement and axioms compared, replayed by the kernel."""
    CONFIRMED = "confirmed"
    """Certified, and an independent checker agreed."""

    @property
    def rank(self) -> int:
        """Position in the order of strength, from 0."""
        return list(Level).index(self)

    def at_least(self, other: Level) -> bool:
        """Whether this level vouches at least as strongly as `other` (strings do not compare that way)."""
        return self.rank >= other.rank

    @property
    def proved(self) -> bool:
        """Whether the word "proved" may be used."""
        return self.at_least(Level.CERTIFIED)


class Severity(StrEnum):
    """Severity of a diagnostic; Lean's `information` is `info` here."""

    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


class Position(Model):
    """A place in a whole text: line from 1, column from 0 in code points."""

    line: int = Field(ge=0)
    column: int = Field(ge=0)


class Diagnostic(Model):
    """One message of a checker."""

    severity: Severity
    start: Position
    end: Position | None = None
    text: str
    kind: str | None = None
    """Lean's own tag of the message, e.g. `hasSorry`; None where it has none."""


class Hole(Model):
    """A `sorry` in a checked text."""

    start: Position
    end: Position
    goal: str | None = None
    """The first goal at the hole as Lean prints it (hypotheses a line each, then `⊢ target`); None if not asked for."""


class CheckStatus(StrEnum):
    """What one run of a checker said of one text."""

    OK = "ok"
    """No error and no hole."""
    HOLES = "holes"
    """No error, but at least one `sorry`."""
    ERRORS = "errors"
    TIMEOUT = "timeout"
    """No verdict within the wall-clock limit."""
    CRASHED = "crashed"
    """No verdict: the checker died (stack, memory, signal)."""
    UNSUPPORTED = "unsupported"
    """No verdict: the text imports what this checker does not have; `reason` names it."""

    @property
    def verdict(self) -> bool:
        """Whether this says anything about the text (a time-out, a crash or a missing import does not)."""
        return self in (CheckStatus.OK, CheckStatus.HOLES, CheckStatus.ERRORS)


class CheckerIdentity(Model):
    """Which checker spoke, with everything its word depends on."""

    name: str
    """`embedded`, `cli`, `repl`, `kimina`, `simulator`, or a test double's name."""
    level: Level
    """The strongest level that its plain acceptance can give."""
    lean_version: str | None = None
    lean_commit: str | None = None
    core: str | None = None
    """Hash of the embedded core library, where it is the one that vouches."""
    options: tuple[str, ...] = ()
    """Options of Lean that hold for every text, as `name=value`, sorted: those of the Lake project, or set."""
    servers: tuple[str, ...] = ()
    """Where it is asked, for servers: what else their library is nobody can tell from here."""

    @property
    def description(self) -> str:
        """In words, as shown to people: `Lean 4.35.0, embedded core`."""
        lean = f"Lean {self.lean_version}" if self.lean_version else self.name
        return f"{lean}, embedded core" if self.core else lean


class CheckResult(Model):
    """What a checker said of one text. A rejected text is data, never an exception."""

    status: CheckStatus
    diagnostics: tuple[Diagnostic, ...] = ()
    holes: tuple[Hole, ...] = ()
    seconds: float = 0.0
    """Wall-clock seconds of the run itself, without waiting for a slot."""
    checker: CheckerIdentity
    reason: str | None = None
    """For timeout, crashed and unsupported: what happened, in words."""
    cached: bool = False
    """Whether it was found in the cache of results: nothing ran, and `seconds` is 0."""

    @property
    def errors(self) -> tuple[Diagnostic, ...]:
        """The diagnostics of severity error."""
        return tuple(d for d in self.diagnostics if d.severity is Severity.ERROR)


class Problem(Model):
    """A theorem to prove, cut out of its file. The five pieces joined are the file byte for byte."""

    name: str
    """Full name, namespaces included, `_root_.` removed."""
    preamble: str
    """Header and everything before the declaration; lemmas are put at its end."""
    lead: str
    """Docstring, attributes and modifiers of the declaration, and the comments right above it."""
    statement: str
    """From the keyword to the end of the target, without `:=` and without trailing blanks."""
    proof: str
    """From the blanks before `:=` to the end of the proof (`termination_by` included); may be empty."""
    suffix: str = ""
    """What follows in the file."""
    file: str | None = None
    """Where it came from, as the user named it."""
    informal: str | None = None
    """Informal statement or proof, where there is one."""

    @property
    def text(self) -> str:
        """The file as given."""
        return self.preamble + self.lead + self.statement + self.proof + self.suffix

    def with_proof(self, body: str, helpers: tuple[str, ...] = (), *, suffix: bool = True) -> str:
        """The file with `helpers` (whole declarations) before the theorem and `body` (from ` := `) as its proof.

        Everything else is kept byte for byte; `suffix=False` leaves out what follows the theorem.
        """
        block = "".join(h.strip("\n") + "\n\n" for h in helpers)
        start = self.preamble
        if block and start and not start.endswith("\n"):
            start += "\n\n"
        return start + block + self.lead + self.statement + body + (self.suffix if suffix else "")

    @property
    def declaration(self) -> str:
        """The theorem itself, without what surrounds it."""
        return self.lead + self.statement

    @property
    def digest(self) -> str:
        """sha256 of the whole file, in hex."""
        return sha256(self.text)


def sha256(text: str) -> str:
    """Hex sha256 of the UTF-8 bytes of a text."""
    return hashlib.sha256(text.encode()).hexdigest()


class Usage(Model):
    """What was used: wall seconds, seconds of checks, samples, tokens (in, cached in, out, reasoning), dollars."""

    seconds: float = 0.0
    check_seconds: float = 0.0
    checks: int = 0
    samples: int = 0
    tokens_in: int = 0
    tokens_cached: int = 0
    tokens_out: int = 0
    tokens_reasoning: int = 0
    dollars: float = 0.0

    def __add__(self, other: Usage) -> Usage:
        return Usage.model_validate({k: getattr(self, k) + getattr(other, k) for k in Usage.model_fields})

    def __sub__(self, other: Usage) -> Usage:
        return Usage.model_validate({k: getattr(self, k) - getattr(other, k) for k in Usage.model_fields})


class Proof(Model):
    """Lean text that completes one statement."""

    body: str
    """What follows the statement, from ` := ` on."""
    helpers: tuple[str, ...] = ()
    """Whole declarations that go before the statement, in dependency order."""


class Candidate(Model):
    """Lean text somebody proposes as a proof."""

    proof: Proof
    origin: str
    """Who proposed it and how, e.g. `portfolio: omega`."""


class LemmaDraft(Model):
    """A lemma of a blueprint as the splitter proposes it."""

    name: str
    """A fresh local name; the blueprint may rename it on assembly."""
    statement: str
    """`theorem NAME binders : target`, without `:=`."""
    uses: tuple[str, ...] = ()
    """Names of the lemmas that its proof may use."""
    informal: str | None = None


class NodeStatus(StrEnum):
    """Where a blueprint node stands."""

    OPEN = "open"
    CLOSED = "closed"
    REFUTED = "refuted"
    STUCK = "stuck"
    DROPPED = "dropped"


class RunStatus(StrEnum):
    """How a run ended, or that it has not."""

    FOUND = "found"
    REFUTED = "refuted"
    NOT_FOUND = "not_found"
    INTERRUPTED = "interrupted"
    FAILED = "failed"


class Outcome(Model):
    """How work on one statement ended."""

    status: RunStatus
    level: Level | None = None
    """For found and refuted: what vouches for it. Never None there."""
    proof: Proof | None = None
    """For found: the proof."""
    evidence: str | None = None
    """For refuted: the Lean text that proves the negation."""
    evidence_name: str | None = None
    """For refuted: the theorem in `evidence` that states the negation."""
    reason: str
    """One line in words: what vouches, which instance refutes, which limit was met, what is missing."""
    best: str | None = None
    """For not found: the best skeleton, a whole file with holes."""
    limit: str | None = None
    """The budget's limit that ended the work; None where nothing was left to try."""

    @property
    def found(self) -> bool:
        """Whether there is an accepted proof."""
        return self.status is RunStatus.FOUND


class Check(Model):
    """One thing that was found true of a submission, with its evidence."""

    what: str
    """`text`, `compiled`, `statement`, `axioms`, `kernel`, or an independent checker's name."""
    by: str
    """Who looked: `lemmata`, `Lean 4.35.0`, `comparator` ..."""
    evidence: str
    """What was found, in words."""


class Certificate(Model):
    """The record that a final file was verified: by what, what was compared, which axioms."""

    schema_version: int = SCHEMA_VERSION
    level: Level
    theorem: str
    """Full name; of a file that was compared with nothing, all its theorems, separated by commas."""
    checker: CheckerIdentity
    vouched_by: str
    """In words: `checked by Lean 4.35.0, embedded core`."""
    text_sha256: str
    """Of the verified text, without the comment at its end that names the voucher."""
    challenge_sha256: str | None
    """Of the file whose statement was compared, in a run with `sorry` as its proof; None where nothing was compared."""
    filled_sha256: str | None = None
    """Of the challenge with the submission's answers in its open `_solution` definitions; None where it has none."""
    answers: dict[str, str] = Field(default_factory=dict)
    """What the submission puts into open `_solution` definitions, by name: a person must judge it."""
    toolchain_sha256: str | None = None
    """Of the Lean that judged: its program, its native code and its library's names and sizes; None for a server."""
    checks: tuple[Check, ...] = ()
    """Everything that was looked at, in order."""
    compared: tuple[str, ...]
    """What was compared or replayed, in words."""
    axioms: tuple[str, ...] | None
    """Those that the proof rests on; None where nobody could tell (a server)."""
    sandbox: str = "none"
    """What the submission was compiled in: `bubblewrap`, `landlock` or `none`; `unknown` for a server."""
    notes: tuple[str, ...] = ()
    """What whoever relies on it should know: known faults of this Lean, extra axioms, answers to be judged, and why
    the level is not higher."""
    time: str
    """UTC, ISO 8601, seconds."""


class VerifyStatus(StrEnum):
    """What `verify` says of one submission."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    TIMEOUT = "timeout"
    CRASHED = "crashed"
    UNSUPPORTED = "unsupported"
    """No checker here has what the file imports."""


class Verdict(Model):
    """The verifier's answer about one submission."""

    file: str
    status: VerifyStatus
    level: Level | None = None
    """Set exactly when accepted."""
    reasons: tuple[str, ...] = ()
    """Everything wrong with it, empty when accepted."""
    certificate: Certificate | None = None
    """Set exactly when accepted."""
    seconds: float = 0.0

    @property
    def accepted(self) -> bool:
        """Whether it was accepted."""
        return self.status is VerifyStatus.ACCEPTED

    @classmethod
    def refuse(
        cls, file: str, *reasons: str, status: VerifyStatus = VerifyStatus.REFUSED, seconds: float = 0.0
    ) -> Self:
        """A refusal with its reasons."""
        return cls(file=file, status=status, reasons=reasons, seconds=seconds)
