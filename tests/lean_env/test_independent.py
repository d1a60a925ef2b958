"""Independent checkers: where they are found, how they are asked, what their answers are worth. All are doubles."""

import json
import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from lemmata.domain import CheckerIdentity, Level
from lemmata.lean_env.independent import (
    Case,
    Found,
    IndependentChecker,
    Stance,
    ask_all,
    find_checkers,
    pinned,
)
from lemmata.lean_env.judge import JudgeCase, Module
from lemmata.lean_env.toolchain import Toolchain

DOUBLES = Path(__file__).resolve().parent.parent / "doubles"
OURS = "4.35.0"


def script(path: Path, double: str, *words: str) -> Path:
    """An executable file that is a double."""
    path.parent.mkdir(parents=True, exist_ok=True)
    command = " ".join([sys.executable, "-I", "-S", str(DOUBLES / f"{double}.py"), *words])
    path.write_text(f'#!/bin/sh\nexec {command} "$@"\n', encoding="utf-8")
    path.chmod(0o755)
    return path


class Place:
    """A machine with a toolchain, a Lake project and a PATH of its own."""

    def __init__(self, root: Path) -> None:
        self.root, self.bin, self.project = root, root / "toolchain" / "bin", root / "project"
        self.project.mkdir()
        self.environment = {"PATH": os.environ["PATH"], "ASKED": str(root / "asked.json"), "PLAY": "0"}

    def bundle(self, *names: str) -> None:
        """Put programs into the toolchain, as newer releases have them."""
        for name in names:
            script(self.bin / name, "comparator", name if name in ("lake", "leanexport") else "kernel")

    def package(self, name: str, program: str, double: str, *words: str, lean: str | None = OURS) -> Path:
        """Put a program into one of the project's packages, built with some Lean."""
        folder = self.project / ".lake" / "packages" / name
        path = script(folder / ".lake" / "build" / "bin" / program, double, *words)
        if lean is not None:
            (folder / "lean-toolchain").write_text(f"leanprover/lean4:v{lean}\n", encoding="utf-8")
        return path

    @property
    def lean(self) -> Toolchain:
        return Toolchain(
            program=self.bin / "lean",
            library=self.root / "libleanshared.so",
            folders=(self.root / "library",),
            environment=self.environment,
            identity=CheckerIdentity(name="cli", level=Level.CHECKED, lean_version=OURS),
        )

    def found(self, **kernels: Sequence[str]) -> Found:
        return find_checkers(self.lean, self.project, kernels)

    def case(
        self, submission: str = "proof", *, challenge: str | None = "sorry", timeout: float = 20, allow: str = "propext"
    ) -> Case:
        folder = self.root / "case"
        for role, text in (("c", challenge or ""), ("s", submission)):
            (folder / role).mkdir(parents=True, exist_ok=True)
            (folder / role / "Main.olean").write_text(f"module of {text}", encoding="utf-8")
        (exports := folder / "exports").mkdir(exist_ok=True)
        judged = JudgeCase(
            toolchain=self.lean,
            module="Main",
            challenge=Module.at(folder / "c" / "Main.olean") if challenge is not None else None,
            submission=Module.at(folder / "s" / "Main.olean"),
            targets=(("my", "target"),),
            allow=((allow,),),
            timeout=timeout,
        )
        return Case(judged, challenge, submission, exports)

    @property
    def asked(self) -> Any:
        return json.loads((self.root / "asked.json").read_text(encoding="utf-8"))


class Bubble:
    """A confinement that lets everything pass and tells what it was asked to let in."""

    name = "bubblewrap"

    def __init__(self, seen: list[Path]) -> None:
        self.seen = seen

    def reading(self, folders: Sequence[Path]) -> "Bubble":
        self.seen += folders
        return self

    def wrap(self, argv: Sequence[str], cwd: Path, memory: int) -> list[str]:
        return [*argv]


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def only(found: Found) -> IndependentChecker:
    (checker,) = found.checkers
    return checker


OUTCOMES = [
    ("0", Stance.AGREED, "ended with exit code 0"),
    ("1", Stance.REFUSED, "ended with exit code 1: it ends with 1"),
    ("2", Stance.NO_VERDICT, "ended with exit code 2"),
    ("134", Stance.NO_VERDICT, "ended with exit code 134"),
    ("-9", Stance.NO_VERDICT, "was killed by signal 9"),
    ("hang", Stance.NO_VERDICT, "gave no answer in"),
]


