"""Reader of compiled Lean 4.35.0 modules (`.olean`): which constants they declare, with what types and values.

It runs no Lean code and trusts nothing in the file: whatever the bytes are, it answers or raises `BadOlean`. Every
pointer and length is checked, a pointer must lead to a lower address than the object it is in (so nothing loops), and
what is read in all is bounded by the file's size (so sharing cannot make a small file large).

A file is a header (80 bytes), its base address, a pointer to the root object, and the objects, each after those it
points to. An object is `int32 count, uint16 size, uint8 fields, uint8 tag`, then fields, then scalars. A field is a
pointer (base address + offset) or, if odd, a small number. A file that begins with `module` keeps its proofs in
another file; it is refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from struct import unpack_from
from types import MappingProxyType
from typing import Final, TypeAlias

from lemmata.lean_env.terms import Constant, ExprOp, Kind, LevelOp, Name, Node, Rule, Terms, show

HEADER: Final = b"olean\x02\x01" + b"4.35.0".ljust(33, b"\0") + b"eb6cafb7290e8bd5f2937522d8d804f58f02bafc"
START: Final = 96
"""Offset of the first object."""
LARGEST: Final = 1 << 26
"""Bytes of the largest file that is read."""
DEEPEST: Final = 256
"""Parts of the longest name that is read."""
READS: Final = 8
"""How many times the file's size may be read in all (honest files: less than once)."""

_ARRAY, _STRING, _BIG = 246, 249, 250  # other tags, up to 244, are constructors
_Op: TypeAlias = LevelOp | ExprOp | None
_NIL = 1  # the empty list, the anonymous name, `Level.zero`
_LEVELS: Final[tuple[LevelOp, ...]] = ("zero", "succ", "max", "imax", "param")
_EXPRS: Final[tuple[ExprOp | None, ...]] = (
    "bvar", None, None, "sort", "const", "app", "lam", "pi", "let", "lit", None, "proj",
)  # fmt: skip
_MDATA = 10
_FIELDS: Final[Mapping[str, int]] = MappingProxyType(
    dict.fromkeys(("succ", "sort", "bvar", "param", "lit"), 1) | dict.fromkeys(("lam", "pi", "proj"), 3) | {"let": 4}
)
"""How many fields a node has, if not two."""


class BadOlean(Exception):
    """Not a compiled module of Lean 4.35.0 that can be judged; the message says why."""


@dataclass(frozen=True, slots=True)
class Layout:
    """How the value of one kind of constant is stored, after its head (name, parameters, type)."""

    fields: int
    limits: tuple[int, ...] = (1,)
    """The largest value of each of its bytes of scalars."""


_LAYOUTS: Final[Mapping[Kind, Layout]] = MappingProxyType({
    Kind.AXIOM: Layout(1),
    Kind.DEF: Layout(4, (2,)),
    Kind.THEOREM: Layout(3, ()),
    Kind.OPAQUE: Layout(3),
    Kind.QUOT: Layout(1, (3,)),
    Kind.INDUCTIVE: Layout(6, (1, 1, 1)),
    Kind.CTOR: Layout(5),
    Kind.REC: Layout(7, (1, 1)),
})  # fmt: skip


