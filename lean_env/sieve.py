"""What bytes can tell of a submission: it is its challenge's text with a proof, helpers and answers put in, no more.

A quick and strict first sieve. It refuses what it does not know and gives reasons with a line; that what passes is a
proof is for Lean to say. New text may be: helpers between what precedes the statement and the statement, each a
`theorem`, `lemma`, `def` or `abbrev`; `open .. in` and limits before them; the proof; the values of open answers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice, takewhile
from typing import Final

from lemmata.domain import Problem
from lemmata.lean_env.commands import Command
from lemmata.lean_env.declaration import Declaration
from lemmata.lean_env.header import read_header
from lemmata.lean_env.plain import without_comments
from lemmata.lean_env.scanner import Span, mask
from lemmata.lean_env.source import LeanFile
from lemmata.lean_env.structure import MOST, WORD, Remark, declared, findings, forbids, repeated
from lemmata.lean_env.terms import parse_name

_HELPERS: Final = frozenset({"theorem", "lemma", "def", "abbrev"})
_MODIFIERS: Final = frozenset({"noncomputable", "private", "protected"})
_LIMITS: Final = frozenset({"maxHeartbeats", "maxRecDepth"})
_HOLE: Final = re.compile(r"sorry|admit|sorryAx|stop")
_COMMAND: Final = re.compile(
    r"variables?\??|universes?|include|omit|namespace|section|end|mutual|structure|inductive|coinductive|class|opaque"
    r"|export|alias|attribute|example|deriving|irreducible_def|unset_option|recall|proof_wanted"
    r"|name_poly_vars|set_library_suggestions|grind_pattern|gen_injective_theorems|with_weak_namespace|public|meta"
    r"|suppress_compilation|assert_not_exists|assert_not_imported|library_note|initialize_simps_projections"
)
_SHOWS: Final = re.compile(
    r"#(?:check\w*|print|reduce|guard\w*|synth|help|find\w*|html|widget|sample|test|instances|simp|norm_num|conv|where)(?![\w.'])"
)
_OPEN: Final = re.compile(r"\s+(?!private\s)[^:=\[\]()]*?(?<![\w.'!?])in(?![\w'!?])")
_NO_TERM: Final = re.compile(
    r"theorem|lemma|def|abbrev|open|set_option|suppress_compilation|rec|where"
    r"|protected|private|local|scoped|noncomputable|computable|partial|nonrec"
)
_FIELD: Final = re.compile(r"[)\]}⟩»]\.\Z")
"""What stands before a word that names a field: `(f x).end`."""
_OPTION: Final = re.compile(r"\s*(\S+)\s+(\S+)(\s+in(?![\w'!?]))?")
_PREFIX: Final = re.compile(
    r"\s*(?:open\s+(?!private\s)[^:=\[\]]*?(?<![\w.'!?])in(?![\w'!?])|set_option\s+\S+\s+\d+\s+in(?![\w'!?]))\s*"
)
_ATTRIBUTES: Final = re.compile(r"@\[([^\]]*)")
_BODY: Final = re.compile(r"\s*(?::=|\|(?!\|)|where(?![\w'!?]))")
_HEADER: Final = frozenset({"import", "module", "prelude"})
_NO_HELPER: Final = "`{}` is no helper: only theorem, lemma, def and abbrev are"
_KEPT: Final = "is to be kept byte for byte"


def sieve(
    submission: LeanFile, challenge: Problem, answers: Iterable[Span] = (), foreign: Iterable[Span] = ()
) -> tuple[Remark, ...]:
    """Everything that keeps a submission from being the challenge with new text where new text may be, by line.

    Args:
        submission: the text to judge.
        challenge: what it answers, with the submission's answers in it; its proof does not count.
        answers: where the values of those answers stand in the submission.
        foreign: what is compared as the challenge's and comes from the submission all the same.
    """
    answers, foreign = tuple(answers), tuple(foreign)
    if not submission.text.startswith(challenge.preamble):
        return (_difference(submission, challenge),)
    kept = len(challenge.preamble)
    found = declared(submission, parse_name(challenge.name))
    if len(found) != 1:
        rest = Span(kept, len(submission.text))
        remark = repeated(found) if found else Remark(submission.line(kept), f"there is no {challenge.name}")
        return _sorted((remark, *_helpers(submission, rest, None), *_words(submission, rest)))
    target = found[0]
    statement = target.statement.start
    new = Span(kept, max(kept, statement - len(challenge.lead)))
    proof = Span(min(statement + len(challenge.statement), target.span.end), target.span.end)
    remarks = [*_statement(submission, challenge, target, new), *_helpers(submission, new, target)]
    remarks += _after(submission, challenge, target)
    for span in (new, proof, *answers, *foreign):
        remarks += _words(submission, span)
    for span in answers:
        remarks += _beyond_a_term(submission, span, "an answer")
    for span in foreign:
        remarks += _beyond_a_term(submission, _behind_its_keyword(submission, span), "a statement")
    return _sorted(remarks)


def _sorted(remarks: Iterable[Remark]) -> tuple[Remark, ...]:
    return tuple(sorted(set(remarks)))


def _difference(submission: LeanFile, challenge: Problem) -> Remark:
    """Where the text stops being what precedes the challenge's statement."""
    pairs = zip(submission.text, challenge.preamble, strict=False)
    line = submission.line(sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs)))
    ours, theirs = submission.imports, read_header(challenge.preamble).imports
    if other := sorted(set(ours) - set(theirs)):
        return Remark(line, f"imports {', '.join(other)}, which the challenge does not")
    if other := sorted(set(theirs) - set(ours)):
        return Remark(line, f"does not import {', '.join(other)}, which the challenge does")
    if submission.text.replace("\r\n", "\n").startswith(challenge.preamble.replace("\r\n", "\n")):
        return Remark(line, f"its lines end in another way than the challenge's: what precedes the statement {_KEPT}")
    return Remark(line, f"differs from the challenge here: what precedes the statement {_KEPT}")


