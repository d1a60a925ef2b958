"""From layers to one configuration: defaults, the strategy's file, environment, files, `--set`, flags; later wins."""

from __future__ import annotations

import difflib
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path
from typing import Any, Final, get_args

import yaml
from pydantic import BaseModel, ValidationError, create_model
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, EnvSettingsSource, SettingsError

from lemmata.configs.schema import Config, Strategy
from lemmata.errors import ConfigError

PREFIX: Final = "LEMMATA_"
ALIASES: Final = {
    "LEMMATA_LEAN_HOME": "LEMMATA_LEAN__HOME",
    "LEMMATA_LEAN_PROJECT": "LEMMATA_LEAN__PROJECT",
    "LEMMATA_LEAN_REPL": "LEMMATA_LEAN__REPL",
    "LEMMATA_KIMINA_URL": "LEMMATA_KIMINA__URLS",
}
"""Variables with a short name, and the setting they stand for."""
SECRET_VARIABLES: Final = ("LEMMATA_KIMINA_API_KEY",)
"""Variables whose values are shown nowhere."""
OTHER_VARIABLES: Final = ("LEMMATA_CACHE", "LEMMATA_DATA", *SECRET_VARIABLES)
"""Variables that are no settings: the cache folder, the real test data, and keys."""

_CLOSE: Final = 0.8
"""How alike a variable's name must be to one that is read, to be taken for it (1 is the same)."""

Keys = tuple[str, ...]
Tree = Mapping[str, Any]


def load_config(
    *,
    files: Sequence[str | Path] = (),
    sets: Sequence[str] = (),
    flags: Mapping[str, object] | None = None,
    environment: Mapping[str, str] | None = None,
) -> Config:
    """Merge all layers, left to right, into one configuration.

    Args:
        files: YAML files (`-c`).
        sets: `key.sub=value` with a YAML value (`--set`).
        flags: by dotted key; None means not given.
        environment: variables; None takes the process's own.

    Raises:
        ConfigError: an unknown key (the nearest valid one is named), an impossible value, or an unreadable file.
    """
    given = [
        *_environment(os.environ if environment is None else environment),
        *(_Layer(str(f), _read(Path(f))) for f in files),
        *(_assignment(s) for s in sets),
        *(_Layer(_flag(k), _nest(k.split("."), v)) for k, v in (flags or {}).items() if v is not None),
    ]
    defaults = _packaged("default.yaml")
    merged = _Merged([defaults, *given])
    strategy = _Merged([defaults, _strategy_layer(merged), *given])
    return strategy.validated()


def dump(config: Config) -> str:
    """The configuration as YAML; loading it as a file gives the same configuration."""
    # ASCII: with allow_unicode some line separators do not come back.
    return yaml.safe_dump(config.model_dump(mode="json"), sort_keys=False)


def keys(model: type[BaseModel] = Config, prefix: Keys = ()) -> Iterator[str]:
    """All dotted keys that can be set."""
    for name, info in model.model_fields.items():
        if isinstance(info.annotation, type) and issubclass(info.annotation, BaseModel):
            yield from keys(info.annotation, (*prefix, name))
        else:
            yield ".".join((*prefix, name))


def variables() -> dict[str, str]:
    """Environment variables that are read, each with its setting's dotted key ("" for those that are no settings)."""
    settings = {PREFIX + k.replace(".", "__").upper(): k for k in keys()}
    return settings | {a: settings[full] for a, full in ALIASES.items()} | dict.fromkeys(OTHER_VARIABLES, "")


_SECTIONS: Final = tuple(dict.fromkeys(k.rpartition(".")[0] for k in keys() if "." in k))


@dataclass(frozen=True)
class _Layer:
    """Settings that were given in one place."""

    origin: str
    tree: Tree


