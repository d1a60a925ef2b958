#!/usr/bin/env python3
"""Stands in for a toolchain's `leanchecker`: ends with the code $CHECKER, if the module asked about is there."""

import os
import signal
import sys
from pathlib import Path

folders = [Path(folder) for folder in os.environ["LEAN_PATH"].split(os.pathsep)]
if not any((folder / f"{sys.argv[1]}.olean").is_file() for folder in folders):
    sys.exit(f"there is no {sys.argv[1]}")
code = int(os.environ["CHECKER"])
if code < 0:
    os.kill(os.getpid(), -code)
if code == 99:
    signal.pause()
sys.stderr.write("" if code == 0 else "leanchecker found a problem in Main\n")
sys.exit(code)