def _statement(submission: LeanFile, challenge: Problem, target: Declaration, new: Span) -> Iterator[Remark]:
    """Whether the challenge's statement stands there, with what belongs before it, and nothing else does."""
    text, code, start = submission.text, submission.mask.text, target.statement.start
    if not target.theorem:
        yield Remark(target.line, f"{target.full_name} is not declared as a theorem but with `{target.keyword}`")
    elif not text.startswith(challenge.statement, start) or not _BODY.match(code, start + len(challenge.statement)):
        yield Remark(target.line, f"the statement of {challenge.name} differs from the challenge's: it {_KEPT}")
    begin = start - len(challenge.lead)
    prefixes = min(_prefixes(code, target.span.start, begin), begin)
    if begin < new.start or text[begin:start] != challenge.lead or code[max(prefixes, new.start) : begin].strip():
        given = " ".join(challenge.lead.split())[:60]
        what = f"`{given}` is to stand there as in the challenge" if given else "nothing else may stand there"
        yield Remark(target.line, f"right before the statement of {challenge.name}, {what}")


def _prefixes(code: str, start: int, end: int) -> int:
    """Behind the `open .. in` and `set_option .. in` that a stretch begins with."""
    while (found := _PREFIX.match(code, start, end)) is not None:
        start = found.end()
    return start


def _helpers(submission: LeanFile, new: Span, target: Declaration | None) -> Iterator[Remark]:
    """What stands where only helpers may."""
    text, code = submission.text, submission.mask.text
    if new.empty:
        return
    if new.start and not text[new.start - 1].isspace() and not text[new.start].isspace():
        yield Remark(submission.line(new.start), "new text joins a word of the challenge's: begin a new line")
    commands = [c for c in submission.commands if new.start <= c.span.start < new.end]
    end = commands[0].span.start if commands else new.end
    if code[new.start : end].strip():
        yield Remark(submission.line(new.start), "what follows the challenge's text is no helper")
    for command in islice(commands, MOST):
        alone = _prefixes(code, *command.span) == command.span.end  # what it stands before begins a line of its own
        if not alone and (target is None or command is not target.command):
            line = submission.line(command.lead.at.start)
            yield from (Remark(line, said) for said in _faults(code, command))


