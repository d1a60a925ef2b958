import io
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any, get_args

import pytest

from lemmata.cli import lean
from lemmata.lean_env import installer
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

    def has_package(self, body: str, version: str) -> None:
        self._script(self.bin / "apt-get", body)
        self._script(self.bin / "apt-cache", f'echo "elan:\n  Installed: (none)\n  Candidate: {version}-1"')

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


def lemmata_process(machine: Machine) -> subprocess.CompletedProcess[str]:
    """In a process of its own, so that what the programs say is seen as well."""
    code = "import sys; from lemmata.cli.main import main; sys.exit(main())"
    argv = [sys.executable, "-c", code, "lean", "setup", "--dir", str(machine.root), "--yes"]
    return subprocess.run(argv, capture_output=True, text=True, timeout=120, check=False)


def answering(monkeypatch: pytest.MonkeyPatch, said: str) -> None:
    """Somebody is there, and says this."""
    monkeypatch.setattr("lemmata.cli.lean.somebody_there", lambda: True)
    monkeypatch.setattr("sys.stdin", io.StringIO(said))


def test_everything_is_set_up_once(lemmata: Lemmata, machine: Machine) -> None:
    call = lemmata("lean", "setup", "--dir", machine.root, "--yes")
    assert (call.code, call.out) == (0, f"ready: {machine.root}\n"), call.err
    assert machine.asked == EVERYTHING
    assert [line.split()[1] for line in call.err.splitlines() if line.startswith("[")] == [f"{s}:" for s in STEPS]
    assert "5 GB on disk" in call.err
    assert re.search(r"pip install 'lean-interact.*'", call.err), "the REPL may be left out"
    assert f"for you alone, into {machine.elan}" in call.err
    assert "independent checkers (comparator, further kernels) come with Lean v4.35.0" in call.err
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
    answering(monkeypatch, "no\n")
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
    monkeypatch.setenv("RUST_BACKTRACE", "1")
    call = lemmata_process(machine)
    assert call.returncode == 5
    by_hand = {
        "elan": "download https://elan.lean-lang.org/elan-init.sh and run it with sh",
        "toolchain": f"elan toolchain install leanprover/lean4:{RELEASE}",
        "dependencies": f"in {machine.root}: lake update",
        "cache": f"in {machine.root}: lake exe cache get",
    }[step]
    said, message = call.stderr.split("lemmata: ")
    assert message.startswith(f"{step}: `")
    assert "failed (exit code " in message
    assert "it needs a network" in message
    assert by_hand in message
    assert all(name in message for name in ("LEMMATA_LEAN_PROJECT", "LEMMATA_LEAN_HOME", "LEMMATA_LEAN_REPL"))
    assert len(message.splitlines()) == (2 if step == "toolchain" else 3), "what failed is what to do by hand"
    assert "<unknown>" not in said, "no backtraces of elan"
    monkeypatch.delenv("DOUBLE_ELAN", raising=False)
    machine.lake_does()
    machine.network(True)
    before = machine.asked
    assert lemmata("lean", "setup", "--dir", machine.root, "--yes").code == 0
    assert machine.asked[len(before) :] == EVERYTHING[["elan", "toolchain", "dependencies", "cache"].index(step) :]


def test_a_program_that_is_not_here_is_named(lemmata: Lemmata, machine: Machine) -> None:
    (machine.bin / "curl").unlink()
    call = lemmata("lean", "setup", "--dir", machine.root, "--yes")
    assert call.code == 5
    assert "elan: there is no `curl` on PATH\n  by hand: download https://elan.lean-lang.org" in call.err


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


def with_package(machine: Machine, monkeypatch: pytest.MonkeyPatch, version: str = "1.4.2") -> None:
    """The distribution has elan, and we are root."""
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    machine.has_package(f'echo "apt-get $*" >> "$LOG"; cp "{machine.bin.parent}/elan.sh" "{machine.bin}/elan"', version)


APT = "apt-get install --yes elan"


