import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest

from lemmata.aio import collect
from lemmata.configs.schema import KiminaConfig
from lemmata.domain import CheckerIdentity, CheckResult, CheckStatus, Level, Position, Severity
from lemmata.errors import ConfigError, InfrastructureError
from lemmata.lean_env.cli import CliChecker
from lemmata.lean_env.kimina import KiminaChecker, kimina_checker
from lemmata.lean_env.prefixed import prefixed
from lemmata.lean_env.servers import Clock

TEXT = "import Mathlib\n\ntheorem t : True := trivial\n"
Made = Callable[..., KiminaChecker]


class FastClock(Clock):
    """A hundred seconds in one; remembers the pauses."""

    def __init__(self) -> None:
        self.pauses: list[float] = []

    def now(self) -> float:
        return time.monotonic() * 100

    async def sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)
        await asyncio.sleep(seconds / 100)


def at(line: int, column: int) -> Position:
    return Position(line=line, column=column)


def text_with(*orders: str) -> str:
    return TEXT + "".join(f"-- do: {order}\n" for order in orders)


@pytest.fixture
def server(kimina_server: Any) -> Any:
    return kimina_server


@pytest.fixture
async def checker() -> AsyncIterator[Made]:
    """Makes checkers that are closed with the test."""
    async with AsyncExitStack() as stack:

        def made(*doubles: Any, **more: Any) -> KiminaChecker:
            more.setdefault("clock", FastClock())
            more.setdefault("wait", 1000)
            kimina = KiminaChecker([d if isinstance(d, str) else d.url for d in doubles], **more)
            stack.push_async_callback(kimina.aclose)
            return kimina

        yield made


# --- what is sent, and what comes back


@pytest.mark.parametrize("lines", ["file", "body"])
async def test_every_place_is_one_of_the_whole_text(lines: str, kimina_double: Any, checker: Made) -> None:
    text = "-- about\nimport Aesop -- x\n\nimport Mathlib\n\n\ntheorem a : p := by\n  sorry\n  wrong é\n"
    result = await checker(kimina_double(f"--lines={lines}"), options=["a=true"]).check(text, 9)
    assert result.status is CheckStatus.ERRORS
    assert [(d.start, d.severity, d.text) for d in result.diagnostics] == [
        (at(8, 2), "warning", "declaration uses 'sorry'"),
        (at(9, 2), "error", "no wrong é"),
    ]
    assert [(h.start, h.end, h.goal) for h in result.holes] == [(at(8, 2), at(8, 7), None)]


async def test_a_text_is_sent_imports_first_then_its_mark_then_options(server: Any, checker: Made) -> None:
    kimina = checker(server, options=["b=1", "a=x y"])
    for _ in range(2):
        assert (await kimina.check("/- c -/ import Mathlib\ntheorem t", 2.5)).status is CheckStatus.OK
    greeting, first, second = server.noted()
    assert first["code"].split("\n") == [
        "import Mathlib",
        f'#print "{first["id"]}"',
        'set_option a "x y"',
        "set_option b 1",
        " " * 22,
        "theorem t",
    ]
    assert len({greeting["id"], first["id"], second["id"]}) == 3
    assert (first["timeout"], greeting["timeout"]) == (3, 120)


async def test_a_text_without_imports_gets_one(server: Any, checker: Made) -> None:
    assert (await checker(server).check("axiom cheat : False", 5)).status is CheckStatus.OK
    assert all(n["code"].startswith("import Init\n#print") for n in server.noted())


@pytest.mark.embedded
@pytest.mark.parametrize(
    "text",
    [
        "/- a -/ import Init -- b\n\ntheorem t (p : Prop) : p := by\n  skip\n  exact nope\n",
        "theorem t (n : Nat) : n = n := by\n  sorry",
    ],
)
async def test_a_real_lean_says_of_what_is_sent_what_it_says_of_the_text(
    text: str, server: Any, checker: Made, embedded: CliChecker
) -> None:
    await checker(server, options=["maxRecDepth=512"]).check(text, 5)
    sent = server.noted()[-1]
    answer, whole = await embedded.check(sent["code"], 60), await embedded.check(text, 60)
    (mark,) = [d for d in answer.diagnostics if d.text == sent["id"]]
    assert mark.severity is Severity.INFO
    cut = prefixed(text, ["maxRecDepth=512"])
    rest = [cut.diagnostic(d, mark.start.line) for d in answer.diagnostics if d is not mark]
    assert rest == [*whole.diagnostics]
    assert rest


