import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from lemmata.aio import collect
from lemmata.domain import CheckResult, CheckStatus
from lemmata.errors import ConfigError, InfrastructureError
from lemmata.lean_env.kimina import KiminaChecker
from lemmata.lean_env.servers import Clock

TEXT = "import Mathlib\n\ntheorem t : True := trivial\n"
Made = Callable[..., KiminaChecker]


def text_with(*orders: str) -> str:
    return TEXT + "".join(f"-- do: {order}\n" for order in orders)


@pytest.fixture
def server(kimina_server: Any) -> Any:
    return kimina_server


# --- what passes, and what does not


@pytest.mark.parametrize(
    "order",
    ["status 429", "status 500", "status 502", "status 503", "status 504", "status 413", "drop", "cut", "garbage",
     "empty", "forged", "nothing", "message", "silent", "other-id", "twice", "error Lean REPL out of memory",
     "timeout header", "status 429 7", "flood 17000000"],
)  # fmt: skip
async def test_what_may_pass_is_asked_again(order: str, server: Any, kimina_over: Made, clock: Any) -> None:
    result = await kimina_over(server).check(text_with(f"first 1: {order}"), 5)
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
        (f"error {'long ' * 1000}", CheckStatus.CRASHED, "long long"),
        ("flood 17000000", CheckStatus.CRASHED, "its answer is longer than 16 MiB"),
        ("timeout", CheckStatus.TIMEOUT, "no answer within 5 s"),
        ("timeout header", CheckStatus.TIMEOUT, "Lean REPL header command timed out in 5.0 seconds"),
        ("status 429", CheckStatus.TIMEOUT, "HTTP status 429"),
        ("status 429 100000", CheckStatus.TIMEOUT, "HTTP status 429"),
    ],
)
async def test_what_does_not_pass_is_no_verdict(
    order: str, status: CheckStatus, reason: str, server: Any, kimina_over: Made
) -> None:
    kimina = kimina_over(server, wait=20)
    result = await kimina.check(text_with(order), 5)
    assert result.status is status
    assert reason in (result.reason or "")
    assert len(result.reason or "") <= 500
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
    arguments: tuple[str, ...], order: str, message: str, kimina_double: Any, kimina_over: Made, clock: Any
) -> None:
    kimina = kimina_over(kimina_double(*arguments), clock=clock, key="hunter2")
    with pytest.raises(ConfigError) as error:
        await kimina.check(text_with(order), 5)
    assert message in str(error.value).replace('{"detail": "as', "as")
    assert "hunter2" not in str(error.value)
    assert clock.pauses == []


async def test_a_missing_key_is_asked_for(kimina_double: Any, kimina_over: Made) -> None:
    server = kimina_double("--key=k")
    with pytest.raises(ConfigError, match="asks for a key"):
        await kimina_over(server).check(TEXT, 5)
    assert (await kimina_over(server, key="k").check(TEXT, 5)).status is CheckStatus.OK


async def test_an_unknown_status_is_broken_infrastructure(server: Any, kimina_over: Made) -> None:
    with pytest.raises(InfrastructureError, match="answers with HTTP status 501"):
        await kimina_over(server).check(text_with("status 501"), 5)


async def test_a_server_that_hangs_costs_no_more_than_the_limit(server: Any, kimina_over: Made) -> None:
    kimina = kimina_over(server, clock=Clock(), wait=-1.5)
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


async def test_a_storm_of_refusals_is_ridden_out(kimina_double: Any, kimina_over: Made) -> None:
    server = kimina_double("--busy=100")
    kimina = kimina_over(server, wait=3000)
    results = await collect([lambda: kimina.check(TEXT, 5)] * 64)
    assert {r.status for r in results} == {CheckStatus.OK}


async def test_a_storm_that_does_not_end_is_data(kimina_double: Any, kimina_over: Made) -> None:
    kimina = kimina_over(kimina_double("--busy=100000"), wait=20)
    results = await collect([lambda: kimina.check(TEXT, 5)] * 64)
    assert {r.status for r in results} == {CheckStatus.TIMEOUT}
    assert all("HTTP status 429" in (r.reason or "") for r in results)


async def test_a_crash_in_a_batch_is_its_own(server: Any, kimina_over: Made) -> None:
    kimina = kimina_over(server)
    texts = [text_with("status 500") if n == 7 else TEXT for n in range(16)]
    results = await collect([lambda text=text: kimina.check(text, 5) for text in texts])
    assert [n for n, r in enumerate(results) if r.status is CheckStatus.CRASHED] == [7]
    assert {r.status for r in results} == {CheckStatus.OK, CheckStatus.CRASHED}


