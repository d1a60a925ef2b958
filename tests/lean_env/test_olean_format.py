"""Which Lean's files are read, and how the others are named."""

from pathlib import Path

import pytest

from lemmata.lean_env.olean_format import KNOWN, SIZE, BadOlean, read_format, read_head, refusal, supported
from lemmata.lean_env.toolchain import Toolchain

COMMIT = "eb6cafb7290e8bd5f2937522d8d804f58f02bafc"


def header(lean: str = "4.35.0", version: int = 2, flags: int = 1) -> bytes:
    return b"olean" + bytes([version, flags]) + lean.encode().ljust(33, b"\0") + COMMIT.encode() + bytes(8)


@pytest.mark.parametrize("lean", ["4.27.0", "4.28.1", "4.29.0-rc1", "4.33.2", "4.34.0", "4.35.0"])
@pytest.mark.parametrize("gmp", [True, False])
def test_known_leans_are_taken(lean: str, gmp: bool) -> None:
    found = supported(header(lean, flags=int(gmp)))
    assert found is not None
    assert (found.lean, found.commit, found.gmp, found.tested) == (lean, COMMIT, gmp, lean == "4.35.0")
    assert refusal(header(lean)) is None


@pytest.mark.parametrize(
    ("head", "said"),
    [
        (b"", "not an .olean file"),
        (header()[: SIZE - 1], "not an .olean file"),
        (b"oleanfile!!!!!!!" + bytes(80), "an .olean with a header of version 102, which is not known"),
        (header(version=1), "an .olean with a header of version 1, which is not known"),
        (header(version=3), "an .olean with a header of version 3, which is not known"),
        (header(flags=3), r"an .olean with unknown flags \(3\)"),
        (header("4.26.0"), "an .olean of Lean 4.26.0; those of 4.27 to 4.35 can be read"),
        (header("4.36.0"), "an .olean of Lean 4.36.0; "),
        (header("5.0.0"), "an .olean of Lean 5.0.0; "),
        (header("4.35.0-nightly-2026-08-01"), "an .olean of Lean 4.35.0-nightly-2026-08-01; "),
        (header("4.31.0-pre"), "an .olean of Lean 4.31.0-pre; "),
        (header(""), r"an .olean of Lean \?; "),
    ],
)
def test_others_are_named(head: bytes, said: str) -> None:
    assert supported(head) is None
    with pytest.raises(BadOlean, match=said):
        read_format(head)
    assert str(refusal(head)).startswith("an .olean" if head[:5] == b"olean" and len(head) >= SIZE else "not an")


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    assert supported(tmp_path / "Init.olean") is None
    with pytest.raises(BadOlean, match=r"Init.olean cannot be read: No such file"):
        read_head(tmp_path / "Init.olean")


@pytest.mark.embedded
def test_the_embedded_lean_s_files_are_those_that_were_tested(embedded_toolchain: Toolchain) -> None:
    found = supported(embedded_toolchain.folders[0] / "Init.olean")
    assert found is not None
    assert (found.lean, found.commit) == (
        embedded_toolchain.identity.lean_version,
        embedded_toolchain.identity.lean_commit,
    )
    assert found.gmp
    assert found.tested
    assert int(found.lean.split(".")[1]) == KNOWN[-1]
