"""What is to be tried, and what its text alone tells."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from lemmata.domain import Problem, Verdict, VerifyStatus
from lemmata.errors import SourceError
from lemmata.lean_env.answers import Filled, fill, fill_in, tie
from lemmata.lean_env.plain import without_comments
from lemmata.lean_env.scanner import Span
from lemmata.lean_env.sieve import sieve
from lemmata.lean_env.source import LeanFile, parse, problem
from lemmata.lean_env.structure import Remark, declared, remarks
from lemmata.lean_env.terms import Name, parse_name

LARGEST: Final = 1_000_000
"""Characters of a submission. Reading one so long takes seconds, of some texts ten."""


class Layer(StrEnum):
    """What can refuse a submission, in order."""

    TEXT = "text"
    """Bytes and words."""
    SUPPORT = "support"
    """No Lean here that could judge it."""
    COMPILER = "compiler"
    LIBRARY = "library"
    """The toolchain changed while it compiled."""
    KIND = "kind"
    """It is not there, or no theorem."""
    STATEMENT = "statement"
    AXIOMS = "axioms"
    KERNEL = "kernel"
    INDEPENDENT = "independent"


@dataclass(frozen=True)
class Brief:
    """What is to be tried."""

    submission: str
    file: str = "-"
    """What to call it."""
    challenge: str | None = None
    """The whole text whose statement counts; None compares nothing."""
    challenge_file: str = "challenge"
    name: str | None = None
    """The theorem; None takes the challenge's target, or every public theorem of the submission."""
    allow: tuple[str, ...] = ()
    sieved: bool = True
    """Off for tests of what comes behind the sieve, never for a certificate."""
    layout: Problem | None = None
    """What the bytes of the submission are compared with, if that is not the challenge."""
    foreign: tuple[Span, ...] = ()
    """What of it comes from the submission all the same, by its place there."""


@dataclass(frozen=True)
class Refused:
    """A trial that was not passed."""

    layer: Layer
    reasons: tuple[str, ...]
    status: VerifyStatus = VerifyStatus.REFUSED

    def verdict(self, file: str) -> Verdict:
        """In the words of a verdict."""
        return Verdict.refuse(file, *self.reasons, status=self.status)


@dataclass(frozen=True)
class Reading:
    """What the text of a brief tells."""

    submission: LeanFile
    plain: str
    """What is compiled of it: its text without the comments of what is new, see `plain`."""
    targets: tuple[Name, ...]
    """The theorems that are asked for; at least one."""
    filled: Filled | None = None
    """The challenge with the submission's answers in it; None where there is none."""
    remarks: tuple[str, ...] = ()
    """What is worth a word and refuses nothing."""
    tie: str | None = None
    """Where there are answers: what Lean must take for the statement to mean what it did; see `answers.tie`."""


def read(brief: Brief) -> Reading | Refused:
    """Everything that the text alone tells. A long one takes seconds.

    Raises:
        SourceError: the challenge has no such theorem.
    """
    if refused := too_long(brief.submission):
        return refused
    submission = parse(brief.submission, brief.file)
    kept: tuple[Span, ...] = ()
    tied: str | None = None
    if brief.challenge is None:
        targets, filled = _own_targets(submission, brief.name), None
        found = remarks(submission, targets) if brief.sieved else ()
    else:
        theirs = parse(brief.challenge, brief.challenge_file)
        submission = _bare(brief, submission, fill(theirs, submission))
        filled = fill(theirs, submission)
        if filled.missing:
            return Refused(Layer.TEXT, tuple(f"it gives no answer for {name}" for name in filled.missing))
        stated = _stated(brief, theirs, filled)
        if isinstance(stated, Refused):
            return stated
        targets = (parse_name(stated.name),)
        kept = _kept(brief, submission, stated)
        found = _sieved(brief, submission, stated, filled) if brief.sieved else ()
        if filled.answers and brief.sieved and not any(remark.refuses for remark in found):
            tied = tie(problem(filled.compiled, file=brief.challenge_file, name=stated.name), filled.answers)
    if not targets:
        return Refused(Layer.TEXT, ("there is no theorem in it",))
    plain = without_comments(submission.text, submission.mask, kept) if brief.sieved else submission.text
    said = tuple(map(str, found))
    if any(remark.refuses for remark in found):
        return Refused(Layer.TEXT, said)
    return Reading(submission, plain, targets, filled, said, tied)


def too_long(submission: str) -> Refused | None:
    """The refusal of a text that would take too long to be read."""
    return Refused(Layer.TEXT, (f"it has over {LARGEST:,} characters",)) if len(submission) > LARGEST else None


def _bare(brief: Brief, submission: LeanFile, filled: Filled) -> LeanFile:
    """The submission without the comments in its answers: those go into the challenge as they are."""
    ends = [0, *(edge for place in sorted(a.place for a in filled.answers) for edge in place), len(submission.text)]
    kept = [Span(*edges) for edges in zip(ends[::2], ends[1::2], strict=True)]
    text = without_comments(submission.text, submission.mask, kept)
    return submission if text == submission.text else parse(text, brief.file)


def _stated(brief: Brief, challenge: LeanFile, filled: Filled) -> Problem | Refused:
    """What is to be proved; where that cannot be read, it is the challenge's fault or the answers'."""
    try:
        return problem(filled.text, file=brief.challenge_file, name=brief.name)
    except SourceError as error:
        if not filled.answers:
            raise
        problem(fill_in(challenge, "_"), file=brief.challenge_file, name=brief.name)
        return Refused(Layer.TEXT, (f"with its answers the challenge cannot be read: {error.message}",))


def _sieved(brief: Brief, submission: LeanFile, stated: Problem, filled: Filled) -> tuple[Remark, ...]:
    places = [answer.place for answer in filled.answers]
    if brief.layout is None:
        return sieve(submission, stated, places)
    return sieve(submission, brief.layout, places, brief.foreign)


def _kept(brief: Brief, submission: LeanFile, stated: Problem) -> tuple[Span, ...]:
    """The stretches of a submission that passed the sieve in which it is its challenge, byte for byte."""
    layout = brief.layout or stated
    before = Span(0, len(layout.preamble))
    found = declared(submission, parse_name(layout.name))
    if not found:
        return (before,)
    start, suffix = found[0].statement.start, layout.suffix.strip()
    statement = Span(start - len(layout.lead), start + len(layout.statement))
    behind = submission.text.rfind(suffix) if suffix else len(submission.text)
    after = Span(behind, behind + len(suffix))
    return (before, after) if brief.foreign else (before, statement, after)


def _own_targets(submission: LeanFile, name: str | None) -> tuple[Name, ...]:
    """The theorem asked for; without a name all that others can use."""
    public = (d for d in submission.theorems if "private" not in d.command.lead.modifiers)
    names = [name] if name else [d.full_name for d in public if d.full_name]
    return tuple(dict.fromkeys(map(parse_name, names)))
