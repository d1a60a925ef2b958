"""Options of Lean that hold for every text of a project: where they are said, and which of them are passed on."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from lemmata.errors import ConfigError

Value = bool | int | str
"""What an option of Lean may be set to."""

PUTNAMBENCH: Final[Mapping[str, Value]] = {"autoImplicit": False}
"""What PutnamBench's own lakefile sets: taken for its folder where Lake cannot be asked."""

_NAME: Final = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*)*")
_WEAK: Final = "weak."
_CORE: Final = (
    "autoImplicit",
    "relaxedAutoImplicit",
    "maxHeartbeats",
    "maxRecDepth",
    "maxSynthPendingDepth",
    "synthInstance.maxHeartbeats",
    "synthInstance.maxSize",
    "pp.unicode.fun",
)
"""Options of Lean itself, in every version: set outright where they are said weakly."""
_NO_MATTER: Final = ("linter", "server", "trace", "profiler", "compiler", "Elab", "pp")
"""They change no verdict; those that a library defines would be errors in a text that does not import it."""
_HARMFUL: Final = ("bootstrap", "debug", "internal", "warn", "warningAsError")
"""They would hide holes, call them errors, or leave checks out."""
_PUTNAM_PACKAGE: Final = re.compile(r"^\s*package\s+«?putnam»?\s", re.MULTILINE)


def kept(options: Mapping[str, Value]) -> dict[str, Value]:
    """Those of a project's options that are passed on: what changes which proofs are accepted.

    `weak.x` is an option that a text may be without; it is kept, as `x`, only where `x` is Lean's own.
    """
    chosen: dict[str, Value] = {}
    for name, value in options.items():
        plain = name.removeprefix(_WEAK)
        root = plain.partition(".")[0]
        strong = plain == name and root not in (*_NO_MATTER, *_HARMFUL)
        if (strong or plain in _CORE) and _NAME.fullmatch(plain):
            chosen[plain] = value
    return chosen


def asked(options: Mapping[str, Value]) -> dict[str, Value]:
    """The options that the user set, as they are.

    Raises:
        ConfigError: one is no option's name, or would make verdicts worthless.
    """
    for name in options:
        if not _NAME.fullmatch(name):
            raise ConfigError(f"lean.options: {name!r} is not the name of an option of Lean")
        if name.partition(".")[0] in _HARMFUL:
            raise ConfigError(f"lean.options: {name} may not be set: what Lean says under it could not be relied on")
    return dict(options)


def spelled(options: Mapping[str, Value]) -> tuple[str, ...]:
    """As `name=value`, sorted, the way `lean -D` takes them."""
    return tuple(sorted(f"{name}={_spelled(value)}" for name, value in options.items()))


def of_setup(answer: str) -> dict[str, Value] | None:
    """The options in what `lake setup-file` prints; None where it is not such an answer.

    Up to Lean 4.21 they are under `setupOptions`, later under `options`.
    """
    try:
        told = json.loads(answer)
    except (ValueError, RecursionError):
        return None
    if not isinstance(told, dict):
        return None
    options = told.get("options", told.get("setupOptions"))
    return _values(options) if isinstance(options, dict) else None


def of_lakefile(root: Path) -> dict[str, Value] | None:
    """The options that a project's lakefile sets, as far as they can be read without Lake; None where they cannot."""
    try:
        if (file := root / "lakefile.lean").is_file():  # Lake prefers it as well
            putnam = _PUTNAM_PACKAGE.search(file.read_text(encoding="utf-8"))
            return dict(PUTNAMBENCH) if putnam else None
        return _of_toml((root / "lakefile.toml").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None


def _of_toml(text: str) -> dict[str, Value]:
    """Those of the package, and of its library where it has only one."""
    package = tomllib.loads(text)
    libraries = package.get("lean_lib")
    only = libraries[0] if isinstance(libraries, list) and len(libraries) == 1 else {}
    return _table(package.get("leanOptions")) | _table(only.get("leanOptions") if isinstance(only, dict) else None)


def _table(options: object) -> dict[str, Value]:
    """A table of options, nested where a name has dots, or the older list of `{name, value}`."""
    if isinstance(options, list):
        pairs = [o for o in options if isinstance(o, dict)]
        return _values({str(o.get("name")): o.get("value") for o in pairs})
    return _values(_flat(options, "")) if isinstance(options, dict) else {}


def _flat(table: Mapping[str, object], prefix: str) -> dict[str, object]:
    flat: dict[str, object] = {}
    for name, value in table.items():
        if isinstance(value, dict):
            flat |= _flat(value, f"{prefix}{name}.")
        else:
            flat[prefix + name] = value
    return flat


def _values(options: Mapping[str, object]) -> dict[str, Value]:
    return {name: value for name, value in options.items() if isinstance(value, bool | int | str)}


def _spelled(value: Value) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
