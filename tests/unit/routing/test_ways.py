"""Ways through corridor3, whose times, costs and emissions are known by hand (see its README)."""

import numpy as np
import pytest

from dehliz.base.errors import DataError, LookupFailed, SettingsError
from dehliz.network.network import Network
from dehliz.routing.ask import compare, routes
from dehliz.routing.blocked import explain_absence
from dehliz.routing.corridors import find_gateway
from dehliz.routing.layers import lay_out
from dehliz.routing.planner import Planner, prepare
from dehliz.routing.routes import Z_95, estimate_percentile, great_circle_km


@pytest.fixture
def planner(corridor3: Network) -> Planner:
    return prepare(corridor3)


def test_options_are_those_of_the_readme(planner: Planner) -> None:
    table = routes(planner, "Westburg", "Haven").table
    assert table["time_h"].tolist() == pytest.approx([71.5, 58.0])
    assert table["cost_usd"].tolist() == pytest.approx([2 * 780, 2 * 1270])
    assert table["emissions_kgco2e"].tolist() == pytest.approx([20 * 20.25, 20 * 60.7])
    assert table["length_km"].tolist() == pytest.approx([830, 810])


def test_parts_of_the_time_add_up(planner: Planner) -> None:
    table = routes(planner, "west", "haven").table
    parts = table["moving_time_h"] + table["handling_time_h"] + table["waiting_time_h"]
    np.testing.assert_allclose(parts, table["time_h"])


def test_legs_add_up_to_their_route(planner: Planner) -> None:
    answer = routes(planner, "west", "haven")
    for column in ("length_km", "moving_time_h", "waiting_time_h", "cost_usd", "emissions_kgco2e"):
        summed = answer.legs.groupby("option")[column].sum()
        np.testing.assert_allclose(summed, answer.table.set_index("option")[column])


def test_borders_gauges_and_shifts_are_counted(planner: Planner) -> None:
    rail = routes(planner, "west", "haven").table.iloc[0]
    assert (rail["border_count"], rail["gauge_change_count"], rail["transshipment_count"]) == (2, 1, 1)
    assert rail["country_ids"] == "XA;XB;XC"


def test_via_forces_a_gateway(planner: Planner) -> None:
    table = routes(planner, "west", "haven", via=["mode:roro"]).table
    assert table["time_h"].tolist() == pytest.approx([58.0])


@pytest.mark.parametrize(
    ("token", "hours"),
    [("link:xa_west_gate", 71.5), ("terminal:quay_road_ship", 58.0), ("service_leg:ferry_quay_haven", 71.5)],
)
def test_one_row_can_be_a_gateway(planner: Planner, token: str, hours: float) -> None:
    assert routes(planner, "west", "haven", via=[token]).table["time_h"].tolist() == pytest.approx([hours])


def test_avoiding_both_ways_says_so(planner: Planner) -> None:
    answer = routes(planner, "west", "haven", without=["mark"])
    assert answer.status == "no_way"
    assert answer.reason.startswith("None is left without Mark (mark); the nearest way would use ")
    assert "from --without" in answer.reason


def test_of_several_things_left_out_those_that_block_are_named(planner: Planner) -> None:
    """Both ferries and a line that no way by road needs: one ferry is enough to open a way again."""
    question = planner.ask("west", "haven", without=["ferry_quay_haven", "roro_quay_haven", "xa_gate_mark"])
    obstacle = explain_absence(planner, question)
    assert obstacle.kind == "request"
    assert obstacle.words == ("roro_quay_haven",)
    assert obstacle.row_ids == ("roro_quay_haven",)
    left = [word for word in ("ferry_quay_haven", "xa_gate_mark") if word not in obstacle.words]
    assert len(planner.find(planner.ask("west", "haven", without=left)))


def test_a_country_that_blocks_is_named(planner: Planner) -> None:
    obstacle = explain_absence(planner, planner.ask("west", "haven", avoid=["XB"]))
    assert obstacle.words == ("XB",)
    assert "without Middleland (XB)" in obstacle.text
    assert "--avoid" in obstacle.text


@pytest.mark.parametrize("row_id", ["ferry_quay_haven", "xa_west_gate", "quay_rail_ship", "gate"])
def test_cut_is_never_used(planner: Planner, row_id: str) -> None:
    known = {row for rows in planner.graph.row_ids for row in rows} | set(planner.graph.node_ids)
    if row_id not in known:
        pytest.fail(f"the case has no {row_id}: {sorted(known)}")
    answer = routes(planner, "west", "haven", without=[row_id])
    assert len(answer.table) == 1
    assert not any(row_id in rows.split(";") for rows in answer.legs["row_ids"])


def test_no_way_names_what_is_closed(corridor3: Network) -> None:
    shut = corridor3.link.assign(
        status=corridor3.link["status"].where(~corridor3.link["to_node_id"].eq("mark"), "closed")
    )
    from dataclasses import replace

    answer = routes(prepare(replace(corridor3, link=shut)), "west", "haven")
    assert answer.status == "no_way"
    assert "closed" in answer.reason
    assert len(answer.table) == 0


