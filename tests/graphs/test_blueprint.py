from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lemmata.domain import LemmaDraft, Level, NodeStatus, Problem, Proof
from lemmata.graphs.blueprint import (
    GIVEN,
    Blueprint,
    BlueprintError,
    fresh_names,
    node_problem,
    plan,
    rename,
)


def draft(name, *uses, statement=None):
    return LemmaDraft(name=name, statement=statement or f"theorem {name} : True", uses=uses)


MAIN = Proof(body=" := ⟨a, b⟩")
CLOSED = {"status": NodeStatus.CLOSED, "proof": Proof(body=" := trivial"), "level": Level.CHECKED}


@st.composite
def dags(draw):
    """Drafts in any order whose uses point to lower numbers only."""
    size = draw(st.integers(0, 7))
    drafts = [
        draft(f"l{i}", *(f"l{j}" for j in sorted(draw(st.sets(st.integers(0, i - 1), max_size=3)))) if i else ())
        for i in range(size)
    ]
    return draw(st.permutations(drafts))


@settings(deadline=None)
@given(dags())
def test_order_puts_every_node_once_and_after_all_that_it_uses(drafts):
    blueprint = plan(drafts, MAIN)
    order = [n.name for n in blueprint.order()]
    assert sorted(order) == sorted(d.name for d in drafts)
    for d in drafts:
        assert all(order.index(u) < order.index(d.name) for u in d.uses)
        assert {n.name for n in blueprint.below(d.name)} >= set(d.uses)
    assert blueprint.cycle() == ()


@settings(deadline=None)
@given(dags(), st.data())
def test_a_back_edge_is_refused_and_the_cycle_named(drafts, data):
    used = [d for d in drafts if any(d.name in e.uses for e in drafts)]
    if not used:
        return
    low = data.draw(st.sampled_from(used))
    high = next(e for e in drafts if low.name in e.uses)
    broken = [d.model_copy(update={"uses": (*d.uses, high.name)}) if d is low else d for d in drafts]
    with pytest.raises(BlueprintError, match="in a circle") as error:
        plan(broken, MAIN)
    names = str(error.value).split(": ")[1].split(" -> ")
    assert names[0] == names[-1]
    edges = {(d.name, u) for d in broken for u in d.uses}
    assert all(edge in edges for edge in pairwise(names))


@settings(deadline=None)
@given(dags(), st.data())
def test_assembly_states_every_lemma_once_in_order(drafts, data):
    blueprint = plan(drafts, MAIN)
    for d in drafts:
        if data.draw(st.booleans()):
            blueprint = blueprint.update(d.name, **CLOSED)
    proof = blueprint.assemble()
    assert [h.split()[1] for h in proof.helpers] == [n.name for n in blueprint.order()]
    assert sum(h.endswith(GIVEN) for h in proof.helpers) == len(blueprint.frontier)
    assert proof.body == MAIN.body
    assert blueprint.complete == (not blueprint.frontier)


@settings(deadline=None)
@given(dags(), st.data())
def test_merge_keeps_exactly_what_is_closed_and_unchanged(drafts, data):
    old = plan(drafts, MAIN)
    for d in drafts:
        if data.draw(st.booleans()):
            old = old.update(d.name, **CLOSED)
    changed = {d.name for d in drafts if data.draw(st.booleans())}
    new = plan([draft(d.name, *d.uses, statement=f"theorem {d.name} : 1 = 1") if d.name in changed else d
                for d in drafts], MAIN)
    merged = old.merge(new)
    for node in merged.nodes:
        kept = (
            old[node.name].status is NodeStatus.CLOSED
            and node.name not in changed
            and not changed & {n.name for n in old.below(node.name)}
        )
        assert (node.status is NodeStatus.CLOSED) == kept
        assert node.draft.statement == new[node.name].draft.statement


def test_repeated_names_and_unknown_uses_are_refused():
    with pytest.raises(BlueprintError, match="two lemmas are named 'a'"):
        plan([draft("a"), draft("a")], MAIN)
    with pytest.raises(BlueprintError, match="'b' uses 'x'"):
        plan([draft("b", "x")], MAIN)
    with pytest.raises(KeyError):
        Blueprint()["a"]


def test_a_dropped_node_stays_on_record_and_out_of_the_way():
    blueprint = plan([draft("a"), draft("b", "a")], MAIN).update("b", **CLOSED).drop("a")
    assert blueprint["a"].status is NodeStatus.DROPPED
    assert blueprint.names == ("b",)
    assert blueprint.complete
    assert [n.name for n in blueprint.add(draft("a")).live] == ["b", "a"]


def test_merge_refuses_a_cycle_that_old_uses_would_close():
    old = plan([draft("a"), draft("b", "a")], MAIN).update("b", **CLOSED)
    with pytest.raises(BlueprintError, match="in a circle"):
        old.merge(plan([draft("a", "b"), draft("b")], MAIN))


def test_taken_names_are_exchanged_everywhere_in_code():
    blueprint = plan([draft("a"), draft("b", "a")], Proof(body=" := by exact ⟨a, b, X.a, a', a.1⟩ -- a"))
    blueprint = blueprint.update("b", **{**CLOSED, "proof": Proof(body=" := a")})
    proof = blueprint.assemble(taken=("a", "a_1"))
    assert proof.helpers == ("theorem a_2 : True" + GIVEN, "theorem b : True := a_2")
    assert proof.body == " := by exact ⟨a_2, b, X.a, a', a_2.1⟩ -- a"


def test_helpers_shared_by_two_nodes_are_stated_once():
    closed = {**CLOSED, "proof": Proof(body=" := h", helpers=("theorem h : True := trivial",))}
    blueprint = plan([draft("a"), draft("b")], MAIN).update("a", **closed).update("b", **closed)
    assert [h.split()[1] for h in blueprint.assemble().helpers] == ["h", "a", "b"]


@given(st.lists(st.sampled_from(["a", "b", "a_1", "b_1"]), unique=True), st.sets(st.sampled_from(["a", "b", "a_1"])))
def test_fresh_names_clash_with_nothing(names, taken):
    renames = fresh_names(names, taken)
    final = [renames.get(n, n) for n in names]
    assert len(set(final)) == len(final)
    assert not set(final) & taken


def test_rename_leaves_comments_strings_and_quoted_names():
    text = 'a «a» "a" /- a -/ a.b h.a a\n-- a\na'
    assert rename(text, {"a": "z"}) == 'z «a» "a" /- a -/ z.b h.a z\n-- a\nz'
    assert rename(text, {}) == text


def test_a_nodes_problem_gives_what_it_uses_and_nothing_else():
    parent = Problem(name="N.t", preamble="namespace N\n", lead="/-- d -/\n", statement="theorem t : True", proof="",
                     suffix="\nend N\n")
    blueprint = plan([draft("a"), draft("b", "a"), draft("c")], MAIN)
    problem = node_problem(parent, blueprint, "b")
    assert problem.name == "N.b"
    assert problem.text == "namespace N\ntheorem a : True := by\n  sorry\n\ntheorem b : True := by\n  sorry"
    bare = node_problem(parent.model_copy(update={"name": "t", "preamble": ""}), blueprint, "a")
    assert (bare.name, bare.preamble) == ("a", "")
