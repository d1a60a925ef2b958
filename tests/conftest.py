"""What tests of all rooms share: the real data, and the environment kept clean."""

import os
from pathlib import Path

import pytest


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
