"""Crossings get their names, numbers and provenance from the curated rows."""

from pathlib import Path

import pandas as pd
import pytest
from tools.build_eurasia.borders import build, name_terminal
from tools.build_eurasia.facts import build_facts


@pytest.fixture(scope="module")
def made() -> dict[str, pd.DataFrame]:
    return build(Path(), build_facts()["fact"])


def test_a_post_is_named_by_countries_and_a_gauge_change_by_gauges() -> None:
    post = {
        "node_id": "saryagash", "kind": "border_post", "from_mode_id": "rail_1520", "to_mode_id": "rail_1520",
        "from_country_id": "KZ", "to_country_id": "UZ",
    }  # fmt: skip
    assert name_terminal(post) == "saryagash_post_kz_uz_1520"
    change = post | {"node_id": "dostyk", "kind": "gauge_change", "to_mode_id": "rail_1435"}
    assert name_terminal(change) == "dostyk_gauge_1520_1435"


def test_altynkol_inbound_takes_the_published_time_of_that_direction(made: dict[str, pd.DataFrame]) -> None:
    """Inbound to Kazakhstan 54.4 h, outbound 6.8 h (CPMM), whatever is work and what is wait."""
    terminal = made["terminal"].set_index("terminal_id")
    total_h = terminal["handling_time_h"].astype(float) + terminal["waiting_time_h"].astype(float)
    assert total_h["altynkol_gauge_1435_1520"] == pytest.approx(54.4)
    assert total_h["altynkol_gauge_1520_1435"] == pytest.approx(6.8)
    assert total_h["dostyk_gauge_1435_1520"] == pytest.approx(54.4)
    assert total_h["malaszewicze_gauge_1520_1435"] == pytest.approx(60.0)
    assert total_h["alashankou_post_cn_kz_1435"] == pytest.approx(14.0)


def test_two_published_halves_of_a_crossing_are_added(made: dict[str, pd.DataFrame]) -> None:
    """Uzbekistan outbound 6.0 h and Turkmenistan inbound 3.9 h."""
    terminal = made["terminal"].set_index("terminal_id")
    assert terminal.at["farap_post_uz_tm_1520", "handling_time_h"] == pytest.approx(9.9)
    value = made["value"]
    note = value[(value["row_id"] == "farap_post_uz_tm_1520") & (value["column_name"] == "handling_time_h")]
    assert note["basis"].tolist() == ["derived"]
    facts = {*note["fact_id"], *note["rival_fact_ids"].iloc[0].split(";")}
    assert facts >= {"rail_added-0011", "rail_added-0017"}


def test_every_number_of_a_crossing_has_its_provenance(made: dict[str, pd.DataFrame]) -> None:
    value = made["value"]
    noted = set(zip(value["row_id"], value["column_name"], strict=True))
    columns = (
        "handling_time_h",
        "waiting_time_h",
        "time_spread_h",
        "cost_usd_teu",
        "cost_usd_t",
        "emissions_kgco2e_t",
    )
    assert not [
        (terminal_id, column)
        for terminal_id in made["terminal"]["terminal_id"]
        for column in columns
        if (terminal_id, column) not in noted
    ]


def test_an_assumption_has_a_range(made: dict[str, pd.DataFrame]) -> None:
    assumed = made["value"][made["value"]["basis"] == "assumption"]
    number = assumed["value"].astype(float)
    assert (assumed["low"] <= number + 1e-6).all()
    assert (number <= assumed["high"] + 1e-6).all()
