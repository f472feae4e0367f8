"""What failing costs on the example corridor, worked out by hand, and what must hold whatever the numbers.

Containers, 100 t a day, cost 113.75 USD/t by rail and 156 by road (tests/cases/corridor3/README.md); bulk, 200 t a day,
goes by rail only.
"""

import math
from dataclasses import replace

import numpy as np
import pytest

from dehliz.assignment.corridor_choice import ChoiceModel
from dehliz.assignment.problem import LoadProblem
from dehliz.assignment.settings import AssignmentSettings
from dehliz.assignment.warm import warm_up_network
from dehliz.base.errors import SettingsError
from dehliz.base.schema import read_spec
from dehliz.disruption.criticality import Loss, close_elements, rank_elements
from dehliz.disruption.elements import KINDS, Element, keep_used, list_elements
from dehliz.disruption.impact import Baseline, Impact, find_mean_wait_h, measure_impact
from dehliz.disruption.ranking import list_pairs, tell_bearers, tell_losses, tell_pairs
from dehliz.disruption.shock import Effect, strike
from dehliz.network.network import Network
from tests.unit.assignment.loading import EAST, Capacity, make_problem

SCALE, NEST = 0.05, 0.7
RAIL_USD_T, ROAD_USD_T = 113.75, 156.0
BOTH_USD_T = -math.log(math.exp(-NEST * SCALE * RAIL_USD_T) + math.exp(-NEST * SCALE * ROAD_USD_T)) / (
    NEST * SCALE
)
"""Expected cost of the choice between corridors with one route each."""
BOXES_T_D, BULK_T_D = 100.0, 200.0
TIGHT: list[Capacity] = [("link", "xb_mark_quay_road", 60.0 * 365, "both", "")]


def make_baseline(problem: LoadProblem) -> Baseline:
    settings = AssignmentSettings(method="sue", target_gap_share=1e-9)
    return Baseline(warm_up_network(problem, ChoiceModel(SCALE, NEST), settings))


@pytest.fixture
def baseline(corridor3: Network) -> Baseline:
    return make_baseline(make_problem(corridor3, EAST))


def pick(baseline: Baseline, token: str) -> Element:
    return next(one for one in list_elements(baseline.warm.problem) if one.token == token)


def pick_ferry(baseline: Baseline) -> Element:
    legs = baseline.warm.problem.network.service_leg
    element_id = legs.loc[legs["mode_id"] == "rail_ferry", "service_leg_id"].iloc[0]
    return pick(baseline, f"line:{element_id}")


def close(baseline: Baseline, token: str, days: float = 90.0) -> Loss:
    return close_elements(baseline, [pick(baseline, token)], days)


def test_losing_the_road_costs_what_the_choice_was_worth(baseline: Baseline) -> None:
    loss = close(baseline, "passage:narrows")
    assert loss.net_usd_d == pytest.approx(BOXES_T_D * (RAIL_USD_T - BOTH_USD_T), rel=1e-6)
    assert loss.gain_usd_d == 0.0
    assert loss.held_t_d == loss.cut_t_d == 0.0
    share = 1.0 / (1.0 + math.exp(-NEST * SCALE * (ROAD_USD_T - RAIL_USD_T)))
    assert loss.volume_t_d == pytest.approx(BOXES_T_D * (1.0 - share), rel=1e-6)
    # By rail a tonne takes 71.5 h in place of 58, pays 78 USD in place of 127, emits 20.25 kg in place of 60.7.
    moved = loss.volume_t_d
    assert loss.extra_time_t_h_d == pytest.approx(moved * (71.5 - 58.0), rel=1e-6)
    assert loss.extra_cost_usd_d == pytest.approx(moved * (78.0 - 127.0), rel=1e-6)
    assert loss.extra_emission_tco2e_d == pytest.approx(moved * (20.25 - 60.7) / 1000.0, rel=1e-6)


def test_cargo_without_a_way_waits_for_half_the_event(baseline: Baseline) -> None:
    """Without the rail ferry boxes go by road, and bulk waits."""
    ferry = pick_ferry(baseline)
    loss = close_elements(baseline, [ferry], 30.0)
    value = baseline.value_of_time_usd_t_h[np.argmax(baseline.warm.problem.trips.volume_t_d)]
    wait_h = find_mean_wait_h(30.0)
    assert wait_h == 360.0
    assert loss.cut_t_d == loss.held_t_d == pytest.approx(BULK_T_D)
    assert loss.cut_share == pytest.approx(BULK_T_D / loss.volume_t_d)
    expected = BOXES_T_D * (ROAD_USD_T - BOTH_USD_T) + BULK_T_D * value * wait_h
    assert loss.net_usd_d == pytest.approx(expected, rel=1e-6)


