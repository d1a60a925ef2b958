"""Turns a failing proof into a skeleton: all that compiles is kept, what does not is a hole."""

from __future__ import annotations

from collections.abc import Awaitable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final, Protocol

from lemmata.domain import CheckResult, CheckStatus
from lemmata.errors import SourceError
from lemmata.lean_env.layout import layout
from lemmata.lean_env.scanner import Brackets, Span, mask, offset_of, scan
from lemmata.lean_env.skeleton import HOLE, holes
from lemmata.lean_env.source import parse
from lemmata.lean_env.steps import Block, HoleSite, Layout, flat

WHOLE: Final = " := by\n  sorry"
"""A proof that is one hole."""
_AUTOMATION: Final = frozenset(
    {"aesop", "bound", "decide", "field_simp", "gcongr", "grind", "linarith", "native_decide", "nlinarith", "norm_num"}
    | {"omega", "polyrith", "positivity", "ring", "ring_nf", "simp", "simp_all", "simp_arith", "simpa", "tauto"}
)
_MOST_APPENDED: Final = 3


class Check(Protocol):
    """What is asked of a checker here: the `check` of a `Checker` or of a `Workbench`."""

    def __call__(self, text: str, *, timeout: float) -> Awaitable[CheckResult]:
        """Check a whole text within `timeout` seconds."""
        ...


class Checks(Protocol):
    """A `Checker` or a `Workbench`."""

    @property
    def check(self) -> Check:
        """Its check."""
        ...


@dataclass(frozen=True)
class Sorrified:
    """What became of a failing proof."""

    text: str
    """The whole text; it is the one that `last` speaks of."""
    holes: tuple[HoleSite, ...]
    """The holes of its proof."""
    checks: int
    """How many checks it took."""
    compiles: bool
    """Whether it compiles up to its holes. If not, either even a hole for the whole proof does not compile (the
    statement, or something outside of the proof, is wrong), or there was no check left, or none can be made."""
    last: CheckResult


async def sorrify(
    text: str, checker: Checks | Check, max_checks: int, *, region: tuple[int, int] | None = None, timeout: float = 60.0
) -> Sorrified:
    """Keep as much of a failing proof as compiles, the rest as holes.

    Of every error the smallest step around it becomes a hole, then what is left of its block from the failing tactic
    on, then the step around that, and so on; goals that a block leaves get a hole at its end. If there is no verdict,
    automation goes first. The last check is kept for the whole proof as one hole. Nothing outside the proof changes.

    Args:
        text: a whole Lean file.
        checker: a `Checker`, or a `Workbench`, which records the checks, or the `check` of one.
        max_checks: at most so many checks are made; with one, the text is only checked.
        region: offsets of the proof, from behind the statement; by default that of the last theorem.
        timeout: wall-clock seconds for each check.

    Raises:
        SourceError: there is no theorem and no region is given.
        ValueError: `max_checks` is less than one.
    """
    if max_checks < 1:
        raise ValueError("max_checks must be at least 1")
    check = checker if callable(checker) else checker.check
    draft = _draft(text, region)
    seen = {draft.proof}
    checks = stalls = 0
    while True:
        result = await check(draft.text, timeout=timeout)
        checks += 1
        compiles = result.status in (CheckStatus.OK, CheckStatus.HOLES)
        hopeless = result.status is CheckStatus.UNSUPPORTED or draft.proof == WHOLE
        if compiles or hopeless or checks == max_checks:
            return Sorrified(draft.text, holes(draft.text, draft.region), checks, compiles, result)
        if checks == max_checks - 1:
            draft = replace(draft, proof=WHOLE)
        elif result.errors:
            draft = _first_new(_repairs(draft, result), seen) or replace(draft, proof=WHOLE)
        else:
            draft = _first_new(_relieved(draft, stalls), seen) or replace(draft, proof=WHOLE)
            stalls += 1
        seen.add(draft.proof)


@dataclass(frozen=True)
class _Draft:
    before: str
    proof: str
    after: str

    @property
    def text(self) -> str:
        return self.before + self.proof + self.after

    @property
    def region(self) -> Span:
        return Span(len(self.before), len(self.before) + len(self.proof))

    def edited(self, edits: Iterable[_Edit]) -> _Draft:
        """With edits made; of two that overlap the first."""
        text, pieces, done = self.text, [self.before], len(self.before)
        for span, new in sorted(edits, key=lambda e: (e[0].start, -e[0].end)):
            if span.start < done:
                continue
            pieces += (text[done : span.start], new)
            done = span.end
        proof = "".join((*pieces, text[done : self.region.end]))[len(self.before) :]
        return replace(self, proof=proof)


_Edit = tuple[Span, str]


