"""A program for the tests: parse files of the Mathlib archive, and count their theorems a second way, line by line.

python mathlib_count.py ARCHIVE PART PARTS SHARE: of a seeded SHARE-th of the files, take the PART-th of PARTS, and
write one JSON object.
"""

import json
import random
import re
import sys
import tarfile
import time

from lemmata.lean_env.scanner import mask
from lemmata.lean_env.source import parse

ATTRIBUTE = re.compile(r"@\[[^\[\]]*(?:\[[^\[\]]*(?:\[[^\[\]]*\][^\[\]]*)*\][^\[\]]*)*\]")
MODIFIERS = {"private", "protected", "noncomputable", "nonrec", "unsafe", "partial", "local", "scoped", "public"}
LOCAL = {"open", "set_option", "omit", "include", "variable", "attribute", "unseal", "#guard_msgs"}


def count_theorems(text: str) -> int:
    """Lines whose first word, attributes, modifiers and `.. in` left aside, is `theorem` or `lemma`."""
    code = ATTRIBUTE.sub(lambda found: re.sub(r"[^\n]", " ", found.group()), mask(text))
    return sum(begins_theorem(line.split()) for line in code.split("\n"))


def begins_theorem(words: list[str]) -> bool:
    while words:
        if words[0] in MODIFIERS:
            words = words[1:]
        elif words[0] in LOCAL and "in" in words:
            words = words[words.index("in") + 1 :]
        else:
            return words[0] in ("theorem", "lemma")
    return False


def read_share(archive: str, part: int, parts: int, share: int) -> list[tuple[str, str]]:
    with tarfile.open(archive) as tar:
        members = sorted((m for m in tar.getmembers() if m.isfile() and m.name.endswith(".lean")), key=lambda m: m.name)
        chosen = {m.name for m in random.Random(0).sample(members, len(members) // share)[part::parts]}
    found = []
    with tarfile.open(archive) as tar:  # a second pass in the order of the archive: seeking back would unpack it again
        for member in tar:
            content = tar.extractfile(member) if member.name in chosen else None
            if content is not None:
                found.append((member.name, content.read().decode()))
    return found


def sweep(files: list[tuple[str, str]]) -> dict[str, object]:
    start = time.process_time()
    torn, differ, theorems = [], [], 0
    for name, text in files:
        source = parse(text, name)
        counted = count_theorems(text)
        theorems += len(source.theorems)
        if "".join(source.pieces) != text:
            torn.append(name)
        if len(source.theorems) != counted:
            differ.append([name, len(source.theorems), counted])
    return {
        "files": len(files),
        "characters": sum(len(text) for _, text in files),
        "theorems": theorems,
        "torn": torn,
        "differ": differ,
        "seconds": time.process_time() - start,
    }


if __name__ == "__main__":
    json.dump(sweep(read_share(sys.argv[1], *map(int, sys.argv[2:5]))), sys.stdout)
