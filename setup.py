"""All that pyproject.toml cannot say: a checkout without symbolic links must not build a near-empty package."""

import sys
from pathlib import Path

from setuptools import setup

PACKAGE = Path(__file__).parent / "src" / "lemmata"
ROOMS = ("agents", "configs", "graphs", "lean_env", "tools")

missing = [f"src/lemmata/{room}" for room in ROOMS if not (PACKAGE / room).is_dir()]
if missing:
    sys.exit(
        f"{', '.join(missing)}: not a folder. These are symbolic links, and this checkout was made without them: "
        "git config core.symlinks true && git checkout -- src/lemmata"
    )
setup()
