"""Hangs for good, deaf to SIGTERM and SIGINT. Tells its process id to the file in argv[1], if there is one."""

import os
import signal
import sys
from pathlib import Path

for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
    signal.signal(number, signal.SIG_IGN)
if len(sys.argv) > 1:
    Path(sys.argv[1]).write_text(f"{os.getpid()}\n", encoding="ascii")
sys.stdout.write("alive\n")
sys.stdout.flush()
while True:
    signal.pause()
