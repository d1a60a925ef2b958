"""What tests of all rooms share: the real data, and the environment kept clean."""

import asyncio
import os
from pathlib import Path

import pytest

from lemmata.lean_env.cli import CliChecker
from lemmata.lean_env.embedded import available, prepare
from lemmata.lean_env.toolchain import Toolchain

os.environ["LEMMATA_LEAN__CACHE"] = "false"  # what an earlier run was told must not pass a test

def data_folder() -> Path | None:
    """The folder of real test data, or None where it is not there."""
    here = Path(__file__).resolve().parent.parent.parent / "shared" / "data"
    folder = Path(os.environ.get("LEMMATA_DATA", here))
    return folder if folder.is_dir() else None


@pytest.fixture(scope="session")
def data() -> Path:
    folder = data_folder()
    if folder is None:
        message = "the real test data is not here: set LEMMATA_DATA to its folder"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    return folder


@pytest.fixture(scope="session")
def embedded_toolchain() -> Toolchain:
    """The embedded Lean, prepared in the user's cache (its first use takes some ten seconds)."""
    if missing := available():
        if os.environ.get("CI"):
            pytest.fail(missing)
        pytest.skip(missing)
    return asyncio.run(prepare())


@pytest.fixture
def embedded(embedded_toolchain: Toolchain) -> CliChecker:
    """A checker over the embedded Lean. It belongs to the test's event loop."""
    return CliChecker(embedded_toolchain)


@pytest.fixture(scope="session")
def whole_toolchain(embedded_toolchain: Toolchain, tmp_path_factory: pytest.TempPathFactory) -> Toolchain:
    """The embedded Lean as a toolchain that counts as Lean's own: `Std` and `Lean` are there, and empty."""
    folder = tmp_path_factory.mktemp("whole")

    async def compiled() -> None:
        checker = CliChecker(embedded_toolchain)
        for module in ("Std", "Lean"):
            olean, result = await checker.compile("", folder, module)
            assert olean, result

    asyncio.run(compiled())
    core = embedded_toolchain.identity
    identity = core.model_copy(update={"name": "cli", "core": None})
    return embedded_toolchain.model_copy(
        update={"folders": (*embedded_toolchain.folders, folder), "identity": identity}
    )


@pytest.fixture
def whole(whole_toolchain: Toolchain) -> CliChecker:
    """A checker over it. It belongs to the test's event loop."""
    return CliChecker(whole_toolchain)
