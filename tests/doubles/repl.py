"""Stands in for the Lean REPL: reads and dies as it does, and does with a text what its lines `-- do: WORD ..` say.

message JSON  adds a message            sleep MS     waits first              flood N     writes N bytes to stderr
reply JSON    says that, nothing else   before JSON  says that first          after JSON  says that as well
raw TEXT      writes it, and no more    half         dies within its answer   die N, exit N   ends
swell         takes memory for good     hang, deaf   never answers            long N      says nothing but N bytes
grow N        takes as many MiB of memory                                    away        a child leaves the session
later JSON    a child, its process id in $LOG, says that when $GATE opens
lie           answers the next `#check` as if all were well                   took        the milliseconds it took
once WORD ..  does it only where the file $ONCE is not there yet              log         its process id to $LOG
Without an environment it takes `import` and `set_option` lines: `Missing.X` and `no.such` are unknown, `Slow.N9` takes
9 milliseconds, `Hang` for ever, `Dies` not long. Every request is a line of $LOG, if there is one.
Tactics: rfl closes, simp leaves a goal, part leaves a metavariable, bad throws, fake recovers, and `do: ..`.
"""

import json
import os
import re
import signal
import sys
import time
from pathlib import Path

HELD: list[bytearray] = []
LIES: list[bool] = []


def read_request() -> str:
    """As `getLines` of the REPL: lines trimmed and joined up to a blank one, which stands for itself if it is first."""
    query = ""
    while line := sys.stdin.readline():
        if not line.strip():
            return query or line
        query += line.rstrip()
    return query


def note(line: str) -> None:
    if "LOG" in os.environ:
        with Path(os.environ["LOG"]).open("a", encoding="utf-8") as log:
            log.write(line + "\n")


def say(value: object, end: str = "\n\n") -> None:
    sys.stdout.write((value if isinstance(value, str) else json.dumps(value, indent=1, ensure_ascii=False)) + end)
    sys.stdout.flush()


def message(severity: str, line: int, column: int, width: int, data: str) -> dict[str, object]:
    end = {"line": line, "column": column + width}
    return {"severity": severity, "pos": {"line": line, "column": column}, "endPos": end, "data": data}


class Repl:
    def __init__(self) -> None:
        self.envs = self.states = 0

    def answer(self, query: str) -> None:
        try:
            request = json.loads(query)
        except ValueError as error:
            sys.exit(f"uncaught exception: Could not parse JSON:\n{error}")
        note(json.dumps(request, ensure_ascii=False))
        match request:
            case {"tactic": str(tactic), "proofState": int(state)}:
                say(self.step(tactic, state))
            case {"cmd": str(text), "env": int(env)}:
                say({"message": "Unknown environment."}) if env >= self.envs else self.command(text, request)
            case {"cmd": str(text)}:
                say(self.header(text))
            case _:
                sys.exit("uncaught exception: Could not parse as a valid JSON command:")

    def header(self, text: str) -> dict[str, object]:
        messages = []
        for number, line in enumerate(text.split("\n"), 1):
            word, _, rest = line.partition(" ")
            if word == "import":
                self.load(rest)
            bad = rest.startswith(("Missing", "no.such"))
            if bad or word not in ("import", "set_option", ""):
                messages.append(message("error", number, 0, 1, f"unknown: {line}"))
        return self.reply(messages=messages)

    def load(self, module: str) -> None:
        match module.split("."):
            case ["Slow", duration]:
                time.sleep(int(duration[1:]) / 1000)
            case ["Hang"]:
                signal.pause()
            case ["Dies"]:
                sys.exit("cannot load Dies")

    def reply(self, **fields: object) -> dict[str, object]:
        self.envs += 1
        return {**{name: value for name, value in fields.items() if value}, "env": self.envs - 1}

    def command(self, text: str, request: dict[str, object]) -> None:
        began = time.perf_counter()
        orders = [line.removeprefix("-- do: ") for line in text.split("\n") if line.startswith("-- do: ")]
        messages = [json.loads(order.partition(" ")[2]) for order in orders if order.startswith("message ")]
        sorries = []
        for number, line in enumerate(text.split("\n"), 1):
            for found in re.finditer(r"\bsorry\b", "" if line.startswith("--") else line):
                pos = message("warning", number, found.start(), 5, "declaration uses `sorry`")
                messages.append(pos)
                goal = f"case a\nh : True\n⊢ {self.states}\n\ncase b\n⊢ b"
                sorries.append({"proofState": self.states, "pos": pos["pos"], "endPos": pos["endPos"], "goal": goal})
                self.states += 1
            if found := re.search("#check (.*)", line):
                if not LIES:
                    unknown = f"Unknown identifier `{found[1]}`"
                    messages.append(message("error", number, found.start(1), len(found[1]), unknown))
                LIES.clear()
        tactics = [{"tactic": "rfl", "usedConstants": ["Nat", "Eq.refl"]}, {"tactic": "simp", "usedConstants": ["Nat"]}]
        value: object = self.reply(
            messages=messages, sorries=sorries, tactics=tactics if request.get("allTactics") else None
        )
        tail: list[object] = []
        for order in orders:
            value = follow(order, value, tail, began)
        say(value, "\n\n" + "".join(json.dumps(x) + "\n\n" for x in tail)) if value != "" else None

    def step(self, tactic: str, state: int) -> dict[str, object]:
        if state >= self.states:
            return {"message": "Unknown proof state."}
        status, goals, messages = "Incomplete: open goals remain", ["⊢ False"], []
        match tactic.strip():
            case "bad":
                return {"message": "Lean error:\n<input>:1:1: unknown tactic"}
            case "rfl":
                status, goals = "Completed", []
            case "part":
                status, goals = "Incomplete: contains metavariable(s)", []
            case "fake":
                status, goals = "Incomplete: contains sorry", []
                messages = [message("error", 0, 0, 0, "Unknown identifier `fake`")]
            case "unsaid":
                return {"proofState": self.states, "goals": []}
            case "stale":
                return {"proofStatus": "Completed", "proofState": state, "goals": []}
            case order if order.startswith("do: "):
                follow(order.removeprefix("do: "), "", [], 0)
        self.states += 1
        fields = {"proofStatus": status, "proofState": self.states - 1, "messages": messages}
        return {**{name: value for name, value in fields.items() if value != []}, "goals": goals}


