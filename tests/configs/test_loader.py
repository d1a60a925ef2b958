from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from lemmata.configs.loader import dump, keys, load_config, misspelt, variables
from lemmata.configs.schema import CheckerChoice, Config
from lemmata.errors import ConfigError


def load(**layers: Any) -> Config:
    layers.setdefault("environment", {})
    return load_config(**layers)


def test_packaged_files_say_what_the_schema_says() -> None:
    assert load() == Config()


def test_auto_is_resolved_to_what_runs() -> None:
    assert load(flags={"strategy": "auto"}).strategy == "offline"


def test_later_layers_win(tmp_path: Path) -> None:
    first, second = tmp_path / "first.yaml", tmp_path / "second.yaml"
    first.write_text("budget: {seconds: 1, samples: 1, tokens: 1, dollars: 1, check_seconds: 1}\nseed: 1\n")
    second.write_text("budget: {samples: 2, tokens: 2, dollars: 2}\n")
    config = load(
        environment={"LEMMATA_SEED": "9", "LEMMATA_CHECKER": "cli", "LEMMATA_BUDGET__SECONDS": "9"},
        files=[first, second],
        sets=["budget.tokens=3", "budget.dollars=3", "budget.dollars=4"],
        flags={"budget.dollars": 5, "checker": None},
    )
    assert config.budget.model_dump() == {
        "check_seconds": 1.0, "seconds": 1.0, "samples": 2, "tokens": 3, "dollars": 5.0,
    }  # fmt: skip
    assert (config.seed, config.checker) == (1, "cli")


def test_environment_has_sections_short_names_and_no_limit() -> None:
    config = load(
        environment={
            "LEMMATA_BUDGET__SECONDS": "null",
            "LEMMATA_LEAN_HOME": "/opt/lean",
            "LEMMATA_RUNS": "elsewhere",
            "LEMMATA_VERIFY__ALLOW": '["propext"]',
            "LEMMATA_SEARCH__REFUTE": "false",
            "LEMMATA_SEED": "",
        }
    )
    assert config.budget.seconds is None
    assert (config.lean.home, config.runs) == (Path("/opt/lean"), Path("elsewhere"))
    assert (config.verify.allow, config.search.refute, config.seed) == (("propext",), False, 0)


def test_the_process_environment_is_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEMMATA_SEED", "41")
    assert load_config().seed == 41


def test_unknown_variables_pass() -> None:
    environment = {"LEMMATA_XYZZY": "x", "LEMMATA_CACHE": "/c", "LEMMATA_DATA": "/d", "SEED": "3", "LEMMATA_SEEED": ""}
    environment["LEMMATA_KIMINA_API_KEY"] = "k"
    assert load(environment=environment) == Config()


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("LEMMATA_SEARCH_DEPTH", "LEMMATA_SEARCH__DEPTH"),
        ("LEMMATA_BUDGET_CHECK_SECONDS", "LEMMATA_BUDGET__CHECK_SECONDS"),
        ("LEMMATA_SEARCH_DEPT", "LEMMATA_SEARCH__DEPTH"),
        ("LEMMATA__SEED", "LEMMATA_SEED"),
        ("LEMMATA_SEEED", "LEMMATA_SEED"),
        ("LEMMATA_LEAN_HOMES", "LEMMATA_LEAN_HOME"),
        ("LEMMATA_CACHES", "LEMMATA_CACHE"),
    ],
)
def test_a_variable_that_is_almost_one_is_a_mistake(name: str, meant: str) -> None:
    assert misspelt(name) == meant
    with pytest.raises(ConfigError, match=f"^{name}: .*; did you mean {meant}[?]$"):
        load(environment={name: "1"})


def test_no_variable_that_is_read_is_a_mistake() -> None:
    assert [name for name in variables() if misspelt(name)] == []
    assert misspelt("LEMMATA_BUDGET") is None, "a section's own variable holds JSON"


