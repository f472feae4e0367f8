"""Hazards of a table: what they strike, what is left out, other rates, and every rule broken once."""

from dataclasses import FrozenInstanceError
from pathlib import Path

import numpy as np
import pytest

from dehliz.base.errors import DataError, SettingsError
from dehliz.disruption.hazard_rules import HAZARD_RULES
from dehliz.disruption.hazards import Hazards, check_hazard_table, make_hazards, read_hazards
from dehliz.disruption.targets import find_target
from dehliz.graph.compile import compile_graph
from dehliz.network.network import Network
from tests.unit.disruption.hazard_tables import ALL, BORDER, HEADER, NARROWS, STORM, WORKS, make_table


def make(network: Network, *rows: str, year: int | None = None) -> Hazards:
    table = check_hazard_table(make_table(*rows), network)
    return make_hazards(table, network, compile_graph(network), year=year)


def test_hazards_strike_the_rows_that_they_name(corridor3: Network) -> None:
    graph = compile_graph(corridor3)
    hazards = make(corridor3)
    assert hazards.hazard_ids == ("border", "narrows", "storm", "works")
    rows = {
        name: {graph.row_id(arc) for arc in hazards.arcs_of(hazards.find(name))} - {""}
        for name in hazards.hazard_ids
    }
    assert rows["border"] == {"mark_rail_ab", "mark_rail_ba", "mark_road_ab", "mark_road_ba"}
    assert rows["narrows"] == {"roro_quay_haven"}
    assert {"quay_rail_ship", "quay_road_ship", "ferry_quay_haven"} <= rows["storm"]
    assert {"xb_mark_quay", "gate_gauge"} <= rows["works"]
    assert "xb_mark_quay_fast" not in rows["works"]
    assert hazards.notes == ()


def test_a_border_of_one_country_has_all_its_posts(corridor3: Network) -> None:
    graph = compile_graph(corridor3)
    both = find_target(graph, corridor3, "border:XA-XB")
    assert np.array_equal(find_target(graph, corridor3, "border:XB"), both)
    assert {graph.row_id(arc) for arc in np.flatnonzero(both)} == {
        f"mark_{mode}_{way}" for mode in ("rail", "road") for way in ("ab", "ba")
    }
    with pytest.raises(DataError, match="no such border post"):
        find_target(graph, corridor3, "border:XA-XC")


def test_what_strikes_nothing_or_holds_in_another_year_is_left_out_and_told(corridor3: Network) -> None:
    lost = STORM.replace("storm,Storms at Quay,storm,,quay", "lost,Lost,storm,,nowhere")
    hazards = make(corridor3, *ALL, lost, year=2035)
    assert hazards.hazard_ids == ("border", "narrows", "storm")
    assert hazards.notes == (
        "hazard lost: left out, no such node: 'nowhere'",
        "hazard works: left out, since it does not hold in 2035",
    )
    assert "works" in make(corridor3, *ALL, year=2030).hazard_ids


def test_hazards_cannot_be_changed(corridor3: Network) -> None:
    hazards = make(corridor3)
    with pytest.raises(ValueError, match="read-only"):
        hazards.rate_per_a[0] = 2
    with pytest.raises(FrozenInstanceError):
        hazards.notes = ()  # type: ignore[misc]
    assert repr(hazards) == "<Hazards: 4, 7.7 events a year, 0 left out>"


def test_rates_are_changed_by_hazard_or_country(corridor3: Network) -> None:
    hazards = make(corridor3)
    changed = hazards.with_rates({"storm": 2.5, "country:XB": 0.0})
    assert changed.rate_per_a.tolist() == [0.0, 0.5, 2.5, 1.0]
    assert hazards.rate_per_a.tolist() == [0.2, 0.5, 6.0, 1.0]
    assert hazards.with_rates({"country:XB": 0.7, "border": 0.3}).rate_per_a[0] == 0.3


