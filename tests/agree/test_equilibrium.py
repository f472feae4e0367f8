"""User equilibria: known by hand, published, equal to a slow oracle, and what must hold on any network."""

import numpy as np
import numpy.typing as npt
import pytest
from benchmarks.assignment.networks import make_city
from hypothesis import given, settings
from hypothesis import strategies as st

from dehliz.assignment.equilibrium import find_equilibrium
from dehliz.assignment.gap import relative_gap
from dehliz.assignment.result import Assignment, AssignStatus
from dehliz.assignment.settings import AssignmentSettings
from dehliz.kernels.delay import DelayForm
from tests.agree.equilibria import Small, balance, read_case, small, trips_of
from tests.oracles.dijkstra import least_costs
from tests.oracles.equilibrium import Oracle, Time


def oracle_of(net: Small) -> Oracle:
    """The same network for the oracle; BPR only."""
    costs = net.costs

    def time_of(arc: int) -> Time:
        free, capacity = float(costs.free_time_h[arc]), float(costs.capacity_t_d[arc])
        alpha, beta = float(costs.alpha_factor[arc]), float(costs.beta_factor[arc])
        before = float(costs.background_t_d[arc])
        return lambda x: free * (1.0 + alpha * (max(0.0, x + before) / capacity) ** beta)

    ends = list(zip(net.tail.tolist(), net.head.tolist(), strict=True))
    return Oracle(ends, [time_of(arc) for arc in range(len(ends))], costs.fixed_h.tolist())


def check_wardrop(net: Small, found: Assignment, tolerance: float) -> None:
    """No segment uses an arc that is not on a shortest way from one of its origins, by a plain search."""
    assert found.bushes is not None
    bushes = found.bushes
    ends = list(zip(net.tail.tolist(), net.head.tolist(), strict=True))
    for bush, (segment, origin) in enumerate(zip(bushes.segment, bushes.origin, strict=True)):
        cost = found.time_h + net.costs.fixed_h[segment]
        best = least_costs(
            net.vertex_count, [(*end, float(c)) for end, c in zip(ends, cost, strict=True)], int(origin)
        )
        for at in range(bushes.first_flow[bush], bushes.first_flow[bush + 1]):
            arc = int(bushes.arc[at])
            if bushes.volume_t_d[at] > 1e-6:
                assert best[net.tail[arc]] + cost[arc] <= best[net.head[arc]] + tolerance


def test_braess_by_hand() -> None:
    net, trips, _ = read_case("braess")
    found = net.solve(trips, 1e-13)
    assert found.status is AssignStatus.CONVERGED
    np.testing.assert_allclose(net.by_row(found.volume_t_d[0]), [4.0, 2.0, 2.0, 2.0, 4.0], atol=1e-6)
    assert found.total_time == pytest.approx(552.0, abs=1e-4)
    assert found.beckmann_objective == pytest.approx(386.0, abs=1e-6)


def test_braess_without_the_fifth_road_is_faster() -> None:
    net, trips, _ = read_case("braess")
    closed = np.zeros((1, 5))
    closed[0, 3] = np.inf
    ends = np.stack([net.tail, net.head], axis=1)[np.argsort(net.row)]
    costs = net.costs
    parts = (
        net.by_row(part)
        for part in (costs.free_time_h, costs.capacity_t_d, costs.alpha_factor, costs.beta_factor)
    )
    without = small(4, ends, *parts, fixed=closed)
    found = without.solve(trips, 1e-13)
    np.testing.assert_allclose(without.by_row(found.volume_t_d[0]), [3.0, 3.0, 3.0, 0.0, 3.0], atol=1e-6)
    assert found.total_time == pytest.approx(498.0, abs=1e-4)


def test_braess_with_marginal_costs_is_the_system_optimum() -> None:
    net, trips, _ = read_case("braess")
    found = net.solve(trips, 1e-13, is_marginal=True)
    np.testing.assert_allclose(net.by_row(found.volume_t_d[0]), [3.0, 3.0, 3.0, 0.0, 3.0], atol=1e-6)
    assert found.total_time == pytest.approx(498.0, abs=1e-4)


