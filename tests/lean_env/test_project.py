import json
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from lemmata.configs.schema import LeanConfig
from lemmata.domain import CheckStatus
from lemmata.errors import ConfigError, InfrastructureError, MissingError
from lemmata.lean_env.cli import CliChecker
from lemmata.lean_env.project import find_project, open_project, sandbox_for
from lemmata.lean_env.sandbox import find_sandbox
from lemmata.lean_env.toolchain import Toolchain

DOUBLES = Path(__file__).resolve().parent.parent / "doubles"
PYTHON = os.path.realpath(sys.executable)
PIN = "leanprover/lean4:v4.99.0-rc1"
Maker = Callable[..., Path]


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A machine without Lean, and a home of its own."""
    for name in ("LEMMATA_LEAN_HOME", "LEMMATA_LEAN_PROJECT", "LEAN_PATH", "ELAN_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("PATH", "/usr/bin:/bin")


def make_toolchain(home: Path) -> Path:
    """A toolchain's folder with stand-ins for `lean` and `lake`."""
    (home / "bin").mkdir(parents=True)
    (home / "lib" / "lean").mkdir(parents=True)
    (home / "lib" / "lean" / "Init.olean").touch()
    for name in ("lean", "lake"):
        shutil.copy(DOUBLES / f"{name}.py", home / "lib")  # a sandbox lets in nothing but the toolchain and Python
        body = f'export DOUBLE_HOME="{home}"\nexec "{PYTHON}" -I -S "{home / "lib" / name}.py" "$@"'
        (home / "bin" / name).write_text(f"#!/bin/sh\n{body}\n", encoding="utf-8")
        (home / "bin" / name).chmod(0o755)
    return home


@pytest.fixture
def elan(tmp_path: Path) -> Path:
    """Elan's folder with one toolchain, and its shims, which would download: nobody may call them."""
    home = tmp_path / "home" / ".elan"
    make_toolchain(home / "toolchains" / "leanprover--lean4---v4.99.0-rc1")
    (home / "bin").mkdir()
    for name in ("elan", "lake", "lean"):
        (home / "bin" / name).write_text(f"#!/bin/sh\ntouch {tmp_path}/downloaded\nexit 1\n", encoding="utf-8")
        (home / "bin" / name).chmod(0o755)
    return home


@pytest.fixture
def make(tmp_path: Path) -> Maker:
    """Makes a Lake project with Mathlib beside it, built, and a stand-in for Lake that does as told."""

    def project(
        pin: str | None = PIN, lakefile: str = 'name = "p"\n', file: str = "lakefile.toml", **told: Any
    ) -> Path:
        root = tmp_path / "project"
        built = root / ".lake" / "packages" / "mathlib" / ".lake" / "build" / "lib" / "lean"
        built.mkdir(parents=True)
        (built / "Mathlib.olean").touch()
        (root / file).write_text(lakefile, encoding="utf-8")
        (root / "Main.lean").touch()
        if pin is not None:
            (root / "lean-toolchain").write_text(pin + "\n", encoding="utf-8")
        packages = [{"type": "git", "name": "mathlib"}]
        (root / "lake-manifest.json").write_text(json.dumps({"packages": packages}), encoding="utf-8")
        (root / "lake-double.json").write_text(json.dumps(told), encoding="utf-8")
        return root

    return project


def log(root: Path) -> list[list[list[str]]]:
    lines = (root / "lake-double.log").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def log_text(root: Path) -> str:
    return (root / "lake-double.log").read_text(encoding="utf-8")


# --- where it is