def _draft(text: str, region: tuple[int, int] | None) -> _Draft:
    if region is None:
        theorems = parse(text).theorems
        if not theorems:
            raise SourceError("there is no theorem in this text")
        last = theorems[-1]
        region = last.target.end, max(last.target.end, last.proof.end, last.suffix.end)
        if (open_end := scan(text).unterminated) and open_end.offset >= region[0]:
            region = region[0], len(text)
    start, end = region
    return _Draft(text[:start], text[start:end], text[end:])


def _first_new(drafts: Iterable[_Draft], seen: set[str]) -> _Draft | None:
    return next((d for d in drafts if d.proof not in seen), None)


def _repairs(draft: _Draft, result: CheckResult) -> Iterator[_Draft]:
    """Drafts with a hole for each error, small ones first."""
    places = _places(draft, result)
    if not places:
        return
    found = layout(draft.text, draft.region)
    choices = [_cuts(draft, found, place) for place in places]
    for size in range(max(map(len, choices))):
        chosen = [cuts[min(size, len(cuts) - 1)] for cuts in choices if cuts]
        yield draft.edited(_innermost(found, chosen))


def _places(draft: _Draft, result: CheckResult) -> tuple[int, ...]:
    """Offsets of the errors that the proof may be to blame for; none where only the whole proof can be given up."""
    text, region = draft.text, draft.region
    offsets = [offset_of(text, e.start) for e in result.errors]
    inside = sorted({x for x in offsets if region.start <= x < region.end})
    if inside:
        return tuple(inside)
    unterminated = scan(text).unterminated
    if not any(x >= region.end for x in offsets) or (unterminated and unterminated.offset >= region.start):
        return ()
    unpaired = Brackets(mask(text), region).unpaired  # what follows the proof is an error where a bracket stays open
    return unpaired[-1:] or (len(text[: region.end].rstrip()) - 1,)


def _cuts(draft: _Draft, found: Layout, place: int) -> list[_Edit]:
    """What can be given up for an error at an offset, the least first."""
    first: list[_Edit] = []
    spans = {s.part for s in flat(found.steps) if s.typed and s.part.start <= place <= s.part.end}
    for block in found.blocks:
        if block.opener <= place < block.opened and _trailing_holes(draft.text, block) < _MOST_APPENDED:
            first.append(_append(block))
        if block.items and block.span.start <= place <= block.span.end:
            failing = max(i for i, item in enumerate(block.items) if item.start <= place)
            if failing and block.items[failing].of(draft.text) == HOLE:
                first.append((Span(block.items[failing - 1].end, block.items[failing].end), ""))
            tails = (failing, max(failing - 1, 0), failing // 2, 0)
            spans |= {Span(block.items[i].start, block.span.end) for i in tails}
    code = mask(draft.text)
    cuts = [(s, HOLE) for s in sorted(spans, key=lambda s: s.end - s.start) if s.of(code).strip() != HOLE]
    return first + cuts


def _append(block: Block) -> _Edit:
    """A hole for what a block leaves to prove."""
    new = f"\n{' ' * block.column}{HOLE}" if block.items else f" {HOLE}"
    return Span(block.span.end, block.span.end), new


def _trailing_holes(text: str, block: Block) -> int:
    count = 0
    for item in reversed(block.items):
        if item.of(text) != HOLE:
            break
        count += 1
    return count


def _innermost(found: Layout, edits: list[_Edit]) -> list[_Edit]:
    """The edits without those around another one, whose errors may be but its consequences (as after a parse error).

    So no hole is appended to a block in which something becomes one; and at one place only one is, for the innermost
    block that ends there.
    """
    spans = {span for span, _ in edits if not span.empty}
    cuts = [e for e in edits if e[0] in spans and not any(_inside(x, e[0]) and x != e[0] for x in spans)]
    ends = {b.span.end for b in found.blocks if any(_inside(x, b.span) for x in spans)}
    appends = {span: new for span, new in sorted(edits, key=lambda e: len(e[1])) if span.empty}
    return cuts + [(span, new) for span, new in appends.items() if span.end not in ends]


def _inside(inner: Span, outer: Span) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end


def _relieved(draft: _Draft, stalls: int) -> Iterator[_Draft]:
    """Drafts with less automation, for a proof without a verdict: without the longest call, then without any."""
    found = layout(draft.text, draft.region)
    code = mask(draft.text)
    calls = [
        (Span(item.start, block.span.end), len(item.of(code)))
        for block in found.blocks
        for item in block.items
        if item.of(code).split()[0] in _AUTOMATION
    ]
    if calls and not stalls:
        longest = max(calls, key=lambda c: c[1])[0]
        yield draft.edited([(longest, HOLE)])
    if calls and stalls <= 1:
        yield draft.edited([(span, HOLE) for span, _ in calls])
