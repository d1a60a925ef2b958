"""How outcomes are put in words. The word "proved" stands only where the level allows it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Final

from lemmata.domain import Level, NodeStatus, RunStatus, Usage

if TYPE_CHECKING:
    from lemmata.domain import Certificate, Verdict
    from lemmata.store import NodeView, RunResult

MARKS: Final[Mapping[NodeStatus, str]] = {
    NodeStatus.OPEN: "○",
    NodeStatus.CLOSED: "●",
    NodeStatus.REFUTED: "✗",
    NodeStatus.STUCK: "!",
    NodeStatus.DROPPED: "-",
}


def headline(result: RunResult) -> str:
    """How a run ended: `found, checked by Lean 4.35.0, embedded core`."""
    match result.status:
        case RunStatus.FOUND:
            return f"{_found(result.level)}, {result.vouched_by}"
        case RunStatus.REFUTED:
            return f"refuted, {result.vouched_by}: {result.reason}"
        case RunStatus.NOT_FOUND:
            return f"not found: {result.reason}"
        case RunStatus.INTERRUPTED:
            return f"interrupted: {result.reason}"
        case RunStatus.FAILED:
            return f"failed: {result.reason}"


def verdict(answer: Verdict) -> str:
    """What is said of one verified file: `a.lean: accepted (t), checked by Lean 4.35.0`, then what was found.

    What was found, or each reason, has a line of its own.
    """
    if answer.accepted:
        vouched_by = answer.certificate.vouched_by if answer.certificate else str(answer.level)
        word = "proved" if answer.level is not None and answer.level.proved else "accepted"
        names = f" ({one_line(answer.certificate.theorem)})" if answer.certificate else ""
        found = evidence(answer.certificate) if answer.certificate else ()
        return "\n".join([f"{answer.file}: {word}{names}, {vouched_by}", *(f"  {line}" for line in _lines(found))])
    return "\n".join([f"{answer.file}: {answer.status}", *(f"  {line}" for line in _lines(answer.reasons))])


def evidence(certificate: Certificate) -> tuple[str, ...]:
    """What a certificate rests on, a line each: its checks, the sandbox, its notes."""
    checks = (f"{c.what}: {c.evidence} ({c.by})" for c in certificate.checks)
    return (*checks, f"sandbox: {certificate.sandbox}", *(f"note: {note}" for note in certificate.notes))


def reserves(certificate: Certificate | None) -> tuple[str, ...]:
    """What whoever relies on a result should know; that the embedded core is not Lean's own library is said already."""
    if certificate is None:
        return ()
    return tuple(note for note in certificate.notes if not (certificate.checker.core and "embedded core" in note))


def costs(usage: Usage, seconds: float) -> str:
    """What was used: `41 checks (6.1 s), 5.2 s`."""
    parts = [f"{usage.checks} checks ({usage.check_seconds:.1f} s)"]
    if usage.tokens_in or usage.tokens_out:
        parts.append(f"{usage.tokens_in + usage.tokens_out} tokens")
    if usage.dollars:
        parts.append(f"${usage.dollars:.2f}")
    return ", ".join([*parts, f"{seconds:.1f} s"])


def node_label(view: NodeView, phase: str = "") -> str:
    """One node in a line: its mark, name, and what is known or going on."""
    if view.status is NodeStatus.OPEN:
        told = phase
    else:
        told = f"{view.status}" + (f", {view.level}" if view.level else "")
        told += f": {one_line(view.reason)}" if view.reason else ""
    return f"{MARKS[view.status]} {view.name}" + (f"  {told}" if told else "")


def tree(nodes: Iterable[NodeView]) -> Iterator[str]:
    """The blueprint as indented lines, children below their parent."""
    views = tuple(nodes)
    below = children(views)

    def lines(parent: str | None, depth: int) -> Iterator[str]:
        for view in below.get(parent, ()):
            yield "  " * depth + node_label(view)
            yield from lines(view.node, depth + 1)

    yield from lines(None, 0)


def children(nodes: Iterable[NodeView]) -> dict[str | None, list[NodeView]]:
    """The nodes under each node, in the order given; under None those whose parent is not among them."""
    views = tuple(nodes)
    known = {v.node for v in views}
    below: dict[str | None, list[NodeView]] = {}
    for view in views:
        below.setdefault(view.parent if view.parent in known else None, []).append(view)
    return below


def one_line(text: str, limit: int = 100) -> str:
    """A text on one line, cut where it is long."""
    joined = " ".join(text.split())
    return joined if len(joined) <= limit else joined[: limit - 1] + "…"


def _found(level: Level | None) -> str:
    return "proved" if level is not None and level.proved else "found"


def _lines(texts: Iterable[str]) -> Iterator[str]:
    return (line for text in texts for line in text.rstrip().split("\n"))
