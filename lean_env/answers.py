"""Answers: a challenge may leave `.._solution` definitions open, for the submission to say what the solution is.

Such a challenge is filled with the submission's values before anything is compared. A kernel cannot tell whether an
answer answers the question: that is for a person to judge, and the certificate names it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from lemmata.domain import Problem
from lemmata.lean_env.declaration import Declaration
from lemmata.lean_env.scanner import Span
from lemmata.lean_env.source import LeanFile, is_open_answer, parse
from lemmata.lean_env.terms import Name, parse_name


class Answer(NamedTuple):
    """The value that a submission gives to one open definition."""

    name: str
    """Of the definition, in full."""
    place: Span
    """Of the value in the submission, with the blanks before it."""
    value: str


class Restated(NamedTuple):
    """A theorem's declaration under another name."""

    name: str
    """The one that it had, as it is written there."""
    fresh: str
    text: str


class Filled(NamedTuple):
    """A challenge with the answers in it."""

    text: str
    answers: tuple[Answer, ...]
    """Empty where the challenge leaves none open."""
    missing: tuple[str, ...]
    """The open definitions that the submission does not answer: they are as they were."""
    compiled: str
    """The text with each answer in parentheses: so that it is one term, and nothing of it reaches what follows."""

    @property
    def names(self) -> tuple[Name, ...]:
        """Full names of the definitions that are answered."""
        return tuple(parse_name(a.name) for a in self.answers)


def fill(challenge: LeanFile, submission: LeanFile) -> Filled:
    """Put the values that a submission gives to the open definitions of a challenge in their place.

    Only the bytes of the value, and of the blanks before it, are taken: whatever else of the definition differs is left
    to the comparison of bytes.
    """
    given = {d.full_name: d for d in submission.declarations}
    pieces, compiled, answers, missing, done = [], [], [], [], 0
    for asked in filter(is_open_answer, challenge.declarations):
        name = asked.full_name or ""
        found = given.get(name)
        if found is None or asked.assign.empty or not _answers(found):
            missing.append(name)
            continue
        place = Span(found.assign.end, found.proof.end)
        answers.append(Answer(name, place, found.proof.of(submission.text)))
        before, value = challenge.text[done : asked.assign.end], place.of(submission.text)
        pieces += [before, value]
        compiled += [before, f" ({value})"]
        done = asked.proof.end
    rest = challenge.text[done:]
    return Filled("".join((*pieces, rest)), tuple(answers), tuple(missing), "".join((*compiled, rest)))


def tie(stated: Problem, answers: Iterable[Answer]) -> str:
    """A file that Lean takes only if the answers leave the statement's meaning as it was.

    A value can declare more than itself: with `let rec succ := 0; 7` the statement's `t_solution.succ` is another
    constant. So the theorem is stated once more for all values, each a variable of the definition's name, and must be
    the same for those that were given.
    """
    full = [answer.name for answer in answers]
    binders = " ".join(f"({name.rpartition('.')[2]} : type_of% @_root_.{name})" for name in full)
    given = " ".join(f"({name.rpartition('.')[2]} := @_root_.{name})" for name in full)
    again = restated(stated, "for_any_answer", f" {binders}")
    line = f"example : type_of% @{again.name} := @{again.fresh} {given}\n"
    return f"{stated.preamble}{again.text} := sorry\n\n{stated.declaration} := sorry\n\n{line}"


def restated(stated: Problem, mark: str, binders: str = "") -> Restated:
    """A theorem once more, under its name with a mark at the end, and with binders before its own."""
    text = stated.declaration
    own = parse(text).declarations[-1]
    name, at = own.name or "", own.name_span
    fresh = f"{name[:-1]}_{mark}»" if name.endswith("»") else f"{name}_{mark}"
    end = at.end if own.universes.empty else own.universes.end
    return Restated(name, fresh, f"{text[: at.start]}{fresh}{text[at.end : end]}{binders}{text[end:]}")


def fill_in(challenge: LeanFile, value: str) -> str:
    """The challenge with one text in the place of all open answers."""
    pieces, done = [], 0
    for asked in filter(is_open_answer, challenge.declarations):
        pieces += [challenge.text[done : asked.proof.start], value]
        done = asked.proof.end
    return "".join((*pieces, challenge.text[done:]))


def _answers(found: Declaration) -> bool:
    return found.complete and not found.assign.empty and not found.proof.empty
