"""`import lemmata`: what it offers, and that it costs nothing before it is used."""

import json
import subprocess
import sys

import pytest

import lemmata


def test_every_public_name_is_there() -> None:
    assert len(set(lemmata.__all__)) == len(lemmata.__all__)
    for name in lemmata.__all__:
        assert getattr(lemmata, name) is not None
    assert set(lemmata.__all__) <= set(dir(lemmata))


def test_the_names_and_their_homes_agree() -> None:
    homes = [name for names in lemmata._HOMES.values() for name in names]
    assert sorted([*homes, "__version__"]) == sorted(lemmata.__all__)


def test_a_name_that_is_not_there() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'proof'"):
        _ = lemmata.proof  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("code", "heavy"),
    [
        ("import lemmata", ["pydantic", "langgraph", "yaml", "asyncio", "typer"]),
        ("import lemmata; lemmata.Problem", ["langgraph", "yaml", "typer", "rich"]),
        ("import lemmata.cli.main", ["pydantic", "langgraph", "yaml", "asyncio", "rich", "structlog", "jinja2"]),
        ("from lemmata.cli.main import main; main(['--help'])", ["pydantic", "langgraph", "rich"]),
    ],
)
def test_imports_are_lazy(code: str, heavy: list[str]) -> None:
    report = f"import json, sys; print('\\n' + json.dumps([m for m in {heavy!r} if m in sys.modules]))"
    ran = subprocess.run([sys.executable, "-c", f"{code}; {report}"], capture_output=True, text=True, timeout=60)
    assert ran.returncode == 0, ran.stderr
    assert json.loads(ran.stdout.splitlines()[-1]) == []
