"""Honest submissions: a verifier that refuses everything fails. Each passes on the embedded Lean, for what it is."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from lemmata.domain import Certificate, Level, sha256
from lemmata.lean_env.cli import CliChecker
from lemmata.lean_env.reader import Reader
from lemmata.lean_env.source import problem
from lemmata.lean_env.verifier import verify

pytestmark = pytest.mark.embedded
TWINS: list[dict[str, Any]] = tomllib.loads(Path(__file__).with_name("twins.toml").read_text("utf-8"))["twin"]
READER = Reader()  # what it has read of the core serves all


def test_there_are_as_many_as_known_cheats() -> None:
    assert len({twin["name"] for twin in TWINS}) == len(TWINS) == 38


def texts(twin: dict[str, Any]) -> tuple[str, str]:
    """The challenge and the submission."""
    challenge = twin.get("challenge_head", "").lstrip("\n") + twin["challenge"]
    if "submission" in twin:
        return challenge, twin["submission"].lstrip("\n")
    stated = problem(challenge, name=twin.get("target"))
    helpers = (twin["helpers"],) if "helpers" in twin else ()
    return challenge, stated.with_proof(stated.proof.replace("sorry", twin["new"]), helpers)


@pytest.mark.parametrize("twin", TWINS, ids=[twin["name"] for twin in TWINS])
async def test_an_honest_twin_passes(twin: dict[str, Any], embedded: CliChecker) -> None:
    challenge, submission = texts(twin)
    verdict = await verify(
        submission,
        checker=embedded,
        challenge=challenge,
        name=twin.get("target"),
        judges=(READER,),
        timeout=60,
    )
    assert verdict.reasons == ()
    certificate = verdict.certificate
    assert certificate is not None
    assert_fields(certificate, embedded)
    assert certificate.axioms == tuple(twin.get("axioms", ()))
    assert certificate.text_sha256 == sha256(submission)
    assert certificate.challenge_sha256 == sha256(challenge)
    answered = "_solution" in challenge
    assert (certificate.filled_sha256 is not None) == answered
    assert any(twin.get("notes", "") in note for note in certificate.notes)
    assert any(note.startswith("the answer ") for note in certificate.notes) == answered


def assert_fields(certificate: Certificate, embedded: CliChecker) -> None:
    """What is the same of all of them."""
    assert (certificate.level, certificate.checker) == (Level.CHECKED, embedded.identity)
    assert certificate.vouched_by == "checked by Lean 4.35.0, embedded core"
    assert [check.what for check in certificate.checks] == ["text", "compiled", "statement", "axioms", "kernel"]
    assert [check.by for check in certificate.checks] == [
        "lemmata",
        "Lean 4.35.0",
        "lemmata",
        "lemmata",
        "the kernel of Lean 4.35.0",
    ]
    assert certificate.toolchain_sha256 is not None
    assert len(certificate.compared) == 3
    why = "the level stays checked: the library is the embedded core, not Lean's own"
    assert [note for note in certificate.notes if note.startswith("the level")] == [why]
    assert "proved" not in certificate.model_dump_json()
