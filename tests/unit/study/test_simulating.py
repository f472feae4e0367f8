"""From loads to a plan: corridor3 with demand of its own, and Eurasia in 2024 beside what was published."""

from pathlib import Path

import numpy as np
import pytest

from dehliz.assignment.assign import assign
from dehliz.assignment.own import prepare_own
from dehliz.assignment.settings import AssignmentSettings
from dehliz.eurasia.facts import read_facts
from dehliz.eurasia.load import load
from dehliz.routing.planner import prepare
from dehliz.simulation.check import check_system
from dehliz.simulation.draws import draw_replication
from dehliz.simulation.log import EventLog
from dehliz.simulation.plan import Plan
from dehliz.simulation.run import run_events
from dehliz.simulation.settings import SimulationSettings
from dehliz.simulation.system import Draws, ResourceKind
from dehliz.study.feedback import FeedbackSettings
from dehliz.study.operations import prepare_operations
from dehliz.study.simulating import (
    LEVEL_M,
    Watch,
    find_level_m,
    find_probes,
    plan_loaded,
    read_routes,
    settle_year,
)

CASE = Path(__file__).parents[2] / "cases" / "corridor3_loads"
Run = tuple[Plan, Draws, EventLog]


def test_own_network_with_own_demand() -> None:
    problem = prepare_own(CASE).problem
    answer = assign(problem.graph, problem.costs, problem.trips, AssignmentSettings(method="sue"))
    plan = plan_loaded(problem.tell(answer), settle_year(2023, lines_only=False))
    carried = plan.flows.lot_t * plan.flows.rate_d * 365.0
    assert carried.sum() == pytest.approx(401_500.0), "365,000 t of containers and 36,500 t of bulk"
    assert carried[np.array(plan.flows.segment_ids) == "bulk"].sum() == pytest.approx(36_500.0)
    routes = read_routes(problem.tell(answer))
    assert routes.volume_t_a.sum() == pytest.approx(401_500.0)
    assert [routes.corridor_ids[at] for at in routes.corridor] == ["rail_way", "rail_way", "road_way"]


def test_year_has_its_calendar() -> None:
    leap, plain, ahead = settle_year(2024), settle_year(2025), settle_year(2030)
    assert (leap.horizon_h, plain.horizon_h) == (8784.0, 8760.0)
    assert leap.start == np.datetime64("2024-01-01T00", "h")
    assert (plain.most_used_share, ahead.most_used_share) == (0.95, None), "what is to come may be too much"


def test_level_of_the_sea_is_the_published_one() -> None:
    assert [find_level_m(year) for year in (2020, 2024, 2025)] == [-28.15, -28.99, -29.71]
    assert find_level_m(2022) == pytest.approx((-28.15 - 28.99) / 2)
    assert find_level_m(2040) == -29.71


def test_probe_without_a_way_is_left_out() -> None:
    planner = prepare(load(2024))
    rows = [
        Watch("xian", "baku", "middle_caspian"),
        Watch("xian", "baku", "middle_caspian"),
        Watch("xian", "baku", "zangezur"),
    ]
    probes = find_probes(planner, rows)
    assert [probe.corridor_id for probe in probes] == ["middle_caspian"]


@pytest.fixture(scope="module")
def eurasia() -> Run:
    plan = prepare_operations(2024, feedback=FeedbackSettings(round_count=1)).plan
    draws = draw_replication(plan, SimulationSettings(seed=1), 0)
    return plan, draws, run_events(plan.system, draws)


def watch_d(run: Run, origin_id: str, destination_id: str, corridor_id: str) -> np.ndarray:
    """Days of a watched pair."""
    plan, draws, log = run
    flows = plan.flows
    ends = zip(flows.origin_ids, flows.destination_ids, flows.corridor_ids, flows.is_probe, strict=True)
    found = [at for at, one in enumerate(ends) if one == (origin_id, destination_id, corridor_id, True)]
    assert len(found) == 1
    return (log.done_h - draws.release_h)[draws.flow == found[0]] / 24.0


@pytest.mark.slow
def test_eurasia_is_simulated_in_whole(eurasia: Run) -> None:
    plan, draws, log = eurasia
    assert check_system(plan.system, draws) == []
    assert 80_000 < len(draws.flow) < 200_000
    mine = ~plan.flows.is_probe & (plan.flows.lot_t > 0.0)
    told = float(plan.notes[0].split(" with ")[1].split(" t a year")[0].replace(",", ""))
    assert (plan.flows.lot_t * plan.flows.rate_d)[mine].sum() * 365.0 == pytest.approx(told, abs=1.0)
    kind = plan.system.kind[plan.system.stage_resource[log.stage]]
    served = (kind == ResourceKind.SERVE) & (log.ready_h < plan.horizon_h)
    wait_h = (log.start_h - log.ready_h)[served]
    assert np.isfinite(wait_h).all(), "no queue runs away in a year that has been, but for ships"
    assert (log.end_h >= log.start_h)[np.isfinite(log.end_h)].all()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("pair", "low_d", "high_d"),
    [
        # Published: 9 days scheduled and 8 observed; 12 scheduled; 20 to 22 scheduled; 12 scheduled and 16 observed;
        # 14 scheduled; 12 to 14 scheduled.
        (("altynkol", "baku", "middle_caspian"), 6, 12),
        (("altynkol", "poti", "middle_black_sea"), 7, 16),
        (("altynkol", "constanta", "middle_black_sea"), 14, 22),
        (("xian", "baku", "middle_caspian"), 10, 16),
        (("xian", "tbilisi", "middle_caspian"), 11, 21),
        (("xian", "warsaw", "northern_malaszewicze"), 12, 17),
    ],
)
def test_days_lie_around_the_published(
    eurasia: Run, pair: tuple[str, str, str], low_d: float, high_d: float
) -> None:
    days = watch_d(eurasia, *pair)
    assert np.isfinite(days).all()
    assert low_d < np.median(days) < high_d


def test_a_watched_way_keeps_out_of_countries_that_the_published_one_does_not_cross() -> None:
    planner = prepare(load(2024))
    turkmen = planner.graph.country == planner.graph.country_ids.index("TM")
    free, bound = (
        find_probes(planner, [Watch("xian", "baku", "middle_caspian", avoid)])[0] for avoid in ("", "TM")
    )
    assert turkmen[free.arc].any()
    assert not turkmen[bound.arc].any()


def test_levels_of_the_caspian_are_those_of_their_facts() -> None:
    book = read_facts()
    facts = {2020: "risk-0014", 2024: "risk-0015", 2025: "risk-0011"}
    assert {year: float(book.find_fact(fact_id).value) for year, fact_id in facts.items()} == LEVEL_M
