"""Stands in for the Lean REPL and answers as it does, with the word of a real Lean: `warm_lean.py LEAN`.

An environment is the text that led to it; a command is checked by `LEAN --json` after that text. No tactic mode.
"""

import json
import subprocess
import sys
import tempfile
from typing import Any

from lemmata.lean_env.probe import probe

LEAN = sys.argv[1]
ENVIRONMENTS: list[str] = []


def lean(text: str) -> list[dict[str, Any]]:
    with tempfile.TemporaryDirectory() as folder:
        command = [LEAN, "--json", "--root=.", "--stdin"]
        said = subprocess.run(command, input=text.encode(), capture_output=True, cwd=folder)
    return [json.loads(line) for line in said.stdout.decode().split("\n") if line]


def answer(request: dict[str, Any]) -> dict[str, Any]:
    before = ENVIRONMENTS[request["env"]] if "env" in request else ""
    text = before + request["cmd"] + "\n"
    above = before.count("\n")
    messages = [moved(m, above) for m in lean(text) if m["pos"]["line"] > above]
    ENVIRONMENTS.append(text)
    asked = probe(request["cmd"])
    goals = {}
    if any(m["severity"] == "warning" and "sorry" in m["data"] for m in messages):
        printed = [moved(m, above) for m in lean(before + asked.text)]
        goals = {str(m["pos"]): m["data"] for m in printed if m["severity"] == "info"}
    sorries = [
        {"pos": place(hole.start), "endPos": place(hole.end), "goal": goals[key], "proofState": 0}
        for hole, at in asked.sites
        if (key := str({"column": at.column, "line": at.line})) in goals
    ]
    return {"messages": messages, "sorries": sorries, "env": len(ENVIRONMENTS) - 1}


def place(position: Any) -> dict[str, int]:
    return {"line": position.line, "column": position.column}


def moved(message: dict[str, Any], above: int) -> dict[str, Any]:
    end = message.get("endPos")
    return {
        "severity": message["severity"].replace("information", "info"),
        "pos": message["pos"] | {"line": message["pos"]["line"] - above},
        "endPos": end and end | {"line": end["line"] - above},
        "data": message["data"].strip(),
    }


def main() -> None:
    while line := sys.stdin.readline():
        if line.strip():
            print(json.dumps(answer(json.loads(line)), ensure_ascii=False), end="\n\n", flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
