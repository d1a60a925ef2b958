from lemmata.agents.offline.script import Close, Step, body
from lemmata.agents.offline.steps import Move


def test_bullets_arms_and_single_goals() -> None:
    split = Step(Move("constructor"), (Close("omega"), Close("simp_all; omega")))
    induction = Step(Move("induction n with", ("zero", "succ n ih")), (Close("rfl"), split))
    script = Step(Move("intro n\nrevert n"), (induction,))
    assert body(script) == (
        " := by\n  intro n\n  revert n\n  induction n with\n  | zero =>\n    rfl\n  | succ n ih =>\n"
        "    constructor\n    · omega\n    · simp_all\n      omega"
    )


def test_a_move_that_leaves_nothing() -> None:
    assert body(Step(Move("by_cases h : p <;> simp_all"), ())) == " := by\n  by_cases h : p <;> simp_all"
