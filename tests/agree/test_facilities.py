"""Arcs that share a capacity: the equilibrium equals that of a general convex solver on routes."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from scipy.optimize import minimize

from dehliz.assignment.assign import assign
from dehliz.assignment.gap import beckmann
from dehliz.assignment.result import AssignStatus
from dehliz.assignment.settings import AssignmentSettings
from dehliz.graph.load_costs import LoadCosts, plain_load_costs
from dehliz.graph.trips import Trips, make_trips
from dehliz.kernels.delay import DelayForm


class Track:
    """Two towns 0 and 1 joined by a single track (arcs 0 and 3) and a double one (arcs 1 and 4); 2 beside them.

    ```
      0 ===== 1      arcs 0: 0-1, 1: 0-1, 2: 0-2, 3: 1-0, 4: 1-0, 5: 2-1
       \\     /
         2
    ```
    """

    tail = np.array([0, 0, 0, 1, 1, 2], np.int32)
    head = np.array([1, 1, 2, 0, 0, 1], np.int32)
    first_out = np.array([0, 3, 5, 6], np.int32)


TRIPS = make_trips([0, 0, 1], [0, 1, 0], [1, 0, 1], [50.0, 40.0, 10.0], ("a", "b"))
ROUTES = ([0], [1], [2, 5]), ([3], [4]), ([0], [1], [2, 5])


def make_costs(form: DelayForm) -> LoadCosts:
    n = 6
    free = np.array([1.0, 1.6, 1.0, 1.2, 1.6, 1.0])
    beta = np.full(n, 0.9 if form == DelayForm.QUEUE else 4.0)
    alpha = np.full(n, 0.5)
    fixed = np.array([[0.0, 0.1, 0.0, 0.3, 0.0, 0.0], [0.4, 0.0, 0.0, 0.0, 0.0, 0.2]])
    plain = plain_load_costs(free, np.full(n, 60.0), alpha, beta, np.full(n, form), fixed)
    background = np.zeros(n)
    background[0] = 5.0
    return replace(
        plain,
        facility=np.array([0, 1, 2, 0, 1, 5], np.int32),
        background_t_d=background,
        value_of_time_usd_t_h=np.ones(2),
    )


def volumes_of(flow: np.ndarray) -> np.ndarray:
    volume = np.zeros((2, 6))
    at = 0
    for trip, ways in enumerate(ROUTES):
        for way in ways:
            volume[TRIPS.segment[trip], way] += flow[at]
            at += 1
    return volume


def solve(costs: LoadCosts, trips: Trips) -> float:
    """Least Beckmann objective over route flows, by SLSQP from equal shares."""
    counts = [len(ways) for ways in ROUTES]
    ends = [0, *np.cumsum(counts).tolist()]
    start = np.concatenate([np.full(n, q / n) for n, q in zip(counts, trips.volume_t_d, strict=True)])
    limits = [
        {"type": "eq", "fun": lambda x, a=a, b=b, q=q: x[a:b].sum() - q}
        for (a, b), q in zip(pairwise(ends), trips.volume_t_d, strict=True)
    ]
    found = minimize(
        lambda x: beckmann(costs, volumes_of(np.maximum(x, 0.0))), start, method="SLSQP",
        bounds=[(0, None)] * len(start), constraints=limits, options={"ftol": 1e-13, "maxiter": 500},
    )  # fmt: skip
    return float(found.fun)


@pytest.mark.parametrize("form", [DelayForm.BPR, DelayForm.CONICAL, DelayForm.QUEUE])
def test_equilibrium_of_shared_capacities_is_that_of_a_convex_solver(form: DelayForm) -> None:
    costs = make_costs(form)
    found = assign(Track(), costs, TRIPS, AssignmentSettings(target_gap_share=1e-13))
    assert found.status == AssignStatus.CONVERGED
    assert found.beckmann_objective == pytest.approx(solve(costs, TRIPS), rel=1e-7)


def test_arcs_of_a_facility_see_the_traffic_of_both_directions() -> None:
    found = assign(Track(), make_costs(DelayForm.BPR), TRIPS, AssignmentSettings(target_gap_share=1e-10))
    costs, total = found.costs, found.volume_t_d.sum(axis=0)
    on_track = total[0] + total[3] + 5.0
    assert found.time_h[0] == pytest.approx(1.0 * (1 + 0.5 * (on_track / 60.0) ** 4))
    assert found.time_h[3] - found.time_h[0] == pytest.approx(0.2)
    assert costs.shared_t_d(total)[[0, 3]] == pytest.approx([on_track, on_track])


def test_integral_is_that_of_the_times() -> None:
    """Along a line of growing volumes the objective grows by the costs paid."""
    costs = make_costs(DelayForm.CONICAL)
    volume = volumes_of(np.array([20.0, 20.0, 10.0, 25.0, 15.0, 4.0, 4.0, 2.0]))
    step = 1e-5
    slope = (beckmann(costs, volume * (1 + step)) - beckmann(costs, volume * (1 - step))) / (2 * step)
    times = costs.time_h(volume.sum(axis=0))
    assert slope == pytest.approx(float((volume * (times + costs.fixed_h)).sum()), rel=1e-7)
