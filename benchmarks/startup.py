"""How long a user waits before anything happens: median seconds of ten runs, each in a process of its own.

Exits 1 where `lemmata --help` takes half a second or more.
"""

import statistics
import subprocess
import sys
import time
from pathlib import Path

RUNS = 10
LIMIT = 0.5
BIN = Path(sys.executable).parent
COMMANDS = {
    "lemmata --help": [str(BIN / "lemmata"), "--help"],
    "lemmata --version": [str(BIN / "lemmata"), "--version"],
    "import lemmata": [sys.executable, "-c", "import lemmata"],
    "python alone": [sys.executable, "-c", "pass"],
}


def seconds(command: list[str]) -> float:
    """Wall-clock seconds of one run."""
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, timeout=60)
    return time.perf_counter() - start


def main() -> int:
    """Print the table."""
    medians = {}
    for name, command in COMMANDS.items():
        seconds(command)  # the first run compiles to bytecode
        medians[name] = statistics.median(seconds(command) for _ in range(RUNS))
        print(f"{name:<18} {medians[name]:.3f} s")
    return int(medians["lemmata --help"] >= LIMIT)


if __name__ == "__main__":
    sys.exit(main())
