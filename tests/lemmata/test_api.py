import json
import subprocess
import sys

import pytest

import lemmata
from lemmata.api import Session, aprove, prove, verify
from lemmata.configs.loader import load_config
from lemmata.domain import Level, NodeStatus, RunStatus, VerifyStatus, sha256
from lemmata.errors import ConfigError, RunError, SourceError, UsageError
from lemmata.lean_env.cache import cache_folder
from lemmata.lean_env.source import problem
from lemmata.lean_env.target import read_target, statement_problem
from lemmata.store import BEST, CERTIFICATE, PROOF, RESULT, Store

pytestmark = pytest.mark.embedded

EASY = "theorem easy (a b : Nat) : a + b = b + a := by\n  sorry\n"
FALSE = "theorem wrong (n : Nat) : n < 5 := by\n  sorry\n"

def config(tmp_path, **flags):
    return load_config(flags={"runs": tmp_path / "runs", "checker": "embedded", **flags}, environment={})


@pytest.fixture
async def session(embedded_toolchain, tmp_path):
    async with Session(config(tmp_path)) as session:
        yield session


async def test_a_proof_comes_with_everything_that_vouches_for_it(session):
    seen = []
    result = await session.prove(statement_problem(EASY), on_event=seen.append)
    assert (result.status, result.level) == (RunStatus.FOUND, Level.CHECKED)
    assert result.vouched_by.startswith("checked by Lean 4.35.0, embedded core")
    run = Store(session.config.runs).find(result.run)
    text = run.path(PROOF).read_text()
    assert text.startswith(result.proof)
    assert text.splitlines()[-1] == f"-- {result.vouched_by}"
    certificate = json.loads(run.path(CERTIFICATE).read_text())
    assert certificate["text_sha256"] == sha256(result.proof) == result.certificate.text_sha256
    assert certificate["challenge_sha256"] == sha256(EASY)
    assert run.result == result
    assert list(run.events()) == seen
    assert [e.seq for e in seen] == list(range(1, len(seen) + 1))
    assert result.usage.checks == sum(e.kind == "call_finished" for e in seen)
    assert "certify" in result.phases
    assert [(n.name, n.status) for n in result.blueprint] == [("easy", NodeStatus.CLOSED)]


async def test_a_false_statement_is_refuted_with_a_proof_of_its_negation(session):
    result = await session.prove(statement_problem(FALSE))
    assert (result.status, result.level) == (RunStatus.REFUTED, Level.CHECKED)
    assert "¬" in result.proof
    again = await session.verify(Store(session.config.runs).find(result.run).path(PROOF))
    assert again.accepted


async def test_what_is_not_found_leaves_its_best_and_a_reason(embedded_toolchain, tmp_path):
    problem = statement_problem("theorem hard (a b c : Nat) (h : a ^ 3 + b ^ 3 = c ^ 3) : a * b * c = 0 := by sorry")
    async with Session(config(tmp_path, **{"budget.check_seconds": 0.5})) as session:
        result = await session.prove(problem)
        assert result.status is RunStatus.NOT_FOUND
        assert result.proof is None
        assert result.level is None
        run = Store(session.config.runs).find(result.run)
        assert run.result == result
        assert run.path(BEST).exists() == (result.best is not None)
        again = await session.resume(result.run)
        assert again == result
        events = list(run.events())
        with pytest.raises(UsageError, match=r"budget.check_seconds = 0.1: 0\.\d+ are spent already; name more"):
            await session.resume(result.run, budget={"check_seconds": 0.1})
        with pytest.raises(UsageError, match=r"budget.seconds = 0.01: .* are spent already"):
            await session.resume(result.run, budget={"check_seconds": 60, "seconds": 0.01})
        assert (run.result, list(run.events())) == (result, events), "nothing was written"
        more = await session.resume(result.run, budget={"check_seconds": result.usage.check_seconds + 0.1})
        assert more.usage.check_seconds >= result.usage.check_seconds
        with pytest.raises(ConfigError, match="no such limit"):
            await session.resume(result.run, budget={"euros": 1})


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        ("theorem t : nonsense := sorry", "does not compile"),
        ("theorem t (n : Nat) : n + := sorry", "does not compile"),
    ],
)
async def test_a_statement_that_does_not_compile_is_the_users_mistake(session, statement, message):
    with pytest.raises(SourceError, match=message):
        await session.prove(statement_problem(statement))
    assert Store(session.config.runs).list() == ()


IMPORTS = """
import asyncio, sys
from lemmata.api import Session
from lemmata.configs.loader import load_config
from lemmata.lean_env.target import statement_problem

def tell(event):
    if event.kind == "run_started":
        print("lemmata.graphs.driver" in sys.modules)

async def run():
    config = load_config(flags={"runs": sys.argv[1], "checker": "embedded"}, environment={})
    async with Session(config) as session:
        await session.prove(statement_problem("theorem t : 1 = 1"), on_event=tell)

asyncio.run(run())
"""


