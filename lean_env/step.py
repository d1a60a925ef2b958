"""One step of a set-up: whether it is done, how it is done, how by hand; and the programs that it runs."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from lemmata.errors import InfrastructureError
from lemmata.lean_env import elan
from lemmata.lean_env.process import kill_group

EXISTING: Final = (
    "or name what is here already: LEMMATA_LEAN_PROJECT (a Lake project that is built), LEMMATA_LEAN_HOME "
    "(a toolchain), LEMMATA_LEAN_REPL"
)
_QUIET: Final = {"RUST_BACKTRACE": "0", "RUST_LIB_BACKTRACE": "0"}
"""What failed is one line of elan's; where in elan it failed is nothing to its user."""


@dataclass(frozen=True)
class Step:
    """One step of a set-up."""

    name: str
    what: str
    """What it does, in words, with its size; sizes are estimates."""
    is_done: Callable[[], Awaitable[bool]]
    run: Callable[[], Awaitable[None]]
    by_hand: str
    """What to do where it fails."""
    optional: bool = False
    """Whether the others go on without it."""


async def done(step: Step) -> bool:
    """Whether a step is done; one that cannot be told about before another is done is not."""
    try:
        return await step.is_done()
    except InfrastructureError:
        return False


async def perform(step: Step, tell: Callable[[str], None]) -> None:
    """Do a step that is not done. One that may be left out is told about when it fails.

    Raises:
        InfrastructureError: it failed; the message says what to do by hand, and how to name what is here already.
    """
    try:
        await step.run()
        if not await done(step):
            raise InfrastructureError("it ran to its end, and what it should have made is not there")
    except (InfrastructureError, OSError) as error:
        failed = f"{step.name}: {error}"
        if step.by_hand not in failed:
            failed += f"\n  by hand: {step.by_hand}"
        if not step.optional:
            raise InfrastructureError(f"{failed}\n  then run this again: it goes on from here; {EXISTING}") from error
        tell(f"{failed}\n  it goes on without")


async def do(argv: Sequence[str], cwd: Path, environment: Mapping[str, str]) -> None:
    """Run a program to its end; what it says goes to standard error. Cancelled, it is killed with its group.

    Raises:
        InfrastructureError: it is not on the PATH of its environment, or failed.
    """
    program = elan.find_program(argv[0], environment)
    if program is None:
        raise InfrastructureError(f"there is no `{argv[0]}` on PATH")
    process = await asyncio.create_subprocess_exec(
        program, *argv[1:], cwd=cwd, env={**environment, **_QUIET}, stdin=asyncio.subprocess.DEVNULL, stdout=2,
        start_new_session=True,
    )  # fmt: skip
    try:
        code = await process.wait()
    finally:
        kill_group(process.pid)
        await process.wait()
    if code != 0:
        raise InfrastructureError(f"`{' '.join(argv)}` failed (exit code {code}); it needs a network")