class Olean:
    """One compiled module. Constants are decoded when they are first asked for."""

    def __init__(self, data: bytes, terms: Terms) -> None:
        """Read the table of contents.

        Raises:
            BadOlean: the bytes are not a module that can be judged (from every method).
        """
        if data[:80] != HEADER or not START <= len(data) <= LARGEST:
            raise BadOlean("not an .olean of Lean 4.35.0")
        self.terms = terms
        self._data, self._size, self._left = data, len(data), READS * len(data)
        self._strings: dict[int, str] = {}
        self._names: dict[int, Name] = {_NIL: ()}
        self._decoded: dict[tuple[int, bool], int] = {}
        self._constants: dict[Name, Constant] = {}
        base_and_root: tuple[int, int] = unpack_from("<QQ", data, 80)
        self._base, root = base_and_root
        top = self._pointer(root, self._size)
        imports, names, constants, _extra, _entries = self._ctor(top, 0, 5)
        if self._byte(top, 5, 0):
            raise BadOlean("a `module` file: its proofs are in another file")
        self.imports = tuple(self._name(self._ctor(self._pointer(i, top), 0, 1)[0]) for i in self._array(imports))
        found, where = [self._name(n) for n in self._array(names)], self._array(constants)
        self._where = dict(zip(found, where, strict=False))
        if not len(found) == len(where) == len(self._where):
            raise BadOlean("constant names are repeated or missing")

    @property
    def names(self) -> Iterable[Name]:
        """Names of the constants that it declares, in their order in the file."""
        return self._where.keys()

    def __contains__(self, name: object) -> bool:
        return name in self._where

    def __getitem__(self, name: Name) -> Constant:
        """The constant of that name; KeyError if the module does not declare it."""
        constant = self._constants.get(name)
        if constant is None:
            constant = self._constant(self._where[name])
            if constant.name != name:
                raise BadOlean(f"{show(name)}: the constant filed under this name is {show(constant.name)}")
            self._constants[name] = constant
        return constant

    # Objects, by offset; values, by field

    def _spend(self, size: int) -> None:
        self._left -= size
        if self._left < 0:
            raise BadOlean("more sharing than an honest file has")

    def _pointer(self, field: int, below: int) -> int:
        """The offset that a pointer in an object at `below` leads to."""
        at = field - self._base
        if field & 7 or not START <= at <= min(below, self._size) - 8:
            raise BadOlean("a pointer leads nowhere")
        return at

    def _words(self, at: int, count: int = 1) -> tuple[int, ...]:
        if at < START or at + 8 * count > self._size:
            raise BadOlean("an object does not fit into the file")
        self._spend(8 * count)
        words: tuple[int, ...] = unpack_from(f"<{count}Q", self._data, at)
        return words

    def _byte(self, at: int, fields: int, index: int) -> int:
        at += 8 + 8 * fields + index
        if at >= self._size:
            raise BadOlean("an object does not fit into the file")
        return self._data[at]

    def _ctor(self, at: int, tag: int, fields: int) -> tuple[int, ...]:
        """The fields of the constructor at `at`, which must be of this tag and size."""
        if self._data[at + 7] != tag or self._data[at + 6] != fields:
            raise BadOlean(f"object {at}: wanted constructor {tag} with {fields} fields")
        self._spend(8)
        return self._downward(at, self._words(at + 8, fields))

    def _downward(self, at: int, fields: tuple[int, ...]) -> tuple[int, ...]:
        for field in fields:
            if not field & 1:
                self._pointer(field, at)
        return fields

    def _object(self, field: int, tag: int) -> int:
        at = self._pointer(field, self._size)
        if self._data[at + 7] != tag:
            raise BadOlean(f"object {at}: wanted tag {tag}")
        self._spend(8)
        return at

    def _array(self, field: int) -> tuple[int, ...]:
        at = self._object(field, _ARRAY)
        return self._downward(at, self._words(at + 24, self._words(at + 8)[0]))

    def _list(self, field: int) -> list[int]:
        items = []
        while field != _NIL:
            head, field = self._ctor(self._pointer(field, self._size), 1, 2)
            items.append(head)
        return items

    def _nat(self, field: int) -> int:
        if field & 1:
            return field >> 1
        at = self._object(field, _BIG)  # struct { int32 alloc, size; limb *data }, then the limbs
        size, limbs = self._words(at + 8, 2)
        if self._pointer(limbs, self._size) != at + 24 or (count := size >> 32) >= 1 << 31:
            raise BadOlean(f"object {at}: bad big number")
        self._words(at + 24, count)
        return int.from_bytes(self._data[at + 24 : at + 24 + 8 * count], "little")

    def _string(self, field: int) -> str:
        if (known := self._strings.get(field)) is not None:
            return known
        at = self._object(field, _STRING)
        size = self._words(at + 8)[0]  # bytes, the final zero counted
        if size < 1 or at + 32 + size > self._size or self._data[at + 31 + size]:
            raise BadOlean(f"object {at}: bad string")
        self._spend(size)
        try:
            text = self._data[at + 32 : at + 31 + size].decode()
        except UnicodeDecodeError:
            raise BadOlean(f"object {at}: bad string") from None
        self._strings[field] = text
        return text

    def _name(self, field: int) -> Name:
        todo: list[tuple[int, str | int]] = []
        while field not in self._names:
            at = self._pointer(field, self._size)
            numeric = self._data[at + 7] == 2
            prefix, last = self._ctor(at, 2 if numeric else 1, 2)
            todo.append((field, self._nat(last) if numeric else self._string(last)))
            field = prefix
        name = self._names[field]
        if len(name) + len(todo) > DEEPEST:
            raise BadOlean("a name is too long")
        for at, part in reversed(todo):
            name = self._names[at] = (*name, part)
        return name

    def _name_list(self, field: int) -> tuple[Name, ...]:
        return tuple(self._name(f) for f in self._list(field))

    # Terms

    def _expr(self, field: int) -> int:
        """Decode an expression bottom up, without recursion."""
        done, todo = self._decoded, [(field, False)]
        while todo:
            if todo[-1] not in done:
                op, fields, below = self._open(*todo[-1])
                if missing := [x for x in below if x not in done]:
                    todo += missing
                    continue
                done[todo[-1]] = self._close(op, fields, tuple(done[x] for x in below))
            todo.pop()
        return done[field, False]

    def _open(self, field: int, is_level: bool) -> tuple[_Op, tuple[int, ...], list[tuple[int, bool]]]:
        """Operation (None for `mdata`), fields, and the terms below it with whether they are levels."""
        if is_level and field == _NIL:
            return "zero", (), []
        at = self._pointer(field, self._size)
        tag, ops = self._data[at + 7], _LEVELS if is_level else _EXPRS
        op = ops[tag] if tag < len(ops) else None
        if op is None and (is_level or tag != _MDATA):
            raise BadOlean(f"object {at}: tag {tag} in a term")
        fields = self._ctor(at, tag, _FIELDS.get(op, 2) if op else 2)
        match op:
            case "zero" | "bvar" | "lit" | "param":
                return op, fields, []
            case "const":
                return op, fields, [(f, True) for f in self._list(fields[1])]
            case "succ" | "max" | "imax" | "sort":
                return op, fields, [(f, True) for f in fields]
            case "app":
                return op, fields, [(f, False) for f in fields]
            case "proj":
                return op, fields, [(fields[2], False)]
            case _:  # `lam`, `pi`, `let` and `mdata`, whose first field does not change what the term means
                return op, fields, [(f, False) for f in fields[1:]]

    def _close(self, op: _Op, fields: tuple[int, ...], below: tuple[int, ...]) -> int:
        match op:
            case None:
                return below[0]
            case "bvar":
                return self.terms.add(Node(op, value=self._nat(fields[0])))
            case "lit":
                return self.terms.add(Node(op, value=self._literal(fields[0])))
            case "param" | "const":
                return self.terms.add(Node(op, below, self._name(fields[0])))
            case "proj":
                return self.terms.add(Node(op, below, self._name(fields[0]), self._nat(fields[1])))
            case _:
                return self.terms.add(Node(op, below))

    def _literal(self, field: int) -> int | str:
        at = self._pointer(field, self._size)
        textual = self._data[at + 7] == 1
        (value,) = self._ctor(at, int(textual), 1)
        return self._string(value) if textual else self._nat(value)

    # Constants

    def _constant(self, field: int) -> Constant:
        at = self._pointer(field, self._size)
        kinds = list(Kind)
        if (tag := self._data[at + 7]) >= len(kinds):
            raise BadOlean(f"object {at}: a constant of unknown kind {tag}")
        kind = kinds[tag]
        layout = _LAYOUTS[kind]
        value = self._pointer(self._ctor(at, tag, 1)[0], at)
        fields = self._ctor(value, 0, layout.fields)
        name, params, type_ = self._ctor(self._pointer(fields[0], value), 0, 3)
        flags = tuple(self._byte(value, layout.fields, i) for i in range(len(layout.limits)))
        if any(f > limit for f, limit in zip(flags, layout.limits, strict=True)):
            raise BadOlean(f"object {value}: bad flags")
        group, ctors, numbers, unsafe = self._details(kind, value, fields, flags)
        rules = self._list(fields[6]) if kind is Kind.REC else []
        return Constant(
            kind=kind,
            name=self._name(name),
            params=self._name_list(params),
            type=self._expr(type_),
            value=self._expr(fields[1]) if kind in (Kind.DEF, Kind.THEOREM, Kind.OPAQUE) else None,
            unsafe=unsafe,
            group=group,
            ctors=ctors,
            numbers=numbers,
            flags=flags,
            rules=tuple(self._rule(self._pointer(r, value)) for r in rules),
        )

    def _details(
        self, kind: Kind, at: int, fields: tuple[int, ...], flags: tuple[int, ...]
    ) -> tuple[tuple[Name, ...], tuple[Name, ...], tuple[int, ...], bool]:
        """Group, constructors, numbers, and whether it is `unsafe` or `partial`."""
        match kind:
            case Kind.DEF:  # safety: 0 unsafe, 1 safe, 2 partial
                hint = fields[2] >> 1 if fields[2] in (1, 3) else self._height(self._pointer(fields[2], at)) + 2
                return (), (), (hint,), flags[0] != 1
            case Kind.AXIOM | Kind.OPAQUE:
                return (), (), (), flags[0] != 0
            case Kind.INDUCTIVE:  # flags: recursive, unsafe, reflexive
                numbers = tuple(self._nat(fields[i]) for i in (1, 2, 5))
                return self._name_list(fields[3]), self._name_list(fields[4]), numbers, flags[1] != 0
            case Kind.CTOR:
                return (self._name(fields[1]),), (), tuple(map(self._nat, fields[2:5])), flags[0] != 0
            case Kind.REC:  # flags: K, unsafe
                return self._name_list(fields[1]), (), tuple(map(self._nat, fields[2:6])), flags[1] != 0
            case Kind.THEOREM | Kind.QUOT:
                return (), (), (), False

    def _height(self, at: int) -> int:
        self._ctor(at, 2, 0)
        return self._words(at + 8)[0] & 0xFFFFFFFF

    def _rule(self, at: int) -> Rule:
        ctor, fields, value = self._ctor(at, 0, 3)
        return Rule(self._name(ctor), self._nat(fields), self._expr(value))