def test_sioux_falls_reaches_the_published_optimum() -> None:
    net, trips, link = read_case("sioux_falls")
    found = net.solve(trips, 1e-13)
    assert found.beckmann_objective == pytest.approx(42.31335287107440e5, rel=1e-11)
    best_known = link["best_known_volume"].to_numpy()
    np.testing.assert_allclose(net.by_row(found.volume_t_d[0]), best_known, rtol=1e-6)
    assert relative_gap(net, net.costs, trips, found.volume_t_d) == found.relative_gap_share <= 1e-13
    assert balance(net, found) < 1e-9 * trips.volume_t_d.sum()


def test_history_falls_to_the_gap_and_limits_stop_it() -> None:
    net, trips, _ = read_case("sioux_falls")
    found = net.solve(trips, 1e-8)
    assert found.history[-1].relative_gap_share <= 1e-8 < found.history[-2].relative_gap_share
    assert [step.number_count for step in found.history] == list(range(1, len(found.history) + 1))
    early = net.solve(trips, 1e-8, iteration_limit_count=2)
    assert early.status is AssignStatus.NOT_CONVERGED
    assert len(early.history) == 2
    assert early.relative_gap_share == pytest.approx(early.history[-1].relative_gap_share, rel=1e-9)
    late = net.solve(trips, 1e-8, time_limit_s=0.0)
    assert (late.status, len(late.history)) == (AssignStatus.NOT_CONVERGED, 1)


def test_two_threads_give_the_same_bytes() -> None:
    net, trips, _ = read_case("sioux_falls")
    rows = [(0, o, d, v) for o, d, v in zip(trips.origin, trips.destination, trips.volume_t_d, strict=True)]
    rows += [(1, o, d, 0.3 * v) for _, o, d, v in rows]
    net = small(
        net.vertex_count, np.stack([net.tail, net.head], axis=1), net.costs.free_time_h, net.costs.capacity_t_d,
        net.costs.alpha_factor, net.costs.beta_factor, fixed=np.stack([np.zeros(76), np.arange(76) % 7 * 0.1]),
    )  # fmt: skip
    one, two, three = (net.solve(trips_of(rows, ("a", "b")), 1e-9, thread_count=count) for count in (1, 2, 3))
    for other in (two, three):
        assert one.volume_t_d.tobytes() == other.volume_t_d.tobytes()
        assert one.bushes is not None
        assert other.bushes is not None
        assert one.bushes.volume_t_d.tobytes() == other.bushes.volume_t_d.tobytes()
        gaps = [[step.relative_gap_share for step in found.history] for found in (one, other)]
        assert gaps[0] == gaps[1]


def test_many_blocks_on_two_threads_give_the_same_bytes() -> None:
    task = make_city(12, 130)  # ten blocks of origins
    one, two = (
        find_equilibrium(
            task.graph, task.costs, task.trips, AssignmentSettings(target_gap_share=1e-9, thread_count=count)
        )
        for count in (1, 2)
    )
    assert one.status is AssignStatus.CONVERGED
    assert one.volume_t_d.tobytes() == two.volume_t_d.tobytes()
    assert [step.relative_gap_share for step in one.history] == [
        step.relative_gap_share for step in two.history
    ]


LADDER = [(0, 1), (1, 3), (0, 2), (2, 3), (1, 2), (3, 4), (3, 4), (2, 1)]
"""Two sides, a rung both ways, and two parallel arcs at the end."""


