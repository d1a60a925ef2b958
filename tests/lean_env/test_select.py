import asyncio
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from lemmata.configs.schema import KiminaConfig, LeanConfig
from lemmata.domain import CheckStatus, Position
from lemmata.errors import ConfigError, InfrastructureError, MissingError
from lemmata.lean_env.cache import cache_folder
from lemmata.lean_env.cli import CliChecker
from lemmata.lean_env.embedded import available
from lemmata.lean_env.kimina import KiminaChecker
from lemmata.lean_env.pool import ReplPool
from lemmata.lean_env.select import CheckerKind, select_checker
from lemmata.lean_env.toolchain import Toolchain

DOUBLE = Path(__file__).resolve().parent.parent / "doubles" / "lean.py"
PYTHON = os.path.realpath(sys.executable)
needs_embedded = pytest.mark.embedded


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A machine without a toolchain, and a home of its own."""
    for name in ("LEMMATA_LEAN_HOME", "LEMMATA_LEAN_PROJECT", "LEMMATA_LEAN_REPL", "LEAN_PATH", "ELAN_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    monkeypatch.setenv("LEMMATA_CACHE", str(cache_folder()))  # the embedded Lean is there
    monkeypatch.setenv("HOME", str(tmp_path / "home"))


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A toolchain with Init and Batteries."""
    library = tmp_path / "lean" / "lib" / "lean"
    library.mkdir(parents=True)
    for name in ("Init", "Batteries"):
        (library / f"{name}.olean").touch()
    (tmp_path / "lean" / "bin").mkdir()
    for double in (DOUBLE, DOUBLE.with_name("lake.py")):
        program = tmp_path / "lean" / "bin" / double.stem
        own = shutil.copy(double, tmp_path / "lean" / "lib")  # a sandbox lets in the toolchain and Python
        start = f'#!/bin/sh\nexport DOUBLE_HOME="{tmp_path / "lean"}"\nexec "{PYTHON}" -I -S "{own}" "$@"\n'
        program.write_text(start, encoding="utf-8")
        program.chmod(0o755)
    return tmp_path / "lean"


@pytest.fixture
def project(home: Path, tmp_path: Path) -> Path:
    """A Lake project with Mathlib, built with the toolchain."""
    root = tmp_path / "project"
    library = root / ".lake" / "build" / "lib" / "lean"
    library.mkdir(parents=True)
    (library / "Mathlib.olean").touch()
    (root / "lakefile.toml").write_text("[leanOptions]\nautoImplicit = false\n", encoding="utf-8")
    (root / "lean-toolchain").write_text("mine\n", encoding="utf-8")
    (tmp_path / "home" / ".elan" / "toolchains").mkdir(parents=True)
    (tmp_path / "home" / ".elan" / "toolchains" / "mine").symlink_to(home)
    (root / "Deep").mkdir()
    (root / "Deep" / "Source.lean").touch()
    return root


def add_repl(root: Path) -> Path:
    program = root / ".lake" / "packages" / "repl" / ".lake" / "build" / "bin" / "repl"
    program.parent.mkdir(parents=True)
    own = shutil.copy(DOUBLE.with_name("repl.py"), program.parent)
    program.write_text(f'#!/bin/sh\nexec "{PYTHON}" -I -S "{own}"\n', encoding="utf-8")
    program.chmod(0o755)
    (root / "lake-manifest.json").write_text('{"packages": [{"type": "git", "name": "repl"}]}', encoding="utf-8")
    return program


@pytest.mark.parametrize("imports", [(), ("Init",), ("Batteries", "Init")])
@pytest.mark.parametrize("kind", ["auto", "cli"])
async def test_a_toolchain_that_has_the_imports_is_taken(home: Path, kind: str, imports: tuple[str, ...]) -> None:
    assert kind in ("auto", "cli")
    lean = LeanConfig(home=home)
    checker, _, why, *_ = await select_checker("auto" if kind == "auto" else "cli", imports=imports, lean=lean)
    assert checker.identity.name == "cli"
    assert why.startswith(f"Lean 4.99.0-rc1 at {home / 'bin' / 'lean'} ")
    assert all(name in why for name in imports)


