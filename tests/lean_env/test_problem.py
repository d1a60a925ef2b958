"""One theorem cut out of a file as a problem."""

import pytest

from lemmata.errors import SourceError
from lemmata.lean_env.source import problem


def test_a_problem_is_the_file_in_five_pieces() -> None:
    text = (
        "import A\n\nlemma l : q := r\n\n/-- Why. -/\n@[simp] theorem t (x) : p x\n"
        "    := by\n  sorry -- end\n\n#eval 1\n"
    )
    found = problem(text, file="F.lean")
    assert found.text == text
    assert found.name == "t"
    assert found.preamble == "import A\n\nlemma l : q := r\n\n"
    assert found.lead == "/-- Why. -/\n@[simp] "
    assert found.statement == "theorem t (x) : p x"
    assert found.proof == "\n    := by\n  sorry"
    assert found.suffix == " -- end\n\n#eval 1\n"
    assert (found.file, found.informal) == ("F.lean", "Why.")
    assert found.with_proof(" := q").endswith("theorem t (x) : p x := q -- end\n\n#eval 1\n")


SEVERAL = """\
namespace A
theorem one : p := q
lemma two : p := sorry
theorem B.two : p := by
end A
example : p := q
def three : p := q
mutual
theorem four : p := q
end
theorem five : p := q
"""


@pytest.mark.parametrize(
    ("name", "line", "expected"),
    [
        ("A.two", None, "A.two"),
        ("_root_.A.two", None, "A.two"),
        ("B.two", None, "A.B.two"),
        ("one", None, "A.one"),
        (None, 2, "A.one"),
        (None, 11, "five"),
    ],
)
def test_a_target_is_named(name: str | None, line: int | None, expected: str) -> None:
    assert problem(SEVERAL, name=name, line=line).name == expected


@pytest.mark.parametrize(
    ("name", "line", "message"),
    [
        (None, None, "f.lean: 2 theorems have no complete proof: A.two (line 3), A.B.two (line 4); say which"),
        ("two", None, "f.lean: two names several declarations: A.two (line 3), A.B.two (line 4); name a line"),
        ("fiev", None, "f.lean: no theorem is named fiev; nearest: five (line 11)"),
        ("zzzzzz", None, "f.lean: no theorem is named zzzzzz; there is: A.one (line 2), A.two (line 3)"),
        ("three", None, "f.lean:7: def three cannot be a target"),
        ("four", None, "f.lean:9: theorem four stands in a mutual block"),
        (None, 6, "f.lean:6: example (no name) cannot be a target"),
        (None, 5, "f.lean:5: no declaration stands at this line; there is: A.one (line 2)"),
        (None, 99, "f.lean:99: no declaration stands at this line"),
    ],
)
def test_a_target_that_cannot_be_meant(name: str | None, line: int | None, message: str) -> None:
    with pytest.raises(SourceError) as raised:
        problem(SEVERAL, file="f.lean", name=name, line=line)
    assert str(raised.value).startswith(message)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "no theorem found"),
        ("def x := 1", "no theorem found"),
        ("\nexample : p := sorry", "2: an example cannot be a target"),
        ("theorem a : p := q\ntheorem b : p := q", "every theorem has a complete proof: a (line 1), b (line 2)"),
        ("theorem a : p := q /-\n", "1: this comment is never closed"),
        ('theorem a : p :=\n "q', "2: this string is never closed"),
        ("theorem a := sorry", "1: theorem a says nothing"),
        ("theorem : p := sorry", "1: theorem (no name) cannot be a target"),
        ("mutual\ntheorem a : p := sorry\nend", "2: theorem a stands in a mutual block"),
        ("\n".join(f"theorem t{i} : p := sorry" for i in range(15)), "15 theorems have no complete proof: t0 (line 1)"),
    ],
)
def test_a_file_without_a_target(text: str, message: str) -> None:
    with pytest.raises(SourceError) as raised:
        problem(text)
    assert str(raised.value).startswith(message)


def test_a_private_theorem_is_no_target() -> None:
    with pytest.raises(SourceError, match="1: theorem t is private"):
        problem("private theorem t : True := sorry")


def test_one_theorem_with_a_proof_is_meant() -> None:
    assert problem("theorem a : p := q").proof == " := q"
    assert problem("theorem a : p").proof == ""


ANSWER = "abbrev t_solution : ℕ := sorry\n-- 4\ntheorem t : x = t_solution := sorry\n"


def test_the_answer_fills_its_own_hole() -> None:
    assert problem(ANSWER, answer=" 4 ").text == ANSWER.replace("sorry", "4", 1)
    assert problem(ANSWER.replace("sorry", "by sorry", 1), name="t", answer="4").text == ANSWER.replace("sorry", "4", 1)
    assert problem(ANSWER, line=3, answer="by\n  exact 4").name == "t"
    pair = ANSWER.replace("sorry", "(f sorry)", 1)
    assert problem(pair, answer="4").text == pair.replace("sorry", "4", 1)
    two = "abbrev u_solution : ℕ := sorry\n" + ANSWER
    assert problem(two, answer="4").preamble == "abbrev u_solution : ℕ := sorry\nabbrev t_solution : ℕ := 4\n"


@pytest.mark.parametrize(
    ("text", "answer", "message"),
    [
        (ANSWER, None, "1: abbrev t_solution is left open: give its value with --answer TEXT"),
        (ANSWER, "  ", "the answer is empty"),
        (ANSWER.replace("sorry", "4", 1), "4", "an answer is given, but no `.._solution`"),
        (ANSWER.replace("sorry", "(sorry, sorry)", 1), "4", "1: abbrev t_solution has no single `sorry`"),
        (
            ANSWER.replace("-- 4", "def v_solution : ℕ := sorry").replace("t_", "u_"),
            "4",
            "one answer is given, but several",
        ),
        (ANSWER, "4\ntheorem u : p := q", "the answer is no single term"),
        (ANSWER, "4 /-", "the answer is no single term"),
    ],
)
def test_an_answer_that_does_not_fit(text: str, answer: str | None, message: str) -> None:
    with pytest.raises(SourceError) as raised:
        problem(text, answer=answer)
    assert str(raised.value).startswith(message)


@pytest.mark.parametrize(
    ("text", "preamble"),
    [
        ("-- a\n-- b\ntheorem t : True := sorry", ""),
        ("-- a\r\n/- b\n-/\r\n@[simp]\ntheorem t : True := sorry", ""),
        ("-- the answer\n/-- d -/\ntheorem t : True := sorry", "-- the answer\n"),
        ("-- a\n\n-- b\n@[simp] theorem t : True := sorry", "-- a\n\n"),
        ("-- a\n\ntheorem t : True := sorry", "-- a\n\n"),
        ("def x := 1 -- x\ntheorem t : True := sorry", "def x := 1 -- x\n"),
        ("def x := 1 /- x -/\n-- b\ntheorem t : True := sorry", "def x := 1 /- x -/\n"),
        ("/-! m -/\ntheorem t : True := sorry", "/-! m -/\n"),
        ("/- a -/ theorem t : True := sorry", "/- a -/ "),
    ],
)
def test_comments_right_above_a_theorem_stay_with_it(text, preamble):
    cut = problem(text)
    assert cut.preamble == preamble
    assert cut.text == text
