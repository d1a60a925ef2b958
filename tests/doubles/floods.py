"""Writes 32 MB to each of its outputs, in turns, then its last word."""

import sys

for _ in range(512):
    for stream in (sys.stderr, sys.stdout):
        stream.write("x" * (1 << 16))
sys.stdout.write("done")
sys.exit(7)