def test_the_one_that_is_named_wins(make: Maker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = make()
    inside = root / "deep" / "er"
    inside.mkdir(parents=True)
    home = tmp_path / "home" / ".lemmata" / "lean"
    assert find_project() is None
    assert find_project(near=inside) == root
    home.mkdir(parents=True)
    (home / "lakefile.lean").touch()
    assert find_project(near=tmp_path) == home
    assert find_project(near=inside) == root
    monkeypatch.setenv("LEMMATA_LEAN_PROJECT", str(home))
    assert find_project(near=inside) == home
    assert find_project(root, near=tmp_path) == root


def test_a_named_one_that_is_none_is_a_mistake(tmp_path: Path) -> None:
    with pytest.raises(MissingError, match=r"is no Lake project: expected lakefile\.lean or lakefile\.toml"):
        find_project(tmp_path)
    with pytest.raises(MissingError, match="is not there, or cannot be read"):
        find_project(tmp_path / "nowhere")


# --- what Lake says of it


async def test_lake_is_asked_once_and_its_folders_hold_everywhere(elan: Path, make: Maker) -> None:
    root = make(setup={"options": {"autoImplicit": False, "weak.linter.all": True}})
    project = await open_project(root)
    home = elan / "toolchains" / "leanprover--lean4---v4.99.0-rc1"
    lean = project.toolchain
    assert lean.program == home / "bin" / "lean"
    built = root / ".lake" / "packages" / "mathlib" / ".lake" / "build" / "lib" / "lean"
    assert lean.folders == (built, root / ".lake" / "build" / "lib" / "lean", home / "lib" / "lean")
    assert lean.environment["LEAN_PATH"] == f"{built}:{root}/.lake/build/lib/lean"
    assert lean.environment["LEAN_SYSROOT"] == str(home)
    assert lean.environment["LD_LIBRARY_PATH"] == f"{home}/lib/lean:{home}/lib", "not what the project says"
    assert lean.identity.lean_version == "4.99.0-rc1"
    assert project.options == lean.identity.options == ("autoImplicit=false",)
    assert project.notes == ()
    assert [words[0][0] for words in log(root)] == ["env", "setup-file"]


async def test_lake_may_not_reach_out_and_hears_no_secrets(
    elan: Path, make: Maker, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SECRET_KEY", "1")
    monkeypatch.setenv("PATH", f"{elan / 'bin'}:/usr/bin:/bin")
    root = make()
    project = await open_project(root)
    for _, variables in log(root):
        assert variables == ["GIT_ALLOW_PROTOCOL", "GIT_TERMINAL_PROMPT", "LAKE_NO_CACHE"]
    assert not {"SECRET_KEY", "GIT_ALLOW_PROTOCOL", "LAKE_NO_CACHE"} & set(project.toolchain.environment)
    assert not (tmp_path / "downloaded").exists(), "elan was asked"


TOML = 'name = "p"\nleanOptions = {autoImplicit = false, pp.all = true}\n'


@pytest.mark.parametrize(
    ("file", "lakefile", "options"),
    [
        ("lakefile.toml", TOML, ("autoImplicit=false",)),
        ("lakefile.toml", "name = [", None),
        ("lakefile.lean", "import Lake\npackage other\n", None),
    ],
)
async def test_where_lake_does_not_tell_the_lakefile_is_read(
    elan: Path, make: Maker, file: str, lakefile: str, options: tuple[str, ...] | None
) -> None:
    project = await open_project(make(file=file, lakefile=lakefile, setup="fail"))
    assert project.options == (options or ())
    note = f"Lake did not tell the options of {project.root}; `lean.options` sets them"
    assert project.notes == ((note,) if options is None else ())


async def test_an_answer_that_is_none_is_passed_over(elan: Path, make: Maker) -> None:
    assert (await open_project(make(lakefile=TOML, setup="junk"))).options == ("autoImplicit=false",)


async def test_a_lake_that_thinks_about_options_for_ever_is_left(elan: Path, make: Maker) -> None:
    project = await open_project(make(lakefile=TOML, setup="hang"), timeout=2)
    assert project.options == ("autoImplicit=false",)


async def test_options_that_the_user_sets_are_taken_instead(elan: Path, make: Maker) -> None:
    root = make(setup={"options": {"autoImplicit": False}})
    project = await open_project(root, options={"maxHeartbeats": 0, "pp.all": True})
    assert project.options == ("maxHeartbeats=0", "pp.all=true")
    assert len(log(root)) == 1, "Lake is not asked for them"
    for options in ({"debug.skipKernelTC": True}, {"warn.sorry": False}, {"bootstrap.x": True}, {"a b": 1}, {"": 1}):
        with pytest.raises(ConfigError, match=r"lean\.options"):
            await open_project(root, options=options)


# --- what it lacks


async def test_what_is_not_built_is_told_from_what_is_not_there(elan: Path, make: Maker) -> None:
    root = make()
    (root / "Mine").mkdir()
    (root / "Mine" / "Basic.lean").touch()
    (root / ".lake" / "packages" / "mathlib" / "Aesop.lean").touch()
    project = await open_project(root)
    assert project.lacks(("Init", "Mathlib")) is None
    assert project.lacks(("Mathlib", "Nowhere")) == f"the Lake project {root} does not have Nowhere"
    for name in ("Mine.Basic", "Aesop"):
        lack = project.lacks((name, "Nowhere"))
        assert lack == (
            f"{name} of the Lake project {root} is not built: run `lake exe cache get` and `lake build` there"
        )


async def test_the_repl_that_it_was_built_with(elan: Path, make: Maker) -> None:
    root = make()
    assert (await open_project(root)).repl is None
    manifest = {"packages": [{"type": "git", "name": "mathlib"}, {"type": "path", "name": "x", "dir": "../REPL"}]}
    (root / "lake-manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    program = root.parent / "REPL" / ".lake" / "build" / "bin" / "repl"
    program.parent.mkdir(parents=True)
    program.touch(0o755)
    found = (await open_project(root)).repl
    assert found is not None
    assert found.resolve() == program


# --- what goes wrong


@pytest.mark.parametrize(
    ("how", "message"),
    [
        ("fail", r"`lake env` in .*project failed \(exit code 1\): error: lakefile.lean:3:0: unexpected identifier"),
        ("junk", "`lake env` in .*project gave no LEAN_PATH: .*not what was asked for"),
        ("hang", "`lake env` in .*project gave no answer within 1 s: another `lake` may hold the project"),
    ],
)
async def test_a_lake_that_misbehaves(elan: Path, make: Maker, how: str, message: str) -> None:
    with pytest.raises(InfrastructureError, match=message):
        await open_project(make(env=how), timeout=1)


async def test_a_toolchain_that_is_not_installed_is_not_downloaded(
    elan: Path, make: Maker, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    root = make(pin="leanprover/lean4:v4.27.0")
    with pytest.raises(MissingError, match=r"no `lake` .*elan toolchain install leanprover/lean4:v4.27.0"):
        await open_project(root)
    monkeypatch.setenv("PATH", f"{elan / 'bin'}:/usr/bin:/bin")
    message = r"\(leanprover/lean4:v4.27.0\) is not installed: `elan toolchain install leanprover/lean4:v4.27.0`"
    with pytest.raises(MissingError, match=message):
        await open_project(root)
    assert not (tmp_path / "downloaded").exists(), "elan was asked"


async def test_without_a_pin_any_lake_will_do(
    make: Maker, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    root = make(pin=None)
    with pytest.raises(MissingError, match="lemmata lean setup"):
        await open_project(root)
    home = make_toolchain(tmp_path / "lean")
    monkeypatch.setenv("PATH", f"{home / 'bin'}:/usr/bin:/bin")
    assert (await open_project(root)).toolchain.program == home / "bin" / "lean"


async def test_a_lean_of_another_version_is_refused(make: Maker, tmp_path: Path) -> None:
    home = make_toolchain(tmp_path / "lean")
    with pytest.raises(MissingError, match=r"is pinned to Lean 4.27.0, and .* is Lean 4.99.0-rc1"):
        await open_project(make(pin="leanprover/lean4:v4.27.0"), home=home)
    with pytest.raises(MissingError, match="there is no Lake in"):
        await open_project(tmp_path / "project", home=tmp_path)


@pytest.mark.parametrize(
    "pin", ["v4.99.0-rc1", "4.99.0-rc1", "leanprover/lean4:4.99.0-rc1", "linked", "../lean4/stage1"]
)
async def test_the_ways_to_write_a_pin(elan: Path, make: Maker, tmp_path: Path, pin: str) -> None:
    (elan / "toolchains" / "linked").symlink_to(make_toolchain(tmp_path / "mine"))
    make_toolchain(tmp_path / "lean4" / "stage1")
    project = await open_project(make(pin=pin))
    assert project.toolchain.program.is_file()
    expected = {"linked": "mine", "../lean4/stage1": "stage1"}.get(pin, "leanprover--lean4---v4.99.0-rc1")
    assert project.toolchain.program.parent.parent.name == expected


async def test_dependencies_that_are_not_here_are_not_fetched(elan: Path, make: Maker) -> None:
    root = make()
    (root / ".lake" / "packages" / "mathlib").rename(root / "gone")
    with pytest.raises(MissingError, match=r"are not here: mathlib; `lake exe cache get`"):
        await open_project(root)
    (root / "lake-manifest.json").unlink()
    assert (await open_project(root)).root == root, "it needs none"
    (root / "lakefile.toml").write_text('[[require]]\nname = "mathlib"\n', encoding="utf-8")
    with pytest.raises(MissingError, match="were never resolved"):
        await open_project(root)


@pytest.mark.parametrize("content", [None, "{", "[]", '{"packages": [{}]}', '{"packages": 3}', "\udcff"])
async def test_a_manifest_that_cannot_be_read(elan: Path, make: Maker, content: str | None) -> None:
    root = make()
    manifest = root / "lake-manifest.json"
    manifest.unlink()
    if content is None:
        manifest.mkdir()
    else:
        manifest.write_bytes(content.encode("utf-8", "surrogateescape"))
    with pytest.raises(InfrastructureError, match=r"lake-manifest.json cannot be read as a manifest of Lake"):
        await open_project(root)


async def test_a_lakefile_that_cannot_be_read(elan: Path, make: Maker) -> None:
    root = make()
    (root / "lake-manifest.json").unlink()
    (root / "lakefile.toml").write_bytes(b"\xff = 1")
    assert (await open_project(root)).notes, "it is not known what it says"
    (root / "lakefile.toml").unlink()
    (root / "lakefile.toml").symlink_to("/proc/self/mem")
    with pytest.raises(InfrastructureError, match=r"the lakefile of .* cannot be read"):
        await open_project(root)


async def test_modules_that_would_be_taken_for_leans_own_are_refused(elan: Path, make: Maker) -> None:
    root = make()
    (root / ".lake" / "packages" / "mathlib" / ".lake" / "build" / "lib" / "lean" / "Init.olean").touch()
    with pytest.raises(InfrastructureError, match=r"Init\.olean would be taken for Lean's own Init: remove it"):
        await open_project(root)


# --- where its Lake runs


async def test_lake_can_be_confined(elan: Path, make: Maker) -> None:
    if await find_sandbox() is None:
        pytest.skip("no sandbox works here")
    root = make(setup={"options": {"autoImplicit": False}}, read=str(elan / "secret"))
    (elan / "secret").touch()
    assert (await open_project(root)).options == ("autoImplicit=false",)
    assert "could read" in log_text(root)
    (root / "lake-double.log").unlink()
    assert (await open_project(root, sandbox="auto")).options == ("autoImplicit=false",)
    assert "could read" not in log_text(root)
    (root / "lake-double.json").write_text(json.dumps({"env": "fail"}), encoding="utf-8")
    with pytest.raises(InfrastructureError, match="it does not for a project that LEMMATA_LEAN_PROJECT names"):
        await open_project(root, sandbox="auto")


async def test_a_project_that_nobody_named_brings_no_toolchain_of_its_own(make: Maker, tmp_path: Path) -> None:
    make_toolchain(tmp_path / "lean4" / "stage1")
    for pin in ("../lean4/stage1", str(tmp_path / "lean4" / "stage1"), "..", "."):
        root = tmp_path / "project"
        if not root.exists():
            make()
        (root / "lean-toolchain").write_text(pin, encoding="utf-8")
        with pytest.raises(MissingError, match="there is no `lake` for the Lake project"):
            await open_project(root, sandbox="auto")


def test_what_the_user_named_is_trusted(make: Maker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = make()
    assert sandbox_for(root, LeanConfig()) == "auto"
    assert sandbox_for(root, LeanConfig(sandbox="required")) == "required"
    assert sandbox_for(root, LeanConfig(project=root, sandbox="required")) == "off"
    assert sandbox_for(tmp_path / "home" / ".lemmata" / "lean", LeanConfig()) == "off"
    monkeypatch.setenv("LEMMATA_LEAN_PROJECT", str(root))
    assert sandbox_for(root, LeanConfig()) == "off"


# --- what comes of it


@pytest.mark.embedded
async def test_options_reach_the_real_lean(embedded_toolchain: Toolchain) -> None:
    text = "theorem t (a : α) : a = a := rfl\n"
    for value, status in (("true", CheckStatus.OK), ("false", CheckStatus.ERRORS)):
        options = (f"autoImplicit={value}",)
        identity = embedded_toolchain.identity.model_copy(update={"options": options})
        result = await CliChecker(embedded_toolchain.model_copy(update={"identity": identity})).check(text, 30)
        assert (result.status, result.checker.options) == (status, options)
