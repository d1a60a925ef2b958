"""The commands of a Lean file: where each begins and ends, what precedes its keyword.

A command begins with a keyword in column 0, or with a declaration's keyword first in any line outside all brackets.
What a command says is not read here, except for how far it reaches.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

from lemmata.lean_env.scanner import CLOSERS, OPENERS, Mask, Span, Trivia

THEOREMS: Final = frozenset({"theorem", "lemma"})
DECLARATIONS: Final = THEOREMS | {
    "def", "irreducible_def", "abbrev", "instance", "structure", "inductive", "coinductive", "class", "axiom", "opaque",
    "example",
}  # fmt: skip
SCOPES: Final = frozenset({"namespace", "section", "mutual", "end"})
_HEADER: Final = frozenset({"import", "module", "prelude"})
# Commands that may be followed by `in` and a command for which alone they hold.
_LOCAL: Final = frozenset({"open", "set_option", "variable", "universe", "omit", "include", "attribute", "unseal"})
_COUNTING: Final = re.compile(r"#?(?:guard_msgs|guard_panic|count_heartbeats|info_trees|time|whatsnew)\Z")
_OTHER: Final = (
    "variables", "universes", "export", "notation3?", "infix[lr]?", "prefix", "postfix", "macro", "macro_rules",
    "syntax", "elab", "elab_rules", "binder_predicate", "unif_hint", "initialize", "builtin_initialize", "alias",
    r"run_(?:cmd|elab|meta)", r"library_note2?", "add_decl_doc", "extend_docs", "initialize_simps_projections",
    "(?:un)?suppress_compilation", "seal", "recall", "proof_wanted", "mk_iff_of_inductive_prop", "deprecated_module",
    r"d?simproc(?:_decl)?", r"builtin_d?simproc(?:_decl)?", r"(?:declare|register|assert)_\w+", "tactic_extension",
    r"compile_(?:inductive|def)%", "gen_injective_theorems%", r"(?:add|erase)_aesop_rules", "grind_pattern",
    "deprecate", "unset_option", "init_quot", "guard_min_heartbeats", "show_panel_widgets", r"variable\?",
    "count_heartbeats", "whatsnew", r"deriving(?=\s+(?:noncomputable\s+)?instance\b)", r"#[A-Za-z]\w*[!?]?",
)  # fmt: skip
_MODIFIER_WORDS: Final = (
    "private", "protected", "public", "noncomputable", "computable", "unsafe", "partial", "nonrec", "scoped", "local",
    "meta",
)  # fmt: skip
_END_OF_WORD: Final = r"(?![\w'!?]|\.\w)"


def _words(words: Iterable[str]) -> str:
    return "(?:" + "|".join(sorted(words, reverse=True)) + ")"


_COLUMN_0: Final = re.compile(
    r"^\ufeff?(?=@\[|"
    + _words([*DECLARATIONS, *SCOPES, *_HEADER, *_LOCAL, *_OTHER, *_MODIFIER_WORDS])
    + _END_OF_WORD
    + ")",
    re.MULTILINE,
)
_INDENTED: Final = re.compile(
    r"^[ \t]+(?=@\[|" + _words([*DECLARATIONS, *SCOPES, *_LOCAL, *_MODIFIER_WORDS]) + _END_OF_WORD + ")", re.MULTILINE
)
_KNOWN: Final = re.compile(_words([*DECLARATIONS, *SCOPES, *_LOCAL, *_OTHER]) + _END_OF_WORD)
_MODIFIER: Final = re.compile(_words(_MODIFIER_WORDS) + r"(?:\s*\[[^\]]*\])?" + _END_OF_WORD)
_KEYWORD: Final = re.compile(r"#?[\w']+[%!?]?|«[^»]*»|\S")
_BLANKS: Final = re.compile(r"\s*")
_SQUARE: Final = re.compile(r"[\[\]]")
_BRACKET: Final = re.compile("[" + re.escape(OPENERS + CLOSERS) + "]")
_IN: Final = re.compile(_BRACKET.pattern + r"|(?<![\w'.!?])in(?![\w'!?])")
_SCOPE_NAME: Final = re.compile(
    r"[ \t]*(?!" + _words([*DECLARATIONS, *SCOPES, *_LOCAL, *_MODIFIER_WORDS]) + r"\b)(?:«[^»]*»|[\w'!?.])+"
)


class Lead(NamedTuple):
    """What precedes the keyword of a command, and the keyword."""

    prefixes: Span
    """`open .. in`, `set_option .. in` and the like; empty where there is none."""
    attributes: tuple[Span, ...]
    """Each `@[..]`."""
    modifiers: tuple[str, ...]
    keyword: str
    at: Span
    """Where the keyword stands."""


@dataclass(frozen=True, slots=True)
class Command:
    """One command of a file, or what stands in a command's place."""

    span: Span
    """From its docstring, attributes, modifiers or `.. in` to its last code; blanks and comments after it excluded."""
    docstring: Span | None
    lead: Lead

    @property
    def keyword(self) -> str:
        """Its keyword: `theorem`, `open`, `#check`; for commands not known here, its first word."""
        return self.lead.keyword

    @property
    def body(self) -> Span:
        """What follows the keyword."""
        return Span(self.lead.at.end, self.span.end)


def split(mask: Mask) -> tuple[Command, ...]:
    """The commands of a masked text, in order, none inside another."""
    text = mask.text
    docstrings = [h.span for h in mask.hidden if h.kind is Trivia.DOCSTRING]
    leads = list(_leads(text))
    starts = [_start(text, docstrings, lead_start) for lead_start, _ in leads]
    found: list[Command] = []
    for (_, lead), start, limit in zip(leads, starts, [*starts[1:], len(text)], strict=False):
        end = max(lead.at.end, start + len(text[start:limit].rstrip()))
        inner = bisect_left(docstrings, (lead.at.start,)) - 1
        earliest = start if lead.prefixes.empty else lead.prefixes.end
        docstring = docstrings[inner] if inner >= 0 and docstrings[inner].start >= earliest else None
        found.append(Command(Span(start, end), docstring, lead))
    return tuple(found)


