"""Bushes on random networks: trees against a plain search, order, conservation, cores, and a clean workspace after."""

import numpy as np
import numpy.typing as npt
import pytest

from dehliz.kernels.bush_data import Demand, Network, Pool, join_pools, make_pool, make_work, take_pool
from dehliz.kernels.bush_renew import renew_block
from dehliz.kernels.bush_share import share_flows
from dehliz.kernels.jit import Status
from dehliz.kernels.search import freeze
from tests.oracles.dijkstra import least_costs
from tests.unit.kernels.networks import Net, random_net


def make_demand(net: Net, rng: np.random.Generator) -> Demand:
    """Two or three origins, each with some destinations that it can reach."""
    origins, first, destinations = [], [0], []
    for origin in rng.permutation(net.vertex_count)[:3].tolist():
        reach = least_costs(net.vertex_count, net.arcs(), origin)
        good = [vertex for vertex in range(net.vertex_count) if vertex != origin and reach[vertex] < np.inf]
        picked = [vertex for vertex in good if rng.random() < 0.7]
        if picked:
            origins.append(origin)
            destinations += picked
            first.append(len(destinations))
    volume = rng.integers(1, 9, len(destinations)).astype(float)
    return Demand(
        freeze(origins, np.int32),
        freeze(first, np.int64),
        freeze(destinations, np.int32),
        freeze(volume, np.float64),
    )


