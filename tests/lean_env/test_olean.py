"""The reader of compiled modules: right on whole files, and never surprised by damaged ones."""

import asyncio
import struct
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lemmata.lean_env.cli import CliChecker, CompileResult
from lemmata.lean_env.library import Library
from lemmata.lean_env.olean import DEEPEST, BadOlean, Olean
from lemmata.lean_env.region import START, Bounds
from lemmata.lean_env.terms import Constant, Kind, Node, Terms, show
from lemmata.lean_env.toolchain import Toolchain

HEADER = b"olean\x02\x01" + b"4.35.0".ljust(33, b"\0") + b"0123456789" * 4
BASE = 0x10000
NIL = 1


class Writer:
    """Lays out a module by hand; every method returns a field."""

    def __init__(self) -> None:
        self.objects = bytearray()

    def put(self, fields: int, tag: int, body: bytes) -> int:
        at = BASE + START + len(self.objects)
        self.objects += struct.pack("<iHBB", 0, min(8 + len(body), 0xFFFF), fields, tag) + body
        self.objects += bytes(-len(self.objects) % 8)
        return at

    def ctor(self, tag: int, *fields: int, scalars: bytes = b"") -> int:
        return self.put(len(fields), tag, struct.pack(f"<{len(fields)}Q", *fields) + scalars)

    def string(self, text: str) -> int:
        data = text.encode()
        sizes = struct.pack("<QQQ", len(data) + 1, len(data) + 1, len(text))
        return self.put(0, 249, sizes + data + b"\0")

    def array(self, *items: int) -> int:
        return self.put(0, 246, struct.pack(f"<{2 + len(items)}Q", len(items), len(items), *items))

    def list(self, *items: int) -> int:
        cell = NIL
        for item in reversed(items):
            cell = self.ctor(1, item, cell)
        return cell

    def name(self, *parts: str | int) -> int:
        field = NIL
        for p in parts:
            field = self.ctor(2, field, 2 * p + 1) if isinstance(p, int) else self.ctor(1, field, self.string(p))
        return field

    def axiom(self, name: int, type_: int, params: int = NIL, scalars: bytes = b"\0") -> int:
        return self.ctor(0, self.ctor(0, self.ctor(0, name, params, type_), scalars=scalars))

    def module(self, constants: dict[int, int], imports: tuple[int, ...] = (), is_module: int = 0) -> bytes:
        imported = self.array(*(self.ctor(0, n, scalars=b"\0\0\0") for n in imports))
        names, values = self.array(*constants), self.array(*constants.values())
        empty = self.array()
        root = self.ctor(0, imported, names, values, empty, empty, scalars=bytes([is_module]))
        return HEADER + struct.pack("<QQ", BASE, root) + bytes(self.objects)


def proposition(w: Writer) -> int:
    """The expression `Sort 0`."""
    return w.ctor(3, NIL)


def read_all(data: bytes) -> list[Constant]:
    olean = Olean(data, Terms())
    return [olean[name] for name in olean.names]


def one_axiom(w: Writer, type_: int) -> bytes:
    name = w.name("a")
    return w.module({name: w.axiom(name, type_)})


def test_a_module_written_by_hand_is_read() -> None:
    w, terms = Writer(), Terms()
    name = w.name("Höhe", 3, "x")
    u = w.name("u")
    sort = w.ctor(3, w.ctor(1, w.ctor(4, u)))
    data = w.module({name: w.axiom(name, sort, w.list(u))}, imports=(w.name("Init"),))
    olean = Olean(data, terms)
    assert olean.imports == (("Init",),)
    assert list(olean.names) == [("Höhe", 3, "x")]
    assert ("Höhe", 3, "x") in olean
    constant = olean[("Höhe", 3, "x")]
    assert (constant.kind, constant.params, constant.unsafe) == (Kind.AXIOM, (("u",),), False)
    successor = terms[terms[constant.type].below[0]]
    assert successor.op == "succ"
    assert terms[successor.below[0]] == Node("param", name=("u",))
    assert olean[("Höhe", 3, "x")] is constant
    with pytest.raises(KeyError):
        olean[("other",)]


