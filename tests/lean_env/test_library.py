"""A library's modules: of one file or of three, read as far as they are asked for, if they are what they were."""

import asyncio
import shutil
import struct
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lemmata.lean_env import process
from lemmata.lean_env.inspector import World, inspect, unfit
from lemmata.lean_env.library import Fingerprint, Library
from lemmata.lean_env.olean import BadOlean, Olean, Table
from lemmata.lean_env.region import ALIGN, START, Region
from lemmata.lean_env.replay import Replay, ReplayStatus, replay
from lemmata.lean_env.terms import Constant, Kind, Name, Terms, show
from lemmata.lean_env.toolchain import Toolchain

pytestmark = pytest.mark.embedded

CORE = """\
module
prelude
universe u
public section
inductive Truth : Prop where | intro
inductive Same {α : Sort u} : α → α → Prop where | refl (a : α) : Same a a
inductive Num where | zero | succ (n : Num)
theorem trivial : Truth := Truth.intro
def hidden (n : Num) : Num := Num.succ n
@[expose] def shown (n : Num) : Num := Num.succ n
opaque unknown (n : Num) : Num := n
abbrev one : Num := Num.succ Num.zero
axiom lcErased : Type
axiom lcAny : Type
axiom lcVoid : Type
structure Pair (α : Type u) (β : Type u) where
  first : α
  second : β
inductive Tree (α : Type u) where | leaf | node (below : Num → Tree α) (a : α)
noncomputable def double (n : Num) : Num := @Num.rec (fun _ => Num) Num.zero (fun _ m => Num.succ (Num.succ m)) n
noncomputable def swap {α β : Type u} (p : Pair α β) : Pair β α := Pair.mk p.second p.first
theorem swapped {α β : Type u} (p : Pair α β) : Same (swap (swap p)) p := Same.refl p
unsafe def endless (n : Num) : Num := endless n
axiom choice : Num
end
theorem secret : Truth := trivial
def auxiliary : Num := hidden one
"""
INIT = """\
module
prelude
public import Init.Core
import all Init.Core
public theorem uses_secret : Truth := secret
public def two : Num := shown auxiliary
public theorem by_choice : Same choice choice := Same.refl choice
"""
MAIN = """\
theorem target : Truth := uses_secret
def three : Num := Num.succ two
theorem computed : Same three (Num.succ (shown (hidden one))) := Same.refl _
theorem chosen : Same choice choice := by_choice
"""
Files = dict[str, tuple[bytes, ...]]


def compile_all(toolchain: Toolchain, folder: Path, texts: dict[str, str]) -> None:
    """Compile modules in the order given, each beside its text."""

    async def run(source: Path) -> None:
        arguments = [toolchain.program, "--root=.", "-o", source.with_suffix(".olean"), source]
        done = await process.run(arguments, cwd=folder, env={"LEAN_PATH": str(folder)}, timeout=60)
        assert done.returncode == 0, done.stdout + done.stderr

    for name, text in texts.items():
        source = Path(*name.split(".")).with_suffix(".lean")
        (folder / source).parent.mkdir(exist_ok=True)
        (folder / source).write_text(text, encoding="utf-8")
        asyncio.run(run(source))


