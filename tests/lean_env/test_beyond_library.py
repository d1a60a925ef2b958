"""What is imported from beyond Lean's own library is trusted as it lies there, and the certificate says so."""

import asyncio
import re
from pathlib import Path

import pytest

from lemmata.domain import Level
from lemmata.lean_env.cli import CliChecker
from lemmata.lean_env.fingerprint import snapshot
from lemmata.lean_env.inspector import _BY_NAME
from lemmata.lean_env.reader import Reader
from lemmata.lean_env.toolchain import Toolchain
from lemmata.lean_env.verifier import verify

pytestmark = pytest.mark.embedded

EVIL = "set_option debug.skipKernelTC true\ntheorem evil : (0 : Nat) = 1 := by decide +kernel\n"
PROOF = "import Evil\n\ntheorem t : (0 : Nat) = 1 := evil\n"


async def with_evil(toolchain: Toolchain, folder: Path, *, beside: bool) -> CliChecker:
    """A checker whose search path begins with a folder that holds a module the kernel never saw."""
    await asyncio.to_thread(folder.mkdir, parents=True)
    olean, result = await CliChecker(toolchain).compile(EVIL, folder, "Evil")
    assert olean, result
    folders = (folder, *toolchain.folders)
    environment = {**toolchain.environment, "LEAN_PATH": ":".join(map(str, folders))}
    update = {"folders": folders, "environment": environment, "beside": beside}
    return CliChecker(toolchain.model_copy(update=update))


@pytest.mark.parametrize("place", ["build", "packages/evil/.lake/build"])
async def test_what_came_with_a_file_that_is_compared_with_nothing_certifies_nothing(
    place: str, whole_toolchain: Toolchain, tmp_path: Path
) -> None:
    folder = tmp_path / ".lake" / place / "lib" / "lean"
    checker = await with_evil(whole_toolchain, folder, beside=True)
    verdict = await verify(PROOF, checker=checker, judges=(Reader(),), timeout=60, cache=tmp_path / "cache")
    assert verdict.certificate is not None
    assert verdict.level is Level.CHECKED
    notes = verdict.certificate.notes
    assert f"it imports Evil of {folder}, taken as they lie there" in notes
    assert any("it imports Evil, which may have come with it" in note for note in notes)


@pytest.mark.parametrize(("beside", "against"), [(True, PROOF.replace(":= evil", ":= sorry")), (False, None)])
async def test_a_challenge_s_project_and_one_that_was_named_are_trusted_and_told(
    beside: bool, against: str | None, whole_toolchain: Toolchain, tmp_path: Path
) -> None:
    checker = await with_evil(whole_toolchain, folder := tmp_path / "lib", beside=beside)
    verdict = await verify(
        PROOF, checker=checker, challenge=against, judges=(Reader(),), timeout=120, cache=tmp_path / "cache"
    )
    assert verdict.certificate is not None
    assert verdict.level is Level.CERTIFIED
    assert f"it imports Evil of {folder}, taken as they lie there" in verdict.certificate.notes


def test_modules_behind_a_link_count_and_a_link_back_does_not(whole_toolchain: Toolchain, tmp_path: Path) -> None:
    real, library = tmp_path / "real", tmp_path / "library"
    real.mkdir()
    library.mkdir()
    (real / "A.olean").write_bytes(b"one")
    (library / "linked").symlink_to(real)
    (library / "back").symlink_to(library)
    toolchain = whole_toolchain.model_copy(update={"folders": (library,)})
    before = snapshot(toolchain)
    assert [Path(name).name for name, _ in before.files if name.endswith(".olean")] == ["A.olean"]
    (real / "A.olean").write_bytes(b"other")
    assert snapshot(toolchain) != before


def test_both_inspectors_know_the_same_constants_by_name() -> None:
    program = (Path(__file__).parents[2] / "lean_env" / "trusted" / "Inspect.lean").read_text(encoding="utf-8")
    (listed,) = re.findall(r"def byName : List Name := \[(.*?)\]", program, re.DOTALL)
    assert {tuple(n.split(".")) for n in re.findall(r"`([\w.]+)", listed)} == _BY_NAME
