"""Our trusted Lean program, run by a real Lean: what it accepts and refuses.

The embedded Lean has the native code of all of Lean, but not its library. So `import Lean` is answered here by a
stand-in (`stub_lean`): the few types that the program uses, laid out as the native code expects, and functions without
bodies that are bound to the native ones of the same name. The program's own text is elaborated and run as it is; the
reading of modules, the imports, the hash maps, the terms, the kernel's replay and the JSON are Lean 4.35.0's own.
Not covered: that it elaborates against the real library's types, and releases other than 4.35.0.
"""

import asyncio
import json
import re
import tomllib
from collections.abc import Callable, Collection, Iterable, Sequence
from pathlib import Path
from typing import Any

import pytest

from lemmata.configs.schema import SandboxChoice
from lemmata.lean_env.cli import CliChecker
from lemmata.lean_env.inspector import inspect
from lemmata.lean_env.judge import JudgeCase, JudgeStatus, Module
from lemmata.lean_env.lean_inspector import LeanInspector, program
from lemmata.lean_env.library import Library
from lemmata.lean_env.process import run
from lemmata.lean_env.region import START
from lemmata.lean_env.sandbox import confine
from lemmata.lean_env.selftest import selftest
from lemmata.lean_env.source import problem
from lemmata.lean_env.terms import Name, parse_name, show
from lemmata.lean_env.toolchain import Toolchain
from lemmata.lean_env.verifier import AXIOMS

pytestmark = pytest.mark.embedded
STUB = Path(__file__).with_name("stub_lean")
PAIRS = Path(__file__).parent.parent / "verify_pairs"
SECONDS = 100
MANY = """
partial def main : IO Unit := do
  let line ← (← IO.getStdin).getLine
  if line == "" then
    pure ()
  else
    let verdict ← Lemmata.run (← Lemmata.question line)
    IO.println verdict.compress
    main
"""
Verdict = dict[str, Any]
Compile = Callable[[str], bytes]


DECLARED = re.compile(
    r"^(?:@\[.*?\] )?(?:noncomputable )?(?:def|opaque|class|structure|abbrev|inductive) (\S+)", re.MULTILINE
)


def without(text: str, known: Collection[str]) -> str:
    """A text without the blocks that begin with a declaration of something known."""
    blocks = text.split("\n\n")
    return "\n\n".join(b for b in blocks if (found := DECLARED.search(b)) is None or found[1] not in known)


@pytest.fixture(scope="session")
def whole_lean(embedded_toolchain: Toolchain, tmp_path_factory: pytest.TempPathFactory) -> Toolchain:
    """The embedded Lean with the stand-in for Lean's own library."""
    folder = tmp_path_factory.mktemp("stub")
    folders = (folder, *embedded_toolchain.folders)
    environment = {**embedded_toolchain.environment, "LEAN_PATH": ":".join(map(str, folders))}
    lean = embedded_toolchain.model_copy(update={"folders": folders, "environment": environment})
    core = Library(embedded_toolchain.folders).closure([("Init",)]).values()
    known = {show(name) for module in core for name in module.names}
    (folder / "Lean").mkdir()
    for name in ("Lean", "Lean/Replay"):
        text = without((STUB / f"{name}.lean").read_text(encoding="utf-8"), known)
        (folder / f"{name}.lean").write_text(text, encoding="utf-8")
        command = [lean.program, "-o", f"{name}.olean", f"{name}.lean"]
        ended = asyncio.run(run(command, cwd=folder, env=environment, timeout=SECONDS))
        assert ended.returncode == 0, ended.stdout + ended.stderr
    return lean


