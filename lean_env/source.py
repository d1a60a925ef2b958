"""Lean source text: a file cut into its commands and declarations, and one theorem of it cut out as a problem.

Text scanning locates: what a declaration means, and whether a proof is one, is for a checker to say.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Final

from lemmata.domain import Problem
from lemmata.errors import SourceError
from lemmata.lean_env import declaration
from lemmata.lean_env.commands import DECLARATIONS, Command, split
from lemmata.lean_env.declaration import Declaration
from lemmata.lean_env.scanner import Mask, Span, Trivia, scan


@dataclass(frozen=True)
class LeanFile:
    """A Lean text cut into its parts. The `pieces` joined are the text."""

    text: str
    file: str | None
    mask: Mask = field(repr=False)
    header: Span
    """From the beginning to the end of the last import, `module` and `prelude` and comments among them included."""
    imports: tuple[str, ...]
    """The imported modules, in order."""
    commands: tuple[Command, ...] = field(repr=False)
    declarations: tuple[Declaration, ...]

    @property
    def theorems(self) -> tuple[Declaration, ...]:
        """The theorems and lemmas."""
        return tuple(d for d in self.declarations if d.theorem)

    @property
    def incomplete(self) -> tuple[Declaration, ...]:
        """The theorems and lemmas without a complete proof."""
        return tuple(d for d in self.theorems if not d.complete)

    @property
    def pieces(self) -> tuple[str, ...]:
        """The text in order: each part of each declaration, each other command, and what stands between them."""
        declared = {d.command: d for d in self.declarations}
        pieces: list[str] = []
        done = 0
        for command in self.commands:
            parts = _parts(declared[command]) if command in declared else [command.span]
            for span in parts:
                if not span.empty:
                    pieces += (self.text[done : span.start], span.of(self.text))
                    done = span.end
        return tuple(piece for piece in (*pieces, self.text[done:]) if piece)

    def line(self, offset: int) -> int:
        """The line of an offset, from 1."""
        return self.text.count("\n", 0, offset) + 1


def _parts(found: Declaration) -> list[Span]:
    lead = found.command.lead
    return [
        found.lead,
        lead.at,
        found.name_span,
        found.universes,
        *(binder.span for binder in found.binders),
        found.colon,
        found.target,
        found.assign,
        found.proof,
        found.suffix,
    ]


_IMPORT: Final = re.compile(r"\bimport\s+(?:all\s+|runtime\s+)*((?:«[^»]*»|[\w'!?]+)(?:\.(?:«[^»]*»|[\w'!?]+))*)")
_NAME_PART: Final = re.compile(r"«[^»]*»|[^.«]+")
_SCOPE_NAME: Final = re.compile(r"[ \t]*((?:«[^»]*»|[\w'!?.])+)")


def parse(text: str, file: str | None = None) -> LeanFile:
    """Cut a Lean text into its parts; damaged text is cut as far as it goes, nothing raises."""
    found = scan(text)
    commands = split(found)
    header_end, imports = _header(text, found.text, commands)
    return LeanFile(
        text=text,
        file=file,
        mask=found,
        header=Span(0, header_end),
        imports=imports,
        commands=commands,
        declarations=tuple(_declarations(text, found.text, commands)),
    )


def _header(text: str, masked: str, commands: tuple[Command, ...]) -> tuple[int, tuple[str, ...]]:
    end, imports = 0, []
    for command in commands:
        if command.keyword not in ("import", "module", "prelude"):
            break
        end = command.span.end
        imports += [text[slice(*found.span(1))] for found in _IMPORT.finditer(masked, *command.span)]
    return end, tuple(imports)


def _declarations(text: str, masked: str, commands: tuple[Command, ...]) -> Iterator[Declaration]:
    scopes: list[tuple[str, str]] = []  # (keyword, one part of a name)
    line, counted = 1, 0
    for command in commands:
        keyword = command.keyword
        if keyword in DECLARATIONS:
            line, counted = line + text.count("\n", counted, command.lead.at.start), command.lead.at.start
            namespace = ".".join(part for kind, part in scopes if kind == "namespace")
            mutual = any(kind == "mutual" for kind, _ in scopes)
            yield declaration.cut(text, masked, command, namespace, mutual=mutual, line=line)
        elif keyword in ("namespace", "section", "mutual"):
            scopes += [(keyword, part) for part in _scope_parts(text, masked, command)] or [(keyword, "")]
        elif keyword == "end":
            del scopes[-(len(_scope_parts(text, masked, command)) or 1) :]


def _scope_parts(text: str, masked: str, command: Command) -> list[str]:
    found = _SCOPE_NAME.match(masked, *command.body)
    return _NAME_PART.findall(text[slice(*found.span(1))]) if found and command.keyword != "mutual" else []


def problem(
    text: str, *, file: str | None = None, name: str | None = None, line: int | None = None, answer: str | None = None
) -> Problem:
    """Cut one theorem out of a Lean text.

    Args:
        text: The whole file.
        file: What to call it in messages.
        name: The theorem's name, in full or as much of its end as is unique.
        line: A line of the theorem, from 1. Without name and line, the theorem without a complete proof is meant, or
            the only one.
        answer: Lean text for the `.._solution` definition that the file leaves open.

    Raises:
        SourceError: There is no such theorem, several are meant, or it is none that can be proved alone.
    """
    source = parse(text, file)
    if cut_off := source.mask.unterminated:
        raise SourceError(f"this {_NOUNS[cut_off.kind]} is never closed", file=file, line=cut_off.line)
    target = _target(source, name, line)
    if place := _answer_place(source, target, answer):
        source, target = _answered(source, target, place, answer or "")
    text, statement, end = source.text, target.statement, target.span.end
    start = _with_comments(source, target.span.start)
    return Problem(
        name=target.full_name or "",
        preamble=text[:start],
        lead=text[start : statement.start],
        statement=statement.of(text),
        proof=text[statement.end : end],
        suffix=text[end:],
        file=file,
        informal=_informal(text, target),
    )


_NOUNS: Final = {
    Trivia.COMMENT: "comment",
    Trivia.DOCSTRING: "docstring",
    Trivia.MODULE_DOC: "module docstring",
    Trivia.LITERAL: "string",
    Trivia.NAME: "name in «»",
}


def _with_comments(source: LeanFile, start: int) -> int:
    """Where the comments begin that stand right above an offset, no blank line between: they are about what follows.

    Above a docstring they are not: what is to be said of the declaration is in it.
    """
    while not source.text.startswith("/--", start):
        above = source.text[:start].rstrip(" \t")
        before = next((h for h in reversed(source.mask.hidden) if h.end <= start), None)
        if before is None or before.kind is not Trivia.COMMENT or above[before.end :] not in ("\n", "\r\n"):
            return start
        if source.text[: before.start].rpartition("\n")[2].strip():
            return start  # it ends a line of what stands before
        start = before.start
    return start


def _informal(text: str, target: Declaration) -> str | None:
    docstring = target.command.docstring
    return docstring.of(text)[3:-2].strip() or None if docstring else None


def _target(source: LeanFile, name: str | None, line: int | None) -> Declaration:
    if name is not None:
        found = _named(source, name)
    elif line is not None:
        found = _at_line(source, line)
    else:
        found = _meant(source)
    if found.full_name is None or not found.theorem:
        raise SourceError(
            f"{found.title} cannot be a target: only a theorem or lemma can", file=source.file, line=found.line
        )
    if found.mutual:
        raise SourceError(
            f"{found.title} stands in a mutual block and cannot be a target: it cannot be proved alone",
            file=source.file,
            line=found.line,
        )
    if "private" in found.command.lead.modifiers:
        raise SourceError(
            f"{found.title} is private and cannot be a target: nobody outside could use or judge it",
            file=source.file,
            line=found.line,
        )
    if found.target.empty:
        raise SourceError(f"{found.title} says nothing: expected `: PROPOSITION`", file=source.file, line=found.line)
    return found


def _named(source: LeanFile, name: str) -> Declaration:
    wanted = name.removeprefix("_root_.")
    exact = [d for d in source.declarations if d.full_name == wanted]
    found = exact or [d for d in source.declarations if d.full_name and d.full_name.endswith("." + wanted)]
    if len(found) == 1:
        return found[0]
    if found:
        raise SourceError(f"{name} names several declarations: {_listed(found)}; name a line, as in #L{found[0].line}",
                          file=source.file)  # fmt: skip
    names = {d.full_name: d for d in source.theorems if d.full_name}
    last_parts = {full.rpartition(".")[2]: full for full in names}
    near = get_close_matches(wanted, [*names, *last_parts], n=3, cutoff=0.6)
    known = [names[last_parts.get(match, match)] for match in near] or list(names.values())
    hint = f"nearest: {_listed(known)}" if near else f"there is: {_listed(known)}" if known else "it holds no theorem"
    raise SourceError(f"no theorem is named {name}; {hint}", file=source.file)


def _at_line(source: LeanFile, line: int) -> Declaration:
    for found in source.declarations:
        if source.line(found.span.start) <= line <= source.line(found.span.end):
            return found
    there = f"there is: {_listed(source.theorems)}" if source.theorems else "it holds no theorem"
    raise SourceError(f"no declaration stands at this line; {there}", file=source.file, line=line)


def _meant(source: LeanFile) -> Declaration:
    theorems, incomplete = source.theorems, source.incomplete
    if len(incomplete) == 1:
        return incomplete[0]
    if incomplete:
        raise SourceError(
            f"{len(incomplete)} theorems have no complete proof: {_listed(incomplete)}; say which is meant",
            file=source.file,
        )
    if len(theorems) == 1:
        return theorems[0]
    if theorems:
        raise SourceError(
            f"every theorem has a complete proof: {_listed(theorems)}; say which is meant", file=source.file
        )
    examples = [d for d in source.declarations if d.keyword == "example"]
    if examples:
        raise SourceError(
            "an example cannot be a target, and there is no theorem: write `theorem NAME` in its place",
            file=source.file,
            line=examples[0].line,
        )
    raise SourceError("no theorem found: expected `theorem NAME .. : PROPOSITION := sorry`", file=source.file)


_LISTED: Final = 12


def _listed(found: list[Declaration] | tuple[Declaration, ...]) -> str:
    shown = ", ".join(f"{d.full_name or d.keyword} (line {d.line})" for d in found[:_LISTED])
    return shown + (f" and {len(found) - _LISTED} more" if len(found) > _LISTED else "")


_BY_HOLE: Final = re.compile(r"(?:by\s+)?sorry\Z")


def _answer_place(source: LeanFile, target: Declaration, answer: str | None) -> Span | None:
    """The `sorry` of the `.._solution` definition that is open; None where there is nothing to answer."""
    unanswered = [d for d in source.declarations if is_open_answer(d) and d.span.start < target.span.start]
    own = [d for d in unanswered if d.full_name == f"{target.full_name}_solution"] or unanswered
    if answer is None:
        if own:
            raise SourceError(
                f"{own[0].title} is left open: give its value with --answer TEXT", file=source.file, line=own[0].line
            )
        return None
    if not answer.strip():
        raise SourceError("the answer is empty: expected Lean text", file=source.file)
    if not own:
        raise SourceError("an answer is given, but no `.._solution` definition is left open", file=source.file)
    if len(own) > 1:
        raise SourceError(f"one answer is given, but several definitions are open: {_listed(own)}", file=source.file)
    if _BY_HOLE.match(own[0].proof.of(source.mask.text)):
        return own[0].proof
    places = declaration.holes(source.mask.text, own[0].proof)
    if len(places) != 1:
        raise SourceError(
            f"{own[0].title} has no single `sorry` to put the answer in", file=source.file, line=own[0].line
        )
    return places[0]


def is_open_answer(found: Declaration) -> bool:
    """Whether it is a `.._solution` definition without a value: the question is what stands there."""
    return found.keyword in ("abbrev", "def") and (found.full_name or "").endswith("_solution") and not found.complete


def _answered(source: LeanFile, target: Declaration, place: Span, answer: str) -> tuple[LeanFile, Declaration]:
    """The file with the answer in its place, and the same theorem in it."""
    answer = answer.strip()
    filled = parse(source.text[: place.start] + answer + source.text[place.end :], source.file)
    moved = len(answer) - (place.end - place.start)
    for found in filled.declarations:
        if len(filled.declarations) == len(source.declarations) and found.span.start == target.span.start + moved:
            return filled, found
    raise SourceError("the answer is no single term: with it the file reads differently", file=source.file)
