"""What a passed trial is worth: its certificate, with every check, its evidence, and why the level is not higher."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from lemmata.domain import Certificate, Check, CheckerIdentity, Level, sha256
from lemmata.lean_env.answers import Filled
from lemmata.lean_env.independent import Stance, confirmed
from lemmata.lean_env.terms import show
from lemmata.lean_env.toolchain import Toolchain
from lemmata.lean_env.trial import Passed

AXIOMS: Final = ("propext", "Quot.sound", "Classical.choice")
"""What a proof may rest on if nothing else is said."""
SOUND: Final = (4, 34, 0)
"""The first Lean without the faults of the kernel that are known today."""
_VERSION: Final = re.compile(r"(\d+)\.(\d+)\.(\d+)(-.+)?\Z")
_OWN: Final = ("Init", "Std", "Lean")
_SHOWN: Final = 200


@dataclass(frozen=True)
class Grounds:
    """Everything that a certificate rests on."""

    submission: str
    passed: Passed
    toolchain: Toolchain
    sandbox: str
    allow: tuple[str, ...]
    doubts: tuple[str, ...] = ()
    """Why the level is not `certified` though the toolchain and the checks would allow it: the self-test's reasons."""


def doubts(toolchain: Toolchain, passed: Passed) -> tuple[str, ...]:
    """What keeps a passed trial from being more than `checked`, in words; none where it could be certified."""
    found = []
    if toolchain.identity.core is not None:
        found.append("the library is the embedded core, not Lean's own")
    elif lacks := toolchain.lacks(_OWN):
        found.append(f"the toolchain's library is not Lean's own: it has no {', '.join(lacks)}")
    if passed.challenge is None and toolchain.beside and (beside := _beyond(toolchain, passed.imports)):
        names = ", ".join(module for modules in beside.values() for module in modules)
        trust = "LEMMATA_LEAN_PROJECT names a project to be trusted"
        found.append(f"it imports {names}, which may have come with it: {trust}")
    if passed.judgement.replayed is None:
        found.append(f"the kernel was not asked again: {passed.judgement.kernel or 'nothing here can do that'}")
    return tuple(found)


def _beyond(toolchain: Toolchain, imports: Iterable[str]) -> dict[Path, list[str]]:
    """The imports that are not Lean's own library, by their folder; nobody asks the kernel about those."""
    own = {module.parent for name in _OWN if (module := toolchain.find_module(name))}
    found: dict[Path, list[str]] = {}
    for name in imports:
        if (module := toolchain.find_module(name)) is not None:
            folder = module.parents[name.count(".")]
            if folder not in own:
                found.setdefault(folder, []).append(name)
    return found


def certify(grounds: Grounds) -> Certificate:
    """The certificate of what passed."""
    passed, lean = grounds.passed, grounds.toolchain
    why = (*doubts(lean, passed), *grounds.doubts)
    level = Level.CHECKED if why else Level.CONFIRMED if confirmed(passed.agreements) else Level.CERTIFIED
    axioms = tuple(sorted({a for f in passed.judgement.findings for a in f.axioms}))
    extra = tuple(a for a in axioms if a not in AXIOMS)
    filled = passed.filled
    friends = [a.checker for a in passed.agreements if a.confirms and a.stance is Stance.AGREED]
    return Certificate(
        level=level,
        theorem=", ".join(map(show, passed.targets)),
        checker=lean.identity,
        vouched_by=vouched_by(level, lean.identity, extra, friends if level is Level.CONFIRMED else ()),
        text_sha256=sha256(grounds.submission),
        challenge_sha256=None if passed.challenge is None else sha256(passed.challenge),
        filled_sha256=sha256(filled.text) if filled and filled.answers else None,
        answers={a.name: a.value for a in filled.answers} if filled else {},
        toolchain_sha256=passed.toolchain_sha256,
        checks=_checks(passed, lean.identity, axioms),
        compared=_compared(passed),
        axioms=axioms,
        sandbox=grounds.sandbox,
        notes=(*_notes(grounds, extra), *(f"the level stays checked: {reason}" for reason in why), *passed.remarks),
        time=datetime.now(UTC).isoformat(timespec="seconds"),
    )


