from collections.abc import Callable
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

TEXT = "import Mathlib\n\ntheorem t : True := trivial\n"
Made = Callable[..., KiminaChecker]


def at(line: int, column: int) -> Position:
    return Position(line=line, column=column)


def text_with(*orders: str) -> str:
    return TEXT + "".join(f"-- do: {order}\n" for order in orders)


@pytest.fixture
def server(kimina_server: Any) -> Any:
    return kimina_server


# --- what is sent, and what comes back


@pytest.mark.parametrize("lines", ["file", "body"])
async def test_every_place_is_one_of_the_whole_text(lines: str, kimina_double: Any, kimina_over: Made) -> None:
    text = "-- about\nimport Aesop -- x\n\nimport Mathlib\n\n\ntheorem a : p := by\n  sorry\n  wrong é\n"
    result = await kimina_over(kimina_double(f"--lines={lines}"), options=["a=true"]).check(text, 9)
    assert result.status is CheckStatus.ERRORS
    assert [(d.start, d.severity, d.text) for d in result.diagnostics] == [
        (at(8, 2), "warning", "declaration uses 'sorry'"),
        (at(9, 2), "error", "no wrong é"),
    ]
    assert [(h.start, h.end, h.goal) for h in result.holes] == [(at(8, 2), at(8, 7), None)]


async def test_a_text_is_sent_imports_first_then_its_mark_then_options(server: Any, kimina_over: Made) -> None:
    kimina = kimina_over(server, options=["b=1", "a=x y"])
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


async def test_a_text_without_imports_gets_one(server: Any, kimina_over: Made) -> None:
    assert (await kimina_over(server).check("axiom cheat : False", 5)).status is CheckStatus.OK
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
    text: str, server: Any, kimina_over: Made, embedded: CliChecker
) -> None:
    await kimina_over(server, options=["maxRecDepth=512"]).check(text, 5)
    sent = server.noted()[-1]
    answer, whole = await embedded.check(sent["code"], 60), await embedded.check(text, 60)
    (mark,) = [d for d in answer.diagnostics if d.text == sent["id"]]
    assert mark.severity is Severity.INFO
    cut = prefixed(text, ["maxRecDepth=512"])
    rest = [cut.diagnostic(d, mark.start.line) for d in answer.diagnostics if d is not mark]
    assert rest == [*whole.diagnostics]
    assert rest


async def test_holes_have_goals_when_asked_for(server: Any, kimina_over: Made) -> None:
    kimina = kimina_over(server)
    with_goals = await kimina.check(TEXT + "sorry", 5, goals=True)
    without = await kimina.check(TEXT + "sorry", 5)
    assert (with_goals.status, without.status) == (CheckStatus.HOLES, CheckStatus.HOLES)
    assert [h.goal for h in with_goals.holes] == ["⊢ p"]
    assert [h.goal for h in without.holes] == [None]
    unplaced = await kimina.check(TEXT + "-- do: sorry", 5, goals=True)
    assert (unplaced.status, [h.start for h in unplaced.holes]) == (CheckStatus.HOLES, [at(4, 0)])


async def test_the_result_says_who_and_how_long(kimina_double: Any, kimina_over: Made) -> None:
    server = kimina_double("--lean=4.99.0-rc1")
    kimina = kimina_over(server, options=["b=1", "a=1"])
    identity = CheckerIdentity(name="kimina", level=Level.CHECKED, options=("a=1", "b=1"), servers=(server.url,))
    assert kimina.identity == identity
    result = await kimina.check(TEXT, 5)
    assert result == CheckResult(
        status=CheckStatus.OK, seconds=0.25, checker=identity.model_copy(update={"lean_version": "4.99.0-rc1"})
    )
    assert kimina.identity == result.checker


async def test_modules_that_are_not_there(server: Any, kimina_over: Made) -> None:
    kimina = kimina_over(server)
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
    text: str, reason: str, server: Any, kimina_over: Made
) -> None:
    result = await kimina_over(server).check(text, 5)
    assert result.status is CheckStatus.UNSUPPORTED
    assert reason in (result.reason or "")
    assert server.noted() == []


async def test_odd_line_ends_in_comments_are_blanks(server: Any, kimina_over: Made) -> None:
    text = "import Mathlib\r\n-- a\u2028axiom\u2029\n/- \x0c \ud800 -/ wrong"
    result = await kimina_over(server).check(text, 5)
    assert [(d.start, d.text) for d in result.diagnostics] == [(at(3, 0), "no /-     -/ wrong")]
    assert server.noted()[-1]["code"].endswith("\r\n-- a axiom \n/-     -/ wrong")


# --- the introduction


async def test_a_server_is_introduced_once_for_each_header(server: Any, kimina_over: Made) -> None:
    kimina = kimina_over(server)
    results = await collect([lambda: kimina.check(TEXT, 5)] * 20)
    assert {r.status for r in results} == {CheckStatus.OK}
    await kimina.check("import Aesop\n", 5)
    assert ["#eval Lean.versionString" in n["code"] for n in server.noted()].count(True) == 2
    assert len(server.noted()) == 23


async def test_a_lean_that_does_not_know_an_option_is_the_users_error(server: Any, kimina_over: Made) -> None:
    kimina = kimina_over(server, options=["autoImplicit=false", "bogus=1"])
    with pytest.raises(ConfigError, match="does not take the option bogus=1: no set_option bogus 1"):
        await kimina.check(TEXT, 5)


async def test_servers_of_different_leans_are_the_users_error(kimina_double: Any, kimina_over: Made) -> None:
    kimina = kimina_over(kimina_double("--lean=4.26.0"), kimina_double("--lean=4.15.0"))
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
async def test_a_server_that_does_not_check_gets_no_work(order: str, said: str, server: Any, kimina_over: Made) -> None:
    kimina = kimina_over(server, wait=10, options=[f"do={order}"])
    with pytest.raises(InfrastructureError) as error:
        await collect([lambda: kimina.check(TEXT, 5)] * 4)
    assert said in str(error.value)
    assert server.url in str(error.value)


@pytest.mark.parametrize("word", ["drop", "timeout", "garbage"])
async def test_a_header_that_breaks_a_working_server_is_to_blame(word: str, server: Any, kimina_over: Made) -> None:
    told: list[str] = []
    kimina = kimina_over(server, progress=told.append)
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
    argument: str, said: str, kimina_double: Any, kimina_over: Made
) -> None:
    kimina = kimina_over(kimina_double(argument), wait=10)
    with pytest.raises(InfrastructureError) as error:
        await collect([lambda: kimina.check(TEXT, 5)] * 4)
    assert said in str(error.value)


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