def test_what_must_be_imported_is_before_a_run_begins(embedded_toolchain, tmp_path):
    argv = [sys.executable, "-c", IMPORTS, tmp_path]
    told = subprocess.run(argv, capture_output=True, text=True, timeout=60, check=True).stdout
    assert told == "True\n", "else its seconds would count in the events and not in the result"


async def test_names_that_lean_binds_by_itself_are_told(embedded_toolchain, tmp_path):
    told = []
    async with Session(config(tmp_path), progress=told.append) as session:
        assert (await session.prove(statement_problem("theorem t (x : Real) : x = x"))).found
        assert (await session.prove(statement_problem("theorem t (x : Nat) : x = x"))).found
        with pytest.raises(SourceError, match="the statement uses ℝ, which nothing defines here: `import Mathlib`"):
            await session.prove(statement_problem("theorem t (x : ℝ) : x = x"))
        own = 'notation "ℕ" => Nat\ntheorem t (x : ℕ) : x = x := by sorry'
        assert (await session.prove(problem(own))).found
    assert len(told) == 1
    assert "Real" in told[0]


async def test_a_server_that_was_configured_and_is_not_there_is_told(embedded_toolchain, tmp_path, monkeypatch):
    for name in ("LEMMATA_LEAN_HOME", "LEMMATA_LEAN_PROJECT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    monkeypatch.setenv("LEMMATA_CACHE", str(cache_folder()))  # else the core is compiled again
    monkeypatch.setenv("HOME", str(tmp_path))
    told = []
    settings = config(tmp_path, checker="auto", **{"kimina.urls": "http://127.0.0.1:9"})
    async with Session(settings, progress=told.append) as session:
        assert (await session.prove(statement_problem("theorem t : 1 = 1"))).found
    (line,) = (line for line in told if "127.0.0.1:9" in line)
    assert line.startswith("Lean 4.35.0, embedded core takes files without imports (")
    told.clear()
    async with Session(config(tmp_path, checker="auto"), progress=told.append) as session:
        assert (await session.prove(statement_problem("theorem t : 1 = 1"))).found
    assert told == [], "where nothing was configured there is nothing to tell"


async def test_a_line_of_the_file_is_named_as_the_user_sees_it(session, tmp_path):
    file = tmp_path / "two.lean"
    file.write_text("theorem a : 1 = 1 := by sorry\n\ntheorem b : Nat = 3 := sorry\n")
    with pytest.raises(SourceError, match=r"two.lean:3: the file does not compile"):
        await session.prove(read_target(f"{file}:a"))


async def test_a_refutation_may_stand_in_a_file_with_notation_and_instances(session):
    header = 'local infix:50 " ~~ " => Nat.le\ninstance : Inhabited Nat := ⟨3⟩\n'
    result = await session.prove(statement_problem("theorem t (n : Nat) : n ≤ 4", header))
    assert (result.status, result.level) == (RunStatus.REFUTED, Level.CHECKED)


async def test_a_session_works_only_while_it_is_open(tmp_path):
    session = Session(config(tmp_path))
    with pytest.raises(UsageError, match="async with"):
        await session.prove(statement_problem(EASY))
    async with session:
        pass
    with pytest.raises(UsageError, match="async with"):
        await session.prove(statement_problem(EASY))


async def test_a_run_that_is_not_there_cannot_be_resumed(session):
    with pytest.raises(RunError, match="no such run"):
        await session.resume("absent")


async def test_verify_compares_with_a_challenge(session, tmp_path):
    challenge, good, other = (tmp_path / n for n in ("c.lean", "good.lean", "other.lean"))
    challenge.write_text(EASY)
    good.write_text(EASY.replace("sorry", "omega"))
    other.write_text(EASY.replace("a + b = b + a", "a + b = a + b").replace("sorry", "rfl"))
    assert (await session.verify(good, against=challenge)).level is Level.CHECKED
    refused = await session.verify(other, against=challenge)
    assert (refused.status, refused.level) == (VerifyStatus.REFUSED, None)
    assert refused.reasons
    missing = tmp_path / "mathlib.lean"
    missing.write_text("import Mathlib\n" + EASY)
    unsupported = await session.verify(missing)
    assert unsupported.status is VerifyStatus.UNSUPPORTED
    assert "Mathlib" in unsupported.reasons[0]


def test_the_plain_functions_do_the_same(embedded_toolchain, tmp_path):
    file = tmp_path / "easy.lean"
    file.write_text(EASY)
    result = lemmata.prove(file, runs=tmp_path / "runs", checker="embedded", budget__seconds=60)
    assert result.found
    assert file.read_text() == EASY
    proved = tmp_path / "proved.lean"
    proved.write_text(result.proof)
    assert verify(proved, against=file, checker="embedded").accepted


async def test_the_plain_functions_refuse_a_running_loop(tmp_path):
    with pytest.raises(UsageError, match=r"await lemmata\.aprove"):
        prove(tmp_path / "x.lean")
    with pytest.raises(SourceError, match="no such file"):
        await aprove(tmp_path / "x.lean")
    assert not (tmp_path / RESULT).exists()
