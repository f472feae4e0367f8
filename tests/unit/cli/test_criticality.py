"""``dehliz criticality``: the table, the document, what is refused."""

from pathlib import Path

import pytest

from dehliz.base.schema import read_spec
from tests.unit.cli.asking import Asked, ask


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (("--days", "0"), "It needs days from 0.01 to 3,650"),
        (("--by", "worth"), "'worth' was given. It needs one of others, net, transit"),
        (("--kinds", "country,harbour"), "there is no such kind"),
        (("--workers", "0"), "0 was given. It needs a whole number from 1 to 256"),
        (("--pairs", "-1"), "needs a whole number from 0 to 200"),
        (("--watch", "KZ,QQ"), "Option --watch: 'QQ' was given. It needs countries of the network."),
        (("--map", "here.png"), "It is a file of the form .svg"),
        (("--report", "here.svg"), "It is a file of the form .html"),
        (("--year", "1900"), "1900"),
    ],
)
def test_what_cannot_be_is_refused(words: tuple[str, ...], text: str) -> None:
    asked = ask("criticality", "--workers", "1", *words)
    assert asked.code == 2
    assert text in " ".join(asked.said.split())
    assert asked.shown == ""


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> tuple[Asked, Path]:
    folder = tmp_path_factory.mktemp("critical")
    words = ("--kinds", "passage,ship", "--workers", "1", "--pairs", "2", "--watch", "KZ,AZ")
    files = (
        "--map",
        str(folder / "map.svg"),
        "--report",
        str(folder / "page.html"),
        "--folder",
        str(folder / "run"),
    )
    return ask("criticality", *words, *files, "--json"), folder


@pytest.mark.slow
def test_document(told: tuple[Asked, Path]) -> None:
    asked, folder = told
    document = asked.document()
    assert asked.code == 0, asked.said
    assert (document["status"], document["year"], document["days"], document["by"]) == (
        "converged",
        2024,
        90.0,
        "others",
    )
    assert document["watched"] == ["KZ", "AZ"]
    assert document["used"] == len(document["criticality"]) > 10
    for name in ("criticality", "criticality_bearer", "criticality_pair"):
        assert list(document[name][0]) == list(read_spec(name).column_names), name
    suez = next(row for row in document["criticality"] if row["element_id"] == "suez")
    assert suez["rank_count"] <= 2  # as much goes by Bab el-Mandeb
    assert (folder / "map.svg").read_text(encoding="utf-8").startswith("<?xml")
    assert "What is worth most, 2024" in (folder / "page.html").read_text(encoding="utf-8")
    assert (folder / "run" / "tables" / "criticality.parquet").is_file()


@pytest.mark.slow
def test_screen_fits() -> None:
    asked = ask("criticality", "--kinds", "passage", "--workers", "1", "--watch", "KZ", "--top", "3")
    assert asked.code == 0
    assert max(map(len, asked.shown.splitlines())) <= 100
    assert "Who bears Bab el mandeb" in asked.shown
    assert "KZ: it loses most by passage" in asked.shown
    assert "8 more" in asked.shown
