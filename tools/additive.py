"""The names of additive twins: what Mathlib's attribute `to_additive` calls the declaration that it makes.

Only names are guessed here, well enough to be found; the twins themselves are never read.
"""

from __future__ import annotations

import re
from typing import Final

_WORDS: Final = {
    "one": "zero", "mul": "add", "smul": "vadd", "inv": "neg", "div": "sub", "prod": "sum", "finprod": "finsum",
    "tprod": "tsum", "pow": "nsmul", "npow": "nsmul", "zpow": "zsmul", "mabs": "abs", "monoid": "addMonoid",
    "submonoid": "addSubmonoid", "group": "addGroup", "subgroup": "addSubgroup", "semigroup": "addSemigroup",
    "magma": "addMagma", "haar": "addHaar", "unit": "addUnit", "units": "addUnits", "cyclic": "addCyclic",
    "commute": "addCommute", "semiconj": "addSemiconj", "zpowers": "zmultiples", "powers": "multiples",
    "multipliable": "summable", "square": "even", "irreducible": "addIrreducible",
}  # fmt: skip
_PHRASES: Final = tuple(
    (re.compile(pattern), name)
    for pattern, name in (
        (r"(?<![a-zA-Z])zero_le(?![a-z])", "nonneg"),
        (r"(?<![a-zA-Z])zero_lt(?![a-z])", "pos"),
        (r"(?<![a-zA-Z])le_zero(?![a-z])", "nonpos"),
        (r"(?<![a-zA-Z])lt_zero(?![a-z])", "neg"),
        (r"zeroLE", "nonneg"),
        (r"zeroLT", "pos"),
        (r"ZeroLE", "Nonneg"),
        (r"ZeroLT", "Pos"),
        (r"LEZero", "Nonpos"),
        (r"CommAdd", "AddComm"),
        (r"commAdd", "addComm"),
        (r"CancelAdd", "AddCancel"),
        (r"cancelAdd", "addCancel"),
        (r"isEven", "even"),
        (r"IsEven", "Even"),
    )
)
_PART: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_FLAG: Final = re.compile(r"\((?:[^()]|\([^()]*\))*\)")
_TYPES: Final = frozenset({"Prod", "Pow"})
"""Namespaces that are not translated, whatever their words are elsewhere."""


def additive_name(name: str, asked: str) -> str | None:
    """The full name of a declaration's additive twin; None where there is none, or it is written out elsewhere.

    Args:
        name: the declaration's full name.
        asked: what follows `to_additive` in the attribute, as far as the docstring.
    """
    words = _FLAG.sub(" ", asked).split(",", 1)[0].split()
    if words and words[0] in ("existing", "self"):
        return None
    *spaces, last = name.split(".")
    given = words[0].split(".") if words else [_translated(last)]
    kept = max(0, len(spaces) - len(given) + 1)
    twin = ".".join((*(space if space in _TYPES else _translated(space) for space in spaces[:kept]), *given))
    return twin if twin != name else None


def _translated(part: str) -> str:
    part = _PART.sub(lambda found: additive_word(found.group()), part)
    for pattern, name in _PHRASES:
        part = pattern.sub(name, part)
    return part


def additive_word(word: str) -> str:
    """The additive twin of one word of a name, capital where the word is; most words are their own."""
    twin = _WORDS.get(word.lower())
    if twin is None:
        return word
    return twin[0].upper() + twin[1:] if word[0].isupper() else twin
