"""The core library: its sources, which come with the package, and their compiled form in the cache."""

from __future__ import annotations

import graphlib
import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from lemmata.errors import InfrastructureError
from lemmata.lean_env.cache import file_hash
from lemmata.lean_env.process import run
from lemmata.lean_env.scratch import scratch

SOURCES: Final = Path(__file__).with_name("core")
MANIFEST: Final = "manifest.json"
_MODULE_SECONDS: Final = 120.0
_MEMORY_MB: Final = 4096


LETTERS: Final = "Init.Blackboard"
"""The module that gives numbers Mathlib's letters."""


def modules(sources: Path = SOURCES, *, letters: bool = False) -> dict[str, str]:
    """The core's modules, name to text, each after those it imports; with `letters` ℕ and ℤ are known everywhere."""
    texts = {
        ".".join(path.relative_to(sources).with_suffix("").parts): path.read_text(encoding="utf-8")
        for path in sorted(sources.rglob("*.lean"))
    }
    if letters:
        texts["Init"] = f"prelude\nimport {LETTERS}\n"
    order = graphlib.TopologicalSorter({name: _imports(text) for name, text in texts.items()})
    return {name: texts[name] for name in order.static_order() if name in texts}


def core_hash(texts: Mapping[str, str]) -> str:
    """Hash of the core's sources, in hex: what the identity and the certificate name."""
    named = sorted(texts.items())
    return hashlib.sha256(json.dumps(named, ensure_ascii=False).encode()).hexdigest()


async def compile_core(library: Path, texts: Mapping[str, str], folder: Path) -> None:
    """Compile the modules, in the order given, into `.olean` files in `folder`, with a manifest of their hashes.

    Raises:
        InfrastructureError: Lean rejects one; the message shows what it said.
    """
    hashes = {}
    with scratch() as room:
        for name, text in texts.items():
            source = Path(*name.split(".")).with_suffix(".lean")
            await _compile(library, Path(room), source, text, folder)
            target = source.with_suffix(".olean")
            hashes[str(target)] = file_hash(folder / target)
    (folder / MANIFEST).write_text(json.dumps(hashes), encoding="utf-8")


async def _compile(library: Path, room: Path, source: Path, text: str, folder: Path) -> None:
    target = folder / source.with_suffix(".olean")
    for path in (room / source, target):
        path.parent.mkdir(parents=True, exist_ok=True)
    (room / source).write_text(text, encoding="utf-8")
    finished = await run(
        [library, "--root=.", "-o", source.with_suffix(".olean"), source],
        cwd=room,
        env={"LEAN_PATH": str(folder)},
        timeout=_MODULE_SECONDS,
        memory_mb=_MEMORY_MB,
    )
    made = room / source.with_suffix(".olean")  # Lean may write below its own folder only
    if finished.returncode != 0 or not made.is_file():
        said = (finished.stdout or finished.stderr).strip()[:2000]
        raise InfrastructureError(f"the embedded core does not compile: {source}: {said or finished}")
    made.replace(target)


def is_whole(folder: Path) -> bool:
    """Whether every file of the manifest is there, unchanged."""
    try:
        hashes: dict[str, str] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        return bool(hashes) and all(file_hash(folder / name) == digest for name, digest in hashes.items())
    except (OSError, ValueError, AttributeError):
        return False


def _imports(text: str) -> set[str]:
    """What a module of ours imports: our own headers have one import a line and no comment among them."""
    lines = (line.split() for line in text.splitlines())
    return {words[1] for words in lines if len(words) == 2 and words[0] == "import"}