def test_root_takes_the_installer_as_well(
    lemmata: Lemmata, machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_package(machine, monkeypatch)
    call = lemmata("lean", "setup", "--dir", machine.root, "--yes")
    assert call.code == 0
    assert machine.asked == EVERYTHING
    assert "apt-get" not in call.err


def test_the_package_is_installed_where_it_is_asked_for(
    lemmata: Lemmata, machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_package(machine, monkeypatch)
    monkeypatch.setenv("DOUBLE_ELAN_VERSION", "1.4.2")
    call = lemmata("lean", "setup", "--dir", machine.root, "--yes", "--elan", "distribution")
    assert call.code == 0
    assert machine.asked == [APT, *EVERYTHING[1:]]
    assert f"for the whole machine, as root: `{APT}`" in call.err
    old = "is 1.4.2, and Lean's own tools ask for 3.1.1 or newer:"
    assert f"the distribution's elan {old} --elan installer gets the newest" in call.err
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    again = lemmata("lean", "setup", "--dir", machine.root, "--yes", "--elan", "distribution")
    assert again.code == 0, "where elan is here nobody needs to be root"
    assert f"elan at {machine.bin / 'elan'} {old} see `elan self update`" in again.err
    monkeypatch.setenv("DOUBLE_ELAN_VERSION", "3.1.1")
    assert "elan at" not in lemmata("lean", "setup", "--dir", machine.root, "--yes").err


def test_a_package_that_cannot_be_had_is_no_reason_for_another_way(
    lemmata: Lemmata, machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    setup = ("lean", "setup", "--dir", machine.root, "--yes", "--elan", "distribution")
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    call = lemmata(*setup)
    assert (call.code, call.err) == (
        2, "lemmata: --elan distribution: there is no `apt-get`; --elan installer needs neither\n",
    )  # fmt: skip
    machine.has_package("exit 100", "4.1.2")
    call = lemmata(*setup)
    assert call.code == 5
    assert f"elan: `{APT}` failed (exit code 100); it needs a network\n  by hand: --elan installer" in call.err
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    call = lemmata(*setup)
    assert call.code == 2
    assert "--elan distribution: only root installs packages" in call.err
    assert machine.asked == []


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ("\nyes\n", EVERYTHING),
        ("installer\ny\n", EVERYTHING),
        ("d\ny\n", [APT, *EVERYTHING[1:]]),
        ("neither\n", []),
        ("", []),
        ("d\nn\n", []),
    ],
)
def test_who_may_take_either_is_asked_which(
    lemmata: Lemmata, machine: Machine, monkeypatch: pytest.MonkeyPatch, said: str, asked: list[str]
) -> None:
    with_package(machine, monkeypatch, version="4.1.2")
    answering(monkeypatch, said)
    call = lemmata("lean", "setup", "--dir", machine.root)
    assert call.code == 0
    assert machine.asked == asked
    assert "How is elan to be installed? [installer/distribution; Enter: installer]" in call.err
    assert f"distribution  the distribution's package, for the whole machine, as root: `{APT}`" in call.err
    assert call.err.endswith("nothing was done\n") == (not asked)


def test_the_ways_are_those_that_are_offered() -> None:
    assert get_args(lean.Elan) == get_args(installer.Way)


@pytest.mark.parametrize("where", ["file", "file/lean", "closed/lean"])
def test_a_folder_that_cannot_be_one_is_noticed_first(lemmata: Lemmata, machine: Machine, where: str) -> None:
    (machine.root.parent / "file").touch()
    (machine.root.parent / "closed").symlink_to("/proc")
    call = lemmata("lean", "setup", "--dir", machine.root.parent / where, "--yes")
    assert call.code == 2
    assert ("is no folder" if "file" in where else "nothing can be written to") in call.err
    assert machine.asked == []


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
    program = machine.elan / "toolchains" / f"leanprover--lean4---{RELEASE}" / "bin" / "lean"
    program.write_text(program.read_text(encoding="utf-8").replace("exec", "case $1 in --json) exit 137;; esac\nexec"))
    call = lemmata("lean", "setup", "--dir", machine.root, "--yes")
    assert call.code == 5
    assert "smoke: Lean does not accept a first proof (crashed): exit code 137" in call.err


CHECKERS = ["lake update Comparator lean4export", "lake update SafeVerify"]


def test_older_toolchains_are_offered_independent_checkers(lemmata: Lemmata, machine: Machine) -> None:
    setup = ("lean", "setup", "--dir", machine.root, "--lean", "v4.34.0", "--yes")
    built = {
        f"build {' '.join(f'@{n}/{p}' for n, p in names.items())}": {
            "touch": [f".lake/packages/{n}/.lake/build/bin/{p}" for n, p in names.items()], "mode": 0o755,
        }
        for names in ({"Comparator": "comparator", "lean4export": "lean4export"}, {"SafeVerify": "safe_verify"})
    }  # fmt: skip
    built["update Comparator lean4export"] = {}
    machine.lake_does(**built, **{"update SafeVerify": {"exit": 1, "say": "error: revision not found"}})
    call = lemmata(*setup)
    assert "--checkers adds independent checkers at the tag v4.34.0 (untested): comparator, SafeVerify" in call.err
    assert "Comparator" not in (machine.root / "lakefile.toml").read_text(encoding="utf-8")
    before = len(machine.asked)
    call = lemmata(*setup, "--checkers")
    assert call.code == 0, call.err
    assert machine.asked[before:] == CHECKERS
    assert "SafeVerify: `lake update SafeVerify` failed (exit code 1)" in call.err
    assert "it goes on without" in call.err
    lakefile = (machine.root / "lakefile.toml").read_text(encoding="utf-8")
    names = [p["name"] for p in tomllib.loads(lakefile)["require"]]
    assert names == ["mathlib", "Comparator", "lean4export"], "what cannot be had leaves nothing behind"
    assert lakefile.count('rev = "v4.34.0"') == 3
    lemmata(*setup, "--checkers")
    assert machine.asked[before:] == [*CHECKERS, CHECKERS[1]]
