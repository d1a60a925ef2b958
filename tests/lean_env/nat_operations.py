"""A program for the tests: do the library's definitions say what the kernel computes for `Nat` by name?

python nat_operations.py NATIVE FOLDER...

Declares a copy of every operation under another name, which the kernel must unfold, and asks the kernel whether copy
and original give the right result on small numbers. Writes one JSON object: how many passed, and what failed.
"""

import json
import math
import operator
import os
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from lemmata.lean_env.kernel import Kernel
from lemmata.lean_env.library import Library, Module
from lemmata.lean_env.terms import Constant, Kind, Name, Node, Terms, show

OPERATIONS: dict[str, Callable[[int, int], int | bool | None]] = {
    "add": operator.add,
    "sub": lambda a, b: max(a - b, 0),
    "mul": operator.mul,
    "div": lambda a, b: a // b if b else 0,
    "mod": lambda a, b: a % b if b else a,
    "gcd": math.gcd,
    "beq": operator.eq,
    "ble": operator.le,
    "land": operator.and_,
    "lor": operator.or_,
    "xor": operator.xor,
    "shiftLeft": operator.lshift,
    "shiftRight": operator.rshift,
    "pow": lambda a, b: a**b if a**b < 10000 else None,  # above that the copy is too deep for the kernel
    "log2": lambda a, _: max(a.bit_length() - 1, 0),
}


class Copies:
    """Copies of the library's operations under `Copy`, in one environment."""

    def __init__(self, native: Path, folders: list[Path]) -> None:
        library = Library(folders)
        self.terms: Terms = library.terms
        self.kernel = Kernel(native, self.terms)
        self.home: dict[Name, Module] = {}
        for module in library.closure([("Init",)]).values():
            self.kernel.load(module.files)
            self.home |= dict.fromkeys(module.names, module)
        self.copied: set[Name] = set()

    def copy(self, name: Name) -> None:
        original = self.home[name][name]
        if name in self.copied or original.kind not in (Kind.DEF, Kind.THEOREM):
            return
        for used in sorted(original.mentions(self.terms), key=str):
            self.copy(used)
        value = None if original.value is None else self.renamed(original.value)
        copied = replace(original, name=("Copy", *name), type=self.renamed(original.type), value=value)
        if complaint := self.kernel.declare([copied]):
            sys.exit(f"{show(copied.name)}: {complaint}")
        self.copied.add(name)

    def renamed(self, term: int) -> int:
        new: dict[int, int] = {}
        for t in sorted(self.terms.below([term])):
            node = self.terms[t]
            parts = tuple(new[b] for b in node.below)
            name = ("Copy", *node.name) if node.op == "const" and node.name in self.copied else node.name
            new[t] = self.terms.add(node._replace(below=parts, name=name))
        return new[term]

    def constant(self, *name: str, levels: tuple[int, ...] = ()) -> int:
        return self.terms.add(Node("const", levels, name))

    def number(self, n: int) -> int:
        return self.terms.add(Node("lit", value=n))

    def apply(self, function: int, *arguments: int) -> int:
        for argument in arguments:
            function = self.terms.add(Node("app", (function, argument)))
        return function

    def complaint(self, name: Name, kind: int, left: int, right: int) -> str | None:
        """What the kernel has against `left = right` by reflexivity."""
        one = (self.terms.add(Node("succ", (self.terms.add(Node("zero")),))),)
        statement = self.apply(self.constant("Eq", levels=one), kind, left, right)
        proof = self.apply(self.constant("Eq", "refl", levels=one), kind, right)
        return self.kernel.declare([Constant(Kind.THEOREM, name, (), statement, proof)])


def main(native: Path, folders: list[Path]) -> None:
    copies, passed, failed = Copies(native, folders), 0, []
    for operation, wanted in OPERATIONS.items():
        copies.copy(("Nat", operation))
        for a in range(7):
            for b in range(7 if operation != "log2" else 1):
                result = wanted(a, b)
                if result is None:
                    continue
                arguments = [copies.number(n) for n in ([a] if operation == "log2" else [a, b])]
                if isinstance(result, bool):
                    kind, right = copies.constant("Bool"), copies.constant("Bool", str(result).lower())
                else:
                    kind, right = copies.constant("Nat"), copies.number(result)
                for who in (("Copy", "Nat", operation), ("Nat", operation)):
                    left = copies.apply(copies.constant(*who), *arguments)
                    complaint = copies.complaint(("Test", *who, a, b), kind, left, right)
                    passed += complaint is None
                    if complaint is not None:
                        failed.append(f"{show(who)} {a} {b}: {complaint}")
    wrong = copies.complaint(("Test", "wrong"), copies.constant("Nat"), copies.number(1), copies.number(2))
    if wrong is None:
        failed.append("1 = 2 was accepted")
    sys.stdout.write(json.dumps({"passed": passed, "failed": failed}))
    sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    main(Path(sys.argv[1]), [Path(folder) for folder in sys.argv[2:]])
