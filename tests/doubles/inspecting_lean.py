#!/usr/bin/env python3
"""Stands in for a `lean` that runs the trusted program: $PLAY says how it answers the question on its input.

honest          the answer that $VERDICT holds, under the nonce of the question
silent          nothing, exit code 0           deaf       the same, its input unread
forged          the answer under a made up nonce           stripped   the answer without a nonce
twice           the answer on two lines        noisy      a line of its own before the answer
unended         the answer without its line end            garbage    a line that is no JSON
extra           the answer with a field more   hang       never ends
late            the answer, then exit code 1   die        killed by signal 6
crash           exit code 134                  flood      4 MB of text
"""

import json
import os
import signal
import sys
from pathlib import Path


def play(how: str, line: str) -> int:
    question = json.loads(line) if line else {"nonce": ""}
    answer = {"nonce": question["nonce"], "verdict": json.loads(os.environ["VERDICT"])}
    match how:
        case "forged":
            answer["nonce"] = "0" * 32
        case "stripped":
            del answer["nonce"]
        case "extra":
            answer["sincerely"] = True
        case "noisy":
            sys.stdout.write("warning: something\n")
        case "garbage":
            sys.stdout.write("all is well\n")
            return 0
        case "silent" | "deaf":
            return 0
        case "flood":
            sys.stdout.write("x" * (4 << 20))
            return 0
        case "crash":
            return 134
        case "die":
            os.kill(os.getpid(), signal.SIGABRT)
        case "hang":
            signal.pause()
    sys.stdout.write(json.dumps(answer) + ("" if how == "unended" else "\n"))
    if how == "twice":
        sys.stdout.write(json.dumps(answer) + "\n")
    if "ASKED" in os.environ:
        files = {role: Path(question[role] or "nowhere").is_file() for role in ("challenge", "submission")}
        Path(os.environ["ASKED"]).write_text(json.dumps({**question, "files": files}), encoding="utf-8")
    return 1 if how == "late" else 0


how = os.environ["PLAY"]
sys.exit(play(how, "" if how == "deaf" else sys.stdin.readline()))
