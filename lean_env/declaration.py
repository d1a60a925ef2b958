"""The parts of one declaration: name, binders, target, proof and what follows it, each with its exact span."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from lemmata.lean_env.commands import THEOREMS, Command
from lemmata.lean_env.scanner import Brackets, Span
from lemmata.lean_env.signature import BY_CASES, Binder, read_binder, read_signature, trim


@dataclass(frozen=True, slots=True)
class Declaration:
    """A declaration cut into its parts, which stand in this order; all spans are offsets into the whole text."""

    command: Command
    name: str | None
    """As written, `_root_.` and `«»` included; None where it has none."""
    full_name: str | None
    """With the namespaces it stands in, `_root_.` removed."""
    namespace: str
    """Those namespaces, dots between; empty at the top."""
    name_span: Span
    universes: Span
    """`.{u, v}`, or empty."""
    binders: tuple[Binder, ...]
    colon: Span
    """The colon before the target, or empty."""
    target: Span
    """Without the blanks around it."""
    assign: Span
    """`:=`, or empty: in front of equations, of `where`, or of nothing."""
    proof: Span
    """The proof or value: from behind `:=`, from the first `|`, or from `where`; without the blanks around it."""
    suffix: Span
    """`termination_by`, `decreasing_by`, local declarations of a `where`, `deriving`; or empty."""
    complete: bool
    """Whether there is a proof or value and no `sorry` in it. Locates only: whether it is right is Lean's to say."""
    mutual: bool
    """Whether it stands in a `mutual` block."""
    line: int
    """The line of its keyword, from 1."""

    @property
    def keyword(self) -> str:
        """`theorem`, `lemma`, `def` and so on."""
        return self.command.keyword

    @property
    def span(self) -> Span:
        """All of it, from what precedes the keyword to the end of its suffix."""
        return self.command.span

    @property
    def lead(self) -> Span:
        """All that precedes the keyword, blanks included."""
        return Span(self.span.start, self.command.lead.at.start)

    @property
    def statement(self) -> Span:
        """From the keyword to the end of the target (or of the binders, or of the name)."""
        ends = (self.command.lead.at, self.name_span, self.universes, *(b.span for b in self.binders), self.target)
        return Span(self.command.lead.at.start, max(span.end for span in ends))

    @property
    def body(self) -> Span:
        """All that follows the statement, from the blanks before `:=` on; may be empty."""
        return Span(self.statement.end, self.span.end)

    @property
    def theorem(self) -> bool:
        """Whether it is a theorem or a lemma."""
        return self.keyword in THEOREMS

    @property
    def title(self) -> str:
        """What to call it in a message: keyword and name."""
        return f"{self.keyword} {self.full_name or '(no name)'}"


_PRIORITY: Final = re.compile(r"\s*\(\s*priority\b[^()]*(?:\([^()]*\)[^()]*)*\)")
_CLASS_KIND: Final = re.compile(r"\s*(?:inductive|abbrev)\b")
_NAME: Final = re.compile(r"\s*((?:«[^»]*»|[^\W\d][\w'!?]*)(?:\.(?:«[^»]*»|[\w'!?]+))*)")
_UNIVERSES: Final = re.compile(r"\s*(\.\{[^{}]*\})")
_SUFFIX: Final = re.compile(r"(?<![\w.'!?])(?:termination_by|decreasing_by|where|deriving)(?![\w'!?])")
_HOLE: Final = re.compile(r"(?<![\w.'!?])(?:sorry|admit)(?![\w'!?]|\.\w)")
_NOTHING: Final = re.compile(r"\s*(?:by)?\s*\Z")
_VALUELESS: Final = BY_CASES | {"structure", "axiom", "opaque"}


def has_hole(masked: str, span: Span) -> bool:
    """Whether a `sorry` (or `admit`) stands in a stretch of a masked text."""
    return _HOLE.search(masked, *span) is not None


def holes(masked: str, span: Span) -> tuple[Span, ...]:
    """Where each `sorry` (or `admit`) stands in a stretch of a masked text."""
    return tuple(Span(*found.span()) for found in _HOLE.finditer(masked, *span))


def cut(text: str, masked: str, command: Command, namespace: str, *, mutual: bool, line: int) -> Declaration:
    """Cut a command whose keyword declares something. `masked` is the mask of the whole of `text`."""
    end = command.span.end
    position = command.body.start
    for skipped in (_CLASS_KIND, _PRIORITY):
        if command.keyword in ("class", "instance") and (found := skipped.match(masked, position, end)):
            position = found.end()
    name_span, universes = _name(masked, command, Span(position, end))
    signature = read_signature(masked, Span(universes.end, end), command.keyword)
    suffix = _suffix(masked, signature.proof)
    proof = trim(masked, Span(signature.proof.start, suffix.start))
    name = name_span.of(text) or None
    return Declaration(
        command=command,
        name=name,
        full_name=_full_name(name, namespace),
        namespace=namespace,
        name_span=name_span,
        universes=universes,
        binders=tuple(read_binder(text, masked, span) for span in signature.binders),
        colon=signature.colon,
        target=signature.target,
        assign=signature.assign,
        proof=proof,
        suffix=suffix,
        complete=(command.keyword in _VALUELESS or not _NOTHING.match(masked, *proof))
        and not has_hole(masked, Span(proof.start, end)),
        mutual=mutual,
        line=line,
    )


def _name(masked: str, command: Command, span: Span) -> tuple[Span, Span]:
    """The spans of the name and of the universe parameters; empty ones stand where the text goes on."""
    name_span = Span(span.start, span.start)
    if command.keyword != "example" and (found := _NAME.match(masked, *span)):
        name_span = Span(*found.span(1))
        if name_span.of(masked) in ("where", "extends", "deriving"):
            name_span = Span(span.start, span.start)
    universes = _UNIVERSES.match(masked, name_span.end, span.end)
    return name_span, Span(*universes.span(1)) if universes else Span(name_span.end, name_span.end)


def _full_name(name: str | None, namespace: str) -> str | None:
    if name is None:
        return None
    if name.startswith("_root_."):
        return name.removeprefix("_root_.")
    return f"{namespace}.{name}" if namespace else name


def _suffix(masked: str, proof: Span) -> Span:
    """`termination_by`, `decreasing_by`, `deriving` and `where`, outside brackets, behind the start of the proof."""
    first = next(_SUFFIX.finditer(masked, proof.start + 1, proof.end), None)
    if first is None:
        return Span(proof.end, proof.end)
    brackets = Brackets(masked, proof)
    for found in _SUFFIX.finditer(masked, first.start(), proof.end):
        if brackets.depth(found.start()) == 0:
            return Span(found.start(), proof.end)
    return Span(proof.end, proof.end)
