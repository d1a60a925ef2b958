"""The kernel asked again: it takes honest modules and refuses what was never checked, forged or too much."""

import asyncio
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from lemmata.lean_env.olean import Olean
from lemmata.lean_env.replay import Replay, ReplayStatus, replay
from lemmata.lean_env.replay_program import in_order
from lemmata.lean_env.sandbox import find_sandbox
from lemmata.lean_env.terms import Constant, Kind, Name, Node, Terms
from lemmata.lean_env.toolchain import Toolchain

embedded_only = pytest.mark.embedded
Replayed = Callable[..., Replay]

ADD = "theorem target (a b : Nat) : a + b = b + a := Nat.add_comm a b\n"
EVERYTHING = """\
inductive T (α : Type) where | leaf | node (l : T α) (a : α) (r : T α)
set_option genSizeOf false in
inductive Rose where | mk (l : List Rose)
mutual
inductive Ev : Nat → Prop where | z : Ev 0 | s : Od n → Ev (n + 1)
inductive Od : Nat → Prop where | s : Ev n → Od (n + 1)
end
structure S where
  a : Nat
  b : a = a
class C (α : Type) where
  c : α
instance : C Nat := ⟨3⟩
def depth : T α → Nat | .leaf => 0 | .node l _ _ => depth l + 1
def text := "héllo\\n"
unsafe def f (n : Nat) : Nat := f n
partial def g (n : Nat) : Nat := g n
axiom choice : Nat
opaque hidden : Nat
theorem big : 2 ^ 70 = 1180591620717411303424 := by decide
theorem target : 2 ^ 70 = 1180591620717411303424 := big
"""


@pytest.fixture
def replayed(embedded_toolchain: Toolchain) -> Replayed:
    def run(module: bytes, timeout: float = 30) -> Replay:
        lean = embedded_toolchain
        return asyncio.run(replay(module, lean.library, lean.folders, timeout))

    return run


@embedded_only
def test_it_takes_every_kind_of_declaration(compile_module: Callable[[str], bytes], replayed: Replayed) -> None:
    found = replayed(compile_module(EVERYTHING))
    assert (found.status, found.reason) == (ReplayStatus.OK, None)
    assert found.checked > 60


@embedded_only
def test_it_takes_the_library_s_own_modules(embedded_toolchain: Toolchain, replayed: Replayed) -> None:
    for name in ("Init.Core", "Init.Lemmas"):
        path = embedded_toolchain.find_module(name)
        assert path is not None
        assert replayed(path.read_bytes()).status is ReplayStatus.OK


@embedded_only
def test_it_refuses_what_the_kernel_never_saw(
    kernel_attack: dict[str, str], compile_module: Callable[[str], bytes], replayed: Replayed
) -> None:
    found = replayed(compile_module(kernel_attack["submission"]))
    assert found.status is ReplayStatus.REFUSED
    assert found.reason is not None
    assert kernel_attack["said"] in found.reason


@embedded_only
def test_a_computation_without_end_is_stopped(compile_module: Callable[[str], bytes], replayed: Replayed) -> None:
    slow = "theorem slow : ∀ x < 2000, ∀ y < 2000, x * y = y * x := by decide +kernel\n"
    found = replayed(compile_module("set_option debug.skipKernelTC true\n" + slow + ADD), 1.5)
    assert (found.status, found.reason) == (ReplayStatus.TIMEOUT, "no answer in 1.5 s")


@embedded_only
def test_a_statement_changed_in_the_compiled_file_is_refused(
    compile_module: Callable[[str], bytes], forged: Callable[[bytes, Name, Name], bytes], replayed: Replayed
) -> None:
    module = compile_module("def Yes : Prop := True\ndef No : Prop := False\ntheorem target : Yes := trivial")
    found = replayed(forged(module, ("Yes",), ("No",)))
    assert (found.status, found.reason) == (ReplayStatus.REFUSED, "target: type mismatch")


@embedded_only
def test_an_inductive_type_changed_in_the_compiled_file_is_refused(
    compile_module: Callable[[str], bytes], replayed: Replayed
) -> None:
    module = compile_module("inductive T where | leaf | node (l : T)")
    at = value_of(module, ("T",)) + 8 + 8 * 6  # its flags (recursive, unsafe, reflexive) stand behind six fields
    assert module[at : at + 3] == b"\1\0\0"
    found = replayed(module[:at] + b"\0" + module[at + 1 :])
    assert (found.status, found.reason) == (ReplayStatus.REFUSED, "T: not what the kernel makes: T")


