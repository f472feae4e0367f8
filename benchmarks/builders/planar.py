"""A made-up planar network with scarce arcs: random points, the edges of their triangulation, log-normal demand."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import minimum_spanning_tree
from scipy.spatial import Delaunay

from dehliz.graph.load_costs import LoadCosts
from dehliz.graph.trips import Trips, make_trips
from dehliz.kernels.search import freeze, least_cost_paths, make_star


@dataclass(frozen=True)
class Planar:
    """A forward star with coordinates: a ``Topology``."""

    first_out: npt.NDArray[np.int32]
    tail: npt.NDArray[np.int32]
    head: npt.NDArray[np.int32]


def scarce_planar(
    vertex_count: int = 3_000,
    arc_count: int = 10_000,
    trip_count: int = 200,
    capped_share: float = 0.1,
    load_share: float = 0.8,
    seed: int = 1,
) -> tuple[Planar, LoadCosts, Trips]:
    """Network, costs and trips; the most loaded arcs of shortest paths may carry a share of that load only.

    Parameters
    ----------
    vertex_count, arc_count : int
        Size; every edge makes two arcs.
    trip_count : int
        Pairs of random zones, a quarter as many zones as pairs (more when pairs are few); log-normal volumes.
    capped_share : float
        Share of the arcs that carry load which are capped, the most loaded first.
    load_share : float
        Capacity as a share of the load when all take their cheapest route.
    seed : int
        Of everything.
    """
    rng = np.random.default_rng(seed)
    place = rng.random((vertex_count, 2))
    corner = Delaunay(place).simplices
    edge = np.sort(np.concatenate([corner[:, [0, 1]], corner[:, [1, 2]], corner[:, [0, 2]]]), axis=1)
    edge = np.unique(edge, axis=0)
    length = np.linalg.norm(place[edge[:, 0]] - place[edge[:, 1]], axis=1)
    shape = (vertex_count, vertex_count)
    tree = minimum_spanning_tree(csr_matrix((length, edge.T), shape=shape)).tocoo()
    kept = np.isin(
        edge @ [vertex_count, 1], np.sort(np.stack([tree.row, tree.col]), axis=0).T @ [vertex_count, 1]
    )
    others = np.flatnonzero(~kept)
    more = min(len(others), max(0, arc_count // 2 - int(kept.sum())))
    kept[rng.permutation(others)[:more]] = True
    edge, length = edge[kept], length[kept] * rng.uniform(0.8, 1.6, kept.sum())
    tail, head = np.concatenate([edge, edge[:, ::-1]]).T
    order = np.lexsort((head, tail))
    tail, head = tail[order].astype(np.int32), head[order].astype(np.int32)
    time_h = 100.0 * np.concatenate([length, length])[order]
    first_out = np.searchsorted(tail, np.arange(vertex_count + 1)).astype(np.int32)
    graph = Planar(first_out, tail, head)
    zone_count = max(trip_count // 4, 2 + int(np.sqrt(2.0 * trip_count)))  # twice as many pairs as are drawn
    zone = rng.choice(vertex_count, zone_count, replace=False)
    pair = set[tuple[int, int]]()
    while len(pair) < trip_count:
        start, end = rng.choice(zone, 2, replace=False).tolist()
        pair.add((start, end))
    pairs = np.array(sorted(pair))
    volume = rng.lognormal(3.0, 1.0, trip_count)
    trips = make_trips(np.zeros(trip_count), pairs[:, 0], pairs[:, 1], volume)
    ends = np.stack([trips.origin, trips.destination], axis=1)
    _, first_arc, arc = least_cost_paths(make_star(first_out, head), freeze(time_h, np.float64), ends)
    load = np.bincount(arc, np.repeat(trips.volume_t_d, np.diff(first_arc)), len(head))
    rank = np.argsort(-load, kind="stable")[: int(capped_share * np.count_nonzero(load))]
    is_capped = np.zeros(len(head), dtype=bool)
    is_capped[rank] = True
    return graph, capped_costs(time_h, np.where(is_capped, load_share * load, np.inf)), trips


def capped_costs(time_h: npt.NDArray[np.float64], capacity_t_d: npt.NDArray[np.float64]) -> LoadCosts:
    """Costs of one segment without delays or money: time and hard capacities."""
    count = len(time_h)
    return LoadCosts(
        form=np.zeros(count, np.int8),
        free_time_h=time_h,
        capacity_t_d=capacity_t_d,
        alpha_factor=np.zeros(count),
        beta_factor=np.zeros(count),
        fixed_h=np.zeros((1, count)),
        value_of_time_usd_t_h=np.ones(1),
        background_t_d=np.zeros(count),
        is_capped=np.isfinite(capacity_t_d),
    )
