"""Stands in for `elan`: `elan toolchain install leanprover/lean4:VERSION` makes stand-ins for `lean` and `lake`.

`$DOUBLE_ELAN` holds what it does instead, if anything: fail | hang (its id goes to `hanging` beside the log) | nothing.
What it was asked is appended to `$LOG`.
"""

import os
import signal
import sys
from pathlib import Path

DOUBLES = Path(__file__).parent


def main() -> None:
    if sys.argv[1:] == ["--version"]:
        sys.stdout.write(f"elan {os.environ.get('DOUBLE_ELAN_VERSION', '4.1.2')} (0123abcd 2025-05-12)\n")
        return
    with Path(os.environ["LOG"]).open("a", encoding="utf-8") as log:
        log.write(f"elan {' '.join(sys.argv[1:])}\n")
    how = os.environ.get("DOUBLE_ELAN", "")
    if how == "fail":
        sys.stderr.write("error: could not download\n")
        if os.environ.get("RUST_BACKTRACE", "0") != "0":
            sys.stderr.write("backtrace:\n   0: <unknown>\n")
        sys.exit(1)
    if how == "hang":
        Path(os.environ["LOG"]).with_name("hanging").write_text(str(os.getpid()), encoding="ascii")
        signal.pause()
    if how == "nothing":
        return
    pin = sys.argv[3].replace("/", "--").replace(":", "---")
    home = Path(os.environ["ELAN_HOME"]) / "toolchains" / pin
    (home / "bin").mkdir(parents=True)
    (home / "lib" / "lean").mkdir(parents=True)
    for name in ("lean", "lake"):
        program = home / "bin" / name
        lines = ["#!/bin/sh", f'export DOUBLE_HOME="{home}" DOUBLE_VERSION="{pin.rpartition("v")[2]}"']
        program.write_text(
            "\n".join((*lines, f'exec "{sys.executable}" -I -S "{DOUBLES / name}.py" "$@"', "")), encoding="utf-8"
        )
        program.chmod(0o755)


main()
