"""Builds the REPL that matches a project's Lean: `python provision_program.py PROJECT CACHE LAKE` prints its folder.

It is run as a program of its own: lean-interact waits for git and Lake without an end, sets up logging, and makes a
folder in site-packages when it is imported.
"""

import importlib
import sys

NOT_INSTALLED = 3


def main() -> None:
    """Clone, check out and build; the network is used where the REPL is not in the cache."""
    try:
        interact = importlib.import_module("lean_interact")
    except ImportError:
        sys.exit(NOT_INSTALLED)
    root, cache, lake = sys.argv[1:]
    project = interact.LocalProject(directory=root, lake_path=lake, auto_build=False)
    config = interact.LeanREPLConfig(project=project, cache_dir=cache, lake_path=lake)
    print(config.cache_repl_dir)  # noqa: T201


if __name__ == "__main__":
    main()