class TestToolchainComparator:
    """`lake comparator`, from Lean 4.35 on."""

    @pytest.mark.parametrize(("play", "stance", "words"), OUTCOMES)
    async def test_its_exit_code_decides(self, place: Place, play: str, stance: Stance, words: str) -> None:
        place.bundle("lake", "leanexport")
        place.environment["PLAY"] = play
        said = await only(place.found()).judge(place.case(timeout=4 if play == "hang" else 20))
        assert (said.checker, said.version, said.stance) == ("comparator", OURS, stance)
        assert words in said.evidence
        assert str(place.root) not in said.evidence

    async def test_what_it_is_given(self, place: Place) -> None:
        place.bundle("lake", "leanexport")
        checker = only(place.found())
        assert (checker.name, checker.version) == ("comparator", OURS)
        await checker.judge(place.case())
        config = place.asked["config"]
        assert config["theorem_names"] == ["my.target"]
        assert config["permitted_axioms"] == ["propext"]
        for role, text in (("challenge", "sorry"), ("solution", "proof")):
            lines = [json.loads(line) for line in place.asked[role].splitlines()]
            assert [line["name"] for line in lines][:3] == ["my.target", "propext", "Nat"]
            assert {line["in"] for line in lines} == {f"module of {text}"}
        assert place.asked["flags"] == []

    async def test_inside_our_own_sandbox_it_makes_none(self, place: Place) -> None:
        place.bundle("lake", "leanexport")
        seen: list[Path] = []
        case = place.case()
        confined = replace(case, judged=replace(case.judged, confinement=Bubble(seen)))
        await only(place.found()).judge(confined)
        assert place.asked["flags"] == ["--inadvisably-no-sandbox"]
        assert {place.bin / "leanexport", place.bin / "lake", place.bin} <= {*seen}

    async def test_without_an_export_or_a_challenge_it_is_not_asked(self, place: Place) -> None:
        place.bundle("lake", "leanexport")
        checker = only(place.found())
        said = await checker.judge(place.case(challenge=None))
        assert (said.stance, said.evidence) == (Stance.NO_VERDICT, "there is no challenge to compare with: not asked")
        place.environment["EXPORT"] = "fail"
        said = await checker.judge(place.case())
        assert said.stance is Stance.NO_VERDICT
        assert "nothing to export" in said.evidence
        assert not (place.root / "asked.json").exists()


