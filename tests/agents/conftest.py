"""A workbench over the embedded Lean that counts its checks, and problems from a line of text."""

from collections.abc import Callable

import pytest

from lemmata.domain import CheckResult, Problem
from lemmata.lean_env.cli import CliChecker


class LeanBench:
    """Checks with a real Lean; keeps the texts in order."""

    def __init__(self, checker: CliChecker) -> None:
        self.checker = checker
        self.texts: list[str] = []

    async def check(self, text: str, *, goals: bool = False, timeout: float | None = None) -> CheckResult:
        self.texts.append(text)
        # the machine may be busy: what an agent allows is for a quiet one
        return await self.checker.check(text, 3 * (timeout or 10.0), goals=goals)


@pytest.fixture
def bench(embedded: CliChecker) -> LeanBench:
    return LeanBench(embedded)


@pytest.fixture(scope="session")
def problem() -> Callable[..., Problem]:
    def make(statement: str, preamble: str = "") -> Problem:
        text = f"theorem t {statement}"
        return Problem(name="t", preamble=preamble, lead="", statement=text, proof=" := by\n  sorry\n")

    return make
