"""What a Lean file declares, as the index of premises keeps it; as a program: for each file named on a line of its
input, one line of JSON. It ends with its input, so none outlives whoever started it.
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, NamedTuple

from lemmata.lean_env.commands import Command
from lemmata.lean_env.declaration import Declaration
from lemmata.lean_env.scanner import Span
from lemmata.lean_env.source import LeanFile, parse
from lemmata.tools.additive import additive_name, additive_word
from lemmata.tools.premise_words import declaration_words, name_words

STATEMENT_LIMIT: Final = 4000
"""Characters of a statement that are kept."""


class Row(NamedTuple):
    """One declaration as the index keeps it. Words are joined by blanks."""

    name: str
    kind: str
    """Its keyword; `alias`, or `to_additive` for what that attribute makes, whose statement is its source's."""
    statement: str
    docstring: str
    line: int
    name_words: str
    target_words: str
    hypothesis_words: str
    mentions: str
    """Names that its proof mentions, as written."""
    scope: str
    """The namespaces in which they are to be looked up, innermost first."""
    deprecated: bool


def rows(text: str) -> tuple[Row, ...]:
    """The declarations of a Lean text with the names that attributes and aliases add; nothing raises."""
    return tuple(_rows(parse(text)))


_ALIAS: Final = re.compile(r"alias\s+(?:⟨([^⟩]*)⟩|([^\s:]+))\s*:=\s*(\S+)")
_ADDITIVE: Final = re.compile(r"\bto_additive\b(?!_)([^\]\"]*)")
_DEPRECATED: Final = re.compile(r"\bdeprecated\b")
_OPEN: Final = re.compile(r"\s*(?:scoped\s+)?((?:[^\W\d][\w'.!?]*\s*)+)")


def _rows(source: LeanFile) -> Iterator[Row]:
    opened = " ".join(_opened(source))
    known: dict[str, Row] = {}
    for found in source.declarations:
        if found.full_name is None:
            continue
        row = _row(source, found, opened)
        known[row.name] = row
        yield row
        for attribute in found.command.lead.attributes:
            if asked := _ADDITIVE.search(attribute.of(source.mask.text)):
                yield from _additive(row, asked.group(1))
    yield from _aliases(source, known)


def _row(source: LeanFile, found: Declaration, opened: str) -> Row:
    text, docstring = source.text, found.command.docstring
    words = declaration_words(source, found)
    return Row(
        name=found.full_name or "",
        kind=found.keyword,
        statement=found.statement.of(text)[:STATEMENT_LIMIT],
        docstring=docstring.of(text)[3:-2].strip() if docstring else "",
        line=found.line,
        name_words=" ".join(name_words(found.full_name or "")),
        target_words=" ".join(words.target),
        hypothesis_words=" ".join(words.hypotheses),
        mentions=" ".join(sorted(_mentions(source.mask.text, found))) if found.theorem else "",
        scope=f"{' '.join(_prefixes(found.namespace, found.full_name or ''))} {opened}".strip(),
        deprecated=_deprecated(source, found.command),
    )


_MENTION: Final = re.compile(r"(?<![\w.'!?])[^\W\d][\w'!?]*(?:\.[^\W\d][\w'!?]*)*")


def _mentions(masked: str, found: Declaration) -> set[str]:
    """Names in its proof that may be those of lemmas: with a dot or an underscore inside."""
    local = {name for binder in found.binders for name in binder.names}
    names = {mention.removeprefix("_root_.") for mention in _MENTION.findall(masked, *found.proof)}
    return {name for name in names if ("_" in name or "." in name) and name.partition(".")[0] not in local}


def _prefixes(namespace: str, name: str) -> Iterator[str]:
    """The namespaces around a declaration, innermost first; those of its own name hold in its proof as well."""
    inner = name.rpartition(".")[0] or namespace
    while inner:
        yield inner
        inner = inner.rpartition(".")[0]


