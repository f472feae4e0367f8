"""``dehliz diversify`` and ``dehliz relief``: documents, screens, exit codes, and what is refused."""

import pytest

from dehliz.base.schema import read_spec
from tests.unit.cli.asking import Asked, ask

WIDTH = 100


def check_width(asked: Asked) -> None:
    assert max(len(line) for line in asked.shown.splitlines()) <= WIDTH


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (("diversify", "Baku"), "One place was given. Two are needed, or none"),
        (("diversify", "Baku", "Poti", "--regions", "eu", "china"), "Places and regions were given"),
        (("diversify", "--regions", "eu", "europe"), "Regions eu and europe share"),
        (("diversify", "--regions", "eu", "nowhere"), "Region 'nowhere' is not known"),
        (("diversify", "Baku", "Poti", "--avoid", "AZ"), "baku lie in a country to avoid"),
        (("diversify", "Baku", "Poti", "--avoid", "Utopia"), "Option --avoid: 'Utopia' is not a country"),
        (("diversify", "Baku", "Poti", "--without", "xyz"), "Option --without: 'xyz' is not in the network"),
        (("diversify", "Baku", "Poti", "--segment", "gold"), "Segment 'gold' is not known"),
        (("diversify", "Baku", "Poti", "--year", "1066"), "1066"),
        (("relief", "Baku", "--from", "Baku"), "Option --from: baku is the struck place itself"),
        (("relief", "Tbilixi"), "Did you mean"),
        (("relief", "Baku", "--segment", "gold"), "Segment 'gold' is not known"),
    ],
)
def test_what_cannot_be_is_refused(words: tuple[str, ...], text: str) -> None:
    asked = ask(*words)
    assert asked.code == 2
    assert text in " ".join(asked.said.split())
    assert asked.shown == ""


def test_two_places_as_a_document() -> None:
    asked = ask("diversify", "Almaty", "Mersin", "--avoid", "russia", "--without", "mode:road", "--json")
    assert (asked.code, asked.said) == (0, "")
    document = asked.document()
    assert (document["status"], document["from_id"], document["avoid_ids"]) == ("ok", "almaty", ["RU"])
    for name in ("cut", "cut_section", "disjoint", "disjoint_way"):
        assert list(document[name][0]) == list(read_spec(name).column_names), name
    assert "diversification" not in document
    for way in document["disjoint_way"]:
        assert "RU" not in way["country_ids"].split(";")
    cut = next(row for row in document["cut"] if row["kind"] == "capacity")
    parts = [row["capacity_t_d"] for row in document["cut_section"] if row["kind"] == "capacity"]
    assert cut["known_t_d"] == pytest.approx(sum(parts))


def test_two_places_on_the_screen() -> None:
    asked = ask("diversify", "Almaty", "Mersin", "--avoid", "RU")
    assert asked.code == 0
    check_width(asked)
    assert "almaty to mersin, 2024 without RU:" in asked.shown
    assert "The fewest sections that cut it off" in asked.shown


def test_no_way_names_what_blocks() -> None:
    asked = ask("diversify", "Aktau", "Poti", "--without", "aktau")
    assert asked.code == 3
    check_width(asked)
    assert asked.shown.startswith("No way. None is left without Aktau (aktau); the nearest way would use")


@pytest.mark.slow
def test_regions_tell_concentration_too() -> None:
    asked = ask("diversify", "--regions", "central_asia", "europe", "--avoid", "RU", "--json")
    assert asked.code == 0
    rows = asked.document()["diversification"]
    assert {row["scope_id"] for row in rows} == {"central_asia-europe"}
    could = next(
        row for row in rows if (row["of"], row["by"], row["measure"]) == ("route", "country", "work")
    )
    assert could["largest_id"] != "RU"
    goes = next(row for row in rows if (row["of"], row["by"], row["measure"]) == ("flow", "transit", "work"))
    assert goes["largest_id"] == "RU", "what is avoided counts for the ways that could be taken only"


@pytest.mark.slow
def test_all_cargo_on_the_screen() -> None:
    asked = ask("diversify")
    assert asked.code == 0
    check_width(asked)
    assert "Concentration of all cargo, 2024" in asked.shown
    assert "china_europe_rail" in asked.shown


def test_relief_as_a_document_and_on_the_screen() -> None:
    words = ("relief", "Yerevan", "--without", "sadakhlo")
    document = ask(*words, "--json").document()
    assert document["status"] == "ok"
    for name in ("relief_way", "relief_total", "cut", "cut_section"):
        assert list(document[name][0]) == list(read_spec(name).column_names), name
    asked = ask(*words)
    assert asked.code == 0
    check_width(asked)
    assert "gateway cut off" in asked.shown
    assert "No way before either: " in asked.shown


def test_relief_from_nowhere_is_no_answer() -> None:
    asked = ask("relief", "Yerevan", "--without", "sadakhlo,ayrum,norduz", "--from", "Tbilisi,Tehran")
    assert asked.code == 3
    check_width(asked)
    assert asked.shown.startswith("No way. No gateway reaches the place.")
