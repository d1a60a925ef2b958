import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from lemmata.lean_env.setup import RELEASE

DOUBLES = Path(__file__).resolve().parent.parent / "doubles"
Lemmata = Callable[..., Any]
STEPS = ["elan", "toolchain", "project", "dependencies", "cache", "repl", "smoke"]


class Machine:
    """A machine on which nothing is installed, and what its stand-ins for the network's programs do."""

    def __init__(self, folder: Path) -> None:
        self.bin, self.elan, self.root = folder / "bin", folder / "elan", folder / "lean"
        self._log = folder / "log"
        self.bin.mkdir()
        for name in ("sh", "env", "cp", "mkdir", "chmod", "touch"):
            found = shutil.which(name, path="/usr/bin:/bin")
            assert found
            (self.bin / name).symlink_to(found)
        install = f'echo installer >> "$LOG"; mkdir -p "$ELAN_HOME/bin"; cp "{folder}/elan.sh" "$ELAN_HOME/bin/elan"'
        self._script(folder / "elan.sh", f'exec "{sys.executable}" -I -S "{DOUBLES}/elan.py" "$@"')
        self._script(folder / "installer.sh", install)
        self.network(True)
        self.lake_does()

    def _script(self, path: Path, body: str) -> None:
        path.write_text(f"#!/bin/sh\n{body}\n", encoding="utf-8")
        path.chmod(0o755)

    def network(self, here: bool) -> None:
        does = f'cp "{self.bin.parent}/installer.sh" elan-init.sh' if here else "echo 'no such host' >&2; exit 6"
        self._script(self.bin / "curl", does)

    def has_package(self, body: str) -> None:
        self._script(self.bin / "apt-get", body)

    def lake_does(self, **instead: dict[str, Any]) -> None:
        """What Lake's commands that use the network do in the project: by default what the real ones do."""
        packages = ".lake/packages/mathlib"
        steps = {
            "update": {"touch": [f"{packages}/lakefile.lean"], "manifest": {"packages": [{"name": "mathlib"}]}},
            "exe cache get": {"touch": [f"{packages}/.lake/build/lib/lean/Mathlib.olean"], "say": "Decompressing"},
        }
        self.root.mkdir(exist_ok=True)
        text = json.dumps({"setup": {"options": {"autoImplicit": False}}, "steps": steps | instead})
        (self.root / "lake-double.json").write_text(text, encoding="utf-8")

    @property
    def asked(self) -> list[str]:
        """What elan's stand-ins and Lake's were asked that uses the network."""
        lake = self.root / "lake-double.log"
        words = [json.loads(line)[0] for line in lake.read_text("utf-8").splitlines()] if lake.exists() else []
        said = self._log.read_text(encoding="utf-8").splitlines() if self._log.exists() else []
        return said + [f"lake {' '.join(w)}" for w in words if w[0] in ("update", "exe")]


EVERYTHING = ["installer", f"elan toolchain install leanprover/lean4:{RELEASE}", "lake update", "lake exe cache get"]


