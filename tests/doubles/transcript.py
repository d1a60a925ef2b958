"""Plays a recorded talk with the Lean REPL: transcript.py FILE NAME, a line of JSON a talk.

It answers each recorded request with its recorded reply, in order, spelled as the REPL spells it. With a third word
`pool` it answers any request: a command whose text it knows, blank lines before it aside, with what was recorded of it
next, tactics likewise, others with a new environment, `#check` of a fresh name as Lean does; environments are numbered
anew.
"""

import json
import re
import sys
from pathlib import Path

talks = (json.loads(line) for line in Path(sys.argv[1]).read_text(encoding="utf-8").splitlines())
talk = next(t for t in talks if t["name"] == sys.argv[2])
pairs = list(zip(talk["requests"], talk["responses"], strict=True))
envs = 0


def requests():
    query = ""
    for line in sys.stdin:
        if line.strip():
            query += line.rstrip()
        else:
            yield json.loads(query)
            query = ""


def renumbered(reply):
    global envs
    envs += 1
    return {**reply, "env": envs - 1}


def found(request):
    if name := re.fullmatch(r"#check (lemmata_\w+)", request.get("cmd", "")):
        pos, end = ({"line": 1, "column": c} for c in (7, 7 + len(name[1])))
        error = {"severity": "error", "pos": pos, "endPos": end, "data": f"Unknown identifier `{name[1]}`"}
        return renumbered({"messages": [error]})
    for number, (known, reply) in enumerate(pairs):
        if "cmd" in known and request.get("cmd", "").lstrip("\n") == known["cmd"]:
            pairs.pop(number)
            return renumbered(moved(reply, request["cmd"].index(known["cmd"])))
        if "tactic" in known and request == known:
            return pairs.pop(number)[1]
    return renumbered({})


def moved(value, lines):
    """A reply with its positions some lines further down."""
    if isinstance(value, list):
        return [moved(x, lines) for x in value]
    if not isinstance(value, dict):
        return value
    return {k: x + lines if k == "line" else moved(x, lines) for k, x in value.items()}


sys.stdin.reconfigure(encoding="utf-8", newline="\n")  # type: ignore[union-attr]
sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
for number, request in enumerate(requests()):
    if "pool" in sys.argv:
        answer = found(request)
    elif request == pairs[number][0]:
        answer = pairs[number][1]
    else:
        sys.exit(f"not the recorded request: {request}")
    sys.stdout.write(json.dumps(answer, indent=1, ensure_ascii=False) + "\n\n")
    sys.stdout.flush()