class Judge:
    """Asks the program many questions in one process."""

    def __init__(self, lean: Toolchain, compile_module: Compile, folder: Path) -> None:
        self.lean, self.compile, self.folder = lean, compile_module, folder
        self.count = 0

    def file(self, module: str | bytes) -> str:
        self.count += 1
        path = self.folder / f"{self.count}.olean"
        path.write_bytes(self.compile(module) if isinstance(module, str) else module)
        return str(path)

    def __call__(
        self,
        questions: Iterable[tuple[str | bytes, str | None, str | Name]],
        allow: Sequence[str] = AXIOMS,
        answers: Sequence[str] = (),
    ) -> list[Verdict]:
        """The verdicts on submissions, each with its challenge and target."""
        lines = [
            json.dumps(
                {
                    "nonce": "",
                    "challenge": None if challenge is None else self.file(challenge),
                    "submission": self.file(submission),
                    "targets": [[*(parse_name(target) if isinstance(target, str) else target)]],
                    "allow": [[*parse_name(a)] for a in allow],
                    "answers": [[*parse_name(a)] for a in answers],
                }
            )
            for submission, challenge, target in questions
        ]
        text = program(self.lean)
        (self.folder / "Many.lean").write_text(text[: text.rindex("def main")] + MANY, encoding="utf-8")
        command = [self.lean.program, "--run", "Many.lean"]
        stdin = "".join(f"{line}\n" for line in lines).encode()
        ended = asyncio.run(run(command, cwd=self.folder, env=self.lean.environment, timeout=SECONDS, stdin=stdin))
        assert ended.returncode == 0, ended.stdout + ended.stderr
        return [json.loads(line) for line in ended.stdout.splitlines()]


@pytest.fixture
def judge(whole_lean: Toolchain, compile_module: Compile, tmp_path: Path) -> Judge:
    return Judge(whole_lean, compile_module, tmp_path)


ATTACKS = tomllib.loads(Path(__file__).with_name("attacks.toml").read_text(encoding="utf-8"))["attack"]
OTHER_WORDS = {  # where the program says it otherwise than our own judge
    "a type in place of a variable of it": "the statement uses instOfNat where the challenge's uses instOfNatNat",
    "a private target": "there is no target; there is _private.Main.0.target",
    "no kernel check inside a tactic block": "application type mismatch",
}
ADD = "theorem target (a b : Nat) : a + b = b + a := "
P = "def P : Nat → Prop\n  | 0 => True\n  | n + 1 => n = n\n"
OPEN = {
    "as it is": (ADD + "sorry", ADD + "Nat.add_comm a b"),
    "a helper before it": (
        ADD + "sorry",
        "theorem h (a b : Nat) : b + a = a + b := Nat.add_comm b a\n" + ADD + "(h a b).symm",
    ),
    "tactics that rest on an axiom": (ADD + "sorry", ADD + "by omega"),
    "universes renamed across their order by name": (
        "structure I.{u, v, w} (α : Type u) (β : Type v) (γ : Type w) where\n  f : α → β → γ\n"
        "theorem target.{u, v, w} (α : Type u) (β : Type v) (γ : Type w) (i : I α β γ) : i = i := sorry",
        "structure I.{z, y, x} (α : Type z) (β : Type y) (γ : Type x) where\n  f : α → β → γ\n"
        "theorem target.{z, y, x} (α : Type z) (β : Type y) (γ : Type x) (i : I α β γ) : i = i := rfl",
    ),
    "binders made implicit, bound variables renamed": (
        "theorem target (p : Prop) (h : p) : ∃ y : p, h = y := sorry",
        "theorem target {q : Prop} (k : q) : ∃ z : q, k = z := ⟨k, rfl⟩",
    ),
    "an auxiliary definition that a helper made first": (
        P + "theorem target : P 0 := sorry",
        "def Q : Nat → Prop\n  | 0 => True\n  | n + 1 => n = n\n" + P + "theorem target : P 0 := trivial",
    ),
    "an inductive type, recursion and an instance of its own": (
        "inductive T where\n  | leaf\n  | node (l r : T)\n"
        "def T.size : T → Nat\n  | leaf => 1\n  | node l r => l.size + r.size\n"
        "theorem target (t : T) : t.size = t.size := sorry",
        "inductive T where\n  | leaf\n  | node (l r : T)\n"
        "def T.size : T → Nat\n  | leaf => 1\n  | node l r => l.size + r.size\n"
        "theorem target (t : T) : t.size = t.size := by cases t <;> rfl",
    ),
    "a nested and a mutual type": (
        "inductive L (α : Type) where\n  | nil\n  | cons (a : α) (l : L α)\ninductive R where\n  | node (l : L R)\n"
        "mutual\ninductive A where\n  | a (b : B)\ninductive B where\n  | b\n  | c (a : A)\nend\n"
        "theorem target (r : R) (a : A) : r = r ∧ a = a := sorry",
        "inductive L (α : Type) where\n  | nil\n  | cons (a : α) (l : L α)\ninductive R where\n  | node (l : L R)\n"
        "mutual\ninductive A where\n  | a (b : B)\ninductive B where\n  | b\n  | c (a : A)\nend\n"
        "theorem target (r : R) (a : A) : r = r ∧ a = a := ⟨rfl, rfl⟩",
    ),
    "numbers and texts": (
        'theorem target : (18446744073709551617 : Nat) = 18446744073709551617 ∧ "α⊢" = "α⊢" := sorry',
        'theorem target : (18446744073709551617 : Nat) = 18446744073709551617 ∧ "α⊢" = "α⊢" := ⟨rfl, rfl⟩',
    ),
    "an axiom of the challenge's own": (
        "axiom propext' : 1 = 1\ntheorem target : True := sorry",
        "axiom propext' : 1 = 1\ntheorem target : True := trivial",
    ),
}
HONEST = {**OPEN, "nothing to compare with": (None, OPEN["as it is"][1])}