async def test_holes_have_goals_when_asked_for(server: Any, checker: Made) -> None:
    kimina = checker(server)
    with_goals = await kimina.check(TEXT + "sorry", 5, goals=True)
    without = await kimina.check(TEXT + "sorry", 5)
    assert (with_goals.status, without.status) == (CheckStatus.HOLES, CheckStatus.HOLES)
    assert [h.goal for h in with_goals.holes] == ["⊢ p"]
    assert [h.goal for h in without.holes] == [None]
    unplaced = await kimina.check(TEXT + "-- do: sorry", 5, goals=True)
    assert (unplaced.status, [h.start for h in unplaced.holes]) == (CheckStatus.HOLES, [at(4, 0)])


async def test_the_result_says_who_and_how_long(kimina_double: Any, checker: Made) -> None:
    server = kimina_double("--lean=4.99.0-rc1")
    kimina = checker(server, options=["b=1", "a=1"])
    identity = CheckerIdentity(name="kimina", level=Level.CHECKED, options=("a=1", "b=1"), servers=(server.url,))
    assert kimina.identity == identity
    result = await kimina.check(TEXT, 5)
    assert result == CheckResult(
        status=CheckStatus.OK, seconds=0.25, checker=identity.model_copy(update={"lean_version": "4.99.0-rc1"})
    )
    assert kimina.identity == result.checker


async def test_modules_that_are_not_there(server: Any, checker: Made) -> None:
    kimina = checker(server)
    assert await kimina.lacks(["Mathlib", "Aesop"]) == ()
    assert await kimina.lacks([]) == ()
    assert await kimina.lacks(["Mathlib", "Nowhere.Else"]) == ("Nowhere.Else",)
    result = await kimina.check("import Nowhere.Else\ntheorem t : True := trivial", 5)
    assert result.status is CheckStatus.UNSUPPORTED
    assert result.reason
    assert "it imports Nowhere.Else, which" in result.reason


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("module\nimport Mathlib", "(module; import Mathlib), which Kimina servers do not take"),
        ("prelude", "(prelude), which"),
        ("import all A", "(import all A), which"),
        ('import A\n#print "a\u2028axiom x : False"', "it holds U+2028"),
        ("import A\ntheorem\x0c t", "it holds U+000C"),
        ("import A\n\rx", "it holds U+000D"),
        ("import A\n\ud800", "it holds U+D800"),
    ],
)
async def test_texts_that_would_be_read_otherwise_are_not_sent(
    text: str, reason: str, server: Any, checker: Made
) -> None:
    result = await checker(server).check(text, 5)
    assert result.status is CheckStatus.UNSUPPORTED
    assert reason in (result.reason or "")
    assert server.noted() == []


async def test_odd_line_ends_in_comments_are_blanks(server: Any, checker: Made) -> None:
    text = "import Mathlib\r\n-- a\u2028axiom\u2029\n/- \x0c \ud800 -/ wrong"
    result = await checker(server).check(text, 5)
    assert [(d.start, d.text) for d in result.diagnostics] == [(at(3, 0), "no /-     -/ wrong")]
    assert server.noted()[-1]["code"].endswith("\r\n-- a axiom \n/-     -/ wrong")


# --- the introduction


async def test_a_server_is_introduced_once_for_each_header(server: Any, checker: Made) -> None:
    kimina = checker(server)
    results = await collect([lambda: kimina.check(TEXT, 5)] * 20)
    assert {r.status for r in results} == {CheckStatus.OK}
    await kimina.check("import Aesop\n", 5)
    assert ["#eval Lean.versionString" in n["code"] for n in server.noted()].count(True) == 2
    assert len(server.noted()) == 23


async def test_a_lean_that_does_not_know_an_option_is_the_users_error(server: Any, checker: Made) -> None:
    kimina = checker(server, options=["autoImplicit=false", "bogus=1"])
    with pytest.raises(ConfigError, match="does not take the option bogus=1: no set_option bogus 1"):
        await kimina.check(TEXT, 5)


