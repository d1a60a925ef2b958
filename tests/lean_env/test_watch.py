import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from lemmata.lean_env.watch import FOLDER_FILES, FOLDER_MB, PROCESSES, TASKS, Allowance

FORKS = """
import os, signal, sys
for _ in range(int(sys.argv[1])):
    if os.fork() == 0:
        signal.pause()
print(flush=True)
signal.pause()
"""


@pytest.fixture
def forked(request: pytest.FixtureRequest) -> Iterator[int]:
    """A process with some children, that all wait."""
    argv = [sys.executable, "-I", "-S", "-c", FORKS, str(request.param)]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, start_new_session=True) as process:
        assert process.stdout
        process.stdout.readline()
        yield process.pid
        os.killpg(process.pid, 9)


linux = pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="processes are looked at in /proc")


@linux
@pytest.mark.parametrize("forked", [3], indirect=True)
def test_memory_is_that_of_a_process_and_its_children(forked: int) -> None:
    assert Allowance(memory_mb=1000).excess(forked) is None
    assert Allowance(memory_mb=2).excess(forked) == "it used more memory than the 2 MiB that it may"
    assert Allowance().excess(forked) is None


@linux
@pytest.mark.parametrize(("forked", "over"), [(PROCESSES - 1, False), (PROCESSES, True)], indirect=["forked"])
def test_processes_are_counted(forked: int, *, over: bool) -> None:
    said = f"it started more processes than the {PROCESSES} that it may"
    assert Allowance(memory_mb=4000).excess(forked) == (said if over else None)
    assert Allowance().excess(forked) is None


@linux
def test_threads_are_counted() -> None:
    stack = 64 << 10
    script = f"""
import threading, time
threading.stack_size({stack})
for _ in range({TASKS}): threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
print(flush=True)
time.sleep(60)
"""
    with subprocess.Popen([sys.executable, "-I", "-S", "-c", script], stdout=subprocess.PIPE) as process:
        assert process.stdout
        process.stdout.readline()
        assert Allowance(memory_mb=4000).excess(process.pid) == f"it started more threads than the {TASKS} that it may"
        process.kill()


@linux
def test_page_tables_are_counted() -> None:
    """Of memory that is looked at and not there: it is all one page of zeros."""
    script = """
import mmap, sys, time
room = mmap.mmap(-1, 16 << 30, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS, mmap.PROT_READ)
sum(room[place] for place in range(0, 16 << 30, 2 << 20))
print(flush=True)
time.sleep(60)
"""
    with subprocess.Popen([sys.executable, "-I", "-S", "-c", script], stdout=subprocess.PIPE) as process:
        assert process.stdout
        process.stdout.readline()
        assert Allowance(memory_mb=30).excess(process.pid) == "it used more memory than the 30 MiB that it may"
        assert Allowance(memory_mb=60).excess(process.pid) is None
        process.kill()


def test_what_is_gone_takes_nothing() -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        process.wait()
    assert Allowance(memory_mb=1, folder=Path("/no/such/folder")).excess(process.pid) is None


def test_files_are_counted_at_every_depth(tmp_path: Path) -> None:
    deep = tmp_path / "a" / "b"
    deep.mkdir(parents=True)
    allowance = Allowance(folder=tmp_path)
    for number in range(FOLDER_FILES - 2):
        (deep / str(number)).symlink_to("/nowhere")
    assert allowance.excess(os.getpid()) is None
    (deep / "last").symlink_to("/")
    assert allowance.excess(os.getpid()) == f"it made more than the {FOLDER_FILES} files that it may"


def test_bytes_on_the_disk_count_and_holes_do_not(tmp_path: Path) -> None:
    with (tmp_path / "sparse").open("wb") as file:
        file.truncate((FOLDER_MB << 20) + 1)
    assert Allowance(folder=tmp_path).excess(os.getpid()) is None
    with (tmp_path / "full").open("wb") as file:
        file.write(os.urandom(1 << 19))
        file.flush()
        os.fsync(file.fileno())
    allowance = Allowance(folder=tmp_path, folder_mb=1)
    assert allowance.excess(os.getpid()) is None
    (tmp_path / "more").write_bytes(os.urandom(1 << 20))
    assert allowance.excess(os.getpid()) == "it wrote more than the 1 MiB that it may"
