"""Each call that reaches the disk is failed once, failed from there on, and used to kill: SQLite's own method."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from tests.ensemble.every_call import MODES
from tests.ensemble.killing import ROOT, make_environment

MEMORY = Path("/dev/shm")


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_every_call_fails_once_and_nothing_is_lost(tmp_path: Path) -> None:
    # In memory where there is such a place: the calls are counted, not the disk.
    place = MEMORY if os.access(MEMORY, os.W_OK) else tmp_path
    with tempfile.TemporaryDirectory(dir=place) as folder:
        done = subprocess.run(
            [sys.executable, "-m", "tests.ensemble.every_call", folder],
            cwd=ROOT, env=make_environment(), capture_output=True, text=True, check=False,
        )  # fmt: skip
    assert done.returncode == 0, done.stderr
    figures = json.loads(done.stdout)
    print(f"\n{figures}")
    found, calls = figures["found"], figures["calls"]
    assert calls >= 60
    assert {"open", "write", "fsync", "replace", "sqlite COMMIT"} <= set(figures["kinds"])
    assert found["kill: -9"] == calls, "every call kills once"
    assert sum(count for what, count in found.items() if what.startswith(MODES)) == len(MODES) * calls
    assert found["acknowledged"] > 0
    assert found["lost"] == 0
    assert not [what for what in found if what.startswith("violation")], done.stderr
