"""Stands in for `lean`: answers its questions, and does with a file what the file's lines `-- do: WORD ARGUMENT` say.

message JSON   prints the line              exit N     ends with that code     flood N   prints N characters
die N          kills itself by signal N     hang       never ends              say TEXT  writes to standard error
log TEXT       appends to $LOG ({pid} is us) wait X     until $GATE followed by X is opened for writing
Like Lean it writes an empty module where `-o` asks for it, unless it ends with another code than 0.
"""

import json
import os
import signal
import sys
from pathlib import Path

HOME = Path(os.environ.get("DOUBLE_HOME", "."))
VERSION = os.environ.get("DOUBLE_VERSION", "4.99.0-rc1")
ANSWERS = {
    "--version": f"Lean (version {VERSION}, x86_64-unknown-linux-gnu, commit 0123abcd, Release)",
    "--print-prefix": str(HOME),
    "--print-libdir": str(HOME / "lib" / "lean"),
}


def follow(line: str) -> None:
    word, _, argument = line.strip().partition(" ")
    match word:
        case "message":
            json.loads(argument)
            print(argument)  # noqa: T201
        case "exit":
            sys.exit(int(argument))
        case "flood":
            print("x" * int(argument))  # noqa: T201
        case "say":
            sys.stderr.write(argument)
        case "log":
            with Path(os.environ["LOG"]).open("a", encoding="utf-8") as log:
                log.write(argument.replace("{pid}", str(os.getpid())) + "\n")
        case "wait":
            Path(os.environ["GATE"] + argument).read_bytes()
        case "die":
            sys.stdout.flush()
            sys.stderr.flush()
            os.kill(os.getpid(), int(argument))
        case "hang":
            sys.stdout.flush()
            signal.pause()


def main() -> None:
    *options, last = sys.argv[1:]
    if last in ANSWERS:
        print(ANSWERS[last])  # noqa: T201
        return
    source = (sys.stdin.buffer.read() if last == "--stdin" else Path(last).read_bytes()).decode()
    for line in source.splitlines():
        if line.startswith("-- do: "):
            follow(line.removeprefix("-- do: "))
    if "-o" in options:
        Path(options[options.index("-o") + 1]).touch()


main()
