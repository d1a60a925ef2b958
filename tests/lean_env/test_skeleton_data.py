import json
import random
import re
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lemmata.lean_env.scanner import mask
from lemmata.lean_env.skeleton import cut, holes, steps
from lemmata.lean_env.steps import StepKind, flat

pytestmark = pytest.mark.data


@pytest.fixture(scope="module")
def proofs(data: Path) -> list[str]:
    rows = [json.loads(x) for x in (data / "minif2f_valid_proofs.jsonl").read_text(encoding="utf-8").splitlines()]
    return [row["formal_statement"] + row["formal_proof"] for row in rows]


def test_any_subset_of_cuts_of_a_real_proof_fills_back(proofs: list[str]) -> None:
    found = [flat(steps(p)) for p in proofs]

    @given(st.data())
    @settings(deadline=None, max_examples=400)
    def round_trip(draw: st.DataObject) -> None:
        i = draw.draw(st.integers(0, len(proofs) - 1))
        chosen = draw.draw(st.sets(st.integers(0, len(found[i]) - 1)))
        check(proofs[i], chosen)

    def check(proof: str, chosen: set[int]) -> None:
        everything = flat(steps(proof))
        skeleton = cut(proof, [everything[i] for i in chosen])
        assert len(skeleton.sites) == len(skeleton.cuts)
        assert skeleton.fill(skeleton.cuts) == proof

    round_trip()
    generator = random.Random(0)
    for proof, everything in zip(proofs, found, strict=True):
        for density in (0.1, 0.3, 0.6, 1.0):
            check(proof, {i for i in range(len(everything)) if generator.random() < density})


def test_the_steps_of_the_real_proofs(proofs: list[str]) -> None:
    kinds = Counter(s.kind for p in proofs for s in flat(steps(p)))
    assert len(proofs) == 67
    words = Counter(w for p in proofs for w in re.findall(r"(?<![\w.'])(by|have|calc|·)(?![\w'])", mask(p)))
    assert kinds[StepKind.BY] == words["by"] > 67
    assert kinds[StepKind.HAVE] == words["have"]
    assert kinds[StepKind.BULLET] == words["·"]
    assert kinds[StepKind.CALC] >= words["calc"]
    assert not any(holes(p) for p in proofs)