@dataclass
class _Merged:
    """Layers laid over each other, and for each key the place that had the last word."""

    layers: Iterable[_Layer]
    tree: dict[str, Any] = field(default_factory=dict)
    origins: dict[Keys, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for layer in self.layers:
            self._lay(self.tree, layer.tree, (), layer.origin)

    def _lay(self, under: dict[str, Any], over: Tree, at: Keys, origin: str) -> None:
        for key, value in over.items():
            here = (*at, str(key))
            self.origins[here] = origin
            if isinstance(value, Mapping) and ".".join(here) in _SECTIONS:
                below = under.get(str(key))
                under[str(key)] = below = below if isinstance(below, dict) else {}
                self._lay(below, value, here, origin)
            else:
                under[str(key)] = value

    def origin(self, path: Keys) -> str:
        """Where the setting at `path`, or the section around it, was given."""
        places = (self.origins.get(path[:n]) for n in range(len(path), 0, -1))
        return next((p for p in places if p), "the defaults")

    def validated(self) -> Config:
        try:
            return Config.model_validate(self.tree)
        except ValidationError as error:
            raise ConfigError("\n".join(self._explain(e) for e in error.errors())) from None

    def _explain(self, error: ErrorDetails) -> str:
        path = tuple(p for p in error["loc"] if isinstance(p, str))
        key, origin = ".".join(path), self.origin(path)
        if error["type"] == "extra_forbidden":
            return f"unknown setting {key!r} ({origin}){_nearest(key)}"
        if error["type"] == "model_type":
            return f"{key} is a section of settings, not a value: got {error['input']!r} ({origin})"
        return f"{key} = {error['input']!r}: should be {expected(error)}{_nearest_value(error, path)} ({origin})"


_EXPECTED: Final = {
    "path": "a path",
    "float": "a number",
    "int": "a whole number",
    "bool": "true or false",
    "tuple": "a list",
    "string": "a text",
}


def expected(error: ErrorDetails) -> str:
    """What a value should have been, in plain words: `a number`, `greater than 0`."""
    kind = error["type"].partition("_")[0]
    return _EXPECTED.get(kind) or error["msg"].removeprefix("Input should be ")


def _nearest_value(error: ErrorDetails, path: Keys) -> str:
    """Which of the values that a setting may have was meant."""
    choices = _choices(path) if error["type"] == "literal_error" else ()
    near = difflib.get_close_matches(str(error["input"]), choices, n=1)
    return f"; did you mean {near[0]!r}?" if near else ""


def _choices(path: Keys, model: type[BaseModel] = Config) -> tuple[str, ...]:
    annotation = model.model_fields[path[0]].annotation
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return _choices(path[1:], annotation)
    return get_args(annotation)


def _nearest(key: str) -> str:
    """What the user may have meant: a neighbour of that name, or the right name in the wrong section."""
    section, dot, name = key.rpartition(".")
    known = [*_SECTIONS, *keys()]
    beside = {k.rpartition(".")[2]: k for k in known if k.rpartition(".")[0] == section}
    anywhere = {k.rpartition(".")[2]: k for k in reversed(known)}
    for names in (beside, anywhere):
        for match in difflib.get_close_matches(name, names, n=1):
            return f"; did you mean {names[match]!r}?"
    return f"; there are: {', '.join(section + dot + n for n in beside)}"


def _strategy_layer(merged: _Merged) -> _Layer:
    """The file of the strategy that all layers together name; an impossible name is left to the validation."""
    named = (s for s in get_args(Strategy) if s == merged.tree["strategy"] and s != "auto")
    chosen = next(named, Config().strategy)
    return _packaged(f"strategies/{chosen}.yaml")


def _packaged(name: str) -> _Layer:
    text = resources.files("lemmata.configs").joinpath(name).read_text(encoding="utf-8")
    return _Layer(f"the packaged {name}", yaml.safe_load(text))


def _read(file: Path) -> Tree:
    try:
        tree = yaml.safe_load(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(f"{file}: cannot read this configuration: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise ConfigError(f"{file}: not UTF-8 (byte {error.start}); a configuration is a YAML text") from None
    except yaml.YAMLError as error:
        raise ConfigError(f"{file}: not YAML: {' '.join(str(error).split())}") from None
    if tree is None:
        return {}
    if not isinstance(tree, dict):
        raise ConfigError(f"{file}: expected settings as `key: value`, got {type(tree).__name__}")
    return tree


def _assignment(text: str) -> _Layer:
    key, equals, value = text.partition("=")
    if not equals or not all(key.strip().split(".")):
        raise ConfigError(f"--set {text}: expected key=value, e.g. --set budget.seconds=60")
    try:
        return _Layer(f"--set {text}", _nest(key.strip().split("."), yaml.safe_load(value)))
    except yaml.YAMLError:
        raise ConfigError(f"--set {text}: the value is not YAML") from None


def _nest(path: Sequence[str], value: object) -> Tree:
    *sections, last = path
    tree: Tree = {last: value}
    for section in reversed(sections):
        tree = {section: tree}
    return tree


def _flag(key: str) -> str:
    return "--" + key.replace(".", "-").replace("_", "-")


def misspelt(name: str) -> str | None:
    """The variable that was meant by one that is not read, where it is close to one: `_` for `__`, or a slip."""
    known = variables()
    own = name.removeprefix(PREFIX).upper()
    if PREFIX + own in known or own.partition("__")[0].lower() in _SECTIONS:
        return None
    single = {full.removeprefix(PREFIX).replace("__", "_"): full for full in known}
    near = difflib.get_close_matches(own.replace("__", "_"), single, n=1, cutoff=_CLOSE)
    return single[near[0]] if near else None


def _environment(environment: Mapping[str, str]) -> Iterator[_Layer]:
    """`LEMMATA_*`; names that are no setting's, nor close to one, are passed over (`lemmata doctor` lists them)."""
    fields: dict[str, Any] = {name: (info.annotation, info.default) for name, info in Config.model_fields.items()}
    settings = create_model("Variables", __base__=BaseSettings, **fields)
    source = EnvSettingsSource(settings, env_prefix=PREFIX, env_nested_delimiter="__")
    # In this order a section's own variable comes before those of the settings in it.
    for name, value in sorted(environment.items()):
        if not name.startswith(PREFIX) or not value:
            continue
        if meant := misspelt(name):
            raise ConfigError(f"{name}: there is no such variable; did you mean {meant}?")
        source.env_vars = {ALIASES.get(name, name).lower(): None if value == "null" else value}
        try:
            yield _Layer(name, source())
        except SettingsError:
            raise ConfigError(f'{name} = {value!r}: should be JSON, a list for example ["a", "b"]') from None
