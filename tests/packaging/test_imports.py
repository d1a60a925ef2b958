"""What an import gives and what it costs: the promised names, no work, and nothing that was not asked for."""

import ast
import importlib
import json
import os
import pkgutil
import re
import subprocess
import sys
from importlib.metadata import packages_distributions, requires
from pathlib import Path

import pytest

import lemmata

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("agents", "configs", "graphs", "lean_env", "tools")
PACKAGES = ["lemmata", *(m.name for m in pkgutil.walk_packages(lemmata.__path__, "lemmata.") if m.ispkg)]

# Prints what is imported along with `lemmata`.
IMPORT_LEMMATA = """
import sys
before = set(sys.modules)
import lemmata
print(*sorted(name for name in set(sys.modules) - before if name.partition(".")[0] not in sys.stdlib_module_names))
"""

# Prints what importing every module of the package has done to the world outside, as Python's audit hooks see it.
WATCH_IMPORTS = """
import importlib, json, os, pkgutil, sys
import lemmata
names = [found.name for found in pkgutil.walk_packages(lemmata.__path__, "lemmata.")]
done = []
def watch(event, arguments):
    writes = event == "open" and isinstance(arguments[2], int) and arguments[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
    if writes or event in {"os.mkdir", "os.putenv", "os.remove", "os.rename", "subprocess.Popen", "socket.connect"}:
        done.append([event, str(arguments[0])])
sys.addaudithook(watch)
for name in names:
    importlib.import_module(name)
print(json.dumps(done))
"""


def python(code: str, folder: Path) -> str:
    environment = {"PATH": os.defpath, "HOME": str(folder), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-W", "error", "-c", code]
    result = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=60)
    assert result.returncode == 0, result.stderr
    assert result.stderr == ""
    return result.stdout


def offered(package: str) -> dict[str, str]:
    """The names that a package takes from its modules, also for type checkers only, each with the module it is from."""
    file = importlib.import_module(package).__file__
    assert file is not None
    return {
        alias.asname or alias.name: node.module
        for node in ast.walk(ast.parse(Path(file).read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("lemmata.")
        for alias in node.names
    }


@pytest.mark.parametrize("package", PACKAGES)
def test_all_lists_what_a_package_offers(package: str) -> None:
    listed = getattr(importlib.import_module(package), "__all__", [])
    assert len(listed) == len(set(listed))
    assert set(listed) == offered(package).keys()


@pytest.mark.parametrize("package", PACKAGES)
def test_an_offered_name_is_the_one_of_its_module(package: str) -> None:
    module = importlib.import_module(package)
    for name, home in offered(package).items():
        assert getattr(module, name) is getattr(importlib.import_module(home), name)


def test_the_package_names_what_it_does_not_have() -> None:
    with pytest.raises(AttributeError, match="no attribute 'theorem'"):
        lemmata.theorem  # noqa: B018  # pyright: ignore[reportAttributeAccessIssue]
    assert set(lemmata.__all__) <= set(dir(lemmata))


def test_importing_the_package_imports_nothing_else(tmp_path: Path) -> None:
    assert python(IMPORT_LEMMATA, tmp_path).split() == ["lemmata", "lemmata._version"]


def test_importing_every_module_does_nothing_to_the_world(tmp_path: Path) -> None:
    assert json.loads(python(WATCH_IMPORTS, tmp_path)) == []
    assert list(tmp_path.iterdir()) == []


def test_what_is_imported_is_required() -> None:
    folders = [ROOT / "src" / "lemmata", *(ROOT / room for room in ROOMS)]
    nodes = [
        node
        for folder in folders
        for path in folder.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    ]
    modules = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    modules |= {node.module for node in nodes if isinstance(node, ast.ImportFrom) and node.module}
    tops = {module.partition(".")[0] for module in modules} - sys.stdlib_module_names
    tops -= {"lemmata", "pydantic_core"}  # pydantic pins the latter, release by release
    assert "pydantic" in tops
    required = {re.split(r"[^\w.-]", line)[0].lower() for line in requires("lemmata") or ()}
    # A name such as `langgraph` is shared by several distributions: one of them is enough.
    homes = packages_distributions()
    assert {top for top in tops if not required & {name.lower() for name in homes.get(top, ())}} == set()