def test_a_section_can_be_given_whole_and_its_settings_win() -> None:
    environment = {"LEMMATA_BUDGET__SECONDS": "4", "LEMMATA_BUDGET": '{"seconds": 3, "samples": 3}'}
    budget = load(environment=environment).budget
    assert (budget.seconds, budget.samples) == (4, 3)


@pytest.mark.parametrize(
    ("given", "urls"),
    [
        ("http://a:8000", ("http://a:8000",)),
        ("http://a, https://b/lean/ ,http://a", ("http://a", "https://b/lean")),
        ('["http://a", "http://b"]', ("http://a", "http://b")),
        ("http://a http://b,", ("http://a", "http://b")),
    ],
)
def test_servers_are_one_line_or_a_list(given: str, urls: tuple[str, ...]) -> None:
    for environment in ({"LEMMATA_KIMINA_URL": given}, {"LEMMATA_KIMINA__URLS": given}):
        assert load(environment=environment).kimina.urls == urls
    assert load(sets=[f"kimina.urls={given}"]).kimina.urls == urls
    assert load(sets=["kimina.urls=[http://a]"]).kimina.urls == ("http://a",)


def test_files_may_be_empty(tmp_path: Path) -> None:
    (tmp_path / "empty.yaml").write_text("# nothing\n")
    assert load(files=[tmp_path / "empty.yaml"]) == Config()


@pytest.mark.parametrize(
    ("layers", "message"),
    [
        ({"sets": ["budget.second=1"]}, "'budget.second' (--set budget.second=1); did you mean 'budget.seconds'?"),
        ({"sets": ["budgett.seconds=1"]}, "'budgett' (--set budgett.seconds=1); did you mean 'budget'?"),
        ({"sets": ["seconds=1"]}, "did you mean 'budget.seconds'?"),
        ({"sets": ["timeoutt=1"]}, "did you mean 'lean.timeout'?"),
        ({"sets": ["xyzzy=1"]}, "; there are: budget, lean, kimina, search, verify"),
        ({"sets": ["lean.xyzzy=1"]}, "; there are: lean.slots, lean.timeout"),
        ({"environment": {"LEMMATA_BUDGET__SECOND": "1"}}, "(LEMMATA_BUDGET__SECOND); did you mean 'budget.seconds'?"),
        ({"environment": {"LEMMATA_VERIFY__ALLOW": "propext"}}, "LEMMATA_VERIFY__ALLOW = 'propext': should be JSON"),
        ({"environment": {"LEMMATA_BUDGET__SECONDS": "soon"}}, "'soon': should be a number (LEMMATA_BUDGET__SECONDS)"),
        ({"sets": ["seed=a"]}, "seed = 'a': should be a whole number (--set seed=a)"),
        ({"sets": ["search.refute=maybe"]}, "search.refute = 'maybe': should be true or false (--set"),
        ({"sets": ["verify.allow=propext"]}, "verify.allow = 'propext': should be a list (--set"),
        ({"sets": ["verify.allow=[3]"]}, "verify.allow = 3: should be a text (--set"),
        ({"flags": {"strategy": "offlin"}}, "should be 'auto' or 'offline'; did you mean 'offline'? (--strategy)"),
        ({"flags": {"budget.check_seconds": -5.0}}, "should be greater than 0 (--budget-check-seconds)"),
        ({"flags": {"budget.seconds": -5.0}}, "budget.seconds = -5.0: "),
        ({"sets": ["budget.seconds=.inf"]}, "should be a finite number"),
        ({"sets": ["budget.samples=1.5"]}, "budget.samples = 1.5: should be a whole number"),
        ({"sets": ["lean.memory_mb=12"]}, "lean.memory_mb = 12: should be greater than or equal to 256"),
        ({"sets": ["lean.home=3"]}, "lean.home = 3: should be a path"),
        ({"sets": ["strategy=[offline]"]}, "strategy = ['offline']: should be 'auto' or 'offline'"),
        ({"sets": ["checker=lean"]}, "should be 'auto', 'embedded', 'cli', 'repl' or 'kimina' (--set checker=lean)"),
        ({"sets": ["kimina.urls=a:8000"]}, "should be base URLs like http://HOST:8000 (--set kimina.urls=a:8000)"),
        ({"sets": ["kimina.urls=http://key@a"]}, "should be base URLs like http://HOST:8000"),
        ({"environment": {"LEMMATA_KIMINA_URL": "[x"}}, "like http://HOST:8000 (LEMMATA_KIMINA_URL)"),
        ({"sets": ["kimina.urls=[3]"]}, "kimina.urls = 3: should be a text (--set"),
        ({"sets": ["budget=600"]}, "budget is a section of settings, not a value: got 600"),
        ({"sets": ["budget.seconds"]}, "expected key=value"),
        ({"sets": ["budget..seconds=1"]}, "expected key=value"),
        ({"sets": ["budget.seconds={"]}, "the value is not YAML"),
    ],
)
def test_mistakes_are_explained(layers: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigError) as error:
        load(**layers)
    assert message in str(error.value)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"budget: {second: 1}", "config.yaml); did you mean 'budget.seconds'?"),
        (b"\xff\xfe", "not UTF-8 (byte 0)"),
        (b"a: [", "not YAML"),
        (b"- 1", "expected settings as `key: value`, got list"),
        (b"budget: &a\n  x: *a\n", "unknown setting 'budget.x'"),
        (b"budget: {seconds: {x: 1}}", "budget.seconds = {'x': 1}"),
    ],
)
def test_bad_files_are_named(tmp_path: Path, content: bytes, message: str) -> None:
    file = tmp_path / "config.yaml"
    file.write_bytes(content)
    with pytest.raises(ConfigError) as error:
        load(files=[file])
    assert message in str(error.value)
    assert str(file) in str(error.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"no\.yaml: cannot read this configuration: No such file"):
        load(files=[tmp_path / "no.yaml"])


