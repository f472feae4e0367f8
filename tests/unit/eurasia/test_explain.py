"""Every value can be asked for, down to its source, its rivals and the reason."""

import json

import pytest

from dehliz.base.errors import LookupFailed
from dehliz.eurasia.explain import explain
from dehliz.eurasia.explanation import ExplainedValue, Explanation
from tests.unit.eurasia.small import make_facts, make_network

BOOK = make_facts()
TABLES = make_network().tables()


def ask(words: str) -> Explanation:
    return explain(TABLES, words.split(), BOOK)


def find_value(found: Explanation, column: str) -> ExplainedValue:
    return next(value for value in found.rows[0].values if value.column_name == column)


def test_a_value_comes_with_its_fact_its_rivals_and_the_reason() -> None:
    found = ask("link az_alat_tbilisi length_km")
    (value,) = found.rows[0].values
    assert (value.value, value.unit, value.basis) == ("504", "km", "fact")
    assert value.description == "Length of the way, not of the straight line"
    assert value.rule == "newest published length"
    assert value.fact is not None
    assert (value.fact.fact.fact_id, value.fact.publisher, value.fact.cited) == (
        "segments-0001",
        "Trend",
        "ADY",
    )
    assert value.fact.url == "https://example.org/trend"
    assert [rival.fact.fact_id for rival in value.rivals] == ["segments-0002", "segments-0003"]
    assert value.rivals[1].reason == "an assumption stands after a sourced value"


def test_an_assumption_shows_its_range_and_is_called_one() -> None:
    value = find_value(ask("link az_alat_tbilisi"), "speed_km_h")
    assert (value.basis, value.low, value.high, value.fact) == ("assumption", 30, 50, None)
    assert "40 km/h (assumption)" in ask("link az_alat_tbilisi").text()
    assert "Plausible range: 30 to 50 km/h" in ask("link az_alat_tbilisi").text()


def test_a_number_that_nothing_is_known_of_says_so() -> None:
    assert find_value(ask("terminal alat_rail_ship"), "capacity_teu_a").basis == "not stated"
    assert find_value(ask("terminal alat_rail_ship"), "capacity_t_a").value == ""


def test_a_node_stands_for_its_terminals() -> None:
    found = ask("terminal aktau capacity_teu_a")
    assert [row.row_id for row in found.rows] == ["aktau_rail_ship"]
    assert find_value(found, "capacity_teu_a").value == "140000"
    assert ask("aktau capacity_teu_a").document()["rows"] == found.document()["rows"]


@pytest.mark.parametrize("words", ["KZAAU", "kzaau", "aktau", "node aktau", "node KZAAU", "Aktau"])
def test_a_code_an_id_or_a_name_gives_the_node_and_what_lies_there(words: str) -> None:
    found = ask(words)
    assert (found.rows[0].table_name, found.rows[0].row_id) == ("node", "aktau")


def test_empty_columns_are_named_in_one_line_and_truth_is_in_words() -> None:
    text = ask("terminal alat_rail_ship").text()
    assert "  directed: false\n" in text
    assert "  No value: from_country_id, to_country_id, time_spread_h, capacity_t_a," in text


def test_facts_of_the_row_are_left_out_where_the_value_names_its_own() -> None:
    assert ask("link az_alat_tbilisi length_km").rows[0].facts == ()
    assert len(ask("link az_alat_tbilisi speed_km_h").rows[0].facts) == 2


def test_what_to_ask_next_is_listed() -> None:
    assert ask("KZAAU").related == (
        ("zone", "z_aktau", "Aktau"),
        ("terminal", "aktau_rail_ship", "Aktau port"),
    )
    assert ("link", "az_alat_tbilisi", "Alat – Tbilisi") in ask("alat").related


def test_a_country_is_found_by_its_code() -> None:
    assert ask("country kz").rows[0].name == "Kazakhstan"


def test_a_fact_shows_its_source_and_who_uses_it() -> None:
    found = ask("fact segments-0001")
    assert found.facts[0].publisher == "Trend"
    assert found.related == (("link", "az_alat_tbilisi", "length_km"),)
    assert ask("segments-0001").document()["facts"] == found.document()["facts"]
    assert "Used by:\n  link az_alat_tbilisi  length_km" in found.text()


def test_facts_of_the_whole_row_are_ranked() -> None:
    assert [entry.fact.fact_id for entry in ask("link az_alat_tbilisi").rows[0].facts] == [
        "segments-0002",
        "segments-0001",
    ]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (
            "terminal aktaw_rail_ship",
            "There is no terminal 'aktaw_rail_ship'. Did you mean 'aktau_rail_ship'",
        ),
        ("link nothing_at_all", "There is no link 'nothing_at_all'. There are 1, such as az_alat_tbilisi."),
        ("link az_alat_tbilisi lenght_km", "Table link has no column 'lenght_km'. Did you mean 'length_km'?"),
        ("fact segments-9999", "There is no fact 'segments-9999'. Did you mean"),
        ("fact", "'fact' needs the id of a fact"),
        ("link", "'link' needs an id. There are 1, such as az_alat_tbilisi."),
        ("tariff", "'tariff' needs an id. The network has none."),
        ("aktua", "Nothing is called 'aktua'. Did you mean 'aktau'"),
        ("aktau capacty_teu_a", "Table node has no column 'capacty_teu_a'."),
        ("", "Nothing was asked."),
    ],
)
def test_what_is_not_there_gets_the_nearest(words: str, message: str) -> None:
    with pytest.raises(LookupFailed) as caught:
        ask(words)
    assert message in str(caught.value)


def test_the_document_is_json_with_columns_of_the_dictionary() -> None:
    document = json.loads(json.dumps(ask("link az_alat_tbilisi").document(), allow_nan=False))
    length = next(value for value in document["rows"][0]["values"] if value["column_name"] == "length_km")
    assert length["fact"]["url"] == "https://example.org/trend"
    assert length["fact"]["value_mean"] == 504
    assert length["low"] is None
    assert [rival["fact_id"] for rival in length["rivals"]] == ["segments-0002", "segments-0003"]


def test_the_text_fits_the_screen_but_for_addresses() -> None:
    for line in ask("link az_alat_tbilisi").text().splitlines():
        assert len(line) <= 100 or "https://" in line


def test_the_text_of_one_value() -> None:
    assert ask("link az_alat_tbilisi length_km").text() == EXPECTED_TEXT


EXPECTED_TEXT = """\
link az_alat_tbilisi: Alat – Tbilisi
  length_km: 504 km (fact)
      Length of the way, not of the straight line
      Why: newest published length
      segments-0001: Alat, Tbilisi, length: 504 km, for 2018 (high confidence)
        Trend, quoting ADY (press, 2018-03-01)
        https://example.org/trend
      Rival, not taken (first by the general rules; see the reason above):
        segments-0002: Alat, Tbilisi, length: 500 km, for 2015 (medium confidence)
          Ministry (official, 2015-03-01)
          https://example.org/a
          https://example.org/b
          rounded
      Rival, not taken (an assumption stands after a sourced value):
        segments-0003: Alat, Tbilisi, length: 600 km, for 2018 (ASSUMPTION)
          General knowledge, unsourced (none)
          track km
"""
