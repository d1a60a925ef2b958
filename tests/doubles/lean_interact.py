"""Stands in for the package lean-interact: makes the folder of a REPL as it does, or fails as `PLAN` beside it says.

PLAN    clone (leaves an empty clone behind) | build | hang | elsewhere
"""

import select
import signal
from pathlib import Path

POLL = select.POLLIN  # as for the real one, `select` must be Python's own

PLAN = Path(__file__).with_name("PLAN")


class LocalProject:
    def __init__(self, *, directory: str, lake_path: str, auto_build: bool) -> None:
        if auto_build:
            raise RuntimeError("it would build the whole project")
        self.directory, self.lake_path = directory, lake_path


class LeanREPLConfig:
    def __init__(self, *, project: LocalProject, cache_dir: str, lake_path: str) -> None:
        plan = PLAN.read_text(encoding="utf-8") if PLAN.exists() else ""
        lean = (Path(project.directory) / "lean-toolchain").read_text(encoding="utf-8").strip().rpartition(":")[2]
        owner = Path(cache_dir) / "someone" / "repl"
        clone = owner / "repl_clean_copy"
        if clone.exists():
            if not (clone / ".git" / "HEAD").exists():
                raise RuntimeError(f"InvalidGitRepositoryError: {clone}")
        else:
            clone.mkdir(parents=True)
            if plan == "clone":
                raise RuntimeError("GitCommandError: Could not resolve host: github.com")
            (clone / ".git").mkdir()
            (clone / ".git" / "HEAD").touch()
        if plan == "hang":
            signal.pause()
        if plan == "build" or not Path(lake_path).is_file():
            raise RuntimeError("Failed to build the REPL")
        self.cache_repl_dir = str(owner / f"repl_v1.3.19_lean-toolchain-{'v0.0.0' if plan == 'elsewhere' else lean}")
        program = Path(self.cache_repl_dir) / ".lake" / "build" / "bin" / "repl"
        program.parent.mkdir(parents=True)
        program.write_text("#!/bin/sh\n", encoding="utf-8")
        program.chmod(0o755)
        (Path(self.cache_repl_dir) / "lean-toolchain").write_text(f"leanprover/lean4:{lean}\n", encoding="utf-8")