async def test_work_is_balanced_and_bounded(kimina_double: Any, kimina_over: Made) -> None:
    servers = [kimina_double(), kimina_double()]
    kimina = kimina_over(*servers, concurrency=3)
    await collect([lambda: kimina.check(text_with("slow 0.05"), 5)] * 24)
    loads = [[n for n in s.noted() if "#eval" not in n["code"]] for s in servers]
    assert sum(map(len, loads)) == 24
    assert min(map(len, loads)) >= 8
    assert max(n["under_way"] for load in loads for n in load) == 3


async def test_a_server_that_goes_leaves_its_work_to_the_other(kimina_double: Any, kimina_over: Made) -> None:
    stays, goes = kimina_double(), kimina_double()
    told: list[str] = []
    kimina = kimina_over(goes, stays, progress=told.append)
    async with asyncio.TaskGroup() as group:
        checks = [group.create_task(kimina.check(text_with("slow 0.3"), 5)) for _ in range(12)]
        assert await heard(goes, "check")
        goes.end()
    assert {c.result().status for c in checks} == {CheckStatus.OK}
    assert [t for t in told if goes.url in t]
    assert (await kimina.check(TEXT, 5)).status is CheckStatus.OK


async def test_a_server_that_comes_back_is_used_again(kimina_double: Any, kimina_over: Made) -> None:
    server = kimina_double()
    told: list[str] = []
    kimina = kimina_over(server, progress=told.append, wait=10_000)
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


async def test_a_server_that_stays_away_is_broken_infrastructure(kimina_double: Any, kimina_over: Made) -> None:
    server = kimina_double()
    kimina = kimina_over(server, wait=30)
    await kimina.check(TEXT, 5)
    server.end()
    with pytest.raises(InfrastructureError, match=f"no server can be used: {server.url} .*connect"):
        await collect([lambda: kimina.check(TEXT, 5)] * 9)


async def test_with_no_server_from_the_start_nobody_waits(kimina_double: Any, kimina_over: Made, clock: Any) -> None:
    gone = [kimina_double(), kimina_double()]
    for server in gone:
        server.end()
    kimina = kimina_over(*gone)
    with pytest.raises(InfrastructureError) as error:
        await collect([lambda: kimina.check(TEXT, 5)] * 20)
    assert all(server.url in str(error.value) for server in gone)
    assert len(clock.pauses) <= 2, "one of the two, and then the other"


async def test_one_right_server_is_enough(kimina_double: Any, kimina_over: Made) -> None:
    wrong, right = kimina_double(), kimina_double()
    wrong.end()
    kimina = kimina_over(wrong, right)
    results = await collect([lambda: kimina.check(TEXT, 5)] * 20)
    assert {r.status for r in results} == {CheckStatus.OK}


async def test_texts_that_crash_everything_bring_a_server_to_trial(server: Any, kimina_over: Made) -> None:
    told: list[str] = []
    kimina = kimina_over(server, progress=told.append)
    results = await collect([lambda: kimina.check(text_with("status 500"), 5)] * 5)
    assert {r.status for r in results} == {CheckStatus.CRASHED}
    assert (await kimina.check(TEXT, 5)).status is CheckStatus.OK
    assert told[-1] == f"the server {server.url} is back"


# --- ends


async def test_a_cancelled_check_closes_its_request(server: Any, kimina_over: Made) -> None:
    kimina = kimina_over(server, concurrency=1)
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


async def test_a_place_that_comes_with_the_cancellation_is_passed_on(server: Any, kimina_over: Made) -> None:
    kimina = kimina_over(server, concurrency=1)
    await kimina.check(TEXT, 5)
    waiting: list[asyncio.Task[CheckResult]] = []

    async def check_and_cancel() -> CheckResult:
        result = await kimina.check(TEXT, 5)
        waiting[0].cancel()  # its place is given to it, and it does not know yet
        return result

    async with asyncio.TaskGroup() as group:
        first = group.create_task(check_and_cancel())
        await asyncio.sleep(0)
        waiting += [group.create_task(kimina.check(TEXT, 5)) for _ in range(3)]
    assert [task.cancelled() for task in waiting] == [True, False, False]
    assert {task.result().status for task in (first, *waiting[1:])} == {CheckStatus.OK}


async def test_closing_waits_for_what_is_under_way(server: Any, kimina_over: Made) -> None:
    kimina = kimina_over(server)
    running = asyncio.ensure_future(kimina.check(text_with("slow 0.2"), 5))
    await asyncio.sleep(0)
    await kimina.aclose()
    assert running.done()
    assert running.result().status is CheckStatus.OK
    with pytest.raises(InfrastructureError, match="is closed"):
        await kimina.check(TEXT, 5)


async def test_a_server_that_is_too_busy_to_say_what_it_has(kimina_double: Any, kimina_over: Made) -> None:
    with pytest.raises(InfrastructureError, match="no Kimina server answers: HTTP status 429"):
        await kimina_over(kimina_double("--busy=100000"), wait=5).lacks(["Mathlib"])