def test_terms_are_equal_exactly_when_their_numbers_are() -> None:
    w = Writer()
    binder, x = w.name("x"), w.ctor(0, 1)
    named = w.ctor(6, binder, proposition(w), x, scalars=b"\0" * 9)
    unnamed = w.ctor(6, NIL, proposition(w), w.ctor(10, NIL, x), scalars=b"\1" * 9)
    other = w.ctor(6, binder, proposition(w), proposition(w))
    names = [w.name(n) for n in "abc"]
    data = w.module({n: w.axiom(n, t) for n, t in zip(names, (named, unnamed, other), strict=True)})
    a, b, c = read_all(data)
    assert a.type == b.type
    assert a.type != c.type


def test_literals_and_big_numbers_are_read() -> None:
    w, terms = Writer(), Terms()
    at = BASE + START + len(w.objects)
    big = w.put(0, 250, struct.pack("<iiQQQ", 2, 2, at + 24, 5, 1))
    numbers = [w.ctor(9, w.ctor(0, n)) for n in (big, 2 * 7 + 1)]
    text = w.ctor(9, w.ctor(1, w.string("né")))
    names = [w.name(n) for n in "abc"]
    olean = Olean(w.module({n: w.axiom(n, t) for n, t in zip(names, (*numbers, text), strict=True)}), terms)
    assert [terms[olean[n].type].value for n in olean.names] == [(1 << 64) + 5, 7, "né"]


def test_big_numbers_of_a_lean_without_gmp_are_read() -> None:
    w, terms = Writer(), Terms()
    numbers = []
    for digits in ((7, 0, 1), (1,) * 6):
        at = BASE + START + len(w.objects)
        numbers.append(w.put(0, 250, struct.pack(f"<QQQ{len(digits)}I", 0xABCDEF00, len(digits), at + 32, *digits)))
    names = [w.name(n) for n in "ab"]
    data = w.module({n: w.axiom(n, w.ctor(9, w.ctor(0, x))) for n, x in zip(names, numbers, strict=True)})
    olean = Olean(data[:6] + b"\0" + data[7:], terms)
    assert not olean.format.gmp
    assert [terms[olean[n].type].value for n in olean.names] == [(1 << 64) + 7, sum(1 << 32 * i for i in range(6))]
    with pytest.raises(BadOlean, match="bad big number"):
        read_all(data)


@pytest.mark.parametrize(
    "layout",
    [
        struct.pack("<iiQQ", 1, -1, 24, 5),  # negative
        struct.pack("<iiQQ", 1, 1, 32, 5),  # its digits are elsewhere
        struct.pack("<iiQQ", 1, 1 << 20, 24, 5),  # more digits than there are
    ],
)
def test_impossible_big_numbers_are_refused(layout: bytes) -> None:
    w = Writer()
    at = BASE + START + len(w.objects)
    (offset,) = struct.unpack_from("<Q", layout, 8)
    number = w.put(0, 250, layout[:8] + struct.pack("<Q", at + offset) + layout[16:])
    with pytest.raises(BadOlean, match="bad big number"):
        read_all(one_axiom(w, w.ctor(9, w.ctor(0, number))))


def test_a_module_larger_than_allowed_is_refused() -> None:
    data = small_module()
    assert Olean(data, Terms(), Bounds(len(data), 8)).names
    with pytest.raises(BadOlean, match=f"{len(data):,} bytes, over 100"):
        Olean(data, Terms(), Bounds(100, 8))


def test_terms_seen_before_do_not_count() -> None:
    olean, seen = Olean(small_module(), Terms()), set[int]()
    names = {show(n): n for n in olean.names}
    rule = {("T",), ("T", "mk")}
    assert olean.mentions(names["T.rec"], seen) == rule
    again = Olean(small_module(), Terms()).mentions(names["T.rec"], set())
    assert again == rule
    assert olean.mentions(names["T.mk"], seen) == {("T",)}  # what it belongs to, though its type was seen


def test_an_impossible_mark_of_a_module_is_refused() -> None:
    with pytest.raises(BadOlean, match="bad flags"):
        Olean(Writer().module({}, is_module=2), Terms())


