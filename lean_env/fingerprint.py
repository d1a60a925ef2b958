"""What a toolchain is, in one hash: the certificate names by it the Lean that judged, and that it stayed the same."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from lemmata.files import write_atomic
from lemmata.lean_env.cache import cache_folder, file_hash
from lemmata.lean_env.toolchain import Toolchain

SMALL: Final = 64 << 20
"""Bytes of all modules up to which their content is hashed; of a larger library names and sizes count."""
_SUFFIXES: Final = (".olean", ".olean.server", ".olean.private", ".ir")


@dataclass(frozen=True)
class Snapshot:
    """The files of a toolchain at one moment. Two are equal if nothing was written to it in between."""

    files: tuple[tuple[str, tuple[int, ...]], ...]
    """Each file with its size, inode, and times of change (which nobody can set back)."""
    programs: tuple[Path, ...]
    """Of those, the program and the native code."""
    folders: tuple[Path, ...]

    def sha256(self, cache: Path | None = None, small: int = SMALL) -> str:
        """The hash: contents of program and native code, and each module's name and size, or content if all are small.

        Args:
            cache: folder in which hashes of contents are kept; by default the cache of this user. One that cannot be
                written to costs time only.
            small: bytes of all modules up to which their contents count.
        """
        contents = _Contents((cache or cache_folder()) / "contents.json", dict(self.files))
        lines = [contents.sha256(path) for path in self.programs]
        programs = set(map(str, self.programs))
        modules = [(name, about) for name, about in self.files if name not in programs]
        read = sum(about[0] for _, about in modules) <= small
        for name, about in modules:
            what = contents.sha256(Path(name)) if read else str(about[0])
            lines.append(f"{self._inside(name)} {what}")
        contents.keep()
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()

    def _inside(self, name: str) -> str:
        """A module's place in its folder: where the folder lies does not count."""
        folder = next((f for f in map(str, self.folders) if name.startswith(f + os.sep)), "")
        return name.removeprefix(folder + os.sep)


def snapshot(toolchain: Toolchain) -> Snapshot:
    """Look at the files of a toolchain; that of Mathlib takes about a tenth of a second."""
    programs = tuple(dict.fromkeys(p.resolve() for p in (toolchain.program, toolchain.library) if p.is_file()))
    files = {str(p): _about(p.stat()) for p in programs}
    for folder in toolchain.folders:
        files.update(_modules(folder))
    return Snapshot(tuple(sorted(files.items())), programs, toolchain.folders)


def _modules(folder: Path) -> Iterator[tuple[str, tuple[int, ...]]]:
    todo, seen = [str(folder)], set[str]()
    while todo:
        if (path := todo.pop()) != (real := os.path.realpath(path)) and real in seen:
            continue  # a link back
        seen.add(real)
        with suppress(OSError), os.scandir(path) as entries:
            for entry in entries:
                if entry.is_dir():
                    todo.append(entry.path)
                elif entry.name.endswith(_SUFFIXES):
                    yield entry.path, _about(entry.stat())


def _about(stat: os.stat_result) -> tuple[int, ...]:
    return stat.st_size, stat.st_ino, stat.st_mtime_ns, stat.st_ctime_ns


class _Contents:
    """Hashes of files' contents, kept by what `stat` says of them: no file is read twice unless it changed."""

    def __init__(self, path: Path, about: dict[str, tuple[int, ...]]) -> None:
        self._path, self._about = path, about
        self._known: dict[str, list[object]] = {}
        with suppress(OSError, ValueError):
            found = json.loads(path.read_text(encoding="utf-8"))
            self._known = found if isinstance(found, dict) else {}
        self._new = False

    def sha256(self, path: Path) -> str:
        key, about = str(path), list(self._about[str(path)])
        known = self._known.get(key)
        if isinstance(known, list) and known[:1] == [about] and isinstance(known[-1], str):
            return known[-1]
        found = file_hash(path)
        self._known[key] = [about, found]
        self._new = True
        return found

    def keep(self) -> None:
        """Write them for the next process; whole or not at all."""
        if not self._new:
            return
        self._known = {name: of for name, of in self._known.items() if Path(name).is_file()}
        with suppress(OSError):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            write_atomic(self._path, json.dumps(self._known))
