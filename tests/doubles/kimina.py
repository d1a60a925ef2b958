"""Stands in for a Kimina server: a real HTTP server on a free port, which it prints once it listens.

Splits a snippet as the real one does, and reads its body line by line: `#print "x"`, `#eval Lean.versionString`,
`#check` (an error), `set_option` (an error for a `bogus` one), `sorry` (a hole with a goal), `wrong` (an error).
Without the modules that the header asks for every other line is an error.
Lines `-- do: WORD ARGUMENT` say what becomes of a request, `-- do: first N: WORD ARGUMENT` of the first N of a text; so
do an option `do`, `set_option do "WORD ARGUMENT"`, and `import Do.WORD`.

status CODE [AFTER]  answers that, with Retry-After        empty    answers `{}`               hang  never answers
timeout [header]     ran out of its time                   garbage  answers with no JSON       cut   ends in mid-body
forged, nothing      an answer without the question in it  message  answers `{"message": ..}`  drop  hangs up
silent, twice, other-id, error TEXT, slow SECONDS, flood BYTES, redirect URL, sorry (a warning without a place)
"""

import argparse
import asyncio
import json
import re
import sys
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import Any

REASONS = {200: "OK", 302: "Found", 401: "Unauthorized", 404: "Not Found", 429: "Too Many Requests"}
ORDER = re.compile(r'-- do: (.*)|set_option do "(.*)"|import Do\.(.*)')
seen: Counter[str] = Counter()
under_way = 0
most = 0


class Cut(Exception):
    pass


def note(**fields: object) -> None:
    if options.log:
        with Path(options.log).open("a", encoding="utf-8") as log:
            log.write(json.dumps(fields) + "\n")


def split(code: str) -> tuple[str, str, int]:
    lines = code.splitlines()
    count = 0
    while count < len(lines) and (not lines[count].strip() or lines[count].strip().startswith("import ")):
        count += 1
    return "\n".join(x.strip() for x in lines[:count] if x.strip()), "\n".join(lines[count:]), count


def message(severity: str, line: int, column: int, text: str) -> dict[str, object]:
    end = {"line": line, "column": column + 1}
    return {"severity": severity, "pos": {"line": line, "column": column}, "endPos": end, "data": text}


def lean(header: str, body: str, shift: int) -> dict[str, object]:
    """What the REPL says of a body."""
    modules = [x.removeprefix("import ") for x in header.splitlines()]
    whole = all(m.partition(".")[0] in options.modules.split(",") for m in modules)
    messages, sorries = [], []
    for number, line in enumerate(body.splitlines(), 1 + shift):
        column = len(line) - len(line.lstrip())
        word = line.strip()
        if word.startswith('#print "'):
            messages.append(message("info", number, column, word[8:-1]))
        elif word and not whole:
            messages.append(message("error", number, column, "unknown constant"))
        elif word == "#eval Lean.versionString":
            messages.append(message("info", number, column, f'"{options.lean}"'))
        elif word.startswith("#check") and not options.gullible:
            messages.append(message("error", number, column, "unknown identifier"))
        elif "bogus" in word or "wrong" in word:
            messages.append(message("error", number, column, f"no {word}"))
        elif "sorry" in word:
            at = line.index("sorry")
            place = {"pos": {"line": number, "column": at}, "endPos": {"line": number, "column": at + 5}}
            if "-- do:" not in word:
                sorries.append({**place, "goal": "case a\n⊢ p\n\ncase b\n⊢ q", "proofState": 0})
            messages.append(message("warning", number, column, "declaration uses 'sorry'"))
    return {k: v for k, v in (("messages", messages), ("sorries", sorries)) if v}


def orders(code: str) -> list[str]:
    """What the lines of a snippet ask for, as far as it is their turn."""
    found = []
    for line in code.splitlines():
        if not (match := ORDER.fullmatch(line.strip())):
            continue
        word = match[1] or match[2] or match[3]
        if word.startswith("first "):
            times, _, word = word.removeprefix("first ").partition(": ")
            text = line + "".join(x for x in code.splitlines() if not x.startswith("#print"))
            seen[text] += 1
            if seen[text] > int(times):
                continue
        found.append(word)
    return found


Answer = tuple[int, object, dict[str, str]]
"""Status, body (text goes out as it is), headers."""


async def check(request: dict[str, Any]) -> Answer:
    snippet = request["snippets"][0]
    header, body, count = split(snippet["code"])
    said = lean(header, body, count if options.lines == "file" else 0)
    item = {"id": snippet["id"], "time": 0.25, "response": said}
    for order in orders(snippet["code"]):
        word, _, argument = order.partition(" ")
        if word == "hang":
            await asyncio.Event().wait()
        if word == "slow":
            await asyncio.sleep(float(argument))
        if word in ("drop", "cut"):
            raise Cut(word)
        if other := instead(word, argument, request, item):
            return other
        item = edited(item, word, argument, request)
    return 200, {"results": [item]}, {}


