"""Premises from a repository traced with lean-dojo: what Lean itself knows by name and our scanner does not see.

Such are the declarations that attributes and commands make, fields, constructors, and what other packages declare.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from lemmata.lean_env.dojo import TracedPremise, traced_premises
from lemmata.tools.premise_scan import Row, rows
from lemmata.tools.premise_words import name_words, statement_words

KIND = "traced"
"""Kind of what a trace names where the source does not show a declaration of that name."""


def traced_rows(folder: Path) -> Iterator[tuple[str, Row]]:
    """Each premise of a traced repository with its module. Raises UsageError for damaged traces."""

    @lru_cache(maxsize=256)
    def source(path: str) -> tuple[tuple[str, ...], dict[int, Row]]:
        try:
            text = (folder / path).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            return (), {}
        return tuple(text.splitlines()), {row.line: row for row in rows(text)}

    for premise in traced_premises(folder):
        yield premise.module, _row(premise, *source(premise.path))


def _row(premise: TracedPremise, lines: tuple[str, ...], declared: dict[int, Row]) -> Row:
    """With the statement of what is declared at its place, else with the line that it stands in."""
    line, name = premise.start.line, " ".join(name_words(premise.name))
    if there := declared.get(line):
        kind = there.kind if there.name == premise.name else KIND
        return there._replace(name=premise.name, kind=kind, name_words=name, mentions="")
    text = lines[line - 1].strip() if line <= len(lines) else ""
    words = " ".join(statement_words(text))
    return Row(premise.name, KIND, text, "", line, name, words, "", "", "", deprecated=False)
