"""The teams that strategies work with."""

from __future__ import annotations

from lemmata.agents.offline.error_analyzer import OfflineErrorAnalyzer
from lemmata.agents.offline.informal_reasoner import OfflineInformalReasoner
from lemmata.agents.offline.prover import OfflineProver
from lemmata.agents.offline.splitter import OfflineSplitter
from lemmata.agents.protocols import Team


def offline_team() -> Team:
    """No model: deterministic agents for logic, ℕ and ℤ."""
    return Team(
        prover=OfflineProver(),
        analyzer=OfflineErrorAnalyzer(),
        reasoner=OfflineInformalReasoner(),
        splitter=OfflineSplitter(),
    )
