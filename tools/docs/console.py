"""Runs the examples of a page in their order, in a folder of their own, and compares or rewrites what they print.

Three kinds of blocks count. ``csv`` and ``toml`` blocks with a ``title`` are files that the reader writes.
``console`` blocks hold commands behind ``$`` and their output, in which a line ``...`` stands for any lines, and
dots inside a line for any text.
``python`` blocks run one after another; a ``text`` block titled ``prints`` after one holds what it prints.
"""

import contextlib
import io
import os
import re
import shlex
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from unittest import mock

from dehliz.cli.main import main

ROOT = Path(__file__).resolve().parents[2]
ANY_LINES = "..."
_FENCE = re.compile(r"^```(?P<kind>\w+)(?: title=\"(?P<title>[^\"]+)\")?\n(?P<body>.*?)^```$", re.M | re.S)
_COMPILING = "Compiling what this command needs"


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block: its kind, title and text, and where the text stands in the page."""

    kind: str
    title: str
    body: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Step:
    """A command and the output that the page shows."""

    command: str
    shown: list[str]


@dataclass(slots=True)
class Runner:
    """Runs steps in a folder; remembers the last exit code and the names of Python blocks.

    Attributes
    ----------
    folder : Path
        Where commands run.
    code : int
        Exit code of the last command.
    names : dict
        What Python blocks have defined.
    """

    folder: Path
    code: int = 0
    names: dict[str, object] = field(default_factory=dict)

    def run(self, command: str) -> list[str]:
        """Lines that a command prints, standard error among them."""
        program, *words = shlex.split(command)
        if program == "echo":
            return [" ".join(words).replace("$?", str(self.code))]
        if program in ("mkdir", "cp", "cat", "ls"):
            return _run_shell(program, [self.folder / word for word in words if not word.startswith("-")])
        if program != "dehliz":
            raise ValueError(f"an example may not call {program}")
        output = io.StringIO()
        with self._inside(output):
            try:
                main(words)
            except SystemExit as stop:
                self.code = int(stop.code or 0)
        lines = [line.rstrip() for line in output.getvalue().splitlines()]
        if self.code == 1:
            raise RuntimeError(f"dehliz {shlex.join(words)}: {' '.join(lines)}")
        return [line for line in lines if not line.startswith(_COMPILING)]

    def run_python(self, code: str) -> list[str]:
        """Lines that a Python block prints."""
        output = io.StringIO()
        with self._inside(output):
            exec(compile(code, "example", "exec"), self.names)
        return [line.rstrip() for line in output.getvalue().splitlines()]

    @contextlib.contextmanager
    def _inside(self, output: io.StringIO) -> Iterator[None]:
        with (
            contextlib.chdir(self.folder),
            contextlib.redirect_stdout(output),
            contextlib.redirect_stderr(output),
            mock.patch.dict(os.environ, {"COLUMNS": "80"}),
        ):
            yield


def _run_shell(program: str, paths: list[Path]) -> list[str]:
    if program == "mkdir":
        for path in paths:
            path.mkdir(parents=True, exist_ok=True)
        return []
    if program == "cp":
        shutil.copytree(paths[0], paths[1])
        return []
    if program == "ls":
        return sorted(item.name for item in paths[0].iterdir())
    return paths[0].read_text(encoding="utf-8").splitlines()


def make_folder(folder: Path) -> Path:
    """A folder in which examples run: what the pages may take for granted is copied into it."""
    for name in ("examples", "studies"):
        shutil.copytree(ROOT / name, folder / name)
    return folder


def read_blocks(text: str) -> list[Block]:
    """Fenced blocks of a page."""
    return [
        Block(m["kind"], m["title"] or "", m["body"], m.start("body"), m.end("body"))
        for m in _FENCE.finditer(text)
    ]


def read_steps(body: str) -> list[Step]:
    """Commands of a console block with their output."""
    steps: list[Step] = []
    for line in body.splitlines():
        if line.startswith("$ "):
            steps.append(Step(line[2:], []))
        elif steps:
            steps[-1].shown.append(line.rstrip())
    return [Step(step.command, _trim(step.shown)) for step in steps]


def _trim(lines: list[str]) -> list[str]:
    """Lines without empty ones at the end; rich and the page differ in them."""
    while lines and not lines[-1]:
        lines = lines[:-1]
    return lines


def is_same(shown: list[str], found: list[str]) -> bool:
    """Whether output is as shown; a shown line of dots stands for any lines, also for none."""
    shown, found = _trim(shown), _trim(found)
    pattern = "".join(".*" if line == ANY_LINES else _make_pattern(line) for line in shown)
    return re.fullmatch(pattern, "".join(line + "\n" for line in found), re.S) is not None


def _make_pattern(line: str) -> str:
    """A line of which dots stand for any text inside it."""
    return re.escape(line).replace(re.escape(ANY_LINES), "[^\\n]*") + "\n"


def run_page(text: str, folder: Path) -> tuple[str, list[str]]:
    """Run all examples of a page.

    Parameters
    ----------
    text : str
        The page.
    folder : Path
        Made by ``make_folder``.

    Returns
    -------
    text : str
        The page with the output that was found.
    differences : list of str
        One message for each command whose output is not as shown.
    """
    runner = Runner(folder)
    differences: list[str] = []
    pieces: list[str] = []
    done = 0
    printed: list[str] = []
    for block in read_blocks(text):
        body = block.body
        if block.kind in ("csv", "toml") and block.title:
            path = folder / block.title
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(block.body, encoding="utf-8")
        elif block.kind == "console":
            body = _run_console(block, runner, differences)
        elif block.kind == "python":
            printed = runner.run_python(block.body)
        elif block.kind == "text" and block.title == "prints":
            body = _compare(block.body.splitlines(), printed, "python", differences)
        pieces += [text[done : block.start], body]
        done = block.end
    return "".join([*pieces, text[done:]]), differences


def _run_console(block: Block, runner: Runner, differences: list[str]) -> str:
    parts = []
    for step in read_steps(block.body):
        found = runner.run(step.command)
        parts.append(f"$ {step.command}\n" + _compare(step.shown, found, step.command, differences))
    return "".join(parts)


def _compare(shown: list[str], found: list[str], what: str, differences: list[str]) -> str:
    """Text of the output for the page; what is shown stays when it is right."""
    lines = shown if is_same(shown, found) else _trim(found)
    if lines is not shown:
        differences.append(f"$ {what}\nshown:\n" + "\n".join(shown) + "\nfound:\n" + "\n".join(found))
    return "".join(f"{line}\n" for line in lines)