positive = st.one_of(st.none(), st.floats(min_value=1e-3, max_value=1e9))
assignments = st.fixed_dictionaries(
    {},
    optional={
        "seed": st.integers(-(10**9), 10**9),
        "checker": st.sampled_from(get_args(CheckerChoice)),
        "budget.seconds": positive,
        "budget.dollars": positive,
        "lean.slots": st.one_of(st.none(), st.integers(1, 512)),
        "lean.home": st.one_of(st.none(), st.text("ab/ é:#'", min_size=1).map(lambda s: Path("/" + s))),
        "search.first_wins": st.booleans(),
        "verify.allow": st.lists(st.text(min_size=1, max_size=8), max_size=3),
        "runs": st.text("ab/ é:#'", min_size=1).map(Path),
    },
)


@given(assignments)
@example({"verify.allow": ["\x85", "\u2028", "ℕ", "~", "'\"\n"]})
@settings(max_examples=200, deadline=None)
def test_a_dump_is_replayable(tmp_path_factory: pytest.TempPathFactory, values: dict[str, Any]) -> None:
    config = load(flags=values)
    file = tmp_path_factory.getbasetemp() / "dump.yaml"
    file.write_text(dump(config), encoding="utf-8")
    other = {"LEMMATA_SEED": "77", "LEMMATA_BUDGET__SECONDS": "77"}
    assert load(files=[file], environment=other) == config


def test_every_key_has_a_variable_that_sets_it() -> None:
    known = variables()
    assert {k for k in known.values() if k} == set(keys())
    assert {n for n, k in known.items() if not k} == {"LEMMATA_CACHE", "LEMMATA_DATA", "LEMMATA_KIMINA_API_KEY"}
    for name, key in known.items():
        if key in ("budget.tokens", "lean.slots", "search.samples"):
            section, leaf = key.split(".")
            assert getattr(getattr(load(environment={name: "3"}), section), leaf) == 3
