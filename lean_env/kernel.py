"""The kernel of Lean 4.35.0, called through ctypes. Loads native code: only for a process of its own (`replay`).

The library's constants are put into an empty environment as they are. A declaration to be checked is built anew with
Lean's own constructors from names and terms, so nothing else that a file holds (such as cached hashes) reaches the
kernel. Objects made here get the reference count 0, which Lean never frees.

Functions, their arguments and the layout of what they take are those of one version: `lean_add_decl` has an argument
more in 4.35 than in 4.31, exports come and go. A Lean that is not in `KNOWN` is refused before anything else of it is
called.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterable, Sequence
from ctypes import c_char_p, c_size_t, c_uint8, c_uint32, c_void_p
from pathlib import Path
from typing import Any, Final

from lemmata.lean_env.terms import Constant, Kind, Name, Node, Terms, show

_DECLARATIONS: Final = (Kind.AXIOM, Kind.DEF, Kind.THEOREM, Kind.OPAQUE)  # in the order of `Lean.Declaration`
_QUOT: Final = 4 << 1 | 1
_INDUCTIVE: Final = 6
_KINDS: Final = tuple(Kind)
_NIL: Final = 1
_ARRAY: Final = 246
_STRING: Final = 249
KNOWN: Final = frozenset({"4.35.0"})
"""Versions of Lean whose kernel can be called."""
COMPLAINTS: Final = (
    "unknown constant",
    "already declared",
    "type mismatch",
    "metavariables",
    "free variables",
    "function expected",
    "type expected",
    "let type mismatch",
    "expression type mismatch",
    "application type mismatch",
    "invalid projection",
    "theorem type is not a proposition",
    "other error",
    "timeout",
    "memory",
    "deep recursion",
    "interrupted",
)
"""What the kernel can say, in the order of `Lean.Kernel.Exception`."""


class UnknownKernelError(Exception):
    """A Lean whose kernel cannot be called; the message says why."""


def unknown(lean: str) -> str | None:
    """Why the kernel of this version of Lean cannot be called, in words; None if it can."""
    known = ", ".join(sorted(KNOWN))
    return None if lean in KNOWN else f"the kernel of Lean {lean or '?'} cannot be called; that of {known} can"


class Kernel:
    """One environment that grows as declarations are accepted."""

    def __init__(self, native: Path, terms: Terms) -> None:
        """Load `libleanshared.so` (the path `native`) and start with an empty environment.

        Raises:
            UnknownKernelError: it is of another Lean, or made in another way.
        """
        library = ctypes.CDLL(str(native))

        def function(name: str, *args: type[Any], result: type[Any] | None = c_void_p) -> Callable[..., Any]:
            try:
                f = getattr(library, name)
            except AttributeError:
                raise UnknownKernelError(f"{native.name} has no function {name}") from None
            f.argtypes, f.restype = args, result
            return f  # type: ignore[no-any-return]

        one, two, three = (c_void_p,), (c_void_p,) * 2, (c_void_p,) * 3
        function("lean_initialize", result=None)()
        function("lean_io_mark_end_initialization", result=None)()
        if why := unknown(_version(library)):
            raise UnknownKernelError(why)
        self._mk_string = function("lean_mk_string_from_bytes", c_char_p, c_size_t)
        self._to_nat = function("lean_cstr_to_nat", c_char_p)
        self._name_str = function("l_Lean_Name_str___override", *two)
        self._name_num = function("l_Lean_Name_num___override", *two)
        self._make = {
            "zero": function("lean_level_mk_zero", *one),
            "succ": function("lean_level_mk_succ", *one),
            "param": function("lean_level_mk_param", *one),
            "max": function("lean_level_mk_max", *two),
            "imax": function("lean_level_mk_imax", *two),
            "bvar": function("lean_expr_mk_bvar", *one),
            "sort": function("lean_expr_mk_sort", *one),
            "const": function("lean_expr_mk_const", *two),
            "app": function("lean_expr_mk_app", *two),
            "lam": function("lean_expr_mk_lambda", *three, c_uint8),
            "pi": function("lean_expr_mk_forall", *three, c_uint8),
            "let": function("lean_expr_mk_let", *three, c_void_p, c_uint8),
            "lit": function("lean_expr_mk_lit", *one),
            "proj": function("lean_expr_mk_proj", *three),
        }
        self._add = function("lean_add_decl", c_void_p, c_size_t, c_size_t, *two)
        self._insert = function("lean_environment_add", *two)
        self._find = function("lean_environment_find", *two)
        self._mark_quot = function("lean_environment_mark_quot_init", *one)
        self._equal = {
            Kind.INDUCTIVE: function("l_Lean_instBEqInductiveVal_beq", *two, result=c_uint8),
            Kind.CTOR: function("l_Lean_instBEqConstructorVal_beq", *two, result=c_uint8),
            Kind.REC: function("l_Lean_instBEqRecursorVal_beq", *two, result=c_uint8),
            Kind.QUOT: function("l_Lean_instBEqConstantVal_beq", *two, result=c_uint8),
        }
        self._read_parts = function("l_Lean_readModuleDataParts", c_void_p)
        self._terms = terms
        self._buffers: list[object] = []
        self._names: dict[Name, int] = {(): _NIL}
        self._done: dict[int, int] = {}
        empty = self._result(function("l_Lean_mkEmptyEnvironment", c_uint32)(0))
        self._env = self._keep(function("lean_elab_environment_to_kernel_env", *one)(empty))

    # What one asks of it

    def load(self, files: Sequence[Path]) -> None:
        """Take over the constants of a library module as they are.

        Args:
            files: its `.olean`, and what lies beside it of a `module`: the last one has all constants.
        """
        parts = self._result(self._read_parts(self._array([self._string(str(f)) for f in files])))
        last = _field(parts, 1 + len(files))  # behind size and capacity
        constants = _field(_field(last, 0), 2)
        for i in range(_field(constants, 0)):
            constant = _field(constants, 2 + i)
            if _KINDS[_tag(constant)] is Kind.QUOT:
                self._env = self._keep(self._mark_quot(self._env))
            self._env = self._keep(self._insert(self._env, constant))

    def declare(self, members: Sequence[Constant]) -> str | None:
        """Declare one constant, a whole group of inductive types, or the quotients; what is wrong with it, or None.

        What the kernel makes by itself (constructors, recursors, quotients) must be what the members say.
        """
        first = members[0]
        if first.kind in _DECLARATIONS and len(members) == 1:
            return self._declare(self._ctor(_DECLARATIONS.index(first.kind), self._value(first)))
        if first.kind is Kind.QUOT:
            declaration = _QUOT
        elif whole(members):
            declaration = self._group(members)
        else:
            return "not a whole inductive type"
        if complaint := self._declare(declaration):
            return complaint
        wrong = [c for c in members if not self._agrees(c)]
        return f"not what the kernel makes: {show(wrong[0].name)}" if wrong else None

    def _agrees(self, constant: Constant) -> bool:
        """Whether the constant that the kernel made is this one."""
        found = self._keep(self._find(self._env, self._name(constant.name)))
        if found & 1 or _KINDS[_tag(info := _field(found, 0))] is not constant.kind:
            return False
        value = _field(info, 0)
        if constant.kind is Kind.QUOT:
            return bool(self._equal[Kind.QUOT](_field(value, 0), self._head(constant)) == 1)
        return bool(self._equal[constant.kind](value, self._value(constant)) == 1)

    # Objects

    def _keep(self, address: int) -> int:
        if not address & 1:
            ctypes.c_int32.from_address(address).value = 0
        return address

    def _ctor(self, tag: int, *fields: int, scalars: bytes = b"") -> int:
        size = 16 + 8 * len(fields)  # header, fields, up to 8 bytes of scalars
        header = bytes(4) + size.to_bytes(2, "little") + bytes([len(fields), tag])
        body = b"".join(f.to_bytes(8, "little") for f in fields)
        buffer = ctypes.create_string_buffer(header + body + scalars.ljust(8, b"\0"), size)
        self._buffers.append(buffer)
        return ctypes.addressof(buffer)

    def _array(self, items: Sequence[int]) -> int:
        head = bytes(4) + (1).to_bytes(2, "little") + bytes([0, _ARRAY])
        body = b"".join(f.to_bytes(8, "little") for f in (len(items), len(items), *items))
        buffer = ctypes.create_string_buffer(head + body, len(head) + len(body))
        self._buffers.append(buffer)
        return ctypes.addressof(buffer)

    def _result(self, result: int) -> int:
        if _tag(result) != 0:
            raise RuntimeError("a call of Lean failed")
        return _field(self._keep(result), 0)

    def _list(self, items: Iterable[int]) -> int:
        cell = _NIL
        for item in reversed(list(items)):
            cell = self._ctor(1, item, cell)
        return cell

    def _nat(self, number: int) -> int:
        return 2 * number + 1 if number < 1 << 63 else self._keep(self._to_nat(str(number).encode()))

    def _string(self, text: str) -> int:
        data = text.encode()
        return self._keep(self._mk_string(data, len(data)))

    def _name(self, name: Name) -> int:
        for size in range(1, len(name) + 1):
            if name[:size] not in self._names:
                prefix, last = self._names[name[: size - 1]], name[size - 1]
                made = (
                    self._name_str(prefix, self._string(last))
                    if isinstance(last, str)
                    else self._name_num(prefix, self._nat(last))
                )
                self._names[name[:size]] = self._keep(made)
        return self._names[name]

    def _name_list(self, names: Iterable[Name]) -> int:
        return self._list(map(self._name, names))

    def _term(self, term: int) -> int:
        if term not in self._done:
            for t in sorted(self._terms.below([term])):
                if t not in self._done:
                    self._done[t] = self._keep(self._node(self._terms[t]))
        return self._done[term]

    def _node(self, node: Node) -> int:
        make, parts = self._make[node.op], [self._done[t] for t in node.below]
        match node.op:
            case "zero":
                made = make(_NIL)
            case "lam" | "pi" | "let":
                made = make(_NIL, *parts, 0)
            case "bvar":
                made = make(self._nat(int(node.value)))
            case "param":
                made = make(self._name(node.name))
            case "const":
                made = make(self._name(node.name), self._list(parts))
            case "proj":
                made = make(self._name(node.name), self._nat(int(node.value)), *parts)
            case "lit":
                made = make(self._literal(node.value))
            case _:
                made = make(*parts)
        return int(made)

    def _literal(self, value: int | str) -> int:
        return self._ctor(1, self._string(value)) if isinstance(value, str) else self._ctor(0, self._nat(value))

    # Declarations

    def _declare(self, declaration: int) -> str | None:
        result = self._keep(self._add(self._env, 0, 0, declaration, 1))  # no limit on heartbeats and depth
        if _tag(result) == 1:  # Except.ok
            self._env = self._keep(_field(result, 0))
            return None
        error = _field(result, 0)
        number = error >> 1 if error & 1 else _tag(error)
        return COMPLAINTS[number] if number < len(COMPLAINTS) else f"kernel error {number}"

    def _head(self, c: Constant) -> int:
        return self._ctor(0, self._name(c.name), self._name_list(c.params), self._term(c.type))

    def _value(self, c: Constant) -> int:
        """The object of type `AxiomVal`, `DefinitionVal`, ... that says what `c` says."""
        head, numbers = self._head(c), c.numbers
        flags = bytes(c.flags)
        match c.kind:
            case Kind.AXIOM | Kind.QUOT:
                return self._ctor(0, head, scalars=flags)
            case Kind.DEF | Kind.THEOREM | Kind.OPAQUE:
                body, own = self._term(c.value or 0), self._name_list([c.name])
                if c.kind is not Kind.DEF:
                    return self._ctor(0, head, body, own, scalars=flags)
                hint = numbers[0]
                height = max(hint - 2, 0).to_bytes(4, "little")
                return self._ctor(
                    0, head, body, 2 * hint + 1 if hint < 2 else self._ctor(2, scalars=height), own, scalars=flags
                )
            case Kind.INDUCTIVE:
                params, indices, nested = map(self._nat, numbers)
                names = self._name_list(c.group), self._name_list(c.ctors)
                return self._ctor(0, head, params, indices, *names, nested, scalars=flags)
            case Kind.CTOR:
                return self._ctor(0, head, self._name(c.group[0]), *map(self._nat, numbers), scalars=flags)
            case Kind.REC:
                rules = [self._ctor(0, self._name(r.ctor), self._nat(r.fields), self._term(r.value)) for r in c.rules]
                return self._ctor(
                    0, head, self._name_list(c.group), *map(self._nat, numbers), self._list(rules), scalars=flags
                )

    def _group(self, members: Sequence[Constant]) -> int:
        """The declaration of a whole group of inductive types."""
        named = {c.name: c for c in members}
        first = named[members[0].group[0]]
        types = [self._type(named[n], [named[m] for m in named[n].ctors]) for n in first.group]
        params = self._name_list(first.params)
        return self._ctor(_INDUCTIVE, params, self._nat(first.numbers[0]), self._list(types), scalars=b"\0")

    def _type(self, c: Constant, ctors: Sequence[Constant]) -> int:
        made = [self._ctor(0, self._name(m.name), self._term(m.type)) for m in ctors]
        return self._ctor(0, self._name(c.name), self._term(c.type), self._list(made))


def whole(members: Sequence[Constant]) -> bool:
    """Whether these are the types (first), constructors and recursors of a group of inductive types."""
    kinds = {c.name: c.kind for c in members}
    group = members[0].group
    if members[0].kind is not Kind.INDUCTIVE or not group:
        return False
    if set(kinds.values()) - {Kind.INDUCTIVE, Kind.CTOR, Kind.REC}:
        return False
    ctors = [m for c in members if c.kind is Kind.INDUCTIVE for m in c.ctors]
    return all(kinds.get(n) is Kind.INDUCTIVE for n in group) and all(kinds.get(m) is Kind.CTOR for m in ctors)


def _version(library: ctypes.CDLL) -> str:
    """What a Lean that is initialized says of itself, like `4.35.0`; empty if nothing."""
    try:
        text = c_void_p.in_dll(library, "l_Lean_versionString").value
    except ValueError:  # no such symbol
        return ""
    if not text or text & 1 or _tag(text) != _STRING:
        return ""
    return ctypes.string_at(text + 32, min(_field(text, 0) - 1, 100)).decode("ascii", "replace")


def _field(address: int, index: int) -> int:
    return ctypes.c_uint64.from_address(address + 8 + 8 * index).value


def _tag(address: int) -> int:
    return ctypes.c_uint8.from_address(address + 7).value
