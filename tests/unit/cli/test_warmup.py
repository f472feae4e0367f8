"""After ``dehliz warmup`` nothing is left to compile for what the commands usually ask."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from dehliz.kernels.jit import MODE

ROOT = Path(__file__).parents[3]
ASK = """
import contextlib, io, sys
from dehliz.kernels import jit
jit.warm_up(lambda name, seconds: None)
heard = []
from dehliz.cli import options
from dehliz.cli.main import main
options.announce_compiling = lambda: jit.set_compile_listener(heard.append)
options.announce_compiling()
own = ["--network", "examples/corridor3"]
loads = [*own, "--demand", "tests/cases/corridor3_loads/demand.csv"]
year = [*loads, "--replications", "2", "--threads", "1"]
for words in (
    ["routes", "west", "haven", *own],
    ["routes", "west", "haven", "--via", "quay", *own],
    ["compare", "west", "haven", *own],
    ["routes", "west", "haven", "--depart", "2024-03-01T08:00", *own],
    ["routes", "west", "haven", "--depart", "2024-03-01T08:00", "--week", *own],
    *(["assign", *loads, "--method", method] for method in ("aon", "ue", "sue", "so")),
    ["simulate", *year],
    ["simulate", *year, "--replan"],
):
    said = io.StringIO()
    code = 0
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        try:
            main(words)
        except SystemExit as end:
            code = end.code
    print(code, *words[:1], *heard)
    heard.clear()
"""


@pytest.mark.slow
@pytest.mark.skipif(MODE == "off", reason="nothing is compiled")
def test_nothing_is_compiled_after_warm_up() -> None:
    done = subprocess.run(
        [sys.executable, "-c", ASK],
        cwd=ROOT,
        env={**os.environ, "DEHLIZ_JIT": "on"},
        capture_output=True,
        text=True,
        check=False,
        timeout=900,
    )
    assert done.returncode == 0, done.stderr
    lines = done.stdout.split("\n")[:-1]
    assert len(lines) == 11
    assert [line for line in lines if line.split()[0] != "0" or len(line.split()) > 2] == []