async def test_servers_of_different_leans_are_the_users_error(kimina_double: Any, checker: Made) -> None:
    kimina = checker(kimina_double("--lean=4.26.0"), kimina_double("--lean=4.15.0"))
    with pytest.raises(ConfigError, match=r"runs Lean 4\.(26|15)\.0, the Kimina server asked first 4\.(15|26)\.0"):
        await collect([lambda: kimina.check(text_with("slow 0.2"), 5)] * 2)


@pytest.mark.parametrize(
    ("order", "said"),
    [
        ("empty", "not an answer of a Kimina server"),
        ("status 500", "HTTP status 500: "),
        ("timeout", "it did not get ready within 120 s (import Mathlib)"),
        ("timeout header", "Lean REPL header command timed out"),
        ("garbage", "its answer is no JSON: <html>hello</html>"),
    ],
)
async def test_a_server_that_does_not_check_gets_no_work(order: str, said: str, server: Any, checker: Made) -> None:
    kimina = checker(server, wait=10, options=[f"do={order}"])
    with pytest.raises(InfrastructureError) as error:
        await collect([lambda: kimina.check(TEXT, 5)] * 4)
    assert said in str(error.value)
    assert server.url in str(error.value)


@pytest.mark.parametrize("word", ["drop", "timeout", "garbage"])
async def test_a_header_that_breaks_a_working_server_is_to_blame(word: str, server: Any, checker: Made) -> None:
    told: list[str] = []
    kimina = checker(server, progress=told.append)
    assert (await kimina.check(TEXT, 5)).status is CheckStatus.OK
    broken = await kimina.check(f"import Do.{word}\n", 5)
    assert broken.status is CheckStatus.CRASHED
    assert f"(import Do.{word})" in (broken.reason or "")
    assert (await kimina.check(TEXT, 5)).status is CheckStatus.OK
    assert told == []


@pytest.mark.parametrize(
    ("argument", "said"), [("--gullible", "it accepts what is wrong"), ("--health=503", "HTTP status 503")]
)
async def test_a_server_must_be_healthy_and_refuse_what_is_wrong(
    argument: str, said: str, kimina_double: Any, checker: Made
) -> None:
    kimina = checker(kimina_double(argument), wait=10)
    with pytest.raises(InfrastructureError) as error:
        await collect([lambda: kimina.check(TEXT, 5)] * 4)
    assert said in str(error.value)


# --- what passes, and what does not


@pytest.mark.parametrize(
    "order",
    ["status 429", "status 500", "status 502", "status 503", "status 504", "status 413", "drop", "cut", "garbage",
     "empty", "forged", "nothing", "message", "silent", "other-id", "twice", "error Lean REPL out of memory",
     "timeout header", "status 429 7", "flood 17000000"],
)  # fmt: skip
async def test_what_may_pass_is_asked_again(order: str, server: Any, checker: Made) -> None:
    clock = FastClock()
    result = await checker(server, clock=clock).check(text_with(f"first 1: {order}"), 5)
    assert result.status is CheckStatus.OK
    checks = [n for n in server.noted() if "#eval" not in n["code"]]
    assert len(checks) == 2
    assert checks[0]["id"] != checks[1]["id"]
    assert clock.pauses
    assert not order.endswith(" 7") or min(clock.pauses) >= 7