def test_a_short_event_is_waited_for(baseline: Baseline) -> None:
    """Going by road costs boxes 42 USD more, 84 hours; half of two days is 24 hours: all wait."""
    ferry = pick_ferry(baseline)
    loss = close_elements(baseline, [ferry], 2.0)
    assert loss.held_t_d == pytest.approx(BOXES_T_D + BULK_T_D)
    assert loss.cut_t_d == pytest.approx(BULK_T_D)


@pytest.mark.parametrize("days", [4.0, 7.0, 10.0, 20.0])
def test_waiting_is_chosen_as_long_as_it_is_better(corridor3: Network, days: float) -> None:
    """A road with little room: as many boxes go as make it as bad as to wait; found beside by halving, plainly."""
    boxes = [("containers", "west", "haven", 36_500.0)]
    baseline = make_baseline(make_problem(corridor3, boxes, TIGHT))
    rail = pick(baseline, "section:xb_mark_quay")
    shock = strike(baseline, [Effect(rail.arcs, is_closed=True)])
    impact = measure_impact(baseline, shock.costs, wait_h=find_mean_wait_h(days))
    costs, sets = shock.costs, impact.settled.choice.sets
    assert sets.n_route == 1
    limit_h = baseline.settled.cost_h[0] + find_mean_wait_h(days)

    def cost_h(going_t_d: float) -> float:
        volume = np.zeros(len(costs.form))
        volume[sets.arc] = going_t_d
        return float((costs.time_h(volume) + costs.fixed_h[0])[sets.arc].sum())

    low, high = 0.0, BOXES_T_D
    for _ in range(60):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if cost_h(middle) <= limit_h else (low, middle)
    expected = 0.0 if cost_h(0.0) > limit_h else low
    going = BOXES_T_D - float(impact.held_t_d[0])
    assert abs(cost_h(going) - limit_h) < 0.01 * find_mean_wait_h(days) or going == pytest.approx(
        expected, abs=1e-6
    )
    assert impact.is_converged


def check_complementarity(impact: Impact, baseline: Baseline, wait_h: float) -> None:
    """Nobody who goes loses more than the wait, and nobody waits who would lose less by going."""
    loss_h = impact.settled.cost_h - baseline.settled.cost_h
    slack_h = 0.02 * wait_h
    assert (loss_h[impact.held_share < 1.0] <= wait_h + slack_h).all()
    assert (loss_h[impact.held_share > 0.0] >= wait_h - slack_h).all()


@pytest.mark.parametrize("days", [1.0, 5.0, 9.0, 40.0])
@pytest.mark.parametrize("token", ["section:xb_mark_quay", "passage:narrows", "border:XA-XB"])
def test_nobody_would_rather_do_otherwise(corridor3: Network, token: str, days: float) -> None:
    baseline = make_baseline(make_problem(corridor3, EAST, TIGHT))
    shock = strike(baseline, [Effect(pick(baseline, token).arcs, is_closed=True)])
    wait_h = find_mean_wait_h(days)
    impact = measure_impact(baseline, shock.costs, wait_h=wait_h)
    check_complementarity(impact, baseline, wait_h)
    trips, settled = baseline.warm.problem.trips, impact.settled
    gone = np.bincount(settled.choice.sets.trip, weights=settled.flow_t_d, minlength=trips.n_trip)
    np.testing.assert_allclose(gone + impact.held_t_d, trips.volume_t_d, rtol=1e-9)


def test_longer_events_cost_no_less(corridor3: Network) -> None:
    baseline = make_baseline(make_problem(corridor3, EAST, TIGHT))
    losses = [close(baseline, "border:XA-XB", days).net_usd_d for days in (1.0, 3.0, 10.0, 90.0)]
    assert losses == sorted(losses)
    assert losses[0] > 0.0


def test_more_that_fails_costs_no_less(baseline: Baseline) -> None:
    """Without congestion nobody gains: what holds another thing costs at least as much."""
    road, quay = close(baseline, "passage:narrows"), close(baseline, "place:quay")
    both = close_elements(baseline, [pick(baseline, "passage:narrows"), pick(baseline, "place:quay")], 90.0)
    assert road.net_usd_d <= both.net_usd_d + 1e-6
    assert quay.net_usd_d <= both.net_usd_d + 1e-6


def test_what_nobody_uses_is_worth_nothing(baseline: Baseline) -> None:
    every = list_elements(baseline.warm.problem)
    unused = [one for one in every if one not in keep_used(every, baseline.settled.volume_t_d)]
    assert unused
    for one in unused:
        loss = close_elements(baseline, [one], 90.0)
        assert (loss.net_usd_d, loss.loss_usd_d, loss.held_t_d, loss.volume_t_d) == (0.0, 0.0, 0.0, 0.0), (
            one.token
        )


