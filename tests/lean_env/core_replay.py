"""A program for the tests: every declaration of a whole library through the kernel, from an empty environment.

python core_replay.py NATIVE FOLDER...

Writes one JSON object: how many modules and constants there are, how many constants were declared, how many were left
out (`unsafe` and `partial` ones), and what the kernel refused, with its complaints.
"""

import json
import os
import sys
from pathlib import Path

from lemmata.lean_env.kernel import Kernel
from lemmata.lean_env.library import Library
from lemmata.lean_env.replay_program import in_order
from lemmata.lean_env.terms import show


def main(native: Path, folders: list[Path]) -> None:
    library = Library(folders)
    kernel = Kernel(native, library.terms)
    constants = declared = left_out = 0
    refused = []
    roots = [file.relative_to(f).with_suffix("").parts for f in folders for file in sorted(f.rglob("*.olean"))]
    modules = library.closure(roots).values()
    for module in modules:
        found = [module[name] for name in module.names]
        safe = [c for c in found if not c.unsafe]
        constants, left_out = constants + len(found), left_out + len(found) - len(safe)
        for members in in_order(safe, library.terms):
            if complaint := kernel.declare(members):
                refused.append(f"{show(module.name)}: {show(members[0].name)}: {complaint}")
            else:
                declared += len(members)
    result = {"modules": len(modules), "constants": constants, "declared": declared, "left_out": left_out}
    sys.stdout.write(json.dumps(result | {"refused": refused}))
    sys.stdout.flush()
    os._exit(0)  # Lean's threads are not waited for


if __name__ == "__main__":
    sys.set_int_max_str_digits(0)
    main(Path(sys.argv[1]), [Path(a) for a in sys.argv[2:]])
