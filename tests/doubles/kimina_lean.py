"""Stands in for a Kimina server and answers with the word of a real Lean: `kimina_lean.py LEAN`, prints its port.

That Lean has no Mathlib and no `#eval`: a snippet is checked with `Init` in Mathlib's place, and is told its version.
"""

import json
import subprocess
import sys
import tempfile
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

LEAN = sys.argv[1]
VERSION = '#print "\\"4.35.0\\""'


def checked(code: str) -> dict[str, Any]:
    text = code.replace("import Mathlib", "import Init").replace("#eval Lean.versionString", VERSION)
    with tempfile.TemporaryDirectory() as folder:
        command = [LEAN, "--json", "--root=.", "--stdin"]
        said = subprocess.run(command, input=text.encode(), capture_output=True, cwd=folder)
    messages = [json.loads(line) for line in said.stdout.decode().split("\n") if line]
    return {"env": 0, "messages": [m | {"severity": m["severity"].replace("information", "info")} for m in messages]}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.answer({"status": "ok"})

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        told = [{"id": s["id"], "time": 0.1, "response": checked(s["code"])} for s in asked["snippets"]]
        self.answer({"results": told})

    def answer(self, value: object) -> None:
        body = json.dumps(value).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    print(server.server_port, flush=True)  # noqa: T201
    server.serve_forever()
