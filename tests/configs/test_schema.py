import ast
import inspect

import pytest
from pydantic import ValidationError

from lemmata.configs import schema
from lemmata.configs.schema import Config
from lemmata.domain import Model


def test_a_configuration_is_frozen_and_refuses_unknown_fields() -> None:
    with pytest.raises(ValidationError):
        Config().seed = 3  # type: ignore[misc]
    with pytest.raises(ValidationError):
        Config.model_validate({"sed": 3})


def test_every_field_says_what_it_is() -> None:
    tree = ast.parse(inspect.getsource(schema))
    models = [
        node
        for node in tree.body
        if isinstance(node, ast.ClassDef) and issubclass(getattr(schema, node.name), Model)
    ]
    assert len(models) == 6
    for model in models:
        for field, after in zip(model.body, [*model.body[1:], None], strict=True):
            if isinstance(field, ast.AnnAssign):
                assert isinstance(after, ast.Expr), f"{model.name}.{ast.unparse(field.target)} has no docstring"


def test_off_is_off_however_it_is_written() -> None:
    for written in ("off", False):
        assert Config.model_validate({"lean": {"sandbox": written}}).lean.sandbox == "off"
    with pytest.raises(ValidationError):
        Config.model_validate({"lean": {"sandbox": True}})


def test_what_rests_on_a_hole_is_never_allowed() -> None:
    with pytest.raises(ValidationError, match="sorryAx"):
        Config.model_validate({"verify": {"allow": ["propext", "sorryAx"]}})
