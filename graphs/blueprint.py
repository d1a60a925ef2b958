"""The blueprint: a DAG of lemmas that leads to a theorem. Pure data and pure functions, no I/O."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Final

from lemmata.domain import LemmaDraft, Level, Model, NodeStatus, Problem, Proof
from lemmata.errors import LemmataError
from lemmata.lean_env.scanner import mask

GIVEN: Final = " := by\n  sorry"
"""The body of a lemma that is taken as given."""

# An identifier with its dots: what comes after a dot is another name or a projection, never the lemma.
_IDENTIFIER: Final = re.compile(r"(?:[^\W\d]|«[^»\n]*»)(?:[\w'!?]|«[^»\n]*»)*(?:\.(?:[\w'!?]|«[^»\n]*»)+)*")


class BlueprintError(LemmataError):
    """A blueprint that is not a DAG of distinct lemmas: what the splitter proposed cannot be used."""


class Node(Model):
    """One lemma of a blueprint."""

    draft: LemmaDraft
    status: NodeStatus = NodeStatus.OPEN
    proof: Proof | None = None
    """Set exactly when closed. Its helpers are the blueprint below this node, if it had one."""
    level: Level | None = None
    """What vouches for the proof, or for the refutation."""
    reason: str = ""

    @property
    def name(self) -> str:
        """The lemma's name."""
        return self.draft.name


class Blueprint(Model):
    """Lemmas in the order proposed and the proof of the goal from them. Build it with `plan` or `add`."""

    nodes: tuple[Node, ...] = ()
    main: Proof | None = None
    """The goal's own proof, all lemmas taken as given."""
    idea: str = ""

    def __getitem__(self, name: str) -> Node:
        """The node of a name; KeyError where there is none."""
        return next((n for n in self.nodes if n.name == name), None) or _missing(name)

    @property
    def names(self) -> tuple[str, ...]:
        """Names of all nodes that are not dropped."""
        return tuple(n.name for n in self.live)

    @property
    def live(self) -> tuple[Node, ...]:
        """All nodes that are not dropped."""
        return tuple(n for n in self.nodes if n.status is not NodeStatus.DROPPED)

    @property
    def frontier(self) -> tuple[Node, ...]:
        """The open nodes; each can be worked on at once, since what it uses is taken as given."""
        return tuple(n for n in self.nodes if n.status is NodeStatus.OPEN)

    @property
    def complete(self) -> bool:
        """Whether every node is closed."""
        return self.main is not None and all(n.status is NodeStatus.CLOSED for n in self.live)

    def add(self, draft: LemmaDraft) -> Blueprint:
        """With one more open node. Raises BlueprintError on a repeated name or a cycle, naming it."""
        if draft.name in self.names:
            raise BlueprintError(f"two lemmas are named {draft.name!r}")
        grown = self.model_copy(update={"nodes": (*self.nodes, Node(draft=draft))})
        if cycle := grown.cycle():
            raise BlueprintError("lemmas use each other in a circle: " + " -> ".join(cycle))
        return grown

    def drop(self, name: str) -> Blueprint:
        """Without a node, which stays on record as dropped."""
        return self.update(name, status=NodeStatus.DROPPED, proof=None, level=None)

    def update(self, name: str, **changes: object) -> Blueprint:
        """With some fields of one node changed."""
        old = self[name]
        new = old.model_copy(update=changes)
        return self.model_copy(update={"nodes": tuple(new if n is old else n for n in self.nodes)})

    def cycle(self) -> tuple[str, ...]:
        """A cycle among the live nodes, its first name repeated at the end; empty where there is none."""
        uses = {n.name: n.draft.uses for n in self.live}
        done: set[str] = set()
        for root in uses:
            path: list[str] = []
            todo = [(root, False)]
            while todo:
                name, leaving = todo.pop()
                if leaving:
                    done.add(path.pop())
                elif name in path:
                    return (*path[path.index(name) :], name)
                elif name not in done:
                    path.append(name)
                    todo.append((name, True))
                    todo += [(u, False) for u in reversed(uses[name]) if u in uses]
        return ()

    def order(self) -> tuple[Node, ...]:
        """The live nodes, each after all that it uses, otherwise as proposed."""
        live = {n.name: n for n in self.live}
        done: dict[str, Node] = {}
        todo = [(name, False) for name in reversed(live)]
        while todo:
            name, ready = todo.pop()
            if name in done:
                continue
            if ready:
                done[name] = live[name]
            else:
                todo.append((name, True))
                todo += [(u, False) for u in reversed(live[name].draft.uses) if u in live and u not in done]
        return tuple(done.values())

    def below(self, name: str) -> tuple[Node, ...]:
        """What a node uses, directly or not, in dependency order."""
        wanted: set[str] = set()
        todo = list(self[name].draft.uses)
        while todo:
            used = todo.pop()
            if used not in wanted and used in self.names:
                wanted.add(used)
                todo += self[used].draft.uses
        return tuple(n for n in self.order() if n.name in wanted)

    def merge(self, refined: Blueprint) -> Blueprint:
        """The refined version, in which a node with an unchanged statement that was closed before is still closed.

        A closed node keeps its proof only if everything the proof was allowed to use is in the refined version too,
        with the same statement.
        """
        kept = refined
        for node in refined.live:
            old = next((n for n in self.live if n.name == node.name), None)
            if (
                old is not None
                and old.status is NodeStatus.CLOSED
                and old.draft.statement == node.draft.statement
                and all(_same(self, refined, u.name) for u in self.below(old.name))
            ):
                draft = node.draft.model_copy(update={"uses": old.draft.uses})
                kept = kept.update(node.name, draft=draft, status=old.status, proof=old.proof, level=old.level)
        if cycle := kept.cycle():
            raise BlueprintError("lemmas use each other in a circle: " + " -> ".join(cycle))
        return kept

    def assemble(self, *, taken: Iterable[str] = (), missing: str = GIVEN) -> Proof:
        """One proof of the goal: all lemmas in dependency order as helpers, then the goal's own proof.

        Open nodes get the body `missing`. Lemmas whose names are in `taken` get fresh ones, also where they are used.
        """
        renames = fresh_names(self.names, taken)
        helpers: list[str] = []
        for node in self.order():
            proof = node.proof or Proof(body=missing)
            helpers += [*proof.helpers, node.draft.statement + proof.body]
        main = self.main or Proof(body=missing)
        texts = [rename(h, renames) for h in (*helpers, *main.helpers)]
        return Proof(body=rename(main.body, renames), helpers=tuple(dict.fromkeys(texts)))


