"""What a user installs: built from an sdist, in an environment of its own, outside the checkout."""

import json
import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("agents", "configs", "graphs", "lean_env", "tools")

IMPORT_ALL = """
import importlib, json, pkgutil
import lemmata
modules = ["lemmata", *(found.name for found in pkgutil.walk_packages(lemmata.__path__, "lemmata."))]
print(json.dumps({name: importlib.import_module(name).__file__ for name in modules}))
"""


@dataclass(frozen=True)
class Built:
    """A copy of the tree, the source distribution and the wheel built from that, and the wheel built from the copy."""

    source: Path
    sdist: Path
    wheel: Path
    wheel_from_tree: Path


@dataclass(frozen=True)
class Installed:
    """An environment that holds the wheel, and finds what the wheel depends on where these tests find it."""

    scripts: Path
    site_packages: Path

    def run(self, program: str, *arguments: str) -> str:
        """Run a program of the environment from `/`, with nothing of the caller's environment; its stdout."""
        command = [str(self.scripts / program), *arguments]
        environment = {"PATH": os.defpath, "HOME": str(self.scripts), "PYTHONWARNINGS": "error"}
        result = subprocess.run(command, cwd="/", env=environment, capture_output=True, text=True, timeout=60)
        assert result.returncode == 0, result.stdout + result.stderr
        assert result.stderr == ""
        return result.stdout


def package_files(source: Path) -> dict[str, bytes]:
    """Every file of the package in a tree, by its path in site-packages."""
    package = source / "src" / "lemmata"
    folders = [package, *(package / room for room in ROOMS)]  # one by one: rglob follows no links
    return {
        str(path.relative_to(source / "src")): path.read_bytes()
        for folder in folders
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and not path.name.startswith(".")
    }


def copy_sources(to: Path) -> Path:
    """Copy what a build needs, links as links: it must leave nothing in the checkout and find nothing stale there."""
    ignored = shutil.ignore_patterns(".*", "__pycache__", "*.egg-info", "build", "dist", "runs", "tests")
    return shutil.copytree(ROOT, to, symlinks=True, ignore=ignored)


def build(source: Path, to: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """Build without isolation, so without a network: setuptools is in the `dev` extra."""
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(to), *options, str(source)]
    return subprocess.run(command, cwd=to.parent, capture_output=True, text=True, timeout=120)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    folder = tmp_path_factory.mktemp("built")
    source = copy_sources(folder / "source")
    for to, options in ((folder / "sdist", ()), (folder / "tree", ("--wheel",))):
        result = build(source, to, *options)
        assert result.returncode == 0, result.stdout + result.stderr
    return Built(
        source=source,
        sdist=next((folder / "sdist").glob("*.tar.gz")),
        wheel=next((folder / "sdist").glob("*.whl")),
        wheel_from_tree=next((folder / "tree").glob("*.whl")),
    )


@pytest.fixture(scope="module")
def installed(built: Built, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    folder = tmp_path_factory.mktemp("environment")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True, timeout=60)
    pip = [sys.executable, "-m", "pip", "--quiet", "--python", str(folder / "bin" / "python")]
    subprocess.run([*pip, "install", "--no-deps", "--no-index", str(built.wheel)], check=True, timeout=60)
    site_packages = next((folder / "lib").glob("python*/site-packages"))
    # A path named in a .pth file comes last, and .pth files found there are not read: the checkout stays out of sight.
    dependencies = Path(pytest.__file__).resolve().parents[1]
    (site_packages / "dependencies.pth").write_text(f"{dependencies}\n", encoding="utf-8")
    return Installed(folder / "bin", site_packages)


def contents(wheel: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(wheel) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_the_wheel_holds_every_file_of_the_package_and_nothing_else(built: Built) -> None:
    package = {name: data for name, data in contents(built.wheel).items() if ".dist-info/" not in name}
    expected = package_files(built.source)
    assert sorted(package) == sorted(expected)
    assert package == expected


def test_the_package_has_data_of_every_kind_that_the_tree_has(built: Built) -> None:
    names = contents(built.wheel)
    assert "lemmata/py.typed" in names
    assert "lemmata/configs/default.yaml" in names
    assert "lemmata/lean_env/embedded/core/Init/Core.lean" in names
    prompts = {f"lemmata/agents/prompts/{path.name}" for path in (built.source / "agents" / "prompts").glob("*.jinja2")}
    assert prompts <= names.keys()


def test_the_tree_and_the_sdist_give_the_same_wheel(built: Built) -> None:
    assert contents(built.wheel_from_tree) == contents(built.wheel)


def test_the_sdist_holds_the_rooms_as_files(built: Built) -> None:
    with tarfile.open(built.sdist) as archive:
        members = {member.name.partition("/")[2]: member for member in archive.getmembers()}
    assert all(member.isfile() or member.isdir() for member in members.values())
    assert {f"src/{name}" for name in package_files(built.source)} <= members.keys()


def test_every_module_is_imported_from_the_wheel(built: Built, installed: Installed) -> None:
    modules: dict[str, str] = json.loads(installed.run("python", "-c", IMPORT_ALL))
    files = {str(Path(file).relative_to(installed.site_packages)) for file in modules.values()}
    assert files == {name for name in package_files(built.source) if name.endswith(".py")}


def test_one_top_level_name_is_installed(installed: Installed) -> None:
    names = {path.name for path in installed.site_packages.iterdir()}
    assert {name for name in names if not name.endswith((".dist-info", ".pth"))} == {"lemmata"}


def test_the_console_script_says_the_version(built: Built, installed: Installed) -> None:
    version = built.wheel.name.split("-")[1]
    assert version in installed.run("lemmata", "--version").split()


def test_a_checkout_without_links_does_not_build(tmp_path: Path) -> None:
    source = copy_sources(tmp_path / "source")
    link = source / "src" / "lemmata" / "graphs"
    target = str(link.readlink())
    link.unlink()
    link.write_text(target, encoding="utf-8")
    result = build(source, tmp_path / "dist", "--wheel")
    assert result.returncode != 0
    assert "src/lemmata/graphs: not a folder" in result.stdout + result.stderr
    assert "core.symlinks true" in result.stdout + result.stderr