def instead(word: str, argument: str, request: dict[str, Any], item: dict[str, Any]) -> Answer | None:
    """What is answered in the place of a result."""
    match word:
        case "status":
            status, _, after = argument.partition(" ")
            said = {"detail": f"as asked, {request['authorization']}"}
            return int(status), said, {"Retry-After": after} if after else {}
        case "redirect":
            return 302, "", {"Location": argument}
        case "twice":
            return 200, {"results": [item, item]}, {}
        case "empty":
            return 200, {}, {}
        case "garbage":
            return 200, "<html>hello</html>", {}
        case "flood":
            return 200, " " * int(argument), {}
    return None


def edited(item: dict[str, Any], word: str, argument: str, request: dict[str, Any]) -> dict[str, Any]:
    """What becomes of a result."""
    bare = {"id": item["id"], "time": item["time"]}
    match word:
        case "timeout":
            limit = float(request["timeout"])
            words = f"Lean REPL {argument + ' ' if argument else ''}command timed out in {limit} seconds"
            return {"id": item["id"], "time": limit, "error": words}
        case "error":
            return {**bare, "error": argument}
        case "message":
            return {**bare, "response": {"message": "Unknown environment."}}
        case "forged":
            return {**bare, "response": {"env": 7}}
        case "nothing":
            return {**bare, "response": {}}
        case "silent":
            return bare
        case "other-id":
            return {**item, "id": "other"}
    return item


async def answer(method: str, path: str, headers: dict[str, str], body: bytes) -> Answer:
    if path.endswith("/health"):
        return options.health, {"status": "ok"}, {}
    if method != "POST" or not path.endswith("/api/check") or options.old:
        return 404, {"detail": "Not Found"}, {}
    given = headers.get("authorization", "")
    if options.key and given != f"Bearer {options.key}":
        return 401, {"detail": "Invalid API key" if given else "Missing API key"}, {}
    request = json.loads(body)
    names = [s["id"] for s in request["snippets"]]
    if len({*names}) != len(names) or not isinstance(request["timeout"], int):
        return 422, {"detail": [{"msg": "no"}]}, {}
    seen["posts"] += 1
    if seen["posts"] <= options.busy:
        return 429, {"detail": "No available REPLs"}, {}
    snippet = request["snippets"][0]
    note(event="check", id=snippet["id"], code=snippet["code"], timeout=request["timeout"], under_way=under_way)
    return await check({**request, "authorization": given})


async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(ConnectionError, asyncio.IncompleteReadError):
        while line := await reader.readline():
            method, path, _ = line.decode().split()
            headers = {}
            while (line := await reader.readline()) not in (b"\r\n", b""):
                name, _, value = line.decode().partition(":")
                headers[name.lower()] = value.strip()
            body = await reader.readexactly(int(headers.get("content-length", 0)))
            if not await respond(method, path, headers, body, reader, writer):
                break
    writer.close()


async def respond(
    method: str,
    path: str,
    headers: dict[str, str],
    body: bytes,
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
) -> bool:
    """Answer one request; whether the connection goes on."""
    global under_way, most
    under_way += 1
    most = max(most, under_way)
    work = asyncio.ensure_future(answer(method, path, headers, body))
    gone = asyncio.ensure_future(reader.read(1))
    try:
        await asyncio.wait({work, gone}, return_when=asyncio.FIRST_COMPLETED)
        if not work.done():
            work.cancel()
            note(event="gone", path=path)
            return False
        status, what, more = work.result()
    except Cut as cut:
        if str(cut) == "cut":
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{")
            await writer.drain()
        return False
    finally:
        under_way -= 1
        gone.cancel()
        with suppress(asyncio.CancelledError):
            await gone
    data = what.encode() if isinstance(what, str) else json.dumps(what).encode()
    lines = [f"HTTP/1.1 {status} {REASONS.get(status, 'X')}", f"Content-Length: {len(data)}"]
    lines += [f"{k}: {v}" for k, v in more.items()]
    writer.write("\r\n".join([*lines, "", ""]).encode() + data)
    await writer.drain()
    return True


async def main() -> None:
    server = await asyncio.start_server(serve, "127.0.0.1", options.port, limit=1 << 20)
    print(server.sockets[0].getsockname()[1], flush=True)  # noqa: T201
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)  # until whoever started it is gone


parser = argparse.ArgumentParser()
parser.add_argument("--port", type=int, default=0)
parser.add_argument("--log")
parser.add_argument("--key")
parser.add_argument("--lean", default="4.26.0")
parser.add_argument("--modules", default="Init,Mathlib,Aesop")
parser.add_argument("--lines", choices=("file", "body"), default="file")
parser.add_argument("--health", type=int, default=200)
parser.add_argument("--busy", type=int, default=0)
parser.add_argument("--old", action="store_true")
parser.add_argument("--gullible", action="store_true")
options = parser.parse_args()
asyncio.run(main())