def three_networks() -> list[tuple[Small, list[tuple[int, int, int, float]]]]:
    """Networks with several segments: fixed costs, a forbidden arc, equal segments, background, powers 1 to 5."""
    first = small(
        5, LADDER, [1, 2, 2, 1, 0.2, 1, 1.2, 0.2], [3, 4, 4, 3, 2, 4, 4, 2], 0.5, [4, 4, 1, 2, 4, 5, 4, 4],
        fixed=[[0.0] * 8, [0.5, 0, 0, 0, 0, 0.3, 0, 0], [0, 0, 0, 0, np.inf, 0, np.inf, 0]],
        background=[0, 1, 0, 0, 0, 0.5, 0, 0],
    )  # fmt: skip
    trips_first = [(0, 0, 4, 4.0), (1, 0, 4, 3.0), (2, 0, 4, 2.0), (2, 1, 4, 1.0), (1, 0, 2, 0.7)]
    square = [(0, 1), (1, 2), (2, 3), (3, 0), (1, 0), (2, 1), (3, 2), (0, 3)]
    second = small(
        4, square, 1.0, [2, 1, 2, 1, 2, 1, 2, 1], 1.0, 2.0, fixed=[[0.0] * 8, [0.1] * 4 + [0.0] * 4]
    )
    trips_second = [(0, 0, 2, 3.0), (1, 2, 0, 2.0), (0, 1, 3, 1.5), (1, 3, 1, 1.0), (1, 0, 2, 1.0)]
    fan = [(0, 1), (0, 2), (0, 3), (1, 4), (2, 4), (3, 4), (1, 2), (2, 3), (0, 4)]
    third = small(
        5, fan, [1, 1.5, 2, 2, 1.5, 1, 0.1, 0.1, 5], [2, 2, 2, 2, 2, 2, 1, 1, 9], 0.3, 1.5,
        fixed=[[0.0] * 9, [0.0] * 9, [0, 0.4, 0, 0, 0.4, 0, 0, 0, 0]],
    )  # fmt: skip
    trips_third = [(0, 0, 4, 3.0), (1, 0, 4, 2.0), (1, 0, 2, 1.0), (2, 0, 4, 2.5), (0, 1, 4, 1.0)]
    return [(first, trips_first), (second, trips_second), (third, trips_third)]


@pytest.mark.parametrize("number", [0, 1, 2])
def test_segments_together_equal_the_oracle(number: int) -> None:
    net, rows = three_networks()[number]
    trips = trips_of(rows, ("a", "b", "c")[: net.costs.n_segment])
    found = net.solve(trips, 1e-14)
    oracle = oracle_of(net)
    assert oracle.solve(rows) < 1e-11
    np.testing.assert_allclose(found.volume_t_d.sum(axis=0), oracle.volume, atol=1e-7)
    paid = [float(np.where(net.costs.fixed_h[k] > 0, net.costs.fixed_h[k], 0.0) @ found.volume_t_d[k]) if not
            np.isinf(net.costs.fixed_h[k]).any() else 0.0 for k in range(trips.n_segment)]  # fmt: skip
    theirs = [float(net.costs.fixed_h[k] @ np.array(oracle.by_segment[k])) if not
              np.isinf(net.costs.fixed_h[k]).any() else 0.0 for k in range(trips.n_segment)]  # fmt: skip
    assert sum(paid) == pytest.approx(sum(theirs), abs=1e-6)
    check_wardrop(net, found, 1e-7)
    assert balance(net, found) < 1e-9


def test_segments_of_equal_cost_are_shared_in_proportion_and_conserve() -> None:
    net, rows = three_networks()[2]
    found = net.solve(trips_of(rows, ("a", "b", "c")), 1e-13)
    merged = [(0 if k < 2 else 2, o, d, v) for k, o, d, v in rows]
    alone = net.solve(trips_of(merged, ("a", "b", "c")), 1e-13)
    np.testing.assert_allclose(found.volume_t_d[:2].sum(axis=0), alone.volume_t_d[0], atol=1e-9)
    assert balance(net, found) < 1e-9
    assert found.volume_t_d[1].sum() > 0.0
    assert found.bushes is not None
    for segment in range(3):
        mine = np.repeat(found.bushes.segment == segment, np.diff(found.bushes.first_flow))
        total = np.bincount(found.bushes.arc[mine], weights=found.bushes.volume_t_d[mine], minlength=9)
        np.testing.assert_allclose(total, found.volume_t_d[segment], atol=1e-12)


