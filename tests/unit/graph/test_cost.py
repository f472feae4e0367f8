"""Pricing: the most particular tariff wins, closed and foreign modes cost inf, CO2e as computed by hand."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from dehliz.base.errors import DataError, SettingsError
from dehliz.graph.compile import compile_graph
from dehliz.graph.cost import Costs, price_arcs
from dehliz.graph.graph import Graph
from dehliz.graph.shipment import read_shipment
from dehliz.network.network import Network


def price(network: Network) -> tuple[Graph, Costs]:
    graph = compile_graph(network)
    return graph, price_arcs(graph, network, read_shipment(network, "1x40"))


def cost_of(graph: Graph, values: np.ndarray, row_id: str) -> float:
    return next(float(values[arc]) for arc in range(graph.n_arc) if graph.row_id(arc) == row_id)


def add_tariff(network: Network, **cells: object) -> Network:
    row = dict.fromkeys(network.tariff.columns, "") | {
        "tariff_id": "extra", "load_unit": "teu", "basis": "assumption", "fixed_usd_teu": 0.0,
    }  # fmt: skip
    extra = pd.DataFrame([row | cells])
    numbers = ["rate_usd_teu_km", "fixed_usd_teu", "rate_usd_t_km", "fixed_usd_t"]
    tariff = pd.concat([network.tariff, extra], ignore_index=True)
    tariff[numbers] = tariff[numbers].apply(pd.to_numeric)
    return replace(network, tariff=tariff)


def test_forty_foot_box_pays_two_teu(corridor3: Network) -> None:
    graph, costs = price(corridor3)
    assert cost_of(graph, costs.cost_usd, "xa_west_gate") == pytest.approx(2 * 150)


@pytest.mark.parametrize(
    "cells",
    [
        {"mode_id": "rail_1435", "row_id": "xa_west_gate"},
        {"mode_id": "rail_1435", "country_id": "XA", "segment_id": "containers"},
        {"mode_id": "rail_1435", "country_id": "XA", "row_id": "xa_west_gate"},
    ],
)
def test_more_particular_tariff_wins(corridor3: Network, cells: dict[str, str]) -> None:
    graph, costs = price(add_tariff(corridor3, rate_usd_teu_km=2.0, **cells))
    assert cost_of(graph, costs.cost_usd, "xa_west_gate") == pytest.approx(2 * 2.0 * 300)


def test_tariff_of_another_segment_does_not_count(corridor3: Network) -> None:
    network = add_tariff(corridor3, mode_id="rail_1435", segment_id="bulk", rate_usd_teu_km=9.0)
    graph, costs = price(network)
    assert cost_of(graph, costs.cost_usd, "xa_west_gate") == pytest.approx(300)


def test_closed_arc_costs_infinity_in_all_three(corridor3: Network) -> None:
    graph, costs = price(corridor3)
    for values in (costs.cost_usd, costs.time_h, costs.emissions_kgco2e):
        assert cost_of(graph, values, "xb_mark_quay_fast") == np.inf


def test_missing_tariff_names_the_mode(corridor3: Network) -> None:
    none = corridor3.tariff[corridor3.tariff["mode_id"] != "road"]
    with pytest.raises(DataError, match=r"tariff.csv \(road\): no tariff for mode road"):
        price(replace(corridor3, tariff=none))


def test_missing_factor_names_mode_and_traction(corridor3: Network) -> None:
    factor = corridor3.emission_factor
    with pytest.raises(DataError, match=r"road, any.*no value"):
        price(replace(corridor3, emission_factor=factor[factor["mode_id"] != "road"]))


def test_mode_that_the_cargo_cannot_use_needs_no_factor(corridor3: Network) -> None:
    factor = corridor3.emission_factor
    network = replace(corridor3, emission_factor=factor[~factor["mode_id"].isin(["road", "roro"])])
    costs = price_arcs(compile_graph(network), network, read_shipment(network, tonnes=5.0, segment="bulk"))
    assert np.isfinite(costs.emissions_kgco2e).any()
    assert not np.isnan(costs.emissions_kgco2e).any()


def test_factor_of_one_link_wins_over_its_traction(corridor3: Network) -> None:
    factor = corridor3.emission_factor
    own = factor[factor["mode_id"] == "road"].assign(
        emission_factor_id="own", mode_id="rail_1435", row_id="xa_west_gate", wtw_gco2e_tkm=7.0
    )
    graph, costs = price(replace(corridor3, emission_factor=pd.concat([factor, own], ignore_index=True)))
    assert cost_of(graph, costs.emissions_kgco2e, "xa_west_gate") == pytest.approx(20 * 300 * 0.007)


def test_missing_grid_names_the_country(corridor3: Network) -> None:
    dark = corridor3.country.assign(grid_gco2e_kwh=np.nan)
    with pytest.raises(DataError, match=r"country.csv \(XA\)"):
        price(replace(corridor3, country=dark))


def test_emissions_by_hand(corridor3: Network) -> None:
    graph, costs = price(corridor3)
    # 20 t: electric 300 km x 0.025 kWh/tkm x 400 g/kWh; diesel 60 km x 30 g/tkm; gauge change 1.0 kg/t
    assert cost_of(graph, costs.emissions_kgco2e, "xa_west_gate") == pytest.approx(20 * 300 * 0.025 * 0.4)
    assert cost_of(graph, costs.emissions_kgco2e, "xa_gate_mark") == pytest.approx(20 * 60 * 0.030)


def test_mixed_traction_is_the_mean_of_both(corridor3: Network) -> None:
    link = corridor3.link.assign(
        electrification=corridor3.link["electrification"].where(
            corridor3.link["link_id"] != "xa_west_gate", "mixed"
        )
    )
    graph, costs = price(replace(corridor3, link=link))
    diesel = corridor3.emission_factor.query("mode_id == 'rail_1435' and traction == 'diesel'")
    expected = 20 * 300 * (10.0 + float(diesel["wtw_gco2e_tkm"].iloc[0])) / 2 / 1000
    assert cost_of(graph, costs.emissions_kgco2e, "xa_west_gate") == pytest.approx(expected)


def test_without_forbids_in_all_three(corridor3: Network) -> None:
    _, costs = price(corridor3)
    mask = np.zeros(len(costs.cost_usd), dtype=bool)
    mask[3] = True
    assert np.isinf(costs.without(mask).weight[:, 3]).all()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"containers": "two"}, "'two' is not understood"),
        ({"containers": "0x40"}, "'0x40' is not understood"),
        ({"containers": "1x45"}, r"a size \(20, 40\)"),
        ({"containers": "1x40", "tonnes": 20.0, "segment": "bulk"}, "both are given"),
        ({"tonnes": -1.0, "segment": "bulk"}, "'-1' was given"),
        ({"tonnes": float("nan"), "segment": "bulk"}, "'nan' was given"),
        ({"tonnes": 20.0}, "tonnes are given without a segment"),
        ({"segment": "bulky", "tonnes": 3.0}, "Did you mean 'bulk'"),
        ({"segment": "bulk"}, "does not travel in boxes"),
    ],
)
def test_unclear_shipment_is_told(corridor3: Network, options: dict[str, object], message: str) -> None:
    with pytest.raises(SettingsError, match=message):
        read_shipment(corridor3, **options)  # type: ignore[arg-type]


def test_tonnes_of_boxed_cargo_are_charged_by_the_teu(corridor3: Network) -> None:
    shipment = read_shipment(corridor3, tonnes=25.0, segment="containers")
    assert shipment.tariff_teu == pytest.approx(2.5)
    assert shipment.cargo_t == 25.0
