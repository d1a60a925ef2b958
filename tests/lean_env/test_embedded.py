import pytest

from lemmata.domain import CheckStatus
from lemmata.lean_env.cli import CliChecker

pytestmark = pytest.mark.embedded


async def test_it_accepts_a_proof(embedded: CliChecker) -> None:
    result = await embedded.check("theorem t (p q : Prop) (hp : p) (hq : q) : p ∧ q := ⟨hp, hq⟩\n", 20)
    assert (result.status, result.diagnostics) == (CheckStatus.OK, ())


async def test_it_rejects_a_wrong_proof(embedded: CliChecker) -> None:
    result = await embedded.check("theorem t (p q : Prop) (hp : p) : p ∧ q := ⟨hp, hp⟩\n", 20)
    assert result.status is CheckStatus.ERRORS
    assert result.errors[0].start.line == 1
