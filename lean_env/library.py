"""Folders of compiled Lean modules."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path

from lemmata.lean_env.olean import BadOlean, Olean
from lemmata.lean_env.terms import Name, Terms, show


class Library:
    """The compiled modules of a Lean library: the ground that nothing here questions."""

    def __init__(self, folders: Sequence[Path]) -> None:
        """Take the folders (one holds `Init.olean`), in the order of search."""
        self.folders = tuple(folders)
        self.terms = Terms()
        self._modules: dict[Name, Olean] = {}

    def path(self, module: Name) -> Path:
        """The file of a module.

        Raises:
            BadOlean: there is none.
        """
        parts = [str(p) for p in module]
        if parts and not any("/" in p or "\0" in p or p in ("", ".", "..") for p in parts):
            relative = Path(*parts[:-1], f"{parts[-1]}.olean")
            for folder in self.folders:
                with suppress(OSError):  # a name that is too long for a path
                    if (path := folder / relative).is_file():
                        return path
        raise BadOlean(f"imports {show(module)}, which is not in the library")

    def closure(self, imports: Iterable[Name]) -> dict[Name, Olean]:
        """The modules imported, directly or not."""
        found: dict[Name, Olean] = {}
        todo = list(imports)
        while todo:
            name = todo.pop()
            if name in found:
                continue
            if name not in self._modules:
                self._modules[name] = Olean(self.path(name).read_bytes(), self.terms)
            found[name] = self._modules[name]
            todo += found[name].imports
        return found
