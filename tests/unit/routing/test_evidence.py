"""What stands behind a route: its rows, and the tariffs, factors, grids and scores that make its numbers."""

from dataclasses import replace

import pandas as pd
import pytest

from dehliz.graph.shipment import Shipment, read_shipment
from dehliz.network.network import Network
from dehliz.routing.ask import routes
from dehliz.routing.evidence import Evidence
from dehliz.routing.planner import prepare


def value_row(table: str, row_id: str, column: str, basis: str, fact_id: str = "") -> dict[str, object]:
    cell = {"table_name": table, "row_id": row_id, "column_name": column, "value": "1"}
    behind = {"basis": basis, "fact_id": fact_id, "rival_fact_ids": "", "rule": "test"}
    return {**cell, **behind, "low": float("nan"), "high": float("nan")}


@pytest.fixture
def sourced(corridor3: Network) -> Network:
    """The example with a fact behind one value of each kind."""
    rows = [
        value_row("link", "xa_west_gate", "length_km", "fact", "length-1"),
        value_row("link", "xa_west_gate", "tracks_count", "assumption"),
        value_row("tariff", "rail_1435_teu", "rate_usd_teu_km", "assumption", "tariff-1"),
        value_row("tariff", "road_teu", "rate_usd_teu_km", "fact", "tariff-2"),
        value_row("tariff", "rail_1435_t", "rate_usd_t_km", "fact", "tariff-3"),
        value_row("emission_factor", "rail_1435_electric", "energy_kwh_tkm", "fact", "factor-1"),
        value_row("country", "XA", "grid_gco2e_kwh", "fact", "grid-1"),
        value_row("country", "XB", "grid_gco2e_kwh", "fact", "grid-2"),
        value_row("country", "XA", "stability_score", "fact", "score-1"),
        value_row("country", "XA", "logistics_score", "fact", "score-2"),
        value_row("segment", "containers", "t_per_teu_factor", "assumption", "segment-1"),
        value_row("terminal", "gate_gauge", "cost_usd_teu", "assumption"),
        value_row("terminal", "gate_gauge", "cost_usd_t", "assumption"),
    ]
    return replace(corridor3, value=pd.DataFrame(rows))


@pytest.fixture
def box(sourced: Network) -> Shipment:
    return read_shipment(sourced, "1x40")


def test_link_stands_on_tariff_factor_and_grid(sourced: Network, box: Shipment) -> None:
    standing = Evidence(sourced).stand_on([("link", "xa_west_gate")], box)
    assert standing == [
        ("link", "xa_west_gate"), ("tariff", "rail_1435_teu"), ("emission_factor", "rail_1435_electric"),
        ("country.grid_gco2e_kwh", "XA"),
    ]  # fmt: skip


def test_tariff_is_that_of_the_unit(sourced: Network) -> None:
    grain = read_shipment(sourced, tonnes=10, segment="bulk")
    assert ("tariff", "rail_1435_t") in Evidence(sourced).stand_on([("link", "xa_west_gate")], grain)


def test_route_names_the_facts_behind_money_emissions_and_stability(sourced: Network) -> None:
    table = routes(prepare(sourced), "west", "haven").table
    rail, road = (set(cell.split(";")) for cell in table["fact_ids"])
    # XB's rail has no wires, so that its grid does not count; nor does a logistics score.
    assert rail == {"length-1", "tariff-1", "factor-1", "grid-1", "score-1", "segment-1"}
    assert road == {"tariff-2", "score-1", "segment-1"}


def test_assumptions_are_those_that_count(sourced: Network) -> None:
    """Tracks and the price per tonne of a yard do not make the time or the price of a box."""
    assert routes(prepare(sourced), "west", "haven").table["assumption_count"].tolist() == [3, 1]


def test_values_listed_are_those_that_routes_stand_on(sourced: Network, box: Shipment) -> None:
    listed = Evidence(sourced).list_values({"xa_west_gate"}, ["XA"], box)
    assert listed["fact_id"].tolist() == [
        "length-1", "", "tariff-1", "factor-1", "grid-1", "score-1", "segment-1"
    ]  # fmt: skip
