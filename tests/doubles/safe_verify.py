#!/usr/bin/env python3
"""Stands in for SafeVerify: ends with the code $PLAY (`hang`: never), after it wrote the report $REPORT where asked.

It wants both modules and `--disallow-partial`, else its exit code is 77.
"""

import os
import signal
import sys
from pathlib import Path

partial, option, report, challenge, submission = sys.argv[1:]
there = Path(challenge).read_bytes() != Path(submission).read_bytes()
if (partial, option) != ("--disallow-partial", "-s") or not there:
    sys.exit(77)
if "REPORT" in os.environ:
    Path(report).write_text(os.environ["REPORT"], encoding="utf-8")
if os.environ["PLAY"] == "hang":
    signal.pause()
sys.exit(int(os.environ["PLAY"]))
