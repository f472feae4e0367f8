"""The generated pages are what the code says, and nothing that people can use is left out."""

import ast
from pathlib import Path

import pytest
from tools.build_eurasia.inputs import PACKAGES
from tools.docs import commands, dictionary, insert_tables, rules
from tools.docs.__main__ import PAGES, find_differences, make_pages
from tools.docs.inserts import MAKERS, SLOW, fill
from tools.docs.numpydoc import read_doc

import dehliz
from dehliz.base.schema import list_tables, read_spec
from dehliz.eurasia.facts import KIND_ORDER
from dehliz.network.changes import KINDS
from tests.docs.pages import ROOT, list_pages, read_page

AGAIN = "run python -m tools.docs"


@pytest.mark.parametrize("name", sorted(PAGES))
def test_generated_page_is_what_the_code_says(name: str) -> None:
    assert PAGES[name]() == read_page(name), AGAIN


def test_parts_made_from_files_are_as_the_files_say() -> None:
    assert find_differences(make_pages(with_slow=False)) == [], AGAIN


@pytest.mark.slow
@pytest.mark.parametrize(
    "name", [name for name in list_pages() if any(f"insert: {key} " in read_page(name) for key in SLOW)]
)
def test_parts_made_from_the_bundled_network_are_as_it_says(name: str) -> None:
    assert fill(read_page(name)) == read_page(name), AGAIN


@pytest.mark.parametrize("key", sorted(MAKERS))
def test_each_insert_has_a_place(key: str) -> None:
    assert any(f"<!-- insert: {key} -->" in read_page(name) for name in list_pages())


def test_commands_and_options_are_told() -> None:
    page = read_page("reference/commands.md")
    found = commands.list_commands()
    assert len(found) >= 12
    for name, function in found:
        section = page.partition(f"## dehliz {name}\n")[2].partition("\n## ")[0]
        assert section, name
        for item in commands.list_parameters(function):
            assert item.help.strip(), f"{name} {item.names}"
            assert all(word in section for word in item.names), f"{name} {item.names}"


def test_command_line_knows_the_options_that_are_told() -> None:
    """The page reads annotations; the command line must understand the same words."""
    from typer.testing import CliRunner

    from dehliz.cli.main import app

    for name, function in commands.list_commands():
        shown = CliRunner().invoke(app, [*name.split(), "--help"], terminal_width=200).output
        for item in commands.list_parameters(function):
            if item.is_option:
                assert all(word in shown for word in item.names), f"{name} {item.names}"


def test_tables_and_columns_are_told() -> None:
    page = read_page("reference/dictionary.md")
    assert set(dictionary.MEANING) == set(list_tables())
    for name in list_tables():
        section = page.partition(f"### {name}\n")[2].partition("\n### ")[0]
        for column in read_spec(name).columns:
            assert f"| `{column.name}`" in section, f"{name}.{column.name}"
            assert column.description, f"{name}.{column.name}"


def test_rules_are_told() -> None:
    page = read_page("reference/rules.md")
    found = rules.list_rules()
    assert len(found) > 90
    for rule in found:
        assert page.count(f"| `{rule.name}` |") == 1, rule.name


def test_every_rule_written_in_the_code_is_found() -> None:
    """Names of rules are texts of three words and more, joined by dots; those in the code are on the page."""
    told = {rule.name for rule in rules.list_rules()}
    for path in (ROOT / "src" / "dehliz").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.args:
                first = node.args[0] if node.func.id in ("Rule", "Issue") else None
                if isinstance(first, ast.Constant) and isinstance(first.value, str):
                    assert first.value in told, f"{path.name}: {first.value}"


def test_public_names_are_told() -> None:
    page = read_page("reference/python.md")
    for name in dehliz.__all__:
        if name != "__version__":
            assert f"### {name}\n" in page
            assert read_doc(getattr(dehliz, name)).entries.get("Returns"), f"{name} says what it returns"


def test_kinds_of_change_are_told() -> None:
    page = read_page("reference/scenario.md")
    assert all(f'## do = "{word}"' in page for word in KINDS)


def test_keys_of_files_have_a_meaning() -> None:
    for name in ("reference/study.md", "reference/scenario.md", "reference/ensemble.md"):
        for line in read_page(name).splitlines():
            if line.startswith("| `"):
                assert line.rstrip("| ").split("|")[-1].strip(), f"{name}: {line}"


def test_floors_and_kinds_have_a_meaning() -> None:
    floors = {name for names in insert_tables.read_floors() for name in names}
    assert floors == set(insert_tables.FLOORS)
    assert set(KIND_ORDER) == set(insert_tables.KINDS)
    assert {package.requirement.partition("==")[0] for package in PACKAGES} == set(insert_tables.INPUTS)


def test_reading_a_docstring() -> None:
    def sample() -> None:
        """One line.

        More.

        Parameters
        ----------
        a, b : int
            Two
            numbers.

        Notes
        -----
        Rule 1.
        """

    doc = read_doc(sample)
    assert doc.summary == "One line.\n\nMore."
    assert [(entry.name, entry.type, entry.text) for entry in doc.entries["Parameters"]] == [
        ("a, b", "int", "Two numbers.")
    ]
    assert doc.notes == "Rule 1."


def test_no_page_names_a_machine() -> None:
    for name in list_pages():
        text = read_page(name)
        assert str(Path.home()) not in text or str(Path.home()) == "/", name
        assert str(ROOT) not in text, name