def test_traffic_does_not_go_the_wrong_way_through_a_dead_end() -> None:
    # vertex 1 has two arcs in and none out; contraction of "pass-through" vertices would lead 0 -> 1 -> 2
    net = small(4, [(0, 1), (2, 1), (0, 3), (3, 2)], [1, 1, 5, 5], 10.0, 0.15, 4.0)
    found = net.solve(trips_of([(0, 0, 2, 7.0), (0, 0, 1, 2.0), (0, 2, 1, 1.0), (0, 1, 2, 3.0)]))
    np.testing.assert_allclose(net.by_row(found.volume_t_d[0]), [2.0, 1.0, 7.0, 7.0], atol=1e-12)
    assert balance(net, found) == 0.0
    lost = found.unserved > 0.0
    assert found.trips.origin[lost].tolist() == [1]
    assert found.unserved[lost].tolist() == [3.0]
    assert [reason for reason in found.unserved_reason if reason] == ["no_route"]
    assert found.status is AssignStatus.CONVERGED


def test_nothing_to_load() -> None:
    net = small(2, [(0, 1)], 1.0, 1.0, 0.15, 4.0)
    none = net.solve(trips_of(np.zeros((0, 4))))
    assert (none.status, none.total_time, none.relative_gap_share) == (AssignStatus.CONVERGED, 0.0, 0.0)
    within = net.solve(trips_of([(0, 1, 1, 5.0)]))
    assert within.volume_t_d.sum() == within.unserved.sum() == 0.0
    nowhere = net.solve(trips_of([(0, 1, 0, 5.0)]))
    assert nowhere.unserved.tolist() == [5.0]
    assert nowhere.status is AssignStatus.CONVERGED


def test_odd_arcs_are_handled() -> None:
    # zero-cost two-way pair 1-2, a self-loop, parallel arcs, alpha 0, power 0, no capacity limit, power below 1
    ends = [(0, 1), (1, 2), (2, 1), (2, 3), (1, 1), (0, 3), (0, 3), (1, 3), (2, 3), (0, 2)]
    free = [1, 0, 0, 1, 1, 2.5, 2.6, 2, 1.2, 1.1]
    capacity = [2, 1, 1, 2, 1, 1, 1, np.inf, 2, 3]
    alpha = [0.5, 0.5, 0.5, 0.5, 1, 0.3, 0, 0.2, 0.4, 0.2]
    beta = [1, 4, 4, 2, 1, 0, 4, 4, 0.5, 3.3]
    net = small(4, ends, free, capacity, alpha, beta)
    rows = [(0, 0, 3, 6.0), (0, 1, 3, 2.0), (0, 2, 1, 1.0), (0, 1, 2, 1.0)]
    found = net.solve(trips_of(rows), 1e-13)
    oracle = oracle_of(net)
    oracle.solve(rows)
    np.testing.assert_allclose(found.volume_t_d[0], oracle.volume, atol=1e-6)
    assert found.status is AssignStatus.CONVERGED
    check_wardrop(net, found, 1e-9)


@pytest.mark.parametrize(
    ("form", "beta"), [(DelayForm.CONICAL, 4.0), (DelayForm.QUEUE, 0.9), (DelayForm.CONSTANT, 1.0)]
)
def test_other_forms_reach_wardrop(form: int, beta: float) -> None:
    net = small(5, LADDER, [1, 2, 2, 1, 0.2, 1, 1.2, 0.2], [3, 4, 4, 3, 2, 4, 4, 2], 0.5, beta, form=form)
    for is_marginal in (False, True):
        found = net.solve(trips_of([(0, 0, 4, 5.0), (0, 1, 4, 2.0)]), 1e-12, is_marginal=is_marginal)
        assert found.status is AssignStatus.CONVERGED
        assert balance(net, found) < 1e-12
        if not is_marginal:
            check_wardrop(net, found, 1e-7)