@pytest.fixture
def machine(tmp_path: Path, lemmata: Lemmata, monkeypatch: pytest.MonkeyPatch) -> Machine:
    made = Machine(tmp_path)
    monkeypatch.setenv("PATH", str(made.bin))
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("ELAN_HOME", str(made.elan))
    monkeypatch.setenv("LEMMATA_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("LOG", str(tmp_path / "log"))
    monkeypatch.delenv("PYTHONPATH", raising=False)
    return made


def test_everything_is_set_up_once(lemmata: Lemmata, machine: Machine) -> None:
    call = lemmata("lean", "setup", "--dir", machine.root, "--yes")
    assert (call.code, call.out) == (0, f"ready: {machine.root}\n"), call.err
    assert machine.asked == EVERYTHING
    assert [line.split()[1] for line in call.err.splitlines() if line.startswith("[")] == [f"{s}:" for s in STEPS]
    assert "5 GB on disk" in call.err
    assert "pip install 'lemmata[lean]'" in call.err, "the REPL may be left out"
    assert f"export LEMMATA_LEAN_PROJECT={machine.root}" in call.err
    assert (machine.root / "lean-toolchain").read_text() == f"leanprover/lean4:{RELEASE}\n"
    lakefile = (machine.root / "lakefile.toml").read_text(encoding="utf-8")
    assert f'rev = "{RELEASE}"' in lakefile
    again = lemmata("lean", "setup", "--dir", machine.root, "--yes")
    assert again.code == 0
    assert machine.asked == EVERYTHING, "what is done is not done again"
    assert [line.split()[1] for line in again.err.splitlines() if line.startswith("[")] == ["repl:"]


def test_nothing_is_downloaded_without_a_yes(
    lemmata: Lemmata, machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    call = lemmata("lean", "setup", "--dir", machine.root)
    assert call.code == 2
    assert "add --yes" in call.err
    monkeypatch.setattr("lemmata.cli.lean.somebody_there", lambda: True)
    read, write = os.pipe()
    os.write(write, b"no\n")
    os.close(write)
    with os.fdopen(read, encoding="utf-8") as stdin:
        monkeypatch.setattr("sys.stdin", stdin)
        call = lemmata("lean", "setup", "--dir", machine.root)
    assert call.code == 0
    assert call.err.endswith("nothing was done\n")
    assert "Sizes are estimates. Go on? [y/N]" in call.err
    assert machine.asked == []
    assert not (machine.root / "lakefile.toml").exists()


@pytest.mark.parametrize("step", ["elan", "toolchain", "dependencies", "cache"])
def test_without_a_network_it_says_what_to_do_and_goes_on_later(
    lemmata: Lemmata, machine: Machine, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    failing: dict[str, Callable[[], None]] = {
        "elan": lambda: machine.network(False),
        "toolchain": lambda: monkeypatch.setenv("DOUBLE_ELAN", "fail"),
        "dependencies": lambda: machine.lake_does(update={"exit": 1, "say": "error: external command 'git' exited"}),
        "cache": lambda: machine.lake_does(**{"exe cache get": {"exit": 1}}),
    }
    failing[step]()
    call = lemmata("lean", "setup", "--dir", machine.root, "--yes")
    assert call.code == 5
    by_hand = {
        "elan": "see https://elan.lean-lang.org",
        "toolchain": f"elan toolchain install leanprover/lean4:{RELEASE}",
        "dependencies": f"in {machine.root}: lake update",
        "cache": f"in {machine.root}: lake exe cache get",
    }[step]
    (message,) = (line for line in call.err.splitlines() if line.startswith("lemmata: "))
    assert message.startswith(f"lemmata: {step}: `")
    assert "without a network nothing can be downloaded" in message
    assert f"by hand: {by_hand}" in message
    assert all(name in message for name in ("LEMMATA_LEAN_PROJECT", "LEMMATA_LEAN_HOME", "LEMMATA_LEAN_REPL"))
    monkeypatch.delenv("DOUBLE_ELAN", raising=False)
    machine.lake_does()
    machine.network(True)
    before = machine.asked
    assert lemmata("lean", "setup", "--dir", machine.root, "--yes").code == 0
    assert machine.asked[len(before) :] == EVERYTHING[["elan", "toolchain", "dependencies", "cache"].index(step) :]


def test_interrupted_it_goes_on_where_it_stopped(
    lemmata: Lemmata, machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = "import sys; from lemmata.cli.main import main; sys.exit(main())"
    argv = [sys.executable, "-c", code, "lean", "setup", "--dir", str(machine.root), "--yes"]
    for number in (signal.SIGINT, signal.SIGTERM):
        begun = machine.root.with_name("hanging")
        os.mkfifo(begun)
        with subprocess.Popen(argv, env={**os.environ, "DOUBLE_ELAN": "hang"}, stderr=subprocess.PIPE) as process:
            child = int(begun.read_text(encoding="ascii"))
            process.send_signal(number)
            _, err = process.communicate(timeout=60)
        begun.unlink()
        assert process.returncode == 130
        assert b"interrupted; what is done stays done: run it again to go on" in err
        with pytest.raises(ProcessLookupError):
            os.kill(child, 0)
    assert lemmata("lean", "setup", "--dir", machine.root, "--yes").code == 0
    toolchain = EVERYTHING[1]
    assert machine.asked == ["installer", toolchain, toolchain, *EVERYTHING[1:]]


def test_a_step_that_makes_nothing_is_a_failure(
    lemmata: Lemmata, machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DOUBLE_ELAN", "nothing")
    call = lemmata("lean", "setup", "--dir", machine.root, "--yes")
    assert call.code == 5
    assert "toolchain: it ran to its end, and what it should have made is not there" in call.err


@pytest.mark.skipif(os.geteuid() != 0, reason="only root installs packages")
@pytest.mark.parametrize("works", [True, False])
def test_root_takes_the_package_of_the_distribution_where_there_is_one(
    lemmata: Lemmata, machine: Machine, works: bool
) -> None:
    body = f'echo "apt-get $*" >> "$LOG"; cp "{machine.bin.parent}/elan.sh" "{machine.bin}/elan"'
    machine.has_package(body if works else "exit 100")
    assert lemmata("lean", "setup", "--dir", machine.root, "--yes").code == 0
    assert machine.asked[0] == ("apt-get install --yes elan" if works else "installer")


def test_lean_alone_needs_no_mathlib(
    lemmata: Lemmata, machine: Machine
) -> None:
    call = lemmata("lean", "setup", "--dir", machine.root, "--lean", "4.30.0", "--mathlib", "none", "--yes")
    assert call.code == 0
    assert machine.asked == ["installer", "elan toolchain install leanprover/lean4:v4.30.0"]
    assert "Lean v4.30.0 has known faults in its kernel" in call.err
    assert "mathlib" not in (machine.root / "lakefile.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--mathlib", "0123abcd"], "--mathlib 0123abcd is no release: name its Lean as well"),
        (["--lean", "stable"], "--lean stable: expected a version"),
        (["--lean", "v4.36.0"], "holds a Lake project pinned to leanprover/lean4:v4.35.0, not to"),
    ],
)
def test_versions_that_do_not_fit(lemmata: Lemmata, machine: Machine, options: list[str], message: str) -> None:
    (machine.root / "lean-toolchain").write_text("leanprover/lean4:v4.35.0\n", encoding="utf-8")
    call = lemmata("lean", "setup", "--dir", machine.root, "--yes", *options)
    assert call.code == 2
    assert message in call.err


def test_a_proof_that_lean_refuses_ends_it(
    lemmata: Lemmata, machine: Machine
) -> None:
    assert lemmata("lean", "setup", "--dir", machine.root, "--yes").code == 0
    (machine.root / ".lake" / "lemmata-smoke").unlink()
    lean = machine.elan / "toolchains" / f"leanprover--lean4---{RELEASE}" / "bin" / "lean"
    lean.write_text(lean.read_text(encoding="utf-8").replace("exec", "case $1 in --json) exit 137;; esac\nexec"))
    call = lemmata("lean", "setup", "--dir", machine.root, "--yes")
    assert call.code == 5
    assert "smoke: Lean does not accept a first proof (crashed): exit code 137" in call.err
