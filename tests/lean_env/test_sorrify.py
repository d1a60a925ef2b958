import asyncio
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lemmata.domain import CheckerIdentity, CheckResult, CheckStatus, Diagnostic, Level, Position, Severity
from lemmata.errors import SourceError
from lemmata.lean_env.cli import CliChecker
from lemmata.lean_env.scanner import line_column, mask
from lemmata.lean_env.skeleton import holes
from lemmata.lean_env.sorrify import WHOLE, sorrify

FAKE = CheckerIdentity(name="fake", level=Level.SIMULATED)


class MarkerChecker:
    """Finds an error at each given marker that stands in the code; times out where `slow` does."""

    identity = FAKE

    def __init__(self, *markers: str, verdict: CheckStatus = CheckStatus.ERRORS) -> None:
        self.markers, self.verdict = markers, verdict
        self.texts: list[str] = []

    async def check(self, text: str, timeout: float, *, goals: bool = False) -> CheckResult:
        self.texts.append(text)
        code = mask(text)
        if "slow" in code:
            return CheckResult(status=CheckStatus.TIMEOUT, checker=FAKE, reason=f"over {timeout} s")
        errors = tuple(
            Diagnostic(severity=Severity.ERROR, start=line_column(text, i), text="no")
            for marker in self.markers
            for i in range(len(code))
            if code.startswith(marker, i)
        )
        if errors:
            return CheckResult(status=self.verdict, diagnostics=errors, checker=FAKE)
        return CheckResult(status=CheckStatus.HOLES if holes(text) else CheckStatus.OK, checker=FAKE)

    async def aclose(self) -> None: ...


class PlaceChecker(MarkerChecker):
    """Finds an error where a function of the text says."""

    def __init__(self, place: Callable[[str], int | None]) -> None:
        super().__init__()
        self.place = place

    async def check(self, text: str, timeout: float, *, goals: bool = False) -> CheckResult:
        self.texts.append(text)
        if (offset := self.place(text)) is None:
            return CheckResult(status=CheckStatus.HOLES, checker=FAKE)
        error = Diagnostic(severity=Severity.ERROR, start=line_column(text, offset), text="no")
        return CheckResult(status=CheckStatus.ERRORS, diagnostics=(error,), checker=FAKE)


HEAD = "theorem t (h : p) : p"


@pytest.mark.parametrize(
    ("proof", "expected", "checks"),
    [
        (" := by\n  simp", " := by\n  simp", 1),
        (" := by\n  simp\n  bad", " := by\n  simp\n  sorry", 2),
        (" := by\n  bad\n  simp", " := by\n  sorry", 2),
        (" := by\n  have h : p := bad\n  simp", " := by\n  have h : p := sorry\n  simp", 2),
        (" := by\n  have h : bad := x\n  simp", " := by\n  sorry", 2),
        (" := by\n  have := bad\n  simp", " := by\n  sorry", 2),
        (" := by\n  · a\n    bad\n    b\n  · c", " := by\n  · a\n    sorry\n  · c", 2),
        (" := by\n  have h : p := by\n    bad\n  · bad", " := by\n  have h : p := by\n    sorry\n  · sorry", 2),
        (" := by\n  have h : p := by\n    bad\n  bad", " := by\n  have h : p := by\n    sorry\n  sorry", 2),
        (" := by\n  calc a = b := bad\n    _ = c := x", " := by\n  calc a = b := sorry\n    _ = c := x", 2),
        (" :=\n  ⟨bad, x⟩", WHOLE, 2),
        (" :=\n  ⟨by bad, x⟩", " :=\n  ⟨by sorry, x⟩", 2),
        ("\n  | 0 => bad\n  | n + 1 => x", "\n  | 0 => sorry\n  | n + 1 => x", 2),
    ],
)
async def test_the_smallest_step_around_an_error_becomes_a_hole(proof: str, expected: str, checks: int) -> None:
    checker = MarkerChecker("bad")
    result = await sorrify(HEAD + proof, checker, 10)
    assert (result.text, result.checks, result.compiles) == (HEAD + expected, checks, True)
    assert result.holes == holes(result.text)
    assert checker.texts[-1] == result.text