def test_losses_of_countries_add_up(baseline: Baseline) -> None:
    """Both trips go from XA to XC: each bears half; XB bears nothing, so all that it costs is lost by others."""
    names = baseline.warm.problem.graph.country_ids
    for token in ("border:XA-XB", "country:XB", "passage:narrows", "country:XC"):
        loss = close(baseline, token)
        assert loss.bearer_usd_d.sum() == pytest.approx(loss.net_usd_d)
        bears = dict(zip(names, loss.bearer_usd_d.tolist(), strict=True))
        assert bears["XA"] == pytest.approx(bears["XC"]) == pytest.approx(loss.net_usd_d / 2)
    through = close(baseline, "country:XB")
    assert through.others_usd_d == through.transit_usd_d == pytest.approx(through.net_usd_d)
    haven = close(baseline, "country:XC")
    assert haven.others_usd_d == pytest.approx(haven.net_usd_d / 2)
    assert haven.transit_usd_d == 0.0


def test_equal_input_gives_equal_figures_whatever_came_between(baseline: Baseline) -> None:
    first = close(baseline, "border:XA-XB")
    close(baseline, "passage:narrows", 1.0)
    again = close(baseline, "border:XA-XB")
    assert first.bearer_usd_d.tobytes() == again.bearer_usd_d.tobytes()
    assert (first.net_usd_d, first.held_t_d, first.gap_share) == (
        again.net_usd_d,
        again.held_t_d,
        again.gap_share,
    )


def test_kinds_and_their_ids(baseline: Baseline) -> None:
    found = list_elements(baseline.warm.problem)
    assert list(dict.fromkeys(one.kind for one in found)) == [kind for kind in KINDS if kind != "ship"]
    assert {one.element_id for one in found if one.kind == "border"} == {"XA-XB"}
    assert {one.element_id for one in found if one.kind == "passage"} == {"narrows"}
    assert all(one.arcs.any() for one in found)
    with pytest.raises(SettingsError, match="there is no such kind"):
        list_elements(baseline.warm.problem, ("contry",))


def test_one_ship_of_several(corridor3: Network) -> None:
    """Without one of four ships three quarters of the capacity are left; the only ship of a line is the line."""
    legs = corridor3.service_leg.copy()
    legs["fleet_count"] = [4.0 if mode == "roro" else 1.0 for mode in legs["mode_id"]]
    legs["turn_time_h"] = 48.0
    network = replace(corridor3, service_leg=legs)
    roro = str(legs.loc[legs["mode_id"] == "roro", "service_leg_id"].iloc[0])
    problem = make_problem(network, EAST, [("service_leg", roro, 40.0 * 365, "both", "")])
    baseline = make_baseline(problem)
    ships = list_elements(problem, ("ship",))
    assert [one.element_id for one in ships] == [roro]
    assert ships[0].left_share == 0.75
    costs = strike(baseline, [Effect(ships[0].arcs, capacity_factor=0.75)]).costs
    at = problem.costs.facilities[ships[0].arcs]
    np.testing.assert_allclose(costs.capacity_t_d[at], 0.75 * problem.costs.capacity_t_d[at])
    ship, line = close_elements(baseline, ships, 90.0), close(baseline, f"line:{roro}")
    assert 0.0 < ship.net_usd_d < line.net_usd_d
    assert ship.volume_t_d == pytest.approx(line.volume_t_d)
    assert ship.cut_t_d == 0.0


def test_tables(baseline: Baseline) -> None:
    elements = keep_used(
        list_elements(baseline.warm.problem, ("country", "border", "passage", "place")),
        baseline.settled.volume_t_d,
    )
    told: list[int] = []
    losses = rank_elements(baseline, elements, 90.0, lambda _, count: told.append(count))
    assert told == list(range(1, len(elements) + 1))
    table = tell_losses(elements, losses, 90.0, "net")
    assert list(table.columns) == list(read_spec("criticality").column_names)
    assert table["net_usd_d"].is_monotonic_decreasing
    assert tell_losses(elements, losses, 90.0)["others_usd_d"].is_monotonic_decreasing
    bearers = tell_bearers(baseline.warm.problem.graph.country_ids, elements, losses)
    sums = bearers.groupby(["kind", "element_id"])["net_usd_d"].sum()
    for row in table.itertuples():
        assert sums.get((row.kind, row.element_id), 0.0) == pytest.approx(row.net_usd_d)
    pairs = list_pairs(elements, losses, 4)
    assert pairs
    for one, other in pairs:
        assert (one.arcs & ~other.arcs).any()
        assert (other.arcs & ~one.arcs).any()
    single = {one.token: loss.net_usd_d for one, loss in zip(elements, losses, strict=True)}
    both = [close_elements(baseline, pair, 90.0) for pair in pairs]
    told_pairs = tell_pairs(pairs, both, single, 90.0)
    assert list(told_pairs.columns) == list(read_spec("criticality_pair").column_names)
    first = told_pairs.iloc[0]
    alone = (
        single[f"{first.first_kind}:{first.first_element_id}"]
        + single[f"{first.second_kind}:{first.second_element_id}"]
    )
    assert first.beyond_usd_d == pytest.approx(first.net_usd_d - alone)
