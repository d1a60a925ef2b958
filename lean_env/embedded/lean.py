"""The embedded Lean: the wheel's native code with a core library of this package's own."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Final

from lemmata.domain import CheckerIdentity, Level
from lemmata.lean_env.cache import build_once, cache_folder
from lemmata.lean_env.cli import MEMORY_MB, CliChecker
from lemmata.lean_env.embedded import core_library
from lemmata.lean_env.embedded.wheel import LIBRARY_SHA256, find_library, verify_library
from lemmata.lean_env.toolchain import Toolchain

_VERSION: Final = slice(7, 40)
_COMMIT: Final = slice(40, 80)


async def prepare(
    *,
    cache: Path | None = None,
    sources: Path = core_library.SOURCES,
    letters: bool = False,
    progress: Callable[[str], None] | None = None,
) -> Toolchain:
    """The embedded Lean, its library verified and its core compiled (once, in the cache).

    Args:
        cache: where compiled cores are kept; by default the cache of this user.
        sources: the core's `.lean` files.
        letters: whether ℕ and ℤ stand for `Nat` and `Int`, as with Mathlib; that is another core, with its own hash.
        progress: told in words when there is something to wait for.

    Raises:
        MissingError: not on this platform, or the wheel is not installed.
        InfrastructureError: the library is not the one expected, the core does not compile, or the cache is unwritable.
    """
    room = (cache or cache_folder()) / "embedded"
    library = find_library()
    await asyncio.to_thread(verify_library, library, room / "library.json")
    texts = core_library.modules(sources, letters=letters)
    core = core_library.core_hash(texts)
    folder = room / hashlib.sha256(f"{LIBRARY_SHA256} {core}".encode()).hexdigest()[:32]

    async def build(fresh: Path) -> None:
        if progress:
            progress("preparing the embedded Lean (once, about ten seconds)")
        await core_library.compile_core(library, texts, fresh)

    await build_once(folder, core_library.is_whole, build)
    return Toolchain(
        program=library,
        library=library,
        folders=(folder,),
        environment={"LEAN_PATH": str(folder)},
        identity=_identity(folder / "Init.olean", core),
    )


async def open_embedded(
    *,
    slots: asyncio.Semaphore | None = None,
    memory_mb: int = MEMORY_MB,
    cache: Path | None = None,
    progress: Callable[[str], None] | None = None,
) -> CliChecker:
    """A checker that runs the embedded Lean; see `prepare` for what is raised and `CliChecker` for the limits."""
    return CliChecker(await prepare(cache=cache, progress=progress), slots=slots, memory_mb=memory_mb)


def _identity(module: Path, core: str) -> CheckerIdentity:
    """Who speaks: the Lean that wrote a compiled module's header, and the core."""
    with module.open("rb") as file:
        header = file.read(_COMMIT.stop)
    return CheckerIdentity(
        name="embedded",
        level=Level.CHECKED,
        lean_version=header[_VERSION].rstrip(b"\0").decode(),
        lean_commit=header[_COMMIT].decode(),
        core=core,
    )