async def test_cuts_grow_outwards_where_a_smaller_one_does_not_help() -> None:
    text = HEAD + " := by\n  a\n  · b\n    have h : p := by\n      c\n      d\n    e\n  f"

    def place(text: str) -> int | None:
        return next((text.index(x) for x in ("d\n", "sorry", "c\n") if x in text), None) if "have" in text else None

    checker = PlaceChecker(place)
    result = await sorrify(text, checker, 20)
    assert result.compiles
    assert result.text == HEAD + " := by\n  a\n  · b\n    sorry\n  f"
    kept = [len(t) for t in checker.texts]
    assert len(kept) == len(set(checker.texts)) > 3


async def test_of_errors_inside_each_other_the_inner_one_is_mended_first() -> None:
    class Chain(MarkerChecker):
        async def check(self, text: str, timeout: float, *, goals: bool = False) -> CheckResult:
            found = await super().check(text, timeout)
            if found.status is CheckStatus.ERRORS:  # what is wrong inside makes its surroundings wrong as well
                outer = Diagnostic(severity=Severity.ERROR, start=line_column(text, text.index("cases")), text="no")
                return found.model_copy(update={"diagnostics": (outer, *found.diagnostics)})
            return found

    proof = " := by\n  cases h with\n  | inl h => exact (bad\n  | inr h => a"
    result = await sorrify(HEAD + proof, Chain("bad"), 9)
    assert result.text == HEAD + proof.replace("exact (bad", "sorry")


async def test_goals_that_a_block_leaves_get_a_hole_at_its_end() -> None:
    def place(text: str) -> int | None:
        bullet = text.index("·")
        return bullet if text.count("sorry") < 2 else None

    result = await sorrify(HEAD + " := by\n  · a; b\n  c", PlaceChecker(place), 9)
    assert result.text == HEAD + " := by\n  · a; b\n    sorry\n    sorry\n  c"
    assert result.checks == 3


async def test_an_empty_block_gets_a_hole_and_too_many_goals_cost_the_block() -> None:
    result = await sorrify(HEAD + " := by", PlaceChecker(lambda t: None if "sorry" in t else t.index("by")), 9)
    assert result.text == HEAD + " := by sorry"

    def never(text: str) -> int | None:
        return text.index("·") if "·" in text else None

    result = await sorrify(HEAD + " := by\n  · a\n  b", PlaceChecker(never), 20)
    assert result.text == HEAD + WHOLE


async def test_a_hole_that_is_left_over_goes_away() -> None:
    def place(text: str) -> int | None:
        return text.find("bad") if "bad" in text else text.find("sorry") if "sorry" in text else None

    result = await sorrify(HEAD + " := by\n  a\n  bad\n", PlaceChecker(place), 9)
    assert (result.text, result.checks) == (HEAD + " := by\n  a\n", 3)


@pytest.mark.parametrize(
    ("proof", "expected"),
    [
        (" := by\n  a\n  exact (b\n\ntheorem u : q := x", " := by\n  a\n  sorry\n\ntheorem u : q := x"),
        (" := by\n  a\n  b\n\ntheorem u : q := x", " := by\n  a\n  sorry\n\ntheorem u : q := x"),
    ],
)
async def test_an_error_behind_the_proof_may_come_from_it(proof: str, expected: str) -> None:
    text = HEAD + proof
    region = (len(HEAD), text.index("\n\ntheorem u"))
    checker = PlaceChecker(lambda t: None if "sorry" in t else t.index("theorem u"))
    result = await sorrify(text, checker, 9, region=region)
    assert (result.text, result.compiles) == (HEAD + expected, True)


async def test_an_open_comment_costs_the_whole_proof() -> None:
    checker = PlaceChecker(lambda t: None if t.endswith(WHOLE) else len(t))
    result = await sorrify(HEAD + " := by\n  a\n  /- b", checker, 9)
    assert (result.text, result.checks, result.compiles) == (HEAD + WHOLE, 2, True)


