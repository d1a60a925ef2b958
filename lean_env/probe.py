"""Asks Lean itself for the goal at each hole of a text: `trace_state` put where the `sorry` stands."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from lemmata.domain import Diagnostic, Hole, Position, Severity
from lemmata.lean_env.layout import layout
from lemmata.lean_env.messages import first_goal
from lemmata.lean_env.scanner import line_column
from lemmata.lean_env.steps import Mode

_TACTIC: Final = "(trace_state; sorry)"
_TERM: Final = "(by trace_state; sorry)"


@dataclass(frozen=True)
class Probe:
    """A text that makes Lean print its goals, and where they belong in the text it was made of."""

    text: str
    """To be checked apart: its diagnostics are not those of the original. It has the same lines."""
    sites: tuple[tuple[Hole, Position], ...]
    """Each hole of the original text in order, and where its goal is printed in the probe."""

    def goals(self, diagnostics: Iterable[Diagnostic]) -> tuple[Hole, ...]:
        """The holes of the original text with the goals that Lean printed for the probe.

        Of several messages at one hole (under `all_goals` or `<;>`) the first goal counts. A hole that Lean did not
        reach, or where the probe does not parse, has no goal.
        """
        printed: dict[Position, str] = {}
        for diagnostic in diagnostics:
            if diagnostic.severity is Severity.INFO:
                printed.setdefault(diagnostic.start, diagnostic.text)
        return tuple(
            hole.model_copy(update={"goal": first_goal(printed[place]) if place in printed else None})
            for hole, place in self.sites
        )


def probe(text: str) -> Probe:
    """Prepare the question. Without a hole the text stays as it is."""
    pieces: list[str] = []
    sites: list[tuple[Hole, Position]] = []
    done = shift = line = 0
    for site in layout(text).holes:
        start, end = line_column(text, site.span.start), line_column(text, site.span.end)
        shift = shift if start.line == line else 0
        line = start.line
        asked = _TACTIC if site.mode is Mode.TACTIC else _TERM
        place = Position(line=line, column=start.column + shift + asked.index("trace_state"))
        sites.append((Hole(start=start, end=end), place))
        pieces += (text[done : site.span.start], asked)
        shift += len(asked) - (site.span.end - site.span.start)
        done = site.span.end
    return Probe("".join((*pieces, text[done:])), tuple(sites))