@pytest.mark.parametrize(
    ("order", "status", "reason"),
    [
        ("status 500", CheckStatus.CRASHED, "HTTP status 500"),
        ("drop", CheckStatus.CRASHED, "the connection broke"),
        ("cut", CheckStatus.CRASHED, "the connection broke"),
        ("garbage", CheckStatus.CRASHED, "its answer is no JSON"),
        ("empty", CheckStatus.CRASHED, "not an answer of a Kimina server"),
        ("forged", CheckStatus.CRASHED, "nothing in its answer shows that the question was read"),
        ("nothing", CheckStatus.CRASHED, "not an answer of the REPL"),
        ("message", CheckStatus.CRASHED, "Unknown environment."),
        ("silent", CheckStatus.CRASHED, "not an answer of the REPL: None"),
        ("other-id", CheckStatus.CRASHED, "it answered another question"),
        ("twice", CheckStatus.CRASHED, "it answered another question"),
        ("error Lean REPL out of memory", CheckStatus.CRASHED, "Lean REPL out of memory"),
        ("flood 17000000", CheckStatus.CRASHED, "its answer is longer than 16 MiB"),
        ("timeout", CheckStatus.TIMEOUT, "no answer within 5 s"),
        ("timeout header", CheckStatus.TIMEOUT, "Lean REPL header command timed out in 5.0 seconds"),
        ("status 429", CheckStatus.TIMEOUT, "HTTP status 429"),
        ("status 429 100000", CheckStatus.TIMEOUT, "HTTP status 429"),
    ],
)
async def test_what_does_not_pass_is_no_verdict(
    order: str, status: CheckStatus, reason: str, server: Any, checker: Made
) -> None:
    kimina = checker(server, wait=20)
    result = await kimina.check(text_with(order), 5)
    assert result.status is status
    assert reason in (result.reason or "")
    assert (await kimina.check(TEXT, 5)).status is CheckStatus.OK, "the server is not to blame"


@pytest.mark.parametrize(
    ("arguments", "order", "message"),
    [
        ((), "status 401", "refuses the key (as asked, Bearer …"),
        ((), "status 403", "refuses the key"),
        ((), "status 422", "refuses what it is asked (HTTP status 422: "),
        ((), "redirect http://evil.example/", "sends requests on to http://evil.example/"),
        (("--key=other",), "", 'refuses the key ({"detail": "Invalid API key"}): set LEMMATA_KIMINA_API_KEY or'),
        (("--old",), "", "has no /api/check; kimina.urls takes base URLs of Kimina servers, 2.0 or later"),
    ],
)
async def test_refusals_are_the_users_error_at_once(
    arguments: tuple[str, ...], order: str, message: str, kimina_double: Any, checker: Made
) -> None:
    clock = FastClock()
    kimina = checker(kimina_double(*arguments), clock=clock, key="hunter2")
    with pytest.raises(ConfigError) as error:
        await kimina.check(text_with(order), 5)
    assert message in str(error.value).replace('{"detail": "as', "as")
    assert "hunter2" not in str(error.value)
    assert clock.pauses == []


async def test_a_missing_key_is_asked_for(kimina_double: Any, checker: Made) -> None:
    server = kimina_double("--key=k")
    with pytest.raises(ConfigError, match="asks for a key"):
        await checker(server).check(TEXT, 5)
    assert (await checker(server, key="k").check(TEXT, 5)).status is CheckStatus.OK


async def test_an_unknown_status_is_broken_infrastructure(server: Any, checker: Made) -> None:
    with pytest.raises(InfrastructureError, match="answers with HTTP status 501"):
        await checker(server).check(text_with("status 501"), 5)


async def test_a_server_that_hangs_costs_no_more_than_the_limit(server: Any, checker: Made) -> None:
    kimina = checker(server, clock=Clock(), wait=-1.5)
    result = await kimina.check(text_with("hang"), 1)
    assert (result.status, result.reason) == (CheckStatus.TIMEOUT, "no answer within 0.5 s")
    assert await heard(server, "gone")


async def heard(server: Any, event: str) -> bool:
    """Wait until a server has noted something."""
    async with asyncio.timeout(10):
        while not server.noted(event):  # noqa: ASYNC110 - it is another process
            await asyncio.sleep(0.02)
    return True


# --- many at once


async def test_a_storm_of_refusals_is_ridden_out(kimina_double: Any, checker: Made) -> None:
    server = kimina_double("--busy=100")
    kimina = checker(server, wait=3000)
    results = await collect([lambda: kimina.check(TEXT, 5)] * 64)
    assert {r.status for r in results} == {CheckStatus.OK}


async def test_a_storm_that_does_not_end_is_data(kimina_double: Any, checker: Made) -> None:
    kimina = checker(kimina_double("--busy=100000"), wait=20)
    results = await collect([lambda: kimina.check(TEXT, 5)] * 64)
    assert {r.status for r in results} == {CheckStatus.TIMEOUT}
    assert all("HTTP status 429" in (r.reason or "") for r in results)