def target_of(attack: dict[str, str]) -> str:
    return "my.target" if "my.target" in attack["challenge"] else "target"


@pytest.mark.slow
def test_each_attack_is_refused_for_the_right_reason(judge: Judge) -> None:
    verdicts = judge((a["submission"], a["challenge"], target_of(a)) for a in ATTACKS)
    for attack, verdict in zip(ATTACKS, verdicts, strict=True):
        said = OTHER_WORDS.get(attack["name"], attack["said"].split(": ")[-1])
        assert verdict["status"] == "refused", attack
        assert any(said in reason for reason in verdict["reasons"]), (attack["name"], verdict["reasons"])


@pytest.mark.slow
def test_honest_twins_are_accepted_with_every_declaration_replayed(judge: Judge) -> None:
    verdicts = judge((submission, challenge, "target") for challenge, submission in HONEST.values())
    for name, verdict in zip(HONEST, verdicts, strict=True):
        assert verdict["status"] == "ok", (name, verdict)
        (finding,) = verdict["findings"]
        assert finding["kind"] == "theorem"
        assert finding["same_statement"] is (None if name == "nothing to compare with" else True)
        assert {*finding["axioms"]} <= {*AXIOMS}
        assert verdict["replayed"]
        assert int(verdict["declarations"]) > 0


def test_it_agrees_with_our_own_judge(judge: Judge, embedded_toolchain: Toolchain, compile_module: Compile) -> None:
    challenge, submission = HONEST["tactics that rest on an axiom"]
    (verdict,) = judge([(submission, challenge, "target")])
    library = Library(embedded_toolchain.folders)
    ours = inspect(compile_module(submission), ("target",), library, allow=map(parse_name, AXIOMS))
    assert tuple(sorted(verdict["findings"][0]["axioms"])) == ours.axioms


def test_challenges_that_state_nothing(judge: Judge) -> None:
    proof = "theorem target : True := trivial"
    said = {
        "def P : Prop := sorry\ntheorem target : P := sorry": "the statement of target uses P, which is not defined",
        "axiom target : True": "target is not a theorem but an axiom",
        "theorem other : True := sorry": "there is no target",
        "theorem target : (sorryAx Prop false) := sorry": "the statement of target is open itself",
    }
    for verdict, words in zip(judge((proof, c, "target") for c in said), said.values(), strict=True):
        assert verdict["status"] == "unfit"
        assert verdict["reasons"][0].startswith(words)


def test_names_with_numbers(judge: Judge) -> None:
    (verdict,) = judge([("private theorem target : True := trivial", None, ("_private", "Main", 0, "target"))])
    assert verdict["status"] == "ok"
    assert verdict["findings"][0]["name"] == "_private.Main.0.target"


def test_an_axiom_is_allowed_only_as_the_challenge_has_it(judge: Judge) -> None:
    given = "axiom given : 1 = 2\ntheorem target : 2 = 1 := "
    other = "axiom given : False\ntheorem target : 2 = 1 := given.elim"
    verdicts = judge(
        [
            (given + "given.symm", given + "sorry", "target"),
            (other, given + "sorry", "target"),
            (given + "given.symm", None, "target"),
        ],
        allow=[*AXIOMS, "given"],
    )
    assert [v["status"] for v in verdicts] == ["ok", "refused", "refused"]
    assert verdicts[1]["reasons"] == ["declares the axiom given itself"] == verdicts[2]["reasons"]


