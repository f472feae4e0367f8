"""The bundled hazards: sound, on the bundled network, and what facts, closures and stability say they are."""

import math

import numpy as np
import pandas as pd
import pytest

from dehliz.disruption.draws import draw_year, split_year
from dehliz.disruption.hazards import Hazards, check_hazard_table, make_hazards
from dehliz.disruption.stability import find_rate_per_a, with_stability
from dehliz.eurasia.load import load, load_hazards
from dehliz.graph.compile import compile_graph
from dehliz.graph.graph import Graph
from dehliz.network.network import Network

LONG_CASPIAN_D = 5.0
LONG_BLACK_SEA_D = 3.0


@pytest.fixture(scope="module")
def network() -> Network:
    return load(2025)


@pytest.fixture(scope="module")
def graph(network: Network) -> Graph:
    return compile_graph(network)


@pytest.fixture(scope="module")
def hazards(network: Network, graph: Graph) -> Hazards:
    return make_hazards(check_hazard_table(load_hazards(), network), network, graph)


def test_every_hazard_strikes_something_that_is_open(hazards: Hazards, graph: Graph) -> None:
    assert hazards.notes == ()
    assert 45 <= len(hazards) <= 60
    assert all(len(hazards.arcs_of(place)) for place in range(len(hazards)))
    assert graph.is_open[hazards.arcs].all()


def test_published_lengths_are_those_of_the_facts(hazards: Hazards) -> None:
    days = {
        "poland_belarus_shut": 13, "suez_blocked": 6, "btk_works": 370, "dostyk_eastbound_jam": 75,
        "kuryk_wagon_ban": 17, "malaszewicze_works": 233, "iskenderun_earthquake": 61, "moiynty_works": 2,
    }  # fmt: skip
    assert {name: hazards.duration_d[hazards.find(name)] for name in days} == days


@pytest.mark.parametrize(
    ("hazard_id", "node_id", "months", "least_d"),
    [
        ("kuryk_storm_autumn", "kuryk", (11, 12), LONG_CASPIAN_D),
        ("kuryk_storm_winter", "kuryk", (1, 2, 3), LONG_CASPIAN_D),
        ("aktau_storm_autumn", "aktau", (11, 12), LONG_CASPIAN_D),
        ("aktau_storm_winter", "aktau", (1, 2, 3), LONG_CASPIAN_D),
        ("caspian_storm_summer", "kuryk", (4, 5, 6, 7, 8, 9), LONG_CASPIAN_D),
        ("alat_storm", "alat", (11, 12, 1, 2, 3), LONG_CASPIAN_D),
        ("black_sea_storm", "poti", (11, 12, 1, 2, 3), LONG_BLACK_SEA_D),
    ],
)
def test_storms_are_the_long_spells_of_the_closures(
    hazard_id: str, node_id: str, months: tuple[int, ...], least_d: float, network: Network, hazards: Hazards
) -> None:
    # spells of mean m, exponential: share x days / m of them, of which exp(-c / m) last c, and then c + m in the mean
    days = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
    closure = network.closure[network.closure["node_id"] == node_id].set_index("month")
    spell_d = float(closure["spell_h"].iloc[0]) / 24
    shut_d = sum(float(closure["closed_share"][month]) * days[month - 1] for month in months)
    place = hazards.find(hazard_id)
    assert hazards.rate_per_a[place] == pytest.approx(
        shut_d / spell_d * math.exp(-least_d / spell_d), rel=0.04
    )
    assert hazards.duration_d[place] == pytest.approx(least_d + spell_d)
    assert hazards.duration_spread_d[place] == pytest.approx(spell_d)
    assert (hazards.first_month[place], hazards.last_month[place]) == (months[0], months[-1])


def test_instability_is_by_the_mapping_and_nothing_else(network: Network, hazards: Hazards) -> None:
    scores = dict(zip(network.country["country_id"], network.country["stability_score"], strict=True))
    mine = [place for place, kind in enumerate(hazards.kinds) if kind == "instability"]
    assert len(mine) == 15
    for place in mine:
        expected = find_rate_per_a(scores[hazards.country_ids[place]])
        assert hazards.rate_per_a[place] == pytest.approx(expected, abs=5e-5)
        assert hazards.rate_low_per_a[place] == pytest.approx(expected / 4, abs=5e-5)
        assert hazards.rate_high_per_a[place] == pytest.approx(expected * 4, abs=5e-5)
    doubled = with_stability(hazards, scores, rate_at_zero_per_a=0.02)
    assert doubled.rate_per_a[mine] == pytest.approx(2 * hazards.rate_per_a[mine], rel=0.02)
    others = np.setdiff1d(np.arange(len(hazards)), mine)
    assert np.array_equal(doubled.rate_per_a[others], hazards.rate_per_a[others])


def test_a_flat_mapping_makes_all_countries_alike(network: Network, hazards: Hazards) -> None:
    scores = dict(zip(network.country["country_id"], network.country["stability_score"], strict=True))
    flat = with_stability(hazards, scores, rate_per_point_factor=1.0)
    rates = {flat.rate_per_a[place] for place, kind in enumerate(flat.kinds) if kind == "instability"}
    assert rates == {0.01}


def test_effects_are_told_in_full(hazards: Hazards, graph: Graph) -> None:
    wind = hazards.find("dostyk_wind")
    assert hazards.effect_of(wind) == {
        "capacity_factor": 0.45, "time_factor": 1.0, "waiting_add_h": 0.0, "tariff_factor": 1.0,
    }  # fmt: skip
    mask = hazards.mask_of(wind, graph.n_arc)
    assert np.flatnonzero(mask).tolist() == hazards.arcs_of(wind).tolist()
    for place in range(len(hazards)):
        changes = hazards.effect_of(place)
        is_changed = any(changes[name] != (0.0 if name.endswith("_h") else 1.0) for name in changes)
        assert is_changed != hazards.is_closed[place]


def test_years_have_the_events_and_states_that_rates_say(hazards: Hazards) -> None:
    # begun in the year: 12.2 in the mean, standard error of 200 years sqrt(12.2 / 200) = 0.25
    years = [draw_year(hazards, 5, run) for run in range(200)]
    begun = np.mean([np.count_nonzero(~year.is_early) for year in years])
    total = float(hazards.rate_per_a.sum())
    assert abs(begun - total) < 5 * math.sqrt(total / 200)
    assert all(split_year(year).days_d.sum() == pytest.approx(365) for year in years)


def test_every_country_with_a_rate_has_border_posts_of_its_own(network: Network, hazards: Hazards) -> None:
    ends = network.terminal[["terminal_id", "from_country_id", "to_country_id"]].set_index("terminal_id")
    for place, kind in enumerate(hazards.kinds):
        if kind == "instability":
            rows = pd.Series(hazards.targets[place])
            assert rows.tolist() == [f"border:{hazards.country_ids[place]}"]
            assert (ends == hazards.country_ids[place]).any(axis=None)
