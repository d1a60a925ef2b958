"""The last word on a text, with what is here: a Lean that compiles it, else a server that is asked once more."""

from __future__ import annotations

import asyncio

from lemmata.configs.schema import VerifyConfig
from lemmata.domain import Problem, Verdict
from lemmata.lean_env.compiler import Compiler
from lemmata.lean_env.independent import IndependentChecker, find_checkers
from lemmata.lean_env.refutation import verify_refutation
from lemmata.lean_env.select import Selected
from lemmata.lean_env.verifier import verify
from lemmata.lean_env.vouch import vouch, vouch_refutation


async def judge(
    submission: str,
    lean: Selected,
    config: VerifyConfig,
    *,
    name: str | None = None,
    challenge: str | None = None,
    file: str = "-",
    challenge_file: str | None = None,
    timeout: float | None = None,
) -> Verdict:
    """Judge a submission; see `verifier.verify`, and `vouch` for where nothing here compiles.

    Args:
        submission: the whole text.
        lean: what takes it.
        config: what is demanded.
        name: the theorem.
        challenge: the whole text whose statement counts.
        file: what to call the submission.
        challenge_file: what to call the challenge.
        timeout: wall-clock limit in seconds; by default the configured one.

    Raises:
        SourceError: the challenge cannot be used.
    """
    timeout = config.timeout if timeout is None else timeout
    if lean.compiler is None:
        return await vouch(
            submission,
            checker=lean.checker,
            timeout=timeout,
            name=name,
            challenge=challenge,
            file=file,
            challenge_file=challenge_file,
            allow=config.allow,
        )
    return await verify(
        submission,
        checker=lean.compiler,
        timeout=timeout,
        name=name,
        challenge=challenge,
        file=file,
        challenge_file=challenge_file,
        allow=config.allow,
        independent=await _independent(lean, lean.compiler, config),
    )


async def judge_refutation(
    evidence: str,
    lean: Selected,
    config: VerifyConfig,
    *,
    name: str,
    challenge: Problem,
    file: str = "-",
    timeout: float | None = None,
) -> Verdict:
    """Judge whether the theorem `name` of `evidence` refutes the challenge; see `refutation.verify_refutation`.

    Where nothing here compiles, `vouch_refutation`.
    """
    timeout = config.timeout if timeout is None else timeout
    if lean.compiler is None:
        return await vouch_refutation(
            evidence,
            name=name,
            challenge=challenge,
            checker=lean.checker,
            timeout=timeout,
            file=file,
            allow=config.allow,
        )
    return await verify_refutation(
        evidence,
        name=name,
        challenge=challenge,
        checker=lean.compiler,
        timeout=timeout,
        file=file,
        allow=config.allow,
        independent=await _independent(lean, lean.compiler, config),
    )


async def _independent(lean: Selected, compiler: Compiler, config: VerifyConfig) -> tuple[IndependentChecker, ...]:
    kernels = config.external_kernels
    return (await asyncio.to_thread(find_checkers, compiler.toolchain, lean.project, kernels)).checkers
