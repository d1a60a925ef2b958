"""What a compiled submission really holds, judged as data: nothing of it runs and no message of Lean plays a part.

Is the name a theorem, does it state what the challenge states, which axioms does it rest on. Two statements are the
same if their terms are and so is every constant that they use, through definitions. Names of bound variables, binder
kinds and `mdata` do not count; universe parameters are matched by position; definitions and theorems may go by another
name (Lean names auxiliary ones after whatever used them first) if what they say is the same.

Whether the declarations are well typed is not asked here but by `replay`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from lemmata.domain import Model
from lemmata.lean_env.library import Library, Module
from lemmata.lean_env.olean import BadOlean, Olean
from lemmata.lean_env.terms import Constant, Kind, Name, Node, Terms, show

MOST_PAIRS: Final = 5_000_000
"""How many pairs of terms are compared before a comparison is given up."""
_WIDEST: Final = 64
"""How many parts of a `max` are put in order."""
SORRY: Final[Name] = ("sorryAx",)
# The kernel computes with these by name, whatever their definition: only the library may declare them.
_BY_NAME: Final = frozenset(
    tuple(n.split("."))
    for n in """
    Nat Nat.zero Nat.succ Nat.add Nat.sub Nat.mul Nat.div Nat.mod Nat.gcd Nat.beq Nat.ble Nat.land Nat.lor Nat.xor
    Nat.shiftLeft Nat.shiftRight Nat.pow Nat.log2 Bool Bool.true Bool.false String String.mk String.ofList Char Char.mk
    Char.ofNat List List.nil List.cons Eq Eq.refl Quot Quot.mk Quot.lift Quot.ind Lean.reduceBool Lean.reduceNat
    eagerReduce
    """.split()  # noqa: SIM905
)


class Inspection(Model):
    """What a compiled submission was found to hold."""

    kind: Kind | None = None
    """Of the constant asked for; None if it is not there."""
    same_statement: bool | None = None
    """Whether it states what the challenge states; None if nothing was compared."""
    axioms: tuple[str, ...] = ()
    """Those it rests on, sorted; empty if it is not there."""
    reasons: tuple[str, ...] = ()
    """Everything wrong with it, in words."""


class World:
    """A module together with the library modules that it imports."""

    def __init__(self, module: bytes | Sequence[bytes], library: Library) -> None:
        """Read the tables of contents.

        Args:
            module: the bytes of the `.olean` file; of a `module` also those of `.olean.server` and `.olean.private`.
            library: what it may import.

        Raises:
            BadOlean: the module cannot be judged, or imports what the library does not have.
        """
        self.terms: Terms = library.terms
        self.own = Olean(module, library.terms)
        self._home: dict[Name, Module] = {}
        for other in library.closure(self.own.imports).values():
            if other.format != self.own.format:
                ours, theirs = self.own.format.lean, other.format.lean
                raise BadOlean(
                    f"written by Lean {ours}, its import {show(other.name)} by Lean {theirs} (another build)"
                )
            self._home.update(dict.fromkeys(other.names, other))
        self.repeated = tuple(n for n in self.own.names if n in self._home)

    def __getitem__(self, name: Name) -> Constant:
        return self._at(name)[name]

    def _at(self, name: Name) -> Olean | Module:
        """What declares it: this module, else one of the library."""
        home = self.own if name in self.own else self._home.get(name)
        if home is None:
            raise BadOlean(f"refers to {show(name)}, which is nowhere")
        return home

    def axioms(self, names: Iterable[Name]) -> set[Name]:
        """The axioms that these constants rest on."""
        done: set[Name] = set()
        seen: set[int] = set()
        todo = set(names)
        while todo:
            name = todo.pop()
            done.add(name)
            home = self._at(name)
            todo |= (home.mentions(name) if isinstance(home, Module) else home.mentions(name, seen)) - done
        return {n for n in done if self._at(n).kind(n) is Kind.AXIOM}

    def statement(self, name: Name) -> dict[Name, set[Name]]:
        """What the statement of `name` uses, through this module's own constants: each with what it mentions itself.

        Of a theorem only the statement counts, not the proof.
        """
        used: dict[Name, set[Name]] = {}
        todo = {name}
        while todo:
            c = self[todo.pop()]
            proof = c.kind is Kind.THEOREM
            used[c.name] = self.terms.constants([c.type]) if proof else c.mentions(self.terms)
            todo |= {n for n in used[c.name] if n in self.own and n not in used}
        return used


def inspect(
    module: bytes | Sequence[bytes],
    name: Name,
    library: Library,
    *,
    allow: Iterable[Name],
    challenge: World | None = None,
) -> Inspection:
    """Judge the constant `name` of a compiled submission; see `inspect_all`."""
    return inspect_all(module, [name], library, allow=allow, challenge=challenge)[name]


def inspect_all(
    module: bytes | Sequence[bytes],
    names: Sequence[Name],
    library: Library,
    *,
    allow: Iterable[Name],
    challenge: World | None = None,
) -> dict[Name, Inspection]:
    """Judge constants of a compiled submission, which is read once.

    Args:
        module: the bytes of the `.olean` file; of a `module` also those of `.olean.server` and `.olean.private`.
        names: full names of the theorems.
        library: what it may import.
        allow: axioms that they may rest on. One that the submission declares itself counts only if the challenge
            declares the same.
        challenge: the compiled challenge, in the same library; None compares nothing.
    """
    try:
        world = World(module, library)
        if faults := tuple(_faults(world, challenge)):
            return dict.fromkeys(names, Inspection(reasons=faults))
    except BadOlean as error:
        return dict.fromkeys(names, Inspection(reasons=(str(error),)))
    allowed = frozenset(allow)
    return {name: _inspected(world, name, allowed, challenge) for name in names}


def _inspected(world: World, name: Name, allow: frozenset[Name], challenge: World | None) -> Inspection:
    try:
        if name not in world.own:
            return Inspection(reasons=(_missing(world, name),))
        return _judge(world, name, allow, challenge)
    except BadOlean as error:
        return Inspection(reasons=(str(error),))


def unfit(challenge: World, name: Name) -> str | None:
    """Why nothing can be compared with this theorem of a challenge, if so.

    Raises:
        BadOlean: the challenge's module is damaged.
    """
    if name not in challenge.own:
        return _missing(challenge, name)
    if (kind := challenge[name].kind) is not Kind.THEOREM:
        return f"{show(name)} is not a theorem but {_article(kind)}"
    for user, used in sorted(challenge.statement(name).items(), key=str):
        if SORRY in used:
            what = "is open itself" if user == name else f"uses {show(user)}, which is not defined without `sorry`"
            return f"the statement of {show(name)} {what}: nothing says what is to be proved"
    return None


def _faults(world: World, challenge: World | None) -> Iterator[str]:
    """What makes a module unfit to be judged as a whole."""
    for name in sorted(_BY_NAME & set(world.own.names)):
        yield f"declares {show(name)}, which the kernel treats by name"
    if world.repeated:
        yield f"declares {show(world.repeated[0])} of the library again"
    imports = {*world.own.imports}
    if challenge is None and ("Init",) not in imports:
        yield "does not import Init (`prelude`)"
    if challenge is not None and imports != {*challenge.own.imports}:
        theirs, ours = (", ".join(sorted(map(show, w.own.imports))) or "nothing" for w in (challenge, world))
        yield f"imports {ours} where the challenge imports {theirs}"


def _missing(world: World, name: Name) -> str:
    others = [_where(n) for n in world.own.names if n[-1:] == name[-1:]][:5]
    return f"there is no {show(name)}" + (f"; there is {', '.join(others)}" if others else "")


def _where(name: Name) -> str:
    if name[:1] != ("_private",):
        return show(name)
    inner = max((i for i, part in enumerate(name) if isinstance(part, int)), default=0)
    return f"a private {show(name[inner + 1 :])}"


def _judge(world: World, name: Name, allow: frozenset[Name], challenge: World | None) -> Inspection:
    reasons = []
    kind = world[name].kind
    if kind is not Kind.THEOREM:
        reasons.append(f"{show(name)} is not a theorem but {_article(kind)}")
    difference = None if challenge is None else Comparison(world, challenge).difference(name)
    if difference is not None:
        reasons.append(difference)
    axioms = sorted(world.axioms([name]), key=show)
    for axiom in axioms:
        own = axiom in world.own
        if axiom not in allow:
            what = "is not complete: it rests on `sorry`," if axiom == SORRY else "rests on"
            reasons.append(f"{show(name)} {what} the axiom {show(axiom)}")
        elif own and (challenge is None or Comparison(world, challenge).difference(axiom)):
            reasons.append(f"declares the axiom {show(axiom)} itself")
    return Inspection(
        kind=kind,
        same_statement=None if challenge is None else not difference,
        axioms=tuple(map(show, axioms)),
        reasons=tuple(reasons),
    )


def _article(kind: Kind) -> str:
    words = {Kind.DEF: "a definition", Kind.CTOR: "a constructor", Kind.REC: "a recursor", Kind.QUOT: "a quotient"}
    return words.get(kind, f"an {kind} constant" if kind is Kind.OPAQUE else f"an {kind}")


@dataclass(frozen=True)
class Comparison:
    """Whether constants of two worlds over one library say the same."""

    ours: World
    theirs: World

    def difference(self, name: Name) -> str | None:
        """Why `name` does not state the same in both, or None. What the statement uses counts as well."""
        if name not in self.theirs.own:
            return f"the challenge has no {show(name)}"
        pairs = self._types(self.ours[name], self.theirs[name])
        if pairs is None:
            return "the statement differs from the challenge's"
        found = dict.fromkeys(pairs, "the statement")  # with what mentions them
        done: set[tuple[Name, Name]] = set()
        while todo := found.keys() - done:
            done |= todo
            for a, b in sorted(todo, key=lambda pair: (len(pair[0]), str(pair))):
                pairs = self._constants(a, b)
                if pairs is None and a != b:
                    return f"{found[a, b]} uses {show(a)} where the challenge's uses {show(b)}"
                if pairs is None:
                    return f"{show(a)}, used in the statement, differs from the challenge's"
                for pair in pairs:
                    found.setdefault(pair, f"{show(a)}, used in the statement,")
        return None

    def _types(self, x: Constant, y: Constant) -> set[tuple[Name, Name]] | None:
        return self._terms(x, y, [(x.type, y.type)])

    def _constants(self, a: Name, b: Name) -> set[tuple[Name, Name]] | None:
        """The pairs of constants that must say the same for `a` and `b` to do so; None if they do not."""
        if a not in self.ours.own or b not in self.theirs.own:
            return set() if a == b and a not in self.ours.own and b not in self.theirs.own else None
        x, y = self.ours[a], self.theirs[b]
        if x.kind is not y.kind or (a != b and x.kind not in (Kind.DEF, Kind.THEOREM)):
            return None
        if x.kind is Kind.THEOREM:  # all proofs of one statement are the same
            return self._types(x, y)
        numbers = x.kind is Kind.DEF or x.numbers == y.numbers  # of a definition: how eagerly it is unfolded
        if not numbers or (x.unsafe, x.flags, x.group, x.ctors) != (y.unsafe, y.flags, y.group, y.ctors):
            return None
        if [(r.ctor, r.fields) for r in x.rules] != [(r.ctor, r.fields) for r in y.rules]:
            return None
        pairs = self._terms(x, y, list(zip(x.roots, y.roots, strict=True)))
        return pairs if pairs is None else pairs | {(n, n) for n in (*x.group, *x.ctors)}

    def _terms(self, x: Constant, y: Constant, todo: list[tuple[int, int]]) -> set[tuple[Name, Name]] | None:
        """The pairs of constants in these terms of `x` and `y`; None if the terms differ otherwise."""
        if len(x.params) != len(y.params):
            return None
        levels: dict[object, int] = {}
        ours, theirs = (_Levels(self.ours.terms, c.params, levels) for c in (x, y))
        seen: set[tuple[int, int]] = set()
        pairs: set[tuple[Name, Name]] = set()
        while todo:
            pair = todo.pop()
            if pair in seen:
                continue
            seen.add(pair)
            if len(seen) > MOST_PAIRS:
                raise BadOlean("the statement is too large to be compared")
            a, b = self.ours.terms[pair[0]], self.theirs.terms[pair[1]]
            if (a.op, a.value, len(a.below)) != (b.op, b.value, len(b.below)):
                return None
            if a.op == "proj" and a.name != b.name:
                return None
            if a.op in ("const", "proj"):
                pairs.add((a.name, b.name))
            if a.op in ("const", "sort"):
                if [*map(ours.form, a.below)] != [*map(theirs.form, b.below)]:
                    return None
            else:
                todo += zip(a.below, b.below, strict=True)
        return pairs


class _Levels:
    """Universe levels in a form that does not depend on the names of parameters, nor on the order in a `max`.

    Lean sorts what stands in a `max` by name.
    """

    def __init__(self, terms: Terms, params: tuple[Name, ...], forms: dict[object, int]) -> None:
        """Take a constant's universe parameters; `forms`, which grows, numbers the forms of both sides."""
        self._terms, self._forms = terms, forms
        self._params = {name: i for i, name in enumerate(params)}
        self._known: dict[int, int] = {}
        self._parts: dict[int, frozenset[int]] = {}

    def form(self, level: int) -> int:
        """A number that is the same for the same levels."""
        if level not in self._known:
            for t in sorted(self._terms.below([level])):
                if t not in self._known:
                    self._known[t] = self._form(self._terms[t])
        return self._known[level]

    def _form(self, node: Node) -> int:
        below = [self._known[b] for b in node.below]
        if node.op != "max":
            place = self._params.get(node.name, node.name) if node.op == "param" else 0
            return self._forms.setdefault((node.op, place, *below), len(self._forms))
        parts = frozenset().union(*(self._parts.get(b, {b}) for b in below))
        if len(parts) > _WIDEST:
            parts = frozenset(below)
        form = self._forms.setdefault(parts, len(self._forms))
        self._parts[form] = parts
        return form
