"""What the text of a submission may not contain, told before anything of it runs.

A first line only: it keeps code of a submission from running at compile time and gives reasons with a line. What is
proved is decided later, from what was compiled. A file that is judged by itself may hold helper theorems, definitions,
types, sections, variables, `open` and ordinary options and attributes; what answers a challenge may hold far less, see
`sieve`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from typing import Final, NamedTuple

from lemmata.lean_env.declaration import Declaration
from lemmata.lean_env.header import read_header
from lemmata.lean_env.plain import doubts, without_comments
from lemmata.lean_env.scanner import Span
from lemmata.lean_env.source import LeanFile
from lemmata.lean_env.terms import Name, parse_name

# An identifier as Lean reads it, but for letters that only newer versions take: those split it, which refuses more.
_LETTER: Final = "A-Za-z_α-κμ-ωΑ-ΟΡΤ-Ωϊ-ϻἀ-῾℀-⅏\U0001d49c-\U0001d59f"
_PART: Final = rf"(?:[{_LETTER}][{_LETTER}0-9'!?₀-₉ₐ-ₜᵢ-ᵪ]*|«[^»\n]*»)"
WORD: Final = re.compile(rf"{_PART}(?:\.{_PART})*")

_WORDS: Final = (
    (
        r"notation3?|infix[lr]?|prefix|postfix|macro|macro_rules|syntax|elab|elab_rules|binder_predicate|unif_hint"
        r"|(?:builtin_)?d?simproc(?:_decl|_pattern%)?|declare_(?:syntax_cat|\w*config_elab|simp_like_tactic|aesop_rule_sets)"
        r"|register_(?:(?:builtin_)?option|simp_attr|label_attr|\w*parser\w*|tactic_tag|linter_set|error_explanation"
        r"|try\?_tactic|grind_attr|hint)|tactic_extension|add_decl_doc|seal|unseal",
        "`{}` can give the statement another meaning",
    ),
    ("instance", "an instance can give the statement another meaning"),
    (
        r"(?:builtin_)?initialize|run_(?:cmd|elab|meta|tac|conv)|by_elab|native_decide|(?:Lean\.)?(?:ofR|r)educe(?:Bool|Nat)"
        r"|include_str"
        # Programs: what is of these types can be run by a tactic's options, a handler, or `eval%`.
        r"|(?:.*\.)?(?:IO|EIO|BaseIO|CoreM|MetaM|SimpM|TermElabM|TacticM|CommandElabM|FrontendM)(?:\..*)?",
        "`{}` runs code while the file is compiled",
    ),
    ("axiom", "an axiom is no proof"),
    ("unsafe|init_quot", "`{}` is outside what the kernel checks"),
)
_REFUSED: Final = tuple((re.compile(words), text) for words, text in _WORDS)
# Where a `#` stands Lean takes the longest command that it knows, whatever follows it.
_SIGNS: Final = (
    (re.compile(r"#eval!?"), "`{}` runs code while the file is compiled"),
    (re.compile(r"#exit"), "`{}` leaves the rest of the file unread"),
    (re.compile(r"\+\s*native|native\s*:=|eval%"), "`{}` runs code while the file is compiled"),
)
_OPTION_NAME: Final = re.compile(r"\s*((?:«[^»]*»|[^\s.«»]+)(?:\.(?:«[^»]*»|[^\s.«»]+))*)\s*(\S*)")
_ATTRIBUTE: Final = re.compile(r"\s*(?:(?:local|scoped)\s+)*-?\s*([\w.'«»]+)")
_BRACKET: Final = re.compile(r"@\[|[\[\](){},]")
# Options by their first part: they switch checks off, or reach into Lean itself.
_OPTIONS: Final = frozenset({"debug", "bootstrap", "internal", "experimental", "interpreter", "compiler"})
_QUIET: Final = ("warn", "sorry")
# Attributes that record a declaration for tactics, or say how eagerly it is unfolded. Others may run what they mark.
_HARMLESS: Final = frozenset(
    """
    simp simps ext reducible irreducible semireducible inline noinline always_inline macro_inline specialize
    nospecialize elab_as_elim elab_without_expected_type symm refl rfl trans congr gcongr grind norm_cast push_cast
    match_pattern inherit_doc deprecated class pp_nodot nolint to_additive mono fun_prop measurability continuity aesop
    induction_eliminator cases_eliminator expose seval bv_normalize wf_preprocess reassoc stacks wikidata
    """.split()  # noqa: SIM905
)


MOST: Final = 100
"""How many remarks of one sort are made: more would help nobody, and each looks up its line."""


class Remark(NamedTuple):
    """Something in a submission that is worth a word."""

    line: int
    text: str
    refuses: bool = True
    """Whether the submission is refused for it."""

    def __str__(self) -> str:
        return f"line {self.line}: {self.text}"


def remarks(file: LeanFile, names: Iterable[Name]) -> tuple[Remark, ...]:
    """Everything remarkable in a file that is judged by itself, by line.

    Args:
        file: the text to judge.
        names: full names of its theorems that are asked for.
    """
    found = [Remark(1, text) for text in _header(file)]
    for name in names:
        found += _target(file, name)
    return tuple(sorted({*found, *findings(file), *islice(_named(file), MOST)}))


def findings(file: LeanFile, within: Span | None = None) -> Iterator[Remark]:
    """The words in a file, or in a stretch of it, that no submission may add, and what cannot be read for certain."""
    within = within or Span(0, len(file.text))
    found = chain(doubts(file.text, file.mask, within), _by_word(file, within))
    inside = ((offset, text) for offset, text in found if within.start <= offset < within.end)
    for offset, text in islice(inside, MOST):
        yield Remark(file.line(offset), text)


def _header(file: LeanFile) -> Iterator[str]:
    header = read_header(file.text)
    for word in ("module", "prelude"):
        if getattr(header, word):
            yield f"`{word}` changes what a file starts from"


def _target(submission: LeanFile, name: Name) -> Iterator[Remark]:
    found = declared(submission, name)
    for one in found:
        if not one.theorem:
            yield Remark(one.line, f"{one.full_name} is not declared as a theorem but with `{one.keyword}`")
        if "private" in one.command.lead.modifiers:
            yield Remark(one.line, f"{one.full_name} is private: nobody else can use it")
    if len(found) > 1:
        yield repeated(found)


def declared(file: LeanFile, name: Name) -> list[Declaration]:
    """The declarations of that name."""
    return [d for d in file.declarations if d.full_name and parse_name(d.full_name) == name]


def repeated(found: list[Declaration]) -> Remark:
    """What is said of several declarations of one name."""
    lines = ", ".join(str(d.line) for d in found)
    return Remark(found[-1].line, f"{found[-1].full_name} is declared more than once (lines {lines})")


def forbids(word: str) -> bool:
    """Whether a word is among those that no submission may add."""
    return any(words.fullmatch(word) for words, _ in _REFUSED) or any(signs.fullmatch(word) for signs, _ in _SIGNS)


def _by_word(file: LeanFile, within: Span) -> Iterator[tuple[int, str]]:
    for found in WORD.finditer(file.mask.text, *within):
        for words, text in _REFUSED:
            if words.fullmatch(found.group()):
                yield found.start(), text.format(found.group())
    for signs, text in _SIGNS:
        for found in signs.finditer(file.mask.text, *within):
            yield found.start(), text.format(found.group())
    for quoted in file.mask.hidden:
        spelt = file.text[quoted.start : quoted.end]
        if spelt == "«native»" and within.start <= quoted.start < within.end:
            yield quoted.start, "`«native»` runs code while the file is compiled"
    for one in file.declarations:
        name = parse_name(one.full_name) if one.full_name else ()
        if name[:1] == ("Lean",):
            yield one.span.start, f"{one.full_name} can stand for something of Lean's own that Lean runs"


def _named(file: LeanFile) -> Iterator[Remark]:
    """Options and attributes, which go by names that may be quoted."""
    code = without_comments(file.text, file.mask)
    brackets = []
    for found in WORD.finditer(file.mask.text):
        if found.group() == "set_option" and (named := _OPTION_NAME.match(code, found.end())):
            option = parse_name(named[1])
            if option[:1] and option[0] in _OPTIONS:
                yield Remark(file.line(found.start()), f"the option {named[1]} can switch checks off")
            elif option == _QUIET:
                yield Remark(file.line(found.start()), f"the option {named[1]} hides warnings", refuses=False)
        elif found.group() == "attribute" and (opened := _OPENED.match(file.mask.text, found.end())):
            brackets.append(opened.end() - 1)
    for start, end in _items(file.mask.text, frozenset(brackets)):
        named = _ATTRIBUTE.match(code, start, end)
        name = ".".join(map(str, parse_name(named[1]))) if named else "?"
        begun = code[start : min(end, start + 40)]  # items can nest: to read each to its end would take too long
        if name not in _HARMLESS and (named or begun.strip() or end > start + 40):
            shown = named[1] if named else " ".join(begun.split())
            text = f"the attribute `{shown}` can change what names mean or what code does"
            yield Remark(file.line(named.start(1) if named else start), text)


_OPENED: Final = re.compile(r"\s*\[")


def _items(masked: str, openings: frozenset[int]) -> Iterator[tuple[int, int]]:
    """What stands between the commas of every `@[..]` and of the brackets at these offsets; unclosed ones as well."""
    frames: list[int | None] = []  # for each open bracket, where its newest item begins if it holds attributes
    for found in _BRACKET.finditer(masked):
        sign, at = found.group(), found.start()
        if sign in ("@[", "[", "(", "{"):
            frames.append(found.end() if sign == "@[" or at in openings else None)
            continue
        if not frames:
            continue
        begun = frames[-1] if sign == "," else frames.pop()
        if begun is not None:
            yield begun, at
            if sign == ",":
                frames[-1] = found.end()
    yield from ((begun, len(masked)) for begun in frames if begun is not None)