async def test_it_is_found_on_the_path_and_in_the_environment(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", f"{home / 'bin'}:/usr/bin:/bin")
    assert (await select_checker()).checker.identity.name == "cli"
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    monkeypatch.setenv("LEMMATA_LEAN_HOME", str(home))
    assert (await select_checker()).checker.identity.name == "cli"


async def test_its_limits_are_passed_on(home: Path) -> None:
    slots = asyncio.Semaphore(1)
    checker, *_ = await select_checker(lean=LeanConfig.model_construct(home=home, memory_mb=1), slots=slots)
    async with slots:
        waiting = asyncio.ensure_future(checker.check("-- do: hang", 20))
        done, _ = await asyncio.wait({waiting}, timeout=0.1)
        assert not done
    assert (await waiting).status is CheckStatus.CRASHED
    await checker.aclose()


@needs_embedded
@pytest.mark.parametrize("imports", [(), ("Init",), ("Init", "Init.Core")])
async def test_without_a_toolchain_the_embedded_lean_is_taken(
    embedded_toolchain: Toolchain, imports: tuple[str, ...]
) -> None:
    checker, _, why, *_ = await select_checker(imports=imports)
    assert checker.identity.name == "embedded"
    assert why.startswith("Lean 4.35.0, embedded core ")
    assert "no `lean` on PATH" in why


@needs_embedded
async def test_where_it_is_asked_for_it_is_taken(embedded_toolchain: Toolchain, home: Path) -> None:
    checker, _, why, *_ = await select_checker("embedded", lean=LeanConfig(home=home))
    assert (checker.identity.name, why) == ("embedded", "Lean 4.35.0, embedded core was asked for")


@needs_embedded
async def test_options_are_set_for_it_too(embedded_toolchain: Toolchain) -> None:
    checker, *_ = await select_checker("embedded", lean=LeanConfig(options={"autoImplicit": False}))
    assert checker.identity.options == ("autoImplicit=false",)
    assert (await checker.check("theorem t (a : α) : a = a := rfl", 30)).status is CheckStatus.ERRORS
    await checker.aclose()


@needs_embedded
async def test_it_stands_in_for_a_toolchain_without_the_module(embedded_toolchain: Toolchain, home: Path) -> None:
    checker, _, why, *_ = await select_checker(imports=("Init.Core",), lean=LeanConfig(home=home))
    assert checker.identity.name == "embedded"
    assert "does not have Init.Core" in why


@needs_embedded
async def test_a_broken_shim_does_not_stand_in_its_way(
    embedded_toolchain: Toolchain, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (home / "bin" / "lean").write_text("#!/bin/sh\necho no default toolchain >&2\nexit 1\n", encoding="utf-8")
    monkeypatch.setenv("PATH", f"{home / 'bin'}:/usr/bin:/bin")
    checker, _, why, *_ = await select_checker()
    assert checker.identity.name == "embedded"
    assert "no default toolchain" in why
    assert (await select_checker()).passed_over, "something is here and broken"
    with pytest.raises(InfrastructureError, match="no default toolchain"):
        await select_checker("cli")
    with pytest.raises(InfrastructureError, match="no default toolchain"):
        await select_checker(lean=LeanConfig(home=home))


async def test_an_import_that_nobody_has_is_named_with_what_would_provide_it(home: Path) -> None:
    imports = ("Init", "Mathlib", "Aesop")
    with pytest.raises(MissingError, match="lemmata lean setup") as caught:
        await select_checker(imports=imports, lean=LeanConfig(home=home))
    message = str(caught.value)
    head, *reasons = message.splitlines()
    assert head.startswith("Mathlib, Aesop are not here: `lemmata lean setup` installs them, LEMMATA_LEAN_PROJECT ")
    assert f"  - Lean 4.99.0-rc1 at {home / 'bin' / 'lean'} does not have Mathlib, Aesop" in reasons
    assert len(reasons) == 4, "project, server, toolchain, embedded"
    assert max(map(len, (head, *reasons))) < 200, message
    assert "the embedded core does not have Mathlib, Aesop" in message
    with pytest.raises(MissingError, match="does not have Mathlib"):
        await select_checker("cli", imports=imports, lean=LeanConfig(home=home))
    with pytest.raises(MissingError, match="the embedded core does not have Mathlib"):
        await select_checker("embedded", imports=imports, lean=LeanConfig(home=home))
    with pytest.raises(MissingError, match=r"^Mine is not here: LEMMATA_LEAN_PROJECT names a Lake project that has it"):
        await select_checker(imports=("Init", "Mine"), lean=LeanConfig(home=home))


async def test_a_long_list_of_imports_is_cut() -> None:
    with pytest.raises(MissingError, match="M0, M1, M2, M3, M4 and 3 more are not here: LEM") as caught:
        await select_checker("embedded", imports=[f"M{n}" for n in range(8)])
    assert "the embedded core does not have M0, M1, M2 and 5 more" in str(caught.value)


async def test_what_was_configured_and_passed_over_is_to_be_told(home: Path, project: Path) -> None:
    assert not (await select_checker(near=project)).passed_over
    assert not (await select_checker(lean=LeanConfig(home=home))).passed_over
    gone = KiminaConfig(urls=("http://127.0.0.1:9",))
    assert (await select_checker(lean=LeanConfig(home=home), kimina=gone)).passed_over


@needs_embedded
async def test_a_configured_toolchain_that_lacks_an_import_is_passed_over_and_told(
    embedded_toolchain: Toolchain, home: Path, project: Path
) -> None:
    selected = await select_checker(imports=("Init.Core",), lean=LeanConfig(home=home))
    assert (selected.checker.identity.name, selected.passed_over) == ("embedded", True)
    selected = await select_checker(imports=("Init.Core",), near=project)
    assert (selected.checker.identity.name, selected.passed_over) == ("embedded", False), "nobody asked for it"


@pytest.mark.skipif(available() is None, reason="the embedded Lean is here")
async def test_where_nothing_is_here_everything_is_said() -> None:
    with pytest.raises(MissingError, match=r"(?s)can be used\n.*no `lean` on PATH.*embedded Lean"):
        await select_checker()


# --- Lake projects


@pytest.mark.parametrize("kind", ["auto", "cli"])
async def test_the_project_around_the_file_comes_first(home: Path, project: Path, kind: CheckerKind) -> None:
    near = project / "Deep"
    selected = await select_checker(kind, imports=("Mathlib",), near=near, lean=LeanConfig(home=home))
    assert isinstance(selected.checker, CliChecker)
    assert selected.compiler is selected.checker
    assert selected.checker.identity.options == ("autoImplicit=false",)
    assert selected.why == (
        f"Lean 4.99.0-rc1 of the Lake project {project} has what the file imports (Mathlib)"
    )
    await selected.aclose()


async def test_a_repl_is_preferred_where_it_is(
    project: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with pytest.raises(MissingError, match=r"has no REPL: `lemmata lean setup` builds one, LEMMATA_LEAN_REPL"):
        await select_checker("repl", near=project)
    own = add_repl(project)
    kinds: tuple[CheckerKind, ...] = ("auto", "repl")
    for kind in kinds:
        selected = await select_checker(kind, imports=("Mathlib",), near=project)
        assert isinstance(selected.checker, ReplPool)
        assert (selected.checker.identity.name, selected.checker.identity.options) == ("repl", ("autoImplicit=false",))
        assert isinstance(selected.compiler, CliChecker)
        assert selected.compiler.identity.name == "cli"
        assert selected.why.startswith("the REPL with Lean 4.99.0-rc1 of the Lake project ")
        result = await selected.checker.check("import Mathlib\n\ntheorem t : 1 = 1 := by\n  sorry\n", 60)
        assert (result.status, result.checker.name) == (CheckStatus.HOLES, "repl"), result.reason
        assert [hole.start for hole in result.holes] == [Position(line=4, column=2)]
        await selected.aclose()
    assert isinstance((await select_checker("cli", near=project)).checker, CliChecker)
    own.unlink()
    monkeypatch.setenv("LEMMATA_LEAN_REPL", str(tmp_path / "nowhere"))
    with pytest.raises(MissingError, match="there is no REPL that can be run at"):
        await select_checker(near=project)


async def test_a_project_that_lacks_the_import_stands_aside(home: Path, project: Path) -> None:
    selected = await select_checker(imports=("Batteries",), near=project, lean=LeanConfig(home=home))
    assert f"Lean 4.99.0-rc1 of the Lake project {project}" in selected.why, "its toolchain has Batteries"
    (home / "lib" / "lean" / "Batteries.olean").unlink()
    with pytest.raises(MissingError) as caught:
        await select_checker(imports=("Batteries", "Deep.Source"), near=project, lean=LeanConfig(home=home))
    assert f"Deep.Source of the Lake project {project} is not built: run `lake build` there" in str(caught.value)


@needs_embedded
async def test_a_broken_project_stands_aside_unless_it_was_named(
    embedded_toolchain: Toolchain, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (project / "lake-double.json").write_text('{"env": "fail"}', encoding="utf-8")
    selected = await select_checker(near=project)
    assert selected.checker.identity.name == "embedded"
    assert "`lake env` in" in selected.why
    with pytest.raises(InfrastructureError, match="unexpected identifier"):
        await select_checker("repl", near=project)
    with pytest.raises(InfrastructureError, match="unexpected identifier"):
        await select_checker(lean=LeanConfig(project=project))
    monkeypatch.setenv("LEMMATA_LEAN_PROJECT", str(project))
    with pytest.raises(InfrastructureError, match="unexpected identifier"):
        await select_checker()


async def test_options_are_set_for_a_bare_toolchain_too(home: Path) -> None:
    checker, *_ = await select_checker(lean=LeanConfig(home=home, options={"maxRecDepth": 9, "autoImplicit": False}))
    assert checker.identity.options == ("autoImplicit=false", "maxRecDepth=9")
    with pytest.raises(ConfigError, match=r"debug\.skipKernelTC may not be set"):
        await select_checker(lean=LeanConfig(home=home, options={"debug.skipKernelTC": True}))


# --- Kimina


async def test_a_server_comes_after_the_project_and_before_the_toolchain(
    kimina_double: Callable[..., Any], home: Path, project: Path
) -> None:
    kimina = KiminaConfig(urls=(kimina_double("--modules=Mathlib,Init", "--lean=4.98.0").url,))
    lean = LeanConfig(home=home)
    beside = await select_checker(imports=("Mathlib",), near=project, lean=lean, kimina=kimina)
    assert isinstance(beside.checker, CliChecker)
    apart = await select_checker(imports=("Mathlib",), lean=lean, kimina=kimina)
    assert isinstance(apart.checker, KiminaChecker)
    assert apart.compiler is None
    assert apart.checker.identity.options == ("autoImplicit=false",)
    assert apart.why.startswith(f"Lean 4.98.0 of the Kimina server {kimina.urls[0]} has what the file imports")
    assert "no Lean on this machine could certify" in apart.why
    await apart.aclose()
    plain = await select_checker(lean=lean, kimina=kimina)
    assert isinstance(plain.checker, KiminaChecker)
    assert isinstance(plain.compiler, CliChecker)
    assert plain.compiler.toolchain.program == home / "bin" / "lean"
    await plain.aclose()


async def test_by_force_a_project_still_certifies_for_a_server(
    kimina_double: Callable[..., Any], home: Path, project: Path
) -> None:
    kimina = KiminaConfig(urls=(kimina_double("--modules=Mathlib").url,))
    add_repl(project)
    selected = await select_checker("kimina", imports=("Mathlib",), near=project, kimina=kimina)
    assert isinstance(selected.checker, KiminaChecker)
    assert isinstance(selected.compiler, CliChecker)
    assert selected.compiler.identity.options == selected.checker.identity.options == ("autoImplicit=false",)
    assert selected.project == project
    await selected.aclose()
    (project / "lake-double.json").write_text('{"env": "fail"}', encoding="utf-8")
    lean = LeanConfig(project=project, options={"maxRecDepth": 7})
    selected = await select_checker("kimina", imports=("Mathlib",), lean=lean, kimina=kimina)
    assert selected.compiler is None
    assert selected.checker.identity.options == ("maxRecDepth=7",)
    await selected.aclose()


async def test_a_server_that_is_not_there_stands_aside_unless_asked_for(
    kimina_double: Callable[..., Any], home: Path
) -> None:
    gone = KiminaConfig(urls=("http://127.0.0.1:9",))
    selected = await select_checker(lean=LeanConfig(home=home), kimina=gone)
    assert isinstance(selected.checker, CliChecker)
    assert "http://127.0.0.1:9" in selected.why
    with pytest.raises(InfrastructureError, match="127"):
        await select_checker("kimina", kimina=gone)
    with pytest.raises(MissingError, match="no Kimina server is configured"):
        await select_checker("kimina")
    poor = KiminaConfig(urls=(kimina_double("--modules=Init").url,))
    with pytest.raises(MissingError, match=r"the Kimina server http://\S+ lacks Aesop"):
        await select_checker("kimina", imports=("Aesop", "Init"), kimina=poor)