def test_a_deep_and_widely_shared_term_is_read_without_recursion() -> None:
    w = Writer()
    term = proposition(w)
    for _ in range(20_000):
        term = w.ctor(5, term, term)
    (constant,) = read_all(one_axiom(w, term))
    assert constant.type == 20_001  # `zero` and `Sort 0` come first


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "not an .olean file"),
        (HEADER, "not an .olean file"),
        (HEADER + bytes(8), "an .olean that is cut off"),
        (HEADER + bytes(64), "a pointer leads nowhere"),
        (HEADER + bytes([1]) + bytes(64), "an .olean at an impossible address"),
    ],
)
def test_what_is_no_module_is_named(data: bytes, said: str) -> None:
    with pytest.raises(BadOlean, match=said):
        Olean(data, Terms())


def test_a_module_file_is_refused() -> None:
    with pytest.raises(BadOlean, match="its proofs are in another file"):
        Olean(Writer().module({}, is_module=1), Terms())


def test_a_constant_filed_under_another_name_is_refused() -> None:
    w = Writer()
    with pytest.raises(BadOlean, match=r"a: the constant filed under this name is b"):
        read_all(w.module({w.name("a"): w.axiom(w.name("b"), proposition(w))}))


def test_a_name_filed_twice_is_refused() -> None:
    w = Writer()
    first, second = w.name("a"), w.name("a")
    axiom = w.axiom(first, proposition(w))
    with pytest.raises(BadOlean, match="repeated"):
        Olean(w.module({first: axiom, second: axiom}), Terms())


@pytest.mark.parametrize("tag", [1, 2, 11 + 1, 200])
def test_what_is_no_closed_term_is_refused(tag: int) -> None:
    w = Writer()
    with pytest.raises(BadOlean, match="in a term"):
        read_all(one_axiom(w, w.ctor(tag, NIL)))


def test_impossible_flags_are_refused() -> None:
    w = Writer()
    name = w.name("a")
    with pytest.raises(BadOlean, match="bad flags"):
        read_all(w.module({name: w.axiom(name, proposition(w), scalars=b"\7")}))


def test_a_pointer_must_lead_down() -> None:
    w = Writer()
    here = BASE + START + len(w.objects)
    with pytest.raises(BadOlean, match="a pointer leads nowhere"):
        read_all(one_axiom(w, w.ctor(5, here, here)))


def test_a_name_too_long_to_handle_is_refused() -> None:
    w = Writer()
    part, field = w.string("a"), NIL
    for _ in range(DEEPEST + 1):
        field = w.ctor(1, field, part)
    with pytest.raises(BadOlean, match="a name is too long"):
        Olean(w.module({field: w.axiom(field, proposition(w))}), Terms())


def test_sharing_cannot_make_a_small_file_large() -> None:
    """A list of 3000 levels, used by 3000 constants: nine million entries from 200 kB."""
    w = Writer()
    levels = w.list(*[NIL] * 3000)
    f = w.name("f")
    term = proposition(w)
    for _ in range(3000):
        term = w.ctor(5, term, w.ctor(4, f, levels))
    with pytest.raises(BadOlean, match="more sharing than an honest file has"):
        read_all(one_axiom(w, term))


def test_overlapping_numbers_cannot_make_a_small_file_large() -> None:
    """A number's digits may be read as further numbers: a thousand of them, each as long as the file."""
    w = Writer()
    numbers = []
    for i in range(1000):
        at = BASE + START + len(w.objects)
        numbers.append(w.put(0, 250, struct.pack("<iiQ", 0, 3 * (3000 - i), at + 24)))
    w.objects += bytes(8 * 3 * 2000)
    names = [w.ctor(2, NIL, n) for n in numbers]
    with pytest.raises(BadOlean, match="more sharing than an honest file has"):
        Olean(w.module(dict.fromkeys(names, NIL)), Terms())


SOURCE = """\
inductive Even : Nat → Prop where | zero : Even 0 | step : Even n → Even (n + 2)
def double (n : Nat) : Nat := n + n
theorem big : 2 ^ 70 = 1180591620717411303424 := by decide
theorem even_double (n : Nat) : Even (double n) := by
  induction n with
  | zero => exact .zero
  | succ n ih =>
    have sum : double (n + 1) = double n + 2 := by unfold double; omega
    rw [sum]
    exact .step ih
def text := "né"
"""


