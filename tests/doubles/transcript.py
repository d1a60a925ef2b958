"""Plays a recorded talk with the Lean REPL: transcript.py FILE NAME, a line of JSON a talk.

It answers each recorded request with its recorded reply, in order, spelled as the REPL spells it. With a third word
`pool` it answers any request: commands whose text it knows with what was recorded, tactics in order, others with a new
environment, `#check` of a name that nothing is known by as Lean does; environments are numbered anew.
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
    if "cmd" in request:
        known = (r for q, r in pairs if q.get("cmd") == request["cmd"] and ("env" in q) == ("env" in request))
        return renumbered(next(known, {}))
    number = next(i for i, (q, _) in enumerate(pairs) if q.get("tactic") == request["tactic"])
    return pairs.pop(number)[1]


sys.stdin.reconfigure(encoding="utf-8", newline="\n")
sys.stdout.reconfigure(encoding="utf-8")
for number, request in enumerate(requests()):
    if "pool" in sys.argv:
        answer = found(request)
    elif request == pairs[number][0]:
        answer = pairs[number][1]
    else:
        sys.exit(f"not the recorded request: {request}")
    sys.stdout.write(json.dumps(answer, indent=1, ensure_ascii=False) + "\n\n")
    sys.stdout.flush()
