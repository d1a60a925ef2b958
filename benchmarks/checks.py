"""Seconds of a check by the embedded Lean: `checks.py [N]`, median and 90th percentile of N checks of each text.

Bound: the median of all is under 200 ms; exits 1 where it is not. Where a C compiler is, each also as a ratio to `lean`
itself, the same library behind a compiled launcher, started without limits: what our own launcher and limits cost.
The last column is with two processes started ahead, as `lemmata` runs it.
"""

import asyncio
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from lemmata.domain import CheckStatus
from lemmata.lean_env.cli import CliChecker
from lemmata.lean_env.embedded import prepare
from lemmata.lean_env.select import SPARES
from lemmata.lean_env.toolchain import Toolchain

BOUND_SECONDS = 0.2
TEXTS = {
    "one line": "theorem t (p q : Prop) (hp : p) (hq : q) : p ∧ q := ⟨hp, hq⟩\n",
    "tactics": """
theorem t (p q r : Prop) (h : p ∧ (q ∨ r)) : (p ∧ q) ∨ (p ∧ r) := by
  obtain ⟨hp, hq | hr⟩ := h
  · left; exact ⟨hp, hq⟩
  · right; exact ⟨hp, hr⟩
""",
    "induction": """
def sum : Nat → Nat
  | 0 => 0
  | n + 1 => (n + 1) + sum n

theorem t (n : Nat) : 2 * sum n = n * (n + 1) := by
  induction n with
  | zero => rfl
  | succ n ih => rw [sum, Nat.mul_add, ih, ← Nat.add_mul, Nat.mul_comm, Nat.add_comm 2 n]
""",
    "omega": "theorem t (a b c : Int) (h : a < b) (k : 2 * b ≤ c) : 2 * a + 1 < c := by omega\n",
}
SOURCE = "extern int lean_main(int, char **); int main(int c, char **v) { return lean_main(c, v); }\n"


def compile_lean(toolchain: Toolchain, folder: Path) -> Path | None:
    """A `lean` over the same library; None without a compiler."""
    if not (cc := shutil.which("cc")):
        return None
    source, program = folder / "lean.c", folder / "lean"
    source.write_text(SOURCE, encoding="utf-8")
    library = toolchain.library.parent
    link = [f"-L{library}", "-lleanshared", f"-Wl,-rpath,{library}", "-Wl,--allow-shlib-undefined"]
    subprocess.run([cc, "-O1", "-o", program, source, *link], check=True)
    return program


async def check(checker: CliChecker, text: str) -> float:
    """Seconds of a check, from the call to its result."""
    started = time.perf_counter()
    result = await checker.check(text, 60)
    if result.status is not CheckStatus.OK:
        raise SystemExit(f"{result.status}: {result.reason or result.errors[0].text}")
    return time.perf_counter() - started


def run_bare(lean: Path, toolchain: Toolchain, folder: Path, text: str) -> float:
    """Seconds of the same by `lean` itself."""
    started = time.perf_counter()
    (folder / "Main.lean").write_text(text, encoding="utf-8")
    argv = [str(lean), "--json", "-j2", "--root=.", "Main.lean"]
    subprocess.run(argv, cwd=folder, env=toolchain.environment, check=True, capture_output=True)
    return time.perf_counter() - started


async def main(rounds: int) -> bool:
    toolchain = await prepare(progress=print)
    checker, prompt = CliChecker(toolchain), CliChecker(toolchain, spares=SPARES)
    every: list[float] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        lean = compile_lean(toolchain, folder)
        print(f"{'':10}  median     p90   to a compiled lean   started ahead")
        for title, text in TEXTS.items():
            ours, bare, ahead = [], [], []
            for _ in range(rounds):  # in turns, so that the machine's moods meet both alike
                ours.append(await check(checker, text))
                ahead.append(await check(prompt, text))
                if lean:
                    bare.append(run_bare(lean, toolchain, folder, text))
            every += ours
            median, p90 = statistics.median(ours), statistics.quantiles(ours, n=10)[-1]
            ratio = f"{median / statistics.median(bare):.2f}" if bare else "no C compiler"
            sooner = statistics.median(ahead)
            print(f"{title:10} {1000 * median:4.0f} ms {1000 * p90:4.0f} ms   {ratio:18} {1000 * sooner:4.0f} ms")
    await prompt.aclose()
    overall = statistics.median(every)
    print(f"{'all':10} {1000 * overall:4.0f} ms")
    return overall < BOUND_SECONDS


if __name__ == "__main__":
    sys.exit(0 if asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 20)) else 1)
