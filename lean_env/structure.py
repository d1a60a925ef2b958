"""What a submission may not contain unless its challenge does, told from the text before anything of it runs.

A first line only: it keeps code of a submission from running at compile time and gives reasons with a line. Whether the
statement is the challenge's is decided later, from what was compiled. Commands of the challenge may be kept as they
are; comments and blanks do not count. Helper theorems, definitions, types, sections, variables, `open` and ordinary
options and attributes are free.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Final, NamedTuple

from lemmata.lean_env.header import read_header
from lemmata.lean_env.scanner import Span, Trivia
from lemmata.lean_env.source import LeanFile
from lemmata.lean_env.terms import Name, parse_name

_AFTER: Final = r"(?![\w'!?]|\.\w)"
_BEFORE: Final = r"(?<![\w.'!?#])"


def _words(words: str) -> re.Pattern[str]:
    return re.compile(_BEFORE + "(?:" + "|".join(words.split()) + ")" + _AFTER)


_WORDS: Final = (
    (
        _words(
            "notation3? infix[lr]? prefix postfix macro macro_rules syntax elab elab_rules declare_syntax_cat"
            r" binder_predicate unif_hint d?simproc d?simproc_decl register_\w+ declare_\w+ tactic_extension"
        ),
        "`{}` can give the statement another meaning",
    ),
    (_words("instance"), "an instance can give the statement another meaning"),
    (
        _words(r"(?:builtin_)?initialize run_(?:cmd|elab|meta|tac|conv) by_elab"),
        "`{}` runs code while the file is compiled",
    ),
    (re.compile(r"(?<![\w'!?.])#eval!?" + _AFTER), "`{}` runs code while the file is compiled"),
    (re.compile(r"(?<![\w'!?.])#exit" + _AFTER), "`{}` leaves the rest of the file unread"),
    (_words("axiom"), "an axiom is no proof"),
    (_words("unsafe init_quot"), "`{}` is outside what the kernel checks"),
)
_OPTION: Final = re.compile(_BEFORE + r"set_option\s+(?=\S)")
_OPTION_NAME: Final = re.compile(r"((?:«[^»]*»|[^\s.«»]+)(?:\.(?:«[^»]*»|[^\s.«»]+))*)\s*(\S*)")
_ATTRIBUTES: Final = re.compile(_BEFORE + r"attribute\s*\[|@\[")
_ATTRIBUTE: Final = re.compile(r"\s*(?:(?:local|scoped)\s+)*-?\s*([\w.'«»]+)")
# Options by their first part: they switch checks off, or reach into Lean itself.
_OPTIONS: Final = frozenset({"debug", "bootstrap", "internal", "experimental", "interpreter", "compiler"})
_READ: Final = (Trivia.LITERAL, Trivia.NAME)
_QUIET: Final = ("warn", "sorry")
# Attributes that change what text means, or what compiled code does.
_HARMFUL: Final = re.compile(
    r"default_instance|unification_hint|implemented_by|extern|export|csimp|(?:builtin_)?init|builtin_.*|macro|tactic"
    r"|.*_elab(?:_.*)?|.*parser.*|.*unexpander.*|.*delab.*|.*simproc.*"
)


class Remark(NamedTuple):
    """Something in a submission that is worth a word."""

    line: int
    text: str
    refuses: bool = True
    """Whether the submission is refused for it."""

    def __str__(self) -> str:
        return f"line {self.line}: {self.text}"


class _Finding(NamedTuple):
    offset: int
    text: str
    detail: str
    """What the challenge must contain as well for the submission to be free to."""
    refuses: bool


def remarks(submission: LeanFile, challenge: LeanFile | None, name: Name) -> tuple[Remark, ...]:
    """Everything remarkable in a submission, by line.

    Args:
        submission: the text to judge.
        challenge: what it answers; None if nothing is compared, then it may hold none of these things.
        name: full name of the theorem.
    """
    free = Counter[str]()
    kept: list[Span] = []
    if challenge is not None:
        kept, same = _kept(submission, challenge), _kept(challenge, submission)
        free.update(f.detail for f in _named(challenge) if not _inside(f, same))
    found = [Remark(1, text) for text in _header(submission, challenge)]
    found += _target(submission, name)
    for finding in (*_doubtful(submission), *_by_word(submission), *_named(submission)):
        if _inside(finding, kept):
            continue
        if free[finding.detail]:
            free[finding.detail] -= 1
        else:
            found.append(Remark(submission.line(finding.offset), finding.text, finding.refuses))
    return tuple(sorted(set(found)))


def _header(submission: LeanFile, challenge: LeanFile | None) -> Iterator[str]:
    ours = read_header(submission.text)
    theirs = read_header(challenge.text if challenge else "")
    for word in ("module", "prelude"):
        if getattr(ours, word) and not getattr(theirs, word):
            yield f"`{word}` changes what a file starts from"
    if challenge is not None:
        for other in sorted(set(ours.imports) - set(theirs.imports)):
            yield f"imports {other}, which the challenge does not"
        for other in sorted(set(theirs.imports) - set(ours.imports)):
            yield f"does not import {other}, which the challenge does"


def _target(submission: LeanFile, name: Name) -> Iterator[Remark]:
    found = [d for d in submission.declarations if d.full_name and parse_name(d.full_name) == name]
    for one in found:
        if not one.theorem:
            yield Remark(one.line, f"{one.full_name} is not declared as a theorem but with `{one.keyword}`")
        if "private" in one.command.lead.modifiers:
            yield Remark(one.line, f"{one.full_name} is private: nobody else can use it")
    if len(found) > 1:
        lines = ", ".join(str(d.line) for d in found)
        yield Remark(found[-1].line, f"{found[-1].full_name} is declared more than once (lines {lines})")


def _inside(finding: _Finding, spans: list[Span]) -> bool:
    return any(start <= finding.offset < end for start, end in spans)


def _kept(file: LeanFile, other: LeanFile) -> list[Span]:
    """The commands of a file that the other one has as well."""
    theirs = Counter(_code(other, c.span) for c in other.commands)
    kept = []
    for command in file.commands:
        code = _code(file, command.span)
        if theirs[code]:
            theirs[code] -= 1
            kept.append(command.span)
    return kept


def _code(file: LeanFile, span: Span) -> str:
    """A stretch of a text without comments, blanks made equal."""
    shown = (h for h in file.mask.hidden if h.kind in _READ and span.start <= h.start < span.end)
    pieces, done = [], span.start
    for hidden in shown:
        pieces += [file.mask.text[done : hidden.start], file.text[hidden.start : hidden.end]]
        done = hidden.end
    return " ".join("".join((*pieces, file.mask.text[done : span.end])).split())


def _doubtful(file: LeanFile) -> Iterator[_Finding]:
    """Where another reading of a quote would show as code what is taken for a literal, or hide what is not."""
    for offset in file.mask.doubtful:
        text = "what is code here depends on notation that cannot be known: write it apart"
        yield _Finding(offset, text, "", refuses=True)


def _by_word(file: LeanFile) -> Iterator[_Finding]:
    for pattern, text in _WORDS:
        for found in pattern.finditer(file.mask.text):
            # Nothing that the challenge holds elsewhere makes a word free: only a command kept as it is.
            yield _Finding(found.start(), text.format(found.group()), "", refuses=True)


def _named(file: LeanFile) -> Iterator[_Finding]:
    """Options and attributes, which go by names that may be quoted."""
    for found in _OPTION.finditer(file.mask.text):
        if named := _OPTION_NAME.match(file.text, found.end()):
            option = parse_name(named[1])
            detail = f"set_option {option} {named[2]}"
            if option[:1] and option[0] in _OPTIONS:
                yield _Finding(found.start(), f"the option {named[1]} can switch checks off", detail, refuses=True)
            elif option == _QUIET:
                yield _Finding(found.start(), f"the option {named[1]} hides warnings", detail, refuses=False)
    for found in _ATTRIBUTES.finditer(file.mask.text):
        for offset, attribute in _attributes(file, found.end()):
            name = ".".join(map(str, parse_name(attribute)))
            if _HARMFUL.fullmatch(name):
                text = f"the attribute `{attribute}` can change what names mean or what code does"
                yield _Finding(offset, text, f"@[{name}]", refuses=True)


def _attributes(file: LeanFile, start: int) -> Iterator[tuple[int, str]]:
    """The attributes in a bracket that was opened before `start`, with their offsets."""
    depth, at = 1, start
    for found in re.finditer(r"[\[\](){},]", file.mask.text[start:]):
        sign, end = found.group(), start + found.start()
        if sign in "[({":
            depth += 1
        elif sign != ",":
            depth -= 1
        if depth == 0 or (depth == 1 and sign == ","):
            if named := _ATTRIBUTE.match(file.text, at, end):
                yield named.start(1), named[1]
            at = end + 1
        if depth == 0:
            return