def follow(order: str, value: object, tail: list[object], began: float) -> object:
    """Do as told; what to answer then."""
    word, _, argument = order.partition(" ")
    match word:
        case "once":
            if not Path(os.environ["ONCE"]).exists():
                Path(os.environ["ONCE"]).touch()
                return follow(argument, value, tail, began)
        case "took" if isinstance(value, dict):
            took = message("info", 1, 0, 0, f"{1000 * (time.perf_counter() - began):.3f}")
            return {**value, "messages": [*value.get("messages", []), took]}
        case "reply":
            return argument
        case "long":
            return "x" * int(argument)
        case "before":
            say(argument)
        case "after":
            tail.append(json.loads(argument))
        case "raw":
            say(argument, "")
        case "later":
            sys.stdout.flush()
            if child := os.fork():
                note(str(child))
            else:
                Path(os.environ["GATE"]).read_bytes()
                say(argument)
                os._exit(0)
        case _:
            act(word, argument)
            end(word, argument, value)
    return value


def act(word: str, argument: str) -> None:
    match word:
        case "log":
            note(str(os.getpid()))
        case "sleep":
            time.sleep(int(argument) / 1000)
        case "lie":
            LIES.append(True)
        case "grow":
            HELD.append(bytearray(b"x") * (int(argument) << 20))
        case "away":
            if os.fork() == 0:
                os.setsid()
                signal.pause()
        case "flood":
            sys.stderr.write("x" * int(argument))


def end(word: str, argument: str, value: object) -> None:
    match word:
        case "half":
            say(json.dumps(value)[:9], "")
            os.kill(os.getpid(), signal.SIGKILL)
        case "die":
            os.kill(os.getpid(), int(argument))
        case "exit":
            sys.exit(int(argument))
        case "swell":
            while True:
                HELD.append(bytearray(b"x") * (16 << 20))
        case "hang" | "deaf":
            if word == "deaf":
                signal.signal(signal.SIGTERM, signal.SIG_IGN)
            while True:
                signal.pause()


def main() -> None:
    sys.stdin.reconfigure(encoding="utf-8", newline="\n")  # type: ignore[union-attr]
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    repl = Repl()
    while query := read_request():
        if query.startswith(("#", "--")):
            continue
        repl.answer(query)


main()
