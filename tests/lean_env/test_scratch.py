import os
import subprocess
import sys
import time
from pathlib import Path

from lemmata.lean_env.scratch import scratch, sweep

DAY = 24 * 3600


def test_a_folder_is_gone_with_its_context(tmp_path):
    with scratch(tmp_path) as folder:
        Path(folder, "x").write_text("x")
        assert Path(folder).parent == tmp_path
    assert not Path(folder).exists()


def test_only_old_folders_of_dead_processes_are_swept(tmp_path):
    gone = subprocess.run([sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, text=True)
    dead = int(gone.stdout)
    stale = tmp_path / f"lemmata-{dead}-a"
    names = [stale, tmp_path / f"lemmata-{os.getpid()}-b", tmp_path / "lemmata-mine-c", tmp_path / "other-1-d"]
    for folder in names:
        folder.mkdir()
        (folder / "Main.lean").write_text("x")
    (tmp_path / f"lemmata-{dead}-link").symlink_to(names[3])
    assert sweep(tmp_path) == 0
    assert sweep(tmp_path, now=time.time() + DAY + 60) == 1
    assert not stale.exists()
    assert all(folder.exists() for folder in names[1:])