async def test_a_crash_in_a_batch_is_its_own(server: Any, checker: Made) -> None:
    kimina = checker(server)
    texts = [text_with("status 500") if n == 7 else TEXT for n in range(16)]
    results = await collect([lambda text=text: kimina.check(text, 5) for text in texts])
    assert [n for n, r in enumerate(results) if r.status is CheckStatus.CRASHED] == [7]
    assert {r.status for r in results} == {CheckStatus.OK, CheckStatus.CRASHED}


async def test_work_is_balanced_and_bounded(kimina_double: Any, checker: Made) -> None:
    servers = [kimina_double(), kimina_double()]
    kimina = checker(*servers, concurrency=3)
    await collect([lambda: kimina.check(text_with("slow 0.05"), 5)] * 24)
    loads = [[n for n in s.noted() if "#eval" not in n["code"]] for s in servers]
    assert sum(map(len, loads)) == 24
    assert min(map(len, loads)) >= 8
    assert max(n["under_way"] for load in loads for n in load) == 3


async def test_a_server_that_goes_leaves_its_work_to_the_other(kimina_double: Any, checker: Made) -> None:
    stays, goes = kimina_double(), kimina_double()
    told: list[str] = []
    kimina = checker(goes, stays, progress=told.append)
    async with asyncio.TaskGroup() as group:
        checks = [group.create_task(kimina.check(text_with("slow 0.3"), 5)) for _ in range(12)]
        assert await heard(goes, "check")
        goes.end()
    assert {c.result().status for c in checks} == {CheckStatus.OK}
    assert [t for t in told if goes.url in t]
    assert (await kimina.check(TEXT, 5)).status is CheckStatus.OK


async def test_a_server_that_comes_back_is_used_again(kimina_double: Any, checker: Made) -> None:
    server = kimina_double()
    told: list[str] = []
    kimina = checker(server, progress=told.append, wait=10_000)
    await kimina.check(TEXT, 5)
    server.end()
    async with asyncio.TaskGroup() as group:
        waiting = [group.create_task(kimina.check(TEXT, 5)) for _ in range(10)]
        async with asyncio.timeout(10):
            while not told:  # noqa: ASYNC110 - nothing else tells
                await asyncio.sleep(0.01)
        again = kimina_double(f"--port={server.port}")
    assert {w.result().status for w in waiting} == {CheckStatus.OK}
    assert told[-1] == f"the server {server.url} is back"
    assert "#eval" in again.noted()[0]["code"], "it is introduced again"


async def test_a_server_that_stays_away_is_broken_infrastructure(kimina_double: Any, checker: Made) -> None:
    server = kimina_double()
    kimina = checker(server, wait=30)
    await kimina.check(TEXT, 5)
    server.end()
    with pytest.raises(InfrastructureError, match=f"no server can be used: {server.url} .*connect"):
        await collect([lambda: kimina.check(TEXT, 5)] * 9)


async def test_with_no_server_from_the_start_nobody_waits(kimina_double: Any, checker: Made) -> None:
    gone = [kimina_double(), kimina_double()]
    for server in gone:
        server.end()
    clock = FastClock()
    kimina = checker(*gone, clock=clock)
    with pytest.raises(InfrastructureError) as error:
        await collect([lambda: kimina.check(TEXT, 5)] * 20)
    assert all(server.url in str(error.value) for server in gone)
    assert len(clock.pauses) <= 2, "one of the two, and then the other"


async def test_one_right_server_is_enough(kimina_double: Any, checker: Made) -> None:
    wrong, right = kimina_double(), kimina_double()
    wrong.end()
    kimina = checker(wrong, right)
    results = await collect([lambda: kimina.check(TEXT, 5)] * 20)
    assert {r.status for r in results} == {CheckStatus.OK}


async def test_texts_that_crash_everything_bring_a_server_to_trial(server: Any, checker: Made) -> None:
    told: list[str] = []
    kimina = checker(server, progress=told.append)
    results = await collect([lambda: kimina.check(text_with("status 500"), 5)] * 5)
    assert {r.status for r in results} == {CheckStatus.CRASHED}
    assert (await kimina.check(TEXT, 5)).status is CheckStatus.OK
    assert told[-1] == f"the server {server.url} is back"