@pytest.mark.parametrize("form", [DelayForm.BPR, DelayForm.CONICAL, DelayForm.QUEUE])
def test_marginal_costs_minimise_the_total_time(form: int) -> None:
    beta = {DelayForm.BPR: 3.0, DelayForm.CONICAL: 4.0, DelayForm.QUEUE: 0.9}[form]
    net = small(2, [(0, 1), (0, 1)], [1.0, 1.3], [3.0, 4.0], 0.5, beta, form=form)
    trips = trips_of([(0, 0, 1, 5.0)])
    best = net.solve(trips, 1e-12, is_marginal=True)
    selfish = net.solve(trips, 1e-12)
    assert best.total_time <= selfish.total_time

    def total(share: float) -> float:
        fixed = np.array([share, 5.0 - share])
        return float(sum(x * t for x, t in zip(fixed, times(net, fixed), strict=True)))

    split = float(best.volume_t_d[0, 0])
    assert best.total_time == pytest.approx(total(split), rel=1e-12)
    assert all(total(split + step) >= best.total_time - 1e-12 for step in (-0.5, -0.01, 0.01, 0.5))


def times(net: Small, volume: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    from dehliz.assignment.gap import arc_times

    return arc_times(net.costs, volume)


@st.composite
def loads(draw: st.DrawFn) -> tuple[int, np.ndarray, np.ndarray]:
    """Vertices; rows of tail, head, free time, capacity, alpha, power; rows of segment, origin, destination, volume."""
    vertex_count = draw(st.integers(2, 8))
    vertex = st.integers(0, vertex_count - 1)
    arc = st.tuples(
        vertex, vertex, st.sampled_from([0.0, 0.5, 1.0, 1.0, 2.5]), st.sampled_from([0.5, 2.0, np.inf]),
        st.sampled_from([0.0, 0.15, 1.0]), st.sampled_from([0.0, 1.0, 1.7, 4.0]),
    )  # fmt: skip
    arcs = draw(st.lists(arc, min_size=1, max_size=24))
    trip = st.tuples(st.integers(0, 1), vertex, vertex, st.sampled_from([0.0, 0.3, 1.0, 4.0]))
    return vertex_count, np.array(arcs), np.array(draw(st.lists(trip, min_size=1, max_size=8)))


@settings(max_examples=120, deadline=None, derandomize=True)
@given(loads(), st.integers(0, 2**32 - 1))
def test_what_holds_on_any_network(load: tuple[int, np.ndarray, np.ndarray], seed: int) -> None:
    vertex_count, arcs, rows = load
    fixed = np.stack([np.zeros(len(arcs)), np.arange(len(arcs)) % 3 * 0.25])
    net = small(vertex_count, arcs[:, :2], *arcs[:, 2:].T, fixed=fixed)
    trips = trips_of(rows, ("a", "b"))
    found = net.solve(trips, 1e-10)
    assert found.status is AssignStatus.CONVERGED
    assert balance(net, found) < 1e-9
    served = found.unserved == 0.0
    assert relative_gap(net, net.costs, trips, found.volume_t_d, served) == found.relative_gap_share
    ends = list(zip(net.tail.tolist(), net.head.tolist(), strict=True))
    for origin, destination, lost in zip(trips.origin, trips.destination, found.unserved, strict=True):
        reach = least_costs(vertex_count, [(*end, 1.0) for end in ends], int(origin))[int(destination)]
        assert (lost > 0.0) == np.isinf(reach)
    rng = np.random.default_rng(seed)
    name, order = rng.permutation(vertex_count), rng.permutation(len(arcs))
    renamed = small(
        vertex_count, name[arcs[order, :2].astype(int)], *arcs[order, 2:].T, fixed=fixed[:, order]
    )
    mixed = rows[rng.permutation(len(rows))]
    mixed = np.stack(
        [mixed[:, 0], name[mixed[:, 1].astype(int)], name[mixed[:, 2].astype(int)], mixed[:, 3]], axis=1
    )
    other = renamed.solve(trips_of(mixed, ("a", "b")), 1e-10)
    scale = 1e-10 * max(found.total_time, 1e-3)
    assert other.beckmann_objective == pytest.approx(found.beckmann_objective, abs=scale)


def test_a_gap_of_nothing_ends_at_round_off() -> None:
    net, trips, _ = read_case("sioux_falls")
    found = net.solve(trips, 0.0)
    assert found.relative_gap_share < 1e-14
    assert len(found.history) < 200