class TestProjectComparator:
    """The `comparator` of older releases, which compiles both texts itself."""

    @pytest.fixture
    def checker(self, place: Place, monkeypatch: pytest.MonkeyPatch) -> IndependentChecker:
        place.package("comparator", "comparator", "comparator", "comparator")
        place.bundle("lake")
        for program in ("LANDRUN", "LEAN4EXPORT"):
            monkeypatch.setenv(f"COMPARATOR_{program}", "/bin/true")
        (place.project / "lakefile.toml").write_text('name = "p"', encoding="utf-8")
        (place.project / "Own.lean").write_text("", encoding="utf-8")
        return only(place.found())

    @pytest.mark.parametrize(("play", "stance", "words"), OUTCOMES)
    async def test_its_exit_code_decides(
        self, place: Place, checker: IndependentChecker, play: str, stance: Stance, words: str
    ) -> None:
        place.environment["PLAY"] = play
        said = await checker.judge(place.case(timeout=2 if play == "hang" else 20))
        assert (said.checker, said.version, said.stance) == ("comparator", OURS, stance)
        assert words in said.evidence

    @pytest.mark.parametrize("form", ["toml", "lean"])
    async def test_what_it_is_given(self, place: Place, checker: IndependentChecker, form: str) -> None:
        if form == "lean":
            (place.project / "lakefile.toml").unlink()
            (place.project / "lakefile.lean").write_text("package p", encoding="utf-8")
        await checker.judge(place.case())
        assert place.asked["challenge"] == "sorry"
        assert place.asked["solution"] == "proof"
        assert place.asked["config"]["theorem_names"] == ["my.target"]
        assert {".lake", "Own.lean", f"lakefile.{form}", "config.json"} <= {*place.asked["listing"]}
        (lakefile,) = place.asked["lakefile"]
        library = "lean_lib Lemmata{}" if form == "lean" else '[[lean_lib]]\nname = "Lemmata{}"'
        assert all(library.format(role) in lakefile for role in ("Challenge", "Solution"))
        assert not (place.project / "config.json").exists()

    async def test_what_it_is_not_asked(self, place: Place, checker: IndependentChecker) -> None:
        for case, why in (
            (place.case(challenge=None), "no challenge"),
            (place.case("private theorem h"), "private names"),
        ):
            said = await checker.judge(case)
            assert said.stance is Stance.NO_VERDICT
            assert why in said.evidence
        (place.project / "lakefile.toml").unlink()
        said = await checker.judge(place.case())
        assert (said.stance, "there is no lakefile" in said.evidence) == (Stance.NO_VERDICT, True)
        assert not (place.root / "asked.json").exists()

    def test_it_needs_programs_and_a_project(
        self, place: Place, checker: IndependentChecker, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.delenv("COMPARATOR_LANDRUN")
        monkeypatch.setenv("PATH", "/nowhere")
        found = place.found()
        assert found.checkers == ()
        assert "it needs landrun and git on the PATH" in found.remarks[0]
        (place.bin / "lake").unlink()
        assert "works in a Lake project only" in place.found().remarks[0]


class TestSafeVerify:
    """SafeVerify, from the project's packages."""

    @pytest.fixture
    def checker(self, place: Place) -> IndependentChecker:
        place.package("SafeVerify", "safe_verify", "safe_verify")
        return only(place.found())

    @pytest.mark.parametrize(
        ("play", "stance"),
        [("0", Stance.AGREED), ("1", Stance.REFUSED), ("3", Stance.NO_VERDICT), ("hang", Stance.NO_VERDICT)],
    )
    async def test_its_exit_code_decides(
        self, place: Place, checker: IndependentChecker, play: str, stance: Stance
    ) -> None:
        place.environment["PLAY"] = play
        said = await checker.judge(place.case(timeout=2 if play == "hang" else 20))
        assert (said.checker, said.version, said.stance, said.confirms) == ("SafeVerify", OURS, stance, True)

    @pytest.mark.parametrize("report", ["", "{", "[3]", '[{"failureMode": null}]'])
    async def test_its_report_is_evidence_and_no_more(
        self, place: Place, checker: IndependentChecker, report: str
    ) -> None:
        wrong = [{"failureMode": {"kind": ["theorem", "axiom"]}}, {"failureMode": "thmType"}]
        place.environment |= {"PLAY": "1", "REPORT": json.dumps(wrong)}
        said = await checker.judge(place.case())
        assert said.evidence.endswith('({"kind": ["theorem", "axiom"]}; "thmType")')
        place.environment |= {"PLAY": "1", "REPORT": report}
        said = await checker.judge(place.case())
        assert said.stance is Stance.REFUSED
        place.environment |= {"PLAY": "0", "REPORT": json.dumps(wrong)}
        assert (await checker.judge(place.case())).stance is Stance.AGREED

    async def test_what_it_is_not_asked(self, place: Place, checker: IndependentChecker) -> None:
        for case, why in (
            (place.case(challenge=None), "no challenge"),
            (place.case(allow="mine"), "the three standard axioms only, not mine"),
        ):
            said = await checker.judge(case)
            assert (said.stance, why in said.evidence) == (Stance.NO_VERDICT, True)


class TestKernels:
    """Other kernels, bundled or configured."""

    @pytest.mark.parametrize(
        ("play", "stance"),
        [
            ("0", Stance.AGREED),
            ("1", Stance.REFUSED),
            ("101", Stance.REFUSED),
            ("2", Stance.NO_VERDICT),
            ("-6", Stance.NO_VERDICT),
        ],
    )
    async def test_its_exit_code_decides(self, place: Place, play: str, stance: Stance) -> None:
        place.bundle("leanexport", "con-leche")
        place.environment["PLAY"] = play
        said = await only(place.found()).judge(place.case(challenge=None))
        assert (said.checker, said.version, said.stance, said.confirms) == ("con-leche", OURS, stance, True)

    async def test_the_bundled_ones(self, place: Place) -> None:
        place.bundle("leanexport", "lake", "nanoda_bin", "lean4lean", "con-leche", "con-ron", "leanchecker")
        said = await ask_all(place.case(), place.found().checkers)
        assert [a.checker for a in said] == [
            "comparator",
            "nanoda",
            "lean4lean",
            "con-leche",
            "con-ron",
            "leanchecker",
        ]
        assert {a.stance for a in said} == {Stance.AGREED}
        assert [a.confirms for a in said] == [True] * 5 + [False]  # the last is Lean's own kernel once more

    async def test_nanoda_gets_its_settings(self, place: Place) -> None:
        place.bundle("leanexport", "nanoda_bin")
        await only(place.found()).judge(place.case())
        assert place.asked["settings"]["permitted_axioms"] == ["propext"]
        assert json.loads(place.asked["solution"]) == {"name": "my.target", "in": "module of proof"}

    async def test_configured_ones(self, place: Place) -> None:
        place.package("lean4export", "lean4export", "comparator", "leanexport")
        mine = str(script(place.root / "mine", "comparator", "kernel"))
        for command in ((mine, "--quick"), (mine, "--quick", "{export}")):
            said = await only(place.found(mine=command)).judge(place.case())
            assert (said.checker, said.stance) == ("mine", Stance.AGREED)
            assert place.asked["words"] == ["--quick"]
            assert "`mine --quick submission.ndjson`" in said.evidence

    async def test_one_that_cannot_be_started(self, place: Place) -> None:
        place.package("lean4export", "lean4export", "comparator", "leanexport")
        said = await only(place.found(mine=("/nowhere/mine",))).judge(place.case())
        assert (said.stance, said.evidence) == (Stance.NO_VERDICT, "there is no program /nowhere/mine")

    async def test_without_an_exporter(self, place: Place) -> None:
        found = place.found(mine=("mine",))
        assert found.checkers == ()
        assert found.remarks == (f"mine: not used, there is no `lean4export` of Lean {OURS} to export for it",)

    async def test_what_cannot_be_exported_is_not_asked(self, place: Place) -> None:
        place.bundle("leanexport", "con-ron")
        place.environment["EXPORT"] = "fail"
        said = await only(place.found()).judge(place.case())
        assert (said.stance, "nothing to export" in said.evidence) == (Stance.NO_VERDICT, True)


class TestSearch:
    """What counts as found."""

    def test_nothing(self, place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("PATH", "/nowhere")
        assert place.found() == Found()
        assert find_checkers(place.lean) == Found()

    @pytest.mark.parametrize(("lean", "why"), [("4.34.0", "was built with Lean 4.34.0"), (None, "does not say")])
    def test_another_lean_is_not_used(self, place: Place, lean: str | None, why: str) -> None:
        program = place.package("SafeVerify", "safe_verify", "safe_verify", lean=lean)
        found = place.found()
        assert found.checkers == ()
        assert found.remarks[0].startswith(f"{program} is not used: it {why}")
        assert f"what is judged is of Lean {OURS}" in found.remarks[0]

    def test_on_the_path(self, place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
        built = place.root / "SafeVerify" / ".lake" / "build" / "bin"
        script(built / "safe_verify", "safe_verify")
        (place.root / "SafeVerify" / "lean-toolchain").write_text(f"leanprover/lean4:v{OURS}\n", encoding="utf-8")
        (links := place.root / "links").mkdir()
        (links / "safe_verify").symlink_to(built / "safe_verify")
        monkeypatch.setenv("PATH", str(links))
        assert only(find_checkers(place.lean)).name == "SafeVerify"

    @pytest.mark.parametrize(
        ("pin", "version"),
        [
            ("leanprover/lean4:v4.34.0-rc2\n", "4.34.0-rc2"),
            ("4.33.1", "4.33.1"),
            ("leanprover/lean4:nightly-2026-01-01", None),
            ("", None),
        ],
    )
    def test_pins(self, tmp_path: Path, pin: str, version: str | None) -> None:
        (tmp_path / "lean-toolchain").write_text(pin, encoding="utf-8")
        assert pinned(tmp_path / "deep" / "down" / "program") == version
