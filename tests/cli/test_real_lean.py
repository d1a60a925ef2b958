"""The whole way from the command line to a certificate, with a toolchain, a Lake project and a REPL.

Lean is the embedded one, dressed up as a toolchain; Lake and the REPL are stand-ins that let it do the work. `Std` and
`Lean` are there and empty, so the library counts as Lean's own.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from lemmata.lean_env import process
from lemmata.lean_env.toolchain import Toolchain

pytestmark = [pytest.mark.embedded, pytest.mark.slow]

DOUBLES = Path(__file__).resolve().parent.parent / "doubles"
LAUNCHER = Path(process.__file__).with_name("launcher.py")
THEOREM = "theorem swap (p q : Prop) (h : p ∧ q) : q ∧ p := by\n  sorry\n"


def script(path: Path, *lines: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(("#!/bin/sh", *lines, "")), encoding="utf-8")
    path.chmod(0o755)


@pytest.fixture(scope="module")
def home(whole_toolchain: Toolchain, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A toolchain's folder."""
    home = tmp_path_factory.mktemp("toolchain")
    lean, identity = whole_toolchain, whole_toolchain.identity
    library = home / "lib" / "lean"
    start = f'exec "{sys.executable}" -I -S -E "{LAUNCHER}" 0 0 {1 << 30} 0 0 "" "{lean.library}"'
    library.mkdir(parents=True)
    (library / "libleanshared.so").symlink_to(lean.library)
    for folder in lean.folders:
        for entry in folder.iterdir():
            (library / entry.name).symlink_to(entry)
    script(
        home / "bin" / "lean",
        'case "$1" in',
        f"--print-prefix) echo {home} ;;",
        f"--print-libdir) echo {library} ;;",
        f"--version) echo 'Lean (version {identity.lean_version}, commit {identity.lean_commit}, Release)' ;;",
        f'*) LEAN_PATH="{library}" {start} "$@" ;;',
        "esac",
    )
    script(home / "bin" / "lake", f'DOUBLE_HOME="{home}" exec "{sys.executable}" -I -S "{DOUBLES / "lake.py"}" "$@"')
    return home


@pytest.fixture
def project(home: Path, tmp_path: Path) -> Path:
    """A Lake project with a REPL and a file."""
    (tmp_path / "lakefile.toml").write_text('name = "mine"\n', encoding="utf-8")
    manifest = {"packages": [{"type": "git", "name": "REPL"}]}
    (tmp_path / "lake-manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    plan = {"env": "ok", "setup": {"options": {"autoImplicit": False}}}
    (tmp_path / "lake-double.json").write_text(json.dumps(plan), encoding="utf-8")
    repl = tmp_path / ".lake" / "packages" / "REPL" / ".lake" / "build" / "bin" / "repl"
    script(repl, f'exec "{sys.executable}" "{DOUBLES / "warm_lean.py"}" "{home / "bin" / "lean"}"')
    (tmp_path / "Swap.lean").write_text(THEOREM, encoding="utf-8")
    return tmp_path


@pytest.fixture
def server(home: Path) -> Iterator[str]:
    """The URL of a Kimina server."""
    command = [sys.executable, "-S", str(DOUBLES / "kimina_lean.py"), str(home / "bin" / "lean")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        yield f"http://127.0.0.1:{process.stdout.readline().strip()}"
        process.kill()


def lemmata(home: Path, folder: Path, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
    path = f"{home / 'bin'}:{os.environ['PATH']}"
    environment = os.environ | {"PATH": path, "LEMMATA_LEAN__SANDBOX": "off"} | more
    command = [str(Path(sys.executable).with_name("lemmata")), *words]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=240)


def test_with_a_project_and_its_repl_a_theorem_is_proved(home: Path, project: Path) -> None:
    finished = lemmata(home, project, "prove", "Swap.lean")
    assert finished.returncode == 0, finished.stderr
    assert finished.stdout.splitlines()[-1] == "-- certified by Lean 4.35.0"
    assert "the REPL with Lean 4.35.0 of the Lake project" in finished.stderr
    (kept,) = project.glob("runs/*/certificate.json")
    certificate = json.loads(kept.read_text(encoding="utf-8"))
    assert certificate["level"] == "certified"
    assert [c["what"] for c in certificate["checks"]] == ["text", "compiled", "statement", "axioms", "kernel"]
    assert certificate["checker"]["options"] == ["autoImplicit=false"]
    assert certificate["sandbox"] == "none"
    assert certificate["notes"] == ["it was compiled in no sandbox"]


def test_a_bare_toolchain_proves_as_well_and_the_word_is_used(home: Path, tmp_path: Path) -> None:
    (tmp_path / "Swap.lean").write_text(THEOREM, encoding="utf-8")
    finished = lemmata(home, tmp_path, "prove", "Swap.lean")
    assert finished.returncode == 0, finished.stderr
    assert finished.stdout.splitlines()[-1] == "-- certified by Lean 4.35.0"
    assert "proved" in finished.stderr


def test_what_the_project_refuses_is_refused_by_the_repl(home: Path, project: Path) -> None:
    (project / "Swap.lean").write_text("theorem t (h : a = b) : b = a := by\n  sorry\n", encoding="utf-8")
    finished = lemmata(home, project, "prove", "Swap.lean")
    assert finished.returncode == 2
    assert "Swap.lean:1: the statement does not compile" in finished.stderr


def test_where_only_a_server_has_the_imports_it_is_found_and_vouched_for(
    home: Path, server: str, tmp_path: Path
) -> None:
    (tmp_path / "Swap.lean").write_text("import Mathlib\n\n" + THEOREM, encoding="utf-8")
    finished = lemmata(home, tmp_path, "prove", "Swap.lean", LEMMATA_KIMINA_URL=server)
    assert finished.returncode == 3, finished.stderr
    assert "found, checked by Lean 4.35.0" in finished.stderr
    assert "proved" not in finished.stdout + finished.stderr
    (kept,) = tmp_path.glob("runs/*/certificate.json")
    certificate = json.loads(kept.read_text(encoding="utf-8"))
    assert (certificate["checker"]["name"], certificate["axioms"]) == ("kimina", None)
    (tmp_path / "Wrong.lean").write_text("import Mathlib\n\n" + THEOREM.replace("q ∧ p", "q ∧ ¬p"), encoding="utf-8")
    finished = lemmata(home, tmp_path, "prove", "Wrong.lean", LEMMATA_KIMINA_URL=server)
    assert finished.returncode == 4, finished.stderr
    assert "refuted, checked by Lean 4.35.0" in finished.stderr


def test_what_only_a_server_has_the_local_lean_certifies(home: Path, server: str, tmp_path: Path) -> None:
    (tmp_path / "Swap.lean").write_text(THEOREM, encoding="utf-8")
    finished = lemmata(home, tmp_path, "prove", "Swap.lean", "--checker", "kimina", LEMMATA_KIMINA_URL=server)
    assert finished.returncode == 0, finished.stderr
    assert "proved, certified by Lean 4.35.0" in finished.stderr
