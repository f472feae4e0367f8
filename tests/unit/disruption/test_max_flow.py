"""Cuts on small networks beside every set of sections tried, beside networkx, and by hand."""

import networkx
import numpy as np
import pytest

from dehliz.disruption.max_flow import (
    MOST,
    NO_SECTION,
    Layout,
    count_disjoint,
    find_cut,
    find_disjoint,
    is_separated,
)
from tests.oracles.cuts import least_cut, most_flow, reaches


def lay_out(arcs: list[tuple[int, int, int]], n_section: int, sink: int) -> Layout:
    table = np.array(arcs, dtype=np.int32).reshape(-1, 3)
    n_vertex = max(int(table[:, :2].max(initial=0)), sink) + 1
    ends = (np.array([0], np.int32), np.array([sink], np.int32))
    return Layout(table[:, 0], table[:, 1], table[:, 2], n_vertex, n_section, *ends)


def draw(seed: int, is_shared: bool) -> tuple[Layout, np.ndarray]:
    """A random network of 4 to 7 vertices; some sections without a capacity, some arcs of no section."""
    rng = np.random.default_rng(seed)
    n, m = int(rng.integers(4, 8)), int(rng.integers(5, 13))
    tail = rng.integers(0, n, m)
    head = (tail + rng.integers(1, n, m)) % n
    section = rng.integers(NO_SECTION, 6, m) if is_shared else np.arange(m)
    n_section = 6 if is_shared else m
    capacity = rng.integers(1, 9, n_section).astype(np.float64)
    capacity[rng.random(n_section) < 0.2] = np.inf
    arcs = list(zip(tail.tolist(), head.tolist(), section.tolist(), strict=True))
    return lay_out(arcs, n_section, n - 1), capacity


@pytest.mark.parametrize("seed", range(60))
def test_cut_is_the_least_of_all_sets(seed: int) -> None:
    layout, capacity = draw(seed, is_shared=False)
    cut = find_cut(layout, capacity)
    assert cut.is_possible
    assert (cut.uncapped_count, cut.known_t_d) == least_cut(layout, capacity)
    assert not reaches(layout, set(cut.sections.tolist()))
    assert is_separated(layout, np.isin(np.arange(layout.n_section), cut.sections))


@pytest.mark.parametrize("seed", range(100))
def test_cut_of_shared_sections_separates_and_is_never_below_the_least(seed: int) -> None:
    layout, capacity = draw(seed, is_shared=True)
    cut, least = find_cut(layout, capacity), least_cut(layout, capacity)
    if least is None:
        assert not cut.is_possible
        assert cut.capacity_t_d == np.inf
        return
    chosen = set(cut.sections.tolist())
    assert not reaches(layout, chosen)
    assert all(reaches(layout, chosen - {one}) for one in chosen), "a section can be left out"
    assert (cut.uncapped_count, cut.known_t_d) >= least
    assert cut.capacity_t_d >= most_flow(layout, capacity) - 1e-9


def test_most_cuts_of_shared_sections_are_the_least() -> None:
    drawn = [draw(seed, is_shared=True) for seed in range(100)]
    pairs = [(find_cut(*one), least_cut(*one)) for one in drawn]
    told = [((cut.uncapped_count, cut.known_t_d), least) for cut, least in pairs if least is not None]
    assert len(told) > 50
    assert np.mean([found == least for found, least in told]) > 0.9


@pytest.mark.parametrize("seed", range(60))
def test_networkx_finds_the_same(seed: int) -> None:
    layout, capacity = draw(seed, is_shared=False)
    plain = networkx.DiGraph()
    plain.add_nodes_from(range(layout.n_vertex))
    ones = networkx.DiGraph()
    ones.add_nodes_from(range(layout.n_vertex))
    whole = np.where(np.isfinite(capacity), capacity, 1e6)
    for tail, head, value in zip(layout.tail.tolist(), layout.head.tolist(), whole.tolist(), strict=True):
        for one, add in ((plain, value), (ones, 1.0)):
            had = one.get_edge_data(tail, head, {"capacity": 0.0})["capacity"]
            one.add_edge(tail, head, capacity=had + add)
    sink = int(layout.sink[0])
    cut = find_cut(layout, whole)
    assert cut.known_t_d == pytest.approx(networkx.minimum_cut_value(plain, 0, sink))
    assert count_disjoint(layout) == networkx.maximum_flow_value(ones, 0, sink)


@pytest.mark.parametrize("seed", range(60))
def test_disjoint_ways_are_ways_and_share_nothing(seed: int) -> None:
    layout, _ = draw(seed, is_shared=False)
    ways = find_disjoint(layout)
    assert ways is not None
    assert len(ways) == count_disjoint(layout)
    used = [arc for way in ways for arc in way]
    assert len(used) == len(set(used))
    for way in ways:
        assert layout.tail[way[0]] == 0
        assert layout.head[way[-1]] == layout.sink[0]
        assert (layout.head[way[:-1]] == layout.tail[way[1:]]).all()


def test_a_shared_capacity_counts_once() -> None:
    """Two ways through one port of 5, beyond lines of 4 each: 5 in all, not 8."""
    layout = lay_out([(0, 1, 0), (0, 2, 1), (1, 3, 2), (2, 4, 2), (3, 5, 3), (4, 5, 4)], 5, 5)
    cut = find_cut(layout, np.array([4.0, 4.0, 5.0, 9.0, 9.0]))
    assert cut.sections.tolist() == [2]
    assert cut.capacity_t_d == 5.0
    assert count_disjoint(layout) == 1


def test_a_way_that_does_not_exist_is_no_way() -> None:
    """Section 0 holds 0-1 and 2-3; a way in by the first and out by the second is none: 0-1 ends there."""
    layout = lay_out([(0, 1, 0), (2, 3, 0)], 1, 3)
    cut = find_cut(layout, np.array([7.0]))
    assert cut.sections.tolist() == []
    assert cut.capacity_t_d == 0.0
    assert find_disjoint(layout) is None


def test_sections_without_a_capacity_are_as_few_as_can_be() -> None:
    """One road of unknown capacity beside two railways in line: the cut has the road and the weaker railway."""
    layout = lay_out([(0, 1, 0), (1, 2, 1), (0, 2, 2)], 3, 2)
    cut = find_cut(layout, np.array([6.0, 3.5, np.inf]))
    assert cut.sections.tolist() == [1, 2]
    assert (cut.uncapped_count, cut.known_t_d, cut.capacity_t_d) == (1, 3.5, np.inf)


def test_nothing_cuts_arcs_of_no_section() -> None:
    layout = lay_out([(0, 1, 0), (0, 1, NO_SECTION)], 1, 1)
    cut = find_cut(layout, np.ones(1))
    assert not cut.is_possible
    assert cut.capacity_t_d == np.inf
    assert count_disjoint(layout) == MOST


def test_the_unit_grows_until_numbers_fit() -> None:
    """Capacities that 32 bits cannot hold are rounded down to thousands or more; what is told is not rounded."""
    layout = lay_out([(0, 1, 0), (1, 2, 1)], 2, 2)
    cut = find_cut(layout, np.array([4e10, 3e10]))
    assert cut.flow_unit_t_d == 100.0
    assert cut.sections.tolist() == [1]
    assert cut.known_t_d == 3e10


def test_the_cut_nearest_to_the_source_is_told() -> None:
    layout = lay_out([(0, 1, 0), (1, 2, 1)], 2, 2)
    assert find_cut(layout, np.array([2.0, 2.0])).sections.tolist() == [0]