def test_unknown_place_gets_the_nearest(planner: Planner) -> None:
    with pytest.raises(LookupFailed, match="Westburg"):
        routes(planner, "Westbrug", "haven")


def test_same_place_twice_is_refused(planner: Planner) -> None:
    with pytest.raises(SettingsError, match="The two places are the same"):
        routes(planner, "west", "Westburg")


def test_avoiding_an_end_is_refused(planner: Planner) -> None:
    with pytest.raises(SettingsError, match="'XA' is the country of west"):
        routes(planner, "west", "haven", avoid=["xa"])


def test_avoiding_an_unknown_country_is_refused(planner: Planner) -> None:
    with pytest.raises(SettingsError, match="'QQ' is not a country of the network"):
        routes(planner, "west", "haven", avoid=["QQ"])


def test_unknown_row_gets_the_nearest(planner: Planner) -> None:
    with pytest.raises(LookupFailed, match="Did you mean"):
        routes(planner, "west", "haven", without=["xa_west_gaet"])


@pytest.mark.parametrize(
    "token", ["passage:nowhere", "country:QQ", "mode:sledge", "nonode", "street:x", "link:x"]
)
def test_unknown_gateway_is_told(planner: Planner, token: str) -> None:
    with pytest.raises(DataError, match=r"gateway"):
        find_gateway(planner.graph, planner.network, token)


def test_layers_reach_the_last_only_by_passing_all(planner: Planner) -> None:
    graph = planner.graph
    masks = np.array([find_gateway(graph, planner.network, token) for token in ("gate", "quay")])
    layers = lay_out(graph, masks)
    assert layers.n_layer == 4
    tails = np.repeat(np.arange(len(layers.first_out) - 1), np.diff(layers.first_out))
    layer_of_tail, layer_of_head = tails // graph.n_vertex, layers.head // graph.n_vertex
    # Passing is never undone, and a layer is entered only over an arc of its gateway.
    assert ((layer_of_head & layer_of_tail) == layer_of_tail).all()
    arc = np.arange(len(layers.head)) % graph.n_arc
    gained = layer_of_head & ~layer_of_tail
    assert masks[0][arc[(gained & 1) > 0]].all()
    assert masks[1][arc[(gained & 2) > 0]].all()


def test_compare_shows_the_loser_too(planner: Planner) -> None:
    answer = compare(planner, "west", "haven", best="cost")
    assert answer.table["corridor_id"].tolist() == ["rail_way", "road_way"]
    answer = compare(planner, "west", "haven", best="time")
    assert answer.table["corridor_id"].tolist() == ["road_way", "rail_way"]


def test_claims_are_tested_against_every_rival(planner: Planner) -> None:
    claims = compare(planner, "west", "haven", best="time", claimants=["rail_way"]).tables["claim"]
    verdict = dict(zip(claims["claim"], claims["holds"], strict=True))
    # Rail is 830 km against 810, -0.0026 less stable, 71.5 h against 58 (README).
    assert verdict == {"compact": False, "stable": False, "faster": False}
    claims = compare(planner, "west", "haven", best="time", claimants=["road_way"]).tables["claim"]
    assert claims["holds"].all()


def test_unknown_criterion_is_refused(planner: Planner) -> None:
    with pytest.raises(SettingsError, match="Did you mean 'time'"):
        compare(planner, "west", "haven", best="tiem")


def test_truncation_is_said(planner: Planner) -> None:
    answer = routes(planner, "west", "haven", label_limit_count=3)
    assert answer.status == "truncated"


def test_percentile_of_no_spread_is_the_mean() -> None:
    mean = np.array([10.0, 100.0])
    np.testing.assert_allclose(estimate_percentile(mean, np.zeros(2), Z_95), mean)


def test_percentile_against_drawn_times() -> None:
    rng = np.random.default_rng(7)
    mean, spread = 100.0, 30.0
    log_variance = np.log1p((spread / mean) ** 2)
    drawn = rng.lognormal(np.log(mean) - log_variance / 2, np.sqrt(log_variance), 400_000)
    assert drawn.mean() == pytest.approx(mean, rel=0.005)
    assert drawn.std() == pytest.approx(spread, rel=0.01)
    expected = np.percentile(drawn, 95)
    assert estimate_percentile(np.array([mean]), np.array([spread**2]), Z_95)[0] == pytest.approx(
        expected, rel=0.01
    )


def test_great_circle_of_a_quarter() -> None:
    assert great_circle_km(0, 0, 90, 0) == pytest.approx(10007.557, abs=0.01)


def test_network_is_not_changed_by_questions(corridor3: Network) -> None:
    before = corridor3.fingerprint
    routes(prepare(corridor3), "west", "haven")
    assert corridor3.fingerprint == before