def _faults(code: str, command: Command) -> Iterator[str]:
    """What keeps a command from being a helper; its words are looked at elsewhere."""
    lead, keyword = command.lead, command.keyword
    if keyword in _HEADER:
        yield f"`{' '.join((keyword + command.body.of(code)).split())}` changes what the file starts from"
    elif keyword not in _HELPERS and keyword != "set_option" and not (_COMMAND.fullmatch(keyword) or forbids(keyword)):
        yield _NO_HELPER.format(keyword)
    for modifier in lead.modifiers:
        if modifier.split()[0] not in _MODIFIERS:
            yield f"a helper may not be `{modifier}`"
    if _prefixes(code, lead.prefixes.start, lead.prefixes.end) < lead.prefixes.end:
        yield "only `open .. in` and limits may stand before a helper"


def _after(submission: LeanFile, challenge: Problem, target: Declaration) -> Iterator[Remark]:
    """Whether the challenge's own text follows the proof, and nothing but comments beside it."""
    end, suffix = target.span.end, challenge.suffix.strip()
    code, theirs = submission.mask.text[end:], mask(suffix)
    if not theirs.strip():
        if code.strip():
            yield Remark(submission.line(end + _blanks(code)), "nothing may be added after the theorem")
        elif suffix not in submission.text[end:]:
            yield Remark(submission.line(end), f"the comment after the theorem {_KEPT}")
        return
    at = _blanks(code) - _blanks(theirs)
    if at < 0 or not submission.text.startswith(suffix, end + at):
        line = submission.line(end + _blanks(code)) if code.strip() else submission.line(end)
        yield Remark(line, f"what follows the theorem in the challenge {_KEPT}")
    elif behind := code[at + len(suffix) :].strip():
        line = submission.line(end + code.index(behind, at + len(suffix)))
        yield Remark(line, "nothing may be added after the challenge's text")


def _blanks(code: str) -> int:
    """How many characters stand before the first that counts."""
    return len(code) - len(code.lstrip())


def _words(submission: LeanFile, new: Span) -> Iterator[Remark]:
    """Words that new text may not hold, wherever they stand."""
    yield from findings(submission, new)
    code = submission.mask.text
    yield from (Remark(submission.line(at), said) for at, said in islice(_by_word(submission, code, new), MOST))


def _behind_its_keyword(submission: LeanFile, statement: Span) -> Span:
    """A statement from its theorem's name on."""
    starts = (d.command.lead.at.end for d in submission.declarations if statement.start <= d.command.lead.at.start)
    return Span(min(next(starts, statement.start), statement.end), statement.end)


def _beyond_a_term(submission: LeanFile, answer: Span, what: str) -> Iterator[Remark]:
    """What would make more of it than a term: it stands in the challenge too, so it may bring nothing else."""
    words = (found for found in WORD.finditer(submission.mask.text, *answer) if _NO_TERM.fullmatch(found.group()))
    for found in islice(words, MOST):
        yield Remark(submission.line(found.start()), f"{what} is one term: `{found.group()}` may not stand in it")


def _by_word(submission: LeanFile, code: str, new: Span) -> Iterator[tuple[int, str]]:
    shown = without_comments(submission.text, submission.mask)
    keywords = {command.lead.at.start for command in submission.commands}
    for found in WORD.finditer(code, *new):
        word, at = found.group(), found.start()
        if _FIELD.search(code, max(0, at - 2), at):
            continue
        if _HOLE.fullmatch(word):
            yield at, f"`{word}` leaves something open"
        elif _COMMAND.fullmatch(word):
            yield at, _NO_HELPER.format(word)
        elif word in _HELPERS and at not in keywords:
            yield at, f"`{word}` is to begin a line of its own"
        elif word == "open" and not _OPEN.match(code, found.end()):
            yield at, "only `open .. in` may stand there"
        elif word == "set_option":
            option = _OPTION.match(shown, found.end())
            if not (option and option[1] in _LIMITS and option[2].isdecimal() and option[3]):
                name = option[1] if option else ""
                yield at, f"the option {name} may not be set: only `set_option maxHeartbeats|maxRecDepth .. in` is"
    yield from ((found.start(), _NO_HELPER.format(found.group())) for found in _SHOWS.finditer(code, *new))
    for found in _ATTRIBUTES.finditer(code, *new):
        if shown[found.start(1) : found.end(1)].strip() != "simp":
            what = " ".join(shown[found.start(1) : found.end(1)].split())
            yield found.start(), f"the attribute `{what[:60]}` may not be given: only @[simp] may"
