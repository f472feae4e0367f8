"""Small networks for tests of loading: the one of tests/cases/tntp_small, and random ones."""

from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np

from dehliz.graph.load_costs import LoadCosts
from dehliz.graph.standard import Links, StandardGraph, compile_links, compile_tntp, connect_trips
from dehliz.graph.trips import Trips, make_trips
from dehliz.network.tntp import read_tntp

SMALL = Path(__file__).parents[2] / "cases" / "tntp_small"


class Road(NamedTuple):
    graph: StandardGraph
    costs: LoadCosts
    trips: Trips


def read_small(toll_factor: float = 0.0) -> Road:
    network = read_tntp(SMALL)
    case = compile_tntp(network, toll_factor)
    trips = network.trips
    assert trips is not None
    zero = np.zeros(len(trips.flow), np.int32)
    found = connect_trips(case.graph, zero, trips.origin - 1, trips.destination - 1, trips.flow)
    return Road(case.graph, case.costs, found.trips)


def random_road(seed: int, n_node: int = 9, n_link: int = 24, n_trip: int = 12, n_segment: int = 2) -> Road:
    """A network with parallel links, dead ends and unreachable pairs; times differ, so that ways are unique."""
    rng = np.random.default_rng(seed)
    ends = rng.integers(0, n_node, (2, n_link)).astype(np.int32)
    links = Links(
        ends[0], ends[1], rng.uniform(1.0, 5.0, n_link), rng.uniform(5.0, 20.0, n_link),
        rng.uniform(0.0, 1.0, n_link), rng.integers(1, 5, n_link).astype(float), np.zeros(n_link),
    )  # fmt: skip
    names = tuple(map(str, range(n_node)))
    zones = np.arange(n_node, dtype=np.int32)
    ids = (names, names, tuple(map(str, range(n_link))))
    case = compile_links(links, rng.random(n_node) < 0.2, zones, ids)
    graph = case.graph
    fixed = rng.uniform(0.0, 3.0, (n_segment, n_link))
    fixed[rng.random((n_segment, n_link)) < 0.05] = np.inf
    costs = replace(
        case.costs,
        fixed_h=fixed,
        value_of_time_usd_t_h=np.ones(n_segment),
        background_t_d=rng.uniform(0.0, 3.0, n_link),
    )
    start, stop = rng.integers(0, n_node, n_trip), rng.integers(0, n_node, n_trip)
    apart = start != stop
    segment = rng.integers(0, n_segment, n_trip)
    trips = make_trips(
        segment[apart], graph.zone_start[start[apart]], graph.zone_end[stop[apart]],
        rng.uniform(1.0, 5.0, n_trip)[apart], tuple(map(str, range(n_segment))),
    )  # fmt: skip
    return Road(graph, costs, trips)
