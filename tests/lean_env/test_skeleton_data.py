import json
import random
import re
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lemmata.domain import CheckStatus
from lemmata.lean_env.cli import CliChecker
from lemmata.lean_env.scanner import mask
from lemmata.lean_env.skeleton import cut, holes, steps
from lemmata.lean_env.steps import Mode, Step, StepKind, flat

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
    assert kinds[StepKind.BY] + kinds[StepKind.SHOW] + kinds[StepKind.SUFFICES] == words["by"] > 67
    assert kinds[StepKind.HAVE] == words["have"]
    assert kinds[StepKind.BULLET] == words["·"]
    assert kinds[StepKind.CALC] >= words["calc"]
    assert not any(holes(p) for p in proofs)


def in_a_file_of_its_own(text: str, step: Step) -> str:
    """A step's part as somebody would write it who does not see where it stands."""
    column = step.column if step.mode is Mode.TACTIC else step.column - 2
    first, *rest = step.part.of(text).split("\n")
    return "\n".join([first, *(line[max(0, min(column, len(line) - len(line.lstrip()))) :] for line in rest)])


@pytest.mark.embedded
async def test_real_proofs_compile_with_a_part_cut_and_with_it_filled_anew(data: Path, embedded: CliChecker) -> None:
    tried: list[tuple[str, Step]] = []
    for line in (data.parent / "lean_core" / "transcripts.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        text = row["source"]
        # not where there are definitions: a hole in one breaks what is said of it
        if row["name"].startswith("accept/") and row["seconds"] < 0.2 and not re.search("prelude|def ", mask(text)):
            tried += [(text, s) for s in flat(steps(text)) if s.typed]
    assert len(tried) > 80
    for text, step in random.Random(2).sample(tried, 15):
        skeleton = cut(text, [step])
        result = await embedded.check(skeleton.text, 30)
        assert result.status is CheckStatus.HOLES, skeleton.text
        assert len(result.holes) == 1
        filled = skeleton.fill([in_a_file_of_its_own(text, step) + " "])
        assert (await embedded.check(filled, 30)).status is CheckStatus.OK, filled
