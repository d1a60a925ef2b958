import os

import pytest

from lemmata.lean_env.pool import PROCESS_MB, machine_memory_mb
from lemmata.lean_env.slots import PLAIN_MB, default_slots, process_mb


@pytest.mark.parametrize(
    ("imports", "mb"),
    [
        ((), PLAIN_MB),
        (("Init", "Batteries", "MathlibTest"), PLAIN_MB),
        (("Init", "Mathlib"), PROCESS_MB),
        (("Mathlib.Tactic.Ring",), PROCESS_MB),
    ],
)
def test_what_a_process_needs(imports: tuple[str, ...], mb: int) -> None:
    assert process_mb(imports) == mb


def test_as_many_as_fit_and_at_least_one() -> None:
    assert default_slots(1) == os.cpu_count()
    assert default_slots(machine_memory_mb() + 1) == 1
    assert 1 <= default_slots(PROCESS_MB) <= default_slots()