def _start(text: str, docstrings: list[Span], lead_start: int) -> int:
    """A docstring belongs to the command behind it when nothing but blanks and comments lies between."""
    index = bisect_left(docstrings, (lead_start,)) - 1
    if index >= 0 and not text[docstrings[index].end : lead_start].strip():
        return docstrings[index].start
    return lead_start


def _leads(text: str) -> Iterator[tuple[int, Lead]]:
    """The beginnings of all commands, docstrings before them left aside."""
    certain = [found.end() for found in _COLUMN_0.finditer(text)]
    possible = [found.end() for found in _INDENTED.finditer(text)]
    always = frozenset(certain)
    enclosure = _Enclosure(text)
    done, header = 0, True
    for start in sorted([*certain, *possible]):
        if start < done:
            continue
        if start in always:
            following = bisect_right(certain, start)
            lead = _read_lead(text, start, certain[following] if following < len(certain) else len(text))
            refused = _is_term(text, start, lead) or (lead.keyword in ("module", "prelude") and not header)
        else:
            lead = _read_lead(text, start, _line_end(text, start))
            refused = not _may_be_indented(text, lead) or enclosure.reaches(start)
        if refused:
            done = lead.at.start  # what begins on the way leads to the same keyword
            continue
        header = header and lead.keyword in _HEADER
        yield start, lead
        while (beside := _after_scope(text, lead)) is not None:
            lead = _read_lead(text, beside, _line_end(text, beside))
            yield beside, lead
        if lead.keyword == "#exit":
            return
        done = lead.at.end
        enclosure.restart(done)


def _is_term(text: str, start: int, lead: Lead) -> bool:
    """Whether `open .. in` or `set_option .. in` stands before what is no command: a term or a tactic."""
    return text.startswith(("open", "set_option"), start) and not _KNOWN.match(text, lead.at.start)


def _may_be_indented(text: str, lead: Lead) -> bool:
    """Whether a command that begins like this is one also where it is indented; `open .. in` may be a tactic."""
    if lead.keyword in ("open", "set_option", "attribute", "unseal"):
        return lead.prefixes.empty and _in_end(text, lead.at.end, _line_end(text, lead.at.end)) is None
    return lead.keyword in DECLARATIONS or lead.keyword in SCOPES or lead.keyword in _LOCAL


class _Enclosure:
    """Whether a bracket that was opened since the last command is still open."""

    def __init__(self, text: str) -> None:
        self._text = text
        self.restart(0)

    def restart(self, position: int) -> None:
        self._position, self._open = position, [0] * len(OPENERS)

    def reaches(self, position: int) -> bool:
        for found in _BRACKET.finditer(self._text, self._position, position):
            sign = found.group()
            if (kind := OPENERS.find(sign)) >= 0:
                self._open[kind] += 1
            else:
                kind = CLOSERS.index(sign)
                self._open[kind] = max(0, self._open[kind] - 1)
        self._position = max(position, self._position)
        return any(self._open)


def _line_end(text: str, start: int) -> int:
    end = text.find("\n", start)
    return len(text) if end < 0 else end


def _after_scope(text: str, lead: Lead) -> int | None:
    """Where another command begins in the same line as `section`, `namespace X`, `end X` or `mutual`."""
    if lead.keyword not in SCOPES:
        return None
    position = lead.at.end
    end = _line_end(text, position)
    if lead.keyword != "mutual" and (name := _SCOPE_NAME.match(text, position, end)):
        position = name.end()
    while position < end and text[position].isspace():
        position += 1
    return position if position < end else None


def _read_lead(text: str, start: int, limit: int) -> Lead:
    """Read prefixes, attributes and modifiers up to the keyword. `limit`: where the next command in column 0 begins."""
    prefixes_end, position = start, start
    attributes: list[Span] = []
    modifiers: list[str] = []
    while True:
        position = _skip(text, position)
        if text.startswith("@[", position):
            end = _attribute_end(text, position)
            attributes.append(Span(position, end))
            position = end
        elif found := _MODIFIER.match(text, position):
            modifiers.append(found.group())
            position = found.end()
        else:
            found = _KEYWORD.match(text, position)
            at = Span(position, found.end() if found else position)
            keyword = at.of(text)
            if keyword in _LOCAL or _COUNTING.match(keyword):
                inside = _in_end(text, at.end, max(limit, at.end))
                if inside is not None and text[inside:].strip():
                    prefixes_end = position = inside
                    attributes.clear()
                    modifiers.clear()
                    continue
            return Lead(Span(start, prefixes_end), tuple(attributes), tuple(modifiers), keyword, at)


def _skip(text: str, position: int) -> int:
    found = _BLANKS.match(text, position)
    return found.end() if found else position


def _attribute_end(text: str, start: int) -> int:
    depth = 0
    for found in _SQUARE.finditer(text, start):
        depth += 1 if found.group() == "[" else -1
        if depth == 0:
            return found.end()
    return len(text)


def _in_end(text: str, start: int, limit: int) -> int | None:
    """Behind the first `in` outside brackets."""
    depth = 0
    for found in _IN.finditer(text, start, limit):
        sign = found.group()
        if sign != "in":
            depth = max(0, depth + (1 if sign in OPENERS else -1))
        elif depth == 0:
            return found.end()
    return None
