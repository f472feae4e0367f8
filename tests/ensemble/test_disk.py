"""A full disk, a folder that cannot be written to, and files that may not grow are told; then the command goes on."""

import os
import resource
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from dehliz.base.errors import StoreError
from dehliz.study.ensemble import run_ensemble
from dehliz.study.ensemble_gather import read_ensemble
from dehliz.study.ensemble_here import Here
from dehliz.study.ensemble_workers import LocalWorkers
from tests.ensemble.command import make_spec
from tests.ensemble.killing import ROOT, make_environment

RUNS = 40
POINTS = 70


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of one megabyte."""
    place = tmp_path / "disk"
    place.mkdir()
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(place)], capture_output=True, check=False
    )
    if done.returncode:
        pytest.skip("a small disk can only be made by root; the limit on files is tested instead")
    yield place
    subprocess.run(["umount", str(place)], check=True)


def fill(place: Path, left_count: int) -> None:
    """Leave so many bytes on a disk."""
    room = os.statvfs(place)
    (place / "filler").write_bytes(b"x" * max(0, room.f_bavail * room.f_frsize - left_count))


@pytest.mark.slow
def test_full_disk_is_told_at_each_point(small_disk: Path) -> None:
    before_count = os.statvfs(small_disk).f_bavail
    run_ensemble(make_spec(), small_disk / "e", RUNS, Here())
    need_count = (before_count - os.statvfs(small_disk).f_bavail) * os.statvfs(small_disk).f_frsize
    wanted, found = read_ensemble(small_disk / "e"), Counter[str]()
    subprocess.run(["rm", "-r", str(small_disk / "e")], check=True)
    words: set[str] = set()
    for point in range(POINTS):
        fill(small_disk, point * need_count // POINTS)
        try:
            run_ensemble(make_spec(), small_disk / "e", RUNS, Here())
            found["complete"] += 1
        except StoreError as error:
            found["told"] += 1
            words.add(str(error).partition(": ")[2][:16])
        (small_disk / "filler").unlink()
        made = run_ensemble(make_spec(), small_disk / "e", RUNS, Here())
        assert made.status == "ok"
        assert read_ensemble(small_disk / "e") == wanted
        assert not list(small_disk.rglob("*.tmp"))
        subprocess.run(["rm", "-r", str(small_disk / "e")], check=True)
    print(f"\n{POINTS} points from 0 to {need_count:,} bytes left: {dict(found)}")
    # The last ones end well because the reserve is given up for the record.
    assert found["told"] >= 50
    assert found["complete"] >= 1
    assert words == {"the disk is full"}


def test_full_disk_stops_workers_and_they_go_on(small_disk: Path) -> None:
    fill(small_disk, 130_000)
    with pytest.raises(StoreError, match="disk is full"):
        run_ensemble(make_spec(), small_disk / "e", 400, LocalWorkers(2))
    (small_disk / "filler").unlink()
    made = run_ensemble(make_spec(), small_disk / "e", RUNS, LocalWorkers(2))
    assert made.status == "ok"


LIMITED = """
import resource, sys
from dehliz.base.errors import DehlizError
from dehliz.study.ensemble import run_ensemble
from dehliz.study.ensemble_here import Here
from tests.ensemble.command import make_spec
import pandas
told = 0
for limit in map(int, sys.argv[2:]):
    folder = f"{sys.argv[1]}/{limit}"
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
    try:
        run_ensemble(make_spec(), folder, 4, Here())
    except DehlizError as error:
        told += "disk" in str(error)
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    assert run_ensemble(make_spec(), folder, 4, Here()).status == "ok"
print(told)
"""


def test_files_that_may_not_grow_are_told(tmp_path: Path) -> None:
    limits = [point * 1400 for point in range(50)]
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, str(tmp_path), *map(str, limits)],
        cwd=ROOT, env=make_environment(), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    print(f"\n{len(limits)} limits from 0 to {limits[-1]:,} bytes a file: {done.stdout.strip()} told")
    assert int(done.stdout) >= 40
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] == resource.RLIM_INFINITY


@pytest.mark.skipif(sys.platform == "win32", reason="permissions are other ones there")
@pytest.mark.parametrize("is_begun", [False, True])
def test_folder_without_permission_is_told(tmp_path: Path, is_begun: bool) -> None:
    folder = tmp_path / "closed"
    folder.mkdir()
    if is_begun:
        run_ensemble(make_spec(), folder, 3, Here())
    code = (
        "import sys\nfrom dehliz.base.errors import StoreError\nfrom dehliz.study.ensemble import run_ensemble\n"
        "from dehliz.study.ensemble_here import Here\nfrom tests.ensemble.command import make_spec\n"
        "import os\nif os.getuid() == 0: os.setuid(65534)\n"
        "try: run_ensemble(make_spec(), sys.argv[1], 5, Here())\nexcept StoreError as error: print(error)\n"
    )
    for one in [tmp_path, *tmp_path.parents[:3]]:
        one.chmod(one.stat().st_mode | 0o055)
    folder.chmod(0o555)
    done = subprocess.run(
        [sys.executable, "-c", code, str(folder)], cwd=ROOT, env=make_environment(), capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    folder.chmod(0o755)
    assert "Permission denied" in done.stdout, done.stderr
    assert "permissions and give the same command again" in done.stdout
    assert run_ensemble(make_spec(), folder, 5, Here()).status == "ok"
