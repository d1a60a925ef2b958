"""The compiled graphs over doubles: a scripted team, a fake checker, a log and a checkpointer on disk."""

from contextlib import asynccontextmanager

import aiosqlite
import pytest
from langgraph.checkpoint.sqlite.aio import AsyncSqliteSaver

from lemmata.agents.protocols import Team
from lemmata.configs.schema import BudgetConfig, Config, SearchConfig
from lemmata.events import EventLog
from lemmata.graphs import close_node, prove_theorem
from lemmata.graphs.budget import Budget
from lemmata.graphs.calls import Recorder
from lemmata.graphs.deps import Deps, Graphs, Tools
from lemmata.graphs.state import serializer
from lemmata.testing import FakeChecker, PlainAnalyzer, PlainReasoner, ScriptedProver, ScriptedSplitter


async def nothing(problem, bench, **_):
    """A tool that finds nothing."""


@pytest.fixture
def workshop(tmp_path):
    """Opens `Deps` on one folder; opening it again is another process's view of the same run."""

    @asynccontextmanager
    async def opened(
        *,
        prover=None,
        splitter=None,
        automate=nothing,
        refute=nothing,
        checker=None,
        limits=None,
        listener=None,
        search=None,
    ):
        config = Config(search=SearchConfig(**(search or {})))
        checker = checker or FakeChecker()
        async with aiosqlite.connect(tmp_path / "state.sqlite") as connection:
            saver = AsyncSqliteSaver(connection, serde=serializer())
            with EventLog(tmp_path / "events.jsonl", listener=listener) as log:
                yield Deps(
                    run="run",
                    config=config,
                    team=Team(
                        prover=prover or ScriptedProver([]),
                        analyzer=PlainAnalyzer(),
                        reasoner=PlainReasoner(),
                        splitter=splitter or ScriptedSplitter(),
                    ),
                    tools=Tools(automate=automate, refute=refute),
                    recorder=Recorder(log=log, checker=checker, timeout=10),
                    budget=Budget(BudgetConfig(**(limits or {})), spent=log.spent),
                    graphs=Graphs(
                        close_node=close_node.build(config.search, saver),
                        prove_theorem=prove_theorem.build(config.search, saver),
                    ),
                )

    return opened
