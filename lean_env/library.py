"""A folder of compiled Lean modules."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from lemmata.lean_env.olean import BadOlean, Olean
from lemmata.lean_env.terms import Name, Terms, show


class Library:
    """The compiled modules of a Lean library: the ground that nothing here questions."""

    def __init__(self, folder: Path, terms: Terms | None = None) -> None:
        """`folder` is the one that holds `Init.olean`."""
        self.folder = folder
        self.terms = Terms() if terms is None else terms
        self._modules: dict[Name, Olean] = {}

    def path(self, module: Name) -> Path:
        """The file of a module.

        Raises:
            BadOlean: there is none.
        """
        parts = [str(p) for p in module]
        path = self.folder.joinpath(*parts).with_name(f"{parts[-1]}.olean") if parts else self.folder
        if any("/" in p or "\0" in p or p in ("", ".", "..") for p in parts) or not path.is_file():
            raise BadOlean(f"imports {show(module)}, which is not in the library")
        return path

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
