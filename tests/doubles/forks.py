"""Forks a grandchild that hangs and holds the pipes, prints its process id, then hangs (`hang`) or ends (`end`).

With a third word `away` the grandchild leaves the session first.
"""

import os
import signal
import sys

ready, tell = os.pipe()
child = os.fork()
if child == 0:
    if "away" in sys.argv:
        os.setsid()
    os.write(tell, b".")
    while True:
        signal.pause()
os.read(ready, 1)
sys.stdout.write(f"{child}\n")
sys.stdout.flush()
while sys.argv[1] == "hang":
    signal.pause()
