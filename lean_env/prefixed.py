"""A whole text as a warm Lean takes it: imports apart, options set before the rest, positions mapped back."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from lemmata.domain import Diagnostic, Hole, Position
from lemmata.lean_env.scanner import Trivia, line_column, scan

_PART: Final = r"(?:«[^»\n]+»|[^\W\d][\w'!?]*)"
_MODIFIER: Final = r"(?:public|private|meta|runtime)"
_LINE: Final = re.compile(
    rf"\s*(?:(?P<modifiers>(?:{_MODIFIER}\s+)*)import\s+(?P<all>all\s+)?(?P<name>{_PART}(?:\.{_PART})*)"
    r"|(?P<word>module|prelude)(?![\w'!?.]))"
)
_DOCS: Final = (Trivia.DOCSTRING, Trivia.MODULE_DOC)
_PLAIN: Final = re.compile(r"import (?!all )")
_BARE: Final = re.compile(r'true|false|\d+|".*"', re.DOTALL)


@dataclass(frozen=True)
class Prefixed:
    """A text cut after its imports, with options set at the start of what follows."""

    imports: tuple[str, ...]
    """Each `import NAME` as written, blanks evened out and comments left out; `module` and `prelude` as well."""
    body: str
    """The options, a line each, then everything after the imports; each line of it keeps its columns."""
    options: int
    """How many lines of the body are options."""
    start: Position
    """Where in the whole text what follows the imports begins."""

    @property
    def header(self) -> str:
        """The imports, a line each; empty where there are none."""
        return "".join(line + "\n" for line in self.imports)

    @property
    def text(self) -> str:
        """All of it: says to Lean what the original says, under the options."""
        return self.header + self.body

    @property
    def plain(self) -> bool:
        """Whether the header is nothing but plain imports (no `module`, `prelude`, `public import` ..)."""
        return all(_PLAIN.match(line) for line in self.imports)

    def place(self, position: Position, above: int = 0) -> Position:
        """Where in the whole text something is, given where it is in what was sent.

        Args:
            position: in the body, or in a text that has the body at its end.
            above: how many lines stand before the body there.

        What is above the text's own part is put where that begins; line 0, which means nowhere, stays.
        """
        line = position.line - above - self.options
        if not position.line:
            return position
        return position.model_copy(update={"line": self.start.line + line - 1}) if line > 0 else self.start

    def diagnostic(self, found: Diagnostic, above: int = 0) -> Diagnostic:
        """A diagnostic, placed in the whole text; see `place`."""
        end = found.end and self.place(found.end, above)
        return found.model_copy(update={"start": self.place(found.start, above), "end": end})

    def hole(self, found: Hole, above: int = 0) -> Hole:
        """A hole, placed in the whole text; see `place`."""
        return found.model_copy(
            update={"start": self.place(found.start, above), "end": self.place(found.end, above)}
        )


def prefixed(text: str, options: Sequence[str] = ()) -> Prefixed:
    """Cut a text after its imports and set options.

    Args:
        text: a whole Lean file.
        options: each `name=value`, the value as Lean writes it; one that is no number, truth value or literal is made
            a string.
    """
    scanned = scan(text)
    documented = min((h.start for h in scanned.hidden if h.kind in _DOCS), default=len(text))
    code = scanned.text[:documented]  # a documentation comment is a command: it ends the header
    imports: list[str] = []
    end = 0
    while found := _LINE.match(code, end):
        imports.append(_written(found, text))
        end = found.end()
    start = line_column(text, end)
    lines = [set_option(option) + "\n" for option in options]
    return Prefixed(tuple(imports), "".join(lines) + " " * start.column + text[end:], len(lines), start)


def set_option(option: str) -> str:
    """The command that sets an option given as `name=value`."""
    name, _, value = option.partition("=")
    written = value if _BARE.fullmatch(value) else json.dumps(value, ensure_ascii=False)
    return f"set_option {name} {written}"


def _written(found: re.Match[str], text: str) -> str:
    """A line of the header, with the module's name as it stands in the text."""
    if word := found["word"]:
        return str(word)
    name = text[slice(*found.span("name"))]
    return " ".join([*found["modifiers"].split(), "import", *(found["all"] or "").split(), name])
