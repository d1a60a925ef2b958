"""A real Lean without its library, as a checker that needs nothing but a wheel."""

from lemmata.lean_env.embedded.lean import open_embedded, prepare
from lemmata.lean_env.embedded.wheel import available

__all__ = ["available", "open_embedded", "prepare"]
