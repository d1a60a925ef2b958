"""The steps that give a machine a Lean with Mathlib: each knows whether it is done, how to do it, and how by hand.

A step that is done is passed over, so a set-up that was interrupted goes on where it stopped. The programs' own
progress goes to standard error. What is downloaded was never downloaded in a test: there the programs are stand-ins.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from lemmata.domain import CheckStatus, sha256
from lemmata.errors import InfrastructureError, UsageError
from lemmata.files import write_atomic
from lemmata.lean_env import elan, installer
from lemmata.lean_env.checker_packages import Packages, brought
from lemmata.lean_env.checker_packages import packages as checker_packages
from lemmata.lean_env.cli import CliChecker
from lemmata.lean_env.lake import LAKEFILES
from lemmata.lean_env.project import is_project, open_project, packages
from lemmata.lean_env.provision import BY_HAND as REPL_BY_HAND
from lemmata.lean_env.provision import build_repl, find_repl
from lemmata.lean_env.step import Step, do

RELEASE: Final = "v4.35.0"
"""What is set up where nothing else is asked for: its compiled modules are known to the reader that certifies."""
OLDEST_SOUND: Final = (4, 34, 0)
"""Lean before this has known faults in its kernel."""
MATHLIB: Final = "https://github.com/leanprover-community/mathlib4"
SMOKE_SECONDS: Final = 300.0
"""The first import of all of Mathlib reads gigabytes."""
_SMOKE: Final = "theorem smoke (p q : Prop) (hp : p) (hq : q) : q ∧ p := And.intro hq hp\n"
_SMOKE_MATHLIB: Final = (
    "import Mathlib\n\ntheorem smoke (a b : ℝ) : 2 * a * b ≤ a ^ 2 + b ^ 2 := by nlinarith [sq_nonneg (a - b)]\n"
)
_STAMP: Final = Path(".lake", "lemmata-smoke")


@dataclass(frozen=True)
class Setup:
    """A Lake project that is to be made, and the Lean and the Mathlib that it is to have."""

    root: Path
    lean: str
    """Lean's version, as `v4.35.0`."""
    mathlib: str | None
    """Mathlib's revision; None for a project without it."""
    tell: Callable[[str], None] = lambda _: None
    """Told in words what goes on."""
    elan_by: installer.Way = "installer"
    """How elan comes where it is not here."""
    checkers: bool = False
    """Whether independent checkers are added where the toolchain brings none."""

    @classmethod
    def of(
        cls,
        root: Path,
        lean: str | None = None,
        mathlib: str | None = None,
        *,
        tell: Callable[[str], None],
        checkers: bool = False,
    ) -> Setup:
        """The set-up that is asked for; `mathlib` is `none` for none, by default the release for that Lean.

        Raises:
            UsageError: the versions do not determine one another, or the folder holds another project.
        """
        lean = _with_v(lean) if lean else None
        if lean is None and mathlib not in (None, "none"):
            lean = mathlib if elan.pinned_version(mathlib) else None
            if lean is None:
                raise UsageError(f"--mathlib {mathlib} is no release: name its Lean as well, e.g. --lean {RELEASE}")
        lean = lean or RELEASE
        if elan.pinned_version(lean) is None:
            raise UsageError(f"--lean {lean}: expected a version, e.g. {RELEASE}")
        revision = None if mathlib == "none" else mathlib or lean
        made = cls(root.expanduser().absolute(), lean, revision, tell, checkers=checkers)
        pinned = elan.pin(made.root)
        if (is_project(made.root) or pinned) and pinned != made.pin:
            raise UsageError(
                f"{made.root} holds a Lake project pinned to {pinned or 'no Lean'}, not to {made.pin}: name another "
                "folder with --dir, or its Lean with --lean"
            )
        return made

    @property
    def pin(self) -> str:
        """What `lean-toolchain` is to say."""
        return f"{elan.ORIGIN}:{self.lean}"

    async def notes(self) -> tuple[str, ...]:
        """What to know about these versions, and about elan's."""
        said = [await installer.age(self.elan_by, self._environment)]
        if elan.release(self.lean)[:3] < OLDEST_SOUND:
            said.append(f"Lean {self.lean} has known faults in its kernel: certificates will say so")
        if brought(self.lean):
            said.append(f"independent checkers (comparator, further kernels) come with Lean {self.lean}")
        elif not self.checkers:
            names = ", ".join(packages.checker for packages in self._packages)
            said.append(f"--checkers adds independent checkers at the tag {self.lean} (untested): {names}")
        return tuple(note for note in said if note)

    @property
    def _packages(self) -> tuple[Packages, ...]:
        return () if brought(self.lean) else checker_packages(self.root, self.lean, mathlib=self.mathlib is not None)

    @property
    def steps(self) -> tuple[Step, ...]:
        """All steps in order."""
        lake = f"in {self.root}: "
        steps = [
            Step(
                "elan",
                f"Lean's version manager, 5 MB, by {installer.words(self.elan_by)}",
                self._has_elan,
                self._get_elan,
                installer.by_hand(self.elan_by),
            ),
            Step(
                "toolchain",
                f"Lean {self.lean}, about 0.5 GB to download and 3 GB on disk",
                self._has_toolchain,
                self._get_toolchain,
                f"elan toolchain install {self.pin}",
            ),
            Step(
                "project",
                f"a Lake project in {self.root}",
                self._has_project,
                self._make_project,
                f"write {' or '.join(LAKEFILES)} and {elan.PIN} there",
            ),
        ]
        if self.mathlib:
            steps += [
                Step(
                    "dependencies",
                    f"the sources of Mathlib {self.mathlib} and what it needs, about 1 GB",
                    self._has_dependencies,
                    self._get_dependencies,
                    lake + "lake update",
                ),
                Step(
                    "cache",
                    "Mathlib, compiled: about 1 GB to download and 5 GB on disk",
                    self._has_mathlib,
                    self._get_mathlib,
                    lake + "lake exe cache get",
                ),
            ]
        return (
            *steps,
            Step(
                "repl",
                "the REPL, which keeps Mathlib loaded between checks, 10 MB",
                self._has_repl,
                self._get_repl,
                REPL_BY_HAND,
                optional=True,
            ),
            *(self._checker(packages) for packages in self._packages if self.checkers),
            Step("smoke", "a first proof", self._has_proved, self._prove, "lemmata doctor"),
        )

    def _checker(self, packages: Packages) -> Step:
        async def are_here() -> bool:
            return packages.are_here()

        async def add() -> None:
            try:
                await packages.add(self._do)
            finally:
                write_atomic(self.root / elan.PIN, self.pin + "\n")

        what = f"an independent checker at the tag {self.lean}, {packages.needs}; untested"
        hand = f"in {self.root}: add to lakefile.toml what requires it, then lake update and lake build"
        return Step(packages.checker, what, are_here, add, hand, optional=True)

    # --- elan and the toolchain

    async def _has_elan(self) -> bool:
        return elan.find_program("elan", self._environment) is not None or await self._has_toolchain()

    async def _get_elan(self) -> None:
        await installer.install(self.elan_by, self._do)

    async def _has_toolchain(self) -> bool:
        return self._toolchain is not None

    @property
    def _toolchain(self) -> Path | None:
        """The folder of its programs, where they are here."""
        folder = elan.installed(self.pin, None, os.environ)
        programs = [folder / "bin" / name for name in ("lean", "lake")] if folder else []
        return folder / "bin" if folder and all(os.access(p, os.X_OK) for p in programs) else None

    async def _get_toolchain(self) -> None:
        await self._do(["elan", "toolchain", "install", self.pin], Path("/"))

    # --- the project and Mathlib

    async def _has_project(self) -> bool:
        return is_project(self.root) and elan.pin(self.root) == self.pin

    async def _make_project(self) -> None:
        self.root.mkdir(parents=True, exist_ok=True)
        write_atomic(self.root / elan.PIN, self.pin + "\n")
        if not is_project(self.root):
            write_atomic(self.root / "lakefile.toml", _lakefile(self.mathlib))

    async def _has_dependencies(self) -> bool:
        if not (self.root / "lake-manifest.json").is_file():
            return False
        return all((folder / ".git" / "HEAD").is_file() or is_project(folder) for folder in packages(self.root))

    async def _get_dependencies(self) -> None:
        await self._do(["lake", "update"], self.root)
        write_atomic(self.root / elan.PIN, self.pin + "\n")  # Mathlib writes its own there, with line ends of its own

    async def _has_mathlib(self) -> bool:
        built = Path(".lake", "build", "lib", "lean", "Mathlib.olean")
        return any((folder / built).is_file() for folder in packages(self.root))

    async def _get_mathlib(self) -> None:
        await self._do(["lake", "exe", "cache", "get"], self.root)

    # --- the REPL and a first proof

    async def _has_repl(self) -> bool:
        return find_repl(await open_project(self.root)) is not None

    async def _get_repl(self) -> None:
        await build_repl(await open_project(self.root), progress=self.tell)

    async def _has_proved(self) -> bool:
        try:
            return (self.root / _STAMP).read_text(encoding="utf-8") == self._state()
        except OSError:
            return False

    async def _prove(self) -> None:
        project = await open_project(self.root)
        checker = CliChecker(project.toolchain)
        result = await checker.check(_SMOKE_MATHLIB if self.mathlib else _SMOKE, SMOKE_SECONDS)
        await checker.aclose()
        if result.status is not CheckStatus.OK:
            said = result.reason or next((d.text for d in result.errors), result.status)
            raise InfrastructureError(f"Lean does not accept a first proof ({result.status}): {said}")
        (self.root / _STAMP).parent.mkdir(exist_ok=True)
        write_atomic(self.root / _STAMP, self._state())
        self.tell(f"{result.checker.description} accepted a first proof in {result.seconds:.1f} s")

    def _state(self) -> str:
        """What a first proof was made with: when it changes, it is made again."""
        manifest = self.root / "lake-manifest.json"
        return f"{self.pin} {sha256(manifest.read_text(encoding='utf-8')) if manifest.is_file() else ''}\n"

    # --- programs

    @property
    def _environment(self) -> Mapping[str, str]:
        own = [self._toolchain, elan.elan_home(os.environ) / "bin", os.environ.get("PATH", os.defpath)]
        path = os.pathsep.join(str(folder) for folder in own if folder)
        return {**os.environ, "PATH": path, "MATHLIB_NO_CACHE_ON_UPDATE": "1"}

    async def _do(self, argv: Sequence[str], cwd: Path) -> None:
        await do(argv, cwd, self._environment)


def _with_v(version: str) -> str:
    return f"v{version}" if version[:1].isdecimal() else version


def _lakefile(mathlib: str | None) -> str:
    text = 'name = "problems"\n\n[leanOptions]\nautoImplicit = false\n'
    return text + (f'\n[[require]]\nname = "mathlib"\ngit = "{MATHLIB}"\nrev = "{mathlib}"\n' if mathlib else "")
