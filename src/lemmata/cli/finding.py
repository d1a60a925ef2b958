"""One thing that doctor looked for, and how it stands."""

from __future__ import annotations

from enum import StrEnum

from lemmata.domain import Model


class State(StrEnum):
    """How things stand with one of them."""

    HERE = "here"
    MISSING = "missing"
    BROKEN = "broken"


class Finding(Model):
    """One thing that was looked for."""

    name: str
    state: State
    found: str
    """What is here, or what is not."""
    means: str = ""
    """What follows from that."""
    get: str = ""
    """What to do about it."""
    checks: bool = False
    """Whether it is a Lean that can check."""
    stops: bool = False
    """Whether every run stops at it, whatever else is here."""

    @property
    def text(self) -> str:
        """For people, in one line or two."""
        head = f"{self.state:<8} {self.name:<14} {self.found}"
        more = "; ".join(t for t in (self.means, self.get) if t)
        return head + (f"\n{'':<24}{more}" if more else "")