def test_wrong_rates_are_told_together(corridor3: Network) -> None:
    hazards = make(corridor3)
    with pytest.raises(SettingsError) as caught:
        hazards.with_rates(
            {"strom": 1.0, "storm": -1.0, "border": float("nan"), "country:XA": 1.0, "works": 400}
        )
    text = str(caught.value)
    assert [issue.rule for issue in caught.value.issues] == [
        "hazard.rate.known", "hazard.rate.bounds", "hazard.rate.bounds", "hazard.rate.known", "hazard.rate.bounds",
    ]  # fmt: skip
    assert "Did you mean 'storm'?" in text
    assert "country:XB" in text


BREAKS = {
    "hazard.targets.form": (STORM.replace(",quay,", ",quay;port:quay;a:b:c,"), "'port:quay', 'a:b:c'"),
    "hazard.is_closed.effect": (NARROWS.replace(",true,", ",false,"), "it does nothing"),
    "hazard.is_closed.alone": (
        WORKS.replace(",false,", ",true,"),
        "closed, and capacity_factor and waiting_add_h",
    ),
    "hazard.rate_per_a.range": (STORM.replace(",6,2,9,", ",6,7,9,"), "6, with a range from 7 to 9"),
    "hazard.first_month.season": (STORM.replace(",11,2,", ",11,,"), "no last_month"),
    "hazard.duration_spread_d.form": (
        BORDER.replace("lognormal,14", "lognormal,"),
        "lognormal, without a spread",
    ),
    "hazard.to_year.order": (WORKS.replace("2024,2030", "2031,2030"), "from 2031 to 2030"),
    "hazard.country_id.instability": (BORDER.replace(",XB,", ",,"), "no country"),
    "hazard.kind.choice": (STORM.replace(",storm,,", ",strom,,"), "'strom'"),
    "hazard.capacity_factor.bounds": (WORKS.replace(",0.5,", ",50,"), "50"),
    "hazard.country_id.refers": (BORDER.replace(",XB,", ",XQ,"), "'XQ'"),
    "hazard.duration_d.present": (NARROWS.replace(",20,fixed", ",,fixed"), "no value"),
    "hazard.hazard_id.unique": (f"{STORM}\n{STORM}", "occurs more than once"),
}


@pytest.mark.parametrize("rule", BREAKS)
def test_each_rule_is_broken_alone(rule: str, corridor3: Network, tmp_path: Path) -> None:
    row, found = BREAKS[rule]
    path = tmp_path / "hazard.csv"
    path.write_text(f"{HEADER}\n{row}\n", encoding="utf-8")
    with pytest.raises(DataError) as caught:
        read_hazards(path, corridor3)
    assert [issue.rule for issue in caught.value.issues] == [rule]
    assert found in caught.value.issues[0].found
    assert "hazard.csv" in caught.value.issues[0].place
    assert "row 2" in str(caught.value)


def test_every_rule_has_a_broken_case() -> None:
    assert set(HAZARD_RULES) <= set(BREAKS)


def test_two_rows_for_one_country_are_refused(corridor3: Network) -> None:
    again = BORDER.replace("border,", "again,", 1)
    with pytest.raises(DataError, match="'XB' once more"):
        make(corridor3, BORDER, again)


def test_a_file_is_read_as_its_table(corridor3: Network, tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    path.write_text("\n".join([HEADER, *ALL]) + "\n", encoding="utf-8")
    hazards = read_hazards(path, corridor3)
    assert hazards.hazard_ids == make(corridor3).hazard_ids
    assert not len(hazards.arcs)
    with pytest.raises(DataError, match=r"missing\.csv"):
        read_hazards(tmp_path / "missing.csv", corridor3)


def test_a_column_that_nobody_knows_is_left_out_and_told(corridor3: Network, tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    path.write_text(f"{HEADER},mood\n{STORM},gloomy\n", encoding="utf-8")
    note = "own.csv: column 'mood' is not in the data dictionary and was left out"
    assert read_hazards(path, corridor3).notes == (note,)