def plan(drafts: Iterable[LemmaDraft], main: Proof, idea: str = "") -> Blueprint:
    """A blueprint of open nodes. Raises BlueprintError on repeated names, cycles or uses of what is not there."""
    blueprint = Blueprint(main=main, idea=idea)
    for draft in drafts:
        blueprint = blueprint.add(draft)
    for node in blueprint.nodes:
        for used in node.draft.uses:
            if used not in blueprint.names:
                raise BlueprintError(f"lemma {node.name!r} uses {used!r}, which is not in the blueprint")
    return blueprint


def node_problem(parent: Problem, blueprint: Blueprint, name: str) -> Problem:
    """The problem of one node: its statement after the parent's preamble and the lemmas that it uses, as given."""
    node = blueprint[name]
    given = tuple(n.draft.statement + GIVEN for n in blueprint.below(name))
    namespace = parent.name[: -len(_last(parent.name))]
    whole = Problem(name="", preamble=parent.preamble, lead="", statement="", proof="").with_proof("", given)
    if whole and not whole.endswith("\n"):
        whole += "\n\n"
    return Problem(
        name=namespace + name,
        preamble=whole,
        lead="",
        statement=node.draft.statement,
        proof=GIVEN,
        file=parent.file,
        informal=node.draft.informal,
    )


def fresh_names(names: Iterable[str], taken: Iterable[str]) -> dict[str, str]:
    """New names for those of `names` that are taken, different from all names of either."""
    names = tuple(names)
    used = {*names, *taken}
    clashes = set(taken)
    renames: dict[str, str] = {}
    for name in names:
        if name in clashes:
            number = 1
            while f"{name}_{number}" in used:
                number += 1
            renames[name] = f"{name}_{number}"
            used.add(renames[name])
    return renames


def rename(text: str, renames: dict[str, str]) -> str:
    """A Lean text with some names exchanged where they stand in code, alone or before a projection (`h.symm`)."""
    if not renames:
        return text
    masked = mask(text)
    out: list[str] = []
    done = 0
    for found in _IDENTIFIER.finditer(masked):
        name = text[found.start() : found.end()]
        while name and name not in renames:
            name = name.rpartition(".")[0]
        if name:
            out += (text[done : found.start()], renames[name])
            done = found.start() + len(name)
    return "".join(out) + text[done:]


def identifiers(text: str) -> frozenset[str]:
    """Every identifier in the code of a text, each with its dots."""
    return frozenset(_IDENTIFIER.findall(mask(text)))


def _same(a: Blueprint, b: Blueprint, name: str) -> bool:
    return name in b.names and a[name].draft.statement == b[name].draft.statement


def _missing(name: str) -> Node:
    raise KeyError(name)


def _last(name: str) -> str:
    """The last part of a dotted name; dots inside «» are part of it."""
    parts: Callable[[str], list[str]] = re.compile(r"(?:«[^»]*»|[^.«])+").findall
    return (parts(name) or [name])[-1]
