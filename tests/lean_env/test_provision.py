import importlib.util
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from lemmata.domain import CheckerIdentity, Level
from lemmata.errors import InfrastructureError, MissingError
from lemmata.lean_env.project import Project
from lemmata.lean_env.provision import build_repl, find_repl, repl_folder
from lemmata.lean_env.toolchain import Toolchain

DOUBLE = Path(__file__).resolve().parent.parent / "doubles" / "lean_interact.py"
VERSION = "4.99.0-rc1"


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("LEMMATA_LEAN_REPL", raising=False)
    monkeypatch.setenv("LEMMATA_CACHE", str(tmp_path / "cache"))


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A project without a REPL, and its Lake, which is never run."""
    root = tmp_path / "project"
    root.mkdir()
    (root / "lean-toolchain").write_text(f"leanprover/lean4:v{VERSION}\n", encoding="utf-8")
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "lake").touch()
    toolchain = Toolchain(
        program=tmp_path / "bin" / "lean",
        library=tmp_path / "libleanshared.so",
        folders=(),
        environment={},
        identity=CheckerIdentity(name="cli", level=Level.CHECKED, lean_version=VERSION),
    )
    return Project(root=root, toolchain=toolchain)


@pytest.fixture
def plan(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[str], None]:
    """Puts the stand-in for lean-interact where Python finds it, and tells it what to do."""
    folder = tmp_path / "packages"
    folder.mkdir()
    shutil.copy(DOUBLE, folder)
    monkeypatch.setenv("PYTHONPATH", str(folder))

    def tell(what: str) -> None:
        (folder / "PLAN").write_text(what, encoding="utf-8")

    return tell


def built(folder: Path, pin: str | None) -> Path:
    """A REPL that was built in a folder pinned to a Lean."""
    program = folder / ".lake" / "build" / "bin" / "repl"
    program.parent.mkdir(parents=True)
    program.touch(0o755)
    if pin:
        (folder / "lean-toolchain").write_text(pin, encoding="utf-8")
    return program


def test_the_one_that_is_named_wins(project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert find_repl(project) is None
    own = built(project.root / ".lake" / "packages" / "repl", None)
    manifest = '{"packages": [{"type": "git", "name": "repl"}]}'
    (project.root / "lake-manifest.json").write_text(manifest, encoding="utf-8")
    assert find_repl(project) == own
    named = built(tmp_path / "named", f"v{VERSION}")
    other = built(tmp_path / "other", None)
    monkeypatch.setenv("LEMMATA_LEAN_REPL", str(other))
    assert find_repl(project) == other
    assert find_repl(project, named) == named


@pytest.mark.parametrize(
    ("pin", "fits"),
    [(None, True), (f"leanprover/lean4:v{VERSION}", True), ("stable", True), ("leanprover/lean4:v4.27.0", False)],
)
def test_a_repl_of_another_lean_is_refused(project: Project, tmp_path: Path, pin: str | None, fits: bool) -> None:
    program = built(tmp_path / "named", pin)
    if fits:
        assert find_repl(project, program) == program
    else:
        with pytest.raises(MissingError, match=rf"is of leanprover/lean4:v4\.27\.0, and .* of Lean {VERSION}"):
            find_repl(project, program)


def test_what_cannot_be_run_is_no_repl(project: Project, tmp_path: Path) -> None:
    (tmp_path / "file").touch(0o644)
    for named in (tmp_path / "file", tmp_path, tmp_path / "nowhere"):
        with pytest.raises(MissingError, match="there is no REPL that can be run at"):
            find_repl(project, named)


async def test_one_is_built_once(project: Project, plan: Callable[[str], None]) -> None:
    told: list[str] = []
    program = await build_repl(project, progress=told.append)
    assert program.is_relative_to(repl_folder())
    assert told == [f"building the REPL of Lean {VERSION} in {repl_folder()}"]
    assert find_repl(project) == program
    plan("build")
    assert await build_repl(project, progress=told.append) == program
    assert len(told) == 1


@pytest.mark.parametrize(
    ("how", "message"),
    [
        ("clone", r"failed \(exit code 1\): .*Could not resolve host.*by hand: clone .* LEMMATA_LEAN_REPL"),
        ("build", r"Failed to build the REPL"),
        ("hang", r"no end within 1 s"),
        ("elsewhere", r"holds none for"),
    ],
)
async def test_what_fails_can_be_tried_again(
    project: Project, plan: Callable[[str], None], how: str, message: str
) -> None:
    plan(how)
    with pytest.raises(InfrastructureError, match=f"(?s){message}"):
        await build_repl(project, timeout=1 if how == "hang" else 60)
    plan("")
    assert (await build_repl(project)).is_file(), "what was left behind is no obstacle"


@pytest.mark.skipif(importlib.util.find_spec("lean_interact") is not None, reason="lean-interact is installed")
async def test_without_lean_interact_it_says_how_to_get_it(project: Project) -> None:
    with pytest.raises(MissingError, match="pip install 'lean-interact"):
        await build_repl(project)
