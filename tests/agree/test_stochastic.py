"""The stochastic equilibrium against Fisk's convex programme solved plainly, and by its own conditions."""

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from dehliz.assignment.result import Assignment, AssignStatus
from dehliz.assignment.settings import AssignmentSettings
from dehliz.assignment.stochastic import find_stochastic_equilibrium
from dehliz.graph.trips import make_trips
from dehliz.routing.alternatives import make_choice_sets
from tests.oracles.logit import Case, bpr_time, list_routes, size_of, solve_fisk
from tests.unit.assignment.networks import make_costs, make_net

BRAESS = ([0, 0, 1, 1, 2], [1, 2, 2, 3, 3])
LADDER = ([0, 0, 1, 1, 2, 2, 3, 3, 4], [1, 2, 2, 3, 3, 4, 4, 5, 5])
RING = ([0, 0, 1, 1, 2, 2, 3, 3, 4, 4], [1, 4, 2, 0, 3, 1, 4, 2, 0, 3])


def make_case(shape: tuple[list[int], list[int]], seed: int) -> Case:
    rng = np.random.default_rng(seed)
    count = len(shape[0])
    capacity = rng.uniform(2.0, 8.0, count)
    capacity[rng.integers(count)] = np.inf
    alpha = rng.uniform(0.1, 1.0, count)
    alpha[rng.integers(count)] = 0.0
    fixed = rng.uniform(0.0, 1.0, (2, count))
    last = max(shape[1])
    trips = [(0, 0, last, 9.0), (0, 1, last, 3.0), (1, 0, last, 4.0), (1, 0, last - 1, 2.0)]
    return Case(
        *shape,
        rng.uniform(0.5, 3.0, count),
        capacity,
        alpha,
        rng.choice([1.0, 2.0, 4.0], count),
        fixed,
        trips,
    )


def load(
    case: Case, scale: np.ndarray, nest_factor: float, constant: list[np.ndarray], nest: list[list[int]]
) -> tuple[Assignment, list[list[list[int]]]]:
    routes = [list_routes(case, *one[:3]) for one in case.trips]
    owner = np.repeat(np.arange(len(routes)), [len(some) for some in routes])
    length = [len(route) for some in routes for route in some]
    arc = [at for some in routes for route in some for at in route]
    done = find_stochastic_equilibrium(
        make_net(max(case.head) + 1, case.tail, case.head),
        make_costs(case.free, case.capacity, case.fixed, case.alpha, case.beta),
        make_trips(*zip(*[one[:3] for one in case.trips], strict=True), [one[3] for one in case.trips], ("a", "b")),
        AssignmentSettings(method="sue", nest_factor=nest_factor, target_gap_share=1e-11),
        choice_sets=make_choice_sets(owner, np.cumsum([0, *length]), arc),
        constants_h=np.concatenate(constant),
        route_nest=np.concatenate(nest).astype(np.int32),
        segment_scale=scale,
    )  # fmt: skip
    return done, routes


@pytest.mark.parametrize("shape", [BRAESS, LADDER, RING], ids=["braess", "ladder", "ring"])
@pytest.mark.parametrize("nest_factor", [1.0, 0.4])
@pytest.mark.parametrize("strength", [0.3, 2.0])
def test_equals_fisk(shape: tuple[list[int], list[int]], nest_factor: float, strength: float) -> None:
    case = make_case(shape, len(shape[0]))
    case.trips.sort()
    routes = [list_routes(case, *one[:3]) for one in case.trips]
    constant = [np.linspace(-0.5, 0.5, len(some)) for some in routes]
    nest = [[at % 2 for at in range(len(some))] for some in routes]
    scale = strength * np.array([1.0, 2.5])
    done, _ = load(case, scale, nest_factor, constant, nest)
    free = bpr_time(case, np.zeros(len(case.tail)))
    sizes = [
        np.log(size_of(some, free + case.fixed[one[0]])) for one, some in zip(case.trips, routes, strict=True)
    ]
    flows = solve_fisk(
        case, routes, [scale[one[0]] for one in case.trips], sizes, constant, nest, nest_factor
    )
    volume = np.zeros((2, len(case.tail)))
    for one, some, flow in zip(case.trips, routes, flows, strict=True):
        for route, amount in zip(some, flow, strict=True):
            volume[one[0], route] += amount
    assert done.status == AssignStatus.CONVERGED
    np.testing.assert_allclose(done.volume_t_d, volume, rtol=1e-7, atol=1e-7)


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10_000), strength=st.floats(0.01, 5.0), crowd=st.floats(0.1, 4.0))
@example(seed=468, strength=2.0, crowd=5.0)  # choices so sure that the first steps move nothing
def test_conditions_hold_on_random_networks(seed: int, strength: float, crowd: float) -> None:
    rng = np.random.default_rng(seed)
    count, vertices = 24, 8
    tail = sorted(rng.integers(0, vertices, count).tolist())
    head = [(one + 1 + int(rng.integers(0, vertices - 1))) % vertices for one in tail]
    fixed = rng.uniform(0.0, 1.0, (2, count))
    fixed[1, rng.integers(0, count, 3)] = np.inf
    costs = make_costs(
        rng.uniform(0.0, 2.0, count) * (rng.random(count) < 0.9),
        np.where(rng.random(count) < 0.2, np.inf, rng.uniform(2.0, 6.0, count) / crowd),
        fixed, 0.5, rng.choice([1.0, 4.0], count),
    )  # fmt: skip
    pair = rng.integers(0, vertices, (2, 12))
    trips = make_trips(rng.integers(0, 2, 12), *pair, rng.uniform(0.1, 2.0, 12), ("a", "b"))
    options = AssignmentSettings(
        method="sue", scale_factor=strength, target_gap_share=1e-8, overlap_factor=0.0
    )
    done = find_stochastic_equilibrium(make_net(vertices, tail, head), costs, trips, options)
    assert done.routes is not None
    # Conservation at every vertex, per segment.
    for segment in range(2):
        balance = np.zeros(vertices)
        np.add.at(balance, tail, done.volume_t_d[segment])
        np.add.at(balance, head, -done.volume_t_d[segment])
        mine = trips.segment == segment
        served = trips.volume_t_d - done.unserved
        np.add.at(balance, trips.origin[mine], -served[mine])
        np.add.at(balance, trips.destination[mine], served[mine])
        np.testing.assert_allclose(balance, 0.0, atol=1e-9)
    assert not done.volume_t_d[1][np.isinf(fixed[1])].any()
    assert done.status == AssignStatus.CONVERGED, done.history[-5:]
    # Without path sizes, flows of a trip stand in proportion to exp(-scale C).
    ends = zip(done.routes.trip, done.routes.first_arc[:-1], done.routes.first_arc[1:], strict=True)
    cost = np.array(
        [
            (done.time_h + costs.fixed_h[trips.segment[trip]])[done.routes.arc[low:high]].sum()
            for trip, low, high in ends
        ]
    )
    for trip in np.unique(done.routes.trip):
        here = done.routes.trip == trip
        share = np.exp(-strength * (cost[here] - cost[here].min()))
        flow = done.routes.volume_t_d[here]
        np.testing.assert_allclose(flow, flow.sum() * share / share.sum(), atol=1e-7 * trips.volume_t_d.sum())
