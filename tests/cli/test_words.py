from collections.abc import Callable

import pytest

from lemmata.cli import words
from lemmata.domain import (
    Certificate,
    Check,
    CheckerIdentity,
    Level,
    NodeStatus,
    RunStatus,
    Usage,
    Verdict,
    VerifyStatus,
)
from lemmata.store import NodeView, RunResult


@pytest.mark.parametrize("level", list(Level))
def test_proved_is_said_from_certified_on(level: Level, result: RunResult) -> None:
    text = words.headline(result.model_copy(update={"level": level}))
    assert text == f"{'proved' if level.rank >= 2 else 'found'}, checked by Lean 4.35.0, embedded core"


@pytest.mark.parametrize(
    ("status", "text"),
    [
        (RunStatus.REFUTED, "refuted, checked by Lean 4.35.0, embedded core: n = 0"),
        (RunStatus.NOT_FOUND, "not found: n = 0"),
        (RunStatus.INTERRUPTED, "interrupted: n = 0"),
        (RunStatus.FAILED, "failed: n = 0"),
    ],
)
def test_other_outcomes(status: RunStatus, text: str, result: RunResult) -> None:
    assert words.headline(result.model_copy(update={"status": status, "reason": "n = 0"})) == text


def certificate(level: Level) -> Certificate:
    return Certificate(
        level=level,
        theorem="t",
        checker=CheckerIdentity(name="fake", level=level),
        vouched_by="checked by fake",
        text_sha256="",
        challenge_sha256=None,
        compared=(),
        axioms=(),
        time="",
    )


@pytest.mark.parametrize(("level", "word"), [(Level.CHECKED, "accepted"), (Level.CERTIFIED, "proved")])
def test_an_accepted_file_has_what_was_found(level: Level, word: str) -> None:
    found = certificate(level).model_copy(
        update={
            "checks": (Check(what="axioms", by="fake", evidence="it rests on: none"),),
            "sandbox": "bubblewrap",
            "notes": ("mind this",),
        }
    )
    answer = Verdict(file="a.lean", status=VerifyStatus.ACCEPTED, level=level, certificate=found)
    assert words.verdict(answer).split("\n") == [
        f"a.lean: {word} (t), checked by fake",
        "  axioms: it rests on: none (fake)",
        "  sandbox: bubblewrap",
        "  note: mind this",
    ]


def test_a_refused_file_has_its_reasons() -> None:
    assert words.verdict(Verdict.refuse("a.lean", "one", "two\nlines")) == "a.lean: refused\n  one\n  two\n  lines"


def test_costs_name_what_was_used() -> None:
    assert words.costs(Usage(checks=2, check_seconds=1.25), 3) == "2 checks (1.2 s), 3.0 s"
    used = Usage(tokens_in=3, tokens_out=4, dollars=0.5)
    assert words.costs(used, 0) == "0 checks (0.0 s), 7 tokens, $0.50, 0.0 s"


def view(node: str, parent: str | None, status: NodeStatus = NodeStatus.OPEN, **rest: object) -> NodeView:
    return NodeView.model_validate(
        {"node": node, "parent": parent, "name": node, "statement": "", "status": status, **rest}
    )


def test_the_tree_is_indented() -> None:
    nodes = [
        view("t", None, NodeStatus.STUCK, reason="one\nfailed"),
        view("a", "t", NodeStatus.CLOSED, level=Level.CHECKED, reason="omega"),
        view("b", "t"),
        view("c", "a", NodeStatus.REFUTED),
        view("orphan", "gone"),
    ]
    assert list(words.tree(nodes)) == [
        "! t  stuck: one failed",
        "  ● a  closed, checked: omega",
        "    ✗ c  refuted",
        "  ○ b",
        "○ orphan",
    ]


def test_an_open_node_shows_its_phase() -> None:
    assert words.node_label(view("a", None), "automate") == "○ a  automate"


@pytest.mark.parametrize("cut", [lambda s: words.one_line(s, 5)])
def test_long_texts_are_cut(cut: Callable[[str], str]) -> None:
    assert [cut("a  b\nc"), cut("abcdef")] == ["a b c", "abcd…"]
