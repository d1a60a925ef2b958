"""A Lake project whose Lean is a real one: the embedded one in a toolchain's folder, with a stand-in for Lake only."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from lemmata.configs.schema import LeanConfig
from lemmata.domain import CheckStatus, VerifyStatus
from lemmata.lean_env.select import select_checker
from lemmata.lean_env.toolchain import Toolchain, find_toolchain
from lemmata.lean_env.verifier import verify

LAKE = Path(__file__).resolve().parent.parent / "doubles" / "lake.py"
MAIN = "extern int lean_main(int, char **); int main(int c, char **v) { return lean_main(c, v); }\n"
pytestmark = pytest.mark.embedded


@pytest.fixture(scope="module")
def home(embedded_toolchain: Toolchain, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A toolchain's folder, as elan has them, of the embedded Lean and its core."""
    if (cc := shutil.which("cc")) is None:
        pytest.skip("no C compiler to link a `lean` with")
    folder = tmp_path_factory.mktemp("toolchain")
    library = folder / "lib" / "lean"
    library.mkdir(parents=True)
    (folder / "bin").mkdir()
    (library / "libleanshared.so").symlink_to(embedded_toolchain.library)
    for core in embedded_toolchain.folders:
        shutil.copytree(core, library, dirs_exist_ok=True)
    (folder / "main.c").write_text(MAIN, encoding="utf-8")
    rpath = "-Wl,-rpath,$ORIGIN/../lib/lean"
    argv = [cc, "-o", str(folder / "bin" / "lean"), str(folder / "main.c"), f"-L{library}", "-lleanshared", rpath]
    subprocess.run([*argv, "-Wl,--allow-shlib-undefined"], check=True)
    own = shutil.copy(LAKE, folder / "lib")  # a sandbox lets in nothing but the toolchain and Python
    start = f'export DOUBLE_HOME="{folder}"\nexec "{os.path.realpath(sys.executable)}" -I -S "{own}" "$@"'
    (folder / "bin" / "lake").write_text(f"#!/bin/sh\n{start}\n", encoding="utf-8")
    (folder / "bin" / "lake").chmod(0o755)
    return folder


@pytest.fixture
def project(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with a module of its own, built; Lake says that it sets `autoImplicit false`."""
    built = tmp_path / ".lake" / "build" / "lib" / "lean"
    built.mkdir(parents=True)
    (tmp_path / "lakefile.toml").touch()
    (tmp_path / "lean-toolchain").write_text("mine\n", encoding="utf-8")
    monkeypatch.setenv("ELAN_HOME", str(tmp_path / "elan"))
    (tmp_path / "elan" / "toolchains").mkdir(parents=True)
    (tmp_path / "elan" / "toolchains" / "mine").symlink_to(home)
    told = {"setup": {"options": {"autoImplicit": False}}}
    (tmp_path / "lake-double.json").write_text(json.dumps(told), encoding="utf-8")
    (tmp_path / "Mine.lean").write_text("theorem mine (p : Prop) (h : p) : p := h\n", encoding="utf-8")
    lean = home / "bin" / "lean"
    subprocess.run([lean, "--root=.", "-o", built / "Mine.olean", "Mine.lean"], cwd=tmp_path, check=True)
    return tmp_path


async def test_it_answers_as_a_toolchain_does(home: Path) -> None:
    toolchain = await find_toolchain(home)
    assert toolchain.identity.lean_version == "4.35.0"
    assert toolchain.folders[-1] == home / "lib" / "lean"
    assert toolchain.lacks(("Init", "Mathlib")) == ("Mathlib",)


async def test_a_file_is_checked_with_the_projects_modules_and_options(project: Path) -> None:
    selected = await select_checker("cli", imports=("Mine",), near=project)
    check = selected.checker.check
    assert (await check("import Mine\ntheorem t (p : Prop) (h : p) : p := mine p h\n", 60)).status is CheckStatus.OK
    loose = await check("import Mine\ntheorem t (a : α) : a = a := rfl\n", 60)
    assert loose.status is CheckStatus.ERRORS
    assert "autoImplicit" in loose.errors[0].text
    hole = await check("import Mine\ntheorem t (p : Prop) (h : p) : p := by sorry\n", 60, goals=True)
    assert [h.goal for h in hole.holes] == ["p : Prop\nh : p\n⊢ p"]
    assert (await check("import Other\n", 60)).status is CheckStatus.UNSUPPORTED
    await selected.aclose()
    lax = await select_checker(near=project, lean=LeanConfig(options={"autoImplicit": True}))
    assert (await lax.checker.check("theorem t (a : α) : a = a := rfl\n", 60)).status is CheckStatus.OK
    await lax.aclose()


async def test_a_proof_that_uses_the_projects_modules_is_verified(project: Path) -> None:
    selected = await select_checker("cli", imports=("Mine",), near=project)
    assert selected.compiler is not None
    challenge = "import Mine\n\ntheorem t (p q : Prop) (h : p ∧ q) : p := by sorry\n"
    honest = challenge.replace("by sorry", "mine p h.left")
    verdict = await verify(honest, checker=selected.compiler, challenge=challenge, timeout=120)
    assert verdict.status is VerifyStatus.ACCEPTED, verdict.reasons
    assert verdict.certificate is not None
    assert verdict.certificate.checker.options == ("autoImplicit=false",)
    assert verdict.certificate.axioms == ()
    refused = await verify(honest.replace("mine p h.left", "by sorry"), checker=selected.compiler, timeout=120)
    assert refused.status is VerifyStatus.REFUSED
    await selected.aclose()