def test_a_module_forged_after_it_was_compiled(
    judge: Judge, compile_module: Compile, forged: Callable[[bytes, Name, Name], bytes]
) -> None:
    text = "theorem a : 1 = 1 := rfl\ntheorem b : 2 = 2 := rfl\ntheorem target : 1 = 1 := a"
    module = forged(compile_module(text), ("a",), ("b",))
    (verdict,) = judge([(module, "theorem target : 1 = 1 := sorry", "target")])
    assert verdict["status"] == "refused"
    assert "the kernel, asked again" in verdict["reasons"][0]


def test_what_a_file_says_of_its_terms_is_not_believed(judge: Judge, compile_module: Compile) -> None:
    """Each term of a module carries a hash and facts such as its number of loose variables: here all are wrong."""
    challenge, submission = HONEST["tactics that rest on an axiom"]
    module = bytearray(compile_module(submission))
    applications = [i for i in range(START, len(module) - 32, 8) if module[i + 6 : i + 8] == b"\x02\x05"]
    for i in applications:
        module[i + 24 : i + 32] = bytes(8)
    assert len(applications) > 50
    verdicts = judge([(bytes(module), challenge, "target"), (submission, challenge, "target")])
    assert verdicts[0] == verdicts[1]
    assert verdicts[0]["status"] == "ok"


def test_an_answer_may_rest_on_no_more_than_a_proof(judge: Judge) -> None:
    answer = "noncomputable def answer : Nat := (fun _ => 17) (sorryAx Nat false)\n"
    text = answer + "theorem target : True := trivial"
    (open_one,) = judge([(text, text, "target")], answers=["answer"])
    assert open_one["reasons"] == ["answer is not complete: it rests on `sorry`, the axiom sorryAx"]
    (closed,) = judge([(text, text, "target")])
    assert closed["status"] == "ok"


def test_a_file_that_is_no_module(judge: Judge) -> None:
    (verdict,) = judge([(b"nothing", "theorem target : 1 = 1 := sorry", "target")])
    assert (verdict["status"], len(verdict["reasons"])) == ("refused", 1)


@pytest.mark.parametrize("choice", ["off", "auto"])
async def test_the_inspector_runs_it(
    whole_lean: Toolchain, compile_module: Compile, tmp_path: Path, choice: SandboxChoice
) -> None:
    def module(role: str, text: str) -> Module:
        path = tmp_path / f"{role}.olean"
        path.write_bytes(compile_module(text))
        return Module.at(path)

    challenge, submission = HONEST["a helper before it"]
    assert challenge is not None
    modules = await asyncio.to_thread(lambda: (module("c", challenge), module("s", submission)))
    allow = tuple(map(parse_name, AXIOMS))
    case = JudgeCase(
        whole_lean,
        "Main",
        *modules,
        targets=(("target",),),
        allow=allow,
        timeout=SECONDS,
        confinement=await confine(choice, whole_lean),
    )
    judgement = await LeanInspector().inspect(case)
    assert judgement.status is JudgeStatus.OK, judgement
    assert (judgement.replayed, judgement.kernel) == (2, "the kernel of Lean 4.35.0")
    assert [(f.name, f.kind, f.same_statement) for f in judgement.findings] == [("target", "theorem", True)]
    assert await LeanInspector().lacks(whole_lean, ["Init"]) is None


@pytest.mark.slow
async def test_the_self_test_of_a_toolchain_passes_with_it(whole_lean: Toolchain, tmp_path: Path) -> None:
    lean = CliChecker(whole_lean)
    try:
        result = await selftest(lean, [LeanInspector()], cache=tmp_path)
    finally:
        await lean.aclose()
    assert result.passed, result.reasons


@pytest.mark.evidence
@pytest.mark.parametrize(("kind", "status"), [("honest", "ok"), ("cheat", "refused")])
def test_pairs_of_files(judge: Judge, kind: str, status: str) -> None:
    folders = sorted((PAIRS / kind).iterdir())
    texts = [
        [(f / f"{role}.lean").read_text(encoding="utf-8") for role in ("submission", "challenge")] for f in folders
    ]
    verdicts = judge((submission, challenge, problem(challenge).name) for submission, challenge in texts)
    assert {f.name: v["status"] for f, v in zip(folders, verdicts, strict=True)} == {f.name: status for f in folders}
