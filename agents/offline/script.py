"""Proof scripts as trees: moves with the goals they leave, closed ones with the tactic that closes them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from lemmata.agents.offline.steps import Move


@dataclass(frozen=True, slots=True)
class Close:
    """A tactic that closes the goal; `sorry` where it is not known yet."""

    tactic: str = "sorry"


@dataclass(frozen=True, slots=True)
class Step:
    """A move and what follows on each goal it leaves, in order."""

    move: Move
    branches: tuple[Script, ...]


Script: TypeAlias = Close | Step


def render(script: Script, indent: int = 2) -> str:
    """The script as lines, indented, without a line end at its end."""
    pad = " " * indent
    if isinstance(script, Close):
        return "\n".join(pad + line for line in script.tactic.split("; "))
    lines = [pad + line for line in script.move.tactic.split("\n")]
    if script.move.arms:
        for arm, branch in zip(script.move.arms, script.branches, strict=True):
            lines += [f"{pad}| {arm} =>", render(branch, indent + 2)]
    elif len(script.branches) == 1:
        lines.append(render(script.branches[0], indent))
    else:
        lines += [f"{pad}· {render(b, indent + 2).lstrip()}" for b in script.branches]
    return "\n".join(lines)


def body(script: Script) -> str:
    """What follows the statement: ` := by` and the script."""
    return " := by\n" + render(script)

