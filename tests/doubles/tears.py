"""Dies of a signal in the middle of a line (and of a character)."""

import os
import signal
import sys

sys.stdout.buffer.write(b'{"severity":"error","data":"\xe2\x88')
sys.stdout.flush()
os.kill(os.getpid(), signal.SIGSEGV)
