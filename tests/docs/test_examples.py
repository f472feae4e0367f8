"""Every example of the tutorial and the how-to pages runs and prints what the page shows."""

from pathlib import Path

import pytest
from tools.docs.console import is_same, make_folder, read_blocks, read_steps, run_page

from tests.docs.pages import ROOT, list_pages, read_page

PAGES = [name for name in list_pages() if name.startswith(("tutorial/", "howto/"))]
SLOW = ("howto/criticality.md", "howto/trace_a_number.md", "howto/volumes.md")
"""Pages that ask the bundled network, which takes seconds."""


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=pytest.mark.slow) if name in SLOW else name for name in PAGES]
)
def test_examples_print_what_the_page_shows(name: str, tmp_path: Path) -> None:
    differences = run_page(read_page(name), make_folder(tmp_path))[1]
    assert not differences, "\n\n".join(differences) + f"\n\nrun python -m tools.docs --run {name}"


@pytest.mark.parametrize("name", PAGES)
def test_page_has_an_example(name: str) -> None:
    assert any(block.kind in ("console", "python") for block in read_blocks(read_page(name)))


def test_console_blocks_hold_commands_that_are_run() -> None:
    for name in PAGES:
        for block in read_blocks(read_page(name)):
            if block.kind == "console":
                assert block.body.startswith("$ "), name
                assert read_steps(block.body), name


def test_example_network_is_the_one_of_the_tests() -> None:
    one, other = ROOT / "examples" / "corridor3", ROOT / "tests" / "cases" / "corridor3"
    assert sorted(path.name for path in one.iterdir()) == sorted(path.name for path in other.iterdir())
    for path in one.iterdir():
        assert path.read_bytes() == (other / path.name).read_bytes(), path.name


def test_dots_stand_for_lines_and_words() -> None:
    assert is_same(["a", "...", "c"], ["a", "b", "b", "c", ""])
    assert is_same(["...", "c"], ["c"])
    assert is_same(["one ... three"], ["one two three"])
    assert not is_same(["a", "..."], ["b"])
    assert not is_same(["one ..."], ["two"])
    assert not is_same([], ["a"])
    assert not is_same(["a"], [])


def test_a_wrong_output_is_noticed(tmp_path: Path) -> None:
    page = "```console\n$ dehliz --version\ndehliz 0.0.0\n```\n"
    text, differences = run_page(page, make_folder(tmp_path))
    assert len(differences) == 1
    assert "dehliz 0.0.0" not in text


def test_files_of_a_page_are_written_before_its_commands(tmp_path: Path) -> None:
    page = '```csv title="a/b.csv"\nx\n1\n```\n\n```console\n$ cat a/b.csv\nx\n1\n```\n'
    assert run_page(page, make_folder(tmp_path))[1] == []
