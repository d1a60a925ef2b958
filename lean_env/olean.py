"""Reader of compiled Lean modules (`.olean`): which constants they declare, with what types and values.

It runs no Lean code and trusts nothing in a file: whatever the bytes are, it answers or raises `BadOlean`. Which Lean's
files are read is in `olean_format`, how objects lie in a file in `region`; here is what they mean.

The root of a file is a `ModuleData` (`src/Lean/Environment.lean`): imports, names of constants, constants, names of the
compiler, entries of extensions, and whether it is a `module`. Of a `module` Lean writes three files (`writeModule`):
`.olean` holds what others may see (a theorem as an axiom, most definitions without their bodies), `.olean.server` what
the editor shows as well, `.olean.private` every constant of the kernel as it is (`mkModuleData` at the level
`private`). A file that is no `module` imports all that it reaches at that level (`importModules`), so the constants of
the last file are the module's constants, and without it a module is refused.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, NamedTuple

from lemmata.lean_env.olean_format import BadOlean, Format
from lemmata.lean_env.region import NIL, UNTRUSTED, Bounds, Buffer, Region
from lemmata.lean_env.terms import Constant, ExprOp, Kind, LevelOp, Name, Node, Rule, Terms, show

__all__ = ["DEEPEST", "BadOlean", "Olean", "Table"]

DEEPEST: Final = 256
"""Parts of the longest name that is read."""
_PARTS: Final = 3
"""Files of a `module`."""


class _Shape(NamedTuple):
    """One constructor of `Level` or `Expr`."""

    op: LevelOp | ExprOp | None
    """None for `mdata`."""
    fields: int
    first: int
    """The first of its fields that is a term of the same type; those behind it are as well."""


_LEVELS: Final = (
    _Shape("zero", 0, 0), _Shape("succ", 1, 0), _Shape("max", 2, 0), _Shape("imax", 2, 0), _Shape("param", 1, 1),
)  # fmt: skip
_EXPRS: Final = (
    _Shape("bvar", 1, 1), None, None, _Shape("sort", 1, 1), _Shape("const", 2, 2), _Shape("app", 2, 0),
    _Shape("lam", 3, 1), _Shape("pi", 3, 1), _Shape("let", 4, 1), _Shape("lit", 1, 1), _Shape(None, 2, 1),
    _Shape("proj", 3, 2),
)  # fmt: skip


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


class _Raw(NamedTuple):
    """The place of a constant."""

    name: Name
    kind: Kind
    at: int
    """Of its `AxiomVal`, `DefinitionVal` ..., whose fields these are:"""
    fields: tuple[int, ...]
    params: int
    type: int

    @property
    def has_value(self) -> bool:
        """Whether its second field is one."""
        return self.kind in (Kind.DEF, Kind.THEOREM, Kind.OPAQUE)


class Table:
    """What a file says first: imports, and where which constant is."""

    def __init__(self, region: Region) -> None:
        """Read the imports.

        Raises:
            BadOlean: the file is damaged (from every method).
        """
        self.region = region
        self.names: dict[int, Name] = {NIL: ()}
        self._strings: dict[int, str] = {}
        top = region.pointer(region.root, region.size)
        imports, self._constant_names, self._constants, _extra, _entries = region.ctor(top, 0, 5)
        flag = region.byte(top, 5, 0)
        if flag > 1:
            raise BadOlean("bad flags")
        self.is_module = flag == 1
        """Whether it is one of several files."""
        found = (region.ctor(region.pointer(i, region.size), 0, 1)[0] for i in region.array(imports))
        self.imports = tuple(dict.fromkeys(map(self.name, found)))

    def where(self) -> dict[Name, int]:
        """The names of its constants, in their order in the file, with the fields that lead to them."""
        found = [self.name(n) for n in self.region.array(self._constant_names)]
        where = self.region.array(self._constants)
        table = dict(zip(found, where, strict=False))
        if not len(found) == len(where) == len(table):
            raise BadOlean("constant names are repeated or missing")
        return table

    def string(self, field: int) -> str:
        """A string."""
        if field not in self._strings:
            self._strings[field] = self.region.string(field)
        return self._strings[field]

    def name(self, field: int) -> Name:
        """A name."""
        todo: list[tuple[int, str | int]] = []
        region, known = self.region, self.names
        while field not in known:
            at = region.pointer(field, region.size)
            numeric = region.data[at + 7] == 2
            prefix, last = region.ctor(at, 2 if numeric else 1, 2)
            todo.append((field, region.nat(last) if numeric else self.string(last)))
            field = prefix
        name = known[field]
        if len(name) + len(todo) > DEEPEST:
            raise BadOlean("a name is too long")
        for at, part in reversed(todo):
            name = known[at] = (*name, part)
        return name

    def name_list(self, field: int) -> tuple[Name, ...]:
        """A list of names."""
        return tuple(map(self.name, self.region.list(field)))


class Olean:
    """One compiled module. Constants are decoded when they are first asked for."""

    def __init__(self, data: Buffer | Sequence[Buffer], terms: Terms, bounds: Bounds = UNTRUSTED) -> None:
        """Read the table of contents.

        Args:
            data: the bytes of the `.olean`, and of `.olean.server` and `.olean.private` where there are such.
            terms: what its terms are added to.
            bounds: what may be asked of it.

        Raises:
            BadOlean: the bytes are not a module that can be judged (from every method).
        """
        files = data if isinstance(data, Sequence) and not isinstance(data, bytes) else (data,)
        self.terms = terms
        self._region = Region(files, bounds)
        self._table = Table(self._region)
        if self._table.is_module and len(files) != _PARTS:
            raise BadOlean("a `module` file: its proofs are in another file")
        if not self._table.is_module and len(files) != 1:
            raise BadOlean("no `module`, and yet several files")
        self.imports = self._table.imports
        self._where = self._table.where()
        zero = terms.add(Node("zero"))
        self._levels: dict[int, int] = {NIL: zero}
        self._exprs: dict[int, int] = {}
        self._constants: dict[Name, Constant] = {}

    @property
    def format(self) -> Format:
        """Which Lean wrote it, and how."""
        return self._region.format

    @property
    def names(self) -> Iterable[Name]:
        """Names of the constants that it declares, in their order in the file."""
        return self._where.keys()

    def __contains__(self, name: object) -> bool:
        return name in self._where

    def __getitem__(self, name: Name) -> Constant:
        """The constant of that name; KeyError if the module does not declare it."""
        if name not in self._constants:
            self._constants[name] = self._constant(self._raw(name))
        return self._constants[name]

    def kind(self, name: Name) -> Kind:
        """The kind of a constant."""
        return self._raw(name).kind

    def mentions(self, name: Name, seen: set[int]) -> set[Name]:
        """Names of the constants that one refers to, without decoding it.

        Args:
            name: of the constant.
            seen: the terms of this module that do not count any more, by their place; it grows.
        """
        raw, table = self._raw(name), self._table
        names, roots = set[Name](), [raw.type, *raw.fields[1:2]] if raw.has_value else [raw.type]
        match raw.kind:
            case Kind.INDUCTIVE:
                names.update(table.name_list(raw.fields[3]), table.name_list(raw.fields[4]))
            case Kind.CTOR:
                names.add(table.name(raw.fields[1]))
            case Kind.REC:
                names.update(table.name_list(raw.fields[1]))
                for rule in self._region.list(raw.fields[6]):
                    ctor, _, value = self._region.ctor(self._region.pointer(rule, raw.at), 0, 3)
                    names.add(table.name(ctor))
                    roots.append(value)
        for root in roots:
            found = self._gather(root, seen, _EXPRS)
            seen.update(found)
            names.update(table.name(fields[0]) for shape, fields in found.values() if shape.op in ("const", "proj"))
        return names

    # Terms

    def _gather(
        self, root: int, done: Container[int], shapes: Sequence[_Shape | None]
    ) -> dict[int, tuple[_Shape, tuple[int, ...]]]:
        """The terms under a root that are not done: shape and fields. In order they are each behind their parts."""
        region, found = self._region, dict[int, tuple[_Shape, tuple[int, ...]]]()
        todo = [root]
        while todo:
            field = todo.pop()
            if field in done or field in found:
                continue
            at = region.pointer(field, region.size)
            tag = region.data[at + 7]
            shape = shapes[tag] if tag < len(shapes) else None
            if shape is None:
                raise BadOlean(f"object {at}: tag {tag} in a term")
            fields = region.ctor(at, tag, shape.fields)
            found[field] = shape, fields
            todo += fields[shape.first :]
        return found

    def _level(self, root: int) -> int:
        done = self._levels
        for field, (shape, fields) in sorted(self._gather(root, done, _LEVELS).items()):
            name = self._table.name(fields[0]) if shape.op == "param" else ()
            below = tuple([done[f] for f in fields[shape.first :]])
            done[field] = self.terms.add(Node(shape.op or "zero", below, name))
        return done[root]

    def _expr(self, root: int) -> int:
        done = self._exprs
        for field, (shape, fields) in sorted(self._gather(root, done, _EXPRS).items()):
            below = tuple([done[f] for f in fields[shape.first :]])
            match shape.op:
                case None:  # `mdata` does not change what the term means
                    done[field] = below[0]
                case "app" | "lam" | "pi" | "let":
                    done[field] = self.terms.add(Node(shape.op, below))
                case op:
                    done[field] = self.terms.add(self._leaf(op, fields, below))
        return done[root]

    def _leaf(self, op: LevelOp | ExprOp, fields: tuple[int, ...], below: tuple[int, ...]) -> Node:
        match op:
            case "const":
                levels = tuple(map(self._level, self._region.list(fields[1])))
                return Node(op, levels, self._table.name(fields[0]))
            case "sort":
                return Node(op, (self._level(fields[0]),))
            case "proj":
                return Node(op, below, self._table.name(fields[0]), self._region.nat(fields[1]))
            case "lit":
                return Node(op, value=self._literal(fields[0]))
            case _:
                return Node(op, value=self._region.nat(fields[0]))

    def _literal(self, field: int) -> int | str:
        at = self._region.pointer(field, self._region.size)
        textual = self._region.data[at + 7] == 1
        (value,) = self._region.ctor(at, int(textual), 1)
        return self._table.string(value) if textual else self._region.nat(value)

    # Constants

    def _raw(self, name: Name) -> _Raw:
        """What stands at the place of a constant; KeyError if the module does not declare it."""
        region, kinds = self._region, list(Kind)
        at = region.pointer(self._where[name], region.size)
        if (tag := region.data[at + 7]) >= len(kinds):
            raise BadOlean(f"object {at}: a constant of unknown kind {tag}")
        kind = kinds[tag]
        value = region.pointer(region.ctor(at, tag, 1)[0], at)
        fields = region.ctor(value, 0, _LAYOUTS[kind].fields)
        filed, params, type_ = region.ctor(region.pointer(fields[0], value), 0, 3)
        if (found := self._table.name(filed)) != name:
            raise BadOlean(f"{show(name)}: the constant filed under this name is {show(found)}")
        return _Raw(name, kind, value, fields, params, type_)

    def _constant(self, raw: _Raw) -> Constant:
        region, layout = self._region, _LAYOUTS[raw.kind]
        flags = tuple(region.byte(raw.at, layout.fields, i) for i in range(len(layout.limits)))
        if any(f > limit for f, limit in zip(flags, layout.limits, strict=True)):
            raise BadOlean(f"object {raw.at}: bad flags")
        group, ctors, numbers, unsafe = self._details(raw.kind, raw.at, raw.fields, flags)
        rules = region.list(raw.fields[6]) if raw.kind is Kind.REC else []
        return Constant(
            kind=raw.kind,
            name=raw.name,
            params=self._table.name_list(raw.params),
            type=self._expr(raw.type),
            value=self._expr(raw.fields[1]) if raw.has_value else None,
            unsafe=unsafe,
            group=group,
            ctors=ctors,
            numbers=numbers,
            flags=flags,
            rules=tuple(self._rule(region.pointer(r, raw.at)) for r in rules),
        )

    def _details(
        self, kind: Kind, at: int, fields: tuple[int, ...], flags: tuple[int, ...]
    ) -> tuple[tuple[Name, ...], tuple[Name, ...], tuple[int, ...], bool]:
        """Group, constructors, numbers, and whether it is `unsafe` or `partial`."""
        table, nat = self._table, self._region.nat
        match kind:
            case Kind.DEF:  # safety: 0 unsafe, 1 safe, 2 partial
                hint = fields[2] >> 1 if fields[2] in (1, 3) else self._height(self._region.pointer(fields[2], at)) + 2
                return (), (), (hint,), flags[0] != 1
            case Kind.AXIOM | Kind.OPAQUE:
                return (), (), (), flags[0] != 0
            case Kind.INDUCTIVE:  # flags: recursive, unsafe, reflexive
                numbers = tuple(nat(fields[i]) for i in (1, 2, 5))
                return table.name_list(fields[3]), table.name_list(fields[4]), numbers, flags[1] != 0
            case Kind.CTOR:
                return (table.name(fields[1]),), (), tuple(map(nat, fields[2:5])), flags[0] != 0
            case Kind.REC:  # flags: K, unsafe
                return table.name_list(fields[1]), (), tuple(map(nat, fields[2:6])), flags[1] != 0
            case Kind.THEOREM | Kind.QUOT:
                return (), (), (), False

    def _height(self, at: int) -> int:
        self._region.ctor(at, 2, 0)
        return self._region.words(at + 8)[0] & 0xFFFFFFFF

    def _rule(self, at: int) -> Rule:
        ctor, fields, value = self._region.ctor(at, 0, 3)
        return Rule(self._table.name(ctor), self._region.nat(fields), self._expr(value))