@pytest.fixture(scope="module")
def compiled(embedded_toolchain: Toolchain, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A real module."""

    async def compile_it() -> CompileResult:
        return await CliChecker(embedded_toolchain).compile(SOURCE, tmp_path_factory.mktemp("olean"))

    olean, result = asyncio.run(compile_it())
    assert olean is not None, result.diagnostics
    return olean.read_bytes()


@pytest.mark.embedded
def test_a_real_module_is_read(compiled: bytes) -> None:
    kinds = {show(c.name): c.kind for c in read_all(compiled)}
    assert kinds["Even"] is Kind.INDUCTIVE
    assert kinds["Even.step"] is Kind.CTOR
    assert kinds["Even.rec"] is Kind.REC
    assert kinds["double"] is Kind.DEF
    assert kinds["even_double"] is Kind.THEOREM


@pytest.mark.embedded
def test_every_constant_of_the_library_is_read(embedded_toolchain: Toolchain) -> None:
    library = Library(embedded_toolchain.folders)
    modules = library.closure([("Init",)])
    constants = [olean[name] for olean in modules.values() for name in olean.names]
    assert len(constants) > 2500
    assert {c.kind for c in constants} == set(Kind)


def values_or_bad_olean(data: bytes) -> None:
    try:
        constants = read_all(data)
    except BadOlean:
        constants = []
    assert all(isinstance(c, Constant) for c in constants)
    seen = set[int]()
    with suppress(BadOlean):
        olean = Olean(data, Terms())
        for name in olean.names:
            assert isinstance(olean.mentions(name, seen), set)


def small_module() -> bytes:
    """One constant of every shape that has fields of its own."""
    w = Writer()
    prop = proposition(w)
    t, c, r, d = (w.name(*n) for n in (("T",), ("T", "mk"), ("T", "rec"), ("d",)))
    constant = w.ctor(4, t, NIL)
    head = {n: w.ctor(0, n, NIL, x) for n, x in ((t, prop), (c, constant), (r, prop), (d, prop))}
    types, zero = w.list(t), 1
    rule = w.ctor(0, c, zero, w.ctor(8, NIL, prop, prop, w.ctor(11, t, zero, constant), scalars=b"\0"))
    height = w.ctor(2, scalars=b"\5\0\0\0")
    return w.module({
        t: w.ctor(5, w.ctor(0, head[t], zero, zero, types, w.list(c), zero, scalars=b"\0\0\0")),
        c: w.ctor(6, w.ctor(0, head[c], t, zero, zero, zero, scalars=b"\0")),
        r: w.ctor(7, w.ctor(0, head[r], types, zero, zero, zero, zero, w.list(rule), scalars=b"\0\0")),
        d: w.ctor(1, w.ctor(0, head[d], prop, height, w.list(d), scalars=b"\1")),
    })  # fmt: skip


def test_a_small_module_is_read() -> None:
    t, c, r, d = read_all(small_module())
    assert (t.ctors, c.group, r.group, d.numbers) == ((("T", "mk"),), (("T",),), (("T",),), (7,))
    assert r.rules[0].ctor == ("T", "mk")


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_a_damaged_small_module_gives_values_or_bad_olean(data: st.DataObject) -> None:
    values_or_bad_olean(damage(small_module(), data))


@pytest.mark.embedded
@settings(max_examples=150, deadline=None)
@given(st.data())
def test_a_damaged_real_module_gives_values_or_bad_olean(compiled: bytes, data: st.DataObject) -> None:
    values_or_bad_olean(damage(compiled, data))


def damage(module: bytes, data: st.DataObject) -> bytes:
    """Flip, overwrite, cut or extend, mostly behind the header."""
    b = bytearray(module)
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(b) - 1) | st.integers(min(START, len(b) - 1), len(b) - 1))
        match data.draw(st.sampled_from(["flip", "word", "move", "cut", "extend"])):
            case "flip":
                b[at] ^= 1 << data.draw(st.integers(0, 7))
            case "word":
                values = st.integers(0, 300) | st.integers(0, 2**64 - 1) | st.integers(BASE, BASE + len(b))
                b[at & ~7 : (at & ~7) + 8] = struct.pack("<Q", data.draw(values))
            case "move":  # a pointer from elsewhere
                source = data.draw(st.integers(0, len(b) - 1)) & ~7
                b[at & ~7 : (at & ~7) + 8] = b[source : source + 8]
            case "cut":
                del b[max(at, 1) :]
            case _:
                b += data.draw(st.binary(max_size=64))
    return bytes(b)
