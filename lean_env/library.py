"""Folders of compiled Lean modules, each module read no further than it is asked for.

A real library is large (Lean's own about a gigabyte): of a module that is only passed through on the way to its imports
little more than its imports is read, from a mapped file that is closed again; the names of its constants and their
terms are read when they are first asked for.
"""

from __future__ import annotations

import hashlib
import mmap
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final, NamedTuple

from lemmata.lean_env.olean import Olean, Table
from lemmata.lean_env.olean_format import BadOlean, Format
from lemmata.lean_env.region import TRUSTED, Region
from lemmata.lean_env.terms import Constant, Kind, Name, Terms, show

_PARTS: Final = ("server", "private")


class Fingerprint(NamedTuple):
    """What a file was when somebody looked at it."""

    size: int
    sha256: str
    """In hex."""


class Module:
    """One module of a library."""

    def __init__(self, name: Name, files: tuple[Path, ...], library: Library) -> None:
        """Read its imports.

        Raises:
            BadOlean: a file is damaged, unknown or not the one expected (from every method).
        """
        self.name, self.files = name, files
        self._library = library
        self._names: tuple[Name, ...] | None = None
        self._olean: Olean | None = None
        self._mentions: dict[Name, frozenset[Name]] = {}
        with library.opened(files[0]) as data:
            region = Region([data], TRUSTED)
            table = Table(region)
            self.format: Format = region.format
            self.imports, self.is_module = table.imports, table.is_module
            del region, table  # they hold on to the mapped file
        if not self.is_module:
            self.files = files[:1]
        elif len(files) != 1 + len(_PARTS):
            raise BadOlean(f"{show(name)} is a `module` whose proofs are not there: {files[0]}.private is missing")

    @property
    def names(self) -> tuple[Name, ...]:
        """Names of the constants that it declares."""
        if self._names is None:
            self._names = tuple((self._olean or self._read()).names)
        return self._names

    def __contains__(self, name: object) -> bool:
        return name in self.names

    def __getitem__(self, name: Name) -> Constant:
        """The constant of that name; KeyError if the module does not declare it."""
        return self._whole[name]

    @property
    def terms(self) -> Terms:
        """What its terms are in."""
        return self._library.terms

    def kind(self, name: Name) -> Kind:
        """See `Olean.kind`."""
        return self._whole.kind(name)

    def mentions(self, name: Name) -> frozenset[Name]:
        """Names of the constants that one refers to, all of them."""
        if name not in self._mentions:
            self._mentions[name] = frozenset(self._whole.mentions(name, set()))
        return self._mentions[name]

    @property
    def _whole(self) -> Olean:
        if self._olean is None:
            self._olean = self._read()
        return self._olean

    def _read(self) -> Olean:
        return Olean([self._library.read(f) for f in self.files], self._library.terms, TRUSTED)


class Library:
    """The compiled modules of a Lean library: the ground that nothing here questions."""

    def __init__(self, folders: Sequence[Path], expected: Mapping[Path, Fingerprint] | None = None) -> None:
        """Take the folders (one holds `Init.olean`), in the order of search.

        Args:
            folders: where the modules are.
            expected: what its files must be, if that is known; a file that is not among them is refused as well.
        """
        self.folders = tuple(folders)
        self.terms = Terms()
        self._expected = expected
        self._modules: dict[Name, Module] = {}

    def path(self, module: Name) -> Path:
        """The `.olean` of a module.

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

    def module(self, name: Name) -> Module:
        """One module.

        Raises:
            BadOlean: there is none, or it cannot be read.
        """
        if name not in self._modules:
            path = self.path(name)
            parts = (path.with_name(f"{path.name}.{part}") for part in _PARTS)
            files = (path, *(p for p in parts if p.is_file()))
            try:
                self._modules[name] = Module(name, files, self)
            except BadOlean as error:
                raise BadOlean(f"{show(name)}: {error}") from None
        return self._modules[name]

    def closure(self, imports: Iterable[Name]) -> dict[Name, Module]:
        """The modules imported, directly or not, each after those that it imports.

        Raises:
            BadOlean: one is not there, cannot be read, or was written by another Lean than the others.
        """
        found: dict[Name, Module] = {}
        seen: set[Name] = set()
        todo = [(name, False) for name in reversed(list(imports))]
        while todo:
            name, ready = todo.pop()
            if ready:
                found[name] = self.module(name)
            elif name not in seen:
                seen.add(name)
                todo.append((name, True))
                todo += [(n, False) for n in reversed(self.module(name).imports)]
        writers = {module.format.lean: name for name, module in found.items()}
        if len(writers) > 1:
            said = ", ".join(f"{show(name)} by Lean {lean}" for lean, name in writers.items())
            raise BadOlean(f"the library is of several Leans: {said}")
        return found

    def closure_bytes(self, imports: Iterable[Name], most: int | None = None) -> int:
        """Bytes of all files of the modules imported, directly or not; of some of them, once it is over `most`.

        Raises:
            BadOlean: one is not there, or cannot be read.
        """
        todo, seen, size = list(imports), set[Name](), 0
        while todo and (most is None or size <= most):
            if (name := todo.pop()) not in seen:
                seen.add(name)
                module = self.module(name)
                size += sum(f.stat().st_size for f in module.files)
                todo += module.imports
        return size

    def fingerprints(self, imports: Iterable[Name]) -> dict[Path, Fingerprint]:
        """What the files of the modules imported, directly or not, are now; reads all of them."""
        return {f: _fingerprint(f) for module in self.closure(imports).values() for f in module.files}

    def check(self, file: Path) -> None:
        """Refuse a file that is not the one expected, if something is expected.

        Raises:
            BadOlean: it is another, or none.
        """
        if self._expected is not None:
            self._compare(file, _fingerprint(file))

    def opened(self, file: Path) -> mmap.mmap:
        """A file, mapped."""
        self.check(file)
        try:
            with file.open("rb") as source:
                return mmap.mmap(source.fileno(), 0, access=mmap.ACCESS_READ)
        except (OSError, ValueError) as error:  # ValueError: it is empty
            raise BadOlean(f"{file} cannot be read: {error}") from None

    def read(self, file: Path) -> bytes:
        """The bytes of a file."""
        try:
            data = file.read_bytes()
        except OSError as error:
            raise BadOlean(f"{file} cannot be read: {error.strerror}") from None
        if self._expected is not None:
            self._compare(file, Fingerprint(len(data), hashlib.sha256(data).hexdigest()))
        return data

    def _compare(self, file: Path, found: Fingerprint) -> None:
        if self._expected is not None and self._expected.get(file) != found:
            raise BadOlean(f"{file} is not the file of the library that was there before")


def _fingerprint(file: Path) -> Fingerprint:
    try:
        with file.open("rb") as source:
            return Fingerprint(file.stat().st_size, hashlib.file_digest(source, "sha256").hexdigest())
    except OSError as error:
        raise BadOlean(f"{file} cannot be read: {error.strerror}") from None
