"""Evaluates the statements it can read in small models. A guide to instances that may refute: Lean says what is true.

Quantifiers over numbers look at small ones only, so that `∀` errs towards true and `∃` towards false.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from math import gcd
from typing import Final, TypeAlias

from lemmata.tools.terms import App, Bind, Binder, Name, Num, Op, Term, subterms


class Unreadable(Exception):
    """The term has a part that is not in the vocabulary, or is too costly to evaluate."""


@dataclass(frozen=True, slots=True)
class Sort:
    """A type in a model: `Prop`, `Nat`, `Int`, `Bool`, `Type` (of types), `Fin`, a function type, `Data` of a file."""

    kind: str
    size: int = 0
    """Of `Fin`."""
    name: str = ""
    """Of `Data`."""
    domain: tuple[Sort, ...] = ()
    """Argument types of a function, parameters of `Data`."""
    result: Sort | None = None

    @property
    def text(self) -> str:
        """As Lean writes it."""
        if self.result is not None:
            return " → ".join(s.text for s in (*self.domain, self.result))
        return f"Fin {self.size}" if self.kind == "Fin" else self.kind


PROP: Final = Sort("Prop")
NAT: Final = Sort("Nat")
INT: Final = Sort("Int")
BOOL: Final = Sort("Bool")
TYPE: Final = Sort("Type")

Value: TypeAlias = "bool | int | str | Sort | Callable[..., bool | int]"
Model: TypeAlias = "Mapping[str, tuple[Sort, Value]]"
"""What each variable is: its type in the model, and its value."""

_NAMED: Final = {"Prop": PROP, "Nat": NAT, "ℕ": NAT, "Int": INT, "ℤ": INT, "Bool": BOOL, "Type": TYPE, "Sort": TYPE}
_RELATIONS: Final[Mapping[str, Callable[[int, int], bool]]] = {
    "=": operator.eq, "≠": operator.ne, "<": operator.lt, "≤": operator.le, ">": operator.gt, "≥": operator.ge,
    "==": operator.eq, "!=": operator.ne,
}  # fmt: skip
_ARITHMETIC: Final = frozenset("+-*/%")
_UNARY: Final[Mapping[str, tuple[Sort, Sort, Callable[[int], int]]]] = {
    "Nat.succ": (NAT, NAT, lambda n: n + 1),
    "Nat.pred": (NAT, NAT, lambda n: max(n - 1, 0)),
    "Int.natAbs": (INT, NAT, abs),
    "Int.toNat": (INT, NAT, lambda n: max(n, 0)),
}
_BINARY: Final[Mapping[str, Callable[[int, int], int]]] = {"min": min, "max": max, "Nat.gcd": gcd}
_STEPS: Final = 5_000
_BITS: Final = 20_000


def read_sort(term: Term, model: Model) -> Sort | None:
    """The type that a term spells, given the types chosen for type variables; None where it is none of these."""
    match term:
        case Name(text):
            if text in model:
                sort, value = model[text]
                return value if sort == TYPE and isinstance(value, Sort) else None
            return _NAMED.get(text)
        case App(Name("Type" | "Sort"), (_,)):
            return TYPE
        case App(Name("Fin"), (Num(size),)):
            return Sort("Fin", size)
        case App(Name(head), args) if head in model and isinstance(data := model[head][1], Sort):
            parameters = [read_sort(a, model) for a in args]
            return replace(data, domain=tuple(p for p in parameters if p)) if all(parameters) else None
        case Op("→", (left, right)):
            argument, result = read_sort(left, model), read_sort(right, model)
            if argument is None or result is None or TYPE in (argument, result):
                return None
            if result.result is not None:
                return Sort("fun", domain=(argument, *result.domain), result=result.result)
            return Sort("fun", domain=(argument,), result=result)
        case _:
            return None


@dataclass
class Evaluator:
    """Evaluates terms in one model; it gives up after a fixed number of steps, so that its answers repeat."""

    model: Model
    steps: int = field(default=_STEPS)

    def holds(self, term: Term) -> bool:
        """Whether a proposition is true in the model.

        Raises:
            Unreadable: it cannot be said.
        """
        return self._holds(term, dict(self.model))

    def _holds(self, term: Term, model: Model) -> bool:
        self.steps -= 1
        if self.steps < 0:
            raise Unreadable
        match term:
            case Name("True" | "False" as text):
                return text == "True"
            case Op("¬", (a,)):
                return not self._holds(a, model)
            case Op("∧", (a, b)):
                return self._holds(a, model) and self._holds(b, model)
            case Op("∨", (a, b)):
                return self._holds(a, model) or self._holds(b, model)
            case Op("→", (a, b)):
                return not self._holds(a, model) or self._holds(b, model)
            case Op("↔", (a, b)):
                return self._holds(a, model) == self._holds(b, model)
            case Bind("∀" | "∃" as symbol, binders, body):
                return self._quantified(symbol == "∀", list(binders), body, model)
            case Op(symbol, (a, b)) if symbol in _RELATIONS or symbol == "∣":
                return self._related(symbol, a, b, model)
        sort, value = self._value(term, model, PROP)
        if sort not in (PROP, BOOL):  # a Bool where a proposition is expected means `= true`
            raise Unreadable
        return bool(value)

    def _quantified(self, every: bool, binders: list[Binder], body: Term, model: Model) -> bool:
        if not binders:
            return self._holds(body, model)
        first, *rest = binders
        if len(first.names) != 1:
            rest = [Binder((n,), first.type, first.bracket) for n in first.names[1:]] + rest
        name = first.names[0] if first.names else "_"
        sort = read_sort(first.type, model) if first.type is not None else guess(name, body, model)
        if sort is None and first.type is not None:  # a hypothesis: `∀ h : p, q`
            return not self._holds(first.type, model) or self._quantified(every, rest, body, model)
        for value in _domain(sort, every, model):
            if self._quantified(every, rest, body, {**model, name: (sort or NAT, value)}) != every:
                return not every
        return every

    def _related(self, symbol: str, a: Term, b: Term, model: Model) -> bool:
        sort = _sort_of(a, model) or _sort_of(b, model)
        if sort == NAT and _sort_of(b, model) == INT:
            sort = INT  # the casts go to the leaves
        if sort == PROP:
            return (self._holds(a, model) == self._holds(b, model)) == (symbol in ("=", "=="))
        left, right = (self._number(t, model, sort or NAT) for t in (a, b))
        if symbol == "∣":
            return right == 0 if left == 0 else right % left == 0
        return _RELATIONS[symbol](left, right)

    def _number(self, term: Term, model: Model, sort: Sort) -> int:
        found, value = self._value(term, model, sort)
        if not isinstance(value, int) or found not in (sort, NAT, BOOL):
            raise Unreadable
        return value

    def _value(self, term: Term, model: Model, sort: Sort) -> tuple[Sort, Value]:
        """The value of a term where `sort` is expected."""
        self.steps -= 1
        if self.steps < 0:
            raise Unreadable
        match term:
            case Num(value):
                return sort, value % sort.size if sort.kind == "Fin" and sort.size else value
            case Name(text) if text in model:
                return model[text]
            case Name("true" | "false" as text):
                return BOOL, text == "true"
            case Name(text) if (parts := text.rpartition("."))[0] in model:
                owner = model[parts[0]][0].text
                return self._value(App(Name(f"{owner}.{parts[2]}"), (Name(parts[0]),)), model, sort)
            case App(Name(head), args):
                return self._called(head, args, model, sort)
            case Op(":", (inner, kind)) if (expected := read_sort(kind, model)) is not None:
                return expected, self._value(inner, model, expected)[1]
            case Op("if", (condition, a, b)):
                return self._value(a if self._holds(condition, model) else b, model, sort)
            case Op("==" | "!=" as symbol, (a, b)):
                return BOOL, self._related(symbol, a, b, model)
            case Op("!" | "&&" | "||" as symbol, args):
                truths = [bool(self._number(a, model, BOOL)) for a in args]
                return BOOL, not truths[0] if symbol == "!" else all(truths) if symbol == "&&" else any(truths)
            case Op(symbol, args):
                return sort, self._computed(symbol, args, model, sort)
        raise Unreadable

    def _computed(self, symbol: str, args: tuple[Term, ...], model: Model, sort: Sort) -> int:
        """Arithmetic in `Nat` or `Int`."""
        match symbol, args:
            case "↑", (inner,):
                return self._number(inner, model, NAT)
            case "-", (inner,) if sort == INT:
                return -self._number(inner, model, INT)
            case "^", (base, exponent):
                return _power(self._number(base, model, sort), self._number(exponent, model, NAT))
            case _, (a, b) if symbol in _ARITHMETIC and sort in (NAT, INT):
                return _compute(symbol, self._number(a, model, sort), self._number(b, model, sort), sort)
        raise Unreadable

    def _called(self, head: str, args: tuple[Term, ...], model: Model, sort: Sort) -> tuple[Sort, Value]:
        """A variable or a function known by name, applied."""
        if head in model:
            return self._applied(model[head], args, model)
        if head in _UNARY and len(args) == 1:
            argument, result, unary = _UNARY[head]
            return result, unary(self._number(args[0], model, argument))
        if head in _BINARY and len(args) == 2:
            return sort, _BINARY[head](self._number(args[0], model, sort), self._number(args[1], model, sort))
        raise Unreadable

    def _applied(self, found: tuple[Sort, Value], args: tuple[Term, ...], model: Model) -> tuple[Sort, Value]:
        sort, function = found
        if not callable(function) or sort.result is None or len(sort.domain) != len(args):
            raise Unreadable
        values = [
            self._holds(a, model) if s == PROP else self._number(a, model, s)
            for a, s in zip(args, sort.domain, strict=True)
        ]
        return sort.result, function(*values)


def guess(name: str, body: Term, model: Model) -> Sort | None:
    """The type of a bound variable that is written without one, from the first use that tells."""
    for term in subterms(body):
        match term:
            case App(Name(head), args) if head in model and Name(name) in args:
                sort = model[head][0]
                if len(sort.domain) == len(args):
                    return sort.domain[args.index(Name(name))]
            case Op(symbol, (a, b)) if symbol in _RELATIONS and Name(name) in (a, b):
                found = _sort_of(b if a == Name(name) else a, model)
                if found is not None:
                    return found
    return None


def _sort_of(term: Term, model: Model) -> Sort | None:
    """The type that the leaves of a term give it; numerals fit any."""
    match term:
        case Name("true" | "false"):
            return BOOL
        case Name("True" | "False"):
            return PROP
        case Name(text) if text in model:
            return model[text][0]
        case Name(text):
            return NAT if text.endswith((".succ", ".pred", ".natAbs", ".toNat")) else None
        case Op(":", (_, kind)):
            return read_sort(kind, model)
        case Op("↑", _):
            return INT
        case Op("^", (base, _)):
            return _sort_of(base, model)
        case Op("¬" | "∧" | "∨" | "→" | "↔", _):
            return PROP
        case Op("!" | "&&" | "||" | "==" | "!=", _):
            return BOOL
        case Op(symbol, args) if symbol in _ARITHMETIC or symbol == "if":
            found = [s for a in args[-2:] if (s := _sort_of(a, model)) is not None]
            return INT if INT in found else found[0] if found else None
        case App(Name(head), args) if head in _BINARY:
            return _sort_of(Op("+", args), model)
        case App(Name(head), _):
            return model[head][0].result if head in model else _UNARY[head][1] if head in _UNARY else None
        case _:
            return None


def _domain(sort: Sort | None, every: bool, model: Model) -> range | tuple[bool, bool]:
    """The values looked at; for `∃` more of them, so that what depends on the other variables is found."""
    largest = max((abs(v) for _, v in model.values() if isinstance(v, int)), default=0)
    match sort:
        case Sort(kind="Prop" | "Bool"):
            return (False, True)
        case Sort(kind="Fin", size=size):
            return range(size)
        case Sort(kind="Int"):
            return range(-3, 4) if every else range(-largest - 6, largest + 7)
        case Sort(kind="Nat") | None:
            return range(6) if every else range(largest + 8)
        case _:
            raise Unreadable


def _power(base: int, exponent: int) -> int:
    if exponent < 0 or exponent * base.bit_length() > _BITS:
        raise Unreadable
    return int(base**exponent)


def _compute(symbol: str, a: int, b: int, sort: Sort) -> int:
    """Lean's arithmetic: subtraction of `Nat` stops at 0, `x / 0 = 0`, `x % 0 = x`, remainders are not negative."""
    match symbol:
        case "+":
            value = a + b
        case "-":
            value = a - b if sort == INT else max(a - b, 0)
        case "*":
            value = a * b
        case "/":
            value = 0 if b == 0 else (a - a % abs(b)) // b
        case _:
            value = a if b == 0 else a % abs(b)
    return value
