"""Blocks of bushes: trips grouped by segment and origin on the way in, flows of segments on the way out.

``equilibrium.py`` works on what is made here. Segments that pay the same on every arc are one group with one bush an
origin; afterwards the flow of each bush is shared among them, node by node, in proportion.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dehliz.assignment.result import OriginFlows
from dehliz.graph.graph import FloatArray, IntArray
from dehliz.graph.load_costs import LoadCosts
from dehliz.graph.trips import Trips
from dehliz.kernels.bush_data import Demand, Pool, Work
from dehliz.kernels.bush_share import share_flows
from dehliz.kernels.search import freeze, mark_runs

FEWEST_BUSHES = 12
MOST_BLOCKS = 16
"""Blocks of a group: enough to load step by step and to share among threads; always the same, so the answer is too."""


@dataclass(frozen=True, slots=True)
class Block:
    """Bushes of some origins of one group, and where its demand stands.

    Attributes
    ----------
    number : int
        Number of the block within its group.
    group : int
        Group of segments.
    demand : Demand
        Origins, destinations, volumes.
    trip : (n_destination,) int64
        Flow of the group (see ``Groups.flow``) behind each destination.
    """

    number: int
    group: int
    demand: Demand
    trip: npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Groups:
    """Segments that pay the same together, and the trips of each group added up.

    Attributes
    ----------
    group : (n_segment,) int64
        Group of each segment.
    fixed_h : (n_group, n_arc) float64
        Fixed cost of each.
    flow : (n_trip,) int64
        Flow of a group that each trip is part of, -1 for a trip from a vertex to itself.
    blocks : tuple of Block
        Bushes of all groups, group by group.
    """

    group: npt.NDArray[np.int64]
    fixed_h: FloatArray
    flow: npt.NDArray[np.int64]
    blocks: tuple[Block, ...]


def group_trips(costs: LoadCosts, trips: Trips) -> Groups:
    """Merge segments of equal fixed costs, and cut their origins into blocks."""
    group, fixed_h = _merge(costs.fixed_h)
    is_moving = trips.origin != trips.destination
    key = np.stack([group[trips.segment], trips.origin, trips.destination], axis=1)[is_moving]
    flow = np.full(trips.n_trip, -1, np.int64)
    if len(fixed_h) == len(group):
        rows, place = key, np.arange(len(key))
        volume = trips.volume_t_d[is_moving]
        order = np.lexsort(key.T[::-1])
        rows, volume, place[order] = rows[order], volume[order], np.arange(len(key))
    else:
        rows, place = np.unique(key, axis=0, return_inverse=True)
        place = place.reshape(-1)
        volume = np.bincount(place, weights=trips.volume_t_d[is_moving], minlength=len(rows))
    flow[is_moving] = place
    return Groups(group, fixed_h, flow, tuple(_cut(rows, volume)))


def _merge(fixed_h: FloatArray) -> tuple[npt.NDArray[np.int64], FloatArray]:
    """Groups in the order of their first segment."""
    seen: dict[bytes, int] = {}
    group = [seen.setdefault(np.ascontiguousarray(row + 0.0).tobytes(), len(seen)) for row in fixed_h]
    first = [group.index(number) for number in range(len(seen))]
    return np.array(group, np.int64), np.ascontiguousarray(fixed_h[first])


def _cut(rows: npt.NDArray[np.int64], volume: FloatArray) -> list[Block]:
    """Every so many-th origin of a group is in the same block, so that each block is like the whole."""
    blocks: list[Block] = []
    start = np.append(np.flatnonzero(mark_runs(rows[:, 0], rows[:, 1])), len(rows)).astype(np.int64)
    bush_group = rows[start[:-1], 0]
    for group in np.unique(bush_group).tolist():
        bush = np.flatnonzero(bush_group == group)
        step = max(1, min(MOST_BLOCKS, len(bush) // FEWEST_BUSHES))
        for number in range(step):
            mine = bush[number::step]
            count = start[mine + 1] - start[mine]
            first = np.concatenate([[0], np.cumsum(count)])
            trip = np.repeat(start[mine] - first[:-1], count) + np.arange(first[-1])
            demand = Demand(
                origin=freeze(rows[start[mine], 1], np.int32),
                first=freeze(first, np.int64),
                destination=freeze(rows[trip, 2], np.int32),
                volume=freeze(volume[trip], np.float64),
            )
            blocks.append(Block(number, group, demand, trip))
    return blocks


def drop_lost(block: Block, is_lost: npt.NDArray[np.bool_]) -> Block:
    """The block without destinations that no way leads to."""
    if not is_lost.any():
        return block
    kept = np.flatnonzero(~is_lost)
    first = np.concatenate([[0], np.cumsum(~is_lost)])[block.demand.first]
    demand = Demand(
        origin=block.demand.origin,
        first=freeze(first, np.int64),
        destination=freeze(block.demand.destination[kept], np.int32),
        volume=freeze(block.demand.volume[kept], np.float64),
    )
    return Block(block.number, block.group, demand, block.trip[kept])


def share_bushes(
    groups: Groups, blocks: list[Block], pools: list[Pool], trips: Trips, work: Work, n_arc: int
) -> tuple[FloatArray, OriginFlows]:
    """Volumes of segments on arcs, and flows of each segment and origin, from the bushes of groups.

    Parameters
    ----------
    groups : Groups
        Which segments share bushes.
    blocks, pools : list of Block, list of Pool
        Bushes, served destinations only.
    trips : Trips
        What was loaded.
    work : Work
        Clean workspace.
    n_arc : int
        Number of arcs.
    """
    volume_t_d = np.zeros((trips.n_segment, n_arc))
    most = sum(
        np.count_nonzero(groups.group == block.group) * _flow_count(pool)
        for block, pool in zip(blocks, pools, strict=True)
    )
    arcs, flows = np.empty(most, np.int32), np.empty(most)
    bushes: list[tuple[int, IntArray, npt.NDArray[np.int64]]] = []
    end = 0
    for segment in range(trips.n_segment):
        asked = _demand_of(groups, trips, segment)
        for block, pool in zip(blocks, pools, strict=True):
            if block.group != groups.group[segment]:
                continue
            flow = _flow_of(block, pool, asked, work)
            arc = pool.arc[int(pool.arc_start[0]) : int(pool.arc_start[-1])]
            volume_t_d[segment] += np.bincount(arc, weights=flow, minlength=n_arc)
            is_used = flow > 0.0
            count = np.concatenate([[0], np.cumsum(is_used)])[pool.arc_start - pool.arc_start[0]]
            arcs[end : end + count[-1]] = arc[is_used]
            flows[end : end + count[-1]] = flow[is_used]
            end += int(count[-1])
            bushes.append((segment, block.demand.origin, np.diff(count)))
    return volume_t_d, _list_flows(bushes, arcs[:end], flows[:end])


def _flow_count(pool: Pool) -> int:
    """Bush arcs of a pool that carry flow."""
    return int(np.count_nonzero(pool.flow[int(pool.arc_start[0]) : int(pool.arc_start[-1])] > 0.0))


def _demand_of(groups: Groups, trips: Trips, segment: int) -> FloatArray | None:
    """What a segment has of each flow of its group; None where it is alone in it."""
    if np.count_nonzero(groups.group == groups.group[segment]) == 1:
        return None
    asked = np.zeros(int(groups.flow.max(initial=-1)) + 1)
    mine = (trips.segment == segment) & (groups.flow >= 0)
    asked[groups.flow[mine]] = trips.volume_t_d[mine]
    return asked


def _flow_of(block: Block, pool: Pool, asked: FloatArray | None, work: Work) -> FloatArray:
    """Flow of a segment on the bush arcs of a block."""
    within = slice(int(pool.arc_start[0]), int(pool.arc_start[-1]))
    if asked is None:
        return pool.flow[within]
    flow = np.empty_like(pool.flow)
    share_flows.pick(len(flow))(pool, block.demand, freeze(asked[block.trip], np.float64), work, flow)
    return flow[within]


def _list_flows(
    bushes: list[tuple[int, IntArray, npt.NDArray[np.int64]]], arc: IntArray, volume_t_d: FloatArray
) -> OriginFlows:
    """Flows by bush, without bushes that carry nothing."""
    count = np.concatenate([np.zeros(0, np.int64), *(bush[2] for bush in bushes)])
    segment = np.concatenate(
        [np.zeros(0, np.int32), *(np.full(len(bush[1]), bush[0], np.int32) for bush in bushes)]
    )
    origin = np.concatenate([np.zeros(0, np.int32), *(bush[1] for bush in bushes)])
    kept = count > 0
    first_flow = np.concatenate([[0], np.cumsum(count[kept])]).astype(np.int64)
    return OriginFlows(segment[kept], origin[kept], first_flow, arc, volume_t_d)