def _opened(source: LeanFile) -> dict[str, None]:
    found: dict[str, None] = {}
    for command in source.commands:
        if command.keyword == "open" and (names := _OPEN.match(source.mask.text, *command.body)):
            found |= dict.fromkeys(name for name in names.group(1).split() if name not in ("in", "hiding", "renaming"))
    return found


def _additive(row: Row, asked: str) -> Iterator[Row]:
    """What `to_additive` makes of a declaration, by the name that it is given or by the rule for names."""
    name = additive_name(row.name, asked)
    if name is None:
        return
    yield row._replace(
        name=name,
        kind="to_additive",
        name_words=" ".join(name_words(name)),
        target_words=_additive_words(row.target_words),
        hypothesis_words=_additive_words(row.hypothesis_words),
        mentions="",
    )


def _additive_words(words: str) -> str:
    return " ".join(part for word in words.split() for part in name_words(additive_word(word)))


def _aliases(source: LeanFile, known: dict[str, Row]) -> Iterator[Row]:
    """Aliases, with the words of what they stand for where that is in the same file."""
    masked = source.mask.text
    for command, namespace in _namespaces(source):
        found = _ALIAS.match(masked, command.lead.at.start, command.span.end)
        if command.keyword != "alias" or found is None:
            continue
        meant = known.get(f"{namespace}.{found[3]}") or known.get(found[3])
        statement = Span(command.lead.at.start, command.span.end).of(source.text)
        docstring = command.docstring
        for written in (found[1] or found[2]).replace(",", " ").split():
            if written == "_":
                continue
            name = _full_name(written, namespace)
            yield Row(
                name=name,
                kind="alias",
                statement=f"{statement}\n{meant.statement}"[:STATEMENT_LIMIT] if meant else statement,
                docstring=docstring.of(source.text)[3:-2].strip() if docstring else "",
                line=source.line(command.lead.at.start),
                name_words=" ".join(name_words(name)),
                target_words=meant.target_words if meant else "",
                hypothesis_words=meant.hypothesis_words if meant else "",
                mentions="",
                scope="",
                deprecated=_deprecated(source, command),
            )


def _deprecated(source: LeanFile, command: Command) -> bool:
    return any(_DEPRECATED.search(attribute.of(source.mask.text)) for attribute in command.lead.attributes)


def _full_name(written: str, namespace: str) -> str:
    if written.startswith("_root_.") or not namespace:
        return written.removeprefix("_root_.")
    return f"{namespace}.{written}"


def _namespaces(source: LeanFile) -> Iterator[tuple[Command, str]]:
    """Each command with the namespace that it stands in."""
    scopes: list[str] = []
    for command in source.commands:
        names = command.body.of(source.mask.text).split()
        parts = names[0].split(".") if names and command.keyword != "mutual" else [""]
        if command.keyword in ("section", "mutual"):
            scopes += [""] * len(parts)
        elif command.keyword == "namespace":
            scopes += parts
        elif command.keyword == "end":
            del scopes[-len(parts) :]
        else:
            yield command, ".".join(filter(None, scopes))


def answer(path: Path) -> dict[str, Any]:
    """The rows and the hash of a file, or what is wrong with it."""
    try:
        content = path.read_bytes()
        return {"rows": rows(content.decode()), "sha256": hashlib.sha256(content).hexdigest(), "error": None}
    except OSError as error:
        return {"rows": [], "sha256": None, "error": error.strerror or str(error)}
    except UnicodeDecodeError as error:
        return {"rows": [], "sha256": None, "error": f"not UTF-8 at byte {error.start}"}


def main() -> None:
    """Answer each line of input, a path, with a line of JSON; until the input ends, or nobody listens."""
    with suppress(BrokenPipeError):
        for line in sys.stdin:
            sys.stdout.write(json.dumps(answer(Path(json.loads(line)))) + "\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
