"""The loop between choice and operations, with operations that answer by a formula."""

import math
from dataclasses import replace

import numpy as np
import pytest

from dehliz.assignment.corridor_choice import ChoiceModel
from dehliz.assignment.flow_tables import Loaded
from dehliz.assignment.problem import LoadProblem
from dehliz.assignment.settings import AssignmentSettings
from dehliz.graph.graph import ArcKind
from dehliz.network.network import Network
from dehliz.simulation.arc_times import ArcTimes
from dehliz.study.feedback import FeedbackSettings, find_correction, settle
from tests.unit.assignment.loading import EAST, make_problem

SETTINGS = AssignmentSettings(method="sue", target_gap_share=1e-10)
MODEL = ChoiceModel(0.05, 1.0)


@pytest.fixture
def problem(corridor3: Network) -> LoadProblem:
    return make_problem(corridor3, EAST)


def nothing(problem: LoadProblem) -> ArcTimes:
    empty = np.full(problem.graph.n_arc, np.nan)
    none = np.zeros(problem.graph.n_arc, dtype=np.int64)
    return ArcTimes(empty, empty, none, none.astype(bool))


def on_ferry(problem: LoadProblem) -> np.ndarray:
    is_ferry = problem.graph.mode == problem.graph.mode_ids.index("rail_ferry")
    return np.asarray(is_ferry & (problem.graph.kind == ArcKind.SERVICE))


def ferry_of(problem: LoadProblem, median_h: float, spread_h: float) -> ArcTimes:
    """Everyone on the rail ferry was held so long."""
    is_service = on_ferry(problem)
    return ArcTimes(
        np.where(is_service, median_h, np.nan), np.where(is_service, spread_h, np.nan),
        is_service.astype(np.int64), is_service,
    )  # fmt: skip


def rail_share(loaded: Loaded) -> float:
    flow = loaded.tables()["corridor_flow"]
    rows = flow[(flow["corridor_id"] == "rail_way") & (flow["segment_id"] == "containers")]
    return float(rows["volume_share"].iat[0])


def test_operations_that_agree_change_nothing(problem: LoadProblem) -> None:
    done = settle(problem, MODEL, lambda _loaded, _number: nothing(problem), assigning=SETTINGS)
    assert done.is_settled
    assert sorted(set(done.rounds["round_count"])) == [1, 2, 3]
    assert not done.correction_h.any()
    assert done.rounds["change_share"].dropna().abs().max() == 0.0


def test_a_slower_ferry_costs_its_hours(problem: LoadProblem) -> None:
    """A ferry that takes ten hours more than believed moves the logit by ten hours of the value of time."""
    ferry = on_ferry(problem)
    believed = float(problem.graph.time_h[ferry][0])
    spread = float(problem.graph.time_spread_h[ferry][0])
    before = rail_share(settle(problem, MODEL, lambda *_: nothing(problem), assigning=SETTINGS).loaded)
    done = settle(
        problem, MODEL, lambda *_: ferry_of(problem, believed + 10.0, spread), FeedbackSettings(8, 1e-9, 0.0),
        SETTINGS,
    )  # fmt: skip
    value = float(problem.costs.value_of_time_usd_t_h[problem.segment_of.index("containers")])
    shift = MODEL.scale_per_usd_t * 10.0 * value
    odds = math.log(before / (1 - before)) - shift
    assert done.is_settled
    assert rail_share(done.loaded) == pytest.approx(1 / (1 + math.exp(-odds)), abs=1e-6)


def test_a_wider_spread_costs_its_share(problem: LoadProblem) -> None:
    service = on_ferry(problem)
    believed = problem.costs.free_time_h
    spread = np.nan_to_num(problem.graph.time_spread_h[service])
    times = ferry_of(problem, float(believed[service][0]), float(spread[0]) + 5.0)
    found = find_correction(problem, believed, times, 0.4)
    assert found[service] == pytest.approx(0.4 * 5.0)
    assert not found[~service].any()


def test_rounds_that_are_spent_are_told(problem: LoadProblem) -> None:
    """Operations that swing with each round never settle."""
    done = settle(
        problem, MODEL, lambda _loaded, number: ferry_of(problem, 40.0 * (number % 2), 0.0),
        FeedbackSettings(3, 1e-9, 0.0), SETTINGS,
    )  # fmt: skip
    assert not done.is_settled
    assert done.rounds["round_count"].max() == 3


def test_a_service_without_a_spread_in_the_tables_is_compared_by_its_median(problem: LoadProblem) -> None:
    ferry = on_ferry(problem)
    bare = replace(problem.graph, time_spread_h=np.full(problem.graph.n_arc, np.nan))
    times = ferry_of(problem, float(problem.costs.free_time_h[ferry][0]) + 3.0, 20.0)
    found = find_correction(replace(problem, graph=bare), problem.costs.free_time_h, times, 0.4)
    assert found[ferry] == pytest.approx(3.0)
