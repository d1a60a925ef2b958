"""Lean and the kernel's replay inside a sandbox: they work, they are kept in, and whoever asks is told which it was."""

import asyncio
import os
import shutil
from pathlib import Path

import pytest

from lemmata.configs.schema import LeanConfig
from lemmata.domain import CheckStatus
from lemmata.lean_env.cli import CliChecker
from lemmata.lean_env.process import Confinement
from lemmata.lean_env.replay import ReplayStatus, replay
from lemmata.lean_env.sandbox import Bubblewrap, Landlock, confine, find_sandbox, interpreter
from lemmata.lean_env.select import select_checker
from lemmata.lean_env.toolchain import Toolchain

pytestmark = pytest.mark.embedded


@pytest.fixture(params=["bubblewrap", "landlock"])
def confinement(
    request: pytest.FixtureRequest,
    embedded_toolchain: Toolchain,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Confinement:
    """Either, around the embedded Lean."""
    bwrap = shutil.which("bwrap")
    if request.param == "landlock":
        monkeypatch.setenv("PATH", str(tmp_path))
    found = asyncio.run(confine("auto", embedded_toolchain))
    if found is None or found.name != request.param:
        message = f"{request.param} does not work here"
        if os.environ.get("CI") and request.param == "bubblewrap" and bwrap:
            pytest.fail(message)
        pytest.skip(message)
    return found


async def test_lean_runs_in_it(confinement: Confinement, embedded_toolchain: Toolchain) -> None:
    checker = CliChecker(embedded_toolchain, spares=1, confinement=confinement)
    assert checker.sandbox == confinement.name
    assert (await checker.check("theorem t : 1 + 1 = 2 := by decide\n", 20)).status is CheckStatus.OK
    assert (await checker.check("theorem t : 1 + 1 = 3 := by decide\n", 20)).status is CheckStatus.ERRORS
    await checker.aclose()


async def test_what_lean_runs_writes_below_its_folder_only(
    confinement: Confinement, embedded_toolchain: Toolchain, tmp_path: Path
) -> None:
    checker = CliChecker(embedded_toolchain, confinement=confinement)
    text = """
@[extern "x"] opaque IO.FS.writeFile (f c : String) (w : Nat) : Nat
theorem go : Nat.beq (IO.FS.writeFile "FILE" "owned" 5) 7 = false := by native_decide
"""
    room = tmp_path / "room"
    room.mkdir()
    for file, written in ((tmp_path / "outside", False), (room / "inside", True)):
        await checker.compile(text.replace("FILE", str(file)), room)
        assert file.exists() == written


async def test_a_program_that_ends_without_a_verdict_crashed(
    confinement: Confinement, embedded_toolchain: Toolchain
) -> None:
    lean = embedded_toolchain.model_copy(update={"program": Path(interpreter())})
    checker = CliChecker(lean, confinement=confinement)
    result = await checker.check("", 20)
    assert (result.status, (result.reason or "")[:11]) == (CheckStatus.CRASHED, "exit code 2")


async def test_the_kernel_is_asked_again_in_it(confinement: Confinement, embedded_toolchain: Toolchain) -> None:
    lean = embedded_toolchain
    module = (lean.folders[0] / "Init" / "Core.olean").read_bytes()
    found = await replay(module, lean.library, lean.folders, 60, confinement=confinement)
    assert (found.status, found.reason) == (ReplayStatus.OK, None)
    assert found.checked > 100


async def test_the_checker_that_is_selected_runs_in_what_was_chosen() -> None:
    sandbox = await find_sandbox()
    for lean, name in ((LeanConfig(), sandbox.name if sandbox else "none"), (LeanConfig(sandbox="off"), "none")):
        selected = await select_checker("embedded", lean=lean)
        assert selected.compiler is not None
        assert selected.compiler.sandbox == name
        assert (await selected.checker.check("example : True := trivial\n", 20)).status is CheckStatus.OK
        await selected.aclose()


async def test_a_toolchain_and_its_project_can_be_read(
    embedded_toolchain: Toolchain, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lean = embedded_toolchain.model_copy(
        update={"program": tmp_path / "bin" / "lean", "environment": {"LD_LIBRARY_PATH": f"{tmp_path / 'native'}::"}}
    )
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    confinement = await confine("auto", lean, (tmp_path / "project", tmp_path / "home", tmp_path))
    if confinement is None:
        pytest.skip("no sandbox works here")
    assert isinstance(confinement, Bubblewrap | Landlock)
    named = {tmp_path / name for name in ("bin", "lib", "project", "native")}
    assert named | set(lean.folders) <= set(confinement.reads)
    assert not {tmp_path, tmp_path / "home"} & set(confinement.reads), "a toolchain or a project may lie at home"
    assert await confine("off", lean) is None
