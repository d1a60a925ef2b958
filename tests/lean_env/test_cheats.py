"""Cheats: each is refused, by its bytes where they tell, and by what stands behind the sieve as well."""

import asyncio
import json
import re
import time
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import pytest

from lemmata.domain import CheckResult, CheckStatus, VerifyStatus
from lemmata.errors import SourceError
from lemmata.lean_env.brief import Brief, Refused, read
from lemmata.lean_env.certificate import AXIOMS
from lemmata.lean_env.cli import CliChecker, CompileResult
from lemmata.lean_env.compiler import Compiler
from lemmata.lean_env.process import Confinement
from lemmata.lean_env.reader import Reader
from lemmata.lean_env.toolchain import Toolchain
from lemmata.lean_env.trial import Passed, Trial
from lemmata.lean_env.verifier import verify

TABLE: dict[str, list[dict[str, Any]]] = tomllib.loads(Path(__file__).with_name("cheats.toml").read_text("utf-8"))
KNOWN, OTHERS = TABLE["known"], TABLE["cheat"]
READER = Reader()  # what it has read of the core serves all


def names(rows: list[dict[str, Any]]) -> list[str]:
    return [f"{row['id']}, {'double' if 'double' in row else 'core'}" for row in rows]


@pytest.fixture(scope="module")
def cheats(data: Path) -> dict[int, dict[str, str]]:
    lines = (data / "cheats.jsonl").read_text(encoding="utf-8").splitlines()
    return {cheat["id"]: cheat for cheat in map(json.loads, lines)}


def test_every_cheat_is_in_the_table_and_two_dozen_more() -> None:
    assert [row["id"] for row in KNOWN] == list(range(1, 37))
    assert len(OTHERS) == 24


def refused_by_text(cheat: dict[str, str], expected: str) -> None:
    outcome = read(Brief(cheat["submission"], challenge=cheat["challenge"]))
    assert isinstance(outcome, Refused) == bool(expected)
    if isinstance(outcome, Refused):
        assert any(expected in reason for reason in outcome.reasons), outcome.reasons


@pytest.mark.data
@pytest.mark.parametrize("row", KNOWN, ids=[str(row["id"]) for row in KNOWN])
def test_bytes_tell_of_the_known_ones(row: dict[str, Any], cheats: dict[int, dict[str, str]]) -> None:
    refused_by_text(cheats[row["id"]], row["text"])


@pytest.mark.parametrize("row", OTHERS, ids=[row["name"] for row in OTHERS])
def test_bytes_tell_of_the_others(row: dict[str, Any]) -> None:
    refused_by_text(row, row["text"])


class Double:
    """A compiler that does with the submission what a Lean with its own library would; see cheats.toml."""

    def __init__(self, lean: CliChecker, double: str, module: Callable[[str], bytes]) -> None:
        self._lean, self._double, self._module = lean, double, module
        self._challenge: Path | None = None

    @property
    def toolchain(self) -> Toolchain:
        return self._lean.toolchain

    @property
    def sandbox(self) -> str:
        return "none"

    @property
    def confinement(self) -> Confinement | None:
        return None

    async def compile(self, text: str, folder: Path, module: str = "Main", timeout: float = 60) -> CompileResult:
        if self._challenge is None:
            text = "theorem target : True := sorry" if self._double == "hangs" else text
            compiled = await self._lean.compile(text, folder, module, timeout)
            self._challenge = compiled.olean
            return compiled
        done = CheckResult(status=CheckStatus.OK, checker=self._lean.identity)
        match self._double:
            case "silent":
                return CompileResult(None, done)
            case "hangs":
                reason = f"no answer within {timeout:.1f} s"
                return CompileResult(None, done.model_copy(update={"status": CheckStatus.TIMEOUT, "reason": reason}))
            case "rewritten":
                text = "theorem target : True := trivial"
                self._challenge.write_bytes(await asyncio.to_thread(self._module, text))
            case text:
                pass
        (folder / "Main.olean").write_bytes(await asyncio.to_thread(self._module, text))
        return CompileResult(folder / "Main.olean", done)


async def outcome_of(cheat: dict[str, str], compiler: Compiler) -> tuple[str, str]:
    """What refuses it where nobody looks at its bytes: the layer, and the reasons."""
    brief = Brief(cheat["submission"], "cheat", cheat["challenge"], allow=AXIOMS, sieved=False)
    try:
        outcome = await Trial(brief, compiler, (READER,), time.monotonic() + 60).run()
    except SourceError as error:
        return "challenge", str(error)
    return ("passed", "") if isinstance(outcome, Passed) else (outcome.layer, "\n".join(outcome.reasons))


@pytest.mark.data
@pytest.mark.embedded
@pytest.mark.parametrize("row", KNOWN, ids=names(KNOWN))
async def test_without_their_bytes_the_known_ones_are_refused_too(
    row: dict[str, Any],
    cheats: dict[int, dict[str, str]],
    embedded: CliChecker,
    compile_module: Callable[[str], bytes],
) -> None:
    cheat, compiler = cheats[row["id"]], cast("Compiler", embedded)
    if "double" in row:  # its Lean has what is imported
        cheat = {**cheat, "submission": re.sub(r"(?m)^(import .*|prelude)$", "", cheat["submission"])}
        compiler = Double(embedded, row["double"].strip(), compile_module)
    layer, reasons = await outcome_of(cheat, compiler)
    assert layer == row["layer"], reasons
    assert row["said"] in reasons


@pytest.mark.embedded
@pytest.mark.parametrize("row", OTHERS, ids=[row["name"] for row in OTHERS])
async def test_without_their_bytes_the_others_are_refused_too(row: dict[str, Any], embedded: CliChecker) -> None:
    layer, reasons = await outcome_of(row, embedded)
    assert layer == row["layer"], reasons
    assert row["said"] in reasons


@pytest.mark.data
@pytest.mark.embedded
async def test_none_of_them_is_accepted_by_the_verifier(
    cheats: dict[int, dict[str, str]], embedded: CliChecker
) -> None:
    """All by their bytes but one, which the compiler refuses, and one whose challenge this core cannot state."""
    others = {}
    for number, cheat in cheats.items():
        try:
            verdict = await verify(cheat["submission"], checker=embedded, challenge=cheat["challenge"], timeout=60)
        except SourceError as error:
            others[number] = str(error)
            continue
        assert verdict.status is VerifyStatus.REFUSED, (number, verdict)
        assert verdict.reasons
    assert list(others) == [34]
    assert "Unknown constant `List.range`" in others[34]
