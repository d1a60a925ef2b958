"""Stands in for the package lean-dojo: a trace, and a theorem whose tactics do what their names say."""

import os
import sys
import time
from dataclasses import dataclass
from pathlib import Path

if os.environ.get("GITHUB_ACCESS_TOKEN") == "wrong":
    sys.exit("401 bad credentials")


@dataclass
class TacticState:
    pp: str


@dataclass
class ProofFinished:
    tactic_state_id: int


@dataclass
class LeanError:
    error: str


class ProofGivenUp:
    pass


class LeanGitRepo:
    path: Path

    @classmethod
    def from_path(cls, path):
        repository = cls()
        repository.path = Path(path)
        return repository


def is_available_in_cache(repository):
    return not (repository.path / "untraced").exists()


@dataclass
class Theorem:
    repo: LeanGitRepo
    file_path: Path
    full_name: str


class Dojo:
    def __init__(self, theorem, timeout):
        assert timeout >= 1
        self.theorem = theorem

    def __enter__(self):
        return self, TacticState(f"⊢ {self.theorem.full_name} of {self.theorem.file_path}")

    def __exit__(self, *_):
        pass

    def run_tac(self, state, tactic):
        match tactic:
            case "closes":
                return ProofFinished(1)
            case "splits":
                return TacticState(f"{state.pp}\n\ncase inr\n⊢ q")
            case "sorry":
                return ProofGivenUp()
            case "hangs":
                time.sleep(600)
            case "dies":
                os._exit(3)
        return LeanError(f"unknown tactic {tactic}")