# --- ends


async def test_a_cancelled_check_closes_its_request(server: Any, checker: Made) -> None:
    kimina = checker(server, concurrency=1)
    hanging = asyncio.ensure_future(kimina.check(text_with("hang"), 5))
    async with asyncio.timeout(10):
        while len(server.noted()) < 2:  # noqa: ASYNC110 - it is another process
            await asyncio.sleep(0.01)
    queued = asyncio.ensure_future(kimina.check(TEXT, 5))
    waiting = asyncio.ensure_future(kimina.check(TEXT, 5))
    await asyncio.sleep(0)
    queued.cancel()
    hanging.cancel()
    for task in (hanging, queued):
        with pytest.raises(asyncio.CancelledError):
            await task
    assert await heard(server, "gone")
    assert (await waiting).status is CheckStatus.OK


async def test_a_place_that_comes_with_the_cancellation_is_passed_on(server: Any, checker: Made) -> None:
    kimina = checker(server, concurrency=1)
    await kimina.check(TEXT, 5)
    first = asyncio.ensure_future(kimina.check(TEXT, 5))
    await asyncio.sleep(0)
    second = asyncio.ensure_future(kimina.check(TEXT, 5))
    await asyncio.sleep(0)
    first.add_done_callback(lambda _: second.cancel())
    assert (await first).status is CheckStatus.OK
    with pytest.raises(asyncio.CancelledError):
        await second
    assert (await kimina.check(TEXT, 5)).status is CheckStatus.OK


async def test_closing_waits_for_what_is_under_way(server: Any, checker: Made) -> None:
    kimina = checker(server)
    running = asyncio.ensure_future(kimina.check(text_with("slow 0.2"), 5))
    await asyncio.sleep(0)
    await kimina.aclose()
    assert running.done()
    assert running.result().status is CheckStatus.OK
    with pytest.raises(InfrastructureError, match="is closed"):
        await kimina.check(TEXT, 5)


async def test_a_server_that_is_too_busy_to_say_what_it_has(kimina_double: Any, checker: Made) -> None:
    with pytest.raises(InfrastructureError, match="no Kimina server answers: HTTP status 429"):
        await checker(kimina_double("--busy=100000"), wait=5).lacks(["Mathlib"])


# --- settings


async def test_the_key_comes_from_a_file_or_the_environment(kimina_double: Any, tmp_path: Path) -> None:
    server = kimina_double("--key=k1")
    (tmp_path / "key").write_text(" k1\n")
    for config, environment in (
        (KiminaConfig(urls=(server.url,), key_file=tmp_path / "key"), {"LEMMATA_KIMINA_API_KEY": "wrong"}),
        (KiminaConfig(urls=(server.url,)), {"LEMMATA_KIMINA_API_KEY": "k1"}),
    ):
        kimina = kimina_checker(config, environment=environment)
        assert (await kimina.check(TEXT, 5)).status is CheckStatus.OK
        await kimina.aclose()


@pytest.mark.parametrize(
    ("key", "message"),
    [
        (None, "cannot read .*key: No such file"),
        ("\n", "key is empty"),
        ("two words", "a key is one word of ASCII characters"),
        ("schlüssel", "a key is one word of ASCII characters"),
    ],
)
def test_a_key_that_cannot_be_used_is_the_users_error(key: str | None, message: str, tmp_path: Path) -> None:
    if key is not None:
        (tmp_path / "key").write_text(key)
    config = KiminaConfig(urls=("http://localhost:1",), key_file=tmp_path / "key")
    with pytest.raises(ConfigError, match=message) as error:
        kimina_checker(config)
    assert not key or key not in str(error.value)


def test_servers_are_needed_and_their_addresses_must_be_some() -> None:
    with pytest.raises(ConfigError, match=r"no Kimina server is named: set kimina.urls or LEMMATA_KIMINA_URL"):
        kimina_checker(KiminaConfig(), environment={})
    with pytest.raises(ConfigError, match="'http://a:port' is no URL"):
        kimina_checker(KiminaConfig(urls=("http://a:port",)), environment={})