@embedded_only
def test_a_constructor_that_is_not_there_is_refused(compile_module: Callable[[str], bytes], replayed: Replayed) -> None:
    module = compile_module("inductive T where | leaf | node (l : T)")
    fields = value_of(module, ("T",)) + 8
    lonely = module[: fields + 32] + module[fields + 24 : fields + 32] + module[fields + 40 :]  # `all` for `ctors`
    found = replayed(lonely)
    assert (found.status, found.reason) == (ReplayStatus.REFUSED, "T: not a whole inductive type")


@embedded_only
def test_a_damaged_module_is_refused(compile_module: Callable[[str], bytes], replayed: Replayed) -> None:
    assert replayed(b"").reason == "not an .olean file"
    assert replayed(compile_module(ADD)[:-64]).status is ReplayStatus.REFUSED


@embedded_only
def test_a_process_that_dies_is_no_verdict(embedded_toolchain: Toolchain, tmp_path: Path) -> None:
    broken = tmp_path / "libleanshared.so"
    broken.write_bytes(b"no library")
    module = (embedded_toolchain.folders[0] / "Init.olean").read_bytes()
    found = asyncio.run(replay(module, broken, embedded_toolchain.folders, 30))
    assert (found.status, found.reason) == (ReplayStatus.CRASHED, "its process died (exit 1)")


@embedded_only
def test_a_kernel_that_cannot_be_called_is_named(
    compile_module: Callable[[str], bytes], embedded_toolchain: Toolchain, replayed: Replayed
) -> None:
    module, folders = compile_module(ADD), embedded_toolchain.folders
    other = replayed(module.replace(b"4.35.0", b"4.34.0", 1))
    assert (other.status, other.reason) == (
        ReplayStatus.UNSUPPORTED, "the kernel of Lean 4.34.0 cannot be called; that of 4.35.0 can"
    )  # fmt: skip
    native = c_library()  # it has none of Lean's functions
    found = asyncio.run(replay(module, native, folders, 30))
    assert (found.status, found.reason) == (ReplayStatus.UNSUPPORTED, f"{native.name} has no function lean_initialize")


@embedded_only
async def test_it_runs_confined(compile_module: Callable[[str], bytes], embedded_toolchain: Toolchain) -> None:
    lean = embedded_toolchain
    confinement = await find_sandbox("auto")
    if confinement is None:
        pytest.skip("neither bubblewrap nor Landlock works here")
    found = await replay(compile_module(ADD), lean.library, lean.folders, 30, confinement=confinement)
    assert (found.status, found.reason) == (ReplayStatus.OK, None)


def c_library() -> Path:
    """The C library that this process has loaded."""
    lines = Path("/proc/self/maps").read_text(encoding="utf-8").splitlines()
    return next(Path(line.split()[-1]) for line in lines if "/libc.so" in line or "/libc-" in line)


def value_of(module: bytes, name: Name) -> int:
    """The offset of the value object of a constant: what its only field points to."""
    olean = Olean(module, Terms())
    base = int.from_bytes(module[80:88], "little")
    constant = olean._where[name] - base
    return int.from_bytes(module[constant + 8 : constant + 16], "little") - base


def test_declarations_come_after_what_they_refer_to() -> None:
    terms = Terms()

    def constant(name: str, *uses: str, kind: Kind = Kind.AXIOM, group: tuple[str, ...] = ()) -> Constant:
        term = terms.add(Node("sort", (terms.add(Node("zero")),)))
        for used in uses:
            term = terms.add(Node("app", (term, terms.add(Node("const", name=(used,))))))
        return Constant(kind, (name,), (), term, group=tuple((g,) for g in group))

    constants = [
        constant("c", "b", "elsewhere"),
        constant("b", "mk"),
        constant("mk", "T", kind=Kind.CTOR, group=("T",)),
        constant("rec", "T", "mk", kind=Kind.REC, group=("T",)),
        constant("T", "a", kind=Kind.INDUCTIVE, group=("T",)),
        constant("a", "a"),
    ]
    units = [[c.name[0] for c in unit] for unit in in_order(constants, terms)]
    assert units == [["a"], ["T", "mk", "rec"], ["b"], ["c"]]


@embedded_only
def test_the_kernel_s_arithmetic_is_the_library_s(embedded_toolchain: Toolchain) -> None:
    """The kernel computes with `Nat` by name; the library's definitions must say the same (see the program)."""
    program = Path(__file__).with_name("nat_operations.py")
    lean = embedded_toolchain
    done = subprocess.run(
        [sys.executable, program, lean.library, *lean.folders], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    assert json.loads(done.stdout) == {"passed": 1382, "failed": []}