async def test_a_wrong_statement_is_said_so_and_nothing_outside_the_proof_is_touched() -> None:
    text = "import X\n" + HEAD.replace("h : p", "h : bad") + " := by\n  a\n\n-- bad\ndef d := bad\n"
    region = (text.index(" := by"), text.index("\n\n--"))
    result = await sorrify(text, MarkerChecker("bad"), 9, region=region)
    assert not result.compiles
    assert result.last.status is CheckStatus.ERRORS
    assert result.text.startswith(text[: region[0]])
    assert result.text.endswith(text[region[1] :])
    assert result.checks <= 9


async def test_without_a_verdict_automation_goes_first() -> None:
    text = HEAD + " := by\n  have h : p := by nlinarith [slow, x]\n  have g : q := by simp\n  exact x"
    result = await sorrify(text, MarkerChecker(), 9)
    assert (result.text, result.checks) == (text.replace("nlinarith [slow, x]", "sorry"), 2)
    text = HEAD + " := by\n  have h : p := by nlinarith [y, x]\n  have g : q := by simp [slow]\n  exact x"
    result = await sorrify(text, MarkerChecker(), 9)
    assert (result.text.count("by sorry"), result.checks, result.compiles) == (2, 3, True)
    result = await sorrify(HEAD + " := by\n  exact slow", MarkerChecker(), 9)
    assert (result.text, result.checks, result.compiles) == (HEAD + WHOLE, 2, True)
    result = await sorrify(HEAD + " := by\n  have : slow := by simp\n  a", MarkerChecker(), 9)
    assert (result.text, result.compiles) == (HEAD + WHOLE, True)


async def test_errors_before_a_time_out_are_used() -> None:
    checker = MarkerChecker("bad", verdict=CheckStatus.TIMEOUT)
    result = await sorrify(HEAD + " := by\n  a\n  bad", checker, 9)
    assert (result.text, result.compiles) == (HEAD + " := by\n  a\n  sorry", True)


async def test_what_no_checker_can_say_is_left_alone() -> None:
    checker = MarkerChecker("bad", verdict=CheckStatus.UNSUPPORTED)
    text = "import Y\n" + HEAD + " := by\n  bad"
    result = await sorrify(text, checker, 9)
    assert (result.text, result.checks, result.compiles) == (text, 1, False)


async def test_the_limits_of_the_number_of_checks() -> None:
    text = HEAD + " := by\n  a\n  bad"
    once = await sorrify(text, MarkerChecker("bad"), 1)
    assert (once.text, once.checks, once.compiles) == (text, 1, False)
    twice = await sorrify(text, MarkerChecker("bad"), 2)
    assert (twice.text, twice.checks, twice.compiles) == (HEAD + WHOLE, 2, True)
    with pytest.raises(ValueError, match="max_checks"):
        await sorrify(text, MarkerChecker("bad"), 0)


async def test_without_a_region_there_must_be_a_theorem() -> None:
    with pytest.raises(SourceError, match="no theorem"):
        await sorrify("def x := 1", MarkerChecker(), 3)


async def test_the_bare_check_of_a_workbench_will_do() -> None:
    checker = MarkerChecker("bad")
    result = await sorrify(HEAD + " := by\n  bad", checker.check, 3)
    assert result.compiles


@st.composite
def blocks(draw: st.DrawFn, depth: int = 0) -> list[str]:
    lines: list[str] = []
    for _ in range(draw(st.integers(1, 3))):
        nesting = ["have", "bullet", "cases", "calc"] if depth < 3 else []
        kind = draw(st.sampled_from(["leaf", "bad", *nesting]))
        bad = draw(st.sampled_from(["bad", "x"]))
        if kind in ("leaf", "bad"):
            lines.append({"leaf": "exact x", "bad": "simp [bad]"}[kind])
        elif kind == "calc":
            lines += [f"calc a = b := {bad}", "  _ = c := by simp"]
        else:
            inner = draw(blocks(depth + 1))
            opener = {"have": f"have h : {bad} := by", "bullet": "·", "cases": "cases h with"}[kind]
            lines.append(opener if kind != "bullet" else "· " + inner[0])
            lines += ["| inl h =>"] if kind == "cases" else []
            lines += ["  " + line for line in (inner[1:] if kind == "bullet" else inner)]
    return lines


