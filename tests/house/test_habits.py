"""Habits that the house has given up, and sizes that a reader can hold in the head."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCE = sorted((ROOT / "src" / "dehliz").rglob("*.py"))
LINE_LIMIT = 400
ENVIRONMENT = {"kernels/jit.py", "cli/main.py", "study/ensemble_process.py"}
"""The last one gives its child processes what it has itself, with one thread each."""


def name_of(path: Path) -> str:
    return path.relative_to(ROOT / "src" / "dehliz").as_posix()


@pytest.mark.parametrize("path", SOURCE, ids=name_of)
def test_file_is_short(path: Path) -> None:
    count = len(path.read_text(encoding="utf-8").splitlines())
    assert count <= LINE_LIMIT, f"{name_of(path)} has {count} lines: split it by step"


@pytest.mark.parametrize("path", SOURCE, ids=name_of)
def test_file_has_no_bad_habit(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert ast.get_docstring(tree), f"{name_of(path)} does not say what it is"
    for node in ast.walk(tree):
        where = f"{name_of(path)}:{getattr(node, 'lineno', 0)}"
        assert not isinstance(node, ast.Global | ast.Assert), f"{where}: global or assert"
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            assert node.func.id != "print", f"{where}: print"
        if (
            isinstance(node, ast.Raise)
            and isinstance(node.exc, ast.Call)
            and isinstance(node.exc.func, ast.Name)
        ):
            assert node.exc.func.id not in ("Exception", "NotImplementedError"), f"{where}: bare exception"
        if isinstance(node, ast.Attribute) and node.attr in ("environ", "getenv"):
            assert name_of(path) in ENVIRONMENT, f"{where}: environment variable"
        if isinstance(node, ast.keyword) and node.arg == "inplace":
            pytest.fail(f"{where}: a table is changed in place")
        if isinstance(node, ast.keyword) and node.arg == "fastmath" and getattr(node.value, "value", True):
            pytest.fail(f"{where}: fastmath makes comparisons with inf wrong")


def test_import_is_light() -> None:
    code = (
        "import sys, dehliz; heavy = {'numba', 'pandas', 'pyarrow', 'rich', 'scipy', 'geopandas'} & set(sys.modules);"
        "sys.exit(f'import dehliz loads {heavy}' if heavy else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_help_is_light() -> None:
    code = (
        "import sys\n"
        "from dehliz.cli.main import main\n"
        "try: main(['--help'])\n"
        "except SystemExit: pass\n"
        "heavy = {'numba', 'pandas', 'pyarrow', 'numpy'} & set(sys.modules)\n"
        "sys.exit(f'dehliz --help loads {heavy}' if heavy else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_tree_names_no_registry() -> None:
    hosts = [
        name + "." + end
        for name in ("py" + "pi", "python" + "hosted", "npm" + "js")
        for end in ("org", "com")
    ]
    for path in ROOT.rglob("*"):
        parts = set(path.relative_to(ROOT).parts)
        if parts & {".git", ".venv", "node_modules", ".inputs", "runs", "site", ".mypy_cache", ".ruff_cache"}:
            continue
        if path.suffix in (".py", ".md", ".toml", ".txt", ".yml", ".csv", ".mjs", "") and path.is_file():
            text = path.read_bytes()
            for host in hosts:
                assert host.encode() not in text, f"{path.relative_to(ROOT)} names {host}"
