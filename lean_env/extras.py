"""The extras of this package: what each asks for, by the package's own metadata."""

from __future__ import annotations

import importlib.metadata
import re


def how_to_get(extra: str) -> str:
    """The command that installs what an extra asks for; the package itself need not be in a registry."""
    mark = re.compile(rf"""extra == ["']{re.escape(extra)}["']""")
    try:
        asked = [line for line in importlib.metadata.requires("lemmata") or () if mark.search(line)]
    except importlib.metadata.PackageNotFoundError:  # run from a checkout that was not installed
        asked = []
    if not asked:
        return f"`pip install '.[{extra}]'` in the checkout"
    return "pip install " + " ".join(f"'{line.partition(';')[0].strip()}'" for line in asked)
