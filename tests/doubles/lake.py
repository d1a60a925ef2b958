"""Stands in for `lake`: does in the project it runs in what `lake-double.json` there says, and logs what it was asked.

env     ok | fail | hang | junk: what `lake env COMMAND` does; ok runs the command with Lake's variables
setup   what `lake setup-file` prints: JSON, or the words fail | hang | junk; without it the command is unknown
read    a file that it tries to read; whether it could is in the log
steps   what other commands do, by their words joined with blanks:
        {"touch": [files], "mode": of them, "manifest": JSON, "say": text, "exit": code}

It finds its toolchain beside itself, as the real one does.
"""

import json
import os
import signal
import sys
from pathlib import Path
from typing import Any

TOOLCHAIN = Path(os.environ["DOUBLE_HOME"])
LOG = Path("lake-double.log")


def plan() -> dict[str, Any]:
    try:
        told: dict[str, Any] = json.loads(Path("lake-double.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    return told


def env(how: str, command: list[str]) -> None:
    if how == "ok":
        folders = [
            f"./{f}" for f in sorted(Path(".lake/packages").glob("*/.lake/build/lib/lean")) if f.is_dir()
        ] + ["./.lake/build/lib/lean"]
        variables = {
            "LEAN_PATH": os.pathsep.join(folders),
            "LEAN_SYSROOT": str(TOOLCHAIN),
            "LAKE": str(TOOLCHAIN / "bin" / "lake"),
            "LD_LIBRARY_PATH": f"{TOOLCHAIN / 'lib'}:./.lake/build/lib",
        }
        os.execvpe(command[0], command, os.environ | variables)
    misbehave(how)


def misbehave(how: str) -> None:
    if how == "hang":
        signal.pause()
    if how == "junk":
        print("\x00\x1b[31mnot what was asked for")  # noqa: T201
        sys.exit(0)
    sys.stderr.write("error: lakefile.lean:3:0: unexpected identifier; expected command\n")
    sys.exit(1)


def step(what: dict[str, Any]) -> None:
    for name in what.get("touch", []):
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).touch(what.get("mode", 0o644))
    if "manifest" in what:
        Path("lake-manifest.json").write_text(json.dumps(what["manifest"]), encoding="utf-8")
    print(what.get("say", ""), flush=True)  # noqa: T201
    sys.exit(what.get("exit", 0))


def main() -> None:
    words = sys.argv[1:]
    variables = sorted(n for n in os.environ if n.startswith(("GIT_", "LAKE_", "SECRET")))
    with LOG.open("a", encoding="utf-8") as log:
        log.write(json.dumps([words, variables]) + "\n")
    told = plan()
    if os.access(told.get("read", ""), os.R_OK):
        with LOG.open("a", encoding="utf-8") as log:
            log.write(json.dumps([["could read"], []]) + "\n")
    match words:
        case ["env", *command]:
            env(told.get("env", "ok"), command)
        case ["setup-file", *_] if "setup" in told:
            answer = told["setup"]
            if isinstance(answer, str):
                misbehave(answer)
            print(json.dumps(answer))  # noqa: T201
        case _ if " ".join(words) in told.get("steps", {}):
            step(told["steps"][" ".join(words)])
        case _:
            sys.stderr.write(f"error: unknown command '{words[0] if words else ''}'\n")
            sys.exit(1)


main()
