"""What the pool of REPLs costs: `lean_pool.py [CHECKS]`, over the double of the REPL, which sleeps 50 ms a text.

Overhead: from the call to the result, less what the double says it took itself; all reading, writing and the question
that confirms an answer are in it. For it the double takes 40 to 60 ms, so that texts do not all end at once. Bare: the
same of one request to a double in each of as many threads, in the same run: what the machine does to any program now.
Own work: processor time of this process for a text. Throughput: texts a second with all workers busy, as a share of
`workers / 50 ms`. Memory: of this process, over CHECKS (20,000) checks that take no time, with a worker replaced every
200.
Bounds: at 8 workers a median overhead under 2 ms and a 95th percentile under 10 ms; 90 % of the ideal throughput at 1,
2, 4 and 8 workers; memory grows by less than 5 % after the first tenth of the checks. Exits 1 where one is missed.
"""

import asyncio
import json
import os
import random
import statistics
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from pathlib import Path

from lemmata.domain import CheckerIdentity, CheckResult, CheckStatus, Level
from lemmata.lean_env.pool import ReplPool
from lemmata.lean_env.repl import ReplSpec, command, encode

DOUBLE = Path(__file__).resolve().parent.parent / "tests" / "doubles" / "repl.py"
SECONDS = 0.05
SLEEPS = f"-- do: sleep {1000 * SECONDS:.0f}"
VARIED = [f"-- do: sleep {n}\n-- do: took" for n in range(40, 61)]
PLAIN = "theorem t : True := trivial"
WORKERS = (1, 2, 4, 8)
ROUNDS = 40
MEDIAN_MS, P95_MS, SHARE, GROWTH = 2.0, 10.0, 0.9, 0.05


@asynccontextmanager
async def warmed(workers: int) -> AsyncIterator[ReplPool]:
    """A pool whose workers are all there."""
    identity = CheckerIdentity(name="double", level=Level.CHECKED)
    program = (sys.executable, "-I", "-S", str(DOUBLE))
    pool = ReplPool(ReplSpec(program, {"PATH": os.environ["PATH"]}, identity), workers=workers, queue=100_000)
    try:
        await all_of(pool, [SLEEPS] * 2 * workers)
        yield pool
    finally:
        await pool.aclose()


async def all_of(pool: ReplPool, texts: Iterable[str]) -> list[CheckResult]:
    """Check all at once."""
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(pool.check(text, 600)) for text in texts]
    results = [task.result() for task in tasks]
    if wrong := [r for r in results if r.status is not CheckStatus.OK]:
        raise SystemExit(f"{wrong[0].status}: {wrong[0].reason}")
    return results


def talk() -> list[float]:
    """Milliseconds that each of some texts takes over the double's own, in a bare talk with one."""
    program = [sys.executable, "-I", "-S", str(DOUBLE)]
    over: list[float] = []
    with subprocess.Popen(program, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as double:
        assert double.stdin is not None
        assert double.stdout is not None
        texts = random.Random(0).choices(VARIED, k=ROUNDS)
        for request in [command(""), *(command(text, 0) for text in texts)]:
            started, lines = time.perf_counter(), []
            double.stdin.write(encode(request))
            double.stdin.flush()
            while (line := double.stdout.readline()).strip():
                lines.append(line)
            seconds = time.perf_counter() - started
            if "env" in request:
                over.append(1000 * seconds - float(json.loads(b"".join(lines))["messages"][-1]["data"]))
        double.stdin.close()
    return over


async def bare(workers: int) -> float:
    """Median overhead."""
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(asyncio.to_thread(talk)) for _ in range(workers)]
    return statistics.median(value for task in tasks for value in task.result())


async def overhead(pool: ReplPool, text: str) -> float:
    """Milliseconds that a check takes over the double's own."""
    started = time.perf_counter()
    (result,) = await all_of(pool, [text])
    return 1000 * (time.perf_counter() - started) - float(result.diagnostics[-1].text)


async def overheads(pool: ReplPool, workers: int) -> list[float]:
    """Of checks in as many places at once as there are workers, so that none waits."""

    choices = random.Random(0)

    async def place() -> list[float]:
        return [await overhead(pool, text) for text in choices.choices(VARIED, k=ROUNDS)]

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(place()) for _ in range(workers)]
    return [value for task in tasks for value in task.result()]


async def throughput(pool: ReplPool, workers: int) -> tuple[float, float]:
    """Texts a second, and milliseconds of processor that this process takes for each."""
    started, worked = time.perf_counter(), time.process_time()
    many = len(await all_of(pool, [SLEEPS] * ROUNDS * workers))
    return many / (time.perf_counter() - started), 1000 * (time.process_time() - worked) / many


def memory_mb() -> float:
    """Resident memory of this process."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / (1 << 20)


async def growth(checks: int) -> tuple[float, float, float]:
    """Resident MiB after a tenth of the checks and after all, and checks a second."""
    async with warmed(2) as pool:
        started, marks = time.perf_counter(), []
        for _ in range(10):
            for _ in range(0, checks // 10, 10):
                await all_of(pool, [PLAIN] * 10)
            marks.append(memory_mb())
        return marks[0], marks[-1], checks / (time.perf_counter() - started)


async def main(checks: int) -> bool:
    good = True
    print("workers   overhead: median       p95   bare    own work   texts/s   of ideal")
    for workers in WORKERS:
        async with warmed(workers) as pool:
            over = await overheads(pool, workers)
            rate, worked = await throughput(pool, workers)
        plain = await bare(workers)
        median, p95 = statistics.median(over), statistics.quantiles(over, n=20)[-1]
        share = rate * SECONDS / workers
        print(
            f"{workers:7}   {median:13.2f} ms {p95:6.2f} ms {plain:6.2f}   {worked:6.2f} ms"
            f"   {rate:7.1f}   {100 * share:6.1f} %"
        )
        good &= share >= SHARE and (workers < WORKERS[-1] or (median < MEDIAN_MS and p95 < P95_MS))
    first, last, rate = await growth(checks)
    print(f"memory after {checks // 10} checks {first:.1f} MiB, after {checks} {last:.1f} MiB ({rate:.0f} checks/s)")
    return good and last < first * (1 + GROWTH)


if __name__ == "__main__":
    sys.exit(0 if asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000)) else 1)
