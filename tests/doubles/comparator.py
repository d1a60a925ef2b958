#!/usr/bin/env python3
"""Stands in for the programs around Lean's comparator; the first argument says which.

lake         `lake comparator --config ..`: as `comparator`; `lake env PROGRAM ..`: becomes it
comparator   ends with the code $PLAY, after it wrote what it was given to $ASKED; below 0: killed by that signal;
             `hang`: never; `reads`: 0 if the solution's text or export does not say sorry, else 1
leanexport   prints a line for each name asked of a module that is there; $EXPORT=fail: exit code 1
kernel       as `comparator`, given an export or a file of settings as nanoda's
"""

import json
import os
import signal
import sys
from pathlib import Path


def end(said: dict[str, object]) -> int:
    if "ASKED" in os.environ:
        Path(os.environ["ASKED"]).write_text(json.dumps(said), encoding="utf-8")
    match os.environ["PLAY"]:
        case "hang":
            signal.pause()
        case "reads":
            return 1 if "sorry" in str(said["solution"]) else 0
    code = int(os.environ["PLAY"])
    if code < 0:
        os.kill(os.getpid(), -code)
    sys.stderr.write(f"it ends with {code}\n")
    return code


def compare(words: list[str]) -> int:
    options = dict(zip(words[::2], words[1::2], strict=False))
    config = json.loads(Path(options.get("--config", words[-1])).read_text(encoding="utf-8"))
    texts = {}
    for role, key in (("challenge", "challenge_module"), ("solution", "solution_module")):
        source = options.get(f"--{role}-from-export", f"{config[key]}.lean")
        texts[role] = Path(source).read_text(encoding="utf-8")
    flags = [word for word in words if word == "--inadvisably-no-sandbox"]
    listing = sorted(entry.name for entry in Path().iterdir())
    lakefile = [Path(f).read_text(encoding="utf-8") for f in listing if f.startswith("lakefile")]
    return end({"config": config, **texts, "flags": flags, "listing": listing, "lakefile": lakefile})


def export(words: list[str]) -> int:
    module, _, *names = words
    folders = [Path(folder) for folder in os.environ["LEAN_PATH"].split(os.pathsep)]
    found = [f for folder in folders if (f := folder / f"{module}.olean").is_file()]
    if os.environ.get("EXPORT") == "fail" or not found:
        sys.stderr.write("nothing to export\n")
        return 1
    content = found[0].read_text(encoding="utf-8")
    for name in names:
        sys.stdout.write(json.dumps({"name": name, "in": content}) + "\n")
    return 0


def check(words: list[str]) -> int:
    given = Path(words[-1]).read_text(encoding="utf-8")
    try:
        settings = json.loads(given)
        export = Path(settings["export_file_path"]).read_text(encoding="utf-8")
    except (ValueError, KeyError):
        settings, export = None, given
    return end({"solution": export, "settings": settings, "words": words[:-1]})


def main(role: str, *words: str) -> int:
    if role == "lake" and words[0] == "env":
        os.execv(words[1], words[1:])
    roles = {"lake": compare, "comparator": compare, "leanexport": export, "kernel": check}
    return roles[role](list(words[1:] if role == "lake" else words))


sys.exit(main(*sys.argv[1:]))