@given(blocks(), st.integers(1, 12), st.randoms())
@settings(deadline=None, max_examples=200)
def test_it_always_ends_with_what_compiles(lines: list[str], limit: int, random) -> None:  # type: ignore[no-untyped-def]
    def place(text: str) -> int | None:  # a checker that reports one error at a time, sometimes near its place
        if "bad" not in text:
            return None
        return max(0, min(len(text), text.index("bad") + random.choice([0, 0, 0, -9, 5])))

    text = HEAD + " := by\n" + "\n".join("  " + line for line in lines)
    for checker in (MarkerChecker("bad"), PlaceChecker(place)):
        result = asyncio.run(sorrify(text, checker, limit))
        assert result.checks == len(checker.texts) <= limit
        assert result.text == checker.texts[-1]
        assert result.text.startswith(HEAD)
        assert result.compiles == ("bad" not in result.text)
        assert result.compiles or limit == 1
        assert result.text == text or len(result.text) <= len(text) + 3 * limit * len("\n    sorry")


BROKEN = [
    ("(p q : Prop) (hp : p) (hq : q) : p ∧ q", "constructor\n· exact hq\n· exact hq", 1),
    ("(p q : Prop) (hp : p) (hq : q) : p ∧ q", "constructor\n· exact hp", 1),
    ("(p q : Prop) (hp : p) (hq : q) : p ∧ q", "have h : q := hp\nexact ⟨hp, (hq⟩", 2),
    ("(p q : Prop) (hp : p) (hq : q) : p ∧ q", "have h : p := by\n  no_such_tactic\nexact ⟨h, hq⟩", 1),
    ("(p q : Prop) (hp : p) (hq : q) : p ∧ q", "refine ⟨?_, ?_⟩\nall_goals exact hp", 1),
    ("(p q : Prop) (hp : p) (hq : q) : p ∧ q", "exact ⟨hp, by\n  skip⟩", 1),
    ("(n : Nat) : 0 + n = n", "induction n with\n| zero => rfl\n| succ n ih => skip", 1),
    ("(n : Nat) : 0 + n = n", "induction n with\n| zero => rfl", 1),
    ("(a b c : Nat) (h : a = b) (g : b = c) : a = c", "calc a = b := h\n  _ = c := h", 1),
    ("(p : Prop) (hp : p) : p", "exact hp\nsimp", 0),
    ("(p q r : Prop) (h : p ∨ q) (f : p → r) : r", "cases h with\n| inl a => exact f a\n| inr a => exact f a", 1),
    ("(n : Nat) : n = n ∧ True", "constructor <;> foo", 1),
    ("(n : Nat) : n = n", "have h : ∀ m : Nat, m = m + 0 := by\n  intro m\n  exact nope m\nrfl", 1),
    ("(p : Prop) (hp : p) : p", "exact hp\n/- open", 1),
]


@pytest.mark.embedded
async def test_broken_proofs_in_a_real_lean(embedded: CliChecker) -> None:
    for statement, body, expected in BROKEN:
        proof = " := by\n" + "\n".join("  " + line for line in body.split("\n"))
        result = await sorrify(f"theorem t {statement}{proof}", embedded, 12)
        assert result.compiles, body
        assert (len(result.last.holes), body) == (expected, body)
        assert result.checks <= 6
        assert result.text.startswith(f"theorem t {statement} :=")


@pytest.mark.embedded
async def test_a_wrong_statement_in_a_real_lean(embedded: CliChecker) -> None:
    result = await sorrify("theorem t (n : Nat) : n = nope.x := by\n  simp\n", embedded, 9)
    assert not result.compiles
    assert result.last.errors[0].start == Position(line=1, column=26)