@pytest.fixture(scope="module")
def built(embedded_toolchain: Toolchain, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a library of two modules in three files each, and a module of one file that imports it."""
    folder = tmp_path_factory.mktemp("library")
    compile_all(embedded_toolchain, folder, {"Init.Core": CORE, "Init": INIT, "Main": MAIN})
    return folder


@pytest.fixture
def room(built: Path, tmp_path: Path) -> Path:
    """A copy of it that a test may damage."""
    return Path(shutil.copytree(built, tmp_path / "library"))


def main_of(folder: Path) -> bytes:
    return (folder / "Main.olean").read_bytes()


def parts(folder: Path, name: Name) -> tuple[bytes, ...]:
    return tuple(f.read_bytes() for f in Library([folder]).module(name).files)


def test_a_module_in_three_files_is_read_as_it_really_is(built: Path) -> None:
    module = Library([built]).module(("Init", "Core"))
    assert [f.name for f in module.files] == ["Core.olean", "Core.olean.server", "Core.olean.private"]
    constants = {show(n): module[n] for n in module.names}
    assert (constants["trivial"].kind, constants["hidden"].kind) == (Kind.THEOREM, Kind.DEF)
    assert all(constants[n].value is not None for n in ("trivial", "hidden", "shown", "one", "unknown"))
    assert {"secret", "auxiliary"} <= {n.split(".")[-1] for n in constants if n.startswith("_private")}
    assert constants["choice"].kind is Kind.AXIOM


def test_three_files_say_what_one_file_would_have_said(
    built: Path, embedded_toolchain: Toolchain, tmp_path: Path
) -> None:
    """The same text without the module system: every constant is the same, with its proof or body."""
    plain = CORE
    for word in ("module\n", "public section\n", "@[expose] ", "\nend"):
        assert plain.count(word) == 1
        plain = plain.replace(word, "")
    compile_all(embedded_toolchain, tmp_path, {"Init.Core": plain})
    terms = Terms()
    one = Olean((tmp_path / "Init" / "Core.olean").read_bytes(), terms)
    three = Olean(parts(built, ("Init", "Core")), terms)
    private = ("_private", "Init", "Core", 0)
    assert {n[4:] if n[:4] == private else n for n in three.names} == set(one.names)
    public = [n for n in three.names if n[:4] != private]
    assert len(public) > 30
    assert {c.kind for c in map(three.__getitem__, public)} == set(Kind) - {Kind.QUOT}
    assert [show(n) for n in public if three[n] != one[n]] == []


def test_what_others_may_see_is_less(built: Path) -> None:
    """The first file alone would make axioms of theorems and hide definitions: it is never judged by."""
    first = parts(built, ("Init", "Core"))[0]
    table = Table(Region([first]))
    assert table.is_module
    seen = table.where()
    assert ("trivial",) in seen
    assert not any(n[0] == "_private" for n in seen)
    kind = {name: table.region.tag(field) for name, field in seen.items()}  # 0 axiom, 1 definition
    assert (kind["trivial",], kind["hidden",], kind["shown",]) == (0, 0, 1)
    with pytest.raises(BadOlean, match="its proofs are in another file"):
        Olean(first, Terms())


def test_imports_are_followed_each_after_its_own(built: Path) -> None:
    library = Library([built])
    assert list(library.closure([("Init",)])) == [("Init", "Core"), ("Init",)]
    sizes = [f.stat().st_size for f in built.rglob("*.olean*") if f.name != "Main.olean"]
    assert library.closure_bytes([("Init",)]) == sum(sizes)
    assert len(sizes) == 6
    assert library.closure_bytes([]) == 0
    assert 0 < library.closure_bytes([("Init",)], most=1) < sum(sizes)  # it stops once it knows


def test_what_a_constant_mentions_is_found_without_decoding_it(built: Path, embedded_toolchain: Toolchain) -> None:
    library = Library([built, *embedded_toolchain.folders])
    for module in (
        *library.closure([("Init",)]).values(),
        Library(embedded_toolchain.folders).module(("Init", "Core")),
    ):
        for name in module.names:
            constant = module[name]
            assert module.kind(name) is constant.kind
            assert module.mentions(name) == constant.mentions(module.terms)
            assert module.mentions(name) is module.mentions(name)


def test_a_theorem_over_such_a_library_is_judged(built: Path) -> None:
    library, module = Library([built]), main_of(built)
    found = inspect(module, ("target",), library, allow=[], challenge=World(module, library))
    assert (found.kind, found.axioms, found.same_statement, found.reasons) == (Kind.THEOREM, (), True, ())
    assert inspect(module, ("computed",), library, allow=[]).reasons == ()
    assert inspect(module, ("chosen",), library, allow=[]).reasons == ("chosen rests on the axiom choice",)
    assert unfit(World(module, library), ("target",)) is None


def test_a_module_in_three_files_is_judged_and_replayed(built: Path, embedded_toolchain: Toolchain) -> None:
    library, files = Library([built]), parts(built, ("Init",))
    found = inspect(files, ("uses_secret",), library, allow=[], challenge=World(files, library))
    assert (found.reasons, found.same_statement) == ((), True)
    for name, count in ((("Init",), 3), (("Init", "Core"), len(Library([built]).module(("Init", "Core")).names) - 1)):
        again = asyncio.run(replay(parts(built, name), embedded_toolchain.library, [built], 30))
        assert (again.status, again.checked, again.reason) == (ReplayStatus.OK, count, None)  # all but `endless`


def replayed(folder: Path, toolchain: Toolchain, expected: dict[Path, Fingerprint] | None = None) -> Replay:
    return asyncio.run(replay(main_of(folder), toolchain.library, [folder], 30, expected=expected))


def test_the_kernel_takes_such_a_library(built: Path, embedded_toolchain: Toolchain) -> None:
    """`computed` unfolds a definition that only the third file has."""
    found = replayed(built, embedded_toolchain, Library([built]).fingerprints([("Init",)]))
    assert (found.status, found.checked, found.reason) == (ReplayStatus.OK, 4, None)


def test_a_library_that_changed_meanwhile_is_refused(room: Path, embedded_toolchain: Toolchain) -> None:
    expected = Library([room]).fingerprints([("Init",)])
    assert len(expected) == 6
    changed = room / "Init" / "Core.olean.private"
    changed.write_bytes(changed.read_bytes() + bytes(8))
    found = replayed(room, embedded_toolchain, expected)
    assert (found.status, found.reason) == (
        ReplayStatus.REFUSED, f"{changed} is not the file of the library that was there before"
    )  # fmt: skip
    library = Library([room], expected)
    core = library.module(("Init", "Core"))
    with pytest.raises(BadOlean, match=r"Core.olean.private is not the file"):
        assert core.names
    added = {f: p for f, p in expected.items() if f.name != "Init.olean"}
    with pytest.raises(BadOlean, match=r"Init.olean is not the file"):
        Library([room], added).closure([("Init",)])


def test_without_its_proofs_a_module_is_refused(room: Path) -> None:
    (room / "Init" / "Core.olean.private").unlink()
    with pytest.raises(BadOlean, match=r"Init.Core: Init.Core is a `module` whose proofs are not there: .*private"):
        Library([room]).closure([("Init",)])


def test_stray_files_beside_a_plain_module_do_not_count(room: Path) -> None:
    for part in ("server", "private"):
        (room / f"Main.olean.{part}").write_bytes(b"stray")
    assert Library([room]).module(("Main",)).files == (room / "Main.olean",)


def test_files_of_two_modules_do_not_go_together(built: Path) -> None:
    ours, theirs = parts(built, ("Init",)), parts(built, ("Init", "Core"))
    for files in ((ours[0], ours[1], theirs[2]), (ours[0], ours[2], ours[1]), (ours[0], ours[0], ours[2])):
        with pytest.raises(BadOlean, match="do not belong together"):
            Olean(files, Terms())
    whole = main_of(built)
    with pytest.raises(BadOlean, match="no `module`, and yet several files"):
        Olean((whole, moved(whole, whole), moved(whole, whole, 2)), Terms())


def moved(first: bytes, file: bytes, times: int = 1) -> bytes:
    """The file as if it stood behind the first one so many times."""
    base, step = struct.unpack_from("<Q", first, START - 16)[0], len(first) + -len(first) % ALIGN
    return file[: START - 16] + struct.pack("<Q", base + times * step) + file[START - 8 :]


def test_a_library_of_two_leans_is_refused(room: Path) -> None:
    for file in (room / "Init").glob("Core.olean*"):
        file.write_bytes(file.read_bytes().replace(b"4.35.0", b"4.34.0", 1))
    with pytest.raises(BadOlean, match=r"of several Leans: Init.Core by Lean 4.34.0, Init by Lean 4.35.0"):
        Library([room]).closure([("Init",)])
    found = inspect(main_of(room), ("target",), Library([room]), allow=[])
    assert "of several Leans" in found.reasons[0]


def test_a_submission_of_another_build_is_refused(room: Path) -> None:
    library = Library([room])
    for old, said in ((b"4.35.0", "written by Lean 4.34.0"), (b"eb6cafb7", "written by Lean 4.35.0, its import")):
        other = main_of(room).replace(old, b"4.34.0" if old == b"4.35.0" else b"eb6cafb8", 1)
        found = inspect(other, ("target",), library, allow=[])
        assert said in found.reasons[0]


def test_a_file_that_cannot_be_read_is_named(room: Path) -> None:
    library = Library([room])
    core = library.module(("Init", "Core"))
    (room / "Init.olean").write_bytes(b"")
    with pytest.raises(BadOlean, match=r"Init: .*Init.olean cannot be read"):
        library.module(("Init",))
    shutil.rmtree(room)
    with pytest.raises(BadOlean, match=r"Core.olean cannot be read: No such file"):
        assert core.names
    with pytest.raises(BadOlean, match=r"cannot be read: No such file"):
        library.fingerprints([("Init", "Core")])


def test_a_module_stays_readable_by_name(built: Path) -> None:
    module = Library([built]).module(("Init",))
    assert ("two",) in module
    assert ("three",) not in module
    with pytest.raises(KeyError):
        assert module["three",]


def constants_or_bad_olean(files: tuple[bytes, ...]) -> Iterator[Constant]:
    try:
        olean, seen = Olean(files, Terms()), set[int]()
        yield from [olean[name] for name in olean.names if olean.mentions(name, seen) is not None]
    except BadOlean:
        pass


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_damaged_files_give_values_or_bad_olean(built: Path, data: st.DataObject) -> None:
    files = [bytearray(f) for f in parts(built, ("Init", "Core"))]
    whole = sum(map(len, files))
    base = int.from_bytes(files[0][80:88], "little")
    for _ in range(data.draw(st.integers(1, 4))):
        file = data.draw(st.sampled_from(files))
        at = data.draw(st.integers(START, max(len(file) - 8, START)))
        match data.draw(st.sampled_from(["flip", "word", "cut", "extend"])):
            case "flip":
                file[min(at, len(file) - 1)] ^= 1 << data.draw(st.integers(0, 7))
            case "word":  # mostly a pointer into this or another file
                word = st.integers(base, base + 3 * ALIGN + whole) | st.integers(0, 300) | st.integers(0, 2**64 - 1)
                file[at & ~7 : (at & ~7) + 8] = struct.pack("<Q", data.draw(word))
            case "cut":
                del file[at:]
            case _:
                file += bytes(data.draw(st.integers(1, 64)))
    assert all(isinstance(c, Constant) for c in constants_or_bad_olean(tuple(map(bytes, files))))


def test_a_module_that_is_nowhere_is_named(tmp_path: Path) -> None:
    for name in (("Mathlib", "Tactic"), ("..", "x"), ("a/b",), (), ("x" * 5000,), ("a\0b",)):
        with pytest.raises(BadOlean, match=r"imports .*which is not in the library"):
            Library([tmp_path]).path(name)