def vouched_by(level: Level, identity: CheckerIdentity, extra: Sequence[str] = (), friends: Sequence[str] = ()) -> str:
    """What vouches for an accepted text, in words: `checked by Lean 4.35.0, embedded core`.

    Args:
        level: how strongly.
        identity: the Lean that judged.
        extra: axioms that are not Lean's own.
        friends: independent checkers that agreed.
    """
    said = f"{level} by {' and '.join((identity.description, *friends))}"
    return f"{said}, on the extra axioms {', '.join(extra)}" if extra else said


def _checks(passed: Passed, identity: CheckerIdentity, axioms: Sequence[str]) -> tuple[Check, ...]:
    judged, lean = passed.judgement, f"Lean {identity.lean_version}"
    checks = [
        text_check(compared=passed.challenge is not None),
        Check(what="compiled", by=lean, evidence="no error in a fresh process; a compiled module was written"),
    ]
    if passed.challenge is not None:
        evidence = "in both compiled modules the same theorem: its type, and all that the type uses"
        checks.append(Check(what="statement", by=judged.by, evidence=evidence))
    names = ", ".join(axioms) or "none"
    checks.append(Check(what="axioms", by=judged.by, evidence=f"it rests on: {names}"))
    if judged.replayed is not None:
        evidence = f"{_count(judged.replayed)} passed again, in a process of its own"
        checks.append(Check(what="kernel", by=judged.kernel or lean, evidence=evidence))
    return (*checks, *(agreement.check for agreement in passed.agreements))


def text_check(*, compared: bool) -> Check:
    """What the bytes told, of a submission that was compared with a challenge or of a file by itself."""
    if compared:
        evidence = (
            "it is the challenge byte for byte, but for the proof, helpers before it, and answers; their comments were"
            " left out"
        )
    else:
        evidence = (
            "no word in it is known to run code while it is compiled or to change what is checked; its comments were"
            " left out"
        )
    return Check(what="text", by="lemmata", evidence=evidence)


def _compared(passed: Passed) -> tuple[str, ...]:
    judged = passed.judgement
    compared = ["axioms within those allowed"]
    if judged.replayed is not None:
        compared.insert(0, f"{_count(judged.replayed)} checked again by the kernel")
    if passed.challenge is not None:
        names = ", ".join(map(show, passed.targets))
        compared.insert(0, f"the statement of {names}, and what it uses, with the challenge's")
    return tuple(compared)


def _count(replayed: int) -> str:
    return "1 declaration" if replayed == 1 else f"{replayed} declarations"


def _notes(grounds: Grounds, extra: Sequence[str]) -> list[str]:
    passed = grounds.passed
    notes = []
    if extra:
        notes.append(f"it rests on axioms that are not Lean's, allowed by name: {', '.join(extra)}")
    if unused := [a for a in grounds.allow if a not in AXIOMS and a not in extra]:
        notes.append(f"axioms that were allowed and not used: {', '.join(unused)}")
    if passed.challenge is None:
        notes.append("it was compared with nothing: its own statements are what was judged")
    for folder, names in _beyond(grounds.toolchain, passed.imports).items():
        notes.append(f"it imports {', '.join(names)} of {folder}, taken as they lie there")
    notes += answer_notes(passed.filled)
    if fault := old(grounds.toolchain.identity.lean_version):
        notes.append(fault)
    if grounds.sandbox == "none":
        notes.append("it was compiled in no sandbox")
    return notes


def answer_notes(filled: Filled | None) -> list[str]:
    """What is to be said of the answers that a submission gives."""
    notes = []
    for answer in filled.answers if filled else ():
        value = " ".join(answer.value.split())
        shown = value if len(value) <= _SHOWN else value[:_SHOWN] + "…"
        said = "is the submission's: a person must judge whether it answers the question"
        notes.append(f"the answer {answer.name} := {shown} {said}")
    return notes


def old(version: str | None) -> str | None:
    """What is to be said of a Lean whose kernel has known faults; None of one that has none."""
    found = _VERSION.match(version or "")
    if found is None:
        return "which Lean judged it is not known: whether its kernel has known faults is not either"
    number = tuple(int(part) for part in found.groups()[:3])
    if number > SOUND or (number == SOUND and found[4] is None):
        return None
    return f"Lean {version} is older than {'.'.join(map(str, SOUND))}: faults of its kernel are known"