def renew(
    net: Net, cost: npt.NDArray[np.float64], demand: Demand, old: Pool, is_cold: bool
) -> tuple[Pool, npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Renew bushes with a fresh workspace, and see that it is left clean."""
    count = len(demand.origin)
    work, clean = make_work(net.vertex_count), make_work(net.vertex_count)
    pool = make_pool(count, 200, 200, 200)
    paid, least, lost = np.empty(count), np.empty(count), np.zeros(len(demand.destination), np.int8)
    network = Network(*(freeze(part, np.uint32) for part in (*net.star, net.tail)))
    status = renew_block(
        network, freeze(cost, np.float64), demand, is_cold, old, work, pool, paid, least, lost
    )
    assert status == Status.OK
    assert not lost.any()
    for name in ("cost", "slot", "seen", "demand"):
        np.testing.assert_array_equal(getattr(work, name), getattr(clean, name))
    assert (work.heap.place == -1).all()
    return trim(pool), paid, least


def trim(pool: Pool) -> Pool:
    """A copy without the room that ``take_pool`` leaves."""
    nodes, arcs, steps = (int(start[-1]) for start in pool[:3])
    taken = take_pool(pool)
    ends = {"vertex": nodes, "first": nodes, "arc": arcs, "tail": arcs, "flow": arcs, "tree": steps}
    return taken._replace(**{name: getattr(taken, name)[:end] for name, end in ends.items()})


def check(
    net: Net, demand: Demand, pool: Pool, cost: npt.NDArray[np.float64], paid: npt.NDArray[np.float64]
) -> None:
    """Order, ends of arcs, core and conservation of every bush; what its flow costs."""
    for bush in range(len(demand.origin)):
        start, end = int(pool.node_start[bush]), int(pool.node_start[bush + 1]) - 1
        vertex, first = pool.vertex[start:end], pool.first[start : end + 1]
        base = int(pool.arc_start[bush])
        assert vertex[0] == demand.origin[bush]
        assert len(set(vertex.tolist())) == len(vertex)
        assert pool.vertex[end] == -1
        rest = np.zeros(net.vertex_count)
        total = 0.0
        for node in range(len(vertex)):
            arcs = range(base + first[node], base + first[node + 1])
            assert (len(arcs) > 0) == (node > 0)
            assert len(arcs) <= 1 or node < pool.core[bush]
            for at in arcs:
                arc, tail = int(pool.arc[at]), int(pool.tail[at])
                assert tail < node
                assert net.head[arc] == vertex[node]
                assert net.tail[arc] == vertex[tail]
                assert pool.flow[at] >= 0.0
                rest[vertex[node]] += pool.flow[at]
                rest[vertex[tail]] -= pool.flow[at]
                total += pool.flow[at] * cost[arc]
        for at in range(demand.first[bush], demand.first[bush + 1]):
            rest[demand.destination[at]] -= demand.volume[at]
            rest[demand.origin[bush]] += demand.volume[at]
        np.testing.assert_allclose(rest, 0.0, atol=1e-12)
        assert paid[bush] == pytest.approx(total, rel=1e-12, abs=1e-12)


@pytest.mark.parametrize("seed", range(40))
def test_bushes_stay_in_order_and_give_the_least_cost(seed: int) -> None:
    net = random_net(seed, most_vertices=12, arc_factors=(2.0, 3.5))
    rng = np.random.default_rng(seed)
    demand = make_demand(net, rng)
    cost = net.weight[0]
    pool, _, _ = renew(net, cost, demand, make_pool(len(demand.origin), 0, 0, 0), True)
    for turn in range(6):
        cost = np.where(np.isinf(net.weight[0]), np.inf, rng.integers(0, 5, len(cost)).astype(float))
        before = pool
        pool, paid, least = renew(net, cost, demand, pool, turn == 3)
        check(net, demand, before, cost, paid)
        for bush, origin in enumerate(demand.origin.tolist()):
            arcs = [(int(a), int(b), float(c)) for a, b, c in zip(net.tail, net.head, cost, strict=True)]
            best = least_costs(net.vertex_count, arcs, origin)
            mine = slice(int(demand.first[bush]), int(demand.first[bush + 1]))
            expected = sum(
                volume * best[vertex]
                for vertex, volume in zip(demand.destination[mine], demand.volume[mine], strict=True)
            )
            assert least[bush] == pytest.approx(expected, rel=1e-12, abs=1e-12)
        for at in np.flatnonzero(
            rng.random(len(pool.flow)) < 0.3
        ):  # spoil flows: the next renewal mends them
            pool.flow[at] *= rng.choice([0.0, 0.5, 1.0])


def test_joined_pools_are_the_pools() -> None:
    net = random_net(3, most_vertices=12, arc_factors=(2.0, 3.5))
    cost = net.weight[0]
    pools, demands = [], []
    for seed in range(3):
        demand = make_demand(net, np.random.default_rng(seed))
        pools.append(renew(net, cost, demand, make_pool(len(demand.origin), 0, 0, 0), True)[0])
        demands.append(demand)
    whole, views = join_pools(pools)
    assert len(whole.node_start) == 1 + sum(len(pool.node_start) - 1 for pool in pools)
    for pool, view, demand in zip(pools, views, demands, strict=True):
        one, other = (renew(net, cost, demand, old, False) for old in (pool, view))
        for part, same in zip(one[0], other[0], strict=True):
            np.testing.assert_array_equal(part, same)


def test_too_small_a_pool_is_said_and_the_block_can_come_again() -> None:
    net = random_net(4, most_vertices=12, arc_factors=(2.0, 3.5))
    demand = make_demand(net, np.random.default_rng(0))
    count = len(demand.origin)
    network = Network(*(freeze(part, np.uint32) for part in (*net.star, net.tail)))
    work, empty = make_work(net.vertex_count), make_pool(count, 0, 0, 0)
    outs = (np.empty(count), np.empty(count), np.zeros(len(demand.destination), np.int8))
    cost = freeze(net.weight[0], np.float64)
    small = make_pool(count, 2, 2, 2)
    assert renew_block(network, cost, demand, True, empty, work, small, *outs) == Status.OVERFLOW
    large = make_pool(count, 200, 200, 200)
    assert renew_block(network, cost, demand, True, empty, work, large, *outs) == Status.OK
    check(
        net,
        demand,
        trim(large),
        net.weight[0],
        renew(net, net.weight[0], demand, trim(large), False)[1],
    )


def test_shares_of_segments_add_up_to_the_flow() -> None:
    net = random_net(7, most_vertices=12, arc_factors=(2.0, 3.5))
    rng = np.random.default_rng(7)
    demand = make_demand(net, rng)
    pool, _, _ = renew(net, net.weight[0], demand, make_pool(len(demand.origin), 0, 0, 0), True)
    part = rng.random(len(demand.volume))
    flows = [np.empty(len(pool.flow)) for _ in range(2)]
    for share, flow in zip((part, 1.0 - part), flows, strict=True):
        share_flows(
            pool, demand, freeze(share * demand.volume, np.float64), make_work(net.vertex_count), flow
        )
    np.testing.assert_allclose(flows[0] + flows[1], pool.flow, rtol=1e-12)
